"""What the laws of solvers run over: losses of two weights as pages pose them, and as data spoil them."""

from typing import Any

import numpy as np

from app.geometry import (
    L1,
    Array,
    Form,
    Logistic,
    Loss,
    Quadratic,
    Regularizer,
    Slice,
    Solution,
    certify,
    least_squares,
    profile,
    solve,
)

CERTIFIED = 1e-8
BOWL = Quadratic(np.diag([1.0, 5.0]), np.array([2.0, 1.0]))


def found(loss: Loss, regularizer: Regularizer, form: Form) -> tuple[Solution, Array]:
    """A solution whose certificate holds, also when it is worked out afresh."""
    solution = solve(loss, regularizer, form)
    assert solution.weights is not None
    afresh = certify(loss, regularizer, form, solution.weights, solution.strength)
    assert max(solution.certificate.residual, afresh.residual) <= CERTIFIED, (loss, regularizer, form, solution)
    assert solution.outcome.kind == "converged"
    return solution, solution.weights


def bowl(curvatures: tuple[float, float], degrees: float, minimiser: tuple[float, float]) -> Quadratic:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    hessian = turn @ np.diag(curvatures) @ turn.T
    return Quadratic(0.5 * (hessian + hessian.T), np.array(minimiser), 0.5)


def data(seed: int, n: int = 40, d: int = 2) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X @ rng.normal(size=d) + rng.normal(size=n)


def labelled(seed: int, n: int = 80, d: int = 2) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, np.where(X @ rng.normal(size=d) + rng.logistic(size=n) > 0.0, 1.0, -1.0)


def awkward_losses() -> dict[str, Loss]:
    """What the pages can pose, and what goes wrong in data: flat, steep, tied, nearly collinear, on an axis, at 0."""
    X, y = data(3)
    twice, near = X[:, [0, 0]], np.column_stack([X[:, 0], 0.99 * X[:, 0] + 0.14 * X[:, 1]])
    Z, labels = labelled(4)
    ones = np.ones((len(Z), 1))
    wide = np.column_stack([Z, np.random.default_rng(5).normal(size=(len(Z), 3)), ones])
    origin, u, v = np.random.default_rng(6).normal(size=(3, 6))
    apart = np.where(Z @ [1.0, -2.0] > 0.0, 1.0, -1.0)
    return {
        "default bowl": BOWL,
        "condition 1e4": bowl((1.0, 1e4), 33.0, (-3.0, 2.0)),
        "round": bowl((2.0, 2.0), 0.0, (1.5, -1.5)),
        "on the first axis": bowl((5.0, 1.0), 90.0, (2.0, 0.0)),
        "on the second axis": bowl((0.05, 20.0), 0.0, (0.0, -3.0)),
        "turned, on an axis": bowl((1.0, 8.0), 45.0, (0.0, 2.0)),
        "minimiser 0": bowl((1.0, 5.0), 20.0, (0.0, 0.0)),
        "flat valley": bowl((0.0, 3.0), 25.0, (1.0, 2.0)),
        "flat across an axis": Quadratic(np.diag([2.0, 0.0]), np.array([1.0, 3.0])),
        "flat everywhere": Quadratic(np.zeros((2, 2)), np.ones(2)),
        "least squares": least_squares(X, y),
        "correlation 0.99": least_squares(near, y),
        "duplicate column": least_squares(twice, y),
        "opposite column": least_squares(X[:, [0, 0]] * [1.0, -2.0], y),
        "constant 0 column": least_squares(X * [1.0, 0.0], y),
        "one row": least_squares(X[:1], y[:1]),
        "units apart": least_squares(X * [1e3, 1e-2], y),
        "profile of a quadratic": profile(least_squares(np.column_stack([X, data(7, d=3)[0]]), y), (0, 1)),
        "logistic": Logistic(Z, labels),
        "logistic, duplicate column": Logistic(Z[:, [0, 0]], labels),
        "logistic, separable": Logistic(Z, apart),
        "profile with intercept": profile(Logistic(np.column_stack([Z, ones]), labels), (0, 1)),
        "profile of six": profile(Logistic(wide, labels), (1, 0)),
        "slice": Slice(Logistic(wide, labels), origin, u, v),
    }


LOSSES = awkward_losses()


class Lopsided(Regularizer):
    """A regularizer that somebody adds: |w₁| + 3|w₂|, with nothing but the abstract methods."""

    kind: str = "lopsided"

    def value(self, w: Array) -> Array:
        return L1().value(w * [1.0, 3.0])

    def size(self, w: Array) -> Array:
        return self.value(w)

    def level(self, radius: Any) -> Array:
        return np.asarray(radius, dtype=float)

    def prox(self, v: Array, step: Any) -> Array:
        return np.sign(v) * np.maximum(np.abs(v) - step * np.array([1.0, 3.0]), 0.0)

    def project(self, v: Array, radius: Any) -> Array:
        if self.value(v) <= radius:
            return v
        low, high = 0.0, float(np.abs(v).max())
        for _ in range(200):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.value(self.prox(v, middle)) > radius else (low, middle)
        return self.prox(v, high)

    def support_point(self, g: Array, radius: Any) -> Array:
        return L1().support_point(g / [1.0, 3.0], radius) / [1.0, 3.0]

    def dual(self, g: Array) -> Array:
        return L1().dual(g / [1.0, 3.0])

    def slope(self, w: Array) -> Array:
        return self.value(w)

    def residual(self, w: Array, pull: Array, strength: Any) -> Array:
        limit = strength * np.array([1.0, 3.0])
        off = np.maximum(np.abs(pull) - limit, 0.0)
        return np.linalg.norm(np.where(w == 0.0, off, pull - limit * np.sign(w)), axis=-1)

    def normals(self, w: Array) -> Array:
        raise NotImplementedError

    def boundary(self, radius: float) -> list[Any]:
        raise NotImplementedError

    def largest_strength(self, gradient: Array) -> float | None:
        return float(self.dual(gradient))
