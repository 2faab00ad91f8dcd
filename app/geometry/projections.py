"""Nearest points and distances that several regularizers share: pure functions, exact by sorting.

Vectors lie along the last axis; everything else broadcasts over the leading ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.regularizer import Array

Groups = Sequence[Sequence[int]]


def column(number: ArrayLike) -> Array:
    """A number for each vector (…), as a column (…, 1) that broadcasts against the vectors."""
    return np.asarray(number, dtype=np.float64)[..., None]


def length(w: Array) -> Array:
    """‖w‖₂ without overflow or underflow of the squares."""
    return np.asarray(np.hypot.reduce(w, axis=-1))


def divided(numerator: Array, denominator: Array) -> Array:
    """The quotient, and 0 where the denominator is 0."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    return np.divide(numerator, denominator, out=np.zeros(shape), where=np.asarray(denominator) != 0.0)


def soft_threshold(v: Array, threshold: ArrayLike) -> Array:
    """S(v, θ) = sgn(v)·max(|v| − θ, 0), written so that what is cut becomes +0."""
    return np.asarray(v - np.clip(v, -np.asarray(threshold), threshold))


def simplex_threshold(x: Array, total: ArrayLike) -> Array:
    """The θ with Σ max(xᵢ − θ, 0) = total, shape (…).

    Every subset of coordinates gives a line below that convex sum, so θ is the largest of their roots, and the
    k largest coordinates are the only subsets that matter (Held, Wolfe & Crowder 1974; Duchi et al. 2008, fig. 1).
    A coordinate −∞ takes no part.
    """
    falling = -np.sort(-x, axis=-1)
    counts = np.arange(1, x.shape[-1] + 1)
    return np.asarray(((np.cumsum(falling, axis=-1) - column(total)) / counts).max(axis=-1))


def onto_simplex(x: Array, total: ArrayLike) -> Array:
    """The point nearest to x of {w ≥ 0, Σw = total}."""
    return np.maximum(x - column(simplex_threshold(x, total)), 0.0)


def weighted_threshold(v: Array, radius: ArrayLike, weights: Array) -> Array:
    """The multiplier μ ≥ 0 with Σcᵢ·max(|vᵢ| − μcᵢ, 0) = radius, for v outside the ball; shape (…).

    As in `simplex_threshold`, the subsets that matter are those of the largest |vᵢ|/cᵢ; a weight of 0 takes no part.
    """
    c = np.broadcast_to(weights, v.shape)
    order = np.argsort(-divided(np.abs(v), c), axis=-1)
    c, magnitudes = np.take_along_axis(c, order, -1), np.take_along_axis(np.abs(v), order, -1)
    excess = np.cumsum(c * magnitudes, axis=-1) - column(radius)
    return np.asarray(divided(excess, np.cumsum(c * c, axis=-1)).max(axis=-1))


def onto_l1_ball(v: Array, radius: ArrayLike, weights: Array | None = None) -> Array:
    """The point nearest to v of {Σcᵢ|wᵢ| ≤ radius}; all cᵢ are 1 unless weights (d,) ≥ 0 are given.

    Outside it is a soft threshold, not a rescaling; a coordinate of weight 0 is free.
    """
    magnitudes = np.abs(v)
    if weights is None:
        cut = column(np.maximum(simplex_threshold(magnitudes, radius), 0.0))
        inside = magnitudes.sum(axis=-1) <= np.asarray(radius)
    else:
        cut = column(np.maximum(weighted_threshold(v, radius, weights), 0.0)) * weights
        # At radius 0 rounding in μcᵢ would leave a trace of |vᵢ|.
        cut = np.where((column(radius) > 0.0) | (weights == 0.0), cut, magnitudes)
        inside = (weights * magnitudes).sum(axis=-1) <= np.asarray(radius)
    return np.where(np.asarray(inside)[..., None], v, soft_threshold(v, cut))


def onto_l2_ball(v: Array, radius: ArrayLike) -> Array:
    """The point nearest to v of {‖w‖₂ ≤ radius}: v itself, or v scaled back to the sphere."""
    t, reach = column(radius), column(length(v))
    # Adding 0 turns −0 into +0 where the radius is 0.
    return np.where(reach <= t, v, v * divided(t, reach) + 0.0)


def shorten(v: Array, step: ArrayLike) -> Array:
    """The prox of step·‖w‖₂: v moved towards 0 by `step`, and 0 if it is no longer than that."""
    s, reach = column(step), column(length(v))
    return np.where(reach > s, v * divided(reach - s, reach), 0.0)


def group_lengths(w: Array, groups: Groups) -> Array:
    """‖w_g‖₂ for each group: (…, d) to (…, number of groups)."""
    return np.stack([length(w[..., list(group)]) for group in groups], axis=-1)


def group_prox(v: Array, step: ArrayLike, groups: Groups, weights: Array) -> Array:
    """The prox of step·Σ c_g‖w_g‖₂ over disjoint groups that cover all coordinates: each group is shortened alone."""
    steps = column(step) * weights
    pieces = [shorten(v[..., list(group)], steps[..., number]) for number, group in enumerate(groups)]
    return _regrouped(pieces, groups)


def onto_group_ball(v: Array, radius: ArrayLike, groups: Groups, weights: Array) -> Array:
    """The point nearest to v of {Σ c_g‖w_g‖₂ ≤ radius}: the lengths go onto the weighted L1 ball, directions stay."""
    reach = group_lengths(v, groups)
    lengths = onto_l1_ball(reach, radius, weights)
    pieces = [onto_l2_ball(v[..., list(group)], lengths[..., number]) for number, group in enumerate(groups)]
    return _regrouped(pieces, groups)


def _regrouped(pieces: Sequence[Array], groups: Groups) -> Array:
    order = np.argsort([index for group in groups for index in group])
    return np.concatenate(pieces, axis=-1)[..., order]
