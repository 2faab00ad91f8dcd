"""Level curves of quadratics of two weights: ellipses and parallel lines in closed form."""

from math import acos, atan2, ceil, cos, hypot, pi, sin, sqrt, tan

import numpy as np

from app.geometry.losses import Plane, Quadratic
from app.geometry.regularizer import Arc
from app.geometry.spectra import Array

# x0, x1, y0, y1
Window = tuple[float, float, float, float]

# Eight cubics around a circle, with the arms 4/3·tan(Δ/4): 4e-6 of the radius, and of any affine image.
_AROUND = np.arange(9) * (pi / 4.0)
_CIRCLE = np.stack([np.cos(_AROUND), np.sin(_AROUND)], axis=-1)
_CIRCLE[8] = _CIRCLE[0]
_ARMS = 4.0 * tan(pi / 16.0) * np.stack([-_CIRCLE[:, 1], _CIRCLE[:, 0]], axis=-1)


def conic(loss: Quadratic, level: float, window: Window) -> list[Arc]:
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
        return [arc for side in (reach, -reach) for arc in _line(plane, side, window)]
    return _ellipse(plane, sqrt(2.0 * excess / plane.small), reach, window)


def _line(plane: Plane, side: float, window: Window) -> list[Arc]:
    """The line at the distance `side` from ŵ along the steep eigenvector, cut by the window (Liang & Barsky)."""
    x, y = plane.w1 + side * plane.cosine, plane.w2 + side * plane.sine
    low, high = -np.inf, np.inf
    for at, slope, start, end in ((x, -plane.sine, *window[:2]), (y, plane.cosine, *window[2:])):
        if abs(slope) < 1e-300:
            if not start <= at <= end:
                return []
            continue
        ends = sorted(((start - at) / slope, (end - at) / slope))
        low, high = max(low, ends[0]), min(high, ends[1])
    if low >= high:
        return []
    along = np.array([[-plane.sine, plane.cosine]])
    points = np.array([[x, y]]) + np.array([[low], [high]]) * along
    return [Arc(points, np.repeat(points[1:] - points[:1], 2, axis=0))]


def _ellipse(plane: Plane, long: float, short: float, window: Window) -> list[Arc]:
    """ŵ + long·cos θ·q₁ + short·sin θ·q₂ between the angles θ where it crosses the sides of the window."""
    axes = np.array([[-long * plane.sine, long * plane.cosine], [short * plane.cosine, short * plane.sine]])
    middle = np.array([plane.w1, plane.w2])
    wide, high = hypot(long * plane.sine, short * plane.cosine), hypot(long * plane.cosine, short * plane.sine)
    x0, x1, y0, y1 = window
    if x0 <= plane.w1 - wide and plane.w1 + wide <= x1 and y0 <= plane.w2 - high and plane.w2 + high <= y1:
        return [Arc(middle + _CIRCLE @ axes, _ARMS @ axes)]
    cuts = _crossings(axes, middle, window)
    if not cuts:
        return []
    pairs = zip(cuts, [*cuts[1:], cuts[0] + 2.0 * pi], strict=True)
    return [
        _elliptic_arc(middle, axes, start, end)
        for start, end in pairs
        if end - start > 1e-12 and _within(middle, axes, 0.5 * (start + end), window)
    ]


def _crossings(axes: Array, middle: Array, window: Window) -> list[float]:
    """The angles in [0, 2π), ascending, at which a coordinate takes the value of a side."""
    found = []
    for coordinate, side in ((0, window[0]), (0, window[1]), (1, window[2]), (1, window[3])):
        a, b = axes[:, coordinate].tolist()
        share = (side - float(middle[coordinate])) / hypot(a, b)
        if abs(share) < 1.0:
            found += [(atan2(b, a) + turn) % (2.0 * pi) for turn in (acos(share), -acos(share))]
    return sorted(found)


def _within(middle: Array, axes: Array, angle: float, window: Window) -> bool:
    x, y = (middle + cos(angle) * axes[0] + sin(angle) * axes[1]).tolist()
    return bool(window[0] <= x <= window[1] and window[2] <= y <= window[3])


def _elliptic_arc(middle: Array, axes: Array, start: float, end: float) -> Arc:
    """At most 45° to a cubic."""
    count = max(1, ceil((end - start) / (pi / 4.0) - 1e-9))
    angles = np.linspace(start, end, count + 1)
    points = middle + np.stack([np.cos(angles), np.sin(angles)], axis=-1) @ axes
    step = 4.0 * tan((end - start) / count / 4.0)
    return Arc(points, step * (np.stack([-np.sin(angles), np.cos(angles)], axis=-1) @ axes))
