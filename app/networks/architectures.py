"""Architectures: how a network is built, and where in one row of numbers each of its parameters is.

All parameters of a network are one row (P,), so that S networks are one array (S, P) and an optimizer moves them in a
few calls. Layer after layer, unit after unit: the incoming weights of unit j, then its bias; with layer norm, in hidden
layers, then its gain and its shift. The bias is the weight of an input that is always 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.networks.activations import AnyActivation, Array, Tanh
from app.networks.costs import AnyCost, CrossEntropy


@dataclass(frozen=True)
class Architecture:
    """A multilayer perceptron.

    Attributes:
        sizes: units by layer, the inputs first, the outputs last.
        activation: of the hidden units.
        cost: with its output activation.
        layer_norm: whether each hidden layer's z is normalised over its units, for each sample on its own.
    """

    sizes: tuple[int, ...]
    activation: AnyActivation = Tanh()  # noqa: RUF009 (frozen)
    cost: AnyCost = CrossEntropy()  # noqa: RUF009
    layer_norm: bool = False

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"a network has at least inputs and outputs, each layer at least one unit: {self.sizes}")

    @property
    def hidden(self) -> tuple[int, ...]:
        """Units by hidden layer."""
        return self.sizes[1:-1]

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Numbers by unit, for each layer: its weights, its bias, perhaps gain and shift."""
        extra = [3 if self.layer_norm else 1] * len(self.hidden) + [1]
        return tuple(n_in + more for n_in, more in zip(self.sizes, extra, strict=False))

    @cached_property
    def parameters(self) -> int:
        """P, how many numbers are learnt."""
        return sum(n_out * width for n_out, width in zip(self.sizes[1:], self.widths, strict=True))

    def multiplications(self, samples: int) -> int:
        """What a step on so many samples costs, about: forward, backward to the units, backward to the weights."""
        return 3 * samples * sum(n_in * n_out for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False))

    def split(self, parameters: Array) -> list[Array]:
        """Views (…, n_out, width) of the layers in parameters (…, P)."""
        views, start = [], 0
        for n_out, width in zip(self.sizes[1:], self.widths, strict=True):
            stop = start + n_out * width
            views.append(parameters[..., start:stop].reshape(*parameters.shape[:-1], n_out, width))
            start = stop
        return views

    def weights(self, parameters: Array) -> list[Array]:
        """Views (…, n_out, n_in) of the weights: a row holds the incoming weights of a unit."""
        layers = zip(self.split(parameters), self.sizes, strict=False)
        return [layer[..., :n_in] for layer, n_in in layers]

    def biases(self, parameters: Array) -> list[Array]:
        """Views (…, n_out) of the biases."""
        layers = zip(self.split(parameters), self.sizes, strict=False)
        return [layer[..., n_in] for layer, n_in in layers]

    def join(self, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> Array:
        """One row (…, P) of weights (…, n_out, n_in) and biases (…, n_out) by layer; gains 1, shifts 0."""
        arrays = [np.asarray(W, dtype=float) for W in weights]
        joined = np.zeros((*arrays[0].shape[:-2], self.parameters))
        for mine, given in zip(self.weights(joined), arrays, strict=True):
            mine[...] = given
        for own, bias in zip(self.biases(joined), biases, strict=True):
            own[...] = bias
        for layer in self.split(joined)[:-1] if self.layer_norm else ():
            layer[..., -2] = 1.0
        return joined

    @cached_property
    def is_weight(self) -> Array:
        """(P,) 1.0 for a weight, 0.0 for a bias, a gain, a shift, which no regularizer touches."""
        marks = np.zeros(self.parameters)
        for weights in self.weights(marks):
            weights[...] = 1.0
        return marks

    @cached_property
    def unit_starts(self) -> NDArray[np.intp]:
        """(U,) where the parameters of each unit begin."""
        rows = np.repeat(self.widths, self.sizes[1:])
        return np.asarray(np.cumsum(rows) - rows, dtype=np.intp)

    @cached_property
    def layer_starts(self) -> NDArray[np.intp]:
        """(L,) where the parameters of each layer begin."""
        firsts = np.cumsum((0, *self.sizes[1:-1]))
        return np.asarray(self.unit_starts[firsts])
