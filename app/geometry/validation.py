"""How much strength the data want: k-fold cross-validation over a whole path at once.

Each fold holds some rows back, follows the whole path on the others, and measures J on the rows held back (ESL, §7.10).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.geometry.elastic_paths import elastic_net_path
from app.geometry.regularizer import Array


@dataclass(frozen=True, eq=False)
class ValidationCurve:
    """The validation loss by strength.

    Attributes:
        strengths: α (m,), falling.
        losses: (m,) the mean of J over all rows, each predicted by the path that has not seen it.
        errors: (m,) the standard error of that mean, from how much the folds differ.
        training: (m,) the mean of J over the rows that were fitted.
        by_fold: (k, m) the validation loss of each fold.
        lowest: the place of the lowest loss, of equal ones the one with the largest strength.
        chosen: the place of the largest strength whose loss is within one standard error of the lowest.
    """

    strengths: Array
    losses: Array
    errors: Array
    training: Array
    by_fold: Array
    lowest: int
    chosen: int

    @property
    def folds(self) -> int:
        """How many folds there really are."""
        return len(self.by_fold)


def fold_of_each_row(rows: int, folds: int, seed: int) -> NDArray[np.int64]:
    """To each of n rows the fold (n,) that holds it back: at random, and as even as it can be; at most n folds."""
    count = min(folds, rows)
    return np.random.default_rng(seed).permutation(np.arange(rows, dtype=np.int64) % count)


def validation_curve(X: Array, y: Array, ratio: float, strengths: Array, folds: int, seed: int) -> ValidationCurve:
    """Cross-validate the path of Ω = ρ‖w‖₁ + (1 − ρ)½‖w‖²: ρ = 1 the lasso, ρ = 0 ridge.

    In each fold the rows are centred anew, which is fitting the intercept, but keep their scale, so that a strength
    means the same in all of them. The error is that of glmnet (Friedman, Hastie, Tibshirani 2010): folds weigh as much
    as they have rows.

    Args:
        X: (n, d), y: (n,); n ≥ 2.
        y: the response.
        ratio: ρ in [0, 1].
        strengths: α > 0 (m,), falling.
        folds: k ≥ 2; where there are fewer rows, each row is a fold of its own.
        seed: which rows go together.
    """
    if len(y) < 2 or folds < 2:
        raise ValueError(f"two rows and two folds are needed: got {len(y)} and {folds}")
    fold = fold_of_each_row(len(y), folds, seed)
    held = [fold == k for k in range(min(folds, len(y)))]
    measured = [_measured(X[~out], y[~out], X[out], y[out], ratio, strengths) for out in held]
    fitted, losses = (np.stack(one) for one in zip(*measured, strict=True))
    weights = np.array([out.sum() for out in held]) / len(y)
    mean = weights @ losses
    errors = np.sqrt(weights @ (losses - mean) ** 2 / (len(held) - 1))
    lowest = int(mean.argmin())
    return ValidationCurve(
        strengths=np.asarray(strengths, dtype=float),
        losses=mean,
        errors=errors,
        training=(1.0 - weights) / (len(held) - 1) @ fitted,
        by_fold=losses,
        lowest=lowest,
        chosen=int((mean <= mean[lowest] + errors[lowest]).argmax()),
    )


def _measured(X: Array, y: Array, held: Array, wanted: Array, ratio: float, strengths: Array) -> tuple[Array, Array]:
    """J by strength on the rows that are fitted, and on those held back."""
    centre, level = X.mean(axis=0), float(y.mean())
    X, y = X - centre, y - level
    hessian, pull = X.T @ X / len(y), X.T @ y / len(y)
    weights = elastic_net_path(hessian, pull, ratio, strengths)
    fitted = 0.5 * (y @ y / len(y) + np.einsum("md,md->m", weights @ hessian - 2.0 * pull, weights))
    missed = wanted[:, None] - level - (held - centre) @ weights.T
    return np.maximum(fitted, 0.0), 0.5 * np.einsum("nm,nm->m", missed, missed) / len(wanted)
