"""A logistic loss of two weights in plain floats: what one fused pass over the data says."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.geometry.spectra import Array

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

    @cached_property
    def at_zero(self) -> Derivatives:
        """Where every iteration starts."""
        return self.derivatives(0.0, 0.0)

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


def laid_out(signed: Array, offsets: Array | None, total: int) -> PlaneLogistic:
    """From the rows aᵢ = yᵢxᵢ (n, 2), the margins bᵢ at 0 (n,), None for 0, and the n of the mean."""
    halves = np.ascontiguousarray(0.5 * signed.T)
    first, second = halves
    pairs = np.stack([first * first, first * second, second * second])
    column = (float(first.sum()), float(second.sum()))
    return PlaneLogistic(halves, None if offsets is None else 0.5 * offsets, pairs, column, total)
