"""Every optimum is the optimum: numbers to check by hand, the laws of convexity, and certificates everywhere."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    L1,
    Constrained,
    Form,
    Free,
    LInfinity,
    Logistic,
    Penalised,
    Quadratic,
    Regularizer,
    Slice,
    SquaredL2,
    certified_plane_optimum,
    plane_optimum,
    solve,
    solve_many,
)
from app.geometry.accelerated import accelerated
from tests.landscapes import BOWL, CERTIFIED, LOSSES, Lopsided, found, labelled
from tests.shapes import SHAPES, every_shape


@pytest.mark.parametrize(("strength", "weights"), [(0.5, (4 / 3, 10 / 11)), (1.0, (1.0, 5 / 6)), (5.0, (1 / 3, 0.5))])
def test_weight_decay_shrinks_each_direction_by_its_own_factor(strength: float, weights: tuple[float, float]) -> None:
    solution, w = found(BOWL, SquaredL2(), Penalised(strength))
    assert_allclose(w, weights, rtol=1e-15)
    back, at = found(BOWL, SquaredL2(), Constrained(solution.radius))
    assert back.strength == pytest.approx(strength, rel=1e-13)
    assert_allclose(at, weights, rtol=1e-14)


def test_the_radius_of_the_book_example() -> None:
    assert solve(BOWL, SquaredL2(), Penalised(1.0)).radius == pytest.approx(1.3017, abs=5e-5)


@pytest.mark.parametrize(
    ("minimiser", "weights"),
    [((1.0, 1.0), (0.857143, 0.857143)), ((1.0, -0.2), (0.6, 0.0)), ((1.0, -1.0), (0.0, 0.0))],
)
def test_a_contour_may_meet_an_edge_a_corner_or_nothing(
    minimiser: tuple[float, float], weights: tuple[float, float]
) -> None:
    """The diagonal formula would say (0.75, 0.75), (0.75, 0) and (0.75, −0.75)."""
    loss = Quadratic(np.array([[2.0, 1.5], [1.5, 2.0]]), np.array(minimiser))
    _, w = found(loss, L1(), Penalised(0.5))
    assert_allclose(w, weights, atol=5e-7)
    assert [x == 0.0 for x in w] == [x == 0.0 for x in weights]


def test_orthogonal_columns_are_soft_thresholded() -> None:
    loss = Quadratic(np.eye(3), np.array([3.5, -1.75, 0.3]))
    assert_allclose(found(loss, L1(), Penalised(0.875))[1], [2.625, -0.875, 0.0], atol=1e-15)


def test_the_optimum_in_the_diamond_is_neither_the_scaled_nor_the_projected_minimiser() -> None:
    """At t = 1.5 the bowl's optimum is (3/4, 3/4): both shortcuts cost more."""
    _, w = found(BOWL, L1(), Constrained(1.5))
    assert_allclose(w, [0.75, 0.75], rtol=1e-14)
    scaled, projected = 1.5 / 3.0 * np.array([2.0, 1.0]), L1().project(np.array([2.0, 1.0]), 1.5)
    assert float(BOWL.value(w)) < 0.9 * min(float(BOWL.value(scaled)), float(BOWL.value(projected)))


@every_shape
@pytest.mark.parametrize("name", LOSSES)
def test_every_optimum_is_certified(name: str, shape: Regularizer) -> None:
    """Radii from 0 past the free optimum, strengths from 0 past α_max and to 1e9."""
    loss = LOSSES[name]
    free = loss.minimum.weights
    size = float(shape.size(np.ones(2) if free is None else free))
    largest = shape.largest_strength(loss.gradient(np.zeros(2))) or loss.smoothness
    forms: list[Form] = [Constrained(size * share) for share in (0.0, 1e-6, 0.1, 0.5, 0.9, 0.999999, 1.0, 2.0)]
    forms += [Penalised(largest * share) for share in (1e-4, 0.03, 0.4, 0.999, 1.0, 1.5)] + [Penalised(1e9)]
    forms += [Free(), Penalised(0.0)] if free is not None else []
    for form in forms:
        solution, w = found(loss, shape, form)
        assert np.isfinite(w).all()
        assert solution.certificate.gap is not None
        # With condition 1e10 the rounding of ∇J, times a long w, is a gap of its own.
        assert solution.certificate.gap <= (1e-6 if name == "units apart" else CERTIFIED)
        assert solution.radius == pytest.approx(form.radius if isinstance(form, Constrained) else shape.size(w))
        if isinstance(form, Constrained) and free is not None and form.radius >= 1.000001 * size:
            assert (solution.strength, solution.active) == (0.0, False)


