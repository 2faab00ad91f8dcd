"""Shapes with p < 1: what can be said of them without convexity."""

from typing import get_args

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from app.geometry.nonconvex import NonConvex, QuasiNorm
from app.geometry.regularizers import Array, Convex

EXPONENTS = (0.2, 0.35, 0.5, 0.7, 0.95)
every_exponent = pytest.mark.parametrize("p", EXPONENTS)


def boundary_points(p: float, radius: float, count: int = 200_001) -> Array:
    """(t cos^(2/p) φ, t sin^(2/p) φ) over the whole turn: the Lamé curve."""
    angles = np.linspace(0.0, 2.0 * np.pi, count)
    return radius * np.stack([np.sign(f(angles)) * np.abs(f(angles)) ** (2.0 / p) for f in (np.cos, np.sin)], axis=-1)


def test_value_by_hand() -> None:
    """(√9 + √16)² = 49. Kills: the sum without its outer power."""
    shape = QuasiNorm(p=0.5)
    assert float(shape.value(np.array([9.0, -16.0]))) == pytest.approx(49.0, rel=1e-14)
    assert shape.size(np.array([9.0, -16.0])) == shape.value(np.array([9.0, -16.0]))
    assert shape.level(2.0) == 2.0
    assert shape.value(np.zeros((3, 2))).tolist() == [0.0, 0.0, 0.0]


@every_exponent
@pytest.mark.parametrize("radius", [1e-3, 1.0, 40.0])
def test_nearest_is_global(p: float, radius: float) -> None:
    """Against 200,000 points of the curve. Kills: a local minimum, the wrong spike, the wrong quadrant."""
    shape, curve = QuasiNorm(p=p), boundary_points(p, radius)
    for v in radius * np.random.default_rng(5).normal(size=(40, 2)) * np.linspace(0.2, 3.0, 40)[:, None]:
        w = shape.project(v, radius)
        if shape.value(v) <= radius:
            assert np.array_equal(w, v)
            continue
        assert float(shape.value(w)) == pytest.approx(radius, rel=1e-9)
        least = np.linalg.norm(curve - v, axis=-1).min()
        assert np.linalg.norm(w - v) <= least * (1.0 + 1e-12)
        assert np.linalg.norm(w - v) >= least - 1e-4 * radius


@pytest.mark.parametrize("p", [0.2, 0.5, 0.7])
def test_ties_are_all_listed(p: float) -> None:
    """v on a diagonal, far out: two spikes are equally near, and project takes the first. Kills: a silent choice."""
    found = QuasiNorm(p=p).nearest(np.array([-3.0, 3.0]), 1.0)
    assert {tuple(point) for point in found.round(9).tolist()} == {(0.0, 1.0), (-1.0, 0.0)}
    assert np.array_equal(QuasiNorm(p=p).project(np.array([-3.0, 3.0]), 1.0), found[0])


def test_zero_radius_and_axes() -> None:
    """Kills: 0/0 and −0; mirror images that are listed twice."""
    shape = QuasiNorm(p=0.5)
    assert shape.nearest(np.array([-1.0, 2.0]), 0.0).tolist() == [[0.0, 0.0]]
    assert shape.nearest(np.array([0.0, -2.0]), 1.0).tolist() == [[0.0, -1.0]]
    assert not np.signbit(shape.nearest(np.array([-2.0, 0.0]), 1.0)[:, 1]).any()


@pytest.mark.parametrize("p", [round(0.2 + 0.05 * i, 2) for i in range(16)])
def test_the_drawn_boundary_is_the_curve(p: float) -> None:
    """Four arcs inwards between the spikes. Kills: tangents of the wrong length, a quadrant that is missing."""
    arcs, curve = QuasiNorm(p=p).boundary(2.0), boundary_points(p, 2.0, 40_001)
    s = np.linspace(0.0, 1.0, 12)[:, None, None]
    for (points, tangents), start in zip(arcs, [(2.0, 0.0), (0.0, 2.0), (-2.0, 0.0), (0.0, -2.0)], strict=True):
        np.testing.assert_allclose(points[0], start, atol=1e-15)
        b, c = points[:-1] + tangents[:-1] / 3.0, points[1:] - tangents[1:] / 3.0
        cubic = (1 - s) ** 3 * points[:-1] + 3 * s * (1 - s) ** 2 * b + 3 * s**2 * (1 - s) * c + s**3 * points[1:]
        gaps = np.linalg.norm(cubic.reshape(-1, 1, 2)[::3] - curve[None, ::2], axis=-1).min(axis=-1)
        assert gaps.max() <= 1e-3 * 2.0
    np.testing.assert_allclose(arcs[-1].points[-1], arcs[0].points[0], atol=1e-15)


def test_the_union_is_apart_from_the_convex_one() -> None:
    """A shape without theorems must not slip into what the solvers take."""
    assert NonConvex not in get_args(Convex)
    assert TypeAdapter(Convex | NonConvex).validate_python({"kind": "quasi"}) == QuasiNorm()
    with pytest.raises(ValidationError):
        QuasiNorm(p=1.0)
