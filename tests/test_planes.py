"""Slices and profiles are what brute force says they are, also where the inner minimum does not exist."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from app.geometry.logistic import Logistic
from app.geometry.losses import Loss, Quadratic, least_squares
from app.geometry.planes import SEPARATED_BY_FREE, SINGLE_CLASS, Profile, profile
from app.geometry.slices import Slice
from app.geometry.spectra import Array


def classes(seed: int, n: int, d: int) -> tuple[Array, Array]:
    """Features with a last column of ones, and labels."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=(n, d)), np.ones(n)])
    return X, np.where(X @ rng.normal(size=d + 1) + rng.logistic(size=n) > 0.0, 1.0, -1.0)


def brute_force(loss: Loss, keep: tuple[int, ...], w: Array) -> float:
    """min over v of J(w, v) by scipy."""
    rest = [index for index in range(loss.dimension) if index not in keep]

    def whole(v: Array) -> Array:
        full = np.empty(loss.dimension)
        full[list(keep)], full[rest] = w, v
        return full

    found = minimize(
        lambda v: float(loss.value(whole(v))),
        np.zeros(len(rest)),
        jac=lambda v: loss.gradient(whole(v))[rest],
        tol=1e-12,
    )
    return float(found.fun)


@pytest.mark.parametrize("keep", [(0, 1), (3, 1), (2,)])
@pytest.mark.parametrize("kind", ["quadratic", "logistic"])
def test_a_profile_is_the_inner_minimum(kind: str, keep: tuple[int, ...]) -> None:
    X, labels = classes(1, 80, 4)
    loss = Logistic(X, labels) if kind == "logistic" else least_squares(X, labels)
    made = profile(loss, keep)
    assert isinstance(made, Quadratic if kind == "quadratic" else Profile)
    for w in np.random.default_rng(2).normal(size=(4, len(keep))) * 2.0:
        assert_allclose(made.value(w), brute_force(loss, keep, w), rtol=1e-9)


def test_a_profile_has_the_minimum_of_the_whole() -> None:
    X, labels = classes(3, 200, 4)
    loss = Logistic(X, labels)
    made = profile(loss, (1, 3))
    assert_allclose(made.minimum.weights, loss.minimum.weights[[1, 3]], atol=1e-12)  # type: ignore[index]
    assert made.minimum.value == loss.minimum.value


def test_the_weights_that_were_minimised_out_can_be_had() -> None:
    X, labels = classes(4, 100, 3)
    made = profile(Logistic(X, labels), (2, 0))
    assert isinstance(made, Profile)
    w = np.array([[0.3, -1.0], [2.0, 1.0]])
    v = made.inner(w)
    full = np.empty((2, 4))
    full[:, [2, 0]], full[:, list(made.others)] = w, made.free(v)
    assert_allclose(made.loss.value(full), made.value(w), rtol=1e-14)
    assert np.abs(made.loss.gradient(full)[:, list(made.others)]).max() < 1e-15
    joint = np.concatenate([w, v], axis=-1)
    assert_allclose(made.joint.gradient(joint)[:, made.keep], made.gradient(w), atol=1e-15)
    assert np.abs(made.joint.gradient(joint)[:, made.rest]).max() < 1e-14


def test_a_good_start_leads_to_the_same_inner_minimum() -> None:
    X, labels = classes(5, 60, 4)
    made = profile(Logistic(X, labels), (0, 1))
    assert isinstance(made, Profile)
    w = np.random.default_rng(6).normal(size=(7, 2)) * 5.0
    found = made.inner(w)
    assert_allclose(made.inner(w, found + 0.1), found, atol=1e-11)
    assert_allclose(made.inner(w, np.full_like(found, 30.0)), found, atol=1e-11)


def test_far_from_the_optimum_the_inner_minimum_is_found_too() -> None:
    X, labels = classes(7, 60, 2)
    made = profile(Logistic(X, labels), (0, 1))
    for found in made.evaluate(np.array([[1e3, -1e3], [1e4, 3.0], [-300.0, 0.0]])):
        assert np.isfinite(found).all()
    assert_allclose(
        made.value(np.array([50.0, -20.0])), brute_force(Logistic(X, labels), (0, 1), np.array([50.0, -20.0]))
    )


def test_one_class_has_no_intercept() -> None:
    X, _ = classes(8, 5, 2)
    made = profile(Logistic(X, np.ones(5)), (0, 1))
    assert isinstance(made, Profile)
    assert (made.attained, made.reason) == (False, SINGLE_CLASS)
    assert (made.minimum.attained, made.minimum.weights, made.minimum.reason) == (False, None, SINGLE_CLASS)
    # With the intercept on its way to infinity the loss is 0 whatever w is.
    w = np.random.default_rng(9).normal(size=(3, 2))
    for found in made.evaluate(w):
        assert (found == 0.0).all()
    assert (made.lattice(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40)) == 0.0).all()
    assert made.smoothness > 0.0


