"""What each penalty leaves of one weight: the minimisers of ½h(w − v)² + αΩ(w), side by side.

They are the whole story where H is diagonal (Deep Learning, eq. 7.23; ESL, table 3.4). Elsewhere weights are coupled:
there `diagonal_formula` is only an approximation, however often it is used.
"""

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.losses import Quadratic
from app.geometry.projections import soft_threshold
from app.geometry.regularizer import Array


def lasso_map(v: ArrayLike, strength: ArrayLike, curvature: ArrayLike = 1.0) -> Array:
    """Under α|w|: sgn(v)·max(|v| − α/h, 0). Every size loses the same, and what is small loses all."""
    return elastic_net_map(v, strength, 1.0, curvature)


def ridge_map(v: ArrayLike, strength: ArrayLike, curvature: ArrayLike = 1.0) -> Array:
    """Under α·½w²: v·h/(h + α). Every size loses the same share, and nothing becomes 0."""
    return elastic_net_map(v, strength, 0.0, curvature)


def elastic_net_map(v: ArrayLike, strength: ArrayLike, ratio: float, curvature: ArrayLike = 1.0) -> Array:
    """Under α(ρ|w| + (1 − ρ)½w²): the soft threshold αρ/h, then the share h/(h + α(1 − ρ)). 0 where h and α are 0."""
    v, alpha, h = (np.asarray(one, dtype=float) for one in (v, strength, curvature))
    pull, bent = soft_threshold(h * v, alpha * ratio), h + alpha * (1.0 - ratio)
    return np.asarray(np.divide(pull, bent, out=np.zeros(np.broadcast(pull, bent).shape), where=bent > 0.0))


def hard_threshold(v: ArrayLike, threshold: ArrayLike) -> Array:
    """V where |v| exceeds the threshold, else 0: under α·[w ≠ 0] with α = ½h·threshold². It jumps: Ω is not convex."""
    v = np.asarray(v, dtype=float)
    return np.where(np.abs(v) > threshold, v, 0.0)


def diagonal_formula(loss: Quadratic, strength: float) -> Array:
    """sgn(ŵᵢ)·max(|ŵᵢ| − α/Hᵢᵢ, 0): the optimum (d,) under α‖w‖₁ where H is diagonal, and only there."""
    return lasso_map(loss.minimiser, strength, np.diag(loss.curvature))
