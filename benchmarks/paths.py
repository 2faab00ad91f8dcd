"""Whole paths on the diabetes data: this project, scikit-learn and, where it is installed, python-glmnet.

Everyone starts from X (442, 10), standardised, and a y of its own each time, and ends with weights for every strength
that it looks at: lars_path and this project with all knots, the others with a grid of a hundred strengths.
"""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, Ridge, lars_path
from sklearn.linear_model import lasso_path as coordinate_path

from app.geometry import L1, LassoPath, follow, lasso_path, least_squares, path_residuals, ridge_path
from benchmarks.samples import Array
from benchmarks.table import Row, dearer, errors, faster
from benchmarks.timing import Contender, Pace, medians

STRENGTHS = 100
CHECKED = 12  # of how many strengths the weights are compared
GLMNET = "python-glmnet"

Weights = Callable[[float], Array]  # the weights (d,) of a path at a strength


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    return [*lasso_rows(pace), *ridge_rows(pace)]


@cache
def diabetes() -> tuple[Array, Array]:
    """X (442, 10), standardised, and y (442,), centred."""
    data = load_diabetes(scaled=False)
    X, y = data.data - data.data.mean(axis=0), data.target - data.target.mean()
    return X / X.std(axis=0), y


def responses(count: int = 8) -> list[Array]:
    """The response with a little noise, so that nobody is asked the same twice."""
    y = diabetes()[1]
    drawn = np.random.default_rng(5).normal(scale=0.01 * y.std(), size=(count, len(y)))
    return [np.asarray(y + noise - noise.mean()) for noise in drawn]


def statistics(X: Array, y: Array) -> tuple[Array, Array]:
    """XᵀX/n and Xᵀy/n."""
    return X.T @ X / len(y), X.T @ y / len(y)


def bare_path(y: Array) -> LassoPath:
    """Ours, with all its knots."""
    return lasso_path(*statistics(diabetes()[0], y))


def certified_path(y: Array) -> tuple[LassoPath, float]:
    """Ours, with its certificate at every knot and halfway between any two."""
    hessian, pull = statistics(diabetes()[0], y)
    path = lasso_path(hessian, pull)
    strengths, weights = path.strengths, path.weights
    strengths = np.concatenate([strengths, 0.5 * (strengths[1:] + strengths[:-1])])
    weights = np.concatenate([weights, 0.5 * (weights[1:] + weights[:-1])])
    return path, float(path_residuals(hessian, pull, 1.0, strengths, weights).max())


def fitted_glmnet(y: Array) -> Any:
    """Its path of a lasso at its defaults, without cross-validation."""
    from glmnet import ElasticNet  # optional: its wheels are few

    return ElasticNet(alpha=1, n_splits=0, standardize=False, fit_intercept=False).fit(diabetes()[0], y)


def lasso_rows(pace: Pace) -> list[Row]:
    """The lasso path, without and with certificates."""
    X, ys = diabetes()[0], responses()
    contenders = [
        Contender("bare", bare_path, ys),
        Contender("certified", certified_path, ys),
        Contender("followed", lambda y: follow(least_squares(X, y), L1()), ys),
        Contender("lars_path", lambda y: lars_path(X, y, method="lasso"), ys),
        Contender("lasso_path", lambda y: coordinate_path(X, y), ys),
    ]
    installed = find_spec("glmnet") is not None
    contenders += [Contender(GLMNET, fitted_glmnet, ys)] * installed
    took, wrong = medians(contenders, pace), lasso_errors(ys[0])
    compared = [
        faster(
            "lasso path", f"scikit-learn {peer}", took["bare"], took[peer], target, errors(wrong["bare"], wrong[peer])
        )
        for peer, target in (("lars_path", 1.5), ("lasso_path", 10.0))
    ]
    followed = faster("lasso path, by follow()", "scikit-learn lars_path", took["followed"], took["lars_path"])
    certified = dearer("lasso path with certificates", "our path without", took["certified"], took["bare"], 2.0)
    return [*compared, _beside_glmnet(took, wrong) if installed else _without_glmnet(), followed, certified]


