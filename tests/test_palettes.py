"""Palettes: a page brings the roles that its lab draws, and fetches what it did not bring."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.figures.roles import ROLES
from app.labs import LABS
from app.web.assets import Assets
from app.web.palettes import described, palette


def drawn(figure: dict[str, Any]) -> set[str]:
    traces = {trace["meta"]["role"] for trace in figure["data"]}
    return traces | {shape["name"] for shape in figure["layout"].get("shapes", ())}


@pytest.mark.parametrize("slug", LABS)
def test_a_page_brings_the_roles_of_its_presets(client: TestClient, slug: str) -> None:
    """Else it would have to fetch all of them, and show its picture later."""
    lab = LABS[slug]
    brought = palette(lab)
    for query in [{}, *(dict(preset.knobs) for preset in lab.presets)]:
        for part in lab.parts.values():
            if part.streams:
                continue
            own = {key: value for key, value in query.items() if part.owns(key)}
            answer = client.get(f"/api/v1/labs/{slug}/{part.name}", params=own)
            if answer.status_code == 200:
                named = set().union(*(drawn(figure) for figure in answer.json()["figures"].values()))
                assert named <= brought.keys(), f"{part.name} {own}"


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
    """Only what is said of whole models is left out."""
    text = client.get("/labs/tangency").text.split('<script type="application/json" id="lab">')[1].split("</script>")[0]
    page, whole = json.loads(text)["knobs"], client.get("/api/v1/labs/tangency").json()["knobs"]
    assert page["properties"] == whole["properties"]
    assert page["$defs"].keys() == whole["$defs"].keys()
    for name, model in whole["$defs"].items():
        assert page["$defs"][name] == {
            key: model[key] for key in ("properties", "title", "type", "required") if key in model
        }
        assert "description" in model
