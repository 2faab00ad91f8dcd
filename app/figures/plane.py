"""What is drawn in a plane of two weights, whichever lab draws it: balls, cones, level sets, arrows, handles."""

from typing import Any

import numpy as np

from app.figures.marks import Array, Mark, curve
from app.figures.paths import arrow, joined, polyline
from app.geometry import Convex, Loss, NonConvex, Surrogate, level_curve

Window = tuple[float, float, float, float]
Point = tuple[float, float]

LINES = 22  # contour lines over the range of a window


def pair(w: Array) -> Point:
    """A weight vector as two numbers."""
    return float(w[0]), float(w[1])


def levels(values: Array) -> tuple[float, float, float]:
    """First, last and spacing of the contour lines: even in J, from just above its lowest to the window's upper part.

    The last line is at the 85th percentile of the window: beyond, the corners hold only crowded lines.
    """
    low, high = float(values.min()), float(np.quantile(values, 0.85))
    size = (high - low) / LINES or 1.0
    return low + size / 2, high + size / 2, size


def ball(regularizer: Convex | NonConvex, radius: float) -> Mark:
    """The ball of that radius."""
    return curve("ball", joined(regularizer.boundary(radius), closed=True))


def level_set(loss: Loss, level: float, centre: Array, window: Window, stand_in: Surrogate | None = None) -> list[Mark]:
    """The contour of J at a level, cut where it leaves the window; nothing where it is a point."""
    pieces = level_curve(loss, level, centre, window, stand_in)
    path = joined(pieces)
    return [curve("level_set", path)] if path else []


def normal_cone(w: Array, normals: Array, reach: float) -> list[Mark]:
    """The normal cone at w: a ray where the ball is smooth, a wedge at a corner (its arc drawn as two chords)."""
    if len(normals) == 0:
        return []
    rays = w + reach * normals
    if len(normals) == 1:
        return [curve("normal_cone", polyline([pair(w), pair(rays[0])]))]
    bisector = normals.sum(axis=0)
    length = float(np.hypot(*bisector))
    middle = w + reach * (bisector / length if length else np.array([-normals[0, 1], normals[0, 0]]))
    return [curve("normal_cone", polyline([pair(w), pair(rays[0]), pair(middle), pair(rays[1])], closed=True))]


def pull(w: Array, direction: Array, reach: float) -> list[Mark]:
    """An arrow from w along a direction, of a fixed length: its size would say little, its direction says it all."""
    length = float(np.hypot(*direction))
    if length == 0:
        return []
    head = w + reach * direction / length
    return [curve("gradient", arrow(pair(w), pair(head), reach / 6))]


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
