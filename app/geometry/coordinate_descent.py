"""Coordinate descent: one weight at a time to its best place, the others held; the classic solver of the lasso.

No gradient rule: a step needs the curvature along its axis, and no η. Friedman, Hastie & Tibshirani (2010),
Regularization paths for generalized linear models via coordinate descent, §2.
"""

from collections.abc import Callable

import numpy as np

from app.geometry.losses import Loss, Quadratic
from app.geometry.regularizer import Array
from app.geometry.regularizers import ElasticNet
from app.geometry.trajectories import Trajectory
from app.geometry.walk_endings import ending


def descend_coordinates(
    loss: Loss,
    start: Array,
    steps: int,
    strength: float = 0.0,
    ratio: float = 1.0,
    settled: float = 1e-6,
    within: Callable[[Array], Array] | None = None,
) -> Trajectory:
    """Minimise J + α(ρ‖w‖₁ + (1 − ρ)½‖w‖²), one coordinate a step in turn: wᵢ ← prox(wᵢ − ∂ᵢJ/cᵢ, α/cᵢ).

    On a quadratic cᵢ = Hᵢᵢ and the step is exact; on another loss cᵢ = L, and each step still goes down.

    Args:
        loss: J, convex.
        start: (d,).
        steps: the most single coordinates that are moved.
        strength: α ≥ 0.
        ratio: ρ in [0, 1]; 1 is the lasso.
        settled: it has converged once no further step is longer than this share of its way.
        within: a projection after each step. In a ball that is no box it may stop short of the optimum, where no single
            weight can move.
    """
    shape = ElasticNet(ratio=ratio)
    bends = np.diagonal(loss.curvature) if isinstance(loss, Quadratic) else np.full(loss.dimension, loss.smoothness)
    path = np.empty((steps + 1, loss.dimension))
    path[0] = w = np.array(start, dtype=float)
    for k in range(steps):
        i = k % loss.dimension
        w = w.copy()
        if bends[i] > 0.0:
            moved = w[i : i + 1] - loss.gradient(w)[i] / bends[i]
            w[i : i + 1] = shape.prox(moved, strength / bends[i])
        elif strength > 0.0:
            w[i] = 0.0  # the loss does not depend on it: the penalty alone decides
        w = w if within is None else within(w)
        path[k + 1] = w
    rounds = path[:: loss.dimension]  # every coordinate had its turn
    endless = loss.minimum.weights is None and strength == 0.0 and within is None
    outcome, first, factor = ending(rounds, False, 1.0, True, settled, endless)
    return Trajectory(path, loss.value(path), outcome, None if first is None else first * loss.dimension, factor)
