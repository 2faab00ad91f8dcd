"""Losses keep the laws of smooth convex functions and find the minima that other libraries find."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import linprog, minimize
from scipy.special import log_expit
from sklearn.linear_model import LinearRegression, LogisticRegression

from app.geometry.logistic import SEPARATED, Logistic
from app.geometry.losses import Loss, Quadratic, least_squares
from app.geometry.planes import profile
from app.geometry.separation import separated
from app.geometry.slices import Slice
from app.geometry.spectra import Array

VECTORS = Path(__file__).parent / "vectors"


def sample(seed: int, n: int, d: int, spread: float = 1.0) -> tuple[Array, Array, Array]:
    """Features, a response and labels that cannot be separated when n is much larger than d."""
    rng = np.random.default_rng(seed)
    X = spread * rng.normal(size=(n, d))
    truth = rng.normal(size=d)
    y = X @ truth + rng.normal(size=n)
    labels = np.where(X @ truth / spread + rng.logistic(size=n) > 0.0, 1.0, -1.0)
    return X, y, labels


def _losses() -> dict[str, Loss]:
    X, y, labels = sample(1, 60, 5)
    ones = np.column_stack([X, np.ones(60)])
    logistic = Logistic(ones, labels)
    origin, u, v = np.random.default_rng(2).normal(size=(3, 6))
    return {
        "bowl": Quadratic(np.array([[1.0, 0.0], [0.0, 5.0]]), np.array([2.0, 1.0]), 0.25),
        "flat bowl": Quadratic(np.array([[2.25, 1.125], [1.125, 0.5625]]), np.array([0.0362, 1.2828])),
        "least squares": least_squares(X, y),
        "wide least squares": least_squares(X[:3], y[:3]),
        "logistic": logistic,
        "logistic of two": Logistic(X[:, :2], labels),
        "logistic with an offset": logistic.restricted(origin, np.stack([u, v])),
        "slice": Slice(logistic, origin, u, v),
        "quadratic slice": Slice(least_squares(X, y), origin[:5], u[:5], v[:5]),
        "profile": profile(logistic, (0, 1)),
        "profile of an intercept": profile(Logistic(ones[:, [0, 1, 5]], labels), (1, 0)),
        "quadratic profile": profile(least_squares(X, y), (3, 1)),
        "slice of a profile": Slice(profile(logistic, (0, 1, 2)), origin[:3], u[:3], v[:3]),
        "profile of a slice": profile(Slice(logistic, origin, u, v), (1,)),
    }


LOSSES = _losses()
every_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


def points(loss: Loss, *shape: int) -> Array:
    return np.random.default_rng(3).normal(size=(*shape, loss.dimension))


@every_loss
def test_the_gradient_is_the_slope_of_the_value(loss: Loss) -> None:
    w, h = points(loss, 4), 1e-5
    steps = h * np.eye(loss.dimension)
    slopes = (loss.value(w[:, None] + steps) - loss.value(w[:, None] - steps)) / (2 * h)
    assert_allclose(loss.gradient(w), slopes, rtol=1e-7, atol=1e-8)


@every_loss
def test_the_hessian_is_the_slope_of_the_gradient(loss: Loss) -> None:
    w, h = points(loss, 4), 1e-5
    steps = h * np.eye(loss.dimension)
    slopes = (loss.gradient(w[:, None] + steps) - loss.gradient(w[:, None] - steps)) / (2 * h)
    assert_allclose(loss.hessian(w), slopes, rtol=1e-6, atol=1e-8)


@every_loss
def test_one_pass_gives_what_three_calls_give(loss: Loss) -> None:
    w = points(loss, 7)
    for fused, alone in zip(loss.evaluate(w), (loss.value(w), loss.gradient(w), loss.hessian(w)), strict=True):
        assert fused.shape == alone.shape
        assert_allclose(fused, alone, rtol=1e-12, atol=1e-14)


@every_loss
def test_a_batch_equals_the_loop(loss: Loss) -> None:
    w, d = points(loss, 3, 2), loss.dimension
    value, gradient, hessian = loss.evaluate(w)
    assert (value.shape, gradient.shape, hessian.shape) == ((3, 2), (3, 2, d), (3, 2, d, d))
    for place in np.ndindex(3, 2):
        alone = loss.evaluate(w[place])
        assert alone[0].shape == ()
        assert_allclose(value[place], alone[0], rtol=1e-14)
        assert_allclose(gradient[place], alone[1], rtol=1e-12, atol=1e-14)
        assert_allclose(hessian[place], alone[2], rtol=1e-11, atol=1e-14)


@every_loss
def test_no_chord_passes_below(loss: Loss) -> None:
    ends = 3.0 * points(loss, 2, 50)
    share = np.linspace(0.0, 1.0, 11)[:, None, None]
    chord = share[..., 0] * loss.value(ends[0]) + (1 - share[..., 0]) * loss.value(ends[1])
    assert (loss.value(share * ends[0] + (1 - share) * ends[1]) <= chord + 1e-12 * np.abs(chord)).all()


@every_loss
def test_the_smoothness_bounds_every_curvature(loss: Loss) -> None:
    steepest = np.linalg.eigvalsh(loss.hessian(points(loss, 100)))[:, -1].max()
    assert steepest <= loss.smoothness * (1 + 1e-12)
    # and is no loose bound: it is reached at 0 by a logistic loss, everywhere by a quadratic, within 100 otherwise
    assert loss.smoothness <= 100 * steepest


@every_loss
def test_the_minimum_is_lower_than_its_neighbours(loss: Loss) -> None:
    minimum = loss.minimum
    assert minimum.attained
    assert minimum.weights is not None
    assert_allclose(loss.value(minimum.weights), minimum.value, rtol=1e-12, atol=1e-14)
    assert np.abs(loss.gradient(minimum.weights)).max() <= 1e-13 * max(1.0, loss.smoothness)
    for size in (1e-3, 1.0):
        assert (loss.value(minimum.weights + size * points(loss, 50)) >= minimum.value - 1e-15).all()


@every_loss
def test_a_lattice_equals_the_values(loss: Loss) -> None:
    if loss.dimension != 2:
        loss = loss.restricted(
            np.zeros(loss.dimension), np.eye(2, loss.dimension) if loss.dimension > 1 else np.ones((2, 1))
        )
    xs, ys = np.linspace(-2.0, 1.0, 13), np.linspace(-1.0, 3.0, 7)
    assert_allclose(loss.lattice(xs, ys), loss.value(np.stack(np.meshgrid(xs, ys), axis=-1)), rtol=1e-9)


@every_loss
def test_a_restriction_is_the_loss_on_the_plane(loss: Loss) -> None:
    origin, u, v = points(loss, 3)
    a = np.random.default_rng(4).normal(size=(5, 2))
    restricted = loss.restricted(origin, np.stack([u, v]))
    assert_allclose(restricted.value(a), loss.value(origin + a @ np.stack([u, v])), rtol=1e-10)


@every_loss
def test_a_loss_survives_the_way_to_another_process(loss: Loss) -> None:
    w = points(loss, 3)
    sent = pickle.loads(pickle.dumps(loss))  # noqa: S301 (its own bytes)
    assert (sent.value(w) == loss.value(w)).all()


# Least squares


def test_least_squares_is_the_mean_loss() -> None:
    X, y, _ = sample(5, 30, 3)
    w = np.random.default_rng(6).normal(size=(4, 3))
    by_hand = [np.sum((X @ row - y) ** 2) / 60 for row in w]
    assert_allclose(least_squares(X, y).value(w), by_hand, rtol=1e-13)


@pytest.mark.parametrize("columns", [[0, 1, 2], [0, 1, 0], [0, 0, 0]])
@pytest.mark.parametrize("n", [1, 2, 40])
def test_least_squares_agrees_with_scikit_learn(columns: list[int], n: int) -> None:
    X, y, _ = sample(7, n, 3)
    X = X[:, columns]
    minimum = least_squares(X, y).minimum
    oracle = LinearRegression(fit_intercept=False).fit(X, y)
    assert_allclose(minimum.weights, oracle.coef_, atol=1e-12)
    assert minimum.unique == (np.linalg.matrix_rank(X) == 3)
    assert_allclose(minimum.value, np.mean((X @ oracle.coef_ - y) ** 2) / 2, atol=1e-14)


def test_a_column_of_zeros_gets_no_weight() -> None:
    X, y, _ = sample(8, 20, 2)
    X[:, 1] = 0.0
    minimum = least_squares(X, y).minimum
    assert minimum.weights is not None
    assert (minimum.weights[1], minimum.unique) == (0.0, False)
    nothing = least_squares(np.zeros((4, 2)), y[:4])
    assert_allclose(nothing.minimum.weights, [0.0, 0.0])
    assert_allclose(nothing.minimum.value, np.mean(y[:4] ** 2) / 2)
    assert nothing.smoothness == 0.0


def test_nearly_collinear_columns_keep_their_digits() -> None:
    rng = np.random.default_rng(9)
    first, apart, y = rng.normal(size=(3, 50))
    X = np.column_stack([first, first + 1e-6 * apart])
    loss = least_squares(X, y)
    # In 50 digits' worth of exact columns: the same column space, well conditioned.
    tame = np.linalg.lstsq(np.column_stack([first, (X[:, 1] - first)]) / [1.0, 1e-6], y, rcond=None)[0]
    assert_allclose(loss.minimiser, [tame[0] - tame[1] * 1e6, tame[1] * 1e6], rtol=1e-9)
    # det H = λ₁λ₂ is the Gram determinant of the two; from the entries of H only 4 digits of it would be left.
    gram = first @ first * (apart @ apart) - (first @ apart) ** 2
    assert_allclose(np.prod(loss.eigenvalues), gram * 1e-12 / 50**2, rtol=1e-8)
    assert loss.minimum.unique


def test_units_do_not_decide_the_rank() -> None:
    X, y, _ = sample(10, 30, 2)
    minimum = least_squares(X * [1e12, 1e-3], y).minimum
    assert minimum.unique
    assert_allclose(minimum.weights * np.array([1e12, 1e-3]), least_squares(X, y).minimiser, rtol=1e-10)


@pytest.mark.parametrize("d", [2, 3, 6])
def test_eigenvalues_and_vectors_rebuild_the_curvature(d: int) -> None:
    factor = np.random.default_rng(d).normal(size=(d, d))
    loss = Quadratic(factor.T @ factor, np.zeros(d))
    assert (np.diff(loss.eigenvalues) >= 0).all()
    assert_allclose(loss.eigenvectors * loss.eigenvalues @ loss.eigenvectors.T, loss.curvature, atol=1e-13)
    assert_allclose(loss.eigenvectors.T @ loss.eigenvectors, np.eye(d), atol=1e-14)


def test_the_plane_says_the_same_in_floats() -> None:
    loss = Quadratic(np.array([[2.0, 1.5], [1.5, 2.0]]), np.array([1.0, -0.2]), 3.0)
    plane = loss.plane
    assert plane[:6] == (2.0, 1.5, 2.0, 1.0, -0.2, 3.0)
    assert_allclose((plane.small, plane.large), np.linalg.eigvalsh(loss.curvature), rtol=1e-14)
    large = np.array([plane.cosine, plane.sine])
    assert_allclose(loss.curvature @ large, plane.large * large, atol=1e-14)


def test_nothing_that_is_given_can_be_changed_through_a_loss() -> None:
    H, w = np.eye(2), np.ones(2)
    loss = Quadratic(H, w)
    H[0, 0] = 7.0
    assert loss.curvature[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        loss.minimiser[0] = 2.0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Quadratic(np.array([[1.0, 2.0], [0.0, 1.0]]), np.zeros(2)), "symmetric"),
        (lambda: Quadratic(np.eye(2), np.zeros(3)), "fit"),
        (lambda: Quadratic(np.eye(2), np.array([np.nan, 0.0])), "finite"),
        (lambda: least_squares(np.ones((3, 2)), np.ones(2)), "must be"),
        (lambda: Logistic(np.ones((3, 2)), np.array([0.0, 1.0, 1.0])), "labels"),
        (lambda: Logistic(np.ones((0, 2)), np.ones(0)), "at least one"),
    ],
)
def test_what_is_no_loss_is_refused_in_words(make, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        make()


# Logistic


def test_the_logistic_loss_equals_scipys() -> None:
    X, _, labels = sample(11, 50, 3)
    w = np.random.default_rng(12).normal(size=(6, 3)) * [[1.0], [1.0], [10.0], [100.0], [1e3], [1e4]]
    by_hand = [-log_expit(labels * (X @ row)).mean() for row in w]
    assert_allclose(Logistic(X, labels).value(w), by_hand, rtol=1e-13)


def test_margins_of_any_size_stay_finite() -> None:
    loss = Logistic(np.array([[1e5, 0.0], [0.0, 1.0]]), np.array([1.0, -1.0]))
    w = np.array([[1e5, 1.0], [-1e5, -1e5], [0.0, 800.0], [-1e200, 1e200]])
    for found in loss.evaluate(w):
        assert np.isfinite(found).all()
    # Far on the right side the loss is e^−m/n, not 0: log1p keeps what 1 + e^−m has lost.
    assert_allclose(loss.value(np.array([1.0, -200.0])), np.exp(-200.0) / 2, rtol=1e-12)


@pytest.mark.parametrize("d", [1, 2, 8])
def test_logistic_minima_agree_with_scikit_learn(d: int) -> None:
    X, _, labels = sample(13, 300, d)
    minimum = Logistic(X, labels).minimum
    oracle = LogisticRegression(C=np.inf, fit_intercept=False, solver="newton-cholesky", tol=1e-12).fit(X, labels)
    assert_allclose(minimum.weights, oracle.coef_[0], atol=1e-8)
    assert minimum.unique


@pytest.mark.parametrize("spoil", ["duplicate", "constant"])
def test_collinear_columns_share_the_weight(spoil: str) -> None:
    X, _, labels = sample(14, 200, 2)
    third = 2.0 * X[:, 0] if spoil == "duplicate" else np.zeros(200)
    minimum = Logistic(np.column_stack([X, third]), labels).minimum
    alone = Logistic(X, labels).minimum.weights
    assert minimum.weights is not None
    assert alone is not None
    assert not minimum.unique
    # Smallest norm: the weight along (x, 2x) is divided as 1 : 2.
    shared = alone[0] * np.array([0.2, 0.4]) if spoil == "duplicate" else np.array([alone[0], 0.0])
    assert_allclose(minimum.weights, [shared[0], alone[1], shared[1]], atol=1e-10)


def test_many_features_do_not_need_all_pairs_of_columns() -> None:
    X, _, labels = sample(15, 1000, 50)
    few, w = Logistic(X, labels), np.random.default_rng(16).normal(size=(3, 50)) * 0.1
    share = 1.0 / (1.0 + np.exp(-(w @ X.T)))
    by_hand = np.stack([(X.T * p * (1 - p)) @ X for p in share]) / 1000
    assert_allclose(few.hessian(w), by_hand, rtol=1e-10, atol=1e-12)


# Separability


def leaves_behind(signed: Array) -> Array:
    """By linear programming: for each observation, whether some d with Ad ≥ 0 has aᵢᵀd > 0."""
    n, d = signed.shape
    # maximise Σsᵢ with 0 ≤ s ≤ 1, Ad ≥ s: the cone is convex, so that all that can be left behind are so at once
    found = linprog(
        np.concatenate([np.zeros(d), -np.ones(n)]),
        A_ub=np.column_stack([-signed, np.eye(n)]),
        b_ub=np.zeros(n),
        bounds=[(None, None)] * d + [(0.0, 1.0)] * n,
    )
    return np.asarray(found.x[d:] > 0.5)


@pytest.mark.parametrize("seed", range(40))
def test_separability_is_what_linear_programming_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(1, 25)), int(rng.integers(1, 5))
    # Small integers make ties, zero rows, collinear columns and quasi-complete separation.
    X = rng.integers(-2, 3, size=(n, d)).astype(float)
    truth = rng.integers(-1, 2, size=d)
    clean = np.where(X @ truth == 0, rng.choice([-1.0, 1.0], size=n), np.sign(X @ truth))
    labels = np.where(rng.random(n) < 0.15 * (seed % 3), -clean, clean)
    signed = labels[:, None] * X
    expected = leaves_behind(signed)
    assert (separated(signed) == expected).all()
    minimum = Logistic(X, labels).minimum
    assert minimum.attained == (not expected.any())
    assert np.isfinite(minimum.value)
    assert (minimum.descent is None) == minimum.attained
    if minimum.descent is not None:
        pace = signed @ minimum.descent
        assert pace.min() >= -1e-9, "no observation gets worse"
        assert pace.max() > 1e-6, "one is left behind"


def test_quasi_complete_separation_has_an_infimum_above_zero() -> None:
    # Only x₁ = 0 is undecided: (0, 1) with one label each way; x₁ = ±1 tells the labels.
    X = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.5], [-1.0, 2.0]])
    labels = np.array([1.0, -1.0, 1.0, -1.0])
    minimum = Logistic(X, labels).minimum
    assert (minimum.attained, minimum.weights, minimum.reason) == (False, None, SEPARATED)
    assert_allclose(minimum.value, 2 * np.log(2) / 4)


@pytest.mark.parametrize("gap", [1e-6, 1.0])
def test_separation_by_a_hair_is_seen_at_any_number_of_rows(gap: float) -> None:
    rng = np.random.default_rng(17)
    X = rng.normal(size=(5000, 3))
    labels = np.sign(X[:, 0])
    X[:, 0] += gap * labels
    assert separated(labels[:, None] * X).all()
    X[0, 0], X[1, 0], X[0, 1:], X[1, 1:] = 1.0, -1.0, 0.0, 0.0
    labels[:2] = [-1.0, 1.0]
    assert not separated(labels[:, None] * X).any()


def test_the_loss_without_observations_is_zero_and_finite() -> None:
    X, _, labels = sample(18, 6, 2)
    empty = Logistic(X, labels).without(np.ones(6, dtype=bool))
    for found in (*empty.evaluate(np.ones((3, 2))), empty.lattice(np.arange(3.0), np.arange(4.0))):
        assert (found == 0.0).all()
    assert empty.minimum.value == 0.0


# Vectors


def cases(name: str) -> list[dict]:  # type: ignore[type-arg]
    return list(json.loads((VECTORS / name).read_text())["cases"])


@pytest.mark.parametrize("case", cases("03_equivalence.json"), ids=lambda case: case["id"])
def test_unregularised_optima_of_the_vectors(case: dict) -> None:  # type: ignore[type-arg]
    X, y = np.array(case["X"]), np.array(case["y"])
    expected, d = case["expected"]["unregularised"], X.shape[1]
    joint = np.column_stack([X, np.ones(len(y))]) if case["intercept"] else X
    loss = Logistic(joint, y) if case["model"] == "logistic" else least_squares(joint, y)
    kept = profile(loss, tuple(range(d)))
    assert loss.minimum.attained == kept.minimum.attained == expected["attained"]
    if not expected["attained"]:
        assert kept.minimum.weights is None
        assert_allclose(kept.minimum.value, expected["infimum"], atol=1e-12)
        return
    assert loss.minimum.unique == expected["unique"]
    assert_allclose(kept.minimum.value, expected["J"], rtol=1e-10, atol=1e-14)
    assert_allclose(kept.minimum.weights, expected["w"], rtol=1e-9, atol=1e-10)
    if case["intercept"]:
        assert_allclose(loss.minimum.weights[d], expected["b"], rtol=1e-9)


@pytest.mark.parametrize("case", [c for c in cases("04_quadratic.json") if "H" in c], ids=lambda case: case["id"])
def test_spectra_and_saddles_of_the_vectors(case: dict) -> None:  # type: ignore[type-arg]
    H, w1 = np.array(case["H"]), np.array(case["w1"])
    loss = Quadratic(H, w1)
    eigenvalues = case["expected"].get("eigenvalues", np.linalg.eigvalsh(H))
    assert_allclose(loss.eigenvalues, eigenvalues, rtol=1e-12, atol=1e-15)
    if "eigenvectors_columns_up_to_sign" in case["expected"]:
        expected = np.abs(case["expected"]["eigenvectors_columns_up_to_sign"])
        assert_allclose(np.abs(loss.eigenvectors), expected, atol=1e-12)
    assert loss.minimum.attained == (eigenvalues[0] >= 0)
    assert loss.minimum.unique == (eigenvalues[0] > 0)
    for result in case["expected"]["results"]:
        if "is_minimiser" in result:
            penalised = Quadratic(H + result["alpha"] * np.eye(len(H)), np.array(result["w2"]))
            assert penalised.minimum.attained == result["is_minimiser"]
    if loss.minimum.unique:
        found = minimize(loss.value, np.zeros(len(w1)), jac=loss.gradient, method="BFGS")
        assert_allclose(found.x, w1, atol=1e-3 * np.abs(w1).max())
