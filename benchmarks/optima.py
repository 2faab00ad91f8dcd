"""The constrained optimum in the plane: this project, SciPy's SLSQP and compiled CVXPY, each at its own accuracy."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.geometry import (
    L1,
    Constrained,
    Logistic,
    Loss,
    SquaredL2,
    certified_plane_optimum,
    least_squares,
    plane_optimum,
    solve,
)
from benchmarks import peers, samples
from benchmarks.references import error, on_boundary
from benchmarks.samples import Array
from benchmarks.table import Row, errors, faster
from benchmarks.timing import Contender, Pace, medians

CHECKED = 8  # of how many radii the errors are measured
BALLS = {"l1": "L1 ball", "squared_l2": "L2 ball"}


@dataclass(frozen=True, eq=False)
class Case:
    """One loss with a constraint, solved by everyone.

    Attributes:
        name: as the table says it.
        radii: t, all so small that the constraint acts.
        references: the optima of every eighth radius, to the last digits.
        answers: by contender, a function from a radius to the weights (2,).
        timed: by contender, what is timed and its inputs.
        targets: how many times faster than SLSQP and CVXPY each of ours must be.
    """

    name: str
    radii: Array
    references: list[Array]
    answers: dict[str, Callable[[float], Array]]
    timed: list[Contender]
    targets: dict[str, tuple[float, float]]

    def errors(self) -> dict[str, float]:
        """The largest error of each contender over the checked radii."""
        checked = list(zip(self.radii[::CHECKED], self.references, strict=True))
        return {
            name: max(error(answer(float(t)), reference) for t, reference in checked)
            for name, answer in self.answers.items()
        }

    def rows(self, pace: Pace) -> list[Row]:
        """Everyone measured together."""
        took, wrong = medians(self.timed, pace), self.errors()
        return [
            faster(f"{self.name}{words}", peer, took[ours], took[theirs], target, errors(wrong[ours], wrong[theirs]))
            for ours, words in (("optimum", ""), ("certified", ", with certificate"))
            if ours in took
            for theirs, peer, target in zip(
                ("slsqp", "cvxpy"), ("SciPy SLSQP", "compiled CVXPY"), self.targets[ours], strict=True
            )
        ]


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Solution may be inaccurate")  # CVXPY's own accuracy, shown beside
        return [row for case in cases() for row in case.rows(pace)]


def cases() -> list[Case]:
    """Least squares and logistic, in the ball with corners and in the round one."""
    return [made(norm) for made in (least_squares_case, logistic_case) for norm in BALLS]


def least_squares_case(norm: str) -> Case:
    """From the statistics XᵀX and Xᵀy, which every contender gets."""
    X = samples.design(442)
    loss = least_squares(X, samples.response(X))
    H, minimiser = np.array(loss.curvature), np.array(loss.minimiser)
    regularizer = L1() if norm == "l1" else SquaredL2()
    radii, evaluate = _radii(minimiser, norm), peers.quadratic(H, minimiser)
    ours = {
        "optimum": lambda t: np.array(plane_optimum(loss, regularizer, Constrained(t))[:2]),
        "certified": lambda t: np.array(certified_plane_optimum(loss, regularizer, Constrained(t))[:2]),
    }
    theirs = _peers(evaluate, peers.quadratic_expression(H, minimiser), norm)
    forms = [Constrained(t) for t in radii.tolist()]
    timed = [
        Contender("optimum", lambda form: plane_optimum(loss, regularizer, form), forms),
        Contender("certified", lambda form: certified_plane_optimum(loss, regularizer, form), forms),
        *_timed(theirs, radii),
    ]
    targets = {"optimum": (100.0, 500.0), "certified": (30.0, 150.0)}
    name = f"least squares, {BALLS[norm]}"
    return Case(name, radii, _references(evaluate, norm, radii), {**ours, **theirs}, timed, targets)


def logistic_case(norm: str) -> Case:
    """n = 1,000: every contender passes over the data. Ours always comes with its certificate."""
    X = samples.design(1000)
    labels = samples.classes(X)
    loss: Loss = Logistic(X, labels)
    regularizer = L1() if norm == "l1" else SquaredL2()
    radii, evaluate = _radii(np.array(loss.minimum.weights), norm), peers.logistic(X, labels)
    theirs = _peers(evaluate, peers.logistic_expression(X, labels), norm)
    forms = [Constrained(t) for t in radii.tolist()]
    timed = [Contender("certified", lambda form: solve(loss, regularizer, form), forms), *_timed(theirs, radii)]
    ours = {"certified": lambda t: solve(loss, regularizer, Constrained(t)).weights}
    name = f"logistic, n = 1,000, {BALLS[norm]}"
    targets = {"certified": (5.0, 80.0)}
    return Case(name, radii, _references(evaluate, norm, radii), {**ours, **theirs}, timed, targets)


def _radii(minimiser: Array, norm: str) -> Array:
    return np.asarray(samples.SHARES * np.linalg.norm(minimiser, 1 if norm == "l1" else 2))


def _peers(
    evaluate: Callable[[Array], tuple[float, Array]], expression: Callable[..., object], norm: str
) -> dict[str, peers.Solver]:
    return {"slsqp": peers.slsqp(evaluate, norm), "cvxpy": peers.compiled(expression, norm)}


def _timed(solvers: dict[str, peers.Solver], radii: Array) -> list[Contender]:
    return [Contender(name, solver, radii.tolist()) for name, solver in solvers.items()]


def _references(evaluate: Callable[[Array], tuple[float, Array]], norm: str, radii: Array) -> list[Array]:
    return [on_boundary(lambda w: evaluate(w)[0], lambda w: evaluate(w)[1], norm, float(t)) for t in radii[::CHECKED]]
