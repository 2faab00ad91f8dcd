"""What the laws of regularizers run over: every variant, awkward vectors, and points of their spheres."""

from typing import get_args

import numpy as np
import pytest

from app.geometry.regularizers import Array, Convex, ElasticNet, Group, Lp, Partition, Regularizer

# Every variant with its defaults, so that a new one is tested without being listed; then what is special.
SHAPES: list[Regularizer] = [
    *(variant() for variant in get_args(Convex)),
    *(Lp(p=p) for p in (1.0, 1.05, 1.5, 2.0, 20.0)),
    *(ElasticNet(ratio=ratio) for ratio in (0.0, 0.05, 1.0 - 1e-9, 1.0)),
    Group(grouping="apart"),
]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=repr)
every_shape_and_dimension = pytest.mark.parametrize(
    ("shape", "dimension"),
    [*((shape, d) for shape in SHAPES for d in (2, 5)), (Partition(partition=((3, 0), (1,), (2, 4))), 5)],
    ids=repr,
)
RADII = (0.03, 0.7, 4.0)


def vectors(dimension: int, count: int = 60) -> Array:
    """Random vectors of many sizes, some with zeros, ties or a single axis; the last is 0."""
    rng = np.random.default_rng(dimension)
    drawn = rng.normal(size=(count, dimension)) * np.exp(rng.uniform(-3.0, 3.0, size=(count, 1)))
    drawn[:8, 0] = 0.0
    drawn[8:16, 1] = -drawn[8:16, 0]
    drawn[16:20, 1:] = 0.0
    drawn[20:24, 1:] *= 1e-9
    drawn[-1] = 0.0
    return drawn


def on_sphere(shape: Regularizer, directions: Array, radius: float) -> Array:
    """Directions scaled to Ω = k by bisection: nothing but `value` is used."""
    low, high = np.zeros(len(directions)), np.full(len(directions), 1e6)
    for _ in range(200):
        middle = 0.5 * (low + high)
        inside = shape.value(middle[:, None] * directions) <= shape.level(radius)
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return low[:, None] * directions


def sphere(shape: Regularizer, dimension: int, radius: float, count: int = 400) -> Array:
    directions = np.random.default_rng(7).normal(size=(count, dimension))
    directions[::5, 1:] *= 1e-4
    axes = np.concatenate([np.eye(dimension), -np.eye(dimension), np.ones((1, dimension))])
    return on_sphere(shape, np.concatenate([directions, axes]), radius)


def circle_of_directions(count: int = 20_001) -> Array:
    angles = np.linspace(0.0, 2.0 * np.pi, count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)
