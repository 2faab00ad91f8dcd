"""What is drawn in a plane of two weights, whichever lab draws it: balls, cones, level sets, arrows, handles."""

from collections.abc import Sequence
from math import hypot
from typing import Any

from app.figures.marks import Array, Mark, curve
from app.figures.paths import arrow, joined, polyline
from app.geometry import Loss, Piece, Surrogate, level_curve

Window = tuple[float, float, float, float]
Point = tuple[float, float]

LINES = 26  # contour lines in a window
SHARE = 0.75  # of the range of J that they cover


def pair(w: Array) -> Point:
    """A weight vector as two numbers."""
    first, second = w.tolist()
    return first, second


def levels(values: Array) -> tuple[float, float, float]:
    """First, last and spacing of the contour lines: even in J, from just above its lowest up to `SHARE` of its range.

    Beyond, the corners would hold only crowded lines.
    """
    low, high = float(values.min()), float(values.max())
    size = SHARE * (high - low) / LINES or 1.0
    return low + size / 2, low + (LINES + 0.5) * size, size


def ball(boundary: Sequence[Piece]) -> Mark:
    """The ball inside this boundary."""
    return curve("ball", joined(boundary, closed=True))


def level_set(loss: Loss, level: float, centre: Array, window: Window, stand_in: Surrogate | None = None) -> list[Mark]:
    """The contour of J at a level, cut where it leaves the window; nothing where it is a point."""
    pieces = level_curve(loss, level, centre, window, stand_in)
    path = joined(pieces)
    return [curve("level_set", path)] if path else []


def normal_cone(w: Array, normals: Array, reach: float) -> list[Mark]:
    """The normal cone at w: a ray where the ball is smooth, a wedge at a corner (its arc drawn as two chords)."""
    if len(normals) == 0:
        return []
    (x, y), directions = pair(w), normals.tolist()
    if len(directions) == 2:
        (a, b), (c, d) = directions
        length = hypot(a + c, b + d)
        directions.insert(1, ((a + c) / length, (b + d) / length) if length else (-b, a))
    corners = [(x, y), *((x + reach * across, y + reach * along) for across, along in directions)]
    return [curve("normal_cone", polyline(corners, closed=len(corners) > 2))]


def pull(w: Array, direction: Array, reach: float, role: str = "gradient") -> list[Mark]:
    """An arrow from w along a direction, of a fixed length: its size would say little, its direction says it all."""
    (x, y), (dx, dy) = pair(w), pair(direction)
    length = hypot(dx, dy)
    if length == 0:
        return []
    head = (x + reach * dx / length, y + reach * dy / length)
    return [curve(role, arrow((x, y), head, reach / 6))]


def point_handle(role: str, label: str, at: Array, knobs: tuple[str, str]) -> dict[str, Any]:
    """A handle whose position is two knobs."""
    return {"kind": "point", "role": role, "label": label, "at": pair(at), "knobs": dict(zip("xy", knobs, strict=True))}


def ray_handle(role: str, label: str, at: Array, knob: str, unit: Array) -> dict[str, Any]:
    """A handle on a ray from 0: its knob is 1 at ``unit``."""
    return {"kind": "ray", "role": role, "label": label, "at": pair(at), "knob": knob, "unit": pair(unit)}


def axis_handle(label: str, origin: Array, axis: Array, reach: float, knobs: dict[str, str], offset: float) -> Mark:
    """A handle at the end of a Hessian's axis: its angle is one knob, its length another: (reach/length)²."""
    place = {"at": pair(origin + axis), "origin": pair(origin), "reach": reach, "offset": offset}
    return {"kind": "axis", "role": "hessian_axis", "label": label, **place, "knobs": knobs}
