"""Penalty and constraint are one object: the map between strength and radius, its slope, its ends, its inverse."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    L1,
    L2,
    Constrained,
    ElasticNet,
    Free,
    Logistic,
    Loss,
    Penalised,
    Regularizer,
    SquaredL2,
    least_squares,
    profile,
    radius_at,
    solve,
    strength_at,
)
from tests.landscapes import BOWL, LOSSES, data, found, labelled
from tests.shapes import every_shape

SMOOTH = ["default bowl", "turned, on an axis", "correlation 0.99", "logistic", "profile with intercept", "slice"]


@every_shape
@pytest.mark.parametrize("name", SMOOTH)
def test_the_multiplier_is_the_price_of_the_ball(name: str, shape: Regularizer) -> None:
    """dJ*/dk = −α, by central differences of optimal values in the level k."""
    loss = LOSSES[name]
    for share in (0.15, 0.4, 0.8):
        radius = share * float(shape.size(loss.minimum.weights))
        step = 1e-5 * radius
        ahead, behind = (found(loss, shape, Constrained(radius + sign * step))[0].value for sign in (1.0, -1.0))
        rise = float(shape.level(radius + step) - shape.level(radius - step))
        price = strength_at(loss, shape, radius)
        assert price is not None
        assert (behind - ahead) / rise == pytest.approx(price, rel=2e-4, abs=1e-9)


@every_shape
@pytest.mark.parametrize("name", [*SMOOTH, "duplicate column", "logistic, separable"])
def test_a_larger_ball_has_a_smaller_multiplier(name: str, shape: Regularizer) -> None:
    loss = LOSSES[name]
    free = loss.minimum.weights
    size = float(shape.size(np.ones(2) if free is None else solve(loss, shape, Free()).weights))
    strengths = [strength_at(loss, shape, size * share) for share in (1e-3, 0.2, 0.4, 0.6, 0.8, 0.95)]
    assert all(strength is not None and strength > 0.0 for strength in strengths)
    assert (np.diff(np.array(strengths, dtype=float)) < 0.0).all()
    if free is not None:
        assert strength_at(loss, shape, 1.001 * size) == 0.0


@every_shape
@pytest.mark.parametrize("name", [*SMOOTH, "logistic, separable"])
def test_there_and_back(name: str, shape: Regularizer) -> None:
    loss = LOSSES[name]
    largest = shape.largest_strength(loss.gradient(np.zeros(2))) or 3.0 * loss.smoothness
    for share in (0.01, 0.2, 0.9):
        radius = radius_at(loss, shape, share * largest)
        assert radius is not None
        assert strength_at(loss, shape, radius) == pytest.approx(share * largest, rel=1e-6)
    for share in (0.1, 0.5, 0.9):
        radius = share * float(shape.size(solve(loss, shape, Penalised(1e-3 * largest)).weights))
        strength = strength_at(loss, shape, radius)
        assert strength is not None
        assert radius_at(loss, shape, strength) == pytest.approx(radius, rel=1e-6)


@pytest.mark.parametrize("d", [1, 4, 7])
@pytest.mark.parametrize("shape", [L1(), L2(), SquaredL2(), ElasticNet(ratio=0.3)], ids=repr)
def test_there_and_back_in_many_dimensions(shape: Regularizer, d: int) -> None:
    Z, labels = labelled(21, n=90, d=d)
    losses: list[Loss] = [least_squares(*data(20, n=30, d=d)), Logistic(Z, labels)]
    losses.append(profile(Logistic(np.column_stack([Z, np.ones(90)]), labels), tuple(range(d))))
    for loss in losses:
        largest = shape.largest_strength(loss.gradient(np.zeros(d))) or loss.smoothness
        there, w = found(loss, shape, Penalised(0.2 * largest))
        back, at = found(loss, shape, Constrained(there.radius))
        assert back.strength == pytest.approx(0.2 * largest, rel=1e-6)
        assert_allclose(at, w, rtol=1e-6, atol=1e-7 * np.abs(w).max())


def test_the_norm_and_its_square_have_one_path_and_two_strengths() -> None:
    """At one optimum α of ‖w‖ is t times α of ½‖w‖²."""
    for name in SMOOTH:
        for radius in (0.1, 0.5):
            of_norm, of_square = (strength_at(LOSSES[name], shape, radius) for shape in (L2(), SquaredL2()))
            assert of_norm is not None
            assert of_square is not None
            assert of_norm == pytest.approx(radius * of_square, rel=1e-8)


def test_the_ends_of_the_map() -> None:
    """α_max at radius 0 where it exists; every strength beyond it, and every radius beyond ŵ, is one point."""
    assert strength_at(BOWL, L1(), 0.0) == 5.0
    assert strength_at(BOWL, SquaredL2(), 0.0) is None
    assert radius_at(BOWL, L1(), 5.0) == radius_at(BOWL, L1(), 1e9) == 0.0
    assert 0.0 < (radius_at(BOWL, SquaredL2(), 1e9) or 0.0) < 1e-7
    assert radius_at(BOWL, L1(), 0.0) == 3.0
    assert strength_at(BOWL, L1(), 3.0) == strength_at(BOWL, L1(), 50.0) == 0.0
    assert radius_at(LOSSES["logistic, separable"], L1(), 0.0) is None


def test_the_same_strength_is_another_ball_on_other_data() -> None:
    radii = [radius_at(LOSSES[name], SquaredL2(), 0.3) for name in ("default bowl", "least squares", "logistic")]
    assert len({round(radius or 0.0, 3) for radius in radii}) == 3
