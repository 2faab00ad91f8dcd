"""Training: learners that are alike take their steps together, as one array, until one of them ends.

Arrays that a learner has are never written to, so that the state before a stretch is kept by keeping its arrays, and a
stretch that ends badly is walked again, step by step, to find who went too far, and when.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from app.geometry import Memory, Outcome
from app.networks.activations import Array
from app.networks.constraints import Multiplied, Projected
from app.networks.divergence import Flight, diagnosis
from app.networks.draws import Given, Supply
from app.networks.forces import Forces
from app.networks.learners import Learner
from app.networks.passes import Passes
from app.networks.tasks import Task
from app.networks.waiting import Patience

FAR = 1e6  # times the largest target, at least 1: a parameter beyond is stopped, far from any overflow


class _State(NamedTuple):
    """Where all are: nothing of it is ever written to."""

    parameters: Array
    memory: Memory
    multipliers: Array
    step: int
    seen: int


def kinship(learner: Learner, task: Task) -> tuple[object, ...]:
    """What learners must share to take their steps as one array: all but numbers."""
    setting, constraint = learner.setting, learner.setting.constraint
    scope = constraint.scope if isinstance(constraint, Projected | Multiplied) else ""
    return (
        setting.architecture, setting.rule, min(setting.batch, task.training.count), setting.penalty.l1_update,
        setting.penalty.l2_update, constraint.kind, scope, setting.dropout.kind, setting.patience is None,
        setting.precision, learner.memory.numbers, learner.step, learner.seen, learner.judged,
    )  # fmt: skip


def _sizes(state: _State) -> Array:
    """The largest parameter of each (S,); infinite where what its optimizer remembers has overflowed."""
    sizes = np.abs(state.parameters).max(axis=-1)
    for rows in state.memory.arrays:
        sizes = np.where(np.isfinite(rows).all(axis=-1), sizes, np.inf)
    return np.asarray(sizes)


class Trainer:
    """Learners that are alike, and the buffers in which they take their steps.

    Args:
        learners: of one kinship, none of them ended.
        task: whose examples they share, or theirs alone: one for each, in their order.
    """

    @np.errstate(over="ignore")  # a strength beyond the largest number of its precision is ∞
    def __init__(self, learners: Sequence[Learner], task: Task) -> None:
        self._learners, self._task = learners, task
        settings = [learner.setting for learner in learners]
        self._supply = Supply(settings, task.training)
        self._forces = Forces(settings)
        self._passes = Passes(settings[0].architecture, len(learners), self._supply.batch, settings[0].precision)
        stacked = np.stack([learner.parameters for learner in learners])
        remembered = zip(*(learner.memory.arrays for learner in learners), strict=True)
        memory = Memory(tuple(np.stack(rows) for rows in remembered), learners[0].memory.numbers)
        multipliers = np.stack([learner.multipliers for learner in learners])
        self._state = _State(stacked, memory, multipliers, learners[0].step, learners[0].seen)
        self._limit = FAR * max(1.0, float(np.abs(task.training.targets).max()))
        self._endings: dict[int, tuple[Outcome, Array]] = {}
        self._patience = Patience(learners, task) if settings[0].patience is not None else None
        self._given: list[Given] = []

    def train(self, until: int) -> list[Learner]:
        """All of them after that step, or after an earlier one at which some have ended."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._consider()
            while self._state.step < until and not self._endings:
                self._walk(until)
                self._consider()
        return [self._learner(i) for i in range(len(self._learners))]

    def _walk(self, until: int) -> None:
        """To the end of a stretch, of an epoch that is judged, or of all."""
        before = self._state
        self._given = self._given or self._supply.stretch(before.step, before.seen)
        count = min(len(self._given), until - before.step)
        if self._patience is not None:
            count = min(count, self._patience.next(before.step, self._supply.batch) - before.step)
        taken, self._given = self._given[:count], self._given[count:]
        for given in taken:
            self._state = self._stepped(given)
        if not _sizes(self._state).max() <= self._limit:
            self._find(before, taken)

    def _find(self, before: _State, taken: Sequence[Given]) -> None:
        """Walk a stretch again until the first step that goes too far; who took it ends where it was."""
        self._state = before
        for given in taken:
            last, self._state = self._state, self._stepped(given)
            lost = [i for i, size in enumerate(_sizes(self._state)) if not size <= self._limit]
            for i in lost:
                earlier, ago, moved = (state.parameters[i].astype(float) for state in (before, last, self._state))
                flight = Flight(self._state.step, self._limit, earlier, ago, moved, last.multipliers[i].astype(float))
                sentence = diagnosis(self._learners[i].setting, self._task.training.of(i), flight)
                self._endings[i] = Outcome("diverged", sentence), last.parameters[i]
            if lost:
                return

    def _stepped(self, given: Given) -> _State:
        """One step of all."""
        parameters, memory, multipliers, step, seen = self._state
        passes, forces = self._passes, self._forces
        look = forces.rule.look(parameters, memory)
        passes.parameters[...] = look
        passes.forward(given.inputs, given.masks)
        gradient = forces.pull(passes.backward(given.aims), look, multipliers)
        moved, memory = forces.rule.step(parameters, gradient, memory, forces.rate)
        moved = forces.settle(moved, parameters)
        return _State(moved, memory, forces.follow(multipliers, moved), step + 1, seen + self._supply.batch)

    def _consider(self) -> None:
        """Whether patience has run out, where there is any and an epoch has ended."""
        patience, state = self._patience, self._state
        if patience is None or self._endings or not patience.due(state.step, self._supply.batch):
            return
        for i, (outcome, best) in patience.judge(state.step, state.parameters).items():
            self._endings[i] = outcome, best

    def _learner(self, i: int) -> Learner:
        """One of them, as it is now."""
        state, learner = self._state, self._learners[i]
        outcome, parameters = self._endings.get(i, (None, state.parameters[i]))
        if outcome is None or outcome.kind != "diverged":
            memory = state.memory._replace(arrays=tuple(rows[i] for rows in state.memory.arrays))
            learner = replace(learner, memory=memory, multipliers=state.multipliers[i])
        learner = replace(learner, parameters=parameters, step=state.step, seen=state.seen, outcome=outcome)
        return learner if self._patience is None else self._patience.kept(learner, i)
