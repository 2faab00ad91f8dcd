"""Posteriors against reference values, SciPy's laws and plain numerical integration."""

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import erfcx, log_ndtr

from app.geometry import (
    L1,
    Array,
    GaussianPosterior,
    LaplacePosterior,
    Logistic,
    Penalised,
    SquaredL2,
    TwoSided,
    laplace_approximation,
    least_squares,
    profile,
    solve,
)
from app.geometry.half_lines import half_line, half_line_quantile, scaled_erfc
from app.geometry.piecewise import integrate
from app.geometry.posteriors import drawn_intercepts
from tests.landscapes import data, labelled

CASES = [*json.loads((Path(__file__).parent / "vectors/07_bayes.json").read_text())["cases"]]
CLOSE = {"rtol": 1e-8, "atol": 1e-8}


def of(kind: str) -> pytest.MarkDecorator:
    cases = [case for case in CASES if case["kind"] == kind]
    return pytest.mark.parametrize("case", cases, ids=[case["id"] for case in cases])


def gaussian(case: dict[str, Any]) -> GaussianPosterior:
    X, y = np.array(case["X"]), np.array(case["y"])
    return GaussianPosterior(least_squares(X, y), len(y), case["sigma"], case["tau"])


def laplace(case: dict[str, Any]) -> LaplacePosterior:
    X, y = np.array(case["X"]), np.array(case["y"])
    return LaplacePosterior(least_squares(X, y), len(y), case["sigma"], case["b"])


@of("gaussian")
def test_the_gaussian_vectors(case: dict[str, Any]) -> None:
    found, wanted = gaussian(case), case["expected"]
    assert_allclose(found.strength, wanted["alpha_mean"], **CLOSE)
    assert_allclose(found.strength * found.rows, wanted["alpha_sum"], **CLOSE)
    assert_allclose(found.mean, wanted["map"], **CLOSE)
    assert_allclose(found.covariance, wanted["posterior_cov"], **CLOSE)
    assert_allclose(found.negative_log(found.mean), wanted["neg_log_posterior_at_map"], **CLOSE)
    assert_allclose(found.log_evidence, wanted["log_evidence"], **CLOSE)
    told = found.predictive(np.array(case["x_new"]))
    wanted = wanted["predictive"]
    assert_allclose(
        [told.mean, told.line_variance, told.variance], [wanted["mean"], wanted["var_mean"], wanted["var_y"]], **CLOSE
    )


@of("laplace")
def test_the_laplace_vectors(case: dict[str, Any]) -> None:
    found, wanted = laplace(case), case["expected"]
    assert_allclose([found.strength, found.strength * found.rows], [wanted["alpha_mean"], wanted["alpha_sum"]], **CLOSE)
    assert_allclose(found.mode, wanted["map"], **CLOSE)
    assert [w == 0.0 for w in found.mode] == [w == 0.0 for w in wanted["map"]]
    assert_allclose(found.negative_log(found.mode), wanted["neg_log_posterior_at_map"], **CLOSE)


@of("logistic_gaussian")
def test_the_logistic_vectors(case: dict[str, Any]) -> None:
    X, y = np.array(case["X"]), np.array(case["y"])
    found = laplace_approximation(Logistic(X, y), len(y), case["tau"])
    assert_allclose(found.strength * len(y), case["expected"]["alpha_sum"], **CLOSE)
    assert_allclose(found.mode, case["expected"]["map"], **CLOSE)
    assert_allclose(found.covariance, case["expected"]["laplace_cov"], **CLOSE)


@of("scalar_laplace")
def test_the_scalar_vectors(case: dict[str, Any]) -> None:
    found, wanted = TwoSided(np.array(case["sigma"] ** -2), np.array(case["y"]), case["b"]), case["expected"]
    assert_allclose(found.mode, wanted["map"], **CLOSE)
    assert_allclose(found.mean, wanted["posterior_mean"], **CLOSE)
    assert_allclose(found.quantile(0.5), wanted["posterior_median"], **CLOSE)


def test_the_error_function_is_scipys() -> None:
    x = np.concatenate([np.linspace(0.0, 30.0, 3001), np.geomspace(30.0, 1e12, 300)])
    assert_allclose(scaled_erfc(x), erfcx(x), rtol=3e-15)


