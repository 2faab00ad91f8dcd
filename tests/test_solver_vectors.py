"""Optima and multipliers as independent libraries and 40-digit arithmetic give them."""

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
    Constrained,
    Form,
    Free,
    Logistic,
    Loss,
    Penalised,
    Quadratic,
    Solution,
    SquaredL2,
    least_squares,
    profile,
    solve,
)
from tests.landscapes import CERTIFIED, found

VECTORS = Path(__file__).parent / "vectors"


@cache
def reference(name: str) -> dict[str, Any]:
    return {case["id"]: case for case in json.loads((VECTORS / name).read_text())["cases"]}


def posed(case: dict[str, Any]) -> Loss:
    X, y = np.array(case["X"]), np.array(case["y"])
    design = np.column_stack([X, np.ones(len(X))]) if case["intercept"] else X
    loss: Loss = least_squares(design, y) if case["model"] == "least_squares" else Logistic(design, y)
    return profile(loss, tuple(range(X.shape[1]))) if case["intercept"] else loss


def intercept(case: dict[str, Any], solution: Solution, w: Array) -> float:
    if not case["intercept"]:
        return 0.0
    if case["model"] == "logistic":
        return float(solution.free[0])
    return float(np.mean(case["y"]) - np.mean(case["X"], axis=0) @ w)


SINGLE_CLASS = "logistic_single_class_intercept"
EQUIVALENCE = [
    (name, norm, form, index)
    for name, case in reference("03_equivalence.json").items()
    if name != SINGLE_CLASS
    for norm in ("l1", "l2")
    for form in ("penalised", "constrained")
    for index in range(len(case["expected"][norm][form]))
]


@pytest.mark.parametrize(("name", "norm", "form", "index"), EQUIVALENCE)
def test_the_equivalence_vectors(name: str, norm: str, form: str, index: int) -> None:
    case = reference("03_equivalence.json")[name]
    wanted = case["expected"][norm][form][index]
    loss, regularizer = posed(case), L1() if norm == "l1" else SquaredL2()
    if form == "penalised":
        asked: Form = Penalised(wanted["alpha"])
    else:
        asked = Constrained(wanted["k"] if norm == "l1" else (2.0 * wanted["k"]) ** 0.5)
    solution, w = found(loss, regularizer, asked)
    close = {"rtol": 1e-6, "atol": 1e-6}
    assert_allclose(solution.value, wanted["J"], **close)
    assert solution.unique == wanted["unique"]
    if wanted["unique"]:
        assert_allclose(w, wanted["w"], **close)
    if "fitted" in wanted:
        assert_allclose(np.array(case["X"]) @ w + intercept(case, solution, w), wanted["fitted"], **close)
    assert_allclose(intercept(case, solution, w), wanted["b"], **close)
    if wanted["omega"] is not None:
        assert_allclose(solution.omega, wanted["omega"], **close)
    if form == "constrained":
        assert solution.active == wanted["active"]
        assert (solution.strength is None) == (wanted["alpha"] is None)
        if wanted["alpha"] is None:
            least = wanted["alpha_min"]
            assert solution.smallest_strength == (least and pytest.approx(least, rel=1e-9))
        else:
            assert_allclose(solution.strength, wanted["alpha"], **close)


@pytest.mark.parametrize("name", reference("03_equivalence.json"))
def test_the_free_optimum_of_the_equivalence_vectors(name: str) -> None:
    case = reference("03_equivalence.json")[name]
    wanted, solution = case["expected"]["unregularised"], solve(posed(case), L1(), Free())
    assert (solution.weights is not None) == wanted["attained"]
    if solution.weights is None:
        assert solution.outcome.kind == "unbounded"
        assert solution.value == pytest.approx(0.0, abs=1e-12)
    else:
        assert solution.unique == wanted["unique"]
        assert_allclose(solution.weights, wanted["w"], rtol=1e-6, atol=1e-6)
        assert_allclose(intercept(case, solution, solution.weights), wanted["b"], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", [name for name, case in reference("04_quadratic.json").items() if "H" in case])
def test_the_quadratic_vectors(name: str) -> None:
    case = reference("04_quadratic.json")[name]
    loss = Quadratic(np.array(case["H"]), np.array(case["w1"]))
    for wanted in case["expected"]["results"]:
        regularizer = SquaredL2() if case["kind"] == "l2" else L1()
        solution = solve(loss, regularizer, Penalised(wanted["alpha"]))
        if wanted.get("is_minimiser", True):
            assert solution.weights is not None
            assert_allclose(solution.weights, wanted["w2"], rtol=1e-9, atol=1e-9)
            assert solution.certificate.residual <= CERTIFIED
        else:
            assert (solution.weights, solution.outcome.kind) == (None, "unbounded")
