"""One network trained four times side by side: plain, and with each of three cures for gradients gone astray."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from app.data import Pattern
from app.data.library import Library
from app.geometry import Outcome
from app.labs.film import Plan
from app.labs.signal.measured import shown
from app.labs.signal.stack import Stack, built
from app.networks import (
    AnyActivation,
    AnyInitial,
    Examples,
    Frame,
    Projected,
    Run,
    Setting,
    Task,
    gradient,
)
from app.networks.activations import Array
from app.networks.learners import Learner
from app.networks.measures import finite

Cure = Literal["plain", "clip", "norm", "project"]
CURES: Mapping[Cure, str] = {
    "plain": "plain", "clip": "with gradient clipping", "norm": "with layer norm", "project": "with weights projected",
}  # fmt: skip
WATCHED = 50  # samples whose gradient is followed
Scope = Literal["unit", "layer"]


@dataclass(frozen=True, eq=False)
class Noted:
    """What is kept of each moment, by network in the order of `CURES`.

    Attributes:
        steps: that were taken.
        losses: of all samples trained on.
        tests: alike, of the samples held back.
        norms: ‖∂C/∂W‖ of each layer of weights (L,), on `WATCHED` samples.
        spreads: the largest difference between the numbers of two units of one hidden layer.
        outcomes: how each ended; None while it goes on.
    """

    steps: tuple[int, ...]
    losses: tuple[float, ...]
    tests: tuple[float, ...]
    norms: tuple[Array, ...]
    spreads: tuple[float, ...]
    outcomes: tuple[Outcome | None, ...]


def plan(
    pattern: Pattern, depth: int, width: int, widening: float, activation: AnyActivation, initial: AnyInitial,
    samples: int, seed: int, rate: float, batch: int, steps: int, clip: float, radius: float, scope: Scope,
    library: Library,
) -> Plan:  # fmt: skip
    """Gradient descent from the same weights and on the same minibatches, four times."""
    architecture = built(Stack(depth, width, widening, activation), library.taught(pattern))
    plain = Setting(architecture, initial, rate=rate, batch=batch, seed=seed)
    settings = (
        plain,
        replace(plain, clip=clip),
        replace(plain, architecture=replace(architecture, layer_norm=True)),
        replace(plain, constraint=Projected(radius=radius, scope=scope)),
    )
    return Plan(Task(shown(library, pattern, samples), library.taught(pattern).test), settings, steps)


def noted(run: Run, frame: Frame) -> Noted:
    """The record of a moment: a forward and a backward pass of a few samples beside the frame."""
    training = run.task.training
    few = Examples(training.inputs[:WATCHED], training.targets[:WATCHED])
    return Noted(
        tuple(one.step for one in frame.models),
        tuple(one.loss for one in frame.models),
        tuple(one.validation_loss or 0.0 for one in frame.models),
        _norms(run.learners, few),
        tuple(spread(one) for one in run.learners),
        tuple(one.outcome for one in frame.models),
    )


def _norms(learners: tuple[Learner, ...], few: Examples) -> tuple[Array, ...]:
    """‖∂C/∂W‖ (L,) of each network, those of one architecture in one pass."""
    found: dict[int, Array] = {}
    for architecture in dict.fromkeys(one.setting.architecture for one in learners):
        places = [i for i, one in enumerate(learners) if one.setting.architecture == architecture]
        with np.errstate(all="ignore"):
            slopes = gradient(architecture, np.stack([learners[i].parameters for i in places]), few)
            norms = [np.sqrt(np.einsum("soi,soi->s", one, one)) for one in architecture.weights(slopes)]
        found |= dict(zip(places, finite(np.stack(norms, axis=1)), strict=True))
    return tuple(found[i] for i in range(len(learners)))


def spread(learner: Learner) -> float:
    """The largest difference between the weights or biases of two units of one hidden layer; 0 if all are equal."""
    layers = learner.setting.architecture.split(learner.parameters)[:-1]
    return max((float(np.ptp(layer, axis=0).max()) for layer in layers), default=0.0)


def film_milliseconds(planned: Plan, moment: int) -> float:
    """What it costs, about, to roll to a moment: steps of three batches of networks, and what is noted on the way.

    So deep a network of so few units pays for calls, three hundred a step, before it pays for multiplications.
    """
    architecture, samples = planned.settings[0].architecture, planned.task.training.count
    layers, units = len(architecture.sizes) - 1, sum(architecture.sizes)
    batch, watched = min(planned.settings[0].batch, samples), min(WATCHED, samples)
    stepped = 0.4 + 0.1 * layers + 5e-7 * architecture.multiplications(batch) + 1e-4 * batch * units
    noting = 0.8 + 0.2 * layers + 5e-7 * architecture.multiplications(watched) + 1e-4 * (watched + samples) * units
    return planned.step(moment) * stepped + (moment + 1) * noting
