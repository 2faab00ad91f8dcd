"""What networks are taught: splits, scales, classes, shifts, and the same in Python."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, load_iris

from app.data import (
    Blobs,
    Circle,
    Curve,
    Digits,
    Impossible,
    Library,
    Moons,
    Relief,
    Spiral,
    TableExamples,
    Taught,
    Uploads,
    Xor,
    read_csv,
    teach,
)

LIBRARY = Library(Uploads(None))
DRAWN = [Circle, Xor, Blobs, Spiral, Moons, Curve, Relief]
EVERY = [*(one() for one in DRAWN), Relief(shape="hills"), Digits(), TableExamples(), TableExamples(dataset="iris"),
         TableExamples(dataset="diabetes"), TableExamples(dataset="wine", target="alcohol")]  # fmt: skip
each = pytest.mark.parametrize("pattern", EVERY, ids=lambda one: f"{one.kind}-{getattr(one, 'dataset', '')}")


@each
def test_every_sample_is_trained_on_or_tested_on_once(pattern: Taught) -> None:
    made = LIBRARY.taught(pattern)
    together = np.concatenate([made.task.training.inputs, made.test.inputs])
    rows = getattr(pattern, "rows", None) or len(together)
    assert len(together) == rows
    assert made.task.training.count == round(rows * pattern.share / 100)
    one_share = teach(pattern.changed(share=99), LIBRARY.table_of(pattern))
    if pattern.kind != "table":  # whose scale depends on who is trained on
        again = np.concatenate([one_share.task.training.inputs, one_share.test.inputs])
        assert np.array_equal(np.sort(together, axis=0), np.sort(again, axis=0))


@each
def test_targets_are_classes_or_a_number(pattern: Taught) -> None:
    made = LIBRARY.taught(pattern)
    targets = np.concatenate([made.task.training.targets, made.test.targets])
    assert made.outputs == max(1, len(made.classes) if len(made.classes) > 2 else 1)
    if made.classes:
        assert set(np.unique(targets)) == {0.0, 1.0}
        if made.outputs > 1:
            assert (targets.sum(axis=1) == 1.0).all()
    elif pattern.kind == "table":
        assert made.task.training.targets.mean() == pytest.approx(0.0, abs=1e-12)
        assert made.task.training.targets.std() == pytest.approx(1.0)


@pytest.mark.parametrize("kind", DRAWN)
def test_another_seed_draws_others_and_the_same_seed_the_same(kind: Any) -> None:
    one, same, other = (teach(kind(seed=seed)) for seed in (3, 3, 4))
    assert np.array_equal(one.task.training.inputs, same.task.training.inputs)
    assert not np.array_equal(one.task.training.inputs, other.task.training.inputs)


def test_without_noise_the_classes_are_where_their_law_puts_them() -> None:
    for kind in (Circle, Xor, Blobs, Moons, Spiral):
        made = teach(kind(noise=0, rows=2000))
        X, y = made.task.training.inputs, made.task.training.targets[:, 0] > 0.5
        right = {
            "circle": np.hypot(*X.T) < 1.2,
            "xor": X[:, 0] * X[:, 1] > 0,
            "blobs": X.sum(axis=1) > 0,
            "moons": np.isclose(np.hypot(X[:, 0] + 0.6, X[:, 1] + 0.3), 1.2),  # upper: the circle around (−½, −¼)·1.2
            "spiral": np.cos(np.arctan2(X[:, 0], X[:, 1]) - 1.75 * np.pi * np.hypot(*X.T)) > 0,
        }[kind().kind]
        assert (right == y).all(), kind


def test_a_curve_is_its_law_and_noise_has_the_spread_that_it_says() -> None:
    for shape, law in {"sine": lambda x: np.sin(2 * x), "step": lambda x: np.sign(x)}.items():
        made = teach(Curve(shape=shape, rows=2000, noise=0.3, share=90))
        away = made.task.training.targets - law(made.task.training.inputs)
        assert away.std() == pytest.approx(0.3, rel=0.06)
        assert away.mean() == pytest.approx(0.0, abs=0.03)


def test_a_relief_is_its_law_and_noise_is_on_the_value_alone() -> None:
    rows = [(-4 / 3, 5 / 6, 1), (0, 5 / 6, -1), (4 / 3, 5 / 6, 1), (-4 / 3, -5 / 6, -1), (0, -5 / 6, 1)]
    places = [*rows, (4 / 3, -5 / 6, -1)]

    def height(X: np.ndarray) -> np.ndarray:
        return sum(sign * np.exp(-2 * np.hypot(X[:, 0] - a, X[:, 1] - b) ** 2) for a, b, sign in places)

    for shape, law in {"slope": lambda X: (X[:, 0] + X[:, 1]) / 4, "hills": height}.items():
        plain, noisy = (teach(Relief(shape=shape, rows=2000, noise=noise, share=90)) for noise in (0, 0.3))
        inputs = plain.task.training.inputs
        assert plain.task.training.targets[:, 0] == pytest.approx(law(inputs), abs=1e-12)
        assert 0.85 < np.abs(plain.task.training.targets).max() <= 1
        assert (plain.inputs, plain.classes, plain.window) == (("x₁", "x₂"), (), (-2.6, 2.6))
        assert np.array_equal(noisy.task.training.inputs, inputs)
        assert (noisy.task.training.targets[:, 0] - law(inputs)).std() == pytest.approx(0.3, rel=0.06)


@each
def test_a_shift_moves_the_test_along_the_first_input_and_nothing_else(pattern: Taught) -> None:
    plain, moved = LIBRARY.taught(pattern), LIBRARY.taught(pattern.changed(shift=1.25))
    assert np.array_equal(plain.task.training.inputs, moved.task.training.inputs)
    assert np.array_equal(plain.test.targets, moved.test.targets)
    away = moved.test.inputs - plain.test.inputs
    assert away[:, 0] == pytest.approx(1.25)
    assert not away[:, 1:].any()


def test_digits_are_those_of_scikit_learn() -> None:
    made = teach(Digits(share=99))
    theirs = load_digits()
    assert made.task.training.inputs.max() == 1.0
    ours = np.concatenate([made.task.training.inputs, made.test.inputs]) * 16
    assert np.array_equal(np.sort(ours, axis=0), np.sort(theirs.data, axis=0))
    counts = np.concatenate([made.task.training.targets, made.test.targets]).sum(axis=0)
    assert np.array_equal(counts, np.bincount(theirs.target))


def test_a_table_is_standardised_on_the_rows_trained_on() -> None:
    made = LIBRARY.taught(TableExamples(share=20))
    X = made.task.training.inputs
    assert X.shape == (114, 30)
    assert X.mean(axis=0) == pytest.approx(np.zeros(30), abs=1e-12)
    assert X.std(axis=0) == pytest.approx(np.ones(30))
    assert abs(made.test.inputs.mean()) > 1e-4
    assert (made.inputs, made.classes) == (tuple(load_breast_cancer().feature_names), ("malignant", "benign"))


def test_three_classes_are_three_columns() -> None:
    made = LIBRARY.taught(TableExamples(dataset="iris", share=50))
    assert made.classes == tuple(load_iris().target_names)
    targets = np.concatenate([made.task.training.targets, made.test.targets])
    assert targets.sum(axis=0).tolist() == [50, 50, 50]


def test_what_cannot_be_learnt_is_refused_in_words() -> None:
    table = read_csv(b"a,b,d\n" + b"".join(f"{i},7,{i}\n".encode() for i in range(9)))
    with pytest.raises(Impossible, match="only one value") as refused:
        teach(TableExamples(dataset=table.id, target="b"), table)
    assert refused.value.knob == "target"
    with pytest.raises(Impossible, match="no column 'c'"):
        teach(TableExamples(dataset=table.id, target="c"), table)
    with pytest.raises(Impossible, match="there is no data set"):
        LIBRARY.taught(TableExamples(dataset="nowhere"))


def test_awkward_samples_are_taught_with_a_note() -> None:
    table = read_csv(b"a,b,y\n" + b"".join(f"{i},7,{i * i}\n".encode() for i in range(12)))
    made = teach(TableExamples(dataset=table.id), table)
    assert any("b" in note and "Constant" in note for note in made.notes)
    assert np.isfinite(made.task.training.inputs).all()
    few = [teach(Blobs(rows=4, share=1, seed=seed)) for seed in range(5)]
    assert all(one.task.training.count == 1 for one in few)
    assert all(any("No sample trained on" in note for note in one.notes) for one in few)


@each
def test_the_same_in_python(pattern: Taught) -> None:
    changed = pattern.changed(noise=0.25, shift=0.5, seed=3, share=30)
    made = LIBRARY.taught(changed)
    names: dict[str, Any] = {}
    exec(made.python, names)  # noqa: S102 (our own text)
    task = made.task
    assert names["X"] == pytest.approx(task.training.inputs, abs=1e-12)
    assert names["y"] == pytest.approx(task.training.targets, abs=1e-12)
    assert names["X_test"] == pytest.approx(made.test.inputs, abs=1e-12)
    assert names["y_test"] == pytest.approx(made.test.targets, abs=1e-12)
    assert "app." not in made.python
