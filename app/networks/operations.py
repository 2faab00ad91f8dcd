"""Operations of a computational graph: what a node makes of its inputs, and its slope by each of them.

All work elementwise on arrays. At a kink the slopes are those of convention: relu′(0) = 0, sgn(0) = 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.networks.activations import Activation, Array, LeakyReLU, Linear, ReLU, Sigmoid

_SIGMOID = Sigmoid()


@dataclass(frozen=True)
class Operation:
    """One kind of node.

    Attributes:
        sign: how it is written in a drawing.
        value: what it makes of its inputs.
        slopes: of its inputs and its value, the derivative by each input.
        keeps: the inputs whose values its slopes need, by place.
        keeps_value: whether they need its own value.
        products: multiplications of two numbers that its value takes.
        adds: whether all its slopes are 1, so that nothing is multiplied backward.
        kinks: the inputs at whose change of sign it has no derivative.
    """

    sign: str
    value: Callable[[Sequence[Array]], Array]
    slopes: Callable[[Sequence[Array], Array], Sequence[Array]]
    keeps: tuple[int, ...] = ()
    keeps_value: bool = False
    products: int = 0
    adds: bool = False
    kinks: tuple[int, ...] = ()


def product() -> Operation:
    """a·b: each input's slope is the other one."""
    return Operation("×", lambda xs: xs[0] * xs[1], lambda xs, _: [xs[1], xs[0]], keeps=(0, 1), products=1)


def total() -> Operation:
    """Σ of all inputs: what comes back goes to each of them."""
    return Operation("+", lambda xs: np.asarray(sum(xs)), lambda xs, value: [np.ones_like(value)] * len(xs), adds=True)


def applied(activation: Activation) -> Operation:
    """f(z), whose slope is read off the value."""
    is_linear = isinstance(activation, Linear)
    return Operation(
        "f", lambda xs: _rowwise(activation.apply, xs[0]), lambda _, value: [_rowwise(activation.slope, value)],
        keeps_value=not is_linear, adds=is_linear,
        kinks=(0,) if isinstance(activation, ReLU | LeakyReLU) else (),
    )  # fmt: skip


def _rowwise(function: Callable[[Array], Array], one: Array) -> Array:
    """A function of arrays that writes into buffers, which a single number has none of."""
    return function(np.atleast_1d(one)).reshape(np.shape(one))


def half_square() -> Operation:
    """½(a − y)² of a and y. Nielsen, ch. 3, eq. 54."""
    return Operation(
        "C", lambda xs: 0.5 * (xs[0] - xs[1]) ** 2, lambda xs, _: [xs[0] - xs[1], xs[1] - xs[0]],
        keeps=(0, 1), products=1,
    )  # fmt: skip


def log_loss() -> Operation:
    """−y ln a − (1 − y) ln(1 − a) with a = σ(z), of z and y: ln(1 + eᶻ) − yz, which takes no logarithm of 0.

    Its slope by z is a − y, saturated or not. Deep Learning, §6.2.2.2; Nielsen, ch. 3, eq. 57 and 61.
    """
    return Operation(
        "C", lambda xs: np.logaddexp(0.0, xs[0]) - xs[1] * xs[0],
        lambda xs, _: [_rowwise(_SIGMOID.apply, xs[0]) - xs[1], -xs[0]],
        keeps=(0, 1), products=1,
    )  # fmt: skip


def penalty(l1: float, l2: float, count: int) -> Operation:
    """l1·Σ|w| + l2·½Σw² of so many inputs: the slope by each needs itself alone."""
    return Operation(
        "Ω", lambda ws: np.asarray(sum(l1 * np.abs(w) + 0.5 * l2 * w * w for w in ws)),
        lambda ws, _: [l1 * np.sign(w) + l2 * w for w in ws],
        keeps=tuple(range(count)), products=count if l2 else 0, kinks=tuple(range(count)) if l1 else (),
    )  # fmt: skip


def scaled(factor: float) -> Operation:
    """α times the input."""
    return Operation("·α", lambda xs: factor * xs[0], lambda _, value: [np.full_like(value, factor)], products=1)