def test_half_lines_by_quadrature() -> None:
    for a, c in [
        (1.0, 0.0),
        (2.0, 3.0),
        (0.5, -4.0),
        (4.0, -30.0),
        (1.0, -50.0),
        (9.0, -45.0),
        (1e-3, -1.0),
        (1.0, 9.0),
    ]:
        lift = 0.5 * max(c, 0.0) ** 2 / a
        end = max(c / a, 0.0) + 12.0 / max(np.sqrt(a), -c / 4)

        def moment(k: int, a: float = a, c: float = c, lift: float = lift, end: float = end) -> float:
            found = quad(
                lambda u: u**k * np.exp(-0.5 * a * u * u + c * u - lift), 0.0, end, epsabs=0, epsrel=1e-13, limit=200
            )
            return float(found[0])

        mass, mean, square = half_line(a, c)
        assert_allclose(np.exp(mass), moment(0), rtol=1e-11)
        assert_allclose(mean, moment(1) / moment(0), rtol=1e-11)
        assert_allclose(square, moment(2) / moment(0), rtol=1e-11)


def test_far_half_lines_are_exponential_laws() -> None:
    """For t → ∞ the mass is 1/|c|, the mean 1/|c| and the mean square 2/c²; nothing cancels and nothing jumps."""
    c = -np.geomspace(1e3, 1e12, 10)
    mass, mean, square = half_line(1.0, c)
    assert_allclose(np.exp(mass) * -c, 1.0, rtol=2e-6)
    assert_allclose(mean * -c, 1.0, rtol=3e-6)
    assert_allclose(square * c * c, 2.0, rtol=1e-5)
    near = half_line(1.0, -20.0 * np.array([1.0 - 1e-9, 1.0 + 1e-9]))
    assert_allclose(near.mean[0], near.mean[1], rtol=1e-8)
    assert_allclose(near.mean_square[0], near.mean_square[1], rtol=1e-8)


def test_quantiles_of_half_lines_leave_what_they_should_above() -> None:
    for a, c in [(1.0, 2.0), (4.0, -3.0), (1.0, 0.0), (0.25, 5.0), (1.0, -300.0)]:
        shares = np.array([1.0, 0.999, 0.5, 1e-3, 1e-12])
        found = half_line_quantile(a, c, shares)
        above, whole = log_ndtr(-(a * found - c) / np.sqrt(a)), log_ndtr(c / np.sqrt(a))
        assert_allclose(above - whole, np.log(shares), atol=1e-9)


@pytest.mark.parametrize("width", [1e-3, 0.1, 1.0, 30.0])
def test_one_weight_by_quadrature(width: float) -> None:
    for a, m in [(1.0, 0.74), (25.0, -0.3), (0.04, 2.0), (400.0, 1.0)]:
        found = TwoSided(np.array(a), np.array(m), width)

        def density(w: float, a: float = a, m: float = m) -> float:
            return float(np.exp(-0.5 * a * ((w - m) ** 2 - min(m * m, (float(found.mode) - m) ** 2)) - abs(w) / width))  # noqa: B023

        reach = min(40.0 * width, 12.0 * a**-0.5 + abs(m))
        marks = sorted({-reach, 0.0, reach, float(np.clip(found.mode, -reach, reach))})

        def moment(k: int, marks: list[float] = marks) -> float:
            pieces = pairwise(marks)
            return sum(
                quad(lambda w: w**k * density(w), *ends, epsrel=1e-12, epsabs=0, limit=200)[0] for ends in pieces
            )

        assert_allclose(found.mean, moment(1) / moment(0), rtol=1e-8, atol=1e-10)
        assert_allclose(found.mean_square, moment(2) / moment(0), rtol=1e-8, atol=1e-10)
        above = quad(density, 0.0, reach, epsrel=1e-12, epsabs=0, limit=400, points=[max(float(found.mode), 0.0)])[0]
        assert_allclose(found.positive, above / moment(0), rtol=1e-7)


def test_the_scalar_mode_is_sparse_and_the_mean_is_not() -> None:
    m = np.linspace(-2.0, 2.0, 41)
    found = TwoSided(np.ones(41), m, 1.0)
    assert_allclose(found.mode, np.sign(m) * np.maximum(np.abs(m) - 1.0, 0.0))
    inside = np.abs(m) <= 1.0
    assert not found.mode[inside].any()
    assert (found.mean[inside & (m != 0.0)] != 0.0).all()
    assert_allclose(found.mean, -found.mean[::-1], atol=1e-14)  # and 0 where nothing pulls to either side
    assert_allclose(found.quantile(0.25), -found.quantile(0.75)[::-1], atol=1e-9)


