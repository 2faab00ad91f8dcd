"""Interpolation at Chebyshev points: smooth functions on an interval or a window, from a few values."""

import numpy as np

from app.geometry.spectra import Array


def nodes(low: float, high: float, count: int) -> Array:
    """The Chebyshev points of the first kind of [low, high], ascending (count,)."""
    angles = (np.arange(count)[::-1] + 0.5) * (np.pi / count)
    return np.asarray(0.5 * (low + high) + 0.5 * (high - low) * np.cos(angles))


def transform(count: int) -> Array:
    """The matrix (count, count) from values at the nodes to Chebyshev coefficients (Trefethen, ATAP, ch. 3)."""
    angles = (np.arange(count)[::-1] + 0.5) * (np.pi / count)
    matrix = np.cos(np.arange(count)[:, None] * angles) * (2.0 / count)
    matrix[0] *= 0.5
    return matrix


def polynomials(points: Array, low: float, high: float, count: int) -> Array:
    """T₀ … T₍count₋₁₎ at points (m,) of [low, high], as rows (m, count); points outside count as its ends."""
    unit = np.clip((2.0 * np.asarray(points) - low - high) / (high - low), -1.0, 1.0)
    return np.cos(np.arccos(unit)[:, None] * np.arange(count))


def derivative(low: float, high: float, count: int) -> Array:
    """The matrix (count, count) from coefficients to those of the derivative: c′ₖ = Σ 2j·cⱼ over j > k, j − k odd."""
    k, j = np.indices((count, count))
    matrix = np.where((j > k) & ((j - k) % 2 == 1), 2.0 * j, 0.0)
    matrix[0] *= 0.5
    return np.asarray(matrix * (2.0 / (high - low)))
