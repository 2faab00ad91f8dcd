"""What a likelihood has seen: some rows of a regression on two features, and the noise that is taken as known."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.data.designs import centred, design
from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Regression, SyntheticRegression
from app.data.sentences import counted
from app.data.synthetic import regression_sample
from app.figures.marks import Array
from app.geometry import Quadratic, least_squares

RowsProblem = SyntheticRegression | Regression


@dataclass(frozen=True, eq=False)
class Seen:
    """The rows that the likelihood has seen, and the units of what is turned.

    Attributes:
        posed: the problem on all its rows: names, window, sentences.
        design: X (m, 2) of the rows seen, centred among themselves: the intercept has a flat prior.
        response: y (m,), centred likewise.
        loss: the mean loss of these rows.
        noise: σ.
        measured: the spread of the residuals of all rows, which σ is a share of.
        unit: ‖ŵ‖ of all rows, what the width of the prior is measured by; 1 where it is 0.
        notes: what is awkward, in sentences.
    """

    posed: Posed
    design: Array
    response: Array
    loss: Quadratic
    noise: float
    measured: float
    unit: float
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """m."""
        return len(self.response)

    @cached_property
    def largest_pull(self) -> float:
        """‖∇J(0)‖_∞, the strength from which on the lasso is 0; 1 where nothing pulls.

        Rounded up, so that 1 is enough when the strength has become a width and a strength again.
        """
        return (1.0 + 1e-14) * float(np.abs(self.loss.gradient(np.zeros(2))).max()) or 1.0


def seen(library: Library, problem: RowsProblem, rows: int, noise: float) -> Seen:
    """The first rows in an order of chance that is always the same, and σ as a share of what all rows leave over."""
    posed = library.pose(problem)
    X, y = _two_features(library, problem)
    order = np.random.default_rng(0).permutation(len(y)) if isinstance(problem, Regression) else np.arange(len(y))
    kept = order[: min(rows, len(y))]
    inside = centred(X[kept]), centred(y[kept][:, None])[:, 0]
    notes = posed.notes
    if rows > len(y):
        notes = (*notes, f"There {'is' if len(y) == 1 else 'are'} only {counted(len(y), 'row')}.")
    if isinstance(problem, Regression) and problem.others == "free" and posed.weights > 2:
        notes = (*notes, "The other weights are at their best on all rows, as if that were known.")
    spread, why = _spread(X, y, posed.weights)
    unit = float(np.linalg.norm(posed.reference)) or 1.0
    return Seen(posed, *inside, least_squares(*inside), noise * spread, spread, unit, (*notes, *why))


def _spread(X: Array, y: Array, weights: int) -> tuple[float, tuple[str, ...]]:
    """√(Σ residual²/(n − d − 1)) of all rows; where nothing is left over, a tenth of the spread of y."""
    left = float(np.square(y - X @ least_squares(X, y).minimiser).sum())
    whole = float(np.square(y).sum())
    if left > 1e-12 * whole:
        return (left / max(len(y) - weights - 1, 1)) ** 0.5, ()
    if whole > 0.0:
        words = "The features explain the target perfectly: σ is measured by a tenth of the spread of y instead."
        return 0.1 * (whole / len(y)) ** 0.5, (words,)
    return 1.0, ("The target is constant: σ is measured by 1.",)


def _two_features(library: Library, problem: RowsProblem) -> tuple[Array, Array]:
    """X (n, 2) and y (n,), both centred; other weights are taken out as the problem says.

    Free weights are always at their best: by the theorem of Frisch, Waugh and Lovell that is least squares on what the
    other features leave of X and y.
    """
    table = library.table_of(problem)
    if isinstance(problem, SyntheticRegression) or table is None:
        return (
            regression_sample(problem) if isinstance(problem, SyntheticRegression) else (np.zeros((1, 2)), np.zeros(1))
        )
    made = design(problem, table)
    X, y, others = made.matrix[:, :2], made.response, made.matrix[:, 2:]
    if problem.others == "free" and others.shape[1]:
        left = [least_squares(others, one).minimiser for one in (*X.T, y)]
        return X - others @ np.stack(left[:2], axis=1), y - others @ left[2]
    if problem.others == "fixed":
        return X, y - others @ least_squares(made.matrix, y).minimiser[2:]
    return X, y
