"""Patience: how long a learner may go on without a new lowest validation loss. Deep Learning (2016), algorithm 7.1."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.geometry import Outcome, patient_stop
from app.networks.activations import Array
from app.networks.learners import Learner
from app.networks.measures import evaluate
from app.networks.tasks import Task


class Patience:
    """The validation losses of a group of learners, epoch by epoch, and their best parameters.

    The rule of `app.geometry.patience`, kept up step by step: an equal loss is no improvement.
    """

    def __init__(self, learners: Sequence[Learner], task: Task) -> None:
        if task.validation is None:
            raise ValueError("patience watches the validation loss: the task needs validation examples")
        self._learners, self._examples, self._count = learners, task.validation, task.training.count
        self._curves = [list(learner.curve) for learner in learners]
        self._best = [learner.best for learner in learners]
        self._judged = learners[0].judged

    def epoch(self, batch: int) -> int:
        """How many steps show as many samples as there are, about."""
        return -(-self._count // batch)

    def next(self, step: int, batch: int) -> int:
        """The next step at which an epoch ends."""
        length = self.epoch(batch)
        return (step // length + 1) * length

    def due(self, step: int, batch: int) -> bool:
        """Whether an epoch has just ended, or none has been judged yet."""
        fresh = self._judged is None or step > self._judged
        return fresh and (self._judged is None or step % self.epoch(batch) == 0)

    def judge(self, step: int, parameters: Array) -> dict[int, tuple[Outcome, Array]]:
        """Take the validation losses of parameters (S, P); who has no patience left, and its best parameters."""
        architecture = self._learners[0].setting.architecture
        dropouts = [learner.setting.dropout for learner in self._learners]
        self._judged = step
        ended = {}
        for i, loss in enumerate(evaluate(architecture, parameters, self._examples, dropouts)[0]):
            curve, patience = self._curves[i], self._learners[i].setting.patience
            if not curve or loss < min(curve):
                self._best[i] = parameters[i]
            curve.append(float(loss))
            if patience is not None and len(curve) - 1 - curve.index(min(curve)) >= patience:
                ended[i] = Outcome("stopped", patient_stop(curve, patience).sentence), self._best[i]
        return ended

    def kept(self, learner: Learner, i: int) -> Learner:
        """One learner with its curve and its best parameters."""
        return replace(learner, curve=np.array(self._curves[i]), best=self._best[i], judged=self._judged)
