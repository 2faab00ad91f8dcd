"""The library finds tables, remembers what was posed, and works in worker processes."""

import pickle

import numpy as np
import pytest

from app.data import (
    Bowl,
    Classification,
    Impossible,
    Library,
    Regression,
    SyntheticClassification,
    SyntheticRegression,
    Uploads,
    bundled,
    pose,
    read_csv,
)

TABLES = bundled()
POINTS = np.array([[0.0, 0.0], [0.7, -0.4], [-1.3, 0.9]])
CONTENT = b"a,b,y\n1,2,3\n2,1,4\n3,3,1\n"
SEPARABLE = Classification(dataset="iris", positive="setosa")


@pytest.fixture
def library() -> Library:
    return Library(Uploads(None), memory=4)


def test_a_problem_is_posed_once(library: Library) -> None:
    assert library.pose(Regression()) is library.pose(Regression())
    for seed in range(4):
        library.pose(SyntheticRegression(seed=seed))
    again = library.pose(Regression())
    assert again is library.pose(Regression())


def test_memory_is_bounded(library: Library) -> None:
    first = library.pose(Regression())
    for seed in range(4):
        library.pose(SyntheticRegression(seed=seed))
    assert library.pose(Regression()) is not first


def test_an_upload_is_posed_until_it_is_dropped(library: Library) -> None:
    table = library.add(CONTENT)
    problem = Regression(dataset=table.id)
    assert library.pose(problem).rows == 3
    assert library.table(table.id).columns == ("a", "b", "y")
    assert table.id not in [known.id for known in library.bundled]
    assert library.drop(table.id)
    with pytest.raises(Impossible, match="drop the file again") as caught:
        library.pose(problem)
    assert caught.value.knob == "dataset"


def test_an_unknown_data_set_names_close_ones(library: Library) -> None:
    with pytest.raises(Impossible, match="did you mean 'diabetes'"):
        library.table("diabets")
    with pytest.raises(Impossible, match="choose one of 'diabetes', 'breast_cancer', 'iris', 'wine'"):
        library.table("mnist")


def test_a_worker_process_can_pose() -> None:
    for problem in (Bowl(), Regression(others="free"), Classification(), SEPARABLE):
        table = TABLES.get(getattr(problem, "dataset", ""))
        posed = pose(*pickle.loads(pickle.dumps((problem, table))))  # noqa: S301 (our own bytes)
        back = pickle.loads(pickle.dumps(posed))  # noqa: S301
        np.testing.assert_array_equal(back.loss.value(POINTS), posed.loss.value(POINTS))
    refusal = pickle.loads(pickle.dumps(Impossible("first", "why")))  # noqa: S301
    assert (refusal.knob, refusal.message) == ("first", "why")


def test_a_worker_is_lent_what_its_parent_has(library: Library) -> None:
    table = read_csv(CONTENT)
    with pytest.raises(Impossible):
        library.table(table.id)
    library.lend(table)
    assert library.pose(Regression(dataset=table.id)).rows == 3


def test_what_was_posed_elsewhere_is_remembered(library: Library) -> None:
    problem = Regression()
    assert not library.ready(problem)
    posed = pose(problem, library.table_of(problem))
    library.remember(problem, posed)
    assert library.ready(problem)
    assert library.pose(problem) is posed


def test_what_was_read_elsewhere_is_not_read_again(library: Library) -> None:
    table = read_csv(CONTENT)
    assert library.add(CONTENT, table) is table
    assert library.table(table.id) is table
    other = read_csv(CONTENT.replace(b"4", b"5"))
    assert library.add(CONTENT, other).id == table.id  # a table of another file is not believed


def test_large_problems_push_out_more_than_small_ones() -> None:
    shelf = Library(Uploads(None))
    problems = [SyntheticClassification(rows=5000, seed=seed) for seed in range(210)]
    posed = pose(problems[0])
    for problem in problems:
        shelf.remember(problem, posed)
    assert sum(map(shelf.ready, problems)) == 200  # of 5,000 rows and two weights, two million numbers
    assert shelf.ready(problems[-1])
