"""Which plane is cut through the weights of the trained network, and how much of it is looked at."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.figures.marks import Array
from app.figures.plane import Window
from app.geometry.numerals import numeral
from app.knobs import Knobs, Refused, Whole, knob
from app.labs.landscape.trained import Trained
from app.networks import (
    Architecture,
    ParameterPlane,
    PrincipalPlane,
    axes_plane,
    principal_plane,
    random_plane,
)

ROOM = 1.25  # times the extent of what has to be seen


class OfThePath(Knobs, title="principal plane of the training"):
    """The plane through the trained network that holds most of the way it took."""

    kind: Literal["principal"] = "principal"


class AtRandom(Knobs, title="random directions"):
    """Two random directions, each unit's as long as its own weights. Li et al. (2018), §4."""

    kind: Literal["random"] = "random"
    draw: Whole = knob(0, label="Seed of the directions", ge=0, le=9999, step=1, help="Draws other directions.")


class TwoWeights(Knobs, title="two weights"):
    """Only two parameters vary; all others stay where training left them."""

    kind: Literal["weights"] = "weights"
    first: Whole = knob(
        1, label="First parameter", ge=1, le=5000, soft=(1, 33), step=1,
        help="Numbered layer after layer, unit after unit: the incoming weights of a unit, then its bias.",
    )  # fmt: skip
    second: Whole = knob(
        2, label="Second parameter", ge=1, le=5000, soft=(1, 33), step=1,
        help="Numbered as the first; not the same one.",
    )  # fmt: skip


Cut = OfThePath | AtRandom | TwoWeights


@dataclass(frozen=True, eq=False)
class View:
    """A plane, what its axes are called, what of it is seen, and where the way of the training is on it.

    Attributes:
        plane: through the trained network at (0, 0).
        names: of its axes.
        window: x0, x1, y0, y1: square.
        shadow: (T, 2) the points nearest to the way.
        shares: (2,) of the way along each axis of a principal plane; None for others.
    """

    plane: ParameterPlane
    names: tuple[str, str]
    window: Window
    shadow: Array
    shares: Array | None


def viewed(found: Trained, cut: Cut, reach: float) -> View:
    """Lay a plane. Refused for parameters that do not exist."""
    shares = None
    match cut:
        case OfThePath():
            plane, names, shares = _principal(found)
        case AtRandom():
            plane, names = random_plane(found.architecture, found.last, cut.draw), ("direction 1", "direction 2")
        case TwoWeights():
            plane, names = _two(found, cut)
    shadow = plane.nearest(found.path)
    return View(plane, names, _window(cut, shadow, reach), shadow, shares)


def _principal(found: Trained) -> tuple[ParameterPlane, tuple[str, str], Array]:
    """A training that never moved has no directions of its own: then the first two parameters."""
    if not np.any(found.path - found.last):
        plane = axes_plane(found.architecture, found.last, (0, 1))
        return plane, ("parameter 1", "parameter 2"), np.zeros(2)
    made: PrincipalPlane = principal_plane(found.path)
    first, second = (f"{numeral(100 * share)} %" for share in made.shares)
    return made.plane, (f"principal direction 1 ({first})", f"principal direction 2 ({second})"), made.shares


def _two(found: Trained, cut: TwoWeights) -> tuple[ParameterPlane, tuple[str, str]]:
    count = found.architecture.parameters
    for name, value in (("first", cut.first), ("second", cut.second)):
        if value > count:
            raise Refused((f"cut.{name}", f"this network has {count} parameters: choose at most {count}"))
    if cut.first == cut.second:
        raise Refused(("cut.second", "is the first parameter again: choose another one, two span a plane"))
    chosen = (cut.first - 1, cut.second - 1)
    first, second = (called(found.architecture, place) for place in chosen)
    return axes_plane(found.architecture, found.last, chosen), (f"added to {first}", f"added to {second}")


def called(architecture: Architecture, place: int) -> str:
    """What a parameter is: its layer, its unit, and which of its weights."""
    for layer, (n_out, width) in enumerate(zip(architecture.sizes[1:], architecture.widths, strict=True), start=1):
        if place < n_out * width:
            unit, weight = divmod(place, width)
            what = "bias" if weight == architecture.sizes[layer - 1] else f"weight {weight + 1}"
            return f"{what} of unit {unit + 1}, layer {layer}"
        place -= n_out * width
    raise ValueError("no such parameter")


def _window(cut: Cut, shadow: Array, reach: float) -> Window:
    """Square; around the whole way on its own plane, else around the trained network."""
    if isinstance(cut, AtRandom):
        return (-reach, reach, -reach, reach)
    low, high = np.minimum(shadow.min(axis=0), 0.0), np.maximum(shadow.max(axis=0), 0.0)
    own = isinstance(cut, OfThePath)
    middle = 0.5 * (low + high) if own else np.zeros(2)
    least = 1e-3 if own else 1.0
    half = reach * ROOM * max(least, 0.5 * float((high - low).max()) if own else float(np.abs(shadow).max()))
    return tuple(float(one) for at in middle for one in (at - half, at + half))  # type: ignore[return-value]
