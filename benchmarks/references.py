"""Optima on the boundary of a ball to the last digits, by a way that neither side uses, to measure both by.

On a smooth piece of the boundary the optimum is where the derivative of J along it changes its sign: bisection by
Brent's method on the best of many cells; where no piece has such a point the optimum is a corner.
"""

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np
from scipy.optimize import brentq

from benchmarks.samples import Array

Gradient = Callable[[Array], Array]
Curve = Callable[[float], tuple[float, float]]
Piece = tuple[Curve, Curve]  # points and tangents over [0, 1]

CELLS = 64


def on_boundary(value: Callable[[Array], float], gradient: Gradient, norm: str, radius: float) -> Array:
    """The minimiser (2,) of J on the L1 or L2 sphere of that radius."""
    found = [point for piece in _pieces(norm, radius) for point in _candidates(piece, gradient)]
    return min(found, key=value)


def error(found: Array, reference: Array) -> float:
    """Distance to the reference, relative to its length."""
    return float(np.linalg.norm(np.asarray(found) - reference) / np.linalg.norm(reference))


def _pieces(norm: str, t: float) -> list[Piece]:
    if norm == "squared_l2":
        return [_arc(t)]
    corners = [(t, 0.0), (0.0, t), (-t, 0.0), (0.0, -t)]
    return [_edge(one, other) for one, other in zip(corners, [*corners[1:], corners[0]], strict=True)]


def _arc(t: float) -> Piece:
    def point(s: float) -> tuple[float, float]:
        return t * cos(2 * pi * s), t * sin(2 * pi * s)

    def tangent(s: float) -> tuple[float, float]:
        return -sin(2 * pi * s), cos(2 * pi * s)

    return point, tangent


def _edge(one: tuple[float, float], other: tuple[float, float]) -> Piece:
    def point(s: float) -> tuple[float, float]:
        return one[0] + s * (other[0] - one[0]), one[1] + s * (other[1] - one[1])

    def tangent(_: float) -> tuple[float, float]:
        return other[0] - one[0], other[1] - one[1]

    return point, tangent


def _candidates(piece: Piece, gradient: Gradient) -> list[Array]:
    point, tangent = piece

    def fall(s: float) -> float:
        return float(np.dot(gradient(np.array(point(s))), tangent(s)))

    ends = np.linspace(0.0, 1.0, CELLS + 1)
    slopes = [fall(s) for s in ends]
    cells = [(ends[i], ends[i + 1]) for i in range(CELLS) if slopes[i] < 0 < slopes[i + 1]]
    turns = [brentq(fall, *cell, xtol=1e-16, rtol=1e-15) for cell in cells]
    return [np.array(point(s)) for s in [*turns, 0.0, 1.0]]
