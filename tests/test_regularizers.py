"""Laws that every convex regularizer keeps, over the whole union; each says which bug it would catch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.geometry.regularizers import L1, L2, Array, ElasticNet, Group, LInfinity, Lp, Partition, Regularizer, SquaredL2
from tests.shapes import (
    RADII,
    SHAPES,
    circle_of_directions,
    every_shape,
    every_shape_and_dimension,
    on_sphere,
    sphere,
    vectors,
)


def test_values_are_the_textbook_formulas() -> None:
    """Kills: a wrong ½, a missing √|g|, an exponent too many."""
    w = np.array([3.0, -4.0])
    expected: list[tuple[Regularizer, float]] = [
        (L1(), 7.0), (L2(), 5.0), (SquaredL2(), 12.5), (LInfinity(), 4.0), (Lp(p=3.0), 91.0 ** (1 / 3)),
        (ElasticNet(ratio=0.25), 0.25 * 7.0 + 0.75 * 12.5), (Group(), 2.0**0.5 * 5.0), (Group(grouping="apart"), 7.0),
    ]  # fmt: skip
    for shape, value in expected:
        assert float(shape.value(w)) == pytest.approx(value, rel=1e-15)
    assert float(Partition(partition=((0, 2), (1,))).value(np.array([3.0, -2.0, 4.0]))) == pytest.approx(50**0.5 + 2.0)


@every_shape_and_dimension
def test_inside_the_ball_nothing_moves(shape: Regularizer, dimension: int) -> None:
    """Kills: projecting onto the sphere instead of the ball (a known bug of a published L1 projection)."""
    v = vectors(dimension)
    v[0] = -0.0
    radii = shape.size(v)
    assert np.array_equal(shape.project(v, radii * 1.0001 + 1e-3).view(np.int64), v.view(np.int64))


@every_shape_and_dimension
@pytest.mark.parametrize("radius", RADII)
def test_a_projection_lands_on_the_ball_and_is_nearest(shape: Regularizer, dimension: int, radius: float) -> None:
    """Nearest is ⟨v − w, z − w⟩ ≤ 0 for every z of the ball. Kills: rescaling, clipping, a wrong threshold."""
    v = vectors(dimension)
    w = shape.project(v, radius)
    outside = shape.value(v) > shape.level(radius)
    assert outside.any()
    np.testing.assert_allclose(shape.value(w)[outside], shape.level(radius), rtol=1e-12)
    z = sphere(shape, dimension, radius)
    gain = np.einsum("nd,nmd->nm", v - w, z[None] - w[:, None])
    scale = np.linalg.norm(v, axis=-1)[:, None] * np.linalg.norm(z, axis=-1).max()
    assert np.all(gain <= 1e-12 * scale)


@every_shape_and_dimension
def test_at_radius_0_the_ball_is_a_point(shape: Regularizer, dimension: int) -> None:
    """Kills: 0/0, a trace left by rounding, −0 in a readout."""
    w = shape.project(vectors(dimension), 0.0)
    assert not w.any()
    assert not np.signbit(w).any()


@every_shape_and_dimension
@pytest.mark.parametrize("step", [0.0, 0.02, 0.5, 3.0])
def test_a_prox_beats_every_other_point(shape: Regularizer, dimension: int, step: float) -> None:
    """½‖z − v‖² + step·Ω(z) exceeds its minimum by ½‖z − w‖² or more (strong convexity). Kills: any other point, −0."""
    v = vectors(dimension)
    w = shape.prox(v, step)
    assert not np.signbit(w[w == 0.0]).any()
    rng = np.random.default_rng(3)
    for spread in (1.0, 1e-2, 1e-4):
        for z in (w + spread * rng.normal(size=w.shape), (1.0 - spread) * w, v, np.zeros_like(v)):
            rise = 0.5 * ((z - v) ** 2 - (w - v) ** 2).sum(-1) + step * (shape.value(z) - shape.value(w))
            scale = 1.0 + (v**2).sum(-1) + step * shape.value(v)
            assert np.all(rise >= 0.5 * ((z - w) ** 2).sum(-1) - 1e-13 * scale)


@every_shape
@pytest.mark.parametrize("step", [0.1, 0.8])
def test_a_prox_beats_a_fine_grid(shape: Regularizer, step: float) -> None:
    """By brute force: no theorem is used. Kills: a shared misunderstanding of the two laws above."""
    axis = np.linspace(-2.0, 2.0, 201)
    z = np.stack(np.meshgrid(axis, axis), axis=-1)
    for v in ([1.3, -0.4], [0.2, 0.1], [-1.0, -1.0], [0.0, 1.7]):
        costs = 0.5 * ((z - v) ** 2).sum(-1) + step * shape.value(z)
        w = shape.prox(np.array(v), step)
        assert 0.5 * ((w - v) ** 2).sum() + step * float(shape.value(w)) <= costs.min() + 1e-14


@every_shape_and_dimension
def test_the_residual_vanishes_at_the_prox_and_grows_away_from_it(shape: Regularizer, dimension: int) -> None:
    """Optimality is 0 ∈ w − v + s∂Ω(w), and its violation is at least the distance to the optimum (strong convexity).

    Kills: a subdifferential that is too large, too small, or wrong at zeros and ties.
    """
    v = vectors(dimension)
    for step in (0.02, 0.5, 3.0):
        w = shape.prox(v, step)
        scale = 1.0 + np.linalg.norm(v, axis=-1) / step
        assert np.all(shape.residual(w, (v - w) / step, 1.0) <= 1e-12 * scale)
        assert np.all(shape.residual(w, v - w, step) <= 1e-12 * scale * step)
        for other in (np.roll(w, 1, axis=0), np.zeros_like(w), np.sign(w), w * 1.01):
            violation = step * shape.residual(other, (v - other) / step, 1.0)
            assert np.all(violation >= np.linalg.norm(other - w, axis=-1) * (1.0 - 1e-9) - 1e-12)


def test_residuals_by_hand() -> None:
    """Distances to sets that can be drawn: an interval, a face, a disc. Kills: the wrong point of a set."""
    cases: list[tuple[Regularizer, list[float], list[float], float]] = [
        (L1(), [2.0, 0.0], [1.0, 1.5], 0.5),  # to {1} × [−1, 1]
        (L1(), [0.0, 0.0], [4.0, -5.0], 5.0),  # to the square [−1, 1]²
        (L2(), [0.0, 0.0], [3.0, 4.0], 4.0),  # to the unit disc
        (LInfinity(), [1.0, 1.0], [1.0, 1.0], 0.5**0.5),  # to the segment between (1, 0) and (0, 1)
        (LInfinity(), [1.0, -1.0], [2.0, 0.0], 1.0),  # its end (1, 0) is nearest
        (LInfinity(), [1.0, 0.5], [1.0, 0.3], 0.3),  # to the point (1, 0)
        (LInfinity(), [0.0, 0.0], [0.2, 0.3], 0.0),  # inside the diamond
        (ElasticNet(ratio=0.5), [2.0, 0.0], [1.5, 0.9], 0.4),  # to {½ + 1} × [−½, ½]
        (Group(), [0.0, 0.0], [3.0, 4.0], 5.0 - 2.0**0.5),  # to the disc of radius √2
    ]
    for shape, w, pull, distance in cases:
        assert float(shape.residual(np.array(w), np.array(pull), 1.0)) == pytest.approx(distance, abs=1e-15)


@every_shape_and_dimension
@pytest.mark.parametrize("radius", RADII)
def test_the_support_point_is_the_farthest(shape: Regularizer, dimension: int, radius: float) -> None:
    """Kills: a dual norm with the wrong exponent or weight, a support point that leaves the ball."""
    g = vectors(dimension)
    farthest = shape.support_point(g, radius)
    assert np.all(shape.value(farthest) <= shape.level(radius) * (1.0 + 1e-12))
    reach = (g * farthest).sum(-1)
    assert np.all(g @ sphere(shape, dimension, radius).T <= reach[:, None] * (1.0 + 1e-12))
    np.testing.assert_allclose(shape.dual(g), (g * shape.support_point(g, 1.0)).sum(-1), rtol=1e-12)
    assert not shape.support_point(np.zeros(dimension), radius).any()


@every_shape
def test_the_dual_is_the_supremum_over_the_ball(shape: Regularizer) -> None:
    """By brute force over 20,000 points of the sphere. Kills: a dual that is merely an upper bound."""
    z = on_sphere(shape, circle_of_directions(), 1.0)
    for g in ([1.0, 0.3], [-0.7, 0.7], [0.0, 2.0]):
        assert float(shape.dual(np.array(g))) == pytest.approx(float((z @ g).max()), rel=1e-3)


@every_shape_and_dimension
def test_zero_is_optimal_exactly_from_the_largest_strength(shape: Regularizer, dimension: int) -> None:
    """Kills: α_max off by a factor; a finite one for weight decay."""
    gradient = vectors(dimension)[5]
    largest, origin = shape.largest_strength(gradient), np.zeros(dimension)
    if largest is None:
        assert np.any(shape.prox(-gradient, 1e9))
        return
    assert float(shape.residual(origin, -gradient, largest)) <= 1e-12
    assert float(shape.residual(origin, -gradient, 0.999 * largest)) > 0.0


@every_shape_and_dimension
def test_slope_size_and_level_agree_with_the_value(shape: Regularizer, dimension: int) -> None:
    """Kills: a slope that is the value (elastic net), a radius measured in k (weight decay)."""
    w, h = vectors(dimension), 1e-6
    rise = (shape.value(w * (1.0 + h)) - shape.value(w * (1.0 - h))) / (2.0 * h)
    np.testing.assert_allclose(shape.slope(w), rise, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(shape.level(shape.size(w)), shape.value(w), rtol=1e-14)
    radii = np.linspace(0.0, 3.0, 7)
    assert np.all(np.diff(shape.level(radii)) > 0.0)


@every_shape_and_dimension
def test_a_batch_equals_the_loop(shape: Regularizer, dimension: int) -> None:
    """Kills: a reduction over the wrong axis, a radius that broadcasts against coordinates."""
    v, radii = vectors(dimension)[:12].reshape(3, 4, dimension), np.geomspace(1e-3, 10.0, 200)
    numbers = np.linspace(0.1, 2.0, 12).reshape(3, 4)
    swept = shape.project(v[1, 2], radii)
    assert swept.shape == (200, dimension)
    np.testing.assert_allclose(swept, [shape.project(v[1, 2], float(r)) for r in radii], rtol=1e-12, atol=1e-300)
    for method in (shape.prox, shape.project, shape.support_point):
        loop = [[method(v[i, j], float(numbers[i, j])) for j in range(4)] for i in range(3)]
        np.testing.assert_allclose(method(v, numbers), loop, rtol=1e-12, atol=1e-300)
    loop = [[shape.residual(v[i, j], v[0, 0], float(numbers[i, j])) for j in range(4)] for i in range(3)]
    np.testing.assert_allclose(shape.residual(v, v[0, 0], numbers), loop, rtol=1e-12, atol=1e-14)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    v=arrays(
        float, 3, elements=st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-12, 3.5, 1e6]) | st.floats(-1e4, 1e4, width=32)
    ),
    number=st.sampled_from([0.0, 1e-9, 1.0, 1e9]) | st.floats(0.001, 100.0),
)
def test_extreme_inputs_stay_finite_and_feasible(v: Array, number: float) -> None:
    """Kills: overflow, 0/0 and endless loops; NumPy's warnings are errors here."""
    for shape in SHAPES:
        w = shape.project(v, number)
        assert np.all(shape.value(w) <= shape.level(number) * (1.0 + 1e-9) + 1e-12 * np.abs(v).max())
        assert np.all(np.abs(shape.prox(v, number)) <= np.abs(v) * (1.0 + 1e-12))
        assert np.isfinite(shape.support_point(v, number)).all()
        assert np.isfinite(shape.residual(w, v, number))
