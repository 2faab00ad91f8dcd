"""Links that hide controls: which names there are, what is refused, and that the API knows nothing of it."""

from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.knobs import Refused
from app.labs import LABS
from app.labs.tangency import TangencyKnobs
from app.web.hiding import KEY, MOST, TOOLS, hideable, taken

if TYPE_CHECKING:
    from starlette.testclient import TestClient

SOLUTION = "/api/v1/labs/tangency/solution?radius=0.4"


@pytest.mark.parametrize("slug", LABS)
def test_every_control_and_every_group_of_a_lab_has_a_name(slug: str) -> None:
    model = LABS[slug].knobs
    names = hideable(model)
    assert len(set(names)) == len(names)
    assert set(names) >= {*TOOLS, *model.model_fields}
    assert {KEY, *TOOLS}.isdisjoint(model.model_fields)
    assert taken(model, {KEY: ",".join(names)}) == ({}, names)


def test_walkers_have_groups_within_groups() -> None:
    assert {"walker_1", "walker_1.rule", "walker_1.rule.kind"} <= set(hideable(LABS["descent"].knobs))


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("", ()),
        (",, ,", ()),
        ("radius", ("radius",)),
        (" export , radius,export,", ("export", "radius")),
        ("problem,problem.kind", ("problem", "problem.kind")),
    ],
)
def test_names_are_read_once_each_without_what_is_between_them(given: str, names: tuple[str, ...]) -> None:
    assert taken(TangencyKnobs, {KEY: given, "radius": "0.4"}) == ({"radius": "0.4"}, names)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            "radus",
            "'radus' is no control here. Did you mean 'radius'? Give one or more, with commas between: 'compare'",
        ),
        (
            "problem.kidn",
            "Did you mean 'problem.kind'? Give one or more, with commas between: 'problem.kind'",
        ),
        ("Radius.x", "'Radius.x' is no control here."),
        ("b.radius", "'b.radius' is no control here. Did you mean 'radius'?"),
        ("reset", "'compare', 'export', 'presets', 'upload', 'problem', 'regularizer', 'radius'"),
        ("\x00" * 60, "'" + "�" * 40 + "…' is no control here."),
        ("radius," * MOST + "radius", f"has {MOST + 1} names; at most {MOST} are read"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_with_those_that_do(given: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        taken(TangencyKnobs, {KEY: given})
    ((knob, message),) = refused.value.errors
    assert knob == KEY
    assert words in message


def test_all_wrong_names_are_named_but_not_without_end() -> None:
    with pytest.raises(Refused) as refused:
        taken(TangencyKnobs, {KEY: "a1,radius,a2"})
    assert [message[:4] for _, message in refused.value.errors] == ["'a1'", "'a2'"]
    with pytest.raises(Refused) as refused:
        taken(TangencyKnobs, {KEY: ",".join(f"a{i}" for i in range(MOST))})
    assert len(refused.value.errors) == 20


def test_a_page_says_what_it_hides_and_has_it_before_any_script(client: "TestClient") -> None:
    shown = client.get("/labs/tangency?radius=0.4").text
    page = client.get("/labs/tangency?radius=0.4&hide=problem,export")
    assert page.status_code == 200
    assert ' data-hide="problem export"' in page.text
    assert "Show them" in page.text
    assert "data-hide" not in shown
    assert "Show them" not in shown


@pytest.mark.parametrize("query", ["hide=radus", "hide=radius&hide=radius", "b.hide=radius", "c.hide=radius"])
def test_a_page_that_cannot_hide_that_says_so_and_hides_nothing(client: "TestClient", query: str) -> None:
    page = client.get(f"/labs/tangency?{query}")
    assert page.status_code == 422
    assert "data-hide" not in page.text
    assert "hide: " in unescape(page.text)


def test_script_in_a_name_stays_text(client: "TestClient") -> None:
    page = client.get('/labs/tangency?hide=</script><script>alert(1)</script>,"onload="x')
    assert page.status_code == 422
    assert "<script>alert" not in page.text
    assert page.text.count('"onload=') == page.text.count('\\"onload=') == 1  # in the page's JSON
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("hide", ["radius", "radus", "", "<script>", "a," * 500])
def test_the_api_answers_as_if_nothing_were_hidden_from_the_same_memory(client: "TestClient", hide: str) -> None:
    answer, same = client.get(SOLUTION), client.get(SOLUTION, params={"radius": "0.4", "hide": hide})
    assert (same.status_code, same.content, same.headers["etag"]) == (200, answer.content, answer.headers["etag"])
    again = client.get(f"{SOLUTION}&hide=radius", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_scripts_sweeps_and_streams_are_asked_as_if_nothing_were_hidden(client: "TestClient") -> None:
    for path in ("tangency/python?radius=0.4", "tangency/solution?sweep=radius", "network/training/stream?steps=100"):
        asked = [client.get(f"/api/v1/labs/{path}{more}") for more in ("", "&hide=radius,export")]
        assert [one.status_code for one in asked] == [200, 200], path
        assert asked[0].text.splitlines()[-3:] == asked[1].text.splitlines()[-3:]
