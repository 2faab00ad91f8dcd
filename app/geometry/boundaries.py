"""Spheres of two weights as chains of cubics, and the rays of their normal cones."""

from math import atan2, cos, hypot, pi, sqrt, tan

import numpy as np

from app.geometry.regularizer import Arc, Array, Edge

# Cubics between an axis and the diagonal of an Lp ball: within 7e-4 of the radius for every p from 1.05 to 20.
_CUBICS = 4


def unit_rays(*directions: tuple[float, float]) -> Array:
    """The given directions scaled to length 1, one in each row; no row for none."""
    lengths = [hypot(x, y) for x, y in directions]
    rows = [(x / length, y / length) for (x, y), length in zip(directions, lengths, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def polygon(*corners: tuple[float, float]) -> list[Edge]:
    """Straight edges between the corners, the last back to the first."""
    return [Edge(start, end) for start, end in zip(corners, (*corners[1:], corners[0]), strict=True)]


# Eight cubics whose arms are 4/3·tan(Δ/4): within 4e-6 of the radius. One row (cos θ, sin θ) at each end.
AROUND = np.stack([np.cos(np.arange(9) % 8 * (pi / 4)), np.sin(np.arange(9) % 8 * (pi / 4))], axis=-1)
ARM = 4.0 * tan(pi / 16)
_ARMS = ARM * np.stack([-AROUND[:, 1], AROUND[:, 0]], axis=-1)


def circle(radius: float) -> Arc:
    """A circle around 0."""
    return Arc(radius * AROUND, radius * _ARMS)


def four_quarters(points: Array, tangents: Array) -> list[Arc]:
    """The arc of the first quadrant, from one axis to the other, turned by 90° three times."""
    turns = [np.array([[c, s], [-s, c]], dtype=np.float64) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    # Adding 0 turns the −0 of a rotation into +0.
    return [Arc(points @ turn + 0.0, tangents @ turn + 0.0) for turn in turns]


def joined(arcs: list[Arc]) -> Arc:
    """Arcs that meet smoothly as one."""
    points = np.concatenate([arcs[0].points, *(arc.points[1:] for arc in arcs[1:])])
    return Arc(points, np.concatenate([arcs[0].tangents, *(arc.tangents[1:] for arc in arcs[1:])]))


def elastic_quarter(slant: float, bend: float, level: float) -> tuple[Array, Array]:
    """ρ(x + y) + ½c(x² + y²) = k in the first quadrant, with slant ρ, bend c, level k: an arc of a circle.

    Two cubics between the axes and the diagonal. An arc over the angle Δ and the chord L has Hermite tangents of the
    length L/cos²(Δ/4), which needs neither the centre nor the radius: both go to infinity as c goes to 0.
    """
    axis = 2.0 * level / (slant + sqrt(slant * slant + 2.0 * bend * level)) if level > 0.0 else 0.0
    middle = level / (slant + sqrt(slant * slant + bend * level)) if level > 0.0 else 0.0
    points = np.array([[axis, 0.0], [middle, middle], [0.0, axis]])
    rise = np.array([-slant, slant + bend * axis])
    directions = np.stack([rise / np.hypot(*rise), np.array([-1.0, 1.0]) / sqrt(2.0), -rise[::-1] / np.hypot(*rise)])
    turn = atan2(bend * axis, 2.0 * slant + bend * axis)
    chord = float(np.hypot(axis - middle, middle))
    return points, directions * (chord / cos(turn / 4.0) ** 2)


def lp_circle(power: float, radius: float) -> Arc:
    """The sphere of Lp, p = 1 + power > 1, as one smooth arc of 32 cubics.

    The nodes are placed by the ratio τ = y/x = ((1 − f)/(1 + f))^m with f odd in the index that runs from the
    diagonal (0) to the axis (1): dense at the axis for p near 1 (m > 1) and at the diagonal for large p (small f′(0)),
    where the curvature is.
    """
    m = min(max(1.0 / power, 1.0), 2.6)
    s = min(1.0, 4.0 / (1.0 + power))
    u = np.linspace(1.0, 0.0, _CUBICS + 1)
    f, rate = s * u + (1.0 - s) * u**3, -(s + 3.0 * (1.0 - s) * u**2) / _CUBICS
    root = (1.0 - f) / (1.0 + f)
    ratio, ratio_rate = root**m, -2.0 * m * root ** (m - 1.0) / (1.0 + f) ** 2 * rate
    normal = ratio**power
    x = (1.0 + ratio * normal) ** (-1.0 / (1.0 + power))
    # dx/dτ = −nD and dy/dτ = D with n = τ^(p−1) and D = (1 + τ^p)^(−1/p − 1).
    pace = x / (1.0 + ratio * normal) * ratio_rate
    # At the axis τ goes like i^m: there the tangent that gives the first cubic the right area.
    pace[0] = ratio[1] * max(0.0, m + 12.0 / (m + 1.0) - 6.0) if m > 1.0 else pace[0]
    points, tangents = np.stack([x, ratio * x], axis=-1), np.stack([-normal * pace, pace], axis=-1)
    mirrored = Arc(points[::-1, ::-1], -tangents[::-1, ::-1])
    quarter = joined([Arc(points, tangents), mirrored])
    return joined(four_quarters(radius * quarter.points, radius * quarter.tangents))
