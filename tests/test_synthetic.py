"""Bowls and samples follow the law that their knobs describe."""

import numpy as np
import pytest

from app.data import Bowl, SyntheticClassification, SyntheticRegression, pose


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, 135.0, 180.0])
def test_a_bowl_has_its_curvatures_along_its_axes(angle: float) -> None:
    posed = pose(Bowl(curvature_1=0.3, curvature_2=7.0, angle=angle, minimiser_1=-1.5, minimiser_2=0.5))
    axis = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    across = np.array([-axis[1], axis[0]])
    H = posed.loss.hessian(np.zeros(2))
    np.testing.assert_allclose(H @ axis, 0.3 * axis, atol=1e-14)
    np.testing.assert_allclose(H @ across, 7.0 * across, atol=1e-14)
    np.testing.assert_array_equal(posed.reference, [-1.5, 0.5])
    assert posed.window == (-3.5, 3.5, -3.5, 3.5)


@pytest.mark.parametrize("angle", [0.0, 90.0, 180.0])
def test_a_straight_bowl_has_exact_zeros(angle: float) -> None:
    assert pose(Bowl(angle=angle)).loss.hessian(np.zeros(2))[0, 1] == 0.0


def test_default_bowl_is_the_one_of_the_textbook() -> None:
    loss = pose(Bowl()).loss
    np.testing.assert_allclose(loss.value(np.array([[4 / 3, 10 / 11]])), [0.5 * (4 / 9 + 5 / 121)])


def test_a_large_sample_follows_its_law() -> None:
    sampled = SyntheticRegression(rows=5000, correlation=0.8, noise=0.5, weight_1=-1.0, weight_2=2.0)
    posed = pose(sampled)
    np.testing.assert_allclose(posed.reference, [-1.0, 2.0], atol=0.05)
    np.testing.assert_allclose(posed.loss.hessian(np.zeros(2)), [[1.0, 0.8], [0.8, 1.0]], atol=0.02)
    assert posed.loss.minimum.value == pytest.approx(0.5 * 0.5**2, rel=0.05)


def test_the_seed_is_the_sample() -> None:
    first, again, other = (pose(SyntheticRegression(seed=seed)).reference for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-3


def test_a_cloud_far_away_lies_where_the_knob_says() -> None:
    posed = pose(SyntheticClassification(rows=2000, distance=2.0, direction=90.0, correlation=0.0, noise=0.0))
    angle = np.rad2deg(np.arctan2(posed.reference[1], posed.reference[0]))
    assert angle == pytest.approx(90.0, abs=5.0)


def test_flipped_labels_are_as_many_as_asked_for() -> None:
    # With the clouds on top of each other nothing but chance is left: J is log 2 at its optimum.
    posed = pose(SyntheticClassification(rows=5000, distance=0.0))
    assert posed.loss.minimum.value == pytest.approx(np.log(2.0), abs=1e-3)
    clear = pose(SyntheticClassification(rows=5000, distance=10.0, noise=0.1))
    assert clear.loss.minimum.value == pytest.approx(-(0.1 * np.log(0.1) + 0.9 * np.log(0.9)), abs=0.02)
