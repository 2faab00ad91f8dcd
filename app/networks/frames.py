"""Frames: what can be drawn of a run at one moment; everything in it is finite."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.geometry import Outcome
from app.networks.activations import Array
from app.networks.learners import Learner
from app.networks.measures import evaluate, finite
from app.networks.tasks import Examples, Task


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One network at one moment.

    Attributes:
        step: the steps it has taken.
        epoch: the samples it has been given, as a multiple of those there are.
        loss: the mean cost over all training examples, at test (nobody dropped, no noise), without penalty.
        penalty: α_1‖w‖₁ + α_2½‖w‖², to be added for what is minimised.
        accuracy: the share of training examples whose class is right; None without classes.
        validation_loss: as `loss` over the validation examples; None without any.
        validation_accuracy: alike.
        norms: ‖w_j‖₂ of the incoming weights of each unit, by layer.
        multipliers: α of each group of the constraint; (0,) without multipliers.
        outcome: how its training ended; None while it goes on.
    """

    step: int
    epoch: float
    loss: float
    penalty: float
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    norms: tuple[Array, ...]
    multipliers: Array
    outcome: Outcome | None


@dataclass(frozen=True, eq=False)
class Frame:
    """All networks of a run at one moment, in the order of their settings."""

    models: tuple[Snapshot, ...]

    @property
    def step(self) -> int:
        """The steps that those have taken who have taken the most."""
        return max(model.step for model in self.models)


def frame_of(task: Task, learners: Sequence[Learner]) -> Frame:
    """What can be drawn of these learners."""
    training = _evaluated(task.training, learners)
    held_back = [(None, None)] * len(learners) if task.validation is None else _evaluated(task.validation, learners)
    shots = (
        Snapshot(
            step=one.step,
            epoch=one.seen / task.training.count,
            loss=loss,
            penalty=float(finite(one.setting.penalty.value(one.setting.architecture, one.parameters))),
            accuracy=accuracy,
            validation_loss=held_loss,
            validation_accuracy=held_accuracy,
            norms=unit_norms(one),
            multipliers=one.multipliers,
            outcome=one.outcome,
        )
        for one, (loss, accuracy), (held_loss, held_accuracy) in zip(learners, training, held_back, strict=True)
    )
    return Frame(tuple(shots))


def unit_norms(learner: Learner) -> tuple[Array, ...]:
    """‖w_j‖₂ (n_out,) of the incoming weights of each unit, by layer."""
    weights = learner.setting.architecture.weights(learner.parameters)
    return tuple(np.sqrt(np.einsum("oi,oi->o", layer, layer)) for layer in weights)


def _evaluated(examples: Examples, learners: Sequence[Learner]) -> list[tuple[float, float | None]]:
    """Cost and accuracy of each, those of one architecture together."""
    found: dict[int, tuple[float, float | None]] = {}
    for architecture in dict.fromkeys(one.setting.architecture for one in learners):
        places = [i for i, one in enumerate(learners) if one.setting.architecture == architecture]
        parameters = np.stack([learners[i].parameters for i in places])
        dropouts = [learners[i].setting.dropout for i in places]
        costs, right = evaluate(architecture, parameters, examples.only(places), dropouts)
        for row, i in enumerate(places):
            found[i] = float(costs[row]), None if right is None else float(right[row])
    return [found[i] for i in range(len(learners))]
