"""Many training sets from one truth: what their ridge fits have in common, and how they differ.

The expected squared error of a new case splits into what no fit can know, how far the fits are off on average, and how
much they differ: E(y − f̂(x))² = σ² + (E f̂(x) − f(x))² + Var f̂(x). Geman, Bienenstock & Doursat (1992), eq. 2.5;
ESL, eq. 7.9; Deep Learning (2016), §5.4.4. Errors are mean squares, without the ½ of J.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.spectra import RANK_TOLERANCE, Array


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Ridge fits f̂(x) = w₀ + φ(x)ᵀw of M training sets, at each of A strengths.

    Attributes:
        strengths: α (A,), of J = ‖Φw + w₀ − y‖²/(2n) + α½‖w‖²; w₀ is free.
        weights: (M, A, p + 1), w₀ first.
    """

    strengths: Array
    weights: Array

    def predict(self, features: Array) -> Array:
        """f̂ (M, A, m) at features (m, p), the same for all, or (M, m, p)."""
        slopes, free = self.weights[..., 1:], self.weights[..., :1]
        return np.asarray(slopes @ features.swapaxes(-1, -2) + free)

    @cached_property
    def moments(self) -> tuple[Array, Array]:
        """Mean (A, p + 1) and covariance (A, p + 1, p + 1) of the weights over the M sets."""
        middle = self.weights.mean(axis=0)
        away = (self.weights - middle).swapaxes(0, 1)
        return middle, away.swapaxes(-1, -2) @ away / len(self.weights)

    def spread(self, features: Array) -> tuple[Array, Array]:
        """The average fit and the variance of the fits over the M sets, both (A, m), at features (m, p).

        The variance is divided by M: with the average over these M sets the decomposition is then an identity.
        """
        rows, (middle, covariances) = _with_one(features), self.moments
        return middle @ rows.T, np.asarray(np.einsum("ami,mi->am", rows @ covariances, rows))


def ridge_ensemble(features: Array, responses: Array, strengths: ArrayLike) -> Ensemble:
    """Fit each of M training sets with features (M, n, p) and responses (M, n), at strengths α ≥ 0 (A,).

    By singular values of the centred features of each set; for α = 0 the shortest of all best fits.
    """
    alphas, n = np.asarray(strengths, dtype=float), responses.shape[-1]
    centres, level = features.mean(axis=-2), responses.mean(axis=-1)
    left, sizes, right = np.linalg.svd(features - centres[:, None, :], full_matrices=False)
    there = sizes > RANK_TOLERANCE * sizes.max(axis=-1, initial=0.0, keepdims=True)
    safe = np.where(there, sizes, 1.0)[:, None, :]
    factors = np.where(there[:, None, :], safe / (safe**2 + n * alphas[:, None]), 0.0)
    along = (left.swapaxes(-1, -2) @ (responses - level[:, None])[..., None])[:, None, :, 0]
    slopes = (factors * along) @ right
    free = level[:, None] - np.einsum("map,mp->ma", slopes, centres)
    return Ensemble(alphas, np.concatenate([free[..., None], slopes], axis=-1))


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The expected squared error on a new case, by strength (A,).

    Attributes:
        noise: σ², what no fit can know.
        bias: the mean over x of (average fit − truth)².
        variance: the mean over x of the variance of the fits.
    """

    noise: float
    bias: Array
    variance: Array

    @property
    def total(self) -> Array:
        """σ² + bias² + variance (A,)."""
        return self.noise + self.bias + self.variance


def decompose(ensemble: Ensemble, features: Array, truth: Array, shares: Array, noise: float) -> Decomposition:
    """Split the expected error of an ensemble.

    Args:
        ensemble: of M training sets.
        features: (m, p) at the places where new cases are.
        truth: f (m,) there.
        shares: (m,) of the cases at each place; they add up to 1.
        noise: σ² of the responses.
    """
    middle, variance = ensemble.spread(features)
    return Decomposition(noise, (middle - truth) ** 2 @ shares, variance @ shares)


def _with_one(features: Array) -> Array:
    return np.concatenate([np.ones((*features.shape[:-1], 1)), features], axis=-1)
