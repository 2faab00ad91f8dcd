"""What a network says, what that costs, and the gradient: pure functions of parameters (P,) or (S, P)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.dropouts import AnyDropout, NoDropout
from app.networks.passes import Passes
from app.networks.penalties import Penalty
from app.networks.tasks import Examples, with_ones

LARGEST = 1e150  # what is larger, or is no number for having overflowed, is given as this
_ROOM = 2**21  # numbers in one layer's buffer: more models are measured one slab after the other


class Signals(NamedTuple):
    """What runs through a network: by layer, rows of samples (…, n, units).

    Attributes:
        activations: what each hidden layer gives on.
        errors: ∂C/∂z of each layer, the outputs last.
        gradient: (…, P) of the cost.
    """

    activations: list[Array]
    errors: list[Array]
    gradient: Array


def predict(
    architecture: Architecture, parameters: Array, inputs: Array, dropout: AnyDropout = NoDropout()  # noqa: B008
) -> Array:  # fmt: skip
    """What networks say (…, n, n_out) of inputs (n, d) at test."""
    z = _tested(architecture, _stacked(parameters), with_ones(inputs), (dropout,))
    said = architecture.cost.predict(z).swapaxes(-1, -2)
    return said if parameters.ndim == 2 else said[0]


def evaluate(
    architecture: Architecture, parameters: Array, examples: Examples, dropouts: Sequence[AnyDropout] = (NoDropout(),)
) -> tuple[Array, Array | None]:
    """The cost C (…) at test, without penalty, and the share of the classes that is right; None without classes.

    Args:
        architecture: the network.
        parameters: (P,) or (S, P).
        examples: n of them, shared or one sample for each model.
        dropouts: under which the networks were trained: one for all, or S.
    """
    stacked = _stacked(parameters)
    widest = max(architecture.sizes) * examples.count
    size = max(1, _ROOM // widest)
    costs, shares = [], []
    for start in range(0, len(stacked), size):
        slab = slice(start, start + size)
        own = Examples(examples.inputs[slab], examples.targets[slab]) if examples.own else examples
        mine = dropouts[slab] if len(dropouts) > 1 else dropouts
        z = _tested(architecture, stacked[slab], with_ones(own.inputs), mine)
        targets = own.targets.swapaxes(-1, -2)
        costs.append(finite(architecture.cost.value(z, targets)))
        shares.append(architecture.cost.accuracy(z, targets))
    right = None if shares[0] is None else np.concatenate([share for share in shares if share is not None])
    cost = np.concatenate(costs)
    return (cost, right) if parameters.ndim == 2 else (cost[0], None if right is None else right[0])


def gradient(
    architecture: Architecture,
    parameters: Array,
    examples: Examples,
    masks: Sequence[Array] = (),
    penalty: Penalty = Penalty(),  # noqa: B008 (frozen)
) -> Array:
    """The gradient (…, P) of the mean cost, and of the penalty, sgn(0) = 0.

    Args:
        architecture: the network.
        parameters: (P,) or (S, P).
        examples: n of them.
        masks: (…, n, h) by hidden layer, what its activations are multiplied by in training.
        penalty: as it enters the gradient: a decay or a threshold of its own does not.
    """
    return signals(architecture, parameters, examples, masks, penalty).gradient


def signals(
    architecture: Architecture,
    parameters: Array,
    examples: Examples,
    masks: Sequence[Array] = (),
    penalty: Penalty = Penalty(),  # noqa: B008
) -> Signals:
    """Activations, errors and gradient of a forward and a backward pass; arguments as in `gradient`."""
    stacked = _stacked(parameters)
    passes = Passes(architecture, len(stacked), examples.count)
    passes.parameters[...] = stacked
    inputs, targets = examples.columns()
    columns = [mask.swapaxes(-1, -2) for mask in masks]
    passes.forward(_each(inputs), columns)
    passes.backward(_each(targets))
    for update, amount in penalty.updates(architecture):
        passes.gradient += update.slope(stacked, amount)
    place = slice(None) if parameters.ndim == 2 else 0
    active, errors = ([layer.swapaxes(-1, -2)[place] for layer in part] for part in (passes.activations, passes.errors))
    return Signals(active, errors, passes.gradient[place])


def forward(architecture: Architecture, parameters: Array, inputs: Array, masks: Sequence[Array] = ()) -> Array:
    """What networks say (…, n, n_out) in training, their hidden activations multiplied by masks (…, n, h)."""
    stacked = _stacked(parameters)
    passes = Passes(architecture, len(stacked), inputs.shape[-2])
    passes.parameters[...] = stacked
    z = passes.forward(_each(with_ones(inputs).swapaxes(-1, -2)), [mask.swapaxes(-1, -2) for mask in masks])
    said = architecture.cost.predict(z).swapaxes(-1, -2)
    return said if parameters.ndim == 2 else said[0]


def finite(numbers: Array) -> Array:
    """The same, without anything that is no number or too large to draw."""
    return np.clip(np.nan_to_num(numbers, nan=LARGEST), -LARGEST, LARGEST)


def _stacked(parameters: Array) -> Array:
    return parameters if parameters.ndim == 2 else parameters[None]


def _each(columns: Array) -> Array:
    return columns if columns.ndim == 3 else columns[None]


def _tested(architecture: Architecture, stacked: Array, rows: Array, dropouts: Sequence[AnyDropout]) -> Array:
    """z (S, n_out, n) at test, for rows (…, n, d + 1) with ones."""
    factors = np.array([[one.test_factor(keep) for keep in one.shares] for one in dropouts])[:, :, None, None]
    columns = _each(rows.swapaxes(-1, -2))
    if (factors[:, 0] != 1.0).any():
        kept = columns[:, :-1] * factors[:, 0]
        columns = np.concatenate([kept, np.ones((len(kept), 1, kept.shape[-1]))], axis=1)
    masks = [factors[:, 1]] * len(architecture.hidden) if (factors[:, 1] != 1.0).any() else []
    passes = Passes(architecture, len(stacked), columns.shape[-1])
    passes.parameters[...] = stacked
    with np.errstate(over="ignore", invalid="ignore"):
        return passes.forward(columns, masks)
