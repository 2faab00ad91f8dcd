"""What a bound costs, group by group: the multiplier that stationarity asks for at given parameters.

At a constrained optimum ∇_g C + α_g w_g = 0 with α_g ≥ 0, and α_g = 0 where ‖w_g‖ < c: Karush, Kuhn and Tucker. Along
w_g that is α_g = −⟨∇_g C, w_g⟩/‖w_g‖²; what is left across says how far the parameters are from an optimum. Networks
are not convex: a stationary point is all that this certifies. Deep Learning (2016), §7.2.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.constraints import Scope
from app.networks.measures import gradient
from app.networks.tasks import Examples

ACTIVE = 1e-2  # of c: a norm so close below it is at the bound, for multipliers swing about it


class GroupMultipliers(NamedTuple):
    """Group by group, those of a unit or of a layer.

    Attributes:
        norms: (G,) ‖w_g‖.
        active: (G,) whether the norm is at the bound or above.
        asked: (G,) α_g ≥ 0, 0 where the bound is not active.
        residuals: (G,) ‖∇_g C + α_g w_g‖: 0 at a stationary point.
    """

    norms: Array
    active: NDArray[np.bool_]
    asked: Array
    residuals: Array


def multipliers_asked(
    architecture: Architecture, parameters: Array, examples: Examples, bound: float, scope: Scope
) -> GroupMultipliers:
    """The multipliers of ‖w_g‖ ≤ c at parameters (P,), by the gradient over all these examples."""
    axes = (-1,) if scope == "unit" else (-2, -1)
    weights = architecture.weights(parameters)
    pulls = architecture.weights(gradient(architecture, parameters, examples))
    norms = np.sqrt(_by_group([one * one for one in weights], axes))
    along = _by_group([one * pull for one, pull in zip(weights, pulls, strict=True)], axes)
    active = (norms >= bound * (1.0 - ACTIVE)) & (norms > 0.0)
    asked = np.where(active, np.maximum(0.0, -along / np.where(norms > 0.0, norms, 1.0) ** 2), 0.0)
    squares = _by_group([pull * pull for pull in pulls], axes) + 2.0 * asked * along + (asked * norms) ** 2
    return GroupMultipliers(norms, active, asked, np.sqrt(np.maximum(0.0, squares)))


def _by_group(numbers: Sequence[Array], axes: tuple[int, ...]) -> Array:
    """The sum (G,) over each group of numbers (n_out, n_in) by layer."""
    return np.concatenate([np.atleast_1d(one.sum(axis=axes)) for one in numbers])
