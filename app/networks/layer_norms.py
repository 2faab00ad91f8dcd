"""Layer normalisation: each sample's z brought to mean 0 and variance 1 over the units of its layer.

Then each unit's own gain and shift: z ← γ(z − μ)/√(σ² + ε) + β. Ba, Kiros & Hinton (2016), eq. 3-4.
"""

import numpy as np

from app.networks.activations import Array

EPSILON = 1e-5  # under the root, as PyTorch has it: a layer of one unit is all mean


class LayerNorm:
    """Forward and backward through one normalisation, in buffers of its own.

    Args:
        rows: the layer's parameters (S, n, width), whose last two columns are γ and β.
        slopes: where their gradient is put, alike.
        samples: m.
    """

    def __init__(self, rows: Array, slopes: Array, samples: int) -> None:
        self._gain, self._shift = rows[..., -2:-1], rows[..., -1:]
        self._gain_slope, self._shift_slope = slopes[..., -2], slopes[..., -1]
        self._standard = np.empty((*rows.shape[:-1], samples), rows.dtype)
        self._sharpness = np.empty((*rows.shape[:-2], 1, samples), rows.dtype)

    def forward(self, z: Array) -> None:
        """Normalise z (S, n, m) in place."""
        centred = np.subtract(z, z.mean(axis=-2, keepdims=True), out=self._standard)
        np.divide(1.0, np.sqrt((centred * centred).mean(axis=-2, keepdims=True) + EPSILON), out=self._sharpness)
        centred *= self._sharpness
        np.multiply(centred, self._gain, out=z)
        z += self._shift

    def backward(self, error: Array) -> None:
        """Turn ∂C by the normalised z into ∂C by z, in place; leave the gradients of γ and β."""
        standard = self._standard
        np.einsum("...nm,...nm->...n", error, standard, out=self._gain_slope)
        error.sum(axis=-1, out=self._shift_slope)
        error *= self._gain
        along = (error * standard).mean(axis=-2, keepdims=True)
        error -= error.mean(axis=-2, keepdims=True)
        error -= standard * along
        error *= self._sharpness
