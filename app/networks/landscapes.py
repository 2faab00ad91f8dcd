"""Landscapes: the cost of a network on a plane through its parameters.

Every point of the plane is a network of its own, so that a grid of points is one batch of networks. A picture shows
three digits: networks compute in single precision, and a smooth cost is interpolated. Both are checked at points chosen
at random, single precision against double; where they do not hold, the exact values are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike

from app.geometry import chebyshev
from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.dropouts import AnyDropout, NoDropout
from app.networks.measures import finite, outputs
from app.networks.parameter_planes import ParameterPlane
from app.networks.penalties import Penalty, amounts
from app.networks.tasks import Examples, with_ones

# What values may be wrong by, as a share of their range, before more nodes or exact values are taken: half of what a
# picture bears, for the points where they are checked are seldom the worst.
TOLERANCE = 5e-4
_HOPELESS = 4 * TOLERANCE  # a kinked cost halves its error with 48 nodes, a smooth one quarters it
_SINGLE = 1e-5  # what single precision may be wrong by
_NODES = (32, 48)
_CHECKS = 100
_SLAB = 1000  # points whose parameters are there at once

Costs = Callable[[Array, DTypeLike], Array]  # of points (k, 2) of the plane, in a precision


@dataclass(frozen=True, eq=False)
class Landscape:
    """Values over a grid.

    Attributes:
        cost: the mean cost (len(ys), len(xs)), without the penalty.
        penalty: what is added to it (len(ys), len(xs)), always from the parameters themselves.
        error: the largest error of the cost seen at points chosen at random, relative to its range: of interpolation,
            or of single precision; 0 if every value was computed in double precision.
        method: how the cost was found.
    """

    cost: Array
    penalty: Array
    error: float
    method: Literal["exact", "interpolated"]

    @property
    def objective(self) -> Array:
        """What training lowers: the cost with its penalty."""
        return self.cost + self.penalty


def landscape(
    architecture: Architecture,
    plane: ParameterPlane,
    examples: Examples,
    xs: Array,
    ys: Array,
    *,
    penalty: Penalty = Penalty(),  # noqa: B008 (frozen)
    dropout: AnyDropout = NoDropout(),  # noqa: B008
    exact: bool = False,
) -> Landscape:
    """The cost of a network over the grid xs × ys of a plane of its parameters.

    From values at 32 × 32 Chebyshev points, or 48 × 48, by two matrix products (Trefethen, ATAP, ch. 3-4), if the error
    that is seen at 100 points is at most 5e-4 of the range. The cost is as smooth as the activation: with ReLU units it
    has kinks, and more often is taken exactly.

    Args:
        architecture: the network.
        plane: in the space of its parameters.
        examples: n of them.
        xs: ascending, in units of `plane.u`.
        ys: ascending, in units of `plane.v`.
        penalty: on the weights.
        dropout: under which the network was trained; it is shown as at test.
        exact: whether each value is to be computed, and none interpolated.
    """
    xs, ys = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
    costs = _costs(architecture, plane, examples, dropout)
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    interpolated = None if exact else _interpolated(costs, xs, ys)
    cost, error = interpolated or _exact(costs, points)
    added = finite(penalty_over(architecture, plane, penalty, points))
    shape = ys.size, xs.size
    return Landscape(cost.reshape(shape), added.reshape(shape), error, "interpolated" if interpolated else "exact")


def penalty_over(architecture: Architecture, plane: ParameterPlane, penalty: Penalty, points: Array) -> Array:
    """The penalty (k,) at points (k, 2) of a plane: its L2 part is a quadratic of x and y, whatever P is."""
    l1, l2 = amounts(architecture, penalty.l1), amounts(architecture, penalty.l2)
    basis = np.stack([plane.origin, plane.u, plane.v])
    placed = np.column_stack([np.ones(len(points)), points])
    found = 0.5 * np.einsum("ki,ij,kj->k", placed, (basis * l2) @ basis.T, placed)
    for start in range(0, len(points), _SLAB) if l1.any() else ():
        slab = slice(start, start + _SLAB)
        found[slab] += np.abs(placed[slab] @ basis) @ l1
    return np.asarray(found)


def _costs(architecture: Architecture, plane: ParameterPlane, examples: Examples, dropout: AnyDropout) -> Costs:
    rows, targets = with_ones(examples.inputs), examples.targets.swapaxes(-1, -2)[None]

    def costs(points: Array, precision: DTypeLike) -> Array:
        values = np.empty(len(points))
        said = outputs(architecture, len(points), lambda slab: plane.at(points[slab]), rows, (dropout,), precision)
        with np.errstate(over="ignore", invalid="ignore"):  # what is no number is found by its error
            for slab, z in said:
                values[slab] = architecture.cost.value(z, targets)
        return values

    return costs


def _exact(costs: Costs, points: Array) -> tuple[Array, float]:
    """The cost at every point, and its error: in single precision where that is enough."""
    values = costs(points, np.float32)
    some = np.random.default_rng(0).integers(len(points), size=_CHECKS // 4)
    error = _error(values[some], costs(points[some], np.float64), values)
    return (values, error) if error <= _SINGLE else (finite(costs(points, np.float64)), 0.0)


def _interpolated(costs: Costs, xs: Array, ys: Array) -> tuple[Array, float] | None:
    """The cost over the grid and its error, from values at few points of its window; None where they do not do."""
    few = [count for count in _NODES if 2 * count**2 < xs.size * ys.size and min(xs.size, ys.size) > 1]
    corners = [(x, y) for x in (xs[0], xs[-1]) for y in (ys[0], ys[-1])]  # where an interpolant is worst
    inside = np.random.default_rng(0).uniform((xs[0], ys[0]), (xs[-1], ys[-1]), (_CHECKS - 4, 2))
    checks = np.concatenate([corners, inside])
    true = costs(checks, np.float32) if few else np.empty(0)
    for count in few:
        across, along = (
            chebyshev.polynomials(np.append(axis, checks[:, i]), axis[0], axis[-1], count)
            for i, axis in enumerate((xs, ys))
        )
        columns, rows = (chebyshev.nodes(axis[0], axis[-1], count) for axis in (xs, ys))
        values = costs(np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2), np.float32)
        turn = chebyshev.transform(count)
        coefficients = turn @ values.reshape(count, count) @ turn.T
        seen = np.einsum("ki,ij,kj->k", along[ys.size :], coefficients, across[xs.size :])
        error = _error(seen, true, values)
        if error <= TOLERANCE:
            return along[: ys.size] @ coefficients @ across[: xs.size].T, error
        if error > _HOPELESS:
            break
    return None


def _error(seen: Array, true: Array, values: Array) -> float:
    """The largest difference as a share of the range of the values; infinite where a value is no number."""
    if not (np.isfinite(values).all() and np.isfinite(true).all()):
        return inf
    return float(np.abs(seen - true).max() / (np.ptp(values) or 1.0))