def _beside_glmnet(took: dict[str, float], wrong: dict[str, float]) -> Row:
    row = dearer("lasso path", GLMNET, took["bare"], took[GLMNET], 1.7)
    return Row(**{**vars(row), "errors": errors(wrong["bare"], wrong[GLMNET])})


def _without_glmnet() -> Row:
    return Row("lasso path", f"{GLMNET}: not installed here", float("nan"))


def lasso_errors(y: Array) -> dict[str, float]:
    """The largest error of a weight, relative to the largest weight of all: each at strengths of its own path."""
    X = diabetes()[0]
    knots, _, corners = lars_path(X, y, method="lasso")
    grid, found, _ = coordinate_path(X, y)
    paths: dict[str, tuple[Array, Array]] = {
        "lars_path": (knots[1:-1], corners.T[1:-1]),
        "lasso_path": (grid[1:], found.T[1:]),
        "bare": (bare_path(y).strengths[1:-1], bare_path(y).weights[1:-1]),
    }
    if find_spec("glmnet") is not None:
        model = fitted_glmnet(y)
        paths[GLMNET] = (model.lambda_path_, model.coef_path_.T)
    return {name: max(_misses(y, *path)) for name, path in paths.items()}


def _misses(y: Array, strengths: Array, weights: Array) -> list[float]:
    places = np.unique(np.linspace(0, len(strengths) - 1, CHECKED).astype(int))
    references = [reference(y, float(strengths[place])) for place in places]
    largest = max(float(np.abs(wanted).max()) for wanted in references)
    return [
        float(np.abs(weights[place] - wanted).max() / largest) for place, wanted in zip(places, references, strict=True)
    ]


def reference(y: Array, strength: float) -> Array:
    """The lasso by coordinate descent, until nothing moves any more in double precision."""
    model = Lasso(alpha=strength, fit_intercept=False, tol=1e-15, max_iter=10_000_000)
    return np.asarray(model.fit(diabetes()[0], y).coef_)


def ridge_rows(pace: Pace) -> list[Row]:
    """The ridge path at a hundred strengths."""
    X, ys = diabetes()[0], responses()
    strengths = np.geomspace(1e-3, 10.0, STRENGTHS)
    contenders = [
        Contender("ours", lambda y: ridge_path(*statistics(X, y), strengths), ys),
        Contender("loop", lambda y: loop_over_ridges(y, strengths), ys),
    ]
    took = medians(contenders, pace)
    wrong = [
        max(_ridge_misses(ys[0], strengths, weights))
        for weights in (ridge_path(*statistics(X, ys[0]), strengths), loop_over_ridges(ys[0], strengths))
    ]
    what = f"ridge path, {STRENGTHS} strengths"
    return [faster(what, "a loop over scikit-learn Ridge", took["ours"], took["loop"], 1000.0, errors(*wrong))]


def loop_over_ridges(y: Array, strengths: Array) -> Array:
    """What one writes with scikit-learn; its alpha is n times ours."""
    X = diabetes()[0]
    return np.array([Ridge(alpha=len(y) * alpha, fit_intercept=False).fit(X, y).coef_ for alpha in strengths])


def _ridge_misses(y: Array, strengths: Array, weights: Array) -> list[float]:
    """Against least squares on augmented rows, which never squares the condition number."""
    X = diabetes()[0]
    wrong = []
    for alpha, w in zip(strengths[::8], weights[::8], strict=True):
        rows = np.concatenate([X, np.sqrt(len(y) * alpha) * np.eye(X.shape[1])])
        wanted = np.linalg.lstsq(rows, np.append(y, np.zeros(X.shape[1])), rcond=None)[0]
        wrong.append(float(np.abs(w - wanted).max() / np.abs(wanted).max()))
    return wrong
