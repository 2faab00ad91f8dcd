"""Queries: one canonical spelling, and refusals that name the knob, what was given and what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knobs import Refused, flatten, variants
from app.labs import LABS
from app.labs.tangency import TangencyKnobs
from app.web.queries import LONGEST_QUERY, canonical, pairs, parse
from tests.test_knobs import Square, Toy


def refusal(query: str) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        parse(Toy, pairs(query))
    return dict(caught.value.errors)


@pytest.mark.parametrize(
    ("query", "knob", "words"),
    [
        ("radius=3", "radius", "'3' is not allowed; give a number from 0 to 2"),
        ("radius=１", "radius", "'１' is not a number; give a number from 0 to 2"),
        ("radius=nan", "radius", "'nan' is not a number; give a number from 0 to 2"),
        ("radius=", "radius", "'' is not a number; give a number from 0 to 2"),
        ("radius=1e999", "radius", "give a number from 0 to 2"),
        ("radius.x=1", "radius", "give a number from 0 to 2"),
        ("radius=1&strength=1", "radius", "'radius' and 'strength' say the same thing: give one of them, not both"),
        ("radus=1", "radus", "Did you mean 'radius'?"),
        ("radius=1&radius=1", "radius", "is given more than once"),
        ("lit=yes", "lit", "'yes' is neither true nor false; give true or false"),
        ("shape.kind=star", "shape.kind", "'star' is not one of its kinds; give one of 'round', 'square'"),
        ("shape=round", "shape", "'round' is not allowed; give one of 'round', 'square'"),
        ("shape=round&shape.bend=1", "shape.bend", "both as a value and as a group"),
        ("shape.sides=4", "shape.sides", "belongs to shape.kind=square"),
        (
            "shape.kind=square&shape.sides=4.5",
            "shape.sides",
            "'4.5' is not a whole number; give a whole number from 3 to 9",
        ),
        ("name=" + "x" * 65, "name", "at most 64 printable characters"),
        ("name=a%00b", "name", "cannot be printed"),
        ("%ff=1", "", "not UTF-8"),
        ("a" * (LONGEST_QUERY + 1), "", "characters"),
        ("&".join(f"k{i}=1" for i in range(100)), "", "more than 96 keys"),
    ],
)
def test_a_refusal_names_the_knob_and_what_is_allowed(query: str, knob: str, words: str) -> None:
    found = refusal(query)
    assert knob in found
    assert words in found[knob]


def test_all_mistakes_are_named_at_once() -> None:
    assert set(refusal("radius=9&lit=maybe&shape.bend=7")) == {"radius", "lit", "shape.bend"}


def test_what_was_given_is_repeated_short_and_printable() -> None:
    message = refusal("radius=" + "9" * 3000)["radius"]
    assert len(message) < 120


def test_one_knob_of_a_union_keeps_the_default_kind() -> None:
    assert parse(Toy, pairs("shape.bend=1.5")).shape == Toy().shape.changed(bend=1.5)


def test_canonical_is_sorted_complete_and_the_same_for_every_spelling() -> None:
    spellings = [
        "strength=.25&shape.kind=square",
        "shape.kind=square&strength=0.250&shape.sides=4",
        "strength=25e-2&lit=false&shape.kind=square",
    ]
    found = {canonical(parse(Toy, pairs(one))) for one in spellings}
    assert found == {"lit=false&shape.kind=square&shape.sides=4&strength=0.25"}
    assert canonical(Toy(strength=0.25), ["strength"]) == "strength=0.25"


texts = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=20)


@given(st.floats(0, 1e6), st.integers(3, 9), st.booleans(), texts)
def test_knobs_survive_their_own_query(strength: float, sides: int, lit: bool, name: str) -> None:
    knobs = Toy(strength=strength, shape=Square(sides=sides), lit=lit, name=name)
    assert flatten(parse(Toy, pairs(canonical(knobs)))) == flatten(knobs)


@given(st.text(max_size=200))
def test_no_query_does_anything_but_parse_or_be_refused(query: str) -> None:
    errors = (("", "parsed"),)
    try:
        parse(Toy, pairs(query))
    except Refused as error:
        errors = error.errors
    assert errors
    assert all(isinstance(message, str) and message for _, message in errors)


def test_a_kind_that_is_given_as_a_group_of_knobs_is_refused() -> None:
    with pytest.raises(Refused):
        parse(TangencyKnobs, {"problem.kind.x": "1"})


LINKED = [(slug, name, other) for slug, lab in LABS.items() for name, other in lab.knobs.linked().items()]


@pytest.mark.parametrize(("slug", "name", "other"), LINKED)
def test_a_linked_pair_that_is_given_whole_is_refused_by_name(slug: str, name: str, other: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(LABS[slug].knobs, {name: "0.5", other: "0.5"})
    ((knob, message),) = caught.value.errors
    assert knob in {name, other}
    assert f"'{name}'" in message
    assert f"'{other}'" in message


KINDS = [
    (slug, name, [kind for kind in variants(field) if kind])
    for slug, lab in LABS.items()
    for name, field in lab.knobs.model_fields.items()
    if set(variants(field)) - {""}
]


@pytest.mark.parametrize(("slug", "name", "kinds"), KINDS, ids=[f"{slug}-{name}" for slug, name, _ in KINDS])
@pytest.mark.parametrize("given", ["nothing_of_the_kind", ""])
def test_a_kind_that_does_not_exist_is_answered_with_those_that_do(
    slug: str, name: str, kinds: list[str], given: str
) -> None:
    with pytest.raises(Refused) as caught:
        parse(LABS[slug].knobs, {f"{name}.kind": given})
    ((knob, message),) = caught.value.errors
    assert knob == f"{name}.kind"
    assert f"'{given}' is not one of its kinds; give one of " in message
    assert all(f"'{kind}'" in message for kind in kinds)
