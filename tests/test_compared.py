"""Several settings in one URL: what a prefixed key turns, what it replaces, how it is refused."""

import pytest

from app.knobs import Refused
from app.labs.tangency import TangencyKnobs
from app.web.compared import checked, overlaid, split
from app.web.queries import parse


def test_keys_without_a_letter_are_the_first_setting() -> None:
    first, others = split({"radius": "0.4", "b.radius": "0.7", "d.problem.angle": "30", "bx": "1"})
    assert first == {"radius": "0.4", "bx": "1"}
    assert others == {"b": {"radius": "0.7"}, "d": {"problem.angle": "30"}}


def test_a_turned_knob_takes_the_place_of_its_partner() -> None:
    turned = overlaid(TangencyKnobs, {"strength": "0.5", "shortcut": "snap"}, {"radius": "0.7"})
    assert turned == {"shortcut": "snap", "radius": "0.7"}
    assert parse(TangencyKnobs, turned).strength is None


def test_another_kind_drops_the_knobs_of_the_old_one() -> None:
    first = {"problem.kind": "regression", "problem.dataset": "wine", "radius": "0.4"}
    assert overlaid(TangencyKnobs, first, {"problem.kind": "bowl"}) == {"radius": "0.4", "problem.kind": "bowl"}
    same = overlaid(TangencyKnobs, first, {"problem.kind": "regression", "problem.first": "ash"})
    assert same["problem.dataset"] == "wine"


def test_what_a_setting_may_not_turn_is_refused_under_its_letter() -> None:
    with pytest.raises(Refused) as refused:
        checked(TangencyKnobs, {"radius": "0.4"}, {"b": {"radius": "0.7"}, "c": {"radius": "11"}, "d": {"": "1"}})
    assert [key.split(".")[0] for key, _ in refused.value.errors] == ["c", "d"]
    assert refused.value.errors[0][0] == "c.radius"


@pytest.mark.parametrize("query", ["b.radius=11", "b.unknown=1", "c.radius=0.1&c.strength=0.1", "b.=1", "b=1"])
def test_a_page_of_settings_that_cannot_be_says_so(client, query: str) -> None:  # type: ignore[no-untyped-def]
    assert client.get(f"/labs/tangency?{query}").status_code == 422


def test_a_page_of_several_settings_is_the_first_one_with_the_others_to_be_asked_for(client) -> None:  # type: ignore[no-untyped-def]
    alone = client.get("/labs/tangency?radius=0.4")
    both = client.get("/labs/tangency?radius=0.4&b.radius=0.7&c.problem.kind=bowl&c.problem.angle=30")
    assert (alone.status_code, both.status_code) == (200, 200)
    assert both.text == alone.text
