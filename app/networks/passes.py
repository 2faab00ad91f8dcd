"""Forward and backward through S networks at once, on m samples each: backpropagation in few calls.

Units lie along the axis before the last, samples along the last, and each layer's values end with a row of ones, so
that z = Wa with the bias as last column of W, and its gradient comes with that of the weights. Goodfellow, Bengio &
Courville (2016), Deep Learning, algorithms 6.3 and 6.4.
"""

from collections.abc import Sequence
from itertools import repeat

import numpy as np

from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.layer_norms import LayerNorm

Masks = Sequence[Array | None]  # by hidden layer, (S, n, m): what its activations are multiplied by


class _Hidden:
    """The buffers of one hidden layer."""

    def __init__(self, rows: Array, slopes: Array, n_in: int, samples: int, normalised: bool) -> None:
        models, n = rows.shape[:2]
        self.weights = rows[..., : n_in + 1]
        self.slopes = slopes[..., : n_in + 1]
        self.values = np.ones((models, n + 1, samples))  # what the next layer is given
        self.units = self.values[:, :-1]
        self.active = np.empty((models, n, samples))  # before a mask
        self.error = np.empty((models, n, samples))
        self.slope = np.empty((models, n, samples))
        self.transposed = self.values.swapaxes(-1, -2)
        self.norm = LayerNorm(rows, slopes, samples) if normalised else None


class Passes:
    """Networks of one architecture, their parameters and gradients, and the buffers between them.

    Attributes:
        parameters: (S, P), to be written to.
        gradient: (S, P) of the cost, after `backward`.
        output: z (S, n_out, m) of the last layer, after `forward`; `backward` writes over it.
    """

    def __init__(self, architecture: Architecture, models: int, samples: int) -> None:
        self.parameters = np.zeros((models, architecture.parameters))
        self.gradient = np.zeros_like(self.parameters)
        self.output = np.empty((models, architecture.sizes[-1], samples))
        self._activation, self._cost = architecture.activation, architecture.cost
        layers = list(zip(architecture.split(self.parameters), architecture.split(self.gradient), strict=True))
        self._hidden = [
            _Hidden(*layer, n_in, samples, architecture.layer_norm)
            for layer, n_in in zip(layers[:-1], architecture.sizes, strict=False)
        ]
        self._weights, self._slopes = layers[-1]
        self._masks: Masks = ()
        self._inputs = np.empty(0)
        above = [*(hidden.weights for hidden in self._hidden), self._weights][1:]
        self._back = [weights[..., :-1].swapaxes(-1, -2) for weights in above]

    def forward(self, inputs: Array, masks: Masks = ()) -> Array:
        """z of the outputs, for inputs (S, d + 1, m) whose last row is 1."""
        carried = self._inputs = inputs
        self._masks = masks
        for hidden, mask in zip(self._hidden, masks or repeat(None), strict=False):
            active = hidden.units if mask is None else hidden.active
            np.matmul(hidden.weights, carried, out=active)
            if hidden.norm is not None:
                hidden.norm.forward(active)
            self._activation.apply(active, out=active)
            if mask is not None:
                np.multiply(active, mask, out=hidden.units)
            carried = hidden.values
        return np.matmul(self._weights, carried, out=self.output)

    def backward(self, targets: Array) -> Array:
        """The gradient (S, P) of the cost after a forward pass; targets (S, n_out, m)."""
        error = self._cost.error(self.output, targets, out=self.output)
        slopes, masks = self._slopes, self._masks or [None] * len(self._hidden)
        for hidden, mask, back in zip(self._hidden[::-1], masks[::-1], self._back[::-1], strict=True):
            np.matmul(error, hidden.transposed, out=slopes)
            np.matmul(back, error, out=hidden.error)
            error, slopes = self._through(hidden, mask), hidden.slopes
        np.matmul(error, self._inputs.swapaxes(-1, -2), out=slopes)
        return self.gradient

    def _through(self, hidden: _Hidden, mask: Array | None) -> Array:
        """∂C/∂z of a hidden layer, from ∂C by what it gave on."""
        error = hidden.error
        if mask is not None:
            np.multiply(error, mask, out=error)
        self._activation.slope(hidden.units if mask is None else hidden.active, out=hidden.slope)
        np.multiply(error, hidden.slope, out=error)
        if hidden.norm is not None:
            hidden.norm.backward(error)
        return error

    @property
    def activations(self) -> list[Array]:
        """What each hidden layer gave on (S, n, m), after `forward`."""
        return [hidden.units for hidden in self._hidden]

    @property
    def errors(self) -> list[Array]:
        """∂C/∂z by layer (S, n, m), after `backward`."""
        return [*(hidden.error for hidden in self._hidden), self.output]
