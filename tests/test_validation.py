"""Cross-validated paths, elastic nets on the way down, scalar maps, random bowls: against scikit-learn and by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import ElasticNet as SklearnNet
from sklearn.linear_model import ElasticNetCV, Lasso, Ridge

from app.geometry import (
    L1,
    Array,
    Constrained,
    ElasticNet,
    Penalised,
    Quadratic,
    SquaredL2,
    elastic_net_map,
    elastic_net_path,
    fold_of_each_row,
    hard_threshold,
    largest_elastic_strength,
    lasso_map,
    lasso_path,
    least_squares,
    optima_in_diamonds,
    optima_in_discs,
    path_residuals,
    plane_optimum,
    random_bowls,
    ridge_map,
    share_at_corners,
    solve,
    validation_curve,
)
from tests.test_paths import KINDS, degenerate

RNG = np.random.default_rng(21)


def sample(n: int, d: int, seed: int = 3) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) + 0.5 * rng.standard_normal((n, 1))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = X[:, : min(3, d)].sum(axis=1) + rng.standard_normal(n)
    return X, y - y.mean()


@pytest.mark.parametrize("ratio", [1.0, 0.5, 0.05])
@pytest.mark.parametrize(("n", "d"), [(60, 7), (15, 25)])
def test_scikit_learn_has_the_same_validation_losses(n: int, d: int, ratio: float) -> None:
    X, y = sample(n, d)
    y = y + 7.0  # the intercept is fitted in each fold
    strengths = np.geomspace(1.0, 0.02, 12)
    ours = validation_curve(X, y, ratio, strengths, folds=5, seed=4)
    fold = fold_of_each_row(n, 5, 4)
    splits = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(5)]
    theirs = ElasticNetCV(l1_ratio=ratio, alphas=strengths, cv=splits, tol=1e-13, max_iter=1_000_000).fit(X, y)
    assert_allclose(ours.by_fold, 0.5 * theirs.mse_path_.T, rtol=1e-6)
    assert_allclose(ours.losses, 0.5 * theirs.mse_path_.mean(axis=1), rtol=1e-6)  # all folds are of one size
    spread = 0.5 * theirs.mse_path_.std(axis=1, ddof=1) / 5**0.5
    assert_allclose(ours.errors, spread, rtol=1e-6)
    assert ours.strengths[ours.lowest] == theirs.alpha_


def test_a_loop_over_ridges_has_the_same_validation_losses() -> None:
    X, y = sample(31, 5)
    strengths = np.geomspace(10.0, 0.01, 6)
    ours = validation_curve(X, y, 0.0, strengths, folds=4, seed=0)
    fold = fold_of_each_row(31, 4, 0)
    sizes = [int((fold == k).sum()) for k in range(4)]
    assert sorted(sizes) == [7, 8, 8, 8]
    for i, alpha in enumerate(strengths):
        missed, fitted = np.zeros(31), []
        for k in range(4):
            on = fold != k
            model = Ridge(alpha=alpha * on.sum(), tol=1e-14).fit(X[on], y[on])
            missed[~on] = 0.5 * (model.predict(X[~on]) - y[~on]) ** 2
            fitted.append(0.5 * ((model.predict(X[on]) - y[on]) ** 2).mean())
        assert_allclose(ours.losses[i], missed.mean(), rtol=1e-9)
        assert_allclose(ours.training[i], np.average(fitted, weights=31 - np.array(sizes)), rtol=1e-9)


def test_the_rule_of_one_standard_error() -> None:
    curve = validation_curve(*sample(80, 12), 1.0, np.geomspace(2.0, 1e-3, 60), folds=10, seed=1)
    limit = curve.losses[curve.lowest] + curve.errors[curve.lowest]
    assert curve.losses[curve.lowest] == curve.losses.min()
    assert 0 < curve.chosen < curve.lowest
    assert curve.losses[curve.chosen] <= limit
    assert (curve.losses[: curve.chosen] > limit).all()


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("n", "d", "folds"), [(2, 1, 10), (3, 5, 50), (6, 2, 20), (20, 50, 5)])
def test_more_folds_than_rows_leave_out_one_row_at_a_time(n: int, d: int, folds: int, ratio: float) -> None:
    rng = np.random.default_rng(n)
    curve = validation_curve(
        rng.standard_normal((n, d)), rng.standard_normal(n), ratio, np.geomspace(1, 1e-3, 5), folds, 0
    )
    assert curve.folds == min(n, folds)
    assert np.isfinite([curve.losses, curve.errors, curve.training]).all()


def test_folds_are_seeded_and_even() -> None:
    first, again, other = (fold_of_each_row(23, 5, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert sorted(np.bincount(first)) == [4, 4, 5, 5, 5]
    with pytest.raises(ValueError, match="two rows"):
        validation_curve(np.zeros((1, 2)), np.zeros(1), 1.0, np.ones(1), 5, 0)


@pytest.mark.parametrize("kind", [*KINDS, "nearly collinear", "fifty"])
@pytest.mark.parametrize("ratio", [0.01, 0.5, 0.97])
def test_an_elastic_net_path_is_exact_at_every_strength(kind: str, ratio: float) -> None:
    loss = least_squares(*degenerate(kind))
    pull = loss.curvature @ loss.minimiser
    largest = largest_elastic_strength(pull, ratio)
    assert largest is not None
    strengths = np.geomspace(1.5 * largest, 1e-4 * largest, 40)
    weights = elastic_net_path(loss.curvature, pull, ratio, strengths)
    assert path_residuals(loss.curvature, pull, ratio, strengths, weights).max() < 1e-9
    assert not weights[strengths >= largest].any()
    for i in (10, 25, 39):
        truth = solve(loss, ElasticNet(ratio=ratio), Penalised(float(strengths[i]))).weights
        assert_allclose(weights[i], truth, atol=1e-7 * max(1.0, np.abs(truth).max()))


def test_an_elastic_net_path_is_a_loop_over_scikit_learn() -> None:
    X, y = sample(50, 8)
    loss = least_squares(X, y)
    strengths = np.geomspace(1.0, 0.01, 6)
    weights = elastic_net_path(loss.curvature, loss.curvature @ loss.minimiser, 0.3, strengths)
    for alpha, w in zip(strengths, weights, strict=True):
        theirs = SklearnNet(alpha=alpha, l1_ratio=0.3, fit_intercept=False, tol=1e-14, max_iter=1_000_000).fit(X, y)
        assert_allclose(w, theirs.coef_, atol=1e-8)


def test_the_lasso_between_its_knots() -> None:
    X, y = sample(40, 9)
    loss = least_squares(X, y)
    path = lasso_path(loss.curvature, loss.curvature @ loss.minimiser)
    strengths = np.concatenate([[2.0 * path.strengths[0]], path.strengths, np.geomspace(1.0, 1e-3, 7)])
    found = path.at_strengths(strengths)
    for alpha, w in zip(strengths, found, strict=True):
        assert_allclose(w, path.at_strength(float(alpha)), atol=1e-14)
    alpha = float(strengths[-3])
    assert_allclose(found[-3], Lasso(alpha=alpha, fit_intercept=False, tol=1e-14).fit(X, y).coef_, atol=1e-8)
    assert not path.at_strengths(np.array([path.strengths[0]])).any()


def test_residuals_tell_a_wrong_path() -> None:
    loss = least_squares(*sample(30, 4))
    pull = loss.curvature @ loss.minimiser
    strengths = np.array([0.3, 0.1])
    weights = elastic_net_path(loss.curvature, pull, 0.5, strengths)
    assert path_residuals(loss.curvature, pull, 0.5, strengths[::-1], weights).min() > 1e-3
    on = np.flatnonzero(weights[1])[0]
    moved = weights + 1e-3 * np.eye(4)[on]
    slope = (loss.curvature + 0.05 * np.eye(4))[on] * 1e-3
    found = path_residuals(loss.curvature, pull, 0.5, strengths, moved)[1]
    assert found == pytest.approx(float(np.linalg.norm(slope[weights[1] != 0]) / np.linalg.norm(pull)), rel=0.2)


@pytest.mark.parametrize("h", [0.5, 1.0, 3.0])
def test_scalar_maps_are_minimisers(h: float) -> None:
    grid = np.linspace(-4.0, 4.0, 80_001)
    for v in (-2.3, -0.4, 0.0, 0.9, 3.1):
        bowl = 0.5 * h * (grid - v) ** 2
        for found, penalty in (
            (lasso_map(v, 0.7, h), 0.7 * np.abs(grid)),
            (ridge_map(v, 0.7, h), 0.35 * grid**2),
            (elastic_net_map(v, 0.7, 0.4, h), 0.7 * (0.4 * np.abs(grid) + 0.3 * grid**2)),
            (hard_threshold(v, 0.8), 0.5 * h * 0.64 * (grid != 0.0)),
        ):
            assert float(found) == pytest.approx(grid[(bowl + penalty).argmin()], abs=2e-4)


def test_scalar_maps_on_a_flat_weight() -> None:
    assert elastic_net_map(3.0, 0.0, 1.0, 0.0) == 0.0
    assert_allclose(lasso_map([3.0, -0.5, 0.2], 0.5, [2.0, 1.0, 1.0]), [2.75, 0.0, 0.0])


@pytest.mark.parametrize("share", [0.05, 0.4, 0.9, 1.3])
def test_random_bowls_are_solved_exactly(share: float) -> None:
    bowls = random_bowls(60, 50.0, 5)
    sizes = np.abs(bowls.minimisers).sum(axis=1)
    diamond, disc = optima_in_diamonds(bowls, share * sizes), optima_in_discs(bowls, np.full(60, share))
    for i in range(60):
        loss = Quadratic(bowls.curvatures[i], bowls.minimisers[i])
        for found, shape, radius in ((diamond[i], L1(), share * sizes[i]), (disc[i], SquaredL2(), share)):
            assert_allclose(found, plane_optimum(loss, shape, Constrained(float(radius)))[:2], atol=1e-12)
        assert (diamond[i] == 0.0).tolist() == (
            solve(loss, L1(), Constrained(float(share * sizes[i]))).weights == 0.0
        ).tolist()


def test_round_bowls_meet_the_corner_as_often_as_they_must() -> None:
    """ŵ = (cos θ, sin θ), the diamond of radius t·(|cos θ| + |sin θ|): its soft threshold is a corner exactly where
    ||cos θ| − |sin θ|| ≥ that radius, so where tan(π/4 − θ) ≥ t for 0 ≤ θ ≤ π/4: a share of 1 − 4·arctan(t)/π."""
    bowls = random_bowls(40_000, 1.0, 7)
    for t in (0.1, 0.5, 0.8):
        found = share_at_corners(optima_in_diamonds(bowls, t * np.abs(bowls.minimisers).sum(axis=1)))
        assert found == pytest.approx(1.0 - 4.0 * np.arctan(t) / np.pi, abs=0.01)


def test_the_disc_has_no_corner_and_a_large_ball_changes_nothing() -> None:
    bowls = random_bowls(10_000, 100.0, 2)
    assert share_at_corners(optima_in_discs(bowls, np.full(10_000, 0.3))) == 0.0
    assert share_at_corners(optima_in_diamonds(bowls, np.full(10_000, 0.3))) > 0.6
    np.testing.assert_array_equal(optima_in_discs(bowls, np.full(10_000, 1.5)), bowls.minimisers)
    np.testing.assert_array_equal(optima_in_diamonds(bowls, np.full(10_000, 1.5)), bowls.minimisers)
    ratio = np.linalg.cond(bowls.curvatures)
    assert 1.0 <= ratio.min() < 1.1
    assert 90.0 < ratio.max() <= 100.0 * (1 + 1e-9)