@every_shape
def test_a_valley_may_cross_the_boundary_twice(shape: Regularizer) -> None:
    """Then the boundary has a second local minimum, touched from inside: its multiplier is negative."""
    for angle in range(3, 180, 11):
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        along, across = np.array([c, s]), np.array([-s, c])
        hessian = 0.02 * np.outer(along, along) + 20.0 * np.outer(across, across)
        for offset in (0.2, 0.6, 0.8):
            for reach in (0.9, 1.2, 3.0):
                loss = Quadratic(0.5 * (hessian + hessian.T), offset * across + reach * along)
                found(loss, shape, Constrained(0.9))


@every_shape
def test_nothing_near_an_optimum_is_better(shape: Regularizer) -> None:
    rng = np.random.default_rng(1)
    for loss in (BOWL, LOSSES["turned, on an axis"], LOSSES["flat valley"], LOSSES["logistic"]):
        strength = 0.4 * (shape.largest_strength(loss.gradient(np.zeros(2))) or loss.smoothness)
        solution, w = found(loss, shape, Penalised(strength))
        around = w + rng.normal(size=(400, 2)) * 10.0 ** rng.uniform(-5, 0.5, size=(400, 1))
        best = solution.value + strength * solution.omega
        assert (loss.value(around) + strength * shape.value(around)).min() >= best - 1e-13 * abs(best)
        solution, w = found(loss, shape, Constrained(0.7 * solution.radius))
        inside = shape.project(around, solution.radius)
        assert loss.value(inside).min() >= solution.value - 1e-12 * abs(solution.value)


@every_shape
@pytest.mark.parametrize("name", ["default bowl", "least squares", "duplicate column", "logistic", "profile of six"])
def test_penalised_constrained_penalised_is_the_way_back(name: str, shape: Regularizer) -> None:
    loss = LOSSES[name]
    for share in (0.02, 0.3, 0.9):
        strength = share * (shape.largest_strength(loss.gradient(np.zeros(2))) or 3.0 * loss.smoothness)
        there, w = found(loss, shape, Penalised(strength))
        back, at = found(loss, shape, Constrained(there.radius))
        assert back.strength == pytest.approx(strength, rel=1e-6)
        if back.unique:
            assert_allclose(at, w, rtol=1e-6, atol=1e-6 * np.abs(w).max())


@pytest.mark.parametrize("name", ["default bowl", "correlation 0.99", "duplicate column", "logistic"])
@every_shape
def test_the_generic_way_agrees_with_the_exact_one(name: str, shape: Regularizer) -> None:
    loss = LOSSES[name]
    strength = 0.3 * (shape.largest_strength(loss.gradient(np.zeros(2))) or loss.smoothness)
    radius = 0.6 * float(shape.size(solve(loss, shape, Free()).weights))
    for form in (Penalised(strength), Constrained(radius), Constrained(0.0), Constrained(20.0 * radius)):
        point, (solution, _) = accelerated(loss, shape, form), found(loss, shape, form)
        assert point.converged
        assert_allclose(loss.value(point.weights), solution.value, rtol=1e-8, atol=1e-12)
        assert_allclose(
            shape.value(point.weights) if solution.active else 0, solution.omega * solution.active, rtol=1e-6
        )


