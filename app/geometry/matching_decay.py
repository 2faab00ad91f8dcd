"""Which weight decay a number of steps resembles: per direction exactly, and as a single strength as well as it goes.

Along the eigenvector of λ, τ steps of size η leave r = (1 − ηλ)^τ of the way to ŵ, and decay of strength α leaves
α/(λ + α): equal at α = λr/(1 − r), another α for every λ (Deep Learning, §7.8, eq. 7.44-7.45 for small ηλ and λ/α).
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.geometry.early_stopping import ClosedDescent
from app.geometry.losses import Quadratic
from app.geometry.spectra import Array
from app.geometry.spectral import shrunk


@dataclass(frozen=True, eq=False)
class Matched:
    """Numbers that need not exist.

    Attributes:
        values: (…, d), 0 where there is none.
        exist: (…, d).
    """

    values: Array
    exist: NDArray[np.bool_]


def matching_strengths(descent: ClosedDescent, times: ArrayLike) -> Matched:
    """The strength of decay that each direction has after τ steps from 0: αᵢ = λᵢr/(1 − r), r = (1 − ηλᵢ)^τ.

    One α serves all directions only where their λ are equal. There is none for r < 0 or r ≥ 1 (decay neither overshoots
    nor turns around), nor for τ = 0 (α = ∞). For λᵢ = 0, where neither moves, the limit 1/(ητ) is given.
    """
    tau = np.asarray(times, dtype=float)[..., None]
    values, gone = descent.loss.eigenvalues, descent.filters(times)
    flat = (values == 0.0) & (tau > 0.0)
    exist = ((gone > 0.0) & (gone <= 1.0)) | flat
    alpha = values * (1.0 - gone) / np.where(gone > 0.0, gone, 1.0)
    slow = (gone > 0.5) & (gone <= 1.0)
    size = np.abs(descent.factors)
    left = np.where(size > 0.0, np.exp(np.minimum(tau * np.log(np.where(size > 0.0, size, 1.0)), 0.0)), 0.0)
    alpha = np.where(slow, values * left / np.where(slow, gone, 1.0), alpha)  # 1 − r has lost the digits of r
    limit = 1.0 / (descent.step * np.where(tau > 0.0, tau, 1.0))
    return Matched(np.where(flat, limit, np.where(exist, alpha, 0.0)), np.asarray(exist))


def matching_times(descent: ClosedDescent, strengths: ArrayLike) -> Matched:
    """The real τ at which each direction has the filter of decay α > 0: τᵢ = ln(α/(λᵢ + α))/ln(1 − ηλᵢ).

    For λᵢ = 0 every τ does, for ηλᵢ ≥ 1 none.
    """
    alpha = np.asarray(strengths, dtype=float)[..., None]
    values = descent.loss.eigenvalues
    paces = descent.step * values
    exist = np.broadcast_to((values > 0.0) & (paces < 1.0), np.broadcast_shapes(alpha.shape, values.shape))
    safe = np.where((values > 0.0) & (paces < 1.0), paces, 0.5)
    times = np.log1p(np.maximum(values, 0.0) / alpha) / -np.log1p(-safe)
    return Matched(np.where(exist, times, 0.0), exist)


@dataclass(frozen=True, eq=False)
class Nearest:
    """The closest points of the ridge path.

    Attributes:
        strengths: α (…); infinite where the end of the path, w = 0, is closest.
        weights: w(α) (…, d).
        distances: Euclidean, (…).
    """

    strengths: Array
    weights: Array
    distances: Array


_NOUGHT = 1e-17  # of α/L: less than rounding
_LATTICE = np.concatenate([[_NOUGHT], np.logspace(-9.0, 9.0, 91)])  # of α/L
_STEPS = 100


def nearest_decay(loss: Quadratic, targets: Array) -> Nearest:
    """The single α whose decayed optimum w(α) = (H + αI)⁻¹Hŵ comes closest to each target (…, d).

    The distance may have several minima: the best of a lattice over 18 decades and both ends is refined between its
    neighbours.
    """
    targets, scale = np.asarray(targets, dtype=float), loss.smoothness or 1.0
    places, ends = targets @ loss.eigenvectors, loss.minimiser @ loss.eigenvectors
    lattice = scale * _LATTICE
    kept = np.vstack([_kept(loss.eigenvalues, lattice) * ends, np.zeros(loss.dimension)])
    best = np.square(kept - places[..., None, :]).sum(axis=-1).argmin(axis=-1)
    low, high = (np.log(lattice[np.clip(best + i, 0, len(lattice) - 1)]) for i in (-1, 1))
    strengths = np.exp(_refined(loss.eigenvalues, ends, places, low, high))
    strengths = np.where(strengths <= 2.0 * _NOUGHT * scale, 0.0, strengths)
    return _measured(loss, np.where(best == len(lattice), inf, strengths), targets)


def _refined(values: Array, ends: Array, places: Array, low: Array, high: Array) -> Array:
    """ln α between two values where the slope of the distance vanishes: Newton's method, kept inside the bracket.

    With f = λ/(λ + α), df/d ln α = −f(1 − f), and the distance falls while Σ(fe − a)·e·f²/λ > 0.
    """
    at = 0.5 * (low + high)
    curved = np.where(values > 0.0, values, 1.0)
    for _ in range(_STEPS):
        f = _kept(values, np.exp(at))
        pull = ends * f * f / curved
        slope = ((f * ends - places) * pull).sum(axis=-1)
        bend = -(pull * (1.0 - f) * (3.0 * f * ends - 2.0 * places)).sum(axis=-1)
        low, high = np.where(slope > 0.0, at, low), np.where(slope > 0.0, high, at)
        ahead = at - slope / np.where(bend < 0.0, bend, -1.0)
        inside = (bend < 0.0) & (ahead > low) & (ahead < high)
        moved = np.where(inside, ahead, 0.5 * (low + high))
        noise = 4e-16 * ((np.abs(f * ends) + np.abs(places)) * np.abs(pull)).sum(axis=-1)
        done = (np.abs(slope) <= noise) | (np.abs(moved - at) <= 1e-14 * np.maximum(1.0, np.abs(at)))
        at = np.where(done, at, moved)
        if done.all():
            break
    return np.asarray(at)


def _measured(loss: Quadratic, strengths: Array, targets: Array) -> Nearest:
    finite = np.isfinite(strengths)
    weights = np.where(finite[..., None], shrunk(loss, np.where(finite, strengths, 0.0)), 0.0)
    return Nearest(np.asarray(strengths), weights, np.linalg.norm(weights - targets, axis=-1))


def _kept(values: Array, strengths: Array) -> Array:
    """λ/(λ + α) (…, d), and 0 for λ = 0."""
    total = values + strengths[..., None]
    return np.divide(values, total, out=np.zeros_like(total), where=(values > 0.0) & (total > 0.0))


@dataclass(frozen=True, eq=False)
class FilterGap:
    """How far the filters of τ steps and of the decay α = 1/(ητ) differ at most.

    Attributes:
        differences: the largest 1 − (1 − ηλ)^τ − λ/(λ + α) over all curvatures 0 ≤ λ ≤ 1/η, (…).
        shares: λ/α where that is, (…).
    """

    differences: Array
    shares: Array


def largest_filter_gap(times: ArrayLike) -> FilterGap:
    """The rule of thumb τ = 1/(ηα) at its worst, for τ ≥ 1 (…), infinite for steps that go to 0.

    With x = λ/α the difference is 1 − (1 − x/τ)^τ − x/(1 + x), whose slope changes its sign once, in [1, τ]. As η → 0
    it is 1/(1 + x) − e^−x, at most 0.2036 at x = 2.513; at x = 1 the filters are then 1 − 1/e = 0.632 and 0.500.
    A longer step does worse: τ = 1 differs by ½ at x = 1, where η = 1/λ.
    """
    tau = np.minimum(np.asarray(times, dtype=float), 1e300)
    low, high = np.minimum(tau, 1.0), np.minimum(tau, 3.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        rising = (tau - 1.0) * _log_left(middle, tau) + 2.0 * np.log1p(middle) > 0.0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return FilterGap(-np.expm1(tau * _log_left(high, tau)) - high / (1.0 + high), np.asarray(high))


def _log_left(share: Array, tau: Array) -> Array:
    """ln(1 − x/τ), cut where x = τ and nothing is left."""
    return np.log1p(-np.minimum(share / tau, 1.0 - 2.0**-53))
