"""Proximal Newton for a logistic loss of two weights, in Python floats between fused passes over the data.

The iteration is that of `proximal_newton`; only the pass over the data touches arrays, and a step that halves the
residual of the optimality conditions is taken without asking for the loss.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import hypot, log
from typing import NamedTuple

import numpy as np

from app.geometry.certificates import gradient_scale
from app.geometry.forms import Constrained, Form, Penalised
from app.geometry.logistic import Logistic
from app.geometry.plane_quadratic import expanded
from app.geometry.plane_shapes import PlaneShape
from app.geometry.quadratic_optima import in_plane, unique_in_plane
from app.geometry.regularizer import Array

_STEPS = 30
_ENOUGH = 1e-10
_INSIDE = 1.0 - 1e-12

Derivatives = tuple[float, float, float, float, float]


class PlaneStop(NamedTuple):
    """Where the iteration stopped: the point, its multiplier, J and ∇J there, ‖∇J(0)‖ and J(0)."""

    w: tuple[float, float]
    strength: float | None
    unique: bool
    value: float
    gradient: tuple[float, float]
    scale: float
    start: float


@dataclass(frozen=True, eq=False)
class PlaneLogistic:
    """A logistic loss of two weights, laid out for one pass: with m = margin/2, σ(−2m) = (1 − tanh m)/2.

    Attributes:
        halves: aᵢ/2 in columns (2, n), for margins aᵢᵀw + bᵢ.
        offsets: bᵢ/2 (n,), or None for 0.
        pairs: products of the two halves, (3, n).
        column: Σ aᵢ/2 (2,).
        total: the n of the mean.
        origin: J, ∇J and ∇²J at 0.
    """

    halves: Array
    offsets: Array | None
    pairs: Array
    column: tuple[float, float]
    total: int
    scale: float

    def derivatives(self, w: Array) -> Derivatives:
        """∇J (2) and ∇²J (3) at w (2,)."""
        middle = w @ self.halves
        bent = np.tanh(middle if self.offsets is None else middle + self.offsets)
        g1, g2 = (self.halves @ bent).tolist()
        bent *= bent
        a, b, c = (self.pairs @ np.subtract(1.0, bent, out=bent)).tolist()
        n = self.total
        return (g1 - self.column[0]) / n, (g2 - self.column[1]) / n, a / n, b / n, c / n

    def value(self, w: Array) -> float:
        """J at w (2,): log(1 + exp(−2m)) = log(1 + exp(−2|m|)) + |m| − m, stable for any margin."""
        middle = w @ self.halves
        if self.offsets is not None:
            middle += self.offsets
        size = np.abs(middle)
        falls = np.log1p(np.exp(-2.0 * size))
        return float(falls.sum() + size.sum() - middle.sum()) / self.total


@lru_cache(maxsize=64)
def laid_out(loss: Logistic) -> tuple[PlaneLogistic, Derivatives, float]:
    """The layout of a loss of two weights, with its derivatives and value at 0."""
    halves = np.ascontiguousarray(0.5 * loss.signed.T)
    offsets = None if loss.offset is None else 0.5 * loss.labels * loss.offset
    first, second = halves
    pairs = np.stack([first * first, first * second, second * second])
    column = (float(first.sum()), float(second.sum()))
    laid = PlaneLogistic(halves, offsets, pairs, column, loss.total or 1, 0.0)
    return laid, laid.derivatives(np.zeros(2)), laid.value(np.zeros(2))
