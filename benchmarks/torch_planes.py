"""The loss of the same network on a plane with PyTorch: the package loss-landscapes, and a loop; one thread."""

import copy

import numpy as np
import torch

from app.networks import ParameterPlane
from benchmarks import planes

torch.set_num_threads(1)

INPUTS = torch.tensor(planes.INPUTS, dtype=torch.float32)
TARGETS = torch.tensor(planes.TARGETS, dtype=torch.float32)
COST = torch.nn.BCEWithLogitsLoss()


def packaged(plane: ParameterPlane, size: int) -> np.ndarray:
    """By the package, from one corner to two others."""
    from loss_landscapes import planar_interpolation
    from loss_landscapes.metrics import Loss

    corner, first, second = (_model(plane, x, y) for x, y in ((-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0)))
    return np.asarray(planar_interpolation(corner, first, second, Loss(COST, INPUTS, TARGETS), size))


def looped(plane: ParameterPlane, size: int) -> np.ndarray:
    """Point by point, without gradients: the parameters are put into one model, which is asked."""
    model = _model(plane, 0.0, 0.0)
    origin, u, v = (_vector(part) for part in (plane.origin, plane.u, plane.v))
    axis, values = torch.linspace(-1.0, 1.0, size), np.empty((size, size))
    with torch.no_grad():
        for i, y in enumerate(axis):
            for j, x in enumerate(axis):
                torch.nn.utils.vector_to_parameters(origin + x * u + y * v, model.parameters())
                values[i, j] = COST(model(INPUTS), TARGETS).item()
    return values


def _model(plane: ParameterPlane, x: float, y: float) -> torch.nn.Module:
    layers: list[torch.nn.Module] = []
    for n_in, n_out in zip(planes.ARCHITECTURE.sizes, planes.ARCHITECTURE.sizes[1:], strict=False):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers[:-1])
    torch.nn.utils.vector_to_parameters(_vector(plane.at(np.array([x, y]))), model.parameters())
    return copy.deepcopy(model)  # vector_to_parameters leaves views of one tensor


def _vector(row: planes.Array) -> torch.Tensor:
    """A row of parameters in PyTorch's order: the weights of a layer, then its biases."""
    built = planes.ARCHITECTURE
    parts = zip(built.weights(row), built.biases(row), strict=True)
    flat = np.concatenate([np.concatenate([weights.ravel(), biases]) for weights, biases in parts])
    return torch.tensor(flat, dtype=torch.float32)
