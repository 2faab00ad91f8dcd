"""Initial weights: how they are drawn, and what that does to the variance of a signal. Biases start at 0.

Forward, the variance of z is n_in·s² times that of the inputs; backward, that of the gradient is n_out·s² times the
one it came from; both for near-linear activations. Glorot & Bengio (2010), eq. 8-12; He et al. (2015), eq. 10.
"""

from abc import ABC, abstractmethod
from math import sqrt
from typing import Literal

import numpy as np

from app.knobs import Knobs, Real, knob
from app.networks.activations import Array


class Initial(Knobs, ABC):
    """A way to draw the weights of a layer."""

    @abstractmethod
    def deviation(self, n_in: int, n_out: int) -> float:
        """The standard deviation s of a weight."""

    @abstractmethod
    def draw(self, chance: np.random.Generator, n_in: int, n_out: int) -> Array:
        """Weights (n_out, n_in)."""

    def variance_factors(self, n_in: int, n_out: int) -> tuple[float, float]:
        """(n_in·s², n_out·s²): what a layer does to the variance forward and backward; 1 keeps it."""
        variance = self.deviation(n_in, n_out) ** 2
        return n_in * variance, n_out * variance


class _Gaussian(Initial):
    """What the drawn ones share: independent, normal, mean 0."""

    def draw(self, chance: np.random.Generator, n_in: int, n_out: int) -> Array:
        """N(0, s²)."""
        return np.asarray(self.deviation(n_in, n_out) * chance.standard_normal((n_out, n_in)))


class Zero(Initial, title="zero"):
    """All 0: hidden tanh and ReLU units get no gradient, or all the same."""

    kind: Literal["zero"] = "zero"

    def deviation(self, n_in: int, n_out: int) -> float:  # noqa: ARG002
        """0."""
        return 0.0

    def draw(self, chance: np.random.Generator, n_in: int, n_out: int) -> Array:  # noqa: ARG002
        """Nothing is drawn."""
        return np.zeros((n_out, n_in))


class Constant(Initial, title="all equal"):
    """All the same number: the units of a layer stay equal for ever, for nothing breaks the symmetry.

    Deep Learning (2016), §8.4.
    """

    kind: Literal["constant"] = "constant"
    value: Real = knob(0.5, label="Weight", ge=-5, le=5, step=0.05, help="What every weight starts at.")

    def deviation(self, n_in: int, n_out: int) -> float:  # noqa: ARG002
        """0: they do not differ."""
        return 0.0

    def draw(self, chance: np.random.Generator, n_in: int, n_out: int) -> Array:  # noqa: ARG002
        """Nothing is drawn."""
        return np.full((n_out, n_in), self.value)


class Small(_Gaussian, title="small"):
    """N(0, s²) with a small s: signals die out from layer to layer."""

    kind: Literal["small"] = "small"
    scale: Real = knob(
        0.01, label="Deviation", symbol="s", ge=1e-6, le=1, soft=(1e-4, 1), scale="log", step=0.1,
        help="The standard deviation of the weights, whatever the size of the layer.",
    )  # fmt: skip

    def deviation(self, n_in: int, n_out: int) -> float:  # noqa: ARG002
        """As set."""
        return self.scale


class Large(_Gaussian, title="large"):
    """N(0, s²) with a large s: signals saturate tanh, and explode through ReLU."""

    kind: Literal["large"] = "large"
    scale: Real = knob(
        2.0, label="Deviation", symbol="s", ge=0.1, le=100, soft=(0.1, 10), scale="log", step=0.1,
        help="The standard deviation of the weights, whatever the size of the layer.",
    )  # fmt: skip

    def deviation(self, n_in: int, n_out: int) -> float:  # noqa: ARG002
        """As set."""
        return self.scale


class Xavier(_Gaussian, title="Xavier"):
    """s² = 2/(n_in + n_out): both variances kept if n_in = n_out, else a compromise. Glorot & Bengio (2010), eq. 12."""

    kind: Literal["xavier"] = "xavier"

    def deviation(self, n_in: int, n_out: int) -> float:
        """√(2/(n_in + n_out))."""
        return sqrt(2.0 / (n_in + n_out))


class He(_Gaussian, title="He"):
    """s² = 2/n_in: the forward variance through ReLU, which stops half of the signal. He et al. (2015), eq. 10."""

    kind: Literal["he"] = "he"

    def deviation(self, n_in: int, n_out: int) -> float:  # noqa: ARG002
        """√(2/n_in)."""
        return sqrt(2.0 / n_in)


AnyInitial = Zero | Constant | Small | Large | Xavier | He
