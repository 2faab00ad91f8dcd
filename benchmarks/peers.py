"""What people would use for a constrained optimum: SciPy's SLSQP and compiled CVXPY, both set up as their best."""

from collections.abc import Callable

import cvxpy as cp
import numpy as np
from scipy.optimize import minimize

from benchmarks.samples import Array

Solver = Callable[[float], Array]  # a radius to the optimum (2,)
FACETS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # ‖w‖₁ ≤ t as four linear inequalities


def slsqp(value_and_gradient: Callable[[Array], tuple[float, Array]], norm: str) -> Solver:
    """SLSQP with its default tolerance; value, gradient and constraints with their Jacobians in closed form."""
    start = np.zeros(2)

    def edges(w: Array, t: float) -> Array:
        return t - FACETS @ w

    def circle(w: Array, t: float) -> Array:
        return np.array([t * t - w @ w])

    def solved(t: float) -> Array:
        within = (
            {"type": "ineq", "fun": edges, "jac": lambda *_: -FACETS, "args": (t,)}
            if norm == "l1"
            else {"type": "ineq", "fun": circle, "jac": lambda w, _: -2.0 * w[None], "args": (t,)}
        )
        return np.asarray(minimize(value_and_gradient, start, jac=True, method="SLSQP", constraints=[within]).x)

    return solved


def compiled(objective: Callable[[cp.Variable], cp.Expression], norm: str) -> Solver:
    """CVXPY, compiled once for a radius that is a parameter (DPP), then solved by Clarabel with a warm start."""
    w, radius = cp.Variable(2), cp.Parameter(nonneg=True)
    problem = cp.Problem(cp.Minimize(objective(w)), [cp.norm(w, 1 if norm == "l1" else 2) <= radius])

    def solved(t: float) -> Array:
        radius.value = t
        problem.solve(solver=cp.CLARABEL, warm_start=True)
        return np.asarray(w.value)

    return solved


def quadratic(H: Array, minimiser: Array) -> Callable[[Array], tuple[float, Array]]:
    """½(w − ŵ)ᵀH(w − ŵ) and its gradient, from the statistics."""

    def evaluate(w: Array) -> tuple[float, Array]:
        away = w - minimiser
        slope = H @ away
        return 0.5 * float(away @ slope), slope

    return evaluate


def logistic(X: Array, labels: Array) -> Callable[[Array], tuple[float, Array]]:
    """The mean logistic loss and its gradient, from one pass over the data."""
    signed = labels[:, None] * X

    def evaluate(w: Array) -> tuple[float, Array]:
        margins = signed @ w
        return float(np.logaddexp(0.0, -margins).mean()), -(signed.T @ (1.0 / (1.0 + np.exp(margins)))) / len(signed)

    return evaluate


def quadratic_expression(H: Array, minimiser: Array) -> Callable[[cp.Variable], cp.Expression]:
    """The same quadratic for CVXPY: half a sum of squares."""
    root = np.linalg.cholesky(H).T
    return lambda w: 0.5 * cp.sum_squares(root @ (w - minimiser))


def logistic_expression(X: Array, labels: Array) -> Callable[[cp.Variable], cp.Expression]:
    """The same logistic loss for CVXPY."""
    signed = labels[:, None] * X
    return lambda w: cp.sum(cp.logistic(-signed @ w)) / len(signed)
