"""Thinned networks: dropout trains one of 2^h networks at each step, and tests with one that stands for them all.

The network at test, its outgoing weights scaled by the share q that is kept (or the survivors divided by q in
training), says what the thinned ones say on average only if all that follows the masks is affine: a linear model, or
one hidden layer and a linear output. Else it is an approximation. Srivastava et al. (2014), §4 and §7.5; Deep Learning
(2016), §7.12, eq. 7.56-7.66.
"""

from typing import NamedTuple

import numpy as np

from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.dropouts import AnyDropout
from app.networks.measures import forward

MOST_HIDDEN = 12  # hidden units in all whose masks are counted out: 4,096 networks
_ROWS = 4096  # samples of a batch whose buffers stay in the cache


class Thinned(NamedTuple):
    """What thinned networks say.

    Attributes:
        masks: (M, h) 1 where a hidden unit takes part, all hidden layers side by side.
        chances: (M,) the probability of each.
        outputs: (M, n, n_out).
    """

    masks: Array
    chances: Array
    outputs: Array

    @property
    def mean(self) -> Array:
        """(n, n_out) the expectation over the masks."""
        return np.asarray(np.tensordot(self.chances, self.outputs, axes=1))

    @property
    def deviation(self) -> Array:
        """(n, n_out) the standard deviation over the masks."""
        away = (self.outputs - self.mean) ** 2
        return np.sqrt(np.tensordot(self.chances, away, axes=1))


def every_mask(hidden: int, keep: float) -> tuple[Array, Array]:
    """All 2^h masks (2^h, h) of h hidden units, and the probability (2^h,) of each.

    Raises:
        ValueError: for more than `MOST_HIDDEN` units.
    """
    if hidden > MOST_HIDDEN:
        raise ValueError(f"{hidden} hidden units have 2^{hidden} masks: at most {MOST_HIDDEN} units can be counted out")
    masks = ((np.arange(2**hidden)[:, None] >> np.arange(hidden)) & 1).astype(float)
    kept = masks.sum(axis=1)
    return masks, np.asarray(keep**kept * (1.0 - keep) ** (hidden - kept))


def all_thinned(architecture: Architecture, parameters: Array, inputs: Array, dropout: AnyDropout) -> Thinned:
    """Every thinned network of parameters (P,) at inputs (n, d), as it is in training; inputs are all kept."""
    masks, chances = every_mask(sum(architecture.hidden), dropout.shares[1])
    return Thinned(masks, chances, thinned(architecture, parameters, inputs, dropout, masks))


def some_thinned(
    architecture: Architecture, parameters: Array, inputs: Array, dropout: AnyDropout, masks: int, seed: int
) -> Thinned:
    """So many of them, drawn as training draws them, each of the same weight: Monte Carlo."""
    hidden = sum(architecture.hidden)
    drawn = (np.random.default_rng(seed).random((masks, hidden)) < dropout.shares[1]).astype(float)
    outputs = thinned(architecture, parameters, inputs, dropout, drawn)
    return Thinned(drawn, np.full(masks, 1.0 / masks), outputs)


def thinned(architecture: Architecture, parameters: Array, inputs: Array, dropout: AnyDropout, masks: Array) -> Array:
    """What the thinned networks of masks (M, h) say (M, n, n_out) of inputs (n, d) in training."""
    together = max(1, _ROWS // max(1, len(inputs)))
    blocks = [masks[start : start + together] for start in range(0, len(masks), together)]
    return np.concatenate([_block(architecture, parameters, inputs, dropout, block) for block in blocks])


def _block(architecture: Architecture, parameters: Array, inputs: Array, dropout: AnyDropout, masks: Array) -> Array:
    """Some of them, as one batch of samples: every input once for each mask."""
    factor = dropout.training_factor(dropout.shares[1])
    rows = np.repeat(masks * factor, len(inputs), axis=0)
    layers = np.split(rows, np.cumsum(architecture.hidden)[:-1], axis=1) if architecture.hidden else []
    said = forward(architecture, parameters, np.tile(inputs, (len(masks), 1)), layers)
    return np.asarray(said.reshape(len(masks), len(inputs), -1))
