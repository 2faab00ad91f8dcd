"""Dual ascent and the primal-dual flow: reference trajectories, and the laws of a multiplier."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    L1,
    L2,
    Constrained,
    LInfinity,
    Logistic,
    Loss,
    Quadratic,
    Regularizer,
    SquaredL2,
    column_ascent,
    dual_ascent,
    primal_dual_flow,
    solve,
)
from tests.landscapes import BOWL, LOSSES

TOPIC = json.loads((Path(__file__).parent / "vectors" / "09_dual_ascent.json").read_text())
CASES = {case["id"]: case for case in TOPIC["cases"]}
TIGHT = {key: TOPIC["suggested_tolerance"][key] for key in ("atol", "rtol")}
LIMIT = {"atol": 1e-6, "rtol": 1e-6}  # the note of the tolerance


def posed(case: dict[str, Any]) -> Loss:
    if case["kind"] == "quadratic":
        return Quadratic(np.array(case["H"]), np.array(case["w1"]))
    return Logistic(np.array(case["X"]), np.array(case["y"]))


def ball(case: dict[str, Any]) -> tuple[Regularizer, Constrained]:
    return (L1(), Constrained(case["k"])) if case["penalty"] == "l1" else (SquaredL2(), round_ball(case["k"]))


def round_ball(level: float) -> Constrained:
    return Constrained((2.0 * level) ** 0.5)


SINGLE = [name for name in CASES if name != "column_constraints"]


@pytest.mark.parametrize("name", SINGLE)
def test_the_first_steps_of_the_dual_ascent_vectors(name: str) -> None:
    case = CASES[name]
    wanted = case["expected"]["trajectory"]
    made = dual_ascent(posed(case), *ball(case), case["eta"], len(wanted) - 1, case["alpha0"])
    assert_allclose(made.strengths, [one["alpha"] for one in wanted], **TIGHT)
    assert_allclose(made.omegas, [one["omega"] for one in wanted], **TIGHT)
    assert_allclose(made.excess, made.omegas - case["k"], rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", SINGLE)
def test_the_limits_of_the_dual_ascent_vectors(name: str) -> None:
    case = CASES[name]
    wanted = case["expected"]
    made = dual_ascent(posed(case), *ball(case), case["eta"], 600, case["alpha0"])
    exact = solve(posed(case), *ball(case))
    assert_allclose(exact.strength, wanted["alpha_star"], **LIMIT)
    if not wanted["converges"]:
        assert made.outcome.kind == "out_of_steps"
        assert "jumps around" in made.outcome.sentence
        assert np.abs(made.strengths[-20:] - wanted["alpha_star"]).min() > 0.01
        return
    assert_allclose(made.strengths[-1], wanted["alpha_star"], **LIMIT)
    assert_allclose(made.weights[-1], wanted["w_star"], **LIMIT)
    assert_allclose(made.omegas[-1], wanted["omega_star"], **LIMIT)
    assert (made.strengths[-1] > 0.0) == wanted["active"]
    reached = int(np.argmax(np.abs(made.strengths - wanted["alpha_star"]) <= 1e-6))
    assert abs(reached - wanted["iterations_to_1e-6"]) <= 1


def test_the_column_constraints_have_a_multiplier_each() -> None:
    case = CASES["column_constraints"]
    forms = [round_ball(level) for level in case["k"]]
    rate = case.get("eta", 0.05)
    columns = column_ascent(np.array(case["X"]), np.array(case["Y"]), SquaredL2(), forms, rate, 5000)
    assert_allclose([one.strengths[-1] for one in columns], case["expected"]["alpha_star"], **LIMIT)
    assert_allclose(np.array([one.weights[-1] for one in columns]).T, case["expected"]["W_star"], **LIMIT)


REGULARIZERS = [L1(), L2(), SquaredL2(), LInfinity()]
each_regularizer = pytest.mark.parametrize("regularizer", REGULARIZERS, ids=lambda one: one.kind)


@each_regularizer
@pytest.mark.parametrize("relative", [0.3, 0.7, 1.5])
def test_both_ways_end_at_the_constrained_optimum(regularizer: Regularizer, relative: float) -> None:
    form = Constrained(relative * float(regularizer.size(BOWL.minimiser)))
    exact = solve(BOWL, regularizer, form)
    assert exact.weights is not None
    ascent = dual_ascent(BOWL, regularizer, form, 0.2, 4000)
    flow = primal_dual_flow(BOWL, regularizer, form, (0.1, 0.1), 4000, (np.array([-3.0, 2.0]), 0.0))
    for made in (ascent, flow):
        assert made.outcome.kind == "converged", made.outcome
        assert_allclose(made.weights[-1], exact.weights, atol=1e-6)
        assert_allclose(made.strengths[-1], exact.strength, atol=1e-6)


@each_regularizer
def test_a_multiplier_grows_outside_the_ball_falls_inside_and_is_never_negative(regularizer: Regularizer) -> None:
    form = Constrained(0.4 * float(regularizer.size(BOWL.minimiser)))
    for made in (
        dual_ascent(BOWL, regularizer, form, 0.3, 60, 4.0),
        primal_dual_flow(BOWL, regularizer, form, (0.15, 0.6), 200, (np.array([3.0, -3.0]), 0.0)),
    ):
        changes, excess = np.diff(made.strengths), made.excess[:-1]
        assert (made.strengths >= 0.0).all()
        assert (changes[excess > 0.0] > 0.0).all()
        assert (changes[(excess < 0.0) & (made.strengths[:-1] > 0.0)] < 0.0).all()
        assert not changes[(excess < 0.0) & (made.strengths[:-1] == 0.0)].any()


def test_the_fixed_point_of_the_flow_is_the_saddle() -> None:
    form = Constrained(1.0)
    exact = solve(BOWL, SquaredL2(), form)
    assert exact.weights is not None
    assert exact.strength
    made = primal_dual_flow(BOWL, SquaredL2(), form, (0.1, 0.1), 50, (exact.weights, exact.strength))
    assert_allclose(made.weights, np.broadcast_to(exact.weights, made.weights.shape), atol=1e-12)


def test_a_flow_with_too_long_a_step_is_stopped_and_says_so() -> None:
    # The prox divides by 1 + ηα, so α = 0 and a ball that never binds leave the plain divergence of gradient descent.
    made = primal_dual_flow(BOWL, L1(), Constrained(1e9), (2.6 / 5.0, 1e-12), 500, (np.array([3.0, -3.0]), 0.0))
    assert made.outcome.kind == "diverged"
    assert np.isfinite(made.weights).all()


def test_separable_data_have_no_optimum_without_a_penalty() -> None:
    apart = LOSSES["logistic, separable"]
    stuck = dual_ascent(apart, SquaredL2(), Constrained(1.0), 0.1, 50)
    assert (stuck.outcome.kind, len(stuck.strengths)) == ("unbounded", 0)
    assert "larger α" in stuck.outcome.sentence
    assert dual_ascent(apart, SquaredL2(), Constrained(1.0), 0.02, 800, 0.1).outcome.kind == "converged"


@pytest.mark.parametrize("name", LOSSES)
def test_every_landscape_gives_finite_numbers(name: str) -> None:
    for regularizer in REGULARIZERS[::2]:
        for radius in (0.0, 0.3):
            made = dual_ascent(LOSSES[name], regularizer, Constrained(radius), 0.05, 15, 0.5)
            assert np.isfinite(made.strengths).all()
            assert np.isfinite(made.weights).all()
