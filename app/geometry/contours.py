"""A loss over a window: values on a grid, and a surrogate that stands in for it there."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from app.geometry import chebyshev
from app.geometry.conics import Window
from app.geometry.losses import Loss, Quadratic
from app.geometry.slices import Slice
from app.geometry.spectra import Array, read_only

# What interpolation may be wrong by, relative to the range of the values, before more nodes or exact values are taken.
TOLERANCE = 1e-5
_NODES = (32, 64)
_CHECKS = 24


@dataclass(frozen=True, eq=False)
class Surface:
    """Values of a loss of two weights over a grid.

    Attributes:
        values: (len(ys), len(xs)).
        error: the largest error seen at points chosen at random, relative to the range of the values; 0 if exact.
        method: how the values were found.
    """

    values: Array
    error: float
    method: Literal["exact", "interpolated"]


@dataclass(frozen=True, eq=False)
class Surrogate:
    """The Chebyshev interpolant of a loss of two weights in a window (Trefethen, ATAP, ch. 3-4).

    It needs no data to be evaluated, so that contours can be drawn from it at any resolution. For an analytic loss its
    error falls geometrically with the number of nodes.

    Attributes:
        window: x0, x1, y0, y1, where it holds.
        coefficients: (m, m), of Tᵢ(y)Tⱼ(x).
        error: the largest difference from the loss at points chosen at random, relative to the range.
        low: the lowest value at the nodes.
        high: the highest.
        lowest_at: the node with the lowest value (2,).
    """

    window: Window
    coefficients: Array
    error: float
    low: float
    high: float
    lowest_at: Array

    @property
    def range(self) -> float:
        """The highest value minus the lowest."""
        return self.high - self.low

    @property
    def trusted(self) -> bool:
        """Whether the error is small enough for a picture."""
        return self.error <= TOLERANCE

    def on(self, xs: Array, ys: Array) -> Array:
        """Values (len(ys), len(xs)) over a grid inside the window."""
        x0, x1, y0, y1 = self.window
        m = len(self.coefficients)
        across, along = chebyshev.polynomials(xs, x0, x1, m), chebyshev.polynomials(ys, y0, y1, m)
        return np.asarray(along @ self.coefficients @ across.T)

    def slopes(self, points: Array) -> tuple[Array, Array]:
        """Values (k,) and gradients (k, 2) at points (k, 2) inside the window."""
        x0, x1, y0, y1 = self.window
        k, m = len(points), len(self.coefficients)
        unit = (2.0 * points.T - [[x0 + x1], [y0 + y1]]) / [[x1 - x0], [y1 - y0]]
        across, along = chebyshev.polynomials(unit.ravel(), -1.0, 1.0, m).reshape(2, k, m)
        found = (along @ self._with_derivatives).reshape(k, 3, m) @ across[:, :, None]
        return found[:, 0, 0], found[:, 1:, 0]

    @cached_property
    def _with_derivatives(self) -> Array:
        """Coefficients of J, ∂J/∂x and ∂J/∂y side by side (m, 3m)."""
        x0, x1, y0, y1 = self.window
        m = len(self.coefficients)
        by_x = self.coefficients @ chebyshev.derivative(x0, x1, m).T
        by_y = chebyshev.derivative(y0, y1, m) @ self.coefficients
        return np.concatenate([self.coefficients, by_x, by_y], axis=1)


def surrogate(loss: Loss, window: Window) -> Surrogate:
    """The interpolant at 32 × 32 Chebyshev points, or 64 × 64 where those are not enough; its error is checked."""
    found = _interpolant(loss, window, _NODES[0])
    return found if found.trusted else _interpolant(loss, window, _NODES[1])


def grid(loss: Loss, xs: Array, ys: Array, *, exact: bool = False, stand_in: Surrogate | None = None) -> Surface:
    """Values of a loss of two weights over the grid xs × ys (ascending).

    Quadratics come from H, whatever the number of rows was. Others are interpolated, unless the checked error is above
    1e-5 of the range or `exact` values are asked for; a surrogate of a window that holds the grid saves its making.
    """
    xs, ys = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
    if loss.dimension != 2:
        raise ValueError(f"a grid needs a loss of two weights, not {loss.dimension}: take a slice or a profile")
    small = min(xs.size, ys.size) < 2 or xs.size * ys.size <= _NODES[0] ** 2
    if exact or small or isinstance(loss, Quadratic) or (isinstance(loss, Slice) and isinstance(loss.flat, Quadratic)):
        return Surface(loss.lattice(xs, ys), 0.0, "exact")
    if stand_in is None:
        stand_in = surrogate(loss, (float(xs[0]), float(xs[-1]), float(ys[0]), float(ys[-1])))
    if not stand_in.trusted:
        return Surface(loss.lattice(xs, ys), 0.0, "exact")
    return Surface(stand_in.on(xs, ys), stand_in.error, "interpolated")


def _interpolant(loss: Loss, window: Window, count: int) -> Surrogate:
    x0, x1, y0, y1 = window
    xs, ys = chebyshev.nodes(x0, x1, count), chebyshev.nodes(y0, y1, count)
    values = loss.lattice(xs, ys)
    low, high = float(values.min()), float(values.max())
    row, column = divmod(int(values.argmin()), count)
    turn = chebyshev.transform(count)
    unchecked = Surrogate(window, read_only(turn @ values @ turn.T), 0.0, low, high, read_only([xs[column], ys[row]]))
    return _checked(loss, unchecked)


def _checked(loss: Loss, found: Surrogate) -> Surrogate:
    x0, x1, y0, y1 = found.window
    points = np.random.default_rng(0).uniform((x0, y0), (x1, y1), (_CHECKS, 2))
    # The corners are where an interpolant is worst.
    points[:4] = [[x0, y0], [x0, y1], [x1, y0], [x1, y1]]
    wrong = float(np.abs(found.slopes(points)[0] - loss.value(points)).max())
    size = found.range or 1.0
    return Surrogate(found.window, found.coefficients, wrong / size, found.low, found.high, found.lowest_at)
