"""Newton's method for many small convex problems at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.geometry.spectra import Array

Indices = NDArray[np.intp]
# Indices of the problems (m,) and their points (m, r) to values (m,), gradients (m, r), Hessians (m, r, r).
Evaluation = Callable[[Indices, Array], tuple[Array, Array, Array]]

_STEPS = 100


def newton(evaluate: Evaluation, start: Array, tolerance: float = 1e-18) -> Array:
    """The minimisers of m smooth convex functions, started from `start` (m, r).

    Damped Newton with Armijo's rule (Boyd & Vandenberghe, Convex Optimization, Algorithm 9.5), each problem at its own
    pace. A problem is left one step after its decrement gᵀH⁻¹g is below `tolerance` of its value, which that step
    squares. The minimum must be attained.
    """
    points = np.array(start, dtype=float)
    alive = np.arange(len(points))
    values, gradients, hessians = evaluate(alive, points)
    steps, falls = _directions(points, gradients, hessians)
    lengths = np.ones(len(points))
    for _ in range(_STEPS):
        trial = points[alive] + lengths[:, None] * steps
        done = falls <= tolerance * np.abs(values) + 1e-300
        points[alive[done]] = trial[done]
        if done.all():
            break
        alive, trial = alive[~done], trial[~done]
        values, steps, falls, lengths = values[~done], steps[~done], falls[~done], lengths[~done]
        found = evaluate(alive, trial)
        lower = found[0] <= values - 1e-4 * lengths * falls + 1e-14 * np.abs(values)
        points[alive[lower]] = trial[lower]
        values = np.where(lower, found[0], values)
        newly, fallen = _directions(trial, found[1], found[2])
        steps, falls = np.where(lower[:, None], newly, steps), np.where(lower, fallen, falls)
        lengths = np.where(lower, 1.0, 0.25 * lengths)
    return points


def _directions(points: Array, gradients: Array, hessians: Array) -> tuple[Array, Array]:
    """Newton steps, no longer than a trust in the quadratic model allows, and the fall of the loss along them."""
    r = points.shape[1]
    ridge = 1e-14 * np.trace(hessians, axis1=-2, axis2=-1) + 1e-300
    steps = -np.linalg.solve(hessians + ridge[:, None, None] * np.eye(r), gradients[..., None])[..., 0]
    steps = np.clip(steps, -1e150, 1e150)  # where H vanishes; their squares must not overflow
    longest = 20.0 + np.linalg.norm(points, axis=-1)
    lengths = np.linalg.norm(steps, axis=-1)
    steps *= np.minimum(1.0, longest / np.maximum(lengths, longest))[:, None]
    return steps, -np.einsum("mr,mr->m", gradients, steps)
