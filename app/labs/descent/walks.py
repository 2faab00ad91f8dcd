"""The walks of the lab on descent: computed once for all frames, each with the goal that its penalty sets it."""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Problem
from app.geometry import (
    L1,
    AdamW,
    Array,
    Constrained,
    Penalised,
    Quadratic,
    SquaredL2,
    Trajectory,
    descend_coordinates,
    solve,
    walk,
)
from app.labs.descent import walkers
from app.labs.descent.walkers import AnyWalker, CoordinateDescent, Pull, Walking

POSITIONS = 200  # of the slider that plays
BUDGET = 420.0  # milliseconds that all walks may take together: where a step costs more, they end sooner
FEWEST = 20  # steps that are walked whatever they cost


@dataclass(frozen=True, eq=False)
class Walk:
    """One walker's way.

    Attributes:
        place: which of the six, from 1.
        walking: its knobs.
        title: what it is, in words.
        rate: η.
        amount: the strength α, or the radius t.
        trajectory: where it was.
        goal: the optimum that its penalty or its ball asks for; None where there is none.
    """

    place: int
    walking: Walking
    title: str
    rate: float
    amount: float
    trajectory: Trajectory
    goal: Array | None

    @property
    def role(self) -> str:
        """Its colour and dash."""
        return f"walker_{self.place}"

    @property
    def name(self) -> str:
        """Its number and what it is."""
        return f"{self.place} {self.title}"

    def at(self, moment: int, stride: int) -> int:
        """The step it is at; its last one if it has ended."""
        return min(moment * stride, self.trajectory.steps)

    @property
    def missed(self) -> float | None:
        """How far from its goal it ended."""
        return None if self.goal is None else float(np.hypot(*(self.trajectory.weights[-1] - self.goal)))


def walked(
    library: Library, problem: Problem, start: tuple[float, float], crew: tuple[AnyWalker, ...], pull: Pull, seed: int,
    stride: int,
) -> tuple[Walk, ...]:  # fmt: skip
    """All walks of a page; pure, for `Library.once`."""
    posed = library.pose(problem)
    present = [(place, one) for place, one in enumerate(crew, start=1) if isinstance(one, Walking)]
    begun, steps = walkers.direction(start, posed), allowed(posed, crew, stride)
    trajectories = _trajectories(library, problem, [one for _, one in present], begun, pull, seed, steps)
    return tuple(
        Walk(
            place,
            one,
            walkers.title(one),
            walkers.rate(posed, one),
            pull.amount(posed, one.update),
            trajectory,
            _goal(posed, one, pull),
        )
        for (place, one), trajectory in zip(present, trajectories, strict=True)
    )


def step_milliseconds(posed: Posed, crew: tuple[AnyWalker, ...]) -> float:
    """What one step of all costs: each rule a little, and passes over the rows where J is not quadratic.

    Measured on two cores with six walkers: 1.5 ms on 5,000 rows, 2 ms on 569 rows with 29 free weights.
    """
    present = [one for one in crew if isinstance(one, Walking)]
    if isinstance(posed.loss, Quadratic):
        return 0.02 * len(present)
    free = max(1, posed.weights - 1)  # the intercept and the other weights, solved for at each step
    passes = sum(4 if isinstance(one.rule, CoordinateDescent) else 1 for one in present)  # on its own, not in a batch
    return 0.35 + 0.02 * len(present) + posed.rows * passes * (2.6e-5 + 8e-7 * free**2)


def allowed(posed: Posed, crew: tuple[AnyWalker, ...], stride: int) -> int:
    """How many steps the walkers take."""
    return min(POSITIONS * stride, max(FEWEST, int(BUDGET / max(step_milliseconds(posed, crew), 1e-3))))


def shortened(posed: Posed, crew: tuple[AnyWalker, ...], stride: int) -> str:
    """Why they take fewer steps than the slider has; empty where they do not."""
    steps, count = allowed(posed, crew, stride), sum(isinstance(one, Walking) for one in crew)
    if steps == POSITIONS * stride:
        return ""
    return (
        f"Each step takes {count} walkers over {posed.rows:,} rows, so that the walks end after {steps} steps already."
    )


def _trajectories(
    library: Library, problem: Problem, present: list[Walking], begun: Array, pull: Pull, seed: int, steps: int
) -> list[Trajectory]:
    """Those that follow gradients in one batch; coordinate descent on its own."""
    posed = library.pose(problem)
    made = [walkers.walker(posed, one, pull, seed + i) for i, one in enumerate(present)]
    batches = any(one is not None and one.batch is not None for one in made)
    rows = library.once(walkers.rows, problem) if batches else None
    together = iter(walk(posed.loss, [one for one in made if one is not None], begun, steps, rows))
    return [
        next(together) if one is not None else _by_coordinates(posed, walking, begun, pull, steps)
        for one, walking in zip(made, present, strict=True)
    ]


def _by_coordinates(posed: Posed, walking: Walking, begun: Array, pull: Pull, steps: int) -> Trajectory:
    """Each weight goes to its best place, so it is all the same how a penalty would enter a gradient step."""
    amount = pull.amount(posed, walking.update)
    if walking.update == "projection":
        return descend_coordinates(posed.loss, begun, steps, within=lambda w: pull.ball.project(w, amount))
    ratio = 0.0 if walking.update in ("l2_gradient", "decoupled") else 1.0
    return descend_coordinates(posed.loss, begun, steps, amount, ratio)


def _goal(posed: Posed, walking: Walking, pull: Pull) -> Array | None:
    """The optimum of J with this walker's penalty or in its ball."""
    amount = pull.amount(posed, walking.update)
    match walking.update:
        case "projection":
            return solve(posed.loss, pull.ball, Constrained(amount)).weights
        case "l1_sign" | "l1_prox":
            return solve(posed.loss, L1(), Penalised(amount)).weights
        case _:
            own = walking.rule.decay if isinstance(walking.rule, AdamW) else 0.0
            return solve(posed.loss, SquaredL2(), Penalised(amount + own)).weights
