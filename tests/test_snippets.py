"""The exported lines rebuild the same data without this project."""

from typing import Any

import numpy as np
import pytest

from app.data import (
    Bowl,
    Classification,
    Posed,
    Problem,
    Regression,
    SyntheticClassification,
    SyntheticRegression,
    bundled,
    pose,
    read_csv,
)
from app.geometry.spectra import Array
from tests.test_posing import profiled

TABLES = bundled()
POINTS = np.array([[0.0, 0.0], [0.7, -0.4], [-1.3, 0.9]])


def on_table(problem: Regression | Classification) -> Posed:
    return pose(problem, TABLES[problem.dataset])


EXPORTED: list[Problem] = [
    Regression(),
    Regression(others="free"),
    Regression(others="fixed", standardise=False),
    Regression(dataset="wine", target="hue", first="proline"),
    Classification(),
    Classification(dataset="iris", positive="setosa", others="free"),
    Classification(dataset="iris", positive="versicolor", others="fixed"),
    Classification(dataset="diabetes", target="sex"),
]


@pytest.mark.parametrize("problem", EXPORTED)
def test_the_lines_rebuild_the_loss(problem: Regression | Classification) -> None:
    check_lines(on_table(problem), problem.others)


def check_lines(posed: Posed, others: str) -> None:
    space: dict[str, Any] = {}
    exec(posed.python, space)  # noqa: S102 (our own lines, as somebody would run them)
    X, y = space["X"], space["y"]
    offset = space.get("offset", np.zeros(len(y)))
    assert len(y) == posed.rows
    for w in posed.reference + POINTS:
        fixed = offset + X[:, :2] @ w
        free = X[:, 2:] if others == "free" else np.empty((len(y), 0))
        assert posed.loss.value(w) == pytest.approx(_by_hand(fixed, free, y), rel=1e-7, abs=1e-9)


def _by_hand(fixed: Array, free: Array, y: Array) -> float:
    if set(y) <= {-1.0, 1.0}:
        return profiled(fixed, free, y)
    left = y - fixed
    left = left - free @ np.linalg.lstsq(free, left, rcond=None)[0] if free.size else left
    return float(0.5 * np.mean(left**2))


@pytest.mark.parametrize(
    "content",
    [
        'a,"b, c",y,word\n1,2,0,x\n2,1,1,y\n3,5,0,z\n4,4,1,w\n2,7,1,v\n1,1,0,u\n',
        '\ufeffa; b\'s "c";y\r\n1,5;2;0\r\n2;1,25;1\r\n3;5;0\r\n4;4;1\r\n2;7;1\r\n1;1;0\r\n;;\r\n',
        'a, "b, c", y\n1, 2, 0\n2, 1, 1\n3, 5, 0\n4, 4, 1\n2, 7, 1\n1, 1, 0\n',
        "a,flat,y\n1,0.1,0\n2,0.1,1\n3,0.1,0\n4,0.1,1\n2,0.1,1\n1,0.1,0\n",
    ],
)
@pytest.mark.parametrize("kind", [Regression, Classification])
def test_the_lines_read_an_uploaded_file(
    content: str, kind: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = read_csv(content.encode())
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{table.id}.csv").write_bytes(content.encode())
    check_lines(pose(kind(dataset=table.id), table), "absent")


@pytest.mark.parametrize(
    "problem",
    [SyntheticRegression(rows=30, seed=3), SyntheticClassification(rows=60, seed=3, direction=77.0, noise=0.2)],
)
def test_the_lines_draw_the_same_sample(problem: SyntheticRegression | SyntheticClassification) -> None:
    posed = pose(problem)
    assert "sklearn" not in posed.python
    check_lines(posed, "absent")


def test_the_lines_of_a_bowl() -> None:
    posed = pose(Bowl(angle=33.0, curvature_1=0.7))
    space: dict[str, Any] = {}
    exec(posed.python, space)  # noqa: S102
    np.testing.assert_allclose(posed.loss.hessian(np.zeros(2)), space["H"], rtol=1e-13)
    np.testing.assert_array_equal(posed.reference, space["minimiser"])
