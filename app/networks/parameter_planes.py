"""Planes through the parameters of networks: chosen, random, or along the way that training took."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.networks.activations import Array
from app.networks.architectures import Architecture


@dataclass(frozen=True, eq=False)
class ParameterPlane:
    """The plane {origin + x·u + y·v} in the space of the parameters of a network.

    Attributes:
        origin: (P,), at x = y = 0.
        u: (P,), what x goes along; of any length.
        v: (P,), what y goes along; it need not be orthogonal to u.
    """

    origin: Array
    u: Array
    v: Array

    def __post_init__(self) -> None:
        shapes = {part.shape for part in (self.origin, self.u, self.v)}
        if len(shapes) != 1 or self.origin.ndim != 1:
            raise ValueError(f"a plane has an origin (P,) and two directions of its shape: got {sorted(shapes)}")

    def at(self, points: Array) -> Array:
        """The parameters (…, P) at points (…, 2)."""
        return np.asarray(self.origin + points @ np.stack([self.u, self.v]))

    def nearest(self, parameters: Array) -> Array:
        """The points (…, 2) of the plane that are nearest to parameters (…, P): the orthogonal projection."""
        return np.asarray((parameters - self.origin) @ np.linalg.pinv(np.stack([self.u, self.v])))

    def distance(self, parameters: Array) -> Array:
        """How far (…) parameters (…, P) are from the plane."""
        return np.asarray(np.linalg.norm(parameters - self.at(self.nearest(parameters)), axis=-1))

    def share_outside(self, path: Array) -> float:
        """Σₖ dist(θₖ)² / Σₖ‖θₖ − origin‖² of a path (T, P): 0 if the plane holds it, 1 if it is orthogonal to it."""
        total = float(np.square(path - self.origin).sum())
        return float(np.square(self.distance(path)).sum()) / total if total else 0.0


@dataclass(frozen=True, eq=False)
class PrincipalPlane:
    """The plane through the last point of a path that holds most of it.

    Attributes:
        plane: with orthonormal directions; a unit of x and y is a unit of length.
        shares: (2,) of Σₖ‖θₖ − θ_T‖² that lie along u and along v; what is missing to 1 is outside the plane.
    """

    plane: ParameterPlane
    shares: Array


def principal_plane(path: Array) -> PrincipalPlane:
    """The first two principal directions of θₖ − θ_T of a path (T, P), which runs from the left, and from above.

    Differences to the last point are not centred: the plane goes through the trained network. Any path of a few
    hundred steps looks low-dimensional, random walks too, so that large shares alone prove nothing. Li, Xu, Taylor,
    Studer & Goldstein (2018), Visualizing the Loss Landscape of Neural Nets, §7.2; Antognini & Sohl-Dickstein (2018).

    Raises:
        ValueError: fewer than two points, or than two parameters.
    """
    if path.ndim != 2 or min(path.shape) < 2:
        raise ValueError(f"a principal plane needs a path of two points and two parameters: got {path.shape}")
    away = path - path[-1]
    _, sizes, directions = np.linalg.svd(away, full_matrices=False)
    first = directions[:2] @ away[0]
    u, v = directions[:2] * np.where(first * (-1.0, 1.0) < 0.0, -1.0, 1.0)[:, None]
    squares = sizes * sizes
    return PrincipalPlane(ParameterPlane(path[-1], u, v), squares[:2] / (squares.sum() or 1.0))


def plane_through(first: Array, second: Array, third: Array) -> ParameterPlane:
    """The plane of three networks (P,): the first at (0, 0), the second at (1, 0), the third at (0, 1)."""
    return ParameterPlane(first, second - first, third - first)


def random_plane(architecture: Architecture, parameters: Array, seed: int) -> ParameterPlane:
    """A plane along two random directions, each brought to the size of the network by `filter_normalised`."""
    drawn = np.random.default_rng(seed).standard_normal((2, architecture.parameters))
    u, v = (filter_normalised(architecture, direction, parameters) for direction in drawn)
    return ParameterPlane(parameters, u, v)


def axes_plane(architecture: Architecture, parameters: Array, chosen: Sequence[int]) -> ParameterPlane:
    """The plane on which two chosen parameters vary, x and y being what is added to them."""
    u, v = np.eye(architecture.parameters)[list(chosen)]
    return ParameterPlane(parameters, u, v)


def filter_normalised(architecture: Architecture, direction: Array, parameters: Array) -> Array:
    """A direction (P,) in which the incoming weights of each unit are as long as those of the network.

    d_j ← d_j‖w_j‖/‖d_j‖ for every unit j: a step of 1 changes each unit by its own size, so that ReLU networks, whose
    units can be scaled up in one layer and down in the next without changing what they say, are drawn alike; tanh
    units cannot. Biases, gains and shifts stay where they are: 0.
    Li, Xu, Taylor, Studer & Goldstein (2018), §4.
    """
    scaled = np.zeros_like(direction)
    layers = (architecture.weights(part) for part in (scaled, direction, parameters))
    for mine, drawn, weights in zip(*layers, strict=True):
        sizes = np.linalg.norm(drawn, axis=-1, keepdims=True)
        mine[...] = drawn * (np.linalg.norm(weights, axis=-1, keepdims=True) / np.where(sizes > 0.0, sizes, 1.0))
    return scaled
