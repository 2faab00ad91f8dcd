"""Level curves of quadratics of two weights: ellipses and parallel lines in closed form."""

from collections.abc import Sequence
from math import acos, atan2, ceil, cos, hypot, inf, pi, sin, sqrt, tan
from typing import NamedTuple

import numpy as np

from app.geometry.boundaries import ARM, AROUND
from app.geometry.losses import Quadratic
from app.geometry.plane_quadratic import Plane
from app.geometry.regularizer import Arc, Edge, Piece
from app.geometry.spectra import Array

# x0, x1, y0, y1
Window = tuple[float, float, float, float]

_AROUND = np.column_stack([AROUND, np.ones(len(AROUND))])


class Ellipse(NamedTuple):
    """The points w + cos θ·p + sin θ·q with conjugate half axes p and q."""

    w1: float
    w2: float
    p1: float
    p2: float
    q1: float
    q2: float

    def around(self) -> Arc:
        """All of it: an affine image of a circle, whose cubics it keeps."""
        return self._arc(_AROUND, ARM)

    def between(self, start: float, end: float) -> Arc:
        """From one angle θ to another, at most 45° to a cubic."""
        count = max(1, ceil((end - start) / (pi / 4.0) - 1e-9))
        step = (end - start) / count
        angles = [start + step * i for i in range(count)]
        return self._arc(np.array([(cos(angle), sin(angle), 1.0) for angle in (*angles, end)]), 4.0 * tan(step / 4.0))

    def _arc(self, circle: Array, arm: float) -> Arc:
        """From the rows (cos θ, sin θ, 1) of its ends; its tangents are cos θ·q − sin θ·p."""
        w1, w2, p1, p2, q1, q2 = self
        ends = circle @ np.array(
            [[p1, p2, arm * q1, arm * q2], [q1, q2, -arm * p1, -arm * p2], [w1, w2, 0.0, 0.0]]
        )  # fmt: skip
        return Arc(ends[:, :2], ends[:, 2:])

    def within(self, window: Window) -> bool:
        """Whether all of it is in the window."""
        wide, high = hypot(self.p1, self.q1), hypot(self.p2, self.q2)
        x0, x1, y0, y1 = window
        return x0 <= self.w1 - wide and self.w1 + wide <= x1 and y0 <= self.w2 - high and self.w2 + high <= y1

    def passes(self, angle: float, window: Window) -> bool:
        """Whether its point at an angle is in the window."""
        x = self.w1 + cos(angle) * self.p1 + sin(angle) * self.q1
        y = self.w2 + cos(angle) * self.p2 + sin(angle) * self.q2
        return window[0] <= x <= window[1] and window[2] <= y <= window[3]

    def crossings(self, window: Window) -> list[float]:
        """The angles in [0, 2π), ascending, at which a coordinate takes the value of a side."""
        found = []
        for middle, a, b, sides in ((self.w1, self.p1, self.q1, window[:2]), (self.w2, self.p2, self.q2, window[2:])):
            for side in sides:
                share = (side - middle) / hypot(a, b)
                if abs(share) < 1.0:
                    found += [(atan2(b, a) + turn) % (2.0 * pi) for turn in (acos(share), -acos(share))]
        return sorted(found)


def conic(loss: Quadratic, level: float, window: Window) -> Sequence[Piece]:
    """{J = level} inside the window: an ellipse or what is left of it, or two parallel lines where H is singular.

    No arc if the level is not above the lowest value. ValueError if H is indefinite.
    """
    plane = loss.plane
    if plane.small < 0.0:
        raise ValueError("H is indefinite: its level curves are not the boundary of a convex set")
    excess = level - plane.lowest
    if excess <= 0.0 or plane.large <= 0.0:
        return []
    reach = sqrt(2.0 * excess / plane.large)
    if plane.small == 0.0:
        return [edge for side in (reach, -reach) for edge in _line(plane, side, window)]
    return _ellipse(plane, sqrt(2.0 * excess / plane.small), reach, window)


def _line(plane: Plane, side: float, window: Window) -> list[Edge]:
    """The line at the distance `side` from ŵ along the steep eigenvector, cut by the window (Liang & Barsky)."""
    x, y = plane.w1 + side * plane.cosine, plane.w2 + side * plane.sine
    low, high = -inf, inf
    for at, slope, start, end in ((x, -plane.sine, *window[:2]), (y, plane.cosine, *window[2:])):
        if abs(slope) < 1e-300:
            if not start <= at <= end:
                return []
            continue
        ends = sorted(((start - at) / slope, (end - at) / slope))
        low, high = max(low, ends[0]), min(high, ends[1])
    if low >= high:
        return []
    first, last = ((x - at * plane.sine, y + at * plane.cosine) for at in (low, high))
    return [Edge(first, last)]


def _ellipse(plane: Plane, long: float, short: float, window: Window) -> list[Arc]:
    """Between the angles at which it crosses the sides of the window."""
    axes = -long * plane.sine, long * plane.cosine, short * plane.cosine, short * plane.sine
    ellipse = Ellipse(plane.w1, plane.w2, *axes)
    if ellipse.within(window):
        return [ellipse.around()]
    cuts = ellipse.crossings(window)
    if not cuts:
        return []
    turns = zip(cuts, [*cuts[1:], cuts[0] + 2.0 * pi], strict=True)
    return [
        ellipse.between(start, end)
        for start, end in turns
        if end - start > 1e-12 and ellipse.passes(0.5 * (start + end), window)
    ]
