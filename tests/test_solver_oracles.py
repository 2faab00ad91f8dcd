"""SciPy, scikit-learn and CVXPY find the same optima, each to its own accuracy."""

from typing import Any

import cvxpy as cp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from sklearn.linear_model import ElasticNet as SklearnElasticNet
from sklearn.linear_model import Lasso, LogisticRegression

from app.geometry import (
    L1,
    L2,
    Constrained,
    ElasticNet,
    Group,
    LInfinity,
    Logistic,
    Loss,
    Lp,
    Penalised,
    Quadratic,
    SquaredL2,
    least_squares,
    profile,
)
from tests.landscapes import LOSSES, data, found, labelled


def quadratic_form(loss: Loss, w: Any) -> Any:
    assert isinstance(loss, Quadratic)
    return 0.5 * cp.sum_squares(loss.factor @ (w - loss.minimiser))


TIGHT = {"solver": cp.CLARABEL, "tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}
CVXPY_OMEGA = {
    "l1": (L1(), lambda w: cp.norm1(w)),
    "l2": (L2(), lambda w: cp.norm2(w)),
    "squared_l2": (SquaredL2(), lambda w: 0.5 * cp.sum_squares(w)),
    "linf": (LInfinity(), lambda w: cp.norm_inf(w)),
    "lp 1.5": (Lp(p=1.5), lambda w: cp.pnorm(w, 1.5)),
    "lp 3": (Lp(p=3.0), lambda w: cp.pnorm(w, 3)),
    "elastic_net": (ElasticNet(ratio=0.3), lambda w: 0.3 * cp.norm1(w) + 0.35 * cp.sum_squares(w)),
    "group": (Group(), lambda w: np.sqrt(w.size) * cp.norm2(w)),
}


@pytest.mark.parametrize("d", [2, 5])
@pytest.mark.parametrize("name", CVXPY_OMEGA)
def test_cvxpy_finds_the_same_optimum(name: str, d: int) -> None:
    """Clarabel, asked for a gap of 1e-9, is accurate to about 1e-5 in w."""
    regularizer, omega = CVXPY_OMEGA[name]
    loss = least_squares(*data(11, d=d))
    radius = 0.6 * float(regularizer.size(loss.minimiser))
    strength = 0.3 * (regularizer.largest_strength(loss.gradient(np.zeros(d))) or loss.smoothness)
    w = cp.Variable(d)
    ball = omega(w) <= float(regularizer.level(radius))
    cp.Problem(cp.Minimize(quadratic_form(loss, w)), [ball]).solve(**TIGHT)
    solution, ours = found(loss, regularizer, Constrained(radius))
    assert_allclose(ours, w.value, atol=3e-5)
    assert solution.strength == pytest.approx(float(np.squeeze(ball.dual_value)), rel=1e-4)
    cp.Problem(cp.Minimize(quadratic_form(loss, w) + strength * omega(w))).solve(**TIGHT)
    assert_allclose(found(loss, regularizer, Penalised(strength))[1], w.value, atol=3e-5)


@pytest.mark.parametrize("radius", [0.2, 0.9, 1.6])
@pytest.mark.parametrize(
    "name", ["default bowl", "turned, on an axis", "correlation 0.99", "logistic", "profile of six"]
)
def test_slsqp_finds_the_same_optimum(name: str, radius: float) -> None:
    """On the smooth ball; SLSQP stops at 1e-15 of the loss, so 1e-6 in w. A weight split into two parts gives L1."""
    loss = LOSSES[name]
    options = {"ftol": 1e-15, "maxiter": 500}
    disc = {"type": "ineq", "fun": lambda w: radius**2 - w @ w, "jac": lambda w: -2.0 * w}
    there = minimize(loss.value, np.zeros(2), jac=loss.gradient, method="SLSQP", constraints=disc, options=options)
    assert_allclose(loss.value(found(loss, SquaredL2(), Constrained(radius))[1]), there.fun, rtol=1e-8, atol=1e-10)
    diamond = {"type": "ineq", "fun": lambda z: radius - z.sum(), "jac": lambda z: 0.0 * z - 1.0}
    there = minimize(
        lambda z: float(loss.value(z[:2] - z[2:])),
        np.zeros(4),
        jac=lambda z: np.tile(loss.gradient(z[:2] - z[2:]), 2) * [1, 1, -1, -1],
        method="SLSQP",
        bounds=[(0.0, None)] * 4,
        constraints=diamond,
        options=options,
    )
    assert_allclose(loss.value(found(loss, L1(), Constrained(radius))[1]), there.fun, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("strength", [0.3, 0.05, 0.002])
def test_scikit_learn_finds_the_same_optimum(strength: float) -> None:
    """Coordinate descent to a gap of 1e-12, Newton-Cholesky to a gradient of 1e-12."""
    X, y = data(13, n=50, d=6)
    exact = {"fit_intercept": False, "tol": 1e-12, "max_iter": 100_000}
    loss = least_squares(X, y)
    assert_allclose(
        found(loss, L1(), Penalised(strength))[1], Lasso(alpha=strength, **exact).fit(X, y).coef_, atol=1e-8
    )
    there = SklearnElasticNet(alpha=strength, l1_ratio=0.4, **exact).fit(X, y).coef_
    assert_allclose(found(loss, ElasticNet(ratio=0.4), Penalised(strength))[1], there, atol=1e-8)
    Z, labels = labelled(14, n=60, d=3)
    there = LogisticRegression(C=1.0 / (60 * strength), tol=1e-12, solver="newton-cholesky").fit(Z, labels)
    solution, w = found(profile(Logistic(np.column_stack([Z, np.ones(60)]), labels), (0, 1, 2)), SquaredL2(),
                        Penalised(strength))  # fmt: skip
    assert_allclose(np.append(w, solution.free), np.append(there.coef_, there.intercept_), atol=1e-7)
