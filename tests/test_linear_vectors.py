"""Shrinkage, the diagonal formula, path events, noise and dropout: as independent libraries have them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    L1,
    Array,
    Penalised,
    Quadratic,
    augmented,
    diagonal_formula,
    effective_degrees_of_freedom,
    elastic_net_path,
    lasso_path,
    least_squares,
    path_residuals,
    ridge_path,
    shrunk,
    solve,
    under_dropout,
    under_input_noise,
    with_penalty,
)
from tests.test_paths import CASES, CLOSE, DIABETES, Y

VECTORS = Path(__file__).parent / "vectors"
CLOSE_04 = CLOSE_10 = {"rtol": 1e-9, "atol": 1e-9}
PULL = DIABETES.curvature @ DIABETES.minimiser


@cache
def reference(name: str, *kinds: str) -> dict[str, dict[str, Any]]:
    cases = json.loads((VECTORS / name).read_text())["cases"]
    return {case["id"]: case for case in cases if not kinds or case["kind"] in kinds}


@pytest.mark.parametrize("name", reference("04_quadratic.json", "l2"))
def test_every_direction_shrinks_by_its_own_factor(name: str) -> None:
    case, wanted = reference("04_quadratic.json")[name], reference("04_quadratic.json")[name]["expected"]
    loss = Quadratic(np.array(case["H"]), np.array(case["w1"]))
    assert_allclose(loss.eigenvalues, wanted["eigenvalues"], **CLOSE_04)
    if wanted.get("eigenvectors_columns_up_to_sign") is not None:
        theirs = np.array(wanted["eigenvectors_columns_up_to_sign"])
        assert_allclose(np.abs(np.sum(loss.eigenvectors * theirs, axis=0)), 1.0, **CLOSE_04)
    for result in wanted["results"]:
        if not result.get("is_minimiser", True):
            continue
        alpha = result["alpha"]
        w = shrunk(loss, alpha)
        assert_allclose(w, result["w2"], **CLOSE_04)
        if loss.eigenvalues[0] + alpha > 0.0:
            assert_allclose(ridge_path(loss.curvature, loss.curvature @ loss.minimiser, [alpha])[0], w, **CLOSE_04)
        if result.get("effective_dof") is not None:
            assert_allclose(effective_degrees_of_freedom(loss.eigenvalues, alpha), result["effective_dof"], **CLOSE_04)
        if result.get("shrink_factors") is not None and result.get("abs_rotated_w2") is not None:
            rotated = np.abs(loss.eigenvectors.T @ w)
            assert_allclose(rotated, result["abs_rotated_w2"], **CLOSE_04)
            factors = np.abs(result["shrink_factors"])
            assert_allclose(rotated, factors * wanted["abs_rotated_w1"], **CLOSE_04)


@pytest.mark.parametrize("name", reference("04_quadratic.json", "l1"))
def test_the_diagonal_formula_and_its_error(name: str) -> None:
    case = reference("04_quadratic.json")[name]
    loss = Quadratic(np.array(case["H"]), np.array(case["w1"]))
    for result in case["expected"]["results"]:
        formula, truth = diagonal_formula(loss, result["alpha"]), solve(loss, L1(), Penalised(result["alpha"])).weights
        assert_allclose(truth, result["w2"], **CLOSE_04)
        if result["formula_w2"] is not None:
            assert_allclose(formula, result["formula_w2"], **CLOSE_04)
            assert_allclose(np.abs(formula - truth).max(), result["formula_error"], **CLOSE_04)


@pytest.mark.parametrize(
    ("free", "truth", "formula"),
    [
        ((1.0, 1.0), (0.857143, 0.857143), (0.75, 0.75)),
        ((1.0, -0.2), (0.6, 0.0), (0.75, 0.0)),
        ((1.0, -1.0), (0.0, 0.0), (0.75, -0.75)),
    ],
)
def test_the_diagonal_formula_where_the_hessian_is_not_diagonal(free: Any, truth: Any, formula: Any) -> None:
    """H = [[2, 1.5], [1.5, 2]], α = ½: the witnesses of the misconception."""
    loss = Quadratic(np.array([[2.0, 1.5], [1.5, 2.0]]), np.array(free))
    assert_allclose(solve(loss, L1(), Penalised(0.5)).weights, truth, atol=5e-7)
    assert_allclose(diagonal_formula(loss, 0.5), formula, atol=1e-15)


def test_weights_enter_and_leave_where_the_vectors_say() -> None:
    case = CASES["lasso_path"]
    path, names = lasso_path(DIABETES.curvature, PULL), case["feature_names"]
    ours: list[list[str]] = [[] for _ in path.strengths]
    for event in path.events:
        ours[event.knot].append(("+" if event.enters else "-") + names[event.feature])
    assert ours == case["expected"]["events"]


def test_the_ridge_path_of_diabetes() -> None:
    wanted = CASES["ridge_path"]["expected"]["results"]
    alphas = np.array([result["alpha_sum"] for result in wanted if result["alpha_sum"] > 0.0]) / len(Y)
    theirs = [result["w"] for result in wanted if result["alpha_sum"] > 0.0]
    assert_allclose(ridge_path(DIABETES.curvature, PULL, alphas), theirs, **CLOSE)


@pytest.mark.parametrize(
    "wanted", CASES["elastic_net"]["expected"]["results"], ids=lambda w: f"{w['alpha']}-{w['l1_ratio']}"
)
def test_the_elastic_net_path_of_diabetes(wanted: dict[str, Any]) -> None:
    """On the way down from strengths far above, as a path is followed."""
    strengths = np.array([50.0 * wanted["alpha"], 7.0 * wanted["alpha"], wanted["alpha"]])
    weights = elastic_net_path(DIABETES.curvature, PULL, wanted["l1_ratio"], strengths)
    assert_allclose(weights[-1], wanted["w"], **CLOSE)
    assert int(np.count_nonzero(weights[-1])) == wanted["nonzero"]
    assert path_residuals(DIABETES.curvature, PULL, wanted["l1_ratio"], strengths, weights).max() < 1e-12


def expected(case: dict[str, Any]) -> tuple[Quadratic, float]:
    """The expected loss of a case of noise, and how many times the sum of squares is the mean loss."""
    X, y = np.array(case["X"]), np.array(case["y"])
    loss = least_squares(X, y)
    if case["kind"] == "dropout":
        return under_dropout(loss, case["keep"]), len(y)
    return under_input_noise(loss, case["noise_cov"]), len(y)


@pytest.mark.parametrize("name", reference("10_noise.json", "dropout", "noise"))
def test_noise_in_the_inputs_is_a_penalty(name: str) -> None:
    case = reference("10_noise.json")[name]
    loss, rows = expected(case)
    wanted: dict[str, Any] = case["expected"]
    assert_allclose(loss.minimiser, wanted["w"], **CLOSE_10)
    for point, w in (("w_probe", case["w_probe"]), ("w", wanted["w"])):
        assert_allclose(rows * loss.value(np.array(w)), wanted["objective_at"][point], **CLOSE_10)
    if case["kind"] == "dropout":
        plain = least_squares(np.array(case["X"]), np.array(case["y"]))
        diagonal = rows * np.diag(loss.curvature - plain.curvature)
        assert_allclose(diagonal, wanted["penalty_diagonal"], **CLOSE_10)
        assert_allclose(loss.minimiser / case["keep"], wanted["w_classic"], **CLOSE_10)


def test_noise_beside_a_free_intercept() -> None:
    case = reference("10_noise.json")["noise/with_intercept"]
    X, y = np.array(case["X"]), np.array(case["y"])
    loss = under_input_noise(least_squares(X - X.mean(axis=0), y - y.mean()), case["sigma"] ** 2)
    assert_allclose(loss.minimiser, case["expected"]["w"], **CLOSE_10)
    assert_allclose(y.mean() - X.mean(axis=0) @ loss.minimiser, case["expected"]["b"], **CLOSE_10)


def test_ridge_is_least_squares_on_more_rows() -> None:
    case = reference("10_noise.json")["ridge_augmentation/5d"]
    X, y = np.array(case["X"]), np.array(case["y"])
    alpha = case["alpha_sum"] / len(y)
    assert_allclose(least_squares(*augmented(X, y, alpha)).minimiser, case["expected"]["w"], **CLOSE_10)
    assert_allclose(with_penalty(least_squares(X, y), alpha).minimiser, case["expected"]["w"], **CLOSE_10)


def test_a_penalty_that_is_none_and_one_that_pushes_outwards() -> None:
    loss = least_squares(np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]]), np.array([1.0, 2.0, 3.0]))
    assert_allclose(with_penalty(loss, 0.0).minimiser, loss.minimiser, rtol=1e-12)
    assert_allclose(under_dropout(loss, 1.0).value(np.ones(2)), loss.value(np.ones(2)), rtol=1e-12)
    with pytest.raises(ValueError, match="positive semidefinite"):
        with_penalty(loss, [1.0, -0.5])
    with pytest.raises(ValueError, match="probability"):
        under_dropout(loss, 0.0)


def test_dropout_by_drawing_masks() -> None:
    """The expectation as what it is: a mean over many masks, within four of its standard errors."""
    rng = np.random.default_rng(4)
    X, w = rng.standard_normal((9, 3)), np.array([0.7, -1.2, 0.4])
    y, keep = rng.standard_normal(9), 0.6
    masks = rng.random((40_000, 9, 3)) < keep
    drawn: Array = 0.5 * np.mean(((masks * X / keep) @ w - y) ** 2, axis=1)
    close = 4.0 * float(drawn.std()) / len(drawn) ** 0.5
    assert float(drawn.mean()) == pytest.approx(float(under_dropout(least_squares(X, y), keep).value(w)), abs=close)
