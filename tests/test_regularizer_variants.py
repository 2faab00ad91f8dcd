"""The union as a registry, the variants' special cases, and the spheres that are drawn of them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from app.geometry.regularizer import Piece
from app.geometry.regularizers import (
    L1,
    L2,
    Array,
    Convex,
    ElasticNet,
    Group,
    LInfinity,
    Lp,
    Norm,
    Partition,
    Regularizer,
    SquaredL2,
)  # fmt: skip
from tests.shapes import RADII, SHAPES, every_shape, on_sphere, sphere, vectors

EQUALS = [
    (Lp(p=1.0), L1()), (Lp(p=2.0), L2()), (ElasticNet(ratio=1.0), L1()), (Group(grouping="apart"), L1()),
    (ElasticNet(ratio=1.0 - 1e-12), L1()), (Partition(partition=((0,), (1,))), Group(grouping="apart")),
]  # fmt: skip


@pytest.mark.parametrize(("special", "general"), EQUALS, ids=repr)
def test_special_cases_are_equal(special: Regularizer, general: Regularizer) -> None:
    """Kills: a constant that is right for one parameter only."""
    v = np.delete(vectors(2), slice(8, 16), axis=0)  # of several support points on a tie, each may take its own
    for name in ("project", "prox", "support_point"):
        ours, theirs = getattr(special, name)(v, 0.3), getattr(general, name)(v, 0.3)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-10)


def test_exponents_that_double_precision_cannot_hold_are_refused_in_words() -> None:
    with pytest.raises(ValidationError, match=r"choose 1, or 1\.05 and more"):
        Lp(p=1.02)
    with pytest.raises(ValidationError, match="overlap"):
        Partition(partition=((0, 1), (1,)))
    with pytest.raises(ValueError, match="2 weights, not of 3"):
        Partition(partition=((0,), (1,))).value(np.ones(3))


def test_the_union_is_the_registry() -> None:
    """Each variant has a kind of its own, a title for the select and knobs that name themselves."""
    kinds = [variant().kind for variant in get_args(Convex)]
    assert kinds == ["l1", "l2", "squared_l2", "linf", "lp", "elastic_net", "group"]
    for variant in get_args(Convex):
        assert variant.model_config["title"]
        assert all(field.title and field.description for name, field in variant.model_fields.items() if name != "kind")
    assert TypeAdapter(Convex).validate_python({"kind": "lp", "p": "4"}) == Lp(p=4.0)
    assert sum(isinstance(shape, Norm) for shape in SHAPES[: len(kinds)]) == 5


def drawn(arcs: Sequence[Piece], samples: int = 30) -> Array:
    """Points of the Bézier curves that a picture makes of the arcs, in order."""
    s = np.linspace(0.0, 1.0, samples, endpoint=False)[:, None]
    pieces = []
    for arc in arcs:
        points, tangents = arc.points, arc.tangents
        for p, q, tp, tq in zip(points[:-1], points[1:], tangents[:-1], tangents[1:], strict=True):
            b, c = p + tp / 3.0, q - tq / 3.0
            pieces.append((1 - s) ** 3 * p + 3 * s * (1 - s) ** 2 * b + 3 * s**2 * (1 - s) * c + s**3 * q)
    return np.concatenate(pieces)


LP_RANGE = [Lp(p=round(1.05 + 0.05 * i, 2)) for i in range(380)]


@pytest.mark.parametrize("shape", [*SHAPES, Lp(p=1.99), *LP_RANGE[:60:3], *LP_RANGE[60::20]], ids=repr)
@pytest.mark.parametrize("radius", RADII)
def test_the_drawn_boundary_is_the_sphere(shape: Regularizer, radius: float) -> None:
    """Within 7e-4, once around, counter-clockwise. Kills: a missing quadrant, a tangent of the wrong length."""
    arcs = shape.boundary(radius)
    curve = drawn(arcs)
    extent = np.abs(curve).max()
    assert np.linalg.norm(curve - on_sphere(shape, curve, radius), axis=-1).max() <= 7e-4 * extent
    steps = np.diff(np.unwrap(np.arctan2(curve[:, 1], curve[:, 0])))
    assert np.all(steps > 0.0)
    assert 2 * np.pi - 0.2 < steps.sum() < 2 * np.pi
    for arc, following in pairwise([*arcs, arcs[0]]):
        np.testing.assert_allclose(arc.points[-1], following.points[0], atol=1e-14 * extent)
    assert sum(len(arc.points) for arc in arcs) <= 33


@every_shape
def test_tangents_touch_and_corners_are_where_arcs_meet(shape: Regularizer) -> None:
    """Kills: a tangent that is off by the parametrisation; a corner in the middle of an arc."""
    for arc in shape.boundary(0.7):
        for point, tangent in zip(arc.points[1:-1], arc.tangents[1:-1], strict=True):
            (normal,) = shape.normals(np.where(np.abs(point) < 1e-12, 0.0, point))
            assert abs(normal @ tangent) <= 1e-9 * np.linalg.norm(tangent) + 1e-12


@every_shape
def test_a_boundary_of_radius_0_is_a_point(shape: Regularizer) -> None:
    assert all(not arc.points.any() and np.isfinite(arc.tangents).all() for arc in shape.boundary(0.0))


@every_shape
@pytest.mark.parametrize("radius", RADII)
def test_normals_are_the_extreme_rays_of_the_normal_cone(shape: Regularizer, radius: float) -> None:
    """⟨n, z − w⟩ ≤ 0 for all z of the ball, and a ray turned outwards breaks it. Kills: half a cone, a ray inwards."""
    z = sphere(shape, 2, radius, 4000)
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [-1, 1], [-1, -1], [1, -1]], dtype=float)
    directions = np.concatenate([corners, vectors(2)[24:50]])
    for w in on_sphere(shape, directions, radius):
        rays = shape.normals(w)
        np.testing.assert_allclose(np.linalg.norm(rays, axis=-1), 1.0, rtol=1e-14)
        assert np.all((z - w) @ rays.T <= 1e-10 * np.abs(z).max())
        turn = 0.05 * np.array([[0.0, 1.0], [-1.0, 0.0]])
        outward = np.stack([rays[0] - rays[0] @ turn, rays[-1] + rays[-1] @ turn])
        for ray in outward / np.linalg.norm(outward, axis=-1, keepdims=True):
            assert ray @ (shape.support_point(ray, radius) - w) > 0.0
        if len(rays) == 2:
            assert rays[0, 0] * rays[1, 1] - rays[0, 1] * rays[1, 0] > 0.0


@every_shape
def test_the_normal_cone_of_a_point_is_the_plane(shape: Regularizer) -> None:
    assert shape.normals(np.array([0.0, -0.0])).shape == (0, 2)


def test_corners_by_hand() -> None:
    """Kills: a zero or a tie that is not noticed, −0 taken for a sign."""
    half = 0.5**0.5
    cases: list[tuple[Regularizer, list[float], list[list[float]]]] = [
        (L1(), [1.0, -0.0], [[half, -half], [half, half]]),
        (L1(), [0.0, -2.0], [[-half, -half], [half, -half]]),
        (LInfinity(), [-1.0, 1.0], [[0.0, 1.0], [-1.0, 0.0]]),
        (LInfinity(), [0.3, -1.0], [[0.0, -1.0]]),
        (ElasticNet(ratio=0.5), [-1.0, 0.0], [[-0.8**0.5, 0.2**0.5], [-0.8**0.5, -(0.2**0.5)]]),
        (SquaredL2(), [3.0, 4.0], [[0.6, 0.8]]),
        (Group(), [0.0, 2.0], [[0.0, 1.0]]),
    ]  # fmt: skip
    for shape, w, rays in cases:
        np.testing.assert_allclose(shape.normals(np.array(w)), rays, atol=1e-15)
