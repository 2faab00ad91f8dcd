"""Runs: some networks in training side by side, as a value that can be paused, moved, resumed, rewound and compared.

`advance(run, steps) -> (run, frame)` is all there is to training: it changes nothing that it is given, the same run
gives the same bytes however it is cut into chunks, and what can be pickled can go on in another process.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.geometry import Outcome
from app.networks.activations import Array
from app.networks.frames import Frame, frame_of
from app.networks.learners import Learner, begin_learning
from app.networks.settings import Setting
from app.networks.tasks import Task
from app.networks.trainers import Trainer, kinship


@dataclass(frozen=True, eq=False)
class Run:
    """Networks that learn one task: one for each setting.

    Attributes:
        task: what they learn.
        learners: where each of them is.
        limit: the steps after which it is finished; None for no end.
    """

    task: Task
    learners: tuple[Learner, ...]
    limit: int | None = None

    @property
    def going(self) -> bool:
        """Whether anybody still learns."""
        return any(learner.outcome is None for learner in self.learners)

    @property
    def step(self) -> int:
        """The steps that those have taken who have taken the most."""
        return max(learner.step for learner in self.learners)


def begin(
    task: Task, settings: Sequence[Setting], limit: int | None = None, initials: Sequence[Array] | None = None
) -> Run:
    """Networks before their first step.

    Args:
        task: what they learn; where each has examples of its own, as many as there are settings.
        settings: one for each network: a comparison, a sweep, or many seeds.
        limit: the number of steps after which it is finished.
        initials: parameters (P,) to begin from instead of those that are drawn.

    Raises:
        ValueError: the task and a setting do not fit each other.
    """
    for setting in settings:
        _fits(task, setting, len(settings))
    starts = initials if initials is not None else [None] * len(settings)
    learners = (begin_learning(setting, start) for setting, start in zip(settings, starts, strict=True))
    return Run(task, tuple(learners), limit)


def advance(run: Run, steps: int) -> tuple[Run, Frame]:
    """So many steps further, fewer for those who end before, and a picture of all."""
    learners = list(run.learners)
    goal = run.step + steps if run.limit is None else min(run.step + steps, run.limit)
    while places := _kin(run.task, learners, goal):
        trainer = Trainer([learners[i] for i in places], run.task.only(places))
        for i, learner in zip(places, trainer.train(goal), strict=True):
            learners[i] = learner
    after = replace(run, learners=tuple(_finished(learner, run.limit) for learner in learners))
    return after, frame_of(after.task, after.learners)


def change(run: Run, settings: Sequence[Setting]) -> Run:
    """The same networks, trained from here on as these settings say: rates, strengths, dropout, whatever is no outset.

    Raises:
        ValueError: an architecture, an initial, a seed or a precision is another one; or they do not fit the task.
    """
    for setting in settings:
        _fits(run.task, setting, len(run.learners))
    pairs = zip(run.learners, settings, strict=True)
    return replace(run, learners=tuple(learner.under(setting) for learner, setting in pairs))


def rewind(run: Run) -> Run:
    """Before the first step again: the same initial weights, the settings as they are now."""
    return begin(
        run.task, [one.setting for one in run.learners], run.limit, [one.initial for one in run.learners]
    )  # fmt: skip


def _kin(task: Task, learners: Sequence[Learner], goal: int) -> list[int]:
    """The places of the first who still has steps to go, and of all who can take them with it; none at the goal."""
    going = [i for i, one in enumerate(learners) if one.outcome is None and one.step < goal]
    if not going:
        return []
    first = kinship(learners[going[0]], task)
    return [i for i in going if kinship(learners[i], task) == first]


def _finished(learner: Learner, limit: int | None) -> Learner:
    if limit is None or learner.outcome is not None or learner.step < limit:
        return learner
    return replace(learner, outcome=Outcome("out_of_steps", f"Finished: all {limit:,} steps are taken."))


def _fits(task: Task, setting: Setting, models: int) -> None:
    sizes, largest = setting.architecture.sizes, float(np.finfo(setting.precision).max)
    for examples in filter(None, (task.training, task.validation)):
        ends = examples.inputs.shape[-1], examples.targets.shape[-1]
        if ends != (sizes[0], sizes[-1]):
            raise ValueError(f"the network has {sizes[0]} inputs and {sizes[-1]} outputs, the examples {ends}")
        if max(np.abs(examples.inputs).max(), np.abs(examples.targets).max()) > largest:
            raise ValueError(f"{setting.precision} precision holds no number above {largest:.3g}: scale the examples")
        if examples.own and len(examples.inputs) != models:
            raise ValueError(f"{len(examples.inputs)} samples for {models} networks")
    if setting.patience is not None and task.validation is None:
        raise ValueError("patience watches the validation loss: the task needs validation examples")
