"""A certificate notices a wrong point, and the two ways to work it out agree."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    L1,
    Array,
    Constrained,
    Form,
    Free,
    LInfinity,
    Penalised,
    Quadratic,
    QuasiNorm,
    Regularizer,
    SquaredL2,
    certified_plane_optimum,
    certify,
    solve,
)
from app.geometry.certificates import certify_plane, certify_search
from app.geometry.plane_shapes import plane_shape
from tests.landscapes import BOWL, LOSSES, Lopsided, found
from tests.shapes import every_shape


@every_shape
@pytest.mark.parametrize("name", ["default bowl", "condition 1e4", "logistic"])
def test_the_residual_grows_with_the_distance_from_the_optimum(name: str, shape: Regularizer) -> None:
    """A point of the ball at a distance ε from the optimum leaves at least ε·λmin of the pull unbalanced."""
    loss = LOSSES[name]
    solution, w = found(loss, shape, Constrained(0.6 * float(shape.size(loss.minimum.weights))))
    scale = float(np.linalg.norm(loss.gradient(np.zeros(2))))
    least = float(np.linalg.eigvalsh(loss.hessian(w))[0])
    for distance in (1e-6, 1e-3, 1e-1):
        wrong = w + distance * np.array([0.6, -0.8])
        certificate = certify(loss, shape, Penalised(solution.strength or 0.0), wrong, solution.strength)
        assert certificate.stationarity >= 0.3 * distance * least / scale
        assert not certificate.holds


@pytest.mark.parametrize("name", ["default bowl", "least squares", "logistic", "profile of six"])
def test_the_rescaled_minimiser_is_caught(name: str) -> None:
    """What a well-known tool draws: ŵ·t/‖ŵ‖ instead of the optimum. It is feasible, and no multiplier holds it."""
    loss = LOSSES[name]
    free = loss.minimum.weights
    assert free is not None
    for shape in (L1(), SquaredL2(), LInfinity()):
        radius = 0.5 * float(shape.size(free))
        w = 0.5 * free
        pull = -loss.gradient(w)
        strength = max(float(pull @ w) / float(shape.slope(w)), 0.0)
        certificate = certify(loss, shape, Constrained(radius), w, strength)
        assert certificate.feasibility <= 1e-15
        assert certificate.stationarity > 1e-3
        assert certificate.gap is not None
        assert certificate.gap > 1e-6


@pytest.mark.parametrize("shape", [L1(), SquaredL2(), LInfinity()], ids=repr)
def test_each_condition_is_watched(shape: Regularizer) -> None:
    solution, w = found(BOWL, shape, Constrained(0.8))
    assert certify(BOWL, shape, Constrained(0.8 / 1.001), w, solution.strength).feasibility == pytest.approx(1e-3)
    assert certify(BOWL, shape, Constrained(0.8 * 1.001), w, solution.strength).complementarity > 1e-5
    assert certify(BOWL, shape, Constrained(0.8), w, 1.001 * (solution.strength or 0.0)).stationarity > 1e-5
    assert certify(BOWL, shape, Constrained(0.8), w, None).stationarity > 0.1
    assert certify(BOWL, shape, Constrained(0.8), w, 0.0).stationarity > 0.1
    assert certify(BOWL, shape, Constrained(0.0), np.zeros(2), None).residual == 0.0
    assert certify(BOWL, shape, Free(), BOWL.minimiser, 0.0).residual == 0.0
    assert certify(BOWL, shape, Penalised(0.1), np.zeros(2), 0.1).stationarity > 0.5


@every_shape
def test_the_gap_bounds_what_is_lost(shape: Regularizer) -> None:
    """J(w) − min J ≤ gap for every point of the ball, by convexity; a gap of the wrong sign or scale would break it."""
    rng = np.random.default_rng(2)
    for name in ("default bowl", "least squares", "logistic"):
        loss = LOSSES[name]
        form = Constrained(0.7 * float(shape.size(loss.minimum.weights)))
        best = found(loss, shape, form)[0].value
        for w in shape.project(rng.normal(size=(40, 2)), form.radius):
            gap = certify(loss, shape, form, w, 0.0).gap
            height = max(abs(float(loss.value(w))), abs(float(loss.value(np.zeros(2)))))
            assert gap is not None
            assert float(loss.value(w)) - best <= gap * height + 1e-13


@every_shape
@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if isinstance(loss, Quadratic)])
def test_floats_and_arrays_give_one_certificate(name: str, shape: Regularizer) -> None:
    """At optima and at wrong points, for zero weights and ties too."""
    loss, floats = LOSSES[name], plane_shape(shape)
    assert isinstance(loss, Quadratic)
    assert floats is not None
    rng = np.random.default_rng(3)
    points = [*rng.normal(size=(4, 2)), np.array([0.7, 0.0]), np.array([0.4, -0.4]), np.array([0.0, -2.0])]
    for form in (Constrained(0.9), Penalised(0.3)):
        for w, strength in [*((w, 0.3) for w in points), (points[0], None), (np.zeros(2), None)]:
            w1, w2 = w.tolist()
            quick = certify_plane(loss, loss.prepared, floats, form, w1, w2, strength)
            slow = certify(loss, shape, form, w, strength)
            wanted = (slow.stationarity, slow.feasibility, slow.complementarity, slow.gap)
            assert_allclose(quick, wanted, rtol=1e-6, atol=1e-9)


@every_shape
def test_at_zero_the_floats_are_never_the_more_lenient(shape: Regularizer) -> None:
    """There the distance to the dual ball is bounded by the way back along the ray."""
    floats, w = plane_shape(shape), np.zeros(2)
    assert floats is not None
    for loss in (BOWL, LOSSES["least squares"], LOSSES["turned, on an axis"]):
        assert isinstance(loss, Quadratic)
        largest = shape.largest_strength(loss.gradient(w)) or loss.smoothness
        for strength in (0.1 * largest, 0.999 * largest, 1.001 * largest):
            quick = certify_plane(loss, loss.prepared, floats, Penalised(strength), 0.0, 0.0, strength)
            slow = certify(loss, shape, Penalised(strength), w, strength)
            assert slow.stationarity - 1e-15 <= quick.stationarity <= 1.5 * slow.stationarity + 1e-15


def test_a_wrong_multiplier_of_a_free_coordinate_is_caught() -> None:
    """In a profile the pull on the weights that are minimised out belongs to the stationarity."""
    loss = LOSSES["profile of six"]
    solution, w = found(loss, L1(), Constrained(0.5))
    assert certify(loss, L1(), Constrained(0.5), w, solution.strength).holds
    assert solution.free.shape == (4,)
    assert np.abs(solution.free).min() > 0.0


def test_an_own_regularizer_gets_the_same_scrutiny() -> None:
    solution, w = found(BOWL, Lopsided(), Constrained(0.9))
    for wrong in (w * 0.99, w + np.array([0.0, 1e-4])):
        assert not certify(BOWL, Lopsided(), Constrained(0.9), wrong, solution.strength).holds


@pytest.mark.parametrize(
    ("form", "point", "strength"), [(Constrained(0.5), [0.2, 0.3], 0.4), (Penalised(0.4), [0.2, 0.3], 0.4)]
)
def test_a_search_certifies_only_what_it_can(form: Form, point: Any, strength: float) -> None:
    certificate = certify_search(BOWL, QuasiNorm(p=0.5), form, np.array(point), strength)
    assert certificate.gap is None
    assert not certificate.holds
    assert certify_search(BOWL, QuasiNorm(p=0.5), Free(), BOWL.minimiser, 0.0).holds


def test_the_scale_is_the_pull_at_zero() -> None:
    """Stretching the units of J leaves a certificate as it is."""
    w: Array = np.array([0.3, 0.1])
    for factor in (1e-6, 1.0, 1e6):
        stretched = Quadratic(factor * BOWL.curvature, BOWL.minimiser)
        assert certify(stretched, L1(), Constrained(0.5), w, 0.2 * factor).residual == pytest.approx(
            certify(BOWL, L1(), Constrained(0.5), w, 0.2).residual
        )
    assert certified_plane_optimum(BOWL, L1(), Free()).certificate.stationarity == 0.0
    assert solve(BOWL, L1(), Free()).certificate.residual == 0.0
