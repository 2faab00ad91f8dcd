"""Samples drawn from a known law. The seed is an argument: the same arguments give the same sample."""

import numpy as np

from app.data.designs import centred, scaled
from app.data.problems import SyntheticClassification, SyntheticRegression
from app.data.samples import SyntheticSample
from app.geometry.spectra import Array


def regression_sample(problem: SyntheticRegression) -> tuple[Array, Array]:
    """Two standard Gaussian features with correlation ρ, and y = Xw + σε.

    Returns:
        X (n, 2), standardised in the sample, and y (n,), centred.
    """
    rng = np.random.default_rng(problem.seed)
    features = scaled(centred(_correlated(rng.standard_normal((problem.rows, 2)), problem.correlation)))
    signal = features @ np.array([problem.weight_1, problem.weight_2])
    response = signal + problem.noise * rng.standard_normal(problem.rows)
    return features, response - response.mean()


def classification_sample(problem: SyntheticClassification) -> tuple[Array, Array]:
    """Two Gaussian clouds with unit variances and correlation ρ, their centres δ apart in direction θ.

    The rows take turns between the classes; each label is then turned around with probability ε.

    Returns:
        X (n, 2), standardised in the sample, and labels (n,) of −1 and +1.
    """
    rng = np.random.default_rng(problem.seed)
    clouds = _correlated(rng.standard_normal((problem.rows, 2)), problem.correlation)
    sides = np.where(np.arange(problem.rows) % 2 == 0, 1.0, -1.0)
    theta = np.deg2rad(problem.direction)
    centre = 0.5 * problem.distance * np.array([np.cos(theta), np.sin(theta)])
    flipped = rng.random(problem.rows) < problem.noise
    return scaled(centred(clouds + sides[:, None] * centre)), np.where(flipped, -sides, sides)


def linear_sample(sample: SyntheticSample) -> tuple[Array, Array]:
    """Gaussian features where those k places apart correlate by ρᵏ, and y = Xw + σε with `true_weights` w.

    Returns:
        X (n, d), standardised in the sample, and y (n,), centred. Tibshirani (1996), §7.2, draws such features.
    """
    rng = np.random.default_rng(sample.seed)
    features = rng.standard_normal((sample.rows, sample.features))
    for j in range(1, sample.features):
        fresh = np.sqrt(1.0 - sample.correlation**2) * features[:, j]
        features[:, j] = sample.correlation * features[:, j - 1] + fresh
    features = scaled(centred(features))
    response = features @ true_weights(sample) + sample.noise * rng.standard_normal(sample.rows)
    return features, centred(response[:, None])[:, 0]


def true_weights(sample: SyntheticSample) -> Array:
    """The weights (d,) of the law: k of them are not 0, spread evenly, of falling size from 3 and alternating sign."""
    weights = np.zeros(sample.features)
    count = min(sample.informative, sample.features)
    order = np.arange(count)
    weights[order * sample.features // max(count, 1)] = np.where(order % 2 == 0, 3.0, -3.0) * (
        1.0 - order / max(count, 1)
    )
    return weights


def _correlated(normal: Array, correlation: float) -> Array:
    # The Cholesky factor of [[1, ρ], [ρ, 1]].
    second = correlation * normal[:, 0] + np.sqrt(1.0 - correlation**2) * normal[:, 1]
    return np.column_stack([normal[:, 0], second])
