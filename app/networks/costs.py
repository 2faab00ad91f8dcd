"""Costs: what the last layer's z becomes, and how far that is from the targets; always the mean over the samples.

Units lie along the axis before the last, samples along the last: z and targets (…, n_out, m).
"""

from abc import ABC, abstractmethod
from typing import Literal

import numpy as np

from app.geometry import constant
from app.knobs import Knobs, knob
from app.networks.activations import Array, Sigmoid

_SIGMOID = Sigmoid()
_TOGETHER = 1000  # factors of at most 2, whose product is below the largest double, 2¹⁰²⁴


class Cost(Knobs, ABC):
    """A mean loss over samples, as a function of the last layer's z."""

    @abstractmethod
    def predict(self, z: Array) -> Array:
        """What the network says: the output activation."""

    @abstractmethod
    def value(self, z: Array, targets: Array) -> Array:
        """C (…)."""

    @abstractmethod
    def aims(self, targets: Array) -> Array:
        """Targets as `error` reads them, prepared once for many steps."""

    @abstractmethod
    def error(self, z: Array, aims: Array, out: Array | None = None) -> Array:
        """∂C/∂z (…, n_out, m); ``out`` may be z itself."""

    @abstractmethod
    def accuracy(self, z: Array, targets: Array) -> Array | None:
        """The share of the samples (…) whose class is right; None where there are no classes."""


class QuadraticCost(Cost, title="quadratic"):
    """C = 1/(2m) Σₓ‖y − a‖². A sigmoid unit that is wrong and saturated learns slowly: Nielsen, ch. 3, eq. 55."""

    kind: Literal["quadratic"] = "quadratic"
    output: Literal["linear", "sigmoid"] = knob(
        "linear", label="Output", choices={"linear": "any number", "sigmoid": "a number between 0 and 1"},
        help="What the last layer's units make of their sum.",
    )  # fmt: skip

    def predict(self, z: Array) -> Array:
        """z or σ(z)."""
        return z if self.output == "linear" else _SIGMOID.apply(z)

    def value(self, z: Array, targets: Array) -> Array:
        """Half the mean squared distance."""
        away = self.predict(z) - targets
        return np.asarray(0.5 * (away * away).sum(axis=-2).mean(axis=-1, dtype=float))

    def aims(self, targets: Array) -> Array:
        """As they are."""
        return targets

    def error(self, z: Array, aims: Array, out: Array | None = None) -> Array:
        """(a − y)·f′(z)/m."""
        share = constant(1.0 / z.shape[-1], z.dtype)
        if self.output == "linear":
            away = np.subtract(z, aims, out=out)
            return np.asarray(np.multiply(away, share, out=away))
        a = _SIGMOID.apply(z)
        pull = np.multiply(a - aims, _SIGMOID.slope(a), out=out)
        return np.asarray(np.multiply(pull, share, out=pull))

    def accuracy(self, z: Array, targets: Array) -> Array | None:
        """With a sigmoid as for the cross-entropy; a linear output has no classes."""
        return None if self.output == "linear" else _hits(z, targets)


class CrossEntropy(Cost, title="cross-entropy"):
    """C = −1/m Σₓ Σⱼ y ln a [+ (1 − y) ln(1 − a) with sigmoids]: ∂C/∂z = (a − y)/m, saturated or not.

    Computed from z, so that no logarithm of 0 is ever taken. Deep Learning (2016), §6.2.2; Nielsen, ch. 3, eq. 63.
    """

    kind: Literal["cross_entropy"] = "cross_entropy"
    output: Literal["sigmoid", "softmax"] = knob(
        "sigmoid", label="Output", choices={"sigmoid": "one yes or no by unit", "softmax": "one class of several"},
        help="Sigmoid units answer each for itself; softmax makes one distribution over all of them.",
    )  # fmt: skip

    def predict(self, z: Array) -> Array:
        """Probabilities."""
        if self.output == "sigmoid":
            return _SIGMOID.apply(z)
        grown = np.exp(z - z.max(axis=-2, keepdims=True))
        return np.asarray(grown / grown.sum(axis=-2, keepdims=True))

    def value(self, z: Array, targets: Array) -> Array:
        """ln(1 + eᶻ) − yz summed over units; with softmax Σⱼ yⱼ(ln Σᵢeᶻⁱ − zⱼ)."""
        if self.output == "sigmoid":
            return np.asarray((_softplus(z).sum(axis=-1) - (targets * z).sum(axis=(-2, -1), dtype=float)) / z.shape[-1])
        top = z.max(axis=-2, keepdims=True)
        losses = targets * (np.log(np.exp(z - top).sum(axis=-2, keepdims=True)) - (z - top))
        return np.asarray(losses.sum(axis=-2).mean(axis=-1, dtype=float))

    def aims(self, targets: Array) -> Array:
        """2y − 1 for sigmoids, whose a is ½(1 + tanh(z/2))."""
        return 2.0 * targets - 1.0 if self.output == "sigmoid" else targets

    def error(self, z: Array, aims: Array, out: Array | None = None) -> Array:
        """(a − y)/m; with softmax (aΣy − y)/m, where Σy is 1 for a distribution."""
        share = 1.0 / z.shape[-1]
        if self.output == "sigmoid":
            share *= 0.5
            a = np.multiply(z, constant(0.5, z.dtype), out=out)
            a = np.tanh(a, out=a)
        else:
            a = np.multiply(self.predict(z), aims.sum(axis=-2, keepdims=True), out=out)
        a = np.subtract(a, aims, out=a)
        return np.asarray(np.multiply(a, constant(share, z.dtype), out=a))

    def accuracy(self, z: Array, targets: Array) -> Array | None:
        """The most probable class, or above one half where there is one unit."""
        return _hits(z, targets)


def _softplus(z: Array) -> Array:
    """Σ ln(1 + eᶻ) over the samples (…, n_out), of z (…, n_out, m), as Σ max(z, 0) + ln Π(1 + e^−|z|): few logarithms.

    All factors are between 1 and 2, so nothing cancels, and so many of them never overflow.
    """
    factors = np.exp(-np.abs(z)) + np.float64(1.0)
    parts = np.split(factors, range(_TOGETHER, z.shape[-1], _TOGETHER), axis=-1)
    logs = sum(np.log(np.multiply.reduce(part, axis=-1)) for part in parts)
    return np.asarray(np.maximum(z, 0.0).sum(axis=-1, dtype=float) + logs)


def _hits(z: Array, targets: Array) -> Array:
    if z.shape[-2] == 1:
        right = (z[..., 0, :] > 0.0) == (targets[..., 0, :] > 0.5)
    else:
        right = z.argmax(axis=-2) == targets.argmax(axis=-2)
    return np.asarray(right.mean(axis=-1))


AnyCost = CrossEntropy | QuadraticCost
