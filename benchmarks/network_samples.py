"""What all train alike: networks of these sizes on exclusive or, in batches, alone or many at once, in one precision.

All begin with Xavier's weights. One referee, in double precision, says for all what the networks have learnt.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np

from benchmarks.samples import Array

SIZES, BATCH, MANY = (2, 16, 16, 1), 32, 64
INPUTS: Array = np.random.default_rng(0).standard_normal((1024, 2))
TARGETS: Array = (INPUTS[:, :1] * INPUTS[:, 1:] > 0.0).astype(float)  # xor
EPOCH = len(INPUTS) // BATCH
Precision = Literal["single", "double"]
Layers = list[tuple[Array, Array]]  # weights (n_out, n_in) and biases (n_out,) of one network


class Training(NamedTuple):
    """One way to train, set up and ready.

    Attributes:
        work: what is timed: a training from a seed on; what it gives, the next one reads.
        learnt: the networks in that.
        models: how many there are.
    """

    work: Callable[[int], Any]
    learnt: Callable[[Any], Sequence[Layers]]
    models: int = 1

    def loss(self, seed: int) -> float:
        """The mean cross-entropy of its networks over all samples, after a training from that seed."""
        return float(np.mean([loss(layers) for layers in self.learnt(self.work(seed))]))


def loss(layers: Layers) -> float:
    """The mean cross-entropy over all samples, in double precision."""
    a = INPUTS
    for W, b in layers[:-1]:
        a = np.tanh(a @ np.asarray(W, float).T + b)
    W, b = layers[-1]
    z = a @ np.asarray(W, float).T + b
    return float((np.logaddexp(0.0, z) - TARGETS * z).mean())


def drawn_layers(seed: int, lead: tuple[int, ...], precision: Precision) -> Layers:
    """Xavier's weights and biases of 0, with these leading axes."""
    chance = np.random.default_rng(seed)
    pairs = list(pairwise(SIZES))
    weights = [chance.standard_normal((*lead, o, i)) * (2.0 / (i + o)) ** 0.5 for i, o in pairs]
    return [(W.astype(precision), np.zeros(W.shape[:-1], precision)) for W in weights]


def drawn_batches(steps: int, lead: tuple[int, ...], precision: Precision) -> tuple[Array, Array]:
    """Inputs (steps, …, 32, 2) and targets (steps, …, 32, 1) for peers whose drawing is not counted."""
    picks = np.random.default_rng(0).integers(0, len(INPUTS), (steps, *lead, BATCH))
    return INPUTS.astype(precision)[picks], TARGETS.astype(precision)[picks]