def lattice(posterior: LaplacePosterior) -> tuple[Array, float]:
    """Mean and evidence by a product of composite Gauss rules over each quarter, 16 standard deviations wide."""
    mean, spread = posterior.averages.mean, np.sqrt(np.diag(posterior.averages.covariance))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    rules = []
    for m, s in zip(mean, spread, strict=True):
        low, high = min(m - 16 * s, -s), max(m + 16 * s, s)
        edges = np.concatenate([np.linspace(low, 0.0, 50), np.linspace(0.0, high, 50)[1:]])
        half = np.diff(edges)[:, None] / 2
        rules.append(((edges[:-1, None] + half * (nodes + 1)).ravel(), (half * weights).ravel()))
    (x, wx), (z, wz) = rules
    points = np.stack(np.meshgrid(x, z, indexing="ij"), axis=-1)
    lowest = float(posterior.negative_log(posterior.mode))
    mass = np.exp(lowest - posterior.negative_log(points)) * wx[:, None] * wz
    total = mass.sum()
    return np.einsum("ij,ijk->k", mass, points) / total, float(np.log(total) - lowest)


def correlated(n: int, scale: float = 1.0) -> tuple[Array, Array]:
    X, y = data(11, n=n)
    X[:, 1] += 2.0 * X[:, 0]
    return X, scale * y


@pytest.mark.parametrize(
    ("n", "noise", "width"), [(12, 0.5, 0.2), (12, 1.0, 10.0), (6, 2.0, 0.5), (40, 1.0, 0.02), (3, 1.0, 1.0)]
)
def test_the_laplace_mean_by_brute_force(n: int, noise: float, width: float) -> None:
    X, y = correlated(n)
    posterior = LaplacePosterior(least_squares(X, y), n, noise, width)
    found = posterior.averages
    mean, evidence = lattice(posterior)
    assert_allclose(found.mean, mean, rtol=1e-6, atol=1e-7 * width)
    assert_allclose(found.log_evidence, evidence, rtol=1e-6)
    assert found.error <= 1e-10
    assert np.linalg.eigvalsh(found.covariance)[0] > 0.0


def test_swapping_the_weights_swaps_the_answer() -> None:
    """Whichever weight is integrated in closed form."""
    X, y = correlated(15)
    one = LaplacePosterior(least_squares(X, y), 15, 0.8, 0.3)
    two = LaplacePosterior(least_squares(X[:, ::-1], y), 15, 0.8, 0.3)
    assert_allclose(one.averages.mean, two.averages.mean[::-1], rtol=1e-10)
    assert_allclose(one.averages.covariance, two.averages.covariance[::-1, ::-1], rtol=1e-9)
    assert_allclose(one.averages.log_evidence, two.averages.log_evidence, rtol=1e-12)


@pytest.mark.parametrize("kind", ["wide", "tight", "duplicate", "constant", "one row", "nothing to explain", "units"])
def test_awkward_data_have_finite_averages(kind: str) -> None:
    X, y = correlated(20)
    width = {"wide": 1e6, "tight": 1e-6}.get(kind, 0.5)
    match kind:
        case "duplicate":
            X = X[:, [0, 0]]
        case "constant":
            X = X * [1.0, 0.0]
        case "one row":
            X, y = X[:1], y[:1]
        case "nothing to explain":
            y = 0.0 * y
        case "units":
            X = X * [1e4, 1e-3]
    posterior = LaplacePosterior(least_squares(X, y), len(y), 0.7, width)
    found = posterior.averages
    drawn = posterior.draws(400, 3)
    spread = np.sqrt(np.diag(found.covariance))
    assert np.isfinite([*found.mean, *spread, found.log_evidence]).all()
    assert (np.abs(drawn.mean(axis=0) - found.mean) <= 5.0 * spread / 20.0).all()
    if kind == "duplicate":
        assert_allclose(found.mean[0], found.mean[1], rtol=1e-8)
    if kind == "constant":  # the data say nothing of it: its law is the prior's
        assert_allclose(found.mean[1], 0.0, atol=1e-12)
        assert_allclose(found.covariance[1, 1], 2.0 * width**2, rtol=1e-9)
    if kind == "wide":
        assert_allclose(found.mean, posterior.loss.minimiser, rtol=1e-5)


