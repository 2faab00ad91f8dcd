"""Samples of any number of features: X, y and J follow the knobs, awkward data are named, uploads work."""

from typing import Any

import numpy as np
import pytest

from app.data import Impossible, Library, Sample, Sampled, SyntheticSample, TableSample, Uploads, draw
from app.geometry.spectra import Array

RNG = np.random.default_rng(8)
PLAIN = RNG.standard_normal((12, 3))


@pytest.fixture
def library() -> Library:
    return Library(Uploads(None))


def content(header: str, rows: Array) -> bytes:
    return "\n".join([header, *(",".join(map(repr, row)) for row in np.asarray(rows, dtype=float).tolist())]).encode()


def drawn(library: Library, header: str, rows: Array, **knobs: Any) -> Sampled:
    return library.sampled(TableSample(dataset=library.add(content(header, rows)).id, **knobs))


def rebuilt(sampled: Sampled) -> tuple[Array, Array]:
    space: dict[str, Any] = {}
    exec(sampled.python, space)  # noqa: S102 (our own lines, as somebody would run them)
    return space["X"], space["y"]


@pytest.mark.parametrize(
    "sample",
    [
        TableSample(),
        TableSample(standardise=False),
        TableSample(dataset="wine", target="hue"),
        TableSample(dataset="breast_cancer"),
        SyntheticSample(),
        SyntheticSample(rows=7, features=50, informative=4, correlation=1.0, seed=3),
        SyntheticSample(rows=40, features=1, informative=0, noise=0.0),
    ],
)
def test_the_lines_rebuild_the_sample(library: Library, sample: Sample) -> None:
    sampled = library.sampled(sample)
    X, y = rebuilt(sampled)
    np.testing.assert_allclose(sampled.design, X, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(sampled.response, y, rtol=1e-9, atol=1e-9)
    w = np.cos(np.arange(X.shape[1]))
    assert sampled.loss.value(w) == pytest.approx(0.5 * np.mean((X @ w - y) ** 2), rel=1e-9)
    assert sampled.design.shape == (sampled.rows, len(sampled.names)) == library.extent(sample)


def test_diabetes_is_all_ten_features(library: Library) -> None:
    sampled = library.sampled(TableSample())
    assert sampled.names == ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
    assert (sampled.rows, sampled.target, sampled.notes, sampled.truth) == (442, "target", (), None)
    np.testing.assert_allclose((sampled.design**2).mean(axis=0), 1.0, rtol=1e-12)
    np.testing.assert_allclose(sampled.response.mean(), 0.0, atol=1e-12)


def test_a_large_sample_follows_its_law() -> None:
    sampled = draw(SyntheticSample(rows=5000, features=8, informative=3, correlation=0.7, noise=0.5))
    places = np.arange(8)
    np.testing.assert_allclose(
        sampled.design.T @ sampled.design / 5000, 0.7 ** np.abs(places[:, None] - places), atol=0.05
    )
    assert sampled.truth is not None
    np.testing.assert_allclose(sampled.truth, [3, 0, -2, 0, 0, 1, 0, 0])
    np.testing.assert_allclose(sampled.loss.minimiser, sampled.truth, atol=0.06)


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        ("a,b,c,y", np.column_stack([PLAIN[:, :2], 2 * PLAIN[:, 0], PLAIN[:, 2]]), "'a', 'c' are copies up to scale"),
        ("a,b,c,y", np.column_stack([PLAIN[:, :2], PLAIN[:, :2].sum(axis=1), PLAIN[:, 2]]), "All 3 features are coll"),
        (
            "a,b,c,d,y",
            np.column_stack([PLAIN[:, :2], PLAIN[:, 0] - PLAIN[:, 1], PLAIN[:, 2] ** 2, PLAIN[:, 2]]),
            "'a', 'b', 'c' are collinear: their weights are not unique",
        ),
        ("a,b,c,y", np.column_stack([PLAIN[:, :2], np.full(12, 3.3), PLAIN[:, 2]]), "'c' is constant"),
        ("a,b,c,y", np.column_stack([PLAIN, np.full(12, 7.0)]), "The target 'y' is constant"),
        ("a,b,c,y", PLAIN[:3, [0, 1, 2, 0]] ** [1, 1, 1, 2], "All 3 features are collinear"),
        ("a,b,c,y", PLAIN[:3, [0, 1, 2, 0]] ** [1, 1, 1, 2], "There are 3 rows for 3 features"),
        ("a,b,y", PLAIN[:1], "There is only one row"),
    ],
)
def test_awkward_data_are_named(library: Library, header: str, rows: Array, said: str) -> None:
    sampled = drawn(library, header, rows)
    assert [note for note in sampled.notes if note.startswith(said)], sampled.notes
    assert np.isfinite(sampled.loss.minimiser).all()
    assert np.isfinite(sampled.loss.value(np.ones(len(sampled.names))))


