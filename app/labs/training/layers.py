"""How many hidden layers a network has, and how many units each of them."""

from typing import Any, Literal

from app.knobs import Knobs, Whole, knob

MOST_UNITS = 64


def _units(place: int, default: int = 8) -> Any:
    return knob(
        default, label=f"Units of layer {place}", ge=1, le=MOST_UNITS, soft=(1, 16), step=1,
        help="How many units this hidden layer has; up to 64 by the box or the API.",
    )  # fmt: skip


class Nothing(Knobs, title="none"):
    """Inputs and outputs only: a linear model."""

    kind: Literal["0"] = "0"


class One(Knobs, title="1"):
    """One hidden layer."""

    kind: Literal["1"] = "1"
    units_1: Whole = _units(1)


class Two(Knobs, title="2"):
    """Two hidden layers."""

    kind: Literal["2"] = "2"
    units_1: Whole = _units(1)
    units_2: Whole = _units(2)


class Three(Knobs, title="3"):
    """Three hidden layers."""

    kind: Literal["3"] = "3"
    units_1: Whole = _units(1)
    units_2: Whole = _units(2)
    units_3: Whole = _units(3)


class Four(Knobs, title="4"):
    """Four hidden layers."""

    kind: Literal["4"] = "4"
    units_1: Whole = _units(1)
    units_2: Whole = _units(2)
    units_3: Whole = _units(3)
    units_4: Whole = _units(4)


class Five(Knobs, title="5"):
    """Five hidden layers."""

    kind: Literal["5"] = "5"
    units_1: Whole = _units(1)
    units_2: Whole = _units(2)
    units_3: Whole = _units(3)
    units_4: Whole = _units(4)
    units_5: Whole = _units(5)


class Six(Knobs, title="6"):
    """Six hidden layers."""

    kind: Literal["6"] = "6"
    units_1: Whole = _units(1)
    units_2: Whole = _units(2)
    units_3: Whole = _units(3)
    units_4: Whole = _units(4)
    units_5: Whole = _units(5)
    units_6: Whole = _units(6)


Hidden = Nothing | One | Two | Three | Four | Five | Six


def units(hidden: Hidden) -> tuple[int, ...]:
    """The units of each hidden layer."""
    named = (value for name, value in vars(hidden).items() if name.startswith("units_"))
    return tuple(int(value) for value in named)