def test_laplace_draws_follow_the_law() -> None:
    posterior = LaplacePosterior(least_squares(*correlated(12)), 12, 0.9, 0.3)
    drawn, found = posterior.draws(20_000, 5), posterior.averages
    spread = np.sqrt(np.diag(found.covariance))
    assert (np.abs(drawn.mean(axis=0) - found.mean) <= 4.0 * spread / np.sqrt(20_000)).all()
    assert_allclose(np.cov(drawn.T), found.covariance, rtol=0.1, atol=0.05 * float(np.prod(spread)))
    assert_allclose(posterior.draws(50, 5), posterior.draws(50, 5), rtol=0)
    assert (posterior.draws(50, 5) != posterior.draws(50, 6)).all()
    # A marginal law against one that SciPy integrates: the inner weight integrated numerically for each outer one.
    grid = np.linspace(*np.quantile(drawn[:, 0], [0.001, 0.999]), 41)
    inner = np.linspace(found.mean[1] - 12 * spread[1], found.mean[1] + 12 * spread[1], 4001)
    points = np.stack(np.meshgrid(grid, inner, indexing="ij"), axis=-1)
    heights = np.exp(float(posterior.negative_log(posterior.mode)) - posterior.negative_log(points)).sum(axis=1)
    below = np.concatenate([[0.0], np.cumsum(heights[1:] + heights[:-1])])
    below = 0.001 + 0.998 * below / below[-1]
    assert np.abs(np.searchsorted(np.sort(drawn[:, 0]), grid) / 20_000 - below).max() <= 0.015


def test_gaussian_draws_follow_the_law() -> None:
    posterior = GaussianPosterior(least_squares(*correlated(12)), 12, 0.9, 0.5)
    drawn = posterior.draws(40_000, 1)
    spread = np.sqrt(np.diag(posterior.covariance))
    assert (np.abs(drawn.mean(axis=0) - posterior.mean) <= 4.0 * spread / 200.0).all()
    assert_allclose(np.cov(drawn.T), posterior.covariance, rtol=0.05, atol=0.02 * float(np.prod(spread)))
    inputs = np.array([[1.0, 0.0], [-2.0, 3.0]])
    told = posterior.predictive(inputs)
    assert_allclose((drawn @ inputs.T).var(axis=0), told.line_variance, rtol=0.05)
    assert_allclose(told.variance - told.line_variance, 0.81)


def test_the_evidence_is_the_density_of_the_data() -> None:
    X, y = correlated(9)
    found = GaussianPosterior(least_squares(X, y), 9, 0.6, 1.3).log_evidence
    law = stats.multivariate_normal(np.zeros(9), 0.36 * np.eye(9) + 1.69 * X @ X.T)
    assert_allclose(found, law.logpdf(y), rtol=1e-10)


@pytest.mark.parametrize("width", [0.05, 0.7, 20.0])
def test_the_mode_is_the_penalised_optimum(width: float) -> None:
    """α = σ²/(nτ²) and σ²/(nb), by the solver that knows nothing of priors, and by SciPy on the log posterior."""
    X, y = correlated(25)
    loss, noise = least_squares(X, y), 0.8
    gauss, sparse = GaussianPosterior(loss, 25, noise, width), LaplacePosterior(loss, 25, noise, width)
    ridge = solve(loss, SquaredL2(), Penalised(noise**2 / (25 * width**2))).weights
    lasso = solve(loss, L1(), Penalised(noise**2 / (25 * width))).weights
    assert ridge is not None and lasso is not None  # noqa: PT018
    assert_allclose(gauss.mean, ridge, rtol=1e-10)
    assert_allclose(sparse.mode, lasso, rtol=1e-10, atol=1e-14)
    searched = minimize(lambda w: float(gauss.negative_log(w)), np.zeros(2), tol=1e-12)
    assert_allclose(gauss.mean, searched.x, atol=1e-5)
    around = sparse.mode + np.random.default_rng(2).normal(size=(500, 2)) * np.geomspace(1e-6, 1.0, 500)[:, None]
    assert (sparse.negative_log(around) >= float(sparse.negative_log(sparse.mode))).all()