def test_other_weights_that_separate_leave_the_undecided_rows() -> None:
    # x₂ tells the labels of all rows where it is not 0; the first three rows are left to x₁.
    X = np.array([[1.0, 0.0], [2.0, 0.0], [-1.0, 0.0], [5.0, 1.0], [4.0, -1.0]])
    labels = np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    made = profile(Logistic(X, labels), (0,))
    assert isinstance(made, Profile)
    assert (made.attained, made.reason) == (False, SEPARATED_BY_FREE)
    w = np.array([[0.7], [-3.0]])
    undecided = np.log1p(np.exp(-labels[:3] * (w @ X[:3, :1].T))).sum(axis=-1) / 5
    assert_allclose(made.value(w), undecided, rtol=1e-14)
    # the infimum over v: no v is below it, a large one comes close
    v = np.array([0.0, 10.0, 40.0])
    above = Logistic(X, labels).value(np.stack(np.broadcast_arrays(w, v), axis=-1))
    assert (above >= made.value(w)[:, None]).all()
    assert_allclose(above[:, 2], made.value(w), rtol=1e-9)


def test_separable_data_have_a_profile_without_a_minimum() -> None:
    X, labels = classes(10, 40, 2)
    labels = np.sign(X[:, 0] + 0.1)
    made = profile(Logistic(X, labels), (0, 1))
    assert isinstance(made, Profile)
    assert made.attained
    assert not made.minimum.attained
    assert "can be separated" in made.minimum.reason
    assert made.minimum.descent is not None
    far = made.value(np.array([0.3, -2.0]) + np.outer([0.0, 1.0, 10.0, 100.0], made.minimum.descent))
    assert (np.diff(far) < 0.0).all()
    assert np.isfinite(made.value(np.array([[100.0, 0.0], [-100.0, 3.0]]))).all()


def test_collinear_free_columns_do_no_harm() -> None:
    X, labels = classes(11, 100, 3)
    twice = np.column_stack([X, X[:, 2], np.zeros(100), 3.0 * np.ones(100)])
    w = np.random.default_rng(12).normal(size=(5, 2))
    alone, spoiled = profile(Logistic(X, labels), (0, 1)), profile(Logistic(twice, labels), (0, 1))
    for expected, found in zip(alone.evaluate(w), spoiled.evaluate(w), strict=True):
        assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert spoiled.minimum.unique
    assert_allclose(spoiled.minimum.weights, alone.minimum.weights, atol=1e-10)


@pytest.mark.parametrize("kind", ["quadratic", "logistic"])
def test_a_kept_column_that_free_ones_can_replace_is_flat(kind: str) -> None:
    X, labels = classes(13, 100, 3)
    X[:, 0] = X[:, 2] - 2.0
    loss = Logistic(X, labels) if kind == "logistic" else least_squares(X, labels)
    minimum = profile(loss, (0, 1)).minimum
    assert not minimum.unique
    assert minimum.weights is not None
    assert_allclose(minimum.weights[0], 0.0, atol=1e-12)
    assert_allclose(minimum.value, loss.minimum.value, rtol=1e-12)


def test_a_profile_of_a_profile_and_of_everything() -> None:
    X, labels = classes(14, 60, 4)
    loss = Logistic(X, labels)
    w = np.random.default_rng(15).normal(size=(4, 2))
    assert_allclose(profile(profile(loss, (3, 0, 1)), (2, 0)).value(w), profile(loss, (1, 3)).value(w), rtol=1e-12)
    full = np.random.default_rng(16).normal(size=(4, 5))
    assert_allclose(profile(loss, (4, 3, 2, 1, 0)).value(full), loss.value(full[:, ::-1]), rtol=1e-14)


@pytest.mark.parametrize("chosen", [(), (0, 0), (5,), (-1,)])
def test_weights_that_do_not_exist_cannot_be_kept(chosen: tuple[int, ...]) -> None:
    X, labels = classes(17, 20, 4)
    with pytest.raises(ValueError, match="each once"):
        Profile(Logistic(X, labels), chosen)


@pytest.mark.parametrize("kind", ["quadratic", "logistic", "profile"])
def test_a_slice_is_the_loss_on_the_plane(kind: str) -> None:
    X, labels = classes(18, 50, 4)
    loss: Loss = least_squares(X, labels) if kind == "quadratic" else Logistic(X, labels)
    loss = profile(loss, (0, 1, 2)) if kind == "profile" else loss
    origin, u, v = np.random.default_rng(19).normal(size=(3, loss.dimension))
    plane = Slice(loss, origin, u, v)
    a = np.array([0.4, -1.2])
    assert_allclose(plane.value(a), loss.value(origin + 0.4 * u - 1.2 * v), rtol=1e-13)
    assert_allclose(plane.flat.evaluate(a)[1], plane.gradient(a), atol=1e-12)
    found = minimize(lambda a: float(plane.value(a)), np.zeros(2), jac=plane.gradient, tol=1e-12)
    assert_allclose(plane.minimum.weights, found.x, atol=1e-5)
    assert plane.minimum.value <= found.fun + 1e-14


def test_a_slice_needs_directions_of_the_whole() -> None:
    with pytest.raises(ValueError, match="3 entries"):
        Slice(Quadratic(np.eye(3), np.zeros(3)), np.zeros(3), np.ones(2), np.ones(3))
