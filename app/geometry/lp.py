"""The Lp ball for 1 < p < ∞: its nearest points, found as pairs of a weight and its own normal.

On the unit sphere of Lp the normal at x ≥ 0 is n = x^(p−1), and n lies on the unit sphere of the dual norm Lq with
1/p + 1/q = 1. For p near 1 a tiny weight has a large normal, so x is computed from n; for large p, n from x. Every
function takes `power` = p − 1; its dual has the power 1/(p − 1).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.geometry.projections import column, divided
from app.geometry.regularizer import Array

_TINY = 1e-200
_STEPS = 100


def lp_length(w: Array, power: float) -> Array:
    """‖w‖_p with p = 1 + power, scaled by the largest component so that no power overflows."""
    largest = np.abs(w).max(axis=-1, initial=0.0)
    scaled = divided(np.abs(w), column(largest))
    return np.asarray(largest * (scaled ** (1.0 + power)).sum(axis=-1) ** (1.0 / (1.0 + power)))


def lp_normal(w: Array, power: float) -> Array:
    """∇‖w‖_p = sgn(w)(|w|/‖w‖_p)^(p−1), on the unit sphere of the dual norm; 0 where w is 0."""
    scaled = divided(np.abs(w), column(np.abs(w).max(axis=-1, initial=0.0)))
    return np.sign(w) * divided(scaled**power, column(lp_length(scaled, power) ** power))


def onto_lp_ball(v: Array, radius: ArrayLike, power: float) -> Array:
    """The point nearest to v of {‖w‖_p ≤ radius}."""
    t = column(radius)
    outside = (column(lp_length(v, power)) > t) & (t > 0.0)
    weights, _ = _nearest_pair(_safe(v, t, outside), power)
    return np.where(outside, np.sign(v) * t * weights + 0.0, np.where(t > 0.0, v, 0.0))


def lp_prox(v: Array, step: ArrayLike, power: float) -> Array:
    """The prox of step·‖w‖_p: what the dual ball's projection leaves of v (Moreau), with all digits of tiny weights.

    v = w + step·n with n the normal at w, so w has the direction n^(q−1) and, as n is normal, the p-norm ⟨w, n⟩.
    """
    s = column(step)
    outside = (column(lp_length(v, 1.0 / power)) > s) & (s > 0.0)
    normals, directions = _nearest_pair(_safe(v, s, outside), 1.0 / power)
    reach = ((np.abs(v) - s * normals) * normals).sum(axis=-1, keepdims=True)
    return np.where(outside, np.sign(v) * directions * np.maximum(reach, 0.0) + 0.0, np.where(s > 0.0, 0.0, v))


def _safe(v: Array, radius: Array, outside: NDArray[np.bool_]) -> Array:
    """|v|/radius where v is outside; a point that is outside any unit ball elsewhere, whose result nobody reads."""
    return np.where(outside, divided(np.abs(v), np.where(outside, radius, 0.0)), 2.0)


def _nearest_pair(b: Array, power: float) -> tuple[Array, Array]:
    """x ≥ 0 on the unit sphere of Lp with b = x + λx^(p−1), and x^(p−1); for b ≥ 0 outside of it, (…, d).

    The unknown is the largest component y of x: it lies in [d^(−1/p), min(1, max b)], fixes λ, and for far points
    ‖x(y)‖_p is linear in y, so that Newton's step is nearly exact; the bracket keeps it safe everywhere else.
    """
    largest = b.max(axis=-1, keepdims=True)
    low = np.full_like(largest, b.shape[-1] ** (-1.0 / (1.0 + power)))
    high = np.minimum(1.0, largest)
    y = high
    for _ in range(_STEPS):
        x, normal, reach, rise = _trial(b, largest, y, power)
        high, low = np.where(reach >= 1.0, y, high), np.where(reach <= 1.0, y, low)
        newton = y - divided(reach - 1.0, rise)
        tried = np.where((newton >= low) & (newton <= high), newton, 0.5 * (low + high))
        if np.all(np.abs(tried - y) <= 1e-14 * y):
            break
        y = tried
    return x, normal


def _trial(b: Array, largest: Array, y: Array, power: float) -> tuple[Array, Array, Array, Array]:
    """For the largest component y: x, its normal, ‖x‖_p and the derivative of that by y."""
    multiplier = np.maximum(largest - y, 0.0) / y**power
    x, normal = _components(b, multiplier, power)
    # dxᵢ/dλ = −xᵢnᵢ/(xᵢ + λ(p−1)nᵢ), from b = x + λn and dn/dx = (p−1)n/x.
    fall = divided(x * normal, x + multiplier * power * normal)
    steepness = (1.0 + multiplier * power * y ** (power - 1.0)) / y**power
    reach = (x * normal).sum(axis=-1, keepdims=True) ** (1.0 / (1.0 + power))
    rise = (normal * fall * steepness).sum(axis=-1, keepdims=True) / reach**power
    return x, normal, reach, rise


def _components(b: Array, multiplier: Array, power: float) -> tuple[Array, Array]:
    """x and x^(p−1) with x + λx^(p−1) = b, each coordinate by itself.

    Whichever of the two has the exponent r ≥ 1 is solved for in the other: linear·z + bent·z^r = b is convex and
    increasing, and Newton's method descends to its root from any point above it.
    """
    unit = np.ones_like(multiplier)
    linear, bent, r = (unit, multiplier, power) if power >= 1.0 else (multiplier, unit, 1.0 / power)
    z = np.minimum(b / np.maximum(linear, _TINY), (b / np.maximum(bent, _TINY)) ** (1.0 / r))
    for _ in range(_STEPS):
        rise = linear + r * bent * z ** (r - 1.0)
        lower = np.maximum(z - divided(linear * z + bent * z**r - b, rise), 0.0)
        if np.all(z - lower <= 1e-15 * z):
            break
        z = lower
    return (z, z**power) if power >= 1.0 else (z**r, z)
