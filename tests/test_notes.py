"""Awkward data are no errors: every case has finite numbers, a tidy window and a sentence."""

import warnings
from typing import Any

import numpy as np
import pytest

from app.data import (
    Classification,
    Posed,
    Regression,
    SyntheticClassification,
    SyntheticRegression,
    Table,
    bundled,
    pose,
    read_csv,
)
from app.geometry.spectra import Array

TABLES = bundled()
POINTS = np.array([[0.0, 0.0], [0.7, -0.4], [-1.3, 0.9]])
SEPARABLE = Classification(dataset="iris", positive="setosa")


def on_table(problem: Regression | Classification) -> Posed:
    return pose(problem, TABLES[problem.dataset])


def uploaded(header: str, rows: Array) -> Table:
    lines = [header, *(",".join(map(repr, row)) for row in np.asarray(rows, dtype=float).tolist())]
    return read_csv("\n".join(lines).encode())


@pytest.mark.parametrize(
    "problem",
    [
        Regression(),
        Regression(standardise=False),
        Regression(others="free"),
        Regression(dataset="iris", target="sepal width (cm)"),
        Classification(),
        Classification(standardise=False, first="mean area", second="mean smoothness"),
        SEPARABLE,
    ],
)
def test_a_window_is_a_tidy_square_with_room_around_the_reference(problem: Regression | Classification) -> None:
    posed = on_table(problem)
    x0, x1, y0, y1 = posed.window
    assert (x0, y0) == (-x1, -y1)
    assert x1 == y1
    assert np.abs(posed.reference).max() <= 0.8 * x1
    assert 1.2 * np.abs(posed.reference).sum() <= x1  # the L1 ball of relative radius 1.2
    assert x1 <= 2.0 * np.abs(posed.reference).sum()
    assert len(f"{x1:.3e}".partition("e")[0].rstrip("0")) <= 3  # two digits and the point


RNG = np.random.default_rng(5)
PLAIN = RNG.standard_normal((12, 3))


def awkward(rows: Array) -> Posed:
    table = uploaded("a,b,y", rows)
    return pose(Regression(dataset=table.id, first="a", second="b", target="y"), table)


def test_nothing_awkward_is_said_of_plain_data() -> None:
    assert awkward(PLAIN).notes == ()
    assert pose(SyntheticRegression()).notes == ()
    assert pose(SyntheticClassification()).notes == ()
    assert on_table(Regression(others="free")).notes == ()
    assert on_table(Classification()).notes == ()


def test_a_constant_feature_has_a_weight_that_does_nothing() -> None:
    posed = awkward(PLAIN * [1.0, 0.0, 1.0] + [0.0, 0.1, 0.0])
    assert posed.notes == ("'b' is constant: its weight does nothing.",)
    assert posed.reference[1] == 0.0
    values = posed.loss.value(np.array([[1.0, -3.0], [1.0, 5.0]]))
    assert values[0] == pytest.approx(values[1], rel=1e-14)


def test_collinear_features_are_named() -> None:
    rows = np.column_stack([PLAIN[:, 0], 3.0 - 2.0 * PLAIN[:, 0], PLAIN[:, 2]])
    posed = awkward(rows)
    assert posed.notes == ("'a', 'b' are collinear: the weights are not unique, and many fit equally well.",)
    assert not posed.loss.minimum.unique
    np.testing.assert_allclose(posed.reference[0], -posed.reference[1], rtol=1e-6)  # the shortest of them


def test_more_features_than_rows_are_said() -> None:
    table = uploaded("a,b,c,d,e,y", RNG.standard_normal((4, 6)))
    posed = pose(Regression(dataset=table.id, others="free"), table)
    assert any("4 rows for 5 features" in note for note in posed.notes)
    assert np.isfinite(posed.loss.value(POINTS)).all()


def test_one_row_is_explained() -> None:
    posed = awkward(PLAIN[:1])
    assert "only one row" in posed.notes[0]
    np.testing.assert_array_equal(posed.reference, 0.0)
    np.testing.assert_array_equal(posed.loss.value(POINTS), 0.0)


def test_a_constant_target_is_explained() -> None:
    posed = awkward(PLAIN * [1.0, 1.0, 0.0] + 0.1)
    assert any("constant" in note and "y" in note for note in posed.notes)
    np.testing.assert_array_equal(posed.reference, 0.0)


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", [SyntheticRegression, SyntheticClassification])
def test_tiny_samples_are_finite_and_explained(kind: type[Any], rows: int, seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        posed = pose(kind(rows=rows, seed=seed, noise=0.5))
        values = posed.loss.value(POINTS)
    assert np.isfinite(values).all()
    assert np.isfinite(posed.reference).all()
    assert rows > 2 or posed.notes


def test_one_class_is_explained() -> None:
    posed = pose(SyntheticClassification(rows=1))
    assert any("one class" in note for note in posed.notes)


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e15, 1e29])
def test_units_of_any_size_are_finite(scale: float) -> None:
    standardised = awkward(PLAIN * [scale, 1.0, 1.0])
    np.testing.assert_allclose(standardised.reference, awkward(PLAIN).reference, rtol=1e-6)
    table = uploaded("a,b,y", PLAIN * scale)
    raw = pose(Regression(dataset=table.id, standardise=False), table)
    assert np.isfinite(raw.reference).all()
    assert np.isfinite(raw.loss.value(raw.reference))
