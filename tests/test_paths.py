"""Whole paths: exact knots on real data, ties and duplicates, curves from one decomposition, degrees of freedom."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import Ridge, lars_path

from app.geometry import (
    L1,
    L2,
    Array,
    Constrained,
    ElasticNet,
    Group,
    LInfinity,
    Lp,
    Penalised,
    Quadratic,
    QuasiNorm,
    Regularizer,
    SquaredL2,
    effective_degrees_of_freedom,
    follow,
    least_squares,
    solve,
)
from app.geometry.homotopy import lasso_path
from tests.landscapes import BOWL, LOSSES, data, found
from tests.shapes import every_shape

VECTORS = Path(__file__).parent / "vectors"
CASES: dict[str, Any] = {case["id"]: case for case in json.loads((VECTORS / "08_paths.json").read_text())["cases"]}
CLOSE = {"rtol": 1e-7, "atol": 1e-6}


def diabetes() -> tuple[Array, Array]:
    """Columns centred and of length 1, the response centred, as the vectors have them."""
    table = np.loadtxt(VECTORS / "data" / "diabetes_raw.csv", delimiter=",", skiprows=1)
    X, y = table[:, :-1] - table[:, :-1].mean(axis=0), table[:, -1] - table[:, -1].mean()
    return X / np.linalg.norm(X, axis=0), y


X, Y = diabetes()
DIABETES = least_squares(X, Y)


def miss(loss: Quadratic, strengths: Array, weights: Array) -> float:
    """The largest violation of the lasso's conditions over points of a path, relative to ‖∇J(0)‖_∞."""
    pulls, alpha = -loss.gradient(weights), strengths[:, None]
    on, off = np.abs(pulls - alpha * np.sign(weights)), np.maximum(np.abs(pulls) - alpha, 0.0)
    return float(np.where(weights != 0.0, on, off).max() / np.abs(loss.gradient(np.zeros(loss.dimension))).max())


def test_the_lasso_path_of_diabetes_knot_by_knot() -> None:
    path, wanted = follow(DIABETES, L1()), CASES["lasso_path"]["expected"]
    assert path.knots
    assert_allclose(path.strengths, wanted["alphas"], **CLOSE)
    assert_allclose(len(Y) * path.strengths[:5], [949.44, 889.31, 452.90, 316.07, 130.13], atol=5e-3)
    assert_allclose(path.weights, wanted["coefs"], **CLOSE)
    assert_allclose(path.radii, wanted["l1_norm"], **CLOSE)
    assert_allclose(2 * len(Y) * DIABETES.value(path.weights), wanted["rss"], rtol=1e-9)


def test_one_weight_leaves_and_comes_back() -> None:
    """s3 is active, then exactly 0 at a knot, then active with another sign: a path that only adds would miss it."""
    names, events = CASES["lasso_path"]["feature_names"], CASES["lasso_path"]["expected"]["events"]
    weights = follow(DIABETES, L1()).weights
    entered = [names[j] for row, after in pairwise(weights) for j in np.flatnonzero((row == 0) & (after != 0))]
    assert entered == [event[1:] for row in events for event in row if event.startswith("+")]
    s3 = weights[:, names.index("s3")]
    left = int(np.flatnonzero((s3[1:] == 0.0) & (s3[:-1] != 0.0))[0]) + 1
    assert s3[left - 1] * s3[left + 2] < 0.0


@pytest.mark.parametrize("wanted", CASES["lasso_budget"]["expected"]["results"], ids=lambda wanted: f"s={wanted['s']}")
def test_lasso_budgets(wanted: dict[str, Any]) -> None:
    solution, w = found(DIABETES, L1(), Constrained(wanted["k"]))
    assert_allclose(w, wanted["w"], **CLOSE)
    assert int(np.count_nonzero(w)) == wanted["nonzero"]
    if wanted["alpha"] is None:
        assert solution.smallest_strength == pytest.approx(wanted["alpha_min"], rel=1e-9)
    else:
        assert_allclose(solution.strength, wanted["alpha"], **CLOSE)


