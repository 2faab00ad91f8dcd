"""Where a plane through the parameters of a network meets the balls that bound its weights.

‖P(o + xu + yv)‖² of the weights of a group (P picks them) is a quadratic of x and y, so that the points of the plane
whose norm equals a bound are an ellipse, two parallel lines, or none. Exact: no grid, no search.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.geometry import Quadratic
from app.geometry.losses import sum_of_squares
from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.parameter_planes import ParameterPlane

Shared = Literal["all", "unit", "layer"]


@dataclass(frozen=True, eq=False)
class BallTrace:
    """One group of weights on a plane.

    Attributes:
        name: of the group.
        half_square: ½‖w_g‖² as a quadratic of the point (x, y); its lowest value is that of the point nearest to 0.
    """

    name: str
    half_square: Quadratic

    def norm(self, points: Array) -> Array:
        """‖w_g‖ (…) at points (…, 2)."""
        return np.asarray(np.sqrt(2.0 * np.maximum(self.half_square.value(points), 0.0)))

    @property
    def least(self) -> float:
        """The smallest norm on the plane: below it a ball does not reach the plane."""
        return float(np.sqrt(2.0 * self.half_square.lowest))


def ball_traces(architecture: Architecture, plane: ParameterPlane, shared: Shared) -> list[BallTrace]:
    """One for all weights, for the incoming weights of each unit, or for each layer; biases are in none."""
    return [BallTrace(name, _half_square(plane, places)) for name, places in _groups(architecture, shared)]


def _half_square(plane: ParameterPlane, places: NDArray[np.intp]) -> Quadratic:
    """½‖P(xu + yv) − (−Po)‖²."""
    spanned = np.stack([plane.u, plane.v], axis=1)[places]
    return sum_of_squares(spanned, -plane.origin[places])


def _groups(architecture: Architecture, shared: Shared) -> list[tuple[str, NDArray[np.intp]]]:
    """Names and the places of their weights in a row of parameters."""
    numbers = np.arange(architecture.parameters, dtype=float)
    layers = [layer.astype(np.intp) for layer in architecture.weights(numbers)]
    match shared:
        case "all":
            return [("all weights", np.concatenate([layer.ravel() for layer in layers]))]
        case "layer":
            return [(f"layer {i}", layer.ravel()) for i, layer in enumerate(layers, start=1)]
        case "unit":
            rows = ((i, j, row) for i, layer in enumerate(layers, 1) for j, row in enumerate(layer, 1))
            return [(f"unit {j} of layer {i}", row) for i, j, row in rows]
