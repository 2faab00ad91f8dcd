"""Adaptive Gauss-Legendre quadrature of several functions at once, and the distribution function of the first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike

from app.geometry.spectra import Array, read_only

_NODES = 15
_TOLERANCE = 1e-12  # of the whole integral of a function's size, shared by all pieces
_DEPTH = 40


@cache
def _rule() -> tuple[Array, Array]:
    nodes, weights = legendre.leggauss(_NODES)
    return read_only(nodes), read_only(weights)


@dataclass(frozen=True, eq=False)
class Pieces:
    """Functions integrated piece by piece.

    Attributes:
        starts: left ends of the pieces (k,), ascending; each ends where the next starts.
        widths: (k,).
        heights: the first function, a density, at the Gauss nodes of each piece (k, nodes).
        integrals: of all functions (m, k).
        errors: by how much the pieces and their halves differ in sum, for each function (m,).
    """

    starts: Array
    widths: Array
    heights: Array
    integrals: Array
    errors: Array

    @property
    def mass(self) -> float:
        """The integral of the first function."""
        return float(self.integrals[0].sum())

    @property
    def moments(self) -> Array:
        """The integrals of the others (m − 1,)."""
        return np.asarray(self.integrals[1:].sum(axis=1))

    @cached_property
    def _series(self) -> Array:
        """Each piece's distribution function as a Legendre series (k, nodes + 1) on [−1, 1], 0 at −1."""
        nodes, weights = _rule()
        scale = np.arange(_NODES) + 0.5
        density = (self.heights * weights) @ legendre.legvander(nodes, _NODES - 1) * scale
        series = legendre.legint(density, lbnd=-1.0, axis=1)
        return np.asarray(series * (self.widths[:, None] / 2.0))

    def quantile(self, shares: ArrayLike) -> Array:
        """The x (…) below which these shares of the density lie; by bisection in the piece that holds it."""
        sums = np.cumsum(self.integrals[0])
        wanted = np.asarray(shares, dtype=float) * sums[-1]
        k = np.minimum(np.searchsorted(sums, wanted), len(sums) - 1)
        inside = wanted - (sums[k] - self.integrals[0, k])
        series = np.moveaxis(self._series[k], -1, 0)
        low, high = np.full_like(wanted, -1.0), np.ones_like(wanted)
        for _ in range(50):
            middle = 0.5 * (low + high)
            short = legendre.legval(middle, series, tensor=False) < inside
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        return np.asarray(self.starts[k] + 0.5 * (low + 1.0) * self.widths[k])


def integrate(
    functions: Callable[[Array], Array], marks: Sequence[float], least: Callable[[Array], Array] = np.zeros_like
) -> Pieces:
    """Integrals from the first to the last of some ascending marks, where the functions may have kinks.

    A piece is halved until its halves agree with it to 1e-12 of the whole, for every function. What falls between the
    15 nodes of the first pieces is not seen.

    Args:
        functions: points (k,) to values (m, k); the first function is a density.
        marks: at least two.
        least: from the integrals of the functions' sizes (m,) to what each counts as at least. Where a function nearly
            cancels, its values are rounding, which no halving makes agree.
    """
    starts, ends = np.array(marks[:-1]), np.array(marks[1:])
    whole, _ = _gauss(functions, starts, ends)
    kept: list[tuple[Array, Array, Array, Array]] = []
    errors = np.zeros(len(whole))
    size = np.abs(whole).sum(axis=1)
    for depth in range(_DEPTH):
        middle = 0.5 * (starts + ends)
        left, right = np.concatenate([starts, middle]), np.concatenate([middle, ends])
        halves, heights = _gauss(functions, left, right)
        both = halves[:, : len(starts)] + halves[:, len(starts) :]
        size = np.maximum(size, np.abs(both).sum(axis=1))
        wrong = np.abs(both - whole)
        fine = np.all(wrong <= _TOLERANCE * np.maximum(size, least(size))[:, None], axis=0) | (depth == _DEPTH - 1)
        errors += wrong[:, fine].sum(axis=1)
        twice = np.concatenate([fine, fine])
        kept.append((left[twice], (right - left)[twice], heights[twice], halves[:, twice]))
        starts, ends, whole = left[~twice], right[~twice], halves[:, ~twice]
        if not len(starts):
            break
    return _sorted(kept, errors)


def _sorted(kept: list[tuple[Array, Array, Array, Array]], errors: Array) -> Pieces:
    starts, widths, heights = (np.concatenate([one[i] for one in kept]) for i in range(3))
    integrals = np.concatenate([one[3] for one in kept], axis=1)
    order = np.argsort(starts, kind="stable")
    return Pieces(starts[order], widths[order], heights[order], integrals[:, order], errors)


def _gauss(functions: Callable[[Array], Array], starts: Array, ends: Array) -> tuple[Array, Array]:
    """Integrals (m, k) over each piece, and the first function at the nodes (k, nodes)."""
    nodes, weights = _rule()
    half = 0.5 * (ends - starts)
    places = starts[:, None] + half[:, None] * (nodes + 1.0)
    values = functions(places.ravel()).reshape(-1, len(starts), _NODES)
    return np.asarray(values @ weights * half), values[0]
