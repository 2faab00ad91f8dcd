"""Proximal Newton for a logistic loss of two weights: Python floats between fused passes over the data.

The iteration is that of `proximal_newton`, which takes over where this one is not quickly done. Only the passes touch
arrays, and none of them asks for the loss: a step is taken if it halves the residual of the optimality conditions.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.geometry.forms import Constrained, Form, Penalised
from app.geometry.logistic import Logistic
from app.geometry.plane_quadratic import PlaneQuadratic, expanded
from app.geometry.plane_shapes import PlaneShape
from app.geometry.quadratic_optima import in_plane, unique_in_plane
from app.geometry.regularizer import Array

_STEPS = 12
_INSIDE = 1.0 - 1e-12

# ∇J, then ∇²J as a, b, c.
Derivatives = tuple[float, float, float, float, float]


@dataclass(frozen=True, eq=False)
class PlaneLogistic:
    """A logistic loss of two weights, laid out for one pass: with half margins m, σ(−2m) = (1 − tanh m)/2.

    Attributes:
        halves: aᵢ/2 in columns (2, n), for margins aᵢᵀw + bᵢ.
        offsets: bᵢ/2 (n,), or None for 0.
        pairs: products of the two rows of halves with themselves and each other (3, n).
        column: Σ aᵢ/2.
        total: the n of the mean.
    """

    halves: Array
    offsets: Array | None
    pairs: Array
    column: tuple[float, float]
    total: int

    def derivatives(self, w1: float, w2: float) -> Derivatives:
        """∇J and ∇²J."""
        middle = np.array([w1, w2]) @ self.halves
        bent = np.tanh(middle if self.offsets is None else middle + self.offsets)
        g1, g2 = (self.halves @ bent).tolist()
        bent *= bent
        a, b, c = (self.pairs @ np.subtract(1.0, bent, out=bent)).tolist()
        n, (c1, c2) = self.total, self.column
        return (g1 - c1) / n, (g2 - c2) / n, a / n, b / n, c / n

    def value(self, w1: float, w2: float) -> float:
        """J: log(1 + exp(−2m)) = log(1 + exp(−2|m|)) + |m| − m, stable for any margin."""
        middle = np.array([w1, w2]) @ self.halves
        if self.offsets is not None:
            middle += self.offsets
        size = np.abs(middle)
        size += np.log1p(np.exp(-2.0 * size)) - middle
        return float(size.sum()) / self.total


@dataclass(frozen=True, eq=False)
class Settled:
    """Where the iteration ended well: the point, its multiplier, J and ∇J there."""

    w: tuple[float, float]
    strength: float | None
    unique: bool
    value: float
    gradient: tuple[float, float]


@lru_cache(maxsize=16)
def laid_out(loss: Logistic) -> tuple[PlaneLogistic, Derivatives]:
    """A loss of two weights laid out for passes, with what the first of them finds at 0."""
    halves = np.ascontiguousarray(0.5 * loss.signed.T)
    offsets = None if loss.offset is None else 0.5 * loss.labels * loss.offset
    first, second = halves
    pairs = np.stack([first * first, first * second, second * second])
    laid = PlaneLogistic(halves, offsets, pairs, (float(first.sum()), float(second.sum())), loss.total or 1)
    return laid, laid.derivatives(0.0, 0.0)


def settle(loss: Logistic, shape: PlaneShape, form: Form, enough: float) -> Settled | None:
    """The optimum to a residual of `enough`, from 0; None where full steps do not lead there quickly."""
    laid, found = laid_out(loss)
    w1 = w2 = 0.0
    strength, residual = standing(shape, form, w1, w2, -found[0], -found[1])
    q: PlaneQuadratic | None = None
    for _ in range(_STEPS):
        if residual <= enough:
            break
        g1, g2, a, b, c = found
        q = expanded(a, b, c, a * w1 + b * w2 - g1, b * w1 + c * w2 - g2)
        w1, w2, _ = in_plane(q, shape, form)
        found, before = laid.derivatives(w1, w2), residual
        strength, residual = standing(shape, form, w1, w2, -found[0], -found[1])
        if not residual <= 0.5 * before:
            return None
    falling = isinstance(form, Constrained) and strength == 0.0 and found[0] * w1 + found[1] * w2 < 0.0
    if residual > enough or falling:
        return None
    unique = q is None or unique_in_plane(q, shape, form, w1, w2, strength)
    return Settled((w1, w2), strength, unique, laid.value(w1, w2), found[:2])


def standing(shape: PlaneShape, form: Form, w1: float, w2: float, p1: float, p2: float) -> tuple[float | None, float]:
    """The multiplier at w with the pull −∇J = p, and the distance of the pull to α·∂Ω(w)."""
    strength = form.strength if isinstance(form, Penalised) else 0.0
    if isinstance(form, Constrained) and shape.size(w1, w2) >= form.radius * _INSIDE:
        if form.radius == 0.0:
            return (None if p1 or p2 else 0.0), 0.0
        strength = max((p1 * w1 + p2 * w2) / shape.slope(w1, w2), 0.0)
    return strength, shape.residual(w1, w2, p1, p2, strength)
