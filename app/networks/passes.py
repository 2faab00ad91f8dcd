"""Forward and backward through S networks at once, on m samples each: backpropagation in few calls.

Units lie along the axis before the last, samples along the last, and each layer's values end with a row of ones, so
that z = Wa with the bias as last column of W, and its gradient comes with that of the weights. Goodfellow, Bengio &
Courville (2016), Deep Learning, algorithms 6.3 and 6.4.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import DTypeLike

from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.layer_norms import LayerNorm

Masks = Sequence[Array]  # by hidden layer, (S, n, m): what its activations are multiplied by
Masked = list[tuple["_Hidden", Array | None]]


class _Hidden:
    """The buffers of one hidden layer; `back` is what its errors come back through, the next layer's weights.

    What is done to each number is done to whole buffers, which NumPy runs through in one go; where there are several
    models, that takes the rows of ones along, which are then set again. `open` and `masked` are where the activations
    are before a mask, as units and flat: in the values themselves, or beside them where a mask comes in between.
    """

    def __init__(self, rows: Array, slopes: Array, above: Array, scratch: Array, n_in: int, samples: int) -> None:
        *lead, n, width = rows.shape
        self.weights = rows[..., : n_in + 1]
        self.slopes = slopes[..., : n_in + 1]
        self.back = above[..., :n].swapaxes(-1, -2)
        self.times_back = _times_back(len(lead) > 0, above.shape[-2])
        self.values, self.active, errors = (np.empty((*lead, n + 1, samples), rows.dtype) for _ in range(3))
        self.values[..., -1, :] = 1.0  # they are what the next layer is given; `active`, what they are before a mask
        self.active[..., -1, :] = errors[..., -1, :] = 0.0
        self.units, self.active_units, self.error = (
            part[..., :-1, :] for part in (self.values, self.active, errors)
        )  # fmt: skip
        extent = errors.size if lead else n * samples
        self.flat, self.flat_active, self.flat_error, self.slope = (
            part.reshape(-1)[:extent] for part in (self.values, self.active, errors, scratch)
        )
        self.open, self.masked = (self.units, self.flat), (self.active_units, self.flat_active)
        self.ones = self.values[..., -1, :] if lead else None
        self.transposed = self.values.swapaxes(-1, -2)
        self.norm = LayerNorm(rows, slopes, samples) if width > n_in + 1 else None


def _times_back(stacked: bool, n_out: int) -> Callable[[Array, Array, Array], object]:
    """How errors are brought back from so many units: the same sums in the same order, stacked or not.

    Those of one unit are outer products, whose numbers are no sums; of several stacked ones BLAS takes one by one. Of
    weights without their biases `dot` makes a copy, which BLAS sums up in another order.
    """
    if n_out > 1:
        return np.matmul
    return np.multiply if stacked else np.dot


class Passes:
    """Networks of one architecture, their parameters and gradients, and the buffers between them.

    A network alone does without the axis of the models: NumPy multiplies two matrices sooner than two stacks of one.

    Args:
        architecture: of all of them.
        models: S.
        samples: m.
        precision: of all numbers, those that are given included: single takes half the room, and a third of the time.

    Attributes:
        parameters: (S, P), to be written to.
        gradient: (S, P) of the cost, after `backward`.
    """

    def __init__(
        self, architecture: Architecture, models: int, samples: int, precision: DTypeLike = np.float64
    ) -> None:
        self.parameters = np.zeros((models, architecture.parameters), precision)
        self.gradient = np.zeros_like(self.parameters)
        self._alone = models == 1
        self._times = np.dot if self._alone and not architecture.layer_norm else np.matmul  # it fills whole rows only
        self._activation, self._cost = architecture.activation, architecture.cost
        rows, slopes = (architecture.split(self._of(flat)) for flat in (self.parameters, self.gradient))
        widest = max((n + 1 for n in architecture.hidden), default=0)
        scratch = np.empty(models * widest * samples, precision)  # for all layers: it stays near
        self._hidden = [
            _Hidden(row, slope, above, scratch, n_in, samples)
            for row, slope, above, n_in in zip(rows[:-1], slopes[:-1], rows[1:], architecture.sizes, strict=False)
        ]
        self._weights, self._slopes = rows[-1], slopes[-1]
        self._output = np.empty((*rows[-1].shape[:-1], samples), precision)
        self._unmasked: Masked = [(hidden, None) for hidden in self._hidden]
        self._masked, self._inputs = self._unmasked, np.empty(0)

    def forward(self, inputs: Array, masks: Masks = ()) -> Array:
        """z (S, n_out, m) of the outputs, for inputs (S, d + 1, m) whose last row is 1."""
        times, apply = self._times, self._activation.apply
        carried = self._inputs = self._of(inputs)
        self._masked = list(zip(self._hidden, map(self._of, masks), strict=True)) if masks else self._unmasked
        for hidden, mask in self._masked:
            active, flat = hidden.open if mask is None else hidden.masked
            times(hidden.weights, carried, active)
            if hidden.norm is not None:
                hidden.norm.forward(active)
            apply(flat, flat)
            if mask is not None:
                np.multiply(active, mask, hidden.units)
            elif hidden.ones is not None:
                hidden.ones[...] = 1.0
            carried = hidden.values
        times(self._weights, carried, self._output)
        return self._output[None] if self._alone else self._output

    def backward(self, aims: Array) -> Array:
        """The gradient (S, P) of the cost after a forward pass, whose z is written over; aims (S, n_out, m)."""
        times, slopes = self._times, self._slopes
        error = self._cost.error(self._output, self._of(aims), self._output)
        for hidden, mask in reversed(self._masked):
            times(error, hidden.transposed, slopes)
            hidden.times_back(hidden.back, error, hidden.error)
            self._through(hidden, mask)
            error, slopes = hidden.error, hidden.slopes
        times(error, self._inputs.swapaxes(-1, -2), slopes)
        return self.gradient

    def _of(self, stack: Array) -> Array:
        return stack[0] if self._alone else stack

    def _through(self, hidden: _Hidden, mask: Array | None) -> None:
        """∂C/∂z of a hidden layer, from ∂C by what it gave on, in place."""
        if mask is not None:
            np.multiply(hidden.error, mask, hidden.error)
        self._activation.slope(hidden.flat if mask is None else hidden.flat_active, hidden.slope)
        np.multiply(hidden.flat_error, hidden.slope, hidden.flat_error)
        if hidden.norm is not None:
            hidden.norm.backward(hidden.error)

    @property
    def activations(self) -> list[Array]:
        """What each hidden layer gave on (…, n, m), after `forward`; no S for a network alone."""
        return [hidden.units for hidden in self._hidden]

    @property
    def errors(self) -> list[Array]:
        """∂C/∂z by layer (…, n, m), after `backward`; no S for a network alone."""
        return [*(hidden.error for hidden in self._hidden), self._output]
