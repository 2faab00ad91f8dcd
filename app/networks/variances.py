"""What initial weights do to the size of a signal: predicted layer by layer, forward and backward.

With independent weights of mean 0 and variance s² and without biases, E z² of a layer is n_in·s² times E f(z)² of the
layer before, and E δ² of a layer n_out·s²·E f′(z)² times that of the layer after (δ = ∂C/∂z, taken as independent of
what ran forward). Forward this is exact in the mean for linear, ReLU and leaky ReLU units; for tanh and sigmoid z must
be normal, as in wide layers. Glorot & Bengio (2010), eq. 5-12; He et al. (2015), eq. 9-14; Poole et al. (2016), eq. 3.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from app.networks.activations import Activation, Array, LeakyReLU, Linear, ReLU
from app.networks.architectures import Architecture
from app.networks.initials import Initial

_TABLED = np.geomspace(1e-8, 1e10, 721)  # of E z², between which is interpolated
_SPREAD = np.linspace(-12.2, 12.2, 601)  # t, where g = 10⁻⁴ sinh t: dense around 0, where a saturated f turns


class Sizes(NamedTuple):
    """Predicted mean squares by layer of weights, the first hidden layer first, the outputs last; (L,) each.

    Attributes:
        forward: E z².
        backward: E δ², where that of the outputs is given.
        linear_forward: E z² by the products of n_in·s² alone, as if f(z) = z.
        linear_backward: E δ² by the products of n_out·s² alone, as if f′ = 1.
    """

    forward: Array
    backward: Array
    linear_forward: Array
    linear_backward: Array


def predicted(architecture: Architecture, initial: Initial, inputs: Array, errors: Array) -> Sizes:
    """The mean squares of signals in a network with drawn weights.

    Args:
        architecture: without layer norm.
        initial: draws the weights; those that are all equal have no variance to predict from.
        inputs: (n, d) samples.
        errors: (n,) E δ² of the outputs for each sample.
    """
    pairs = list(zip(architecture.sizes, architecture.sizes[1:], strict=False))
    factors = np.array([initial.variance_factors(*pair) for pair in pairs])
    activation = architecture.activation
    sizes = [factors[0, 0] * (inputs * inputs).mean(axis=-1)]
    for ahead, _ in factors[1:]:
        sizes.append(ahead * square(activation, sizes[-1]))
    back = [errors]
    for (_, behind), size in zip(factors[:0:-1], sizes[-2::-1], strict=True):
        back.append(behind * slope_square(activation, size) * back[-1])
    first, last = float(sizes[0].mean()), float(errors.mean())
    return Sizes(
        np.array([one.mean() for one in sizes]), np.array([one.mean() for one in back[::-1]]),
        first * np.concatenate([[1.0], np.cumprod(factors[1:, 0])]),
        last * np.concatenate([[1.0], np.cumprod(factors[:0:-1, 1])])[::-1],
    )  # fmt: skip


def square(activation: Activation, sizes: Array) -> Array:
    """E f(z)² for z ~ N(0, q), for each q ≥ 0."""
    share = _constant(activation)
    if share is not None:
        return share * sizes
    values, _ = _table(activation)
    small = sizes < _TABLED[0]
    found = np.interp(np.log(np.maximum(sizes, _TABLED[0])), np.log(_TABLED), values)
    at_zero = activation.apply(np.zeros(1))[0] ** 2
    return np.asarray(np.where(small, at_zero + (values[0] - at_zero) * sizes / _TABLED[0], found))


def slope_square(activation: Activation, sizes: Array) -> Array:
    """E f′(z)² for z ~ N(0, q), for each q ≥ 0."""
    share = _constant(activation)
    if share is not None:
        return np.full_like(sizes, share)
    _, slopes = _table(activation)
    return np.asarray(np.interp(np.log(np.maximum(sizes, _TABLED[0])), np.log(_TABLED), slopes))


def homogeneous(activation: Activation) -> bool:
    """Whether f(cz) = c·f(z) for c > 0, so that a layer does to a large signal what it does to a small one."""
    return _constant(activation) is not None


def _constant(activation: Activation) -> float | None:
    """E f²/E z² and E f′² where they are one number for every symmetric z: f is linear on either side of 0."""
    match activation:
        case Linear():
            return 1.0
        case ReLU():
            return 0.5
        case LeakyReLU():
            return 0.5 * (1.0 + activation.leak**2)
        case _:
            return None


@cache
def _table(activation: Activation) -> tuple[Array, Array]:
    """E f² and E f′² at the tabled sizes."""
    nodes = 1e-4 * np.sinh(_SPREAD)
    density = np.exp(-0.5 * nodes**2) * np.cosh(_SPREAD)
    density /= density.sum()  # by the trapezoidal rule in t
    active = activation.apply(np.sqrt(_TABLED)[:, None] * nodes)
    slopes = activation.slope(active)
    return np.asarray(active**2 @ density), np.asarray(slopes**2 @ density)
