"""Knobs: one declaration, from which validation, schema, slider positions and messages follow."""

import math
from typing import Literal, get_args

import pytest
from pydantic import ValidationError

from app.knobs import Knobs, Real, Switch, Text, Whole, control, declared, flatten, knob, positions, schema
from app.labs import LABS
from app.web.queries import parse, text

ALL_LABS = list(LABS.values())


class Round(Knobs, title="Round"):
    kind: Literal["round"] = "round"
    bend: Real = knob(1.0, label="Bend", help="How round.", ge=0, le=2)


class Square(Knobs, title="Square"):
    kind: Literal["square"] = "square"
    sides: Whole = knob(4, label="Sides", help="How many.", ge=3, le=9)


class Toy(Knobs):
    shape: Round | Square = knob(Round(), label="Shape", help="Which.", discriminator="kind")
    radius: Real | None = knob(
        0.5, label="Radius", help="How far.", ge=0, le=2, soft=(0, 1), step=0.25, linked="strength"
    )
    strength: Real | None = knob(
        None, label="Strength", help="How hard.", ge=0, le=1e6, soft=(0.01, 1), step=0.5, scale="log", linked="radius"
    )
    lit: Switch = knob(False, label="Lit", help="Whether.")
    name: Text | None = knob(None, label="Name", help="Who.")


@pytest.mark.parametrize(
    "given", ["nan", "inf", "-inf", "1e999", "１", "1_0", " 1", "0x1", "1e", "", "--1", "1,5", "١"]
)
def test_only_plain_ascii_numbers_are_numbers(given: str) -> None:
    with pytest.raises(ValidationError):
        Toy.model_validate({"radius": given})


@pytest.mark.parametrize(
    ("given", "value"), [("1", 1.0), (".5", 0.5), ("1.", 1.0), ("5e-1", 0.5), ("+1", 1.0), ("1E0", 1.0)]
)
def test_every_way_to_write_a_number_is_read(given: str, value: float) -> None:
    assert Toy.model_validate({"radius": given}).radius == value


@pytest.mark.parametrize("value", [math.nan, math.inf, True])
def test_what_is_not_a_finite_number_is_refused_from_python_too(value: float) -> None:
    with pytest.raises(ValidationError):
        Toy.model_validate({"radius": value})


def test_of_a_linked_pair_exactly_one_is_given() -> None:
    assert (Toy().radius, Toy().strength) == (0.5, None)
    assert (Toy(strength=0.25).radius, Toy(strength=0.25).strength) == (None, 0.25)
    with pytest.raises(ValidationError, match="say the same thing"):
        Toy(radius=0.1, strength=0.1)
    turned = Toy(radius=0.1).changed(strength=0.2, radius=None)
    assert (turned.radius, turned.strength) == (None, 0.2)


def test_flatten_writes_every_knob_once_with_its_default() -> None:
    assert flatten(Toy(shape=Square(sides=5))) == {
        "shape.kind": "square", "shape.sides": 5, "radius": 0.5, "strength": None, "lit": False, "name": None,
    }  # fmt: skip


def test_declared_lists_the_knobs_of_all_variants() -> None:
    assert [(key, kind) for key, kind, _ in declared(Toy)] == [
        ("shape.kind", "round"), ("shape.bend", "round"), ("shape.kind", "square"), ("shape.sides", "square"),
        ("radius", ""), ("strength", ""), ("lit", ""), ("name", ""),
    ]  # fmt: skip


def test_schema_keeps_the_bounds_of_an_optional_number() -> None:
    field = schema(Toy)["properties"]["radius"]
    assert field["anyOf"] == [{"maximum": 2, "minimum": 0, "type": "number"}, {"type": "null"}]


def test_positions_run_from_end_to_end_and_a_log_scale_starts_at_zero() -> None:
    assert positions(Toy, "radius") == [0, 0.25, 0.5, 0.75, 1]
    assert positions(Toy, "strength") == pytest.approx([0, 0.01, 0.01 * 10**0.5, 0.1, 0.1 * 10**0.5, 1], rel=1e-5)


@pytest.mark.parametrize("lab", ALL_LABS, ids=lambda lab: lab.slug)
def test_every_knob_of_every_lab_says_what_it_is(lab) -> None:
    for key, _, field in declared(lab.knobs):
        if key.endswith(".kind"):
            continue
        assert field.title, f"{key} has no label"
        assert field.description, f"{key} has no help"
        assert field.description.rstrip().endswith("."), f"the help of {key} is not a sentence"
        inner = [one for kind in get_args(field.annotation) for one in get_args(kind)[:1]]  # of an optional number
        if {float, int} & set(filter(lambda one: isinstance(one, type), [field.annotation, *inner])):
            bounds = {name for one in field.metadata for name in ("ge", "le") if getattr(one, name, None) is not None}
            assert bounds == {"ge", "le"}, f"{key} is not bounded"
            assert control(field).get("step"), f"{key} has no step"


@pytest.mark.parametrize("lab", ALL_LABS, ids=lambda lab: lab.slug)
def test_to_turn_one_knob_of_a_union_turns_no_other(lab) -> None:
    """A URL that names one knob leaves the others where the lab's own default of that union has them."""
    plain = flatten(lab.knobs())
    for key, value in plain.items():
        if value is None or key.endswith(".kind"):
            continue
        assert flatten(parse(lab.knobs, {key: text(value)})) == plain, key


@pytest.mark.parametrize("lab", ALL_LABS, ids=lambda lab: lab.slug)
def test_every_part_takes_knobs_of_its_lab(lab) -> None:
    for part in lab.parts.values():
        assert set(part.knobs) <= set(lab.knobs.model_fields)
        assert set(part.sweeps) <= set(part.knobs)
