"""The normal law cut to a half-line: its mass, mean and quantiles, without overflow and with full relative precision.

All of it is about densities exp(−½au² + cu) on u ≥ 0 with a > 0: what a Gaussian likelihood leaves on one side of zero
under an exponential prior.
"""

from functools import cache
from math import pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_TERMS = 40  # of Weideman's series: 7e-16 relative over all x ≥ 0
_STEPS = 100
_FAR = 20.0  # beyond, the mean comes from a continued fraction: h(t) − t would cancel


@cache
def _weideman() -> tuple[float, tuple[float, ...]]:
    """Length scale and coefficients of his series (SIAM J. Numer. Anal. 31, 1994, table 1), highest power first."""
    count = 2 * _TERMS
    scale = sqrt(_TERMS / sqrt(2.0))
    t = scale * np.tan(np.arange(-count + 1, count) * pi / (2 * count))
    samples = np.concatenate([[0.0], np.exp(-t * t) * (scale * scale + t * t)])
    series = np.fft.fft(np.fft.fftshift(samples)).real / (2 * count)
    return scale, tuple(series[_TERMS:0:-1].tolist())


def scaled_erfc(x: ArrayLike) -> Array:
    """exp(x²)·erfc(x) for x ≥ 0 (…)."""
    scale, series = _weideman()
    far = scale + np.asarray(x, dtype=float)
    turned = (2.0 * scale - far) / far
    total = np.full_like(far, series[0])
    for term in series[1:]:
        total *= turned
        total += term
    return np.asarray((2.0 * total / far + 1.0 / sqrt(pi)) / far)


class Half(NamedTuple):
    """What a half-line holds: the logarithm of its mass, relative to exp(½·max(c, 0)²/a), and means there."""

    log_mass: Array
    mean: Array
    mean_square: Array


def half_line(a: ArrayLike, c: ArrayLike) -> Half:
    """The half-line u ≥ 0 under exp(−½au² + cu), vectorised.

    With t = −c/√a the mass is √(π/2a)·erfcx(t/√2), the mean (h(t) − t)/√a and that of u² (1 − t(h(t) − t))/a, where
    h = φ/Φ(−·) is Mills' ratio, inverted.
    """
    root = np.sqrt(np.asarray(a, dtype=float))
    t = -np.asarray(c, dtype=float) / root
    tail = scaled_erfc(np.abs(t) / sqrt(2.0))  # exp(t²/2)·2Φ(−|t|)
    falling = np.exp(-0.5 * np.minimum(t, 0.0) ** 2)
    mass = np.where(t > 0.0, tail, 2.0 - tail * falling)
    excess = sqrt(2.0 / pi) * np.where(t > 0.0, 1.0, falling) / mass - t
    far, farther = _mills_excess(np.maximum(t, _FAR))
    square = np.where(t > _FAR, far * farther, 1.0 - t * excess) / root**2
    return Half(np.log(sqrt(pi / 2.0) / root * mass), np.where(t > _FAR, far, excess) / root, square)


def _mills_excess(t: Array) -> tuple[Array, Array]:
    """h(t) − t = 1/(t + s) with s = 2/(t + 3/(t + …)), Laplace's continued fraction; and s: 1 − t(h − t) = s(h − t)."""
    below = np.zeros_like(t)
    for k in range(14, 1, -1):
        below = k / (t + below)
    return 1.0 / (t + below), below


def half_line_quantile(a: ArrayLike, c: ArrayLike, beyond: ArrayLike) -> Array:
    """The u ≥ 0 that leaves the share `beyond` (0 < · ≤ 1) of the half-line's mass above it.

    The logarithm of that share is concave in u, so that Newton's steps, wherever they begin, come down to the root from
    the right.
    """
    a, c, share = (np.array(one) for one in np.broadcast_arrays(a, c, beyond))
    whole, target = half_line(a, c), np.log(share)
    u = whole.mean
    for _ in range(_STEPS):
        ahead = np.maximum(c - a * u, 0.0)
        rest = half_line(a, c - a * u).log_mass
        inner = np.where(c > 0.0, -0.5 * a * (u - c / a) ** 2, u * (c - 0.5 * a * u))
        above = rest - whole.log_mass + np.where(ahead > 0.0, 0.0, inner)
        width = np.exp(np.minimum(rest + 0.5 * ahead * ahead / a, 700.0))  # 1/hazard
        moved = np.maximum(u + (above - target) * width, 0.0)
        done = np.abs(moved - u) <= 1e-14 * moved
        u = moved
        if done.all():
            break
    return np.asarray(u)
