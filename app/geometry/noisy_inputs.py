"""Noise in the inputs of a linear model is a penalty: the expected loss is again a quadratic.

All in the mean loss J = ‖Xw − y‖²/(2n). In the sum of squares everything is n times as much.
"""

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.losses import Quadratic, sum_of_squares
from app.geometry.regularizer import Array
from app.geometry.spectra import spectrum


def with_penalty(loss: Quadratic, penalty: ArrayLike) -> Quadratic:
    """J(w) + ½wᵀDw for a positive semidefinite D (d, d), or its diagonal (d,), or α for αI: Tikhonov's penalty."""
    given = np.asarray(penalty, dtype=float)
    matrix = given if given.ndim == 2 else np.diag(np.broadcast_to(given, loss.dimension))
    values, vectors = spectrum(matrix)
    if values.min() < 0.0:
        raise ValueError("a penalty must be positive semidefinite")
    root = np.concatenate([loss.factor, np.sqrt(values)[:, None] * vectors.T])
    target = np.concatenate([loss.factor @ loss.minimiser, np.zeros(loss.dimension)])
    return sum_of_squares(root, target, loss.lowest)


def under_input_noise(loss: Quadratic, covariance: ArrayLike) -> Quadratic:
    """The expectation of J where every row gets independent noise of this covariance: D = Σ, or σ² for σ²I.

    Bishop (1995), Training with noise is equivalent to Tikhonov regularization; for a linear model it is exact.
    """
    return with_penalty(loss, covariance)


def under_dropout(loss: Quadratic, keep: float) -> Quadratic:
    """The expectation of J where inputs are kept with probability q and divided by it: Dⱼⱼ = (1 − q)/q·Hⱼⱼ.

    Hⱼⱼ is the mean square of column j: ridge scaled by column (Wager, Wang, Liang 2013, §2). Without the division
    ("classic" dropout) the weights are those divided by q.
    """
    if not 0.0 < keep <= 1.0:
        raise ValueError(f"the probability to keep must be above 0 and at most 1: got {keep}")
    return with_penalty(loss, (1.0 - keep) / keep * np.diag(loss.curvature))


def augmented(X: Array, y: Array, strength: float) -> tuple[Array, Array]:
    """Rows to add to X (n, d) and y (n,) so that plain least squares is ridge with α: [X; √(nα)I], [y; 0]."""
    n, d = X.shape
    return np.concatenate([X, np.sqrt(n * strength) * np.eye(d)]), np.concatenate([y, np.zeros(d)])
