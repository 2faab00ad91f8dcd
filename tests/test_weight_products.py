"""Two weights whose product is to be 1: the origin's change at α = 1, the ball that never kills, and both walks."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from app.geometry.weight_products import (
    constrained_minimum,
    descend,
    gradient,
    hessian,
    loss,
    origin_eigenvalues,
    penalised_minimum,
)

STARTS = [(1.3, -1.0), (0.2, 0.1), (-1.5, -0.3), (2.0, 2.0)]


def penalised(w: np.ndarray, strength: float) -> float:
    return 0.5 * (w[0] * w[1] - 1) ** 2 + 0.5 * strength * (w[0] ** 2 + w[1] ** 2)


@pytest.mark.parametrize("strength", [0.0, 0.4, 0.99, 1.0, 1.01, 3.0])
def test_the_origin_changes_from_saddle_to_minimum_at_one(strength: float) -> None:
    """The eigenvalues by central differences; the kind by what is lower around it."""
    step, zero = 1e-4, np.zeros(2)
    axes = np.eye(2) * step
    found = np.array(
        [
            [
                penalised(zero + a + b, strength) - penalised(zero + a - b, strength)
                - penalised(zero - a + b, strength) + penalised(zero - a - b, strength)
                for b in axes
            ]
            for a in axes
        ]
    ) / (4 * step**2)  # fmt: skip
    assert_allclose(np.linalg.eigvalsh(found), origin_eigenvalues(strength), atol=1e-6)
    assert_allclose(hessian(zero, strength), found, atol=1e-6)
    ring = 1e-2 * np.stack([np.cos(turn := np.linspace(0, 2 * np.pi, 721)), np.sin(turn)], axis=1)
    lower = min(penalised(w, strength) for w in ring) < penalised(zero, strength)
    assert bool(lower) is (strength < 1.0)


@pytest.mark.parametrize("strength", [0.1, 0.3, 0.75, 1.0, 1.5])
def test_the_penalised_minimum_is_the_lowest_of_many_searches(strength: float) -> None:
    best = min((minimize(penalised, start, args=(strength,), tol=1e-12) for start in STARTS), key=lambda one: one.fun)
    at = penalised_minimum(strength)
    assert penalised(np.array([at, at]), strength) == pytest.approx(best.fun, abs=1e-10)
    assert abs(best.x).max() == pytest.approx(at, abs=0.02 if strength == 1.0 else 1e-5)  # flat to fourth order at 1


@pytest.mark.parametrize("radius", [1e-3, 0.5, 1.0, 1.4, 1.5, 3.0])
def test_no_ball_has_the_origin_as_its_optimum(radius: float) -> None:
    at, multiplier = constrained_minimum(radius)
    w = np.array([at, at])
    assert np.hypot(*w) <= radius * (1 + 1e-12)
    assert multiplier < 1.0
    assert_allclose(gradient(w) + multiplier * w, 0, atol=1e-12)
    angles, sizes = np.meshgrid(np.linspace(0, 2 * np.pi, 721), np.linspace(0, radius, 60))
    ball = np.stack([sizes * np.cos(angles), sizes * np.sin(angles)], axis=-1)
    assert float(loss(w)) <= loss(ball).min() + 1e-12
    assert float(loss(w)) < 0.5


def test_a_gradient_equals_central_differences() -> None:
    w = np.random.default_rng(0).normal(size=(20, 2))
    for i, e in enumerate(np.eye(2) * 1e-6):
        assert_allclose(gradient(w)[:, i], (loss(w + e) - loss(w - e)) / 2e-6, atol=1e-7)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("strength", "radius"), [(0.5, None), (1.4, None), (0.0, 1.0), (0.0, 0.0)])
def test_a_walk_is_the_one_that_steps_take(start: tuple[float, float], strength: float, radius: float | None) -> None:
    def put_back(v: np.ndarray) -> np.ndarray:
        return v if radius is None or np.linalg.norm(v) <= radius else v * radius / np.linalg.norm(v)

    w = put_back(np.array(start))
    path = [w]
    for _ in range(60):
        w = put_back(w - 0.1 * (gradient(w) + strength * w))
        path.append(w)
    assert_allclose(descend(start, 0.1, 60, strength, radius).weights, path, atol=1e-12)


def test_the_penalty_kills_and_the_ball_does_not() -> None:
    dead = descend((1.3, -1.0), 0.2, 1000, 1.4, None)
    assert dead.outcome.kind == "converged"
    assert "origin, the minimum" in dead.outcome.sentence
    alive = descend((1.3, -1.0), 0.2, 1000, 0.0, 0.1)
    assert_allclose(alive.weights[-1], [0.1 / 2**0.5] * 2, rtol=1e-6)
    assert "edge of the ball" in alive.outcome.sentence


def test_an_exact_start_on_the_saddles_ridge_stays_on_it() -> None:
    stuck = descend((1.0, -1.0), 0.1, 2000, 0.5, None)
    assert "a saddle" in stuck.outcome.sentence


def test_a_step_that_is_too_long_diverges_and_says_so() -> None:
    lost = descend((2.0, 2.0), 5.0, 100, 0.0, None)
    assert lost.outcome.kind == "diverged"
    assert "above 2/L" in lost.outcome.sentence
    assert len(lost.weights) == 101
    assert np.isfinite(lost.weights).all()
    kept = descend((2.0, 2.0), 5.0, 100, 0.0, 1.0)
    assert np.hypot(*kept.weights.T).max() <= 1 + 1e-12