def test_two_ties_are_told_apart(library: Library) -> None:
    a, b, c = PLAIN.T
    notes = drawn(library, "a,b,a2,b2,free,y", np.column_stack([a, b, -a, 3 * b, c, a * b])).notes
    assert [note.partition(" are ")[0] for note in notes] == ["'a', 'a2'", "'b', 'b2'"]


def test_perfectly_correlated_features_are_copies() -> None:
    (note,) = draw(SyntheticSample(correlation=1.0, features=3)).notes
    assert note.startswith("'x1', 'x2', 'x3' are copies up to scale")


def test_more_informative_features_than_there_are() -> None:
    sampled = draw(SyntheticSample(features=2, informative=7))
    assert sampled.notes[0] == "All 2 features matter: there are no 7 of them."
    assert sampled.truth is not None
    assert sampled.truth.all()


@pytest.mark.parametrize(
    ("knobs", "knob", "said"),
    [
        ({"target": "bmj"}, "target", "did you mean 'bmi'"),
        ({"dataset": "iris", "target": "target"}, "target", "names classes"),
        ({"dataset": "diabets"}, "dataset", "did you mean 'diabetes'"),
    ],
)
def test_what_does_not_exist_is_refused(library: Library, knobs: dict[str, str], knob: str, said: str) -> None:
    with pytest.raises(Impossible, match=said) as caught:
        library.sampled(TableSample(**knobs))
    assert caught.value.knob == knob


def test_a_csv_with_fifty_columns_is_drawn_until_it_is_dropped(library: Library) -> None:
    rows = RNG.standard_normal((80, 50))
    sampled = drawn(library, ",".join(f"c{j}" for j in range(50)), rows)
    assert sampled.design.shape == (80, 49)
    sample = TableSample(dataset=library.add(content(",".join(f"c{j}" for j in range(50)), rows)).id)
    assert library.sampled(sample) is sampled
    library.drop(sample.dataset)
    with pytest.raises(Impossible, match="drop the file again"):
        library.sampled(sample)


def rows_of(library: Library, sample: Sample, share: float) -> list[float]:
    return [share * library.sampled(sample).rows]


def test_once_computes_once_for_the_same_arguments(library: Library) -> None:
    first = library.once(rows_of, SyntheticSample(), 0.5)
    assert first == [50.0]
    assert library.once(rows_of, SyntheticSample(), 0.5) is first
    assert library.once(rows_of, SyntheticSample(rows=10), 0.5) == [5.0]
    assert library.once(rows_of, SyntheticSample(), 0.25) == [25.0]


def test_what_is_remembered_is_bounded_and_goes_with_its_data(library: Library) -> None:
    table = library.add(content("a,b,y", PLAIN))
    first = library.once(rows_of, TableSample(dataset=table.id), 1.0)
    for seed in range(63):
        library.once(rows_of, SyntheticSample(rows=2, seed=seed), 1.0)
    assert library.once(rows_of, TableSample(dataset=table.id), 1.0) is first
    library.drop(table.id)
    with pytest.raises(Impossible, match="drop the file again"):
        library.once(rows_of, TableSample(dataset=table.id), 1.0)
    early = library.once(rows_of, SyntheticSample(rows=2, seed=62), 1.0)
    for seed in range(100, 164):
        library.once(rows_of, SyntheticSample(rows=2, seed=seed), 1.0)
    assert library.once(rows_of, SyntheticSample(rows=2, seed=62), 1.0) is not early
