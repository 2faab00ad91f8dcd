"""Sums of log(1 + exp(·)) over a rectangular grid without an exponential per point."""

from collections.abc import Iterator

import numpy as np

from app.geometry.spectra import Array

# e^150 three times over stays far below the largest double, and so does the product of a batch.
_TAMEST = 150.0
_LARGEST = 650.0
# Triples of observations multiplied at once: 8 grids of 101 × 101 stay in the second-level cache.
_TOGETHER = 1 << 16


def log_losses(signed: Array, offset: Array, xs: Array, ys: Array) -> Array:
    """Σᵢ log(1 + exp(−(aᵢ₁x + aᵢ₂y + oᵢ))) at every (x, y), exact to rounding; the shape is (len(ys), len(xs)).

    On a grid exp(−aᵢ₁x − aᵢ₂y − oᵢ) = uᵢ(x)vᵢ(y), so that n(len(xs) + len(ys)) exponentials are enough. The sum of
    logarithms is the logarithm of a product, and the product over three observations has eight terms, each again some
    u(x) times some v(y): one small matrix product. All factors are at least 1, so nothing cancels. Observations whose
    margin would overflow a product are summed one by one.
    """
    across, along = -signed[:, :1] * xs, -(signed[:, 1:] * ys + offset[:, None])
    reach = np.abs(across).max(axis=1, initial=0.0) + np.abs(along).max(axis=1, initial=0.0)
    tame = reach <= _TAMEST
    total = _one_by_one(across[~tame], along[~tame])
    order = np.flatnonzero(tame)
    u, v = _triples(np.exp(across[order])), _triples(np.exp(along[order]))
    bounds = np.add.reduceat(reach[order] + 1.0, np.arange(0, len(order), 3)) if order.size else reach[:0]
    for part in _batches(bounds, max(1, _TOGETHER // total.size)):
        factors = np.matmul(_expanded(v[part]).transpose(0, 2, 1), _expanded(u[part]))
        total += np.log(np.multiply.reduce(factors, axis=0))
    return total


def _one_by_one(across: Array, along: Array) -> Array:
    total = np.zeros((along.shape[1], across.shape[1]))
    for x, y in zip(across, along, strict=True):
        total += np.logaddexp(0.0, x + y[:, None])
    return total


def _triples(factors: Array) -> Array:
    """Observations in threes (m, 3, k); missing ones are zeros, which multiply by 1 + 0."""
    missing = np.zeros((-len(factors) % 3, factors.shape[1]))
    return np.concatenate([factors, missing]).reshape(-1, 3, factors.shape[1])


def _expanded(triples: Array) -> Array:
    """The products over every subset of each three: (m, 8, k)."""
    m, three, k = triples.shape
    terms = np.ones((m, 1 << three, k))
    for j in range(three):
        np.multiply(terms[:, : 1 << j], triples[:, j, None], out=terms[:, 1 << j : 2 << j])
    return terms


def _batches(bounds: Array, together: int) -> Iterator[slice]:
    """Consecutive triples, at most so many, whose product cannot overflow."""
    start, size = 0, 0.0
    for place, bound in enumerate(bounds.tolist()):
        if place > start and (place - start == together or size + bound > _LARGEST):
            yield slice(start, place)
            start, size = place, 0.0
        size += bound
    if len(bounds):
        yield slice(start, len(bounds))
