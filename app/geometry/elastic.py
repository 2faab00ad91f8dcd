"""The ball of the elastic net, Ω(w) = ρ‖w‖₁ + c·½‖w‖₂² ≤ k with c = 1 − ρ: exact by sorting.

On a set A of active coordinates with S₁ = Σ|vᵢ|, S₂ = Σvᵢ² and q = ½|A|ρ² + ck, the equation of either function is a
quadratic in one unknown. A coordinate outside its own sector only lowers the left side, so the largest root over the
sets of the largest coordinates is the answer, as for the L1 ball (`projections.simplex_threshold`).
"""

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.projections import column, divided, soft_threshold
from app.geometry.regularizer import Array


def elastic_value(w: Array, ratio: float) -> Array:
    """ρΣ|wᵢ| + (1 − ρ)½Σwᵢ²."""
    magnitudes = np.abs(w)
    return np.asarray((magnitudes * (ratio + 0.5 * (1.0 - ratio) * magnitudes)).sum(axis=-1))


def elastic_multiplier(v: Array, level: ArrayLike, ratio: float) -> Array:
    """The step μ ≥ 0 whose prox puts v on the sphere Ω = k: cqμ² + 2qμ = Ω_A(v) − k, stable for c → 0; shape (…)."""
    falling, q = _sorted_with_weight(v, level, ratio)
    bend = 1.0 - ratio
    excess = np.cumsum(falling * (ratio + 0.5 * bend * falling), axis=-1) - column(level)
    root = divided(excess, q + np.sqrt(q * np.maximum(q + bend * excess, 0.0)))
    return np.asarray(np.maximum(root.max(axis=-1), 0.0))


def farthest_in_elastic_ball(g: Array, level: ArrayLike, ratio: float) -> Array:
    """argmax ⟨g, w⟩ over Ω(w) ≤ k: a multiple of S(g, λρ) with 2qλ² = S₂, scaled to the sphere."""
    falling, q = _sorted_with_weight(g, level, ratio)
    multiplier = np.sqrt(divided(np.cumsum(falling * falling, axis=-1), 2.0 * q)).max(axis=-1)
    shape = soft_threshold(g, column(multiplier * ratio))
    # For ρ = 1, or so near to 1 that rounding leaves nothing: a corner.
    corner = np.where(np.arange(g.shape[-1]) == np.abs(g).argmax(axis=-1)[..., None], np.sign(g), 0.0)
    shape = np.where(np.any(shape, axis=-1, keepdims=True), divided(shape, _largest(shape)), corner)
    return _scaled_to_sphere(shape, level, ratio)


def _sorted_with_weight(v: Array, level: ArrayLike, ratio: float) -> tuple[Array, Array]:
    falling = -np.sort(-np.abs(v), axis=-1)
    counts = np.arange(1, v.shape[-1] + 1)
    return falling, 0.5 * counts * ratio**2 + (1.0 - ratio) * column(level)


def _largest(w: Array) -> Array:
    return np.asarray(np.abs(w).max(axis=-1, keepdims=True))


def _scaled_to_sphere(w: Array, level: ArrayLike, ratio: float) -> Array:
    """r·w with Ω(r·w) = k: ½cΣwᵢ²r² + ρΣ|wᵢ|r = k, by the root formula without cancellation."""
    k = column(level)
    linear = ratio * np.abs(w).sum(axis=-1, keepdims=True)
    square = (1.0 - ratio) * (w * w).sum(axis=-1, keepdims=True)
    return w * divided(2.0 * k, linear + np.sqrt(linear * linear + 2.0 * square * k)) + 0.0