def test_the_ridge_path_and_its_degrees_of_freedom() -> None:
    for wanted in CASES["ridge_path"]["expected"]["results"]:
        alpha = wanted["alpha_sum"] / len(Y)
        solution, w = found(DIABETES, SquaredL2(), Penalised(alpha))
        assert_allclose(w, wanted["w"], **CLOSE)
        assert_allclose(2 * len(Y) * solution.value, wanted["rss"], rtol=1e-9)
        freedom = effective_degrees_of_freedom(DIABETES.eigenvalues, alpha)
        assert_allclose(freedom, wanted["effective_dof"], rtol=1e-9)


@pytest.mark.parametrize(
    "wanted", CASES["elastic_net"]["expected"]["results"], ids=lambda w: f"{w['alpha']}-{w['l1_ratio']}"
)
def test_elastic_nets(wanted: dict[str, Any]) -> None:
    _, w = found(DIABETES, ElasticNet(ratio=wanted["l1_ratio"]), Penalised(wanted["alpha"]))
    assert_allclose(w, wanted["w"], **CLOSE)
    assert int(np.count_nonzero(w)) == wanted["nonzero"]


@pytest.mark.parametrize("name", ["dof/tall", "dof/wide"])
def test_degrees_of_freedom_of_a_design(name: str) -> None:
    cases = {case["id"]: case for case in json.loads((VECTORS / "04_quadratic.json").read_text())["cases"]}
    loss = least_squares(np.array(cases[name]["X"]), np.zeros(cases[name]["N"]))
    for wanted in cases[name]["expected"]["results"]:
        found_here = effective_degrees_of_freedom(loss.eigenvalues, wanted["alpha_mean"])
        assert_allclose(found_here, wanted["effective_dof"], rtol=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_scikit_learn_has_the_same_knots(seed: int) -> None:
    A, b = data(seed, n=40, d=3 + 2 * seed)
    alphas, _, coefficients = lars_path(A, b, method="lasso")
    path = follow(least_squares(A, b), L1())
    assert_allclose(path.strengths, alphas, atol=1e-10)
    assert_allclose(path.weights, coefficients.T, atol=1e-9)


def degenerate(kind: str) -> tuple[Array, Array]:
    rng = np.random.default_rng(8)
    A = rng.normal(size=(20, 6))
    match kind:
        case "duplicates":
            A = np.column_stack([A, A[:, :3], -A[:, 1], 2.0 * A[:, 2]])
        case "fewer rows":
            A = rng.normal(size=(5, 12))
        case "orthogonal ties":
            return np.eye(8), np.array([2.0, -2.0, 2.0, 1.0, 1.0, 0.0, -1.0, 0.5])
        case "small integers":
            A = rng.integers(-1, 2, size=(9, 7)).astype(float)
            return A, rng.integers(-2, 3, size=9).astype(float)
        case "tied, fewer rows":
            return np.random.default_rng(11).integers(-1, 2, size=(3, 8)).astype(float), np.array([1.0, -1.0, 2.0])
        case "zero columns":
            A = A * [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]
        case "nearly collinear":
            A = rng.normal(size=(20, 1)) + 1e-4 * A
        case "fifty":
            A = rng.normal(size=(80, 50))
    return A, rng.normal(size=len(A))


KINDS = ["duplicates", "fewer rows", "orthogonal ties", "small integers", "tied, fewer rows", "zero columns"]


@pytest.mark.parametrize("kind", [*KINDS, "nearly collinear", "fifty"])
def test_a_path_is_optimal_at_its_knots_and_between_them(kind: str) -> None:
    loss = least_squares(*degenerate(kind))
    path = follow(loss, L1())
    halfway = 0.5 * (path.strengths[1:] + path.strengths[:-1]), 0.5 * (path.weights[1:] + path.weights[:-1])
    assert miss(loss, path.strengths, path.weights) <= 1e-8
    assert miss(loss, *halfway) <= 1e-8
    assert path.strengths[-1] == 0.0
    assert (np.diff(path.strengths) < 0.0).all()
    assert (np.diff(path.radii) > -1e-12 * path.radii[-1]).all()


def test_integer_designs_by_the_hundred() -> None:
    """Ties in every order of entry: the case where the first order tried can be a dead end."""
    rng = np.random.default_rng(12)
    for _ in range(300):
        n, d = int(rng.integers(2, 8)), int(rng.integers(2, 10))
        loss = least_squares(rng.integers(-1, 2, size=(n, d)).astype(float), rng.integers(-2, 3, size=n).astype(float))
        if loss.minimiser.any():
            path = follow(loss, L1())
            assert miss(loss, path.strengths, path.weights) <= 1e-8
            assert (
                miss(
                    loss, 0.5 * (path.strengths[1:] + path.strengths[:-1]), 0.5 * (path.weights[1:] + path.weights[:-1])
                )
                <= 1e-8
            )


def test_a_path_cut_short_is_the_same_path() -> None:
    pull = DIABETES.curvature @ DIABETES.minimiser
    whole = lasso_path(DIABETES.curvature, pull)
    for strength in (3.0, 1.3, 0.2, 0.01, 0.0):
        short = lasso_path(DIABETES.curvature, pull, strength=strength)
        assert len(short.strengths) <= len(whole.strengths)
        assert_allclose(short.at_strength(strength), whole.at_strength(strength), atol=1e-9)
    for radius in (0.0, 100.0, 1500.0, 1e6):
        short = lasso_path(DIABETES.curvature, pull, radius=radius)
        assert_allclose(short.at_radius(radius)[0], whole.at_radius(radius)[0], atol=1e-9)


def test_a_ridge_path_is_a_loop_over_ridges() -> None:
    path = follow(DIABETES, SquaredL2(), samples=9)
    assert path.strengths[0] == np.inf
    for alpha, w in zip(path.strengths[1:], path.weights[1:], strict=True):
        assert_allclose(w, Ridge(alpha=alpha * len(Y), fit_intercept=False, tol=1e-14).fit(X, Y).coef_, rtol=1e-7)
    assert_allclose(follow(DIABETES, L2(), samples=9).strengths[1:], path.strengths[1:] * path.radii[1:], rtol=1e-12)


@every_shape
@pytest.mark.parametrize("name", ["default bowl", "duplicate column", "minimiser 0", "logistic", "profile of six"])
def test_every_point_of_a_path_is_its_optimum(name: str, shape: Regularizer) -> None:
    loss = LOSSES[name]
    path = follow(loss, shape, samples=7)
    assert path.radii[0] == 0.0
    assert not path.weights[0].any()
    for radius, strength, w in zip(path.radii, path.strengths, path.weights, strict=True):
        solution, optimum = found(loss, shape, Constrained(float(radius)))
        assert solution.value == pytest.approx(float(loss.value(w)), rel=1e-8, abs=1e-12)
        if solution.unique:
            assert_allclose(w, optimum, atol=1e-6 * max(1.0, float(np.abs(optimum).max())))
        if solution.strength:
            assert strength == pytest.approx(solution.strength, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(
    "shape", [L1(), LInfinity(), Lp(p=1.0), ElasticNet(ratio=1.0), Group(grouping="apart")], ids=repr
)
def test_straight_paths_are_given_by_their_knots(shape: Regularizer) -> None:
    path = follow(BOWL, shape)
    assert path.knots
    assert len(path.radii) <= 4
    between = 0.5 * (path.weights[1:] + path.weights[:-1])
    for w in between:
        assert_allclose(solve(BOWL, shape, Constrained(float(shape.size(w)))).weights, w, atol=1e-12)


def test_paths_where_there_is_no_free_optimum() -> None:
    """They end at a weak penalty, and where not even that has an optimum there is no path."""
    path = follow(LOSSES["logistic, separable"], L1(), samples=5)
    assert path.radii[-1] > 1.0
    assert np.isfinite(path.weights).all()
    jumps = follow(BOWL, QuasiNorm(p=0.5), samples=9)
    assert_allclose(jumps.weights[-1], BOWL.minimiser)
    assert 0.0 in jumps.weights[1]
    assert not jumps.knots
