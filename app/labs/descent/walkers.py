"""Who walks in the lab on descent: the knobs of one walker, and what they mean on a problem in absolute numbers.

A step of s means η = s/L, so that 2 is where gradient descent stops to converge; for a rule whose η is a length it
means s twentieths of the picture's width. Strengths are shares of what is natural for their penalty (see `scales`).
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from app.data.designs import design
from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Bowl, Problem, Regression, SyntheticRegression
from app.data.synthetic import regression_sample
from app.geometry import (
    L1,
    AdamW,
    AnyOptimizer,
    AnyUpdate,
    Array,
    Convex,
    Momentum,
    Nesterov,
    Projection,
    Quadratic,
    Rows,
    SquaredL2,
    SquaredRows,
    Walker,
    least_squares,
    rows_of,
)
from app.geometry.spectra import orthonormal_columns
from app.knobs import Knobs, Real, knob
from app.labs.sight.scales import scale

MOST = 6
WALKER_NAMES = tuple(f"walker_{i}" for i in range(1, MOST + 1))
LENGTH_UNIT = 20.0  # a step of 1 is this part of the picture's width, where η is a length

UpdateKind = Literal["none", "l2_gradient", "decoupled", "l1_sign", "l1_prox", "projection"]
UPDATES: dict[str, type[AnyUpdate]] = {str(one.model_fields["kind"].default): one for one in get_args(AnyUpdate)}
UPDATE_WORDS = {kind: str(one.model_config.get("title")) for kind, one in UPDATES.items()}
SHORT = {"gradient_descent": "GD", "nesterov": "Nesterov", "coordinate_descent": "Coordinates"}
SHORT_UPDATES: dict[UpdateKind, str] = {
    "none": "", "l2_gradient": "L2 in gradient", "decoupled": "decoupled decay", "l1_sign": "L1 sign",
    "l1_prox": "L1 threshold", "projection": "ball",
}  # fmt: skip
BatchSize = Literal["all", "1", "4", "16", "64"]
BATCH_WORDS = {"all": "all rows", "1": "1 row", "4": "4 rows", "16": "16 rows", "64": "64 rows"}


class CoordinateDescent(Knobs, title="Coordinate descent"):
    """One weight at a time to its best place, the others held: no step to choose."""

    kind: Literal["coordinate_descent"] = "coordinate_descent"


Rule = AnyOptimizer | CoordinateDescent


class Absent(Knobs, title="nobody"):
    """No walker."""

    kind: Literal["absent"] = "absent"


class Walking(Knobs, title="a walker"):
    """A rule, its step, how a penalty enters it, and what its gradient is taken over."""

    kind: Literal["walking"] = "walking"
    rule: Rule = knob(
        AnyOptimizer.__args__[0](), label="Rule", discriminator="kind", help="How gradients become steps."
    )  # fmt: skip
    step: Real = knob(
        1.0, label="Step", symbol="η·L", ge=1e-4, le=1000, soft=(0.01, 10), scale="log", step=0.02,
        help="The step times the largest curvature L: above 2 gradient descent diverges. For RMSProp and Adam, whose "
        "step is a length, η in twentieths of the picture's width.",
    )  # fmt: skip
    update: UpdateKind = knob(
        "none", label="Penalty", choices=UPDATE_WORDS,
        help="How the strength or the ball below enters this walker's steps.",
    )  # fmt: skip
    batch: BatchSize = knob(
        "all", label="Rows for each step", choices=BATCH_WORDS,
        help="Stochastic descent: the gradient of a few rows drawn at random at each step instead of all.",
    )  # fmt: skip


AnyWalker = Absent | Walking


@dataclass(frozen=True)
class Pull:
    """What the shared knobs give to whoever uses them: a strength, the ball, and its radius, all relative."""

    strength: float
    ball: Convex
    radius: float

    def amount(self, posed: Posed, kind: UpdateKind) -> float:
        """The absolute strength α, or radius t, of an update."""
        match kind:
            case "none":
                return 0.0
            case "projection":
                return scale(posed, self.ball).radius(self.ball, self.radius)
            case "l1_sign" | "l1_prox":
                return self.strength * scale(posed, L1()).strength
            case _:
                return self.strength * scale(posed, SquaredL2()).strength

    def update(self, kind: UpdateKind) -> AnyUpdate:
        """The update of that kind."""
        return Projection(regularizer=self.ball) if kind == "projection" else UPDATES[kind]()


def curvature(posed: Posed) -> float:
    """L, or 1 where J is flat."""
    return posed.loss.smoothness or 1.0


def rate(posed: Posed, walking: Walking) -> float:
    """The absolute η."""
    if isinstance(walking.rule, CoordinateDescent):
        return 1.0 / curvature(posed)
    if walking.rule.scale_free:
        return walking.step * (posed.window[1] - posed.window[0]) / LENGTH_UNIT
    return walking.step / curvature(posed)


def walker(posed: Posed, walking: Walking, pull: Pull, seed: int) -> Walker | None:
    """The walker of geometry; None for coordinate descent, which is no gradient rule."""
    if isinstance(walking.rule, CoordinateDescent):
        return None
    batch = None if walking.batch == "all" or not posed.rows else int(walking.batch)
    amount = pull.amount(posed, walking.update)
    return Walker(walking.rule, rate(posed, walking), pull.update(walking.update), amount, batch, seed)


def title(walking: Walking) -> str:
    """A walker in a few words, what tells it from others first."""
    rule = walking.rule
    fista = isinstance(rule, Nesterov) and rule.schedule == "fista"
    short = "FISTA" if fista else SHORT.get(rule.kind, str(type(rule).model_config.get("title")))
    batch = [BATCH_WORDS[walking.batch]] if walking.batch != "all" else []
    return " + ".join([short, *([SHORT_UPDATES[walking.update]] if walking.update != "none" else []), *batch])


def remarks(walkers: tuple[AnyWalker, ...], problem: Problem) -> str:
    """What of the choices does not exist, and what is done instead."""
    present = [one for one in walkers if isinstance(one, Walking) and one.batch != "all"]
    said = []
    if present and isinstance(problem, Bowl):
        said.append("A bowl has no rows to draw from: every step takes the whole gradient.")
    elif any(isinstance(one.rule, CoordinateDescent) for one in present):
        said.append("Coordinate descent takes all rows at each step.")
    return " ".join([*said, *_elsewhere(walkers)])


def _elsewhere(walkers: tuple[AnyWalker, ...]) -> list[str]:
    """Who settles elsewhere than at the optimum of its penalty, and why."""
    said, present = [], [(i, one) for i, one in enumerate(walkers, start=1) if isinstance(one, Walking)]
    beside = [(i, one) for i, one in present if one.update in ("decoupled", "l1_prox")]
    heavy = [f"{i}" for i, one in beside if isinstance(one.rule, Momentum) and one.rule.momentum > 0.0]
    if heavy:
        said.append(
            f"Walker {' and '.join(heavy)}: beside momentum α counts as (1 − β)α, so that it ends nearer to ŵ than its "
            "goal is."
        )
    own = [(i, one) for i, one in present if isinstance(one.rule, AdamW) and one.rule.decay > 0.0]
    divided = [
        f"{i}"
        for i, one in present
        if (i, one) in own
        or ((i, one) in beside and not isinstance(one.rule, CoordinateDescent) and one.rule.scale_free)
    ]
    if divided:
        said.append(
            f"Walker {' and '.join(divided)}: the slope is divided by √v̂, the size of recent gradients, the penalty "
            "beside it is not, so that it ends elsewhere than at its goal."
        )
    return said


def rows(library: Library, problem: Problem) -> Rows | None:
    """The samples behind J, as minibatches need them; None for a bowl."""
    posed = library.pose(problem)
    if not isinstance(posed.loss, Quadratic):
        return rows_of(posed.loss)
    match problem:
        case SyntheticRegression():
            return SquaredRows(*regression_sample(problem))
        case Regression():
            made = design(problem, library.table(problem.dataset))
            return _two_columns(made.matrix, made.response, problem.others == "fixed")
        case _:
            return None


def _two_columns(X: Array, y: Array, held: bool) -> SquaredRows:
    """Rows of the first two columns; the others held at the optimum of all, or what they can say taken out."""
    first, rest = X[:, :2], X[:, 2:]
    if not rest.size:
        return SquaredRows(first, y)
    if held:
        found = least_squares(X, y).minimiser
        return SquaredRows(first, y - rest @ found[2:])
    basis = orthonormal_columns(rest)[0]  # Frisch, Waugh and Lovell
    return SquaredRows(first - basis @ (basis.T @ first), y - basis @ (basis.T @ y))


def direction(start: tuple[float, float], posed: Posed) -> Array:
    """The start in weights, from shares of half the picture's width."""
    return np.array(start) * posed.window[1]
