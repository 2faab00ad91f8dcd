"""Palettes: a page brings the roles that its lab draws, and fetches what it did not bring."""

import json
from typing import Any

from fastapi.testclient import TestClient

from app.figures.roles import ROLES
from app.labs import LABS
from app.web.assets import Assets
from app.web.palettes import described, palette
from tests.views import answers, each_view


def drawn(figure: dict[str, Any]) -> set[str]:
    traces = {trace["meta"]["role"] for trace in figure["data"]}
    return traces | {shape["name"] for shape in figure["layout"].get("shapes", ())}


@each_view
def test_a_page_brings_the_roles_of_its_presets(slug: str, view: str) -> None:
    """Else it would have to fetch all of them, and show its picture later."""
    brought = palette(LABS[slug])
    for name, answer in answers(slug, view).items():
        named = set().union(*(drawn(dict(figure)) for figure in answer.figures.values()))
        assert named <= brought.keys(), name


def test_a_page_does_not_bring_the_roles_of_others() -> None:
    brought = palette(LABS["tangency"])
    assert {"ball", "contour", "optimum_uncertain", "shortcut"} <= brought.keys()
    assert not {"trajectory", "posterior_level", "walker_1", "feature_1", "witness"} & brought.keys()
    assert len(brought) < len(ROLES) / 3
    assert {f"walker_{i}" for i in range(1, 7)} <= palette(LABS["descent"]).keys(), "names that are put together"


def test_what_a_page_did_not_bring_is_all_in_one_file() -> None:
    file = Assets().file("roles.json")
    assert file.compressible
    assert file.type == "application/json"
    assert json.loads(file.body) == described(ROLES)
    assert set(json.loads(file.body)["ball"]) == {"label", "light", "dark"}


def test_the_schema_of_a_page_says_of_each_control_what_the_api_says(client: TestClient) -> None:
    """Only what is said of whole models is left out, and how a kind is told from others: it has its name."""
    text = client.get("/labs/tangency").text.split('<script type="application/json" id="lab">')[1].split("</script>")[0]
    page, whole = json.loads(text)["knobs"], client.get("/api/v1/labs/tangency").json()["knobs"]
    assert page["$defs"].keys() == whole["$defs"].keys()
    for mine, model in [(page, whole), *((page["$defs"][name], model) for name, model in whole["$defs"].items())]:
        assert mine["properties"] == {name: fields(one) for name, one in model["properties"].items()}
        assert mine.get("title") == model.get("title")
        assert "description" in model


def fields(one: dict[str, Any]) -> dict[str, Any]:
    return {"const": one["const"]} if "const" in one else {key: one[key] for key in one if key != "discriminator"}
