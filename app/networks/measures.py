"""What a network says, what that costs, and the gradient: pure functions of parameters (P,) or (S, P).

They compute in the precision of the parameters; a cost is summed up in double.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.dropouts import AnyDropout, NoDropout
from app.networks.passes import Passes
from app.networks.penalties import Penalty
from app.networks.tasks import Examples, with_ones

LARGEST = 1e150  # what is larger, or is no number for having overflowed, is given as this
_ROOM = 2**18  # numbers in one layer's buffer: more models are measured one slab after the other


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
    stacked = _stacked(parameters)
    slabs = outputs(architecture, len(stacked), stacked.__getitem__, with_ones(inputs), (dropout,), stacked.dtype)
    said = np.concatenate([architecture.cost.predict(z) for _, z in slabs]).swapaxes(-1, -2)
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
    cost, stacked, rows = architecture.cost, _stacked(parameters), with_ones(examples.inputs)
    targets = _columns(examples.targets, stacked.dtype)
    values, shares = [], []
    for slab, z in outputs(architecture, len(stacked), stacked.__getitem__, rows, dropouts, stacked.dtype):
        values.append(finite(cost.value(z, _part(targets, slab))))
        shares.append(cost.accuracy(z, _part(targets, slab)))
    place = slice(None) if parameters.ndim == 2 else 0
    right = [share for share in shares if share is not None]
    return np.concatenate(values)[place], np.concatenate(right)[place] if right else None


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
    passes = Passes(architecture, len(stacked), examples.count, stacked.dtype)
    passes.parameters[...] = stacked
    columns = [_columns(mask, stacked.dtype) for mask in masks]
    passes.forward(_columns(with_ones(examples.inputs), stacked.dtype), columns)
    passes.backward(_columns(architecture.cost.aims(examples.targets), stacked.dtype))
    for update, amount in penalty.updates(architecture):
        passes.gradient += update.slope(stacked, amount.astype(stacked.dtype))
    lead = parameters.shape[:-1]
    active, errors = (
        [layer.swapaxes(-1, -2).reshape(*lead, examples.count, -1) for layer in part]
        for part in (passes.activations, passes.errors)
    )
    return Signals(active, errors, passes.gradient.reshape(parameters.shape))


def forward(architecture: Architecture, parameters: Array, inputs: Array, masks: Sequence[Array] = ()) -> Array:
    """What networks say (…, n, n_out) in training, their hidden activations multiplied by masks (…, n, h)."""
    stacked = _stacked(parameters)
    passes = Passes(architecture, len(stacked), inputs.shape[-2], stacked.dtype)
    passes.parameters[...] = stacked
    z = passes.forward(
        _columns(with_ones(inputs), stacked.dtype), [_columns(mask, stacked.dtype) for mask in masks]
    )  # fmt: skip
    said = architecture.cost.predict(z).swapaxes(-1, -2)
    return said if parameters.ndim == 2 else said[0]


def finite(numbers: Array) -> Array:
    """The same in double, without anything that is no number or too large to draw."""
    return np.asarray(np.clip(np.nan_to_num(np.asarray(numbers, float), nan=LARGEST), -LARGEST, LARGEST))


def outputs(
    architecture: Architecture,
    models: int,
    parameters: Callable[[slice], Array],
    rows: Array,
    dropouts: Sequence[AnyDropout] = (NoDropout(),),
    precision: DTypeLike = np.float64,
) -> Iterator[tuple[slice, Array]]:
    """z (s, n_out, n) at test for rows (…, n, d + 1) with ones, one slab of models after the other.

    Each is written over by the next: buffers that stay near are worth more than few calls. Parameters (s, P) are asked
    for by slab, so that those of many models need not all be there at once.
    """
    columns, masks = _at_test(architecture, rows, dropouts, precision)
    samples = rows.shape[-2]
    size = min(models, max(1, _ROOM // (max(architecture.sizes) * samples)))
    passes = Passes(architecture, size, samples, precision)
    for start in range(0, models, size):
        slab = slice(start, min(start + size, models))
        if slab.stop - start < size:
            passes = Passes(architecture, slab.stop - start, samples, precision)
        with np.errstate(over="ignore", invalid="ignore"):
            passes.parameters[...] = parameters(slab)
            z = passes.forward(_part(columns, slab), [_part(mask, slab) for mask in masks])
        yield slab, z


def _at_test(
    architecture: Architecture, rows: Array, dropouts: Sequence[AnyDropout], precision: DTypeLike
) -> tuple[Array, list[Array]]:
    """Inputs as columns (…, d + 1, n), and masks by hidden layer, with what makes up for dropout at test."""
    factors = np.array([[one.test_factor(keep) for keep in one.shares] for one in dropouts], precision)
    factors, columns = factors[:, :, None, None], _columns(rows, precision)
    if (factors[:, 0] != 1.0).any():
        kept = columns[:, :-1] * factors[:, 0]
        columns = np.concatenate([kept, np.ones((len(kept), 1, kept.shape[-1]), precision)], axis=1)
    return columns, [factors[:, 1]] * len(architecture.hidden) if (factors[:, 1] != 1.0).any() else []


def _stacked(parameters: Array) -> Array:
    return parameters if parameters.ndim == 2 else parameters[None]


def _columns(rows: Array, precision: DTypeLike) -> Array:
    """Rows (…, n, k) as networks read them (S or 1, k, n)."""
    columns = rows.swapaxes(-1, -2).astype(precision, copy=False)
    return columns if columns.ndim == 3 else columns[None]


def _part(array: Array, slab: slice) -> Array:
    """What belongs to some models: those rows, or all that there is where it is shared."""
    return array[slab] if len(array) > 1 else array
