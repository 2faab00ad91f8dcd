"""A small network trained once, with all its parameters on the way: what every picture of this page is about."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.data.lessons import Lesson
from app.data.library import Library
from app.data.patterns import InThePlane
from app.figures.marks import Array
from app.geometry import Outcome
from app.knobs import Refused
from app.labs.film import MOMENTS
from app.labs.training.layers import Hidden, units
from app.networks import (
    AnyActivation,
    Architecture,
    Penalty,
    Projected,
    Setting,
    Unconstrained,
    advance,
    begin,
    evaluate,
)

Bound = Unconstrained | Projected

MOST_PARAMETERS = 5000
FAR = 1e6  # a cost beyond which a path is not worth a picture


@dataclass(frozen=True, eq=False)
class Trained:
    """A network and the way it took.

    Attributes:
        lesson: what it was taught.
        setting: how.
        path: (T, P) its parameters at moments 0, 1, …; fewer than MOMENTS + 1 if it diverged: up to where that shows.
        costs: (T,) its mean cost there, and with the penalty.
        objectives: (T,) with the penalty.
        outcome: how the training ended.
    """

    lesson: Lesson
    setting: Setting
    path: Array
    costs: Array
    objectives: Array
    outcome: Outcome

    @property
    def architecture(self) -> Architecture:
        """Of the network."""
        return self.setting.architecture

    @property
    def last(self) -> Array:
        """The trained network (P,)."""
        return np.asarray(self.path[-1])

    def valued(self, parameters: Array) -> tuple[Array, Array]:
        """Cost and cost with penalty (S,) of networks (S, P)."""
        cost, _ = evaluate(self.architecture, parameters, self.lesson.task.training)
        return cost, cost + self.setting.penalty.value(self.architecture, parameters)


def architecture(hidden: Hidden, activation: AnyActivation) -> Architecture:
    """Two inputs, one output. Refused above the bound of this page."""
    made = Architecture((2, *units(hidden), 1), activation)
    if made.parameters > MOST_PARAMETERS:
        reason = f"this network has {made.parameters:,} parameters; this page keeps its whole way, so at most "
        raise Refused(("hidden", f"{reason}{MOST_PARAMETERS:,} are possible: take fewer layers or units"))
    return made


def trained(
    library: Library, pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int,
    steps: int, l2: float, constraint: Bound, seed: int,
) -> Trained:  # fmt: skip
    """Train it in one go, and keep where it was at each moment."""
    lesson = library.taught(pattern)
    setting = Setting(
        architecture(hidden, activation), rate=rate, batch=batch, penalty=Penalty(l2=l2), constraint=constraint,
        seed=seed,
    )  # fmt: skip
    run = begin(lesson.task, [setting], steps)
    path = [run.learners[0].parameters]
    for moment in range(1, MOMENTS + 1):
        run, _ = advance(run, round(steps * moment / MOMENTS) - run.step) if run.going else (run, None)
        path.append(run.learners[0].parameters)
    outcome = run.learners[0].outcome or Outcome("out_of_steps", f"Finished: all {steps:,} steps are taken.")
    return _cut(Trained(lesson, setting, np.stack(path), np.empty(0), np.empty(0), outcome))


def _cut(found: Trained) -> Trained:
    """Its costs, and only what can be drawn: up to the first moment at which the cost is beyond all bounds."""
    costs, objectives = found.valued(found.path)
    beyond = np.flatnonzero(~(objectives <= FAR))
    count = max(2, int(beyond[0]) if len(beyond) else len(costs))
    return Trained(
        found.lesson, found.setting, found.path[:count], costs[:count], objectives[:count], found.outcome
    )  # fmt: skip


def training_milliseconds(
    pattern: InThePlane, hidden: Hidden, activation: AnyActivation, batch: int, steps: int, **_: Any
) -> float:
    """The steps, and a cost at each moment."""
    made, rows = architecture(hidden, activation), max(1.0, pattern.rows * pattern.share / 100)
    each = 0.04 + 0.012 * len(made.hidden) + 4e-7 * made.multiplications(min(batch, round(rows)))
    return 4.0 + steps * each + MOMENTS * (0.4 + 6e-7 * made.multiplications(round(rows)) / 3)