def test_a_free_intercept_is_integrated_out() -> None:
    """The covariance under a profile is that of the kept weights in the whole Hessian's inverse."""
    X, y = labelled(4, n=60)
    whole = Logistic(np.column_stack([X, np.ones(60)]), y)
    found = laplace_approximation(profile(whole, (0, 1)), 60, 0.7)
    free = minimize(lambda b: float(whole.value(np.array([*found.mode, b[0]]))), [0.0], tol=1e-14).x[0]
    precision = 60 * whole.hessian(np.array([*found.mode, free])) + np.diag([0.7**-2, 0.7**-2, 0.0])
    assert_allclose(found.covariance, np.linalg.inv(precision)[:2, :2], rtol=1e-5)
    drawn = found.draws(40_000, 0)
    assert_allclose(np.cov(drawn.T), found.covariance, rtol=0.05, atol=1e-3)


def test_a_posterior_without_a_mode_says_so() -> None:
    one_class = Logistic(np.column_stack([labelled(4)[0], np.ones(80)]), np.ones(80))
    with pytest.raises(ValueError, match="no mode"):
        laplace_approximation(profile(one_class, (0, 1)), 80, 1.0)


def test_what_is_no_spread_is_refused() -> None:
    loss = least_squares(*correlated(5))
    for noise, width in [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0), (1.0, np.inf), (np.nan, 1.0)]:
        for law in (GaussianPosterior, LaplacePosterior):
            with pytest.raises(ValueError, match="positive finite"):
                law(loss, 5, noise, width)
    with pytest.raises(ValueError, match="two weights"):
        LaplacePosterior(least_squares(*data(3, d=3)), 40, 1.0, 1.0).draws(1, 0)


def test_quadrature_refines_where_it_must_and_inverts_its_distribution() -> None:
    def peak(x: Array) -> Array:
        height = np.exp(-0.5 * ((x - 0.3) / 1e-3) ** 2)
        return np.stack([height, height * x])

    found = integrate(peak, (0.2, 0.3, 0.35))
    assert_allclose(found.mass, 1e-3 * np.sqrt(2.0 * np.pi), rtol=1e-12)
    assert_allclose(found.moments / found.mass, [0.3], rtol=1e-12)
    shares = np.array([1e-6, 0.1, 0.5, 0.9, 1.0 - 1e-6])
    assert_allclose(stats.norm(0.3, 1e-3).cdf(found.quantile(shares)), shares, atol=1e-11)


def test_a_mean_that_is_nothing_but_rounding_is_not_halved_to_the_end() -> None:
    """Two weights of which data hardly speak: E[z|x] is a billionth of its spread, and all its digits cancel."""
    X = np.array([[1.0, 0.3], [-0.6, 0.8], [0.1, -1.4]])
    law = LaplacePosterior(least_squares(X, X @ [1e-13, 0.0]), 3, 100.0, 1e-4)
    begin = time.process_time()
    found = law.averages
    assert time.process_time() - begin < 1.0  # it took 17
    assert_allclose(found.mean, 0.0, atol=1e-17)
    assert_allclose(found.covariance, 2e-8 * np.eye(2), atol=1e-14)


@pytest.mark.parametrize("law", [GaussianPosterior, LaplacePosterior])
def test_a_flat_intercept_takes_one_factor_and_widens_the_line(law: type[GaussianPosterior | LaplacePosterior]) -> None:
    """The density of y without one is that of its mean, N(0, σ²/n)·√n, and of its contrasts: y is centred."""
    X, y = correlated(9)
    loss = least_squares(X - X.mean(axis=0), y - y.mean())
    free, held = law(loss, 9, 0.6, 1.3, intercept=True), law(loss, 9, 0.6, 1.3)
    evidence = [
        one.log_evidence if isinstance(one, GaussianPosterior) else one.averages.log_evidence for one in (free, held)
    ]
    factor = float(stats.norm(0, 0.6).logpdf(0))
    assert_allclose(evidence[0], evidence[1] - factor, rtol=1e-12)
    w = np.array([0.3, -2.0])
    assert_allclose(free.negative_log(w), held.negative_log(w) + factor, rtol=1e-12)
    if isinstance(free, GaussianPosterior) and isinstance(held, GaussianPosterior):
        wider = free.predictive(np.ones(2)).variance - held.predictive(np.ones(2)).variance
        assert_allclose(wider, 0.36 / 9, rtol=1e-12)


def test_drawn_intercepts_are_as_unsure_as_a_mean() -> None:
    drawn = drawn_intercepts(25, 2.0, 40_000, 3)
    assert_allclose(drawn.std(), 2.0 / 5.0, rtol=0.02)
    assert abs(drawn.mean()) < 0.01
    assert (drawn == drawn_intercepts(25, 2.0, 40_000, 3)).all()