@pytest.mark.parametrize("name", ["default bowl", "condition 1e4", "flat valley", "logistic", "profile of six"])
def test_a_regularizer_of_ones_own_is_solved_and_certified(name: str) -> None:
    loss = LOSSES[name]
    largest = float(Lopsided().dual(loss.gradient(np.zeros(2))))
    for form in (Penalised(0.2 * largest), Penalised(1.1 * largest), Constrained(0.5), Constrained(0.0)):
        found(loss, Lopsided(), form)
    strength = 0.2 * largest
    there, _ = found(loss, Lopsided(), Penalised(strength))
    back, _ = found(loss, Lopsided(), Constrained(there.radius))
    assert back.strength == pytest.approx(strength, rel=1e-6)


def test_exact_zeros_are_exact_zeros() -> None:
    for form in (Penalised(3.0), Constrained(0.2)):
        w = found(BOWL, L1(), form)[1]
        assert 0.0 in w.tolist()
        assert not np.signbit(w).any()
    for shape in SHAPES:
        w = found(LOSSES["on the second axis"], shape, Constrained(float(shape.size(np.array([0.0, 1.0])))))[1]
        if not isinstance(shape, LInfinity):
            assert w[0] == 0.0


def test_plain_floats_and_reports_are_the_same_optimum() -> None:
    for shape in SHAPES:
        for form in (Constrained(0.7), Penalised(0.4), Free()):
            w1, w2, strength = plane_optimum(BOWL, shape, form)
            certified = certified_plane_optimum(BOWL, shape, form)
            solution = solve(BOWL, shape, form)
            assert solution.weights is not None
            assert (w1, w2, strength) == certified[:3] == (*solution.weights.tolist(), solution.strength)
            assert max(certified.certificate[:3]) == solution.certificate.residual
    with pytest.raises(ValueError, match="no closed form"):
        plane_optimum(BOWL, Lopsided(), Free())


@pytest.mark.parametrize("name", ["default bowl", "logistic", "profile of six", "logistic, separable"])
def test_many_forms_at_once_are_each_alone(name: str) -> None:
    forms: list[Form] = [Constrained(t) for t in (0.0, 1.2, 0.3, 5.0)] + [Penalised(a) for a in (0.2, 1e9, 1e-3)]
    for together, form in zip(solve_many(LOSSES[name], L1(), forms), forms, strict=True):
        alone, w = found(LOSSES[name], L1(), form)
        assert together.certificate.residual <= CERTIFIED
        assert_allclose(together.weights, w, atol=1e-7)
        assert_allclose(together.free, alone.free, atol=1e-7)


@every_shape
def test_the_quick_way_through_the_data_is_the_general_one(shape: Regularizer) -> None:
    """A slice that is the whole plane is solved by general proximal Newton, the loss itself by fused passes."""
    Z, labels = labelled(31, n=150)
    for loss in (Logistic(Z, labels), Logistic(Z, labels, offset=np.linspace(-2.0, 1.0, 150))):
        plane = Slice(loss, np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
        largest = shape.largest_strength(loss.gradient(np.zeros(2))) or loss.smoothness
        for form in (Constrained(0.4), Constrained(50.0), Penalised(0.2 * largest), Penalised(1e-4 * largest)):
            (quick, w), (general, at) = found(loss, shape, form), found(plane, shape, form)
            assert_allclose(w, at, atol=1e-8)
            assert quick.value == pytest.approx(general.value, rel=1e-12)
            assert quick.strength == pytest.approx(general.strength, rel=1e-7, abs=1e-10)
            assert quick.unique


def test_a_fused_pass_over_the_data_is_the_loss() -> None:
    """Also where every margin is so large that exp and tanh saturate."""
    Z, labels = labelled(32)
    for loss in (Logistic(Z, labels), Logistic(Z, labels, offset=Z[:, 0])):
        laid = loss.plane
        for w in np.array([[0.0, 0.0], [0.3, -2.0], [40.0, 9.0], [-900.0, 900.0]]):
            value, gradient, hessian = loss.evaluate(w)
            g1, g2, a, b, c = laid.derivatives(*w.tolist())
            assert laid.value(*w.tolist()) == pytest.approx(float(value), rel=1e-13)
            assert_allclose([g1, g2], gradient, atol=1e-15)
            assert_allclose([[a, b], [b, c]], hessian, atol=1e-15)
