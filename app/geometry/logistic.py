"""The logistic loss: mean log-loss of a linear classifier."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.geometry.losses import Loss, Minimum
from app.geometry.newton import newton
from app.geometry.plane_logistic import PlaneLogistic, laid_out
from app.geometry.products import log_losses
from app.geometry.separation import recession, separated
from app.geometry.spectra import Array, orthonormal_columns, read_only

# No temporary of a batch holds more numbers than this (1 MB: it stays in the second-level cache).
_BATCH = 1 << 17
# Products of pairs of columns are kept while they are no more than this (8 MB).
_KEPT = 1 << 20

SEPARATED = "no finite optimum: the data can be separated; give it a ball or a penalty"


@dataclass(frozen=True, eq=False)
class Logistic(Loss):
    """J(w) = (1/n)Σ log(1 + exp(−yᵢ(xᵢᵀw + oᵢ))).

    There is no intercept of its own: an intercept is a column of ones whose weight is left free.

    Attributes:
        design: X (n, d).
        labels: y (n,), each −1 or +1.
        offset: o (n,), what is added to xᵢᵀw whatever the weights; None for 0.
        total: the n of the mean where it is larger than the number of rows: observations that were sent to zero loss
            along a direction of recession still count in the mean.
    """

    design: Array
    labels: Array
    offset: Array | None = None
    total: int | None = None

    def __post_init__(self) -> None:
        X, y = read_only(self.design), read_only(self.labels)
        if X.ndim != 2 or not X.shape[1] or y.shape != X.shape[:1]:
            raise ValueError(f"the design must be (n, d) and the labels (n,): got {X.shape} and {y.shape}")
        if not np.isin(y, (-1.0, 1.0)).all():
            raise ValueError("labels must be -1 or +1")
        total = len(y) if self.total is None else self.total
        if total < max(len(y), 1):
            raise ValueError("a mean needs at least one observation")
        object.__setattr__(self, "design", X)
        object.__setattr__(self, "labels", y)
        object.__setattr__(self, "offset", None if self.offset is None else read_only(self.offset))
        object.__setattr__(self, "total", total)

    @property
    def dimension(self) -> int:
        """The number d of weights."""
        return int(self.design.shape[1])

    @cached_property
    def smoothness(self) -> float:
        """L = λmax(XᵀX)/(4n): the logistic function is nowhere steeper than ¼."""
        return float(np.linalg.norm(self.design, 2)) ** 2 / (4.0 * self._n) if len(self.labels) else 0.0

    @cached_property
    def minimum(self) -> Minimum:
        """By Newton's method in an orthonormal basis of the columns; not attained if `separated` finds a direction."""
        behind = separated(self.signed)
        if behind.any():
            infimum = self.without(behind).minimum.value
            return Minimum(False, False, None, infimum, SEPARATED, recession(self.signed))
        basis, back = orthonormal_columns(self.design)
        stretch = max(len(basis), 1) ** 0.5
        tame = Logistic(basis * stretch, self.labels, self.offset, self.total) if basis.shape[1] else None
        inner = newton(lambda _, z: tame.evaluate(z), np.zeros((1, tame.dimension)))[0] if tame else np.zeros(0)
        weights = read_only(back @ (stretch * inner))
        unique = basis.shape[1] == self.dimension
        reason = "one minimiser" if unique else "columns are collinear: the minimiser of smallest norm is taken"
        return Minimum(True, unique, weights, float(self.value(weights)), reason)

    def without(self, observations: NDArray[np.bool_]) -> "Logistic":
        """The same mean with the loss of these observations (n,) replaced by 0."""
        left = ~observations
        offset = None if self.offset is None else self.offset[left]
        return Logistic(self.design[left], self.labels[left], offset, self.total)

    def restricted(self, origin: Array, basis: Array) -> "Logistic":
        """J on {origin + Bᵀa}: another design and an offset."""
        fixed = self.design @ origin
        offset = fixed if self.offset is None else self.offset + fixed
        return Logistic(self.design @ basis.T, self.labels, offset, self.total)

    def value(self, w: Array) -> Array:
        """J(w), stable for any margin."""
        flat, shape = self._rows(w)
        values = np.empty(len(flat))
        for part, margins in self._margins(flat):
            values[part] = _log_losses(margins, np.exp(-np.abs(margins)))
        return values.reshape(shape) / self._n

    def gradient(self, w: Array) -> Array:
        """−(1/n)Σ yᵢxᵢσ(−marginᵢ)."""
        flat, shape = self._rows(w)
        gradients = np.empty(flat.shape)
        for part, margins in self._margins(flat):
            small = np.exp(-np.abs(margins))
            gradients[part] = (np.where(margins < 0.0, 1.0, small) / (1.0 + small)) @ self.signed
        return gradients.reshape(*shape, self.dimension) / -self._n

    def hessian(self, w: Array) -> Array:
        """(1/n)Σ xᵢxᵢᵀσ(marginᵢ)σ(−marginᵢ)."""
        return self.evaluate(w)[2]

    def evaluate(self, w: Array) -> tuple[Array, Array, Array]:
        """Value, gradient and Hessian from one pass over the data."""
        flat, shape = self._rows(w)
        d, n = self.dimension, self._n
        values, gradients, hessians = np.empty(len(flat)), np.empty((len(flat), d)), np.empty((len(flat), d, d))
        for part, margins in self._margins(flat):
            small = np.exp(-np.abs(margins))
            whole = 1.0 + small
            values[part] = _log_losses(margins, small)
            gradients[part] = (np.where(margins < 0.0, 1.0, small) / whole) @ self.signed
            small /= whole
            small /= whole
            hessians[part] = self._weighted(small)
        return values.reshape(shape) / n, gradients.reshape(*shape, d) / -n, hessians.reshape(*shape, d, d) / n

    def lattice(self, xs: Array, ys: Array) -> Array:
        """Exact values over a grid, as logarithms of products."""
        return log_losses(self.signed, self._signed_offset, np.asarray(xs), np.asarray(ys)) / self._n

    @cached_property
    def signed(self) -> Array:
        """A (n, d) with rows aᵢ = yᵢxᵢ: margins are Aw."""
        return read_only(self.labels[:, None] * self.design)

    @cached_property
    def plane(self) -> PlaneLogistic:
        """Of two weights: the same for solvers that must not wait for small arrays."""
        return laid_out(self.signed, None if self.offset is None else self.labels * self.offset, self._n)

    @property
    def _n(self) -> int:
        return self.total or 1

    @cached_property
    def _signed_offset(self) -> Array:
        return np.zeros(len(self.labels)) if self.offset is None else self.labels * self.offset

    @cached_property
    def _transposed(self) -> Array:
        return np.ascontiguousarray(self.signed.T)

    @cached_property
    def _pairs(self) -> tuple[Array, NDArray[np.intp]]:
        """Products of pairs of columns (n, d(d+1)/2), and where each entry of a symmetric matrix finds its own."""
        upper = np.triu_indices(self.dimension)
        place = np.empty((self.dimension, self.dimension), dtype=np.intp)
        place[upper] = place[upper[::-1]] = np.arange(len(upper[0]))
        return self.design[:, upper[0]] * self.design[:, upper[1]], place

    def _weighted(self, weights: Array) -> Array:
        """Σᵢ weightsᵢ xᵢxᵢᵀ for weights (m, n): one matrix product where the pairs of columns fit."""
        if weights.shape[1] * self.dimension * (self.dimension + 1) // 2 <= _KEPT:
            pairs, place = self._pairs
            return np.asarray((weights @ pairs)[:, place])
        return np.stack([(self.design.T * row) @ self.design for row in weights])

    def _rows(self, w: Array) -> tuple[Array, tuple[int, ...]]:
        w = np.asarray(w, dtype=float)
        return w.reshape(-1, self.dimension), w.shape[:-1]

    def _margins(self, flat: Array) -> Iterator[tuple[slice, Array]]:
        """Margins yᵢ(xᵢᵀw + oᵢ), so many rows of w at a time that temporaries stay small."""
        step = max(1, _BATCH // max(len(self.labels), 1))
        for start in range(0, len(flat), step):
            part = slice(start, start + step)
            margins = flat[part] @ self._transposed
            if self.offset is not None:
                margins += self._signed_offset
            yield part, margins


def _log_losses(margins: Array, small: Array) -> Array:
    """Σ log(1 + e^−m) along the last axis as Σ(log(1 + e^−|m|) + max(−m, 0)): no exponential overflows."""
    return np.asarray(np.log1p(small).sum(axis=-1) - np.minimum(margins, 0.0).sum(axis=-1))
