"""The problems that are timed: two correlated, standardised columns, and a response or classes that depend on both."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SHARES = np.linspace(0.15, 0.9, 64)  # radii, as shares of the norm of the free optimum: the constraint always acts


def design(rows: int, seed: int = 0) -> Array:
    """X (rows, 2): mean 0, variance 1, correlation about 0.6."""
    drawn = np.random.default_rng(seed).normal(size=(rows, 2)) @ np.array([[1.0, 0.6], [0.0, 0.8]])
    centred = drawn - drawn.mean(axis=0)
    return np.asarray(centred / centred.std(axis=0))


def response(X: Array, seed: int = 1) -> Array:
    """y (rows,), centred: a line with noise."""
    y = X @ np.array([1.5, -0.7]) + np.random.default_rng(seed).normal(size=len(X))
    return np.asarray(y - y.mean())


def classes(X: Array, seed: int = 2) -> Array:
    """Labels ±1 (rows,), not separable."""
    chance = 1.0 / (1.0 + np.exp(-X @ np.array([1.5, -0.7])))
    return np.where(np.random.default_rng(seed).random(len(X)) < chance, 1.0, -1.0)
