"""Which hidden units are dead: they say the same whatever they are shown.

A unit is dead when its activation varies by less than `SILENT` (standard deviation over all samples that are trained
on). Two ways lead there. A penalty starves it: its incoming weights have a norm below `STARVED`. Or it is stuck: the
weights are there, but a ReLU is 0 for every sample (and gets no gradient any more), a tanh or sigmoid is saturated, or
nothing that varies arrives from below.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.passes import Passes
from app.networks.tasks import Examples

SILENT = 0.01
STARVED = 0.05


class Vitality(NamedTuple):
    """The hidden units of networks, layer by layer.

    Attributes:
        spreads: (…, h) the standard deviation of each unit's activation over the samples.
        starved: (…, h) dead, without incoming weights to speak of.
        stuck: (…, h) dead, with incoming weights.
    """

    spreads: list[Array]
    starved: list[NDArray[np.bool_]]
    stuck: list[NDArray[np.bool_]]

    @property
    def dead(self) -> Array:
        """(…) how many hidden units are dead."""
        both = [(one | other).sum(axis=-1) for one, other in zip(self.starved, self.stuck, strict=True)]
        return np.asarray(sum(both))


def vitality(architecture: Architecture, parameters: Array, examples: Examples) -> Vitality:
    """Who is alive among the hidden units of networks with parameters (…, P), on all these samples, nobody dropped."""
    stacked = parameters.reshape(-1, architecture.parameters)
    passes = Passes(architecture, len(stacked), examples.count)
    passes.parameters[...] = stacked
    passes.forward(examples.columns()[0][None])
    lead = parameters.shape[:-1]
    spreads = [one.std(axis=-1).reshape(*lead, -1) for one in passes.activations]
    weights = architecture.weights(parameters)[:-1]
    thin = [np.sqrt((one * one).sum(axis=-1)) < STARVED for one in weights]
    silent = [one < SILENT for one in spreads]
    starved = [quiet & light for quiet, light in zip(silent, thin, strict=True)]
    stuck = [quiet & ~light for quiet, light in zip(silent, thin, strict=True)]
    return Vitality(spreads, starved, stuck)
