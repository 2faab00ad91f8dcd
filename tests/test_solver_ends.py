"""Where the map between penalty and constraint ends: radius 0, no minimum, many minima, negative curvature."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    L1,
    L2,
    Constrained,
    ElasticNet,
    Form,
    Free,
    LInfinity,
    Logistic,
    Penalised,
    Quadratic,
    SquaredL2,
    profile,
    solve,
)
from tests.landscapes import BOWL, CERTIFIED, LOSSES, data, found


def test_a_ball_of_radius_0() -> None:
    """L1 has every α ≥ α_max as a multiplier, weight decay none; where the minimum is 0, the constraint is inactive."""
    for shape, smallest in ((L1(), 5.0), (L2(), 29.0**0.5), (SquaredL2(), None), (ElasticNet(ratio=0.5), 10.0)):
        solution, w = found(BOWL, shape, Constrained(0.0))
        assert not w.any()
        assert (solution.strength, solution.active, solution.unique) == (None, True, True)
        assert solution.smallest_strength == pytest.approx(smallest)
    assert solve(LOSSES["minimiser 0"], SquaredL2(), Constrained(0.0)).strength == 0.0


def test_separable_data_need_a_ball_or_a_penalty() -> None:
    loss = LOSSES["logistic, separable"]
    for form in (Free(), Penalised(0.0)):
        solution = solve(loss, L1(), form)
        assert (solution.weights, solution.outcome.kind) == (None, "unbounded")
        assert solution.outcome.sentence == "no finite optimum: the data can be separated; give it a ball or a penalty"
        assert not solution.certificate.holds
    for radius in (1.0, 30.0, 1e4):
        solution, _ = found(loss, SquaredL2(), Constrained(radius))
        assert solution.active
        assert solution.radius == pytest.approx(float(np.linalg.norm(solution.weights)))


@pytest.mark.parametrize("form", [Free(), Penalised(0.0), Penalised(3.0), Constrained(0.0), Constrained(1.0)])
def test_one_class_with_an_intercept_has_no_optimum_in_any_form(form: Form) -> None:
    loss = profile(Logistic(np.column_stack([data(1)[0], np.ones(40)]), np.ones(40)), (0, 1))
    solution = solve(loss, L1(), form)
    assert (solution.weights, solution.outcome.kind) == (None, "unbounded")
    assert "only one class" in solution.outcome.sentence


def test_negative_curvature_is_unbounded_or_refused() -> None:
    saddle = Quadratic(np.diag([-1.0, 2.0]), np.array([1.0, 1.0]))
    assert solve(saddle, L1(), Penalised(100.0)).outcome.kind == "unbounded"
    assert solve(saddle, ElasticNet(ratio=0.5), Penalised(1.9)).outcome.kind == "unbounded"
    solution = solve(saddle, ElasticNet(ratio=0.5), Penalised(2.1))
    assert solution.certificate.residual <= CERTIFIED
    assert solution.certificate.gap is None
    with pytest.raises(ValueError, match="negative"):
        solve(saddle, L1(), Constrained(1.0))


def test_of_many_minimisers_the_smallest_is_taken() -> None:
    """On the line w₁ + 2w₂ = 4 the smallest ‖·‖₁ is at (0, 2), ‖·‖₂ at (0.8, 1.6), ‖·‖_∞ at (4/3, 4/3)."""
    loss = Quadratic(np.array([[1.0, 2.0], [2.0, 4.0]]), np.array([0.8, 1.6]))
    for shape, weights in ((L1(), (0.0, 2.0)), (SquaredL2(), (0.8, 1.6)), (LInfinity(), (4 / 3, 4 / 3))):
        size = float(shape.size(np.array(weights)))
        for form in (Penalised(0.0), Constrained(1.000001 * size)):
            solution, w = found(loss, shape, form)
            assert_allclose(w, weights, atol=1e-14)
            assert (solution.strength, solution.active, solution.unique) == (0.0, False, False)
        assert solve(loss, shape, Constrained(0.999 * size)).active


def test_unique_or_not() -> None:
    twice = LOSSES["duplicate column"]
    assert not solve(twice, L1(), Constrained(0.2)).unique
    assert solve(twice, SquaredL2(), Constrained(0.2)).unique
    assert solve(twice, LInfinity(), Constrained(0.2)).unique
    assert not solve(LOSSES["flat across an axis"], LInfinity(), Penalised(0.3)).unique
    assert solve(LOSSES["opposite column"], L1(), Penalised(0.1)).unique
