"""The comparisons are honest: all solve the same problem to the accuracy that is printed; and all of them run."""

from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.geometry import L1, Constrained, Quadratic, grid, solve
from benchmarks import browser, optima, serving, slider_demo, surfaces, walks
from benchmarks.references import on_boundary
from benchmarks.table import Row, verdict
from benchmarks.timing import QUICK, Contender, Pace, medians

OURS, SLSQP, CVXPY = 1e-9, 2e-3, 1e-3  # relative errors of weights; those of the peers at their default tolerances

pytestmark = pytest.mark.filterwarnings("ignore:Solution may be inaccurate")  # CVXPY, at its default tolerance


@pytest.fixture(scope="module", params=optima.cases(), ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> optima.Case:
    return request.param


def test_every_optimum_agrees_with_the_reference(case: optima.Case) -> None:
    allowed = {"optimum": OURS, "certified": OURS, "slsqp": SLSQP, "cvxpy": CVXPY}
    assert {name: error for name, error in case.errors().items() if error > allowed[name]} == {}


def test_every_constraint_acts(case: optima.Case) -> None:
    answer = case.answers["certified"]
    norm = 1 if "L1" in case.name else 2
    for t in case.radii:
        assert np.linalg.norm(answer(float(t)), norm) == pytest.approx(t)


def test_the_reference_is_the_known_optimum() -> None:
    """H = diag(1, 5), ŵ = (2, 1), α = 1, squared L2: w = (1, 5/6). In the diamond with ŵ = (0.1, 1): the corner."""
    H, free = np.diag([1.0, 5.0]), np.array([2.0, 1.0])
    radius = float(np.hypot(1.0, 5 / 6))
    found = on_boundary(lambda w: float((w - free) @ H @ (w - free)), lambda w: H @ (w - free), "squared_l2", radius)
    np.testing.assert_allclose(found, [1.0, 5 / 6], rtol=1e-14)
    corner = np.array([0.1, 1.0])
    found = on_boundary(lambda w: float((w - corner) @ H @ (w - corner)), lambda w: H @ (w - corner), "l1", 0.5)
    np.testing.assert_allclose(found, [0.0, 0.5], atol=1e-15)


def test_the_slider_demo_draws_the_same_picture() -> None:
    """The Dash callback: its surface and its optimum are those of the bowl that this project is asked for."""
    figure = slider_demo.figure(0.5, 1.3, 1.05)
    loss = Quadratic(np.diag([1.0, 5.0]), np.array([1.3, 1.05]))
    np.testing.assert_allclose(figure.data[0].z, grid(loss, slider_demo.AXIS, slider_demo.AXIS).values, atol=1e-12)
    ours = solve(loss, L1(), Constrained(0.5 * 2.35)).weights
    drawn = {one.name: np.stack([one.x, one.y], axis=-1) for one in figure.data[1:]}
    np.testing.assert_allclose(drawn["optimum"][0], ours, atol=SLSQP)
    np.testing.assert_allclose(loss.value(drawn["contour through w*"]), loss.value(ours), atol=SLSQP)
    (across, along), (first, second) = _arrow(figure), -loss.gradient(ours)
    assert across * second == pytest.approx(along * first, abs=SLSQP)


def _arrow(figure: Any) -> np.ndarray:
    (one,) = figure.layout.annotations
    return np.array([one.x - one.ax, one.y - one.ay])


@pytest.mark.parametrize("group", [optima, surfaces, serving, walks], ids=lambda group: group.__name__)
def test_every_comparison_runs(group: object) -> None:
    found = group.rows(QUICK)  # type: ignore[attr-defined]
    assert len({(row.what, row.beside) for row in found}) == len(found) > 4
    assert [row.what for row in found if row.target is not None and (isnan(row.measured) or row.measured < 0)] == []
    assert all(row.line() for row in found)


@pytest.mark.browser
def test_the_browser_is_measured() -> None:
    found = browser.rows(QUICK)
    assert [row.what for row in found if isnan(row.measured)] == []
    assert {row.unit for row in found} == {"KB", "ms", "/s", ""}


def test_contenders_take_turns_over_all_inputs() -> None:
    seen: list[str] = []
    contenders = [Contender(name, lambda i, name=name: seen.append(f"{name}{i}"), [0, 1, 2]) for name in "ab"]
    took = medians(contenders, Pace(rounds=4, seconds=0.0, requests=1, moves=1))
    assert seen == ["a0", "b0", "a0", "b0", "a1", "b1", "a2", "b2", "a0", "b0"]
    assert set(took) == {"a", "b"}
    assert min(took.values()) >= 0.0


@pytest.mark.parametrize(
    ("measured", "at_most", "missed"),
    [(9.9, False, True), (10.0, False, False), (10.1, True, True), (10.0, True, False), (float("nan"), True, True)],
)
def test_a_missed_target_is_marked(measured: float, at_most: bool, missed: bool) -> None:
    row = Row("speed", "a peer", measured, target=10.0, at_most=at_most)
    assert row.missed is missed
    assert row.line().endswith("MISSED") is missed
    assert ("missed: speed" in verdict([row])) is missed
    assert Row("speed", "a peer", measured).missed is False


def test_no_benchmark_is_imported_by_the_application() -> None:
    sources = Path(__file__).parent.parent.joinpath("app").rglob("*.py")
    assert [path.name for path in sources if "benchmarks" in path.read_text()] == []
