"""Activations: what a unit makes of z = ⟨w, a⟩ + b, and its slope, read off the result.

Functions work elementwise on any shape and in the precision of what they are given; ``out`` is as in NumPy, and may be
the argument itself.
"""

from abc import ABC, abstractmethod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.geometry import constant
from app.knobs import Knobs, Real, knob

Array = NDArray[np.float64]


class Activation(Knobs, ABC):
    """A function f of one number whose slope f′(z) can be told from a = f(z)."""

    @abstractmethod
    def apply(self, z: Array, out: Array | None = None) -> Array:
        """a = f(z)."""

    @abstractmethod
    def slope(self, a: Array, out: Array | None = None) -> Array:
        """f′(z) where f(z) = a."""


class Tanh(Activation, title="tanh"):
    """f(z) = tanh z, f′ = 1 − a²: odd, near-linear around 0, saturated beyond ±2. Deep Learning (2016), §6.3.2."""

    kind: Literal["tanh"] = "tanh"

    def apply(self, z: Array, out: Array | None = None) -> Array:
        """In (−1, 1)."""
        return np.tanh(z, out=out)

    def slope(self, a: Array, out: Array | None = None) -> Array:
        """1 − a², in (0, 1]."""
        squares = np.multiply(a, a, out=out)
        return np.subtract(constant(1.0, a.dtype), squares, out=squares)


class ReLU(Activation, title="ReLU"):
    """f(z) = max(0, z), f′(0) = 0: a unit that is negative on all samples gets no gradient. Deep Learning, §6.3.1."""

    kind: Literal["relu"] = "relu"

    def apply(self, z: Array, out: Array | None = None) -> Array:
        """In [0, ∞)."""
        return np.maximum(z, constant(0.0, z.dtype), out=out)

    def slope(self, a: Array, out: Array | None = None) -> Array:
        """1 above 0, else 0: the sign of a, which is never negative."""
        return np.sign(a, out=out)


class LeakyReLU(Activation, title="leaky ReLU"):
    """f(z) = z above 0, else ℓz: no unit is ever without gradient. Maas, Hannun & Ng (2013), eq. 2; f′(0) = ℓ."""

    kind: Literal["leaky_relu"] = "leaky_relu"
    leak: Real = knob(
        0.01, label="Leak", symbol="ℓ", ge=0.001, le=1, soft=(0.001, 1), scale="log", step=0.1,
        help="The slope left of 0: 1 makes the unit linear.",
    )  # fmt: skip

    def apply(self, z: Array, out: Array | None = None) -> Array:
        """The larger of z and ℓz."""
        return np.maximum(z, self.leak * z, out=out)

    def slope(self, a: Array, out: Array | None = None) -> Array:
        """1 above 0, else ℓ."""
        steps = np.sign(a, out=out)
        return np.maximum(steps, self.leak, out=steps)


class Sigmoid(Activation, title="sigmoid"):
    """f(z) = 1/(1 + e⁻ᶻ), f′ = a(1 − a) ≤ ¼: each layer shrinks gradients at least fourfold. Deep Learning, §3.10."""

    kind: Literal["sigmoid"] = "sigmoid"

    def apply(self, z: Array, out: Array | None = None) -> Array:
        """In (0, 1): ½(1 + tanh(z/2)), which cannot overflow."""
        half = constant(0.5, z.dtype)
        halves = np.multiply(z, half, out=out)
        halves = np.tanh(halves, out=halves)
        halves = np.multiply(halves, half, out=halves)
        return np.add(halves, half, out=halves)

    def slope(self, a: Array, out: Array | None = None) -> Array:
        """a(1 − a), where ``out`` is not a itself."""
        rest = np.subtract(constant(1.0, a.dtype), a, out=out)
        return np.multiply(rest, a, out=rest)


class Linear(Activation, title="linear"):
    """f(z) = z: however many layers, one linear map."""

    kind: Literal["linear"] = "linear"

    def apply(self, z: Array, out: Array | None = None) -> Array:
        """As it is."""
        return np.positive(z, out=out)

    def slope(self, a: Array, out: Array | None = None) -> Array:
        """1."""
        ones = np.empty_like(a) if out is None else out
        ones.fill(1.0)
        return ones


AnyActivation = Tanh | ReLU | LeakyReLU | Sigmoid | Linear
