"""Early stopping in closed form: against walking step by step, reference values, and searches by SciPy."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from app.geometry import (
    Array,
    ClosedDescent,
    Quadratic,
    largest_filter_gap,
    least_squares,
    matching_strengths,
    matching_times,
    nearest_decay,
    patient_stop,
)
from tests.landscapes import bowl, data

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors/05_early_stopping.json").read_text())[
    "cases"
]
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def descent(case: dict[str, Any]) -> ClosedDescent:
    return ClosedDescent(
        Quadratic(np.array(case["H"]), np.array(case["w_star"])), case["epsilon"], np.array(case["w0"])
    )


def close(found: Array, wanted: Any) -> None:
    size = max(1.0, float(np.abs(wanted).max()))
    assert_allclose(found / size, np.array(wanted) / size, rtol=1e-9, atol=1e-9)


def decayed(H: Array, w: Array, alpha: float) -> Array:
    return np.asarray(np.linalg.solve(H + alpha * np.eye(len(w)), H @ w))


def diabetes() -> Quadratic:
    table = np.loadtxt(Path(__file__).parent / "vectors/data/diabetes_raw.csv", delimiter=",", skiprows=1)
    X = table[:, :-1] - table[:, :-1].mean(axis=0)
    return least_squares(X / X.std(axis=0), table[:, -1] - table[:, -1].mean())


@each_case
def test_the_iterates_of_the_vectors(case: dict[str, Any]) -> None:
    walk, wanted = descent(case), case["expected"]
    assert_allclose(walk.loss.eigenvalues, wanted["eigenvalues"], rtol=1e-9, atol=1e-9)
    assert walk.regime == wanted["regime"]
    times = [one["tau"] for one in wanted["iterates"]]
    found = walk.weights(times)
    for one, w in zip(wanted["iterates"], found, strict=True):
        close(w, one["w"])
        close(walk.weights(one["tau"]), one["w"])  # one alone is the same as one of many
    if all("factors" in one for one in wanted["iterates"]):
        close(walk.filters(times), [one["factors"] for one in wanted["iterates"]])


@each_case
def test_the_strengths_of_the_vectors(case: dict[str, Any]) -> None:
    walk = descent(case)
    for one in case["expected"]["iterates"]:
        if "alpha_per_direction" not in one:
            continue
        found = matching_strengths(walk, one["tau"])
        assert found.exist.tolist() == [alpha is not None for alpha in one["alpha_per_direction"]]
        assert_allclose(found.values, [alpha or 0.0 for alpha in one["alpha_per_direction"]], rtol=1e-9, atol=1e-9)
        if "alpha_approx" in one:
            rule = decayed(np.array(case["H"]), np.array(case["w_star"]), one["alpha_approx"])
            assert_allclose(np.linalg.norm(walk.weights(one["tau"]) - rule), one["gap"], rtol=1e-9, atol=1e-9)
            # No ridge is farther than the one by the rule of thumb if it is the nearest.
            assert nearest_decay(walk.loss, walk.weights(one["tau"])).distances <= one["gap"] + 1e-12


@each_case
def test_the_times_of_the_vectors(case: dict[str, Any]) -> None:
    for one in case["expected"].get("tau_for_alpha", []):
        found = matching_times(descent(case), one["alpha"])
        assert found.exist.tolist() == [tau is not None for tau in one["tau"]]
        assert_allclose(found.values, [tau or 0.0 for tau in one["tau"]], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("share", [0.05, 0.7, 1.0, 1.5, 1.999, 2.0, 2.3])
def test_the_closed_form_is_where_walking_leads(share: float) -> None:
    loss = bowl((1.0, 5.0), 30.0, (2.0, -1.0))
    walk = ClosedDescent(loss, share / 5.0, np.array([0.5, 3.0]))
    w = np.array([0.5, 3.0])
    for tau in range(1, 41):
        w = w - walk.step * loss.gradient(w)
        assert_allclose(walk.weights(tau), w, rtol=1e-10, atol=1e-10)
    assert walk.weights(np.arange(6.0).reshape(2, 3)).shape == (2, 3, 2)


@pytest.mark.parametrize(
    ("share", "regime", "words"),
    [
        (0.5, "monotone", "comes closer"),
        (1.0, "one_step", "arrives in one step"),
        (1.5, "oscillating", "factor a step is −0.5"),
        (2.0, "oscillating", "side to side for ever"),
        (2.3, "divergent", "a step of 2.3/L the factor along the steepest direction is −1.3 a step"),
    ],
)
def test_each_regime_says_what_happens(share: float, regime: str, words: str) -> None:
    walk = ClosedDescent(bowl((1.0, 5.0), 0.0, (2.0, 1.0)), share / 5.0)
    assert walk.regime == regime
    assert words in walk.sentence


def test_divergence_stays_finite_and_says_from_where_on_it_is_cut() -> None:
    walk = ClosedDescent(bowl((1.0, 5.0), 20.0, (2.0, 1.0)), 100.0 / 5.0)
    with np.errstate(all="raise", under="ignore"):
        far = walk.weights([10, 100, 1e5, 1e5 + 1])
    assert np.isfinite(far).all()
    assert np.isfinite(walk.loss.value(far)).all()
    assert np.abs(far[0]).max() > 1e15
    inside = int(walk.horizon)
    assert_allclose(np.abs(walk.weights(inside)).max(), np.abs(walk.weights(inside - 1)).max() * 99.0, rtol=1e-6)
    upside_down = ClosedDescent(Quadratic(np.diag([-1.0, 2.0]), np.ones(2)), 0.1)
    assert upside_down.regime == "divergent"
    assert "downwards" in upside_down.sentence
    assert_allclose(upside_down.weights(3), 1.0 - np.array([1.1**3, 0.8**3]))


def test_between_whole_steps_there_is_something_only_where_no_direction_jumps() -> None:
    loss = bowl((1.0, 5.0), 0.0, (2.0, 1.0))
    half = ClosedDescent(loss, 0.1).filters(0.5)
    assert_allclose(1.0 - (1.0 - half) ** 2, [0.1, 0.5])
    with pytest.raises(ValueError, match="between whole steps"):
        ClosedDescent(loss, 0.3).weights(0.5)


def test_a_flat_direction_does_not_move_and_small_curvatures_keep_their_digits() -> None:
    walk = ClosedDescent(Quadratic(np.diag([0.0, 1e-14, 1.0]), np.array([3.0, 2.0, 1.0])), 0.5)
    assert_allclose(walk.filters(10), [0.0, 5e-14, 1.0 - 0.5**10], rtol=1e-12)
    assert walk.weights(10)[0] == 0.0
    found = matching_strengths(walk, 10)
    assert_allclose(found.values[:2], [0.2, 0.2], rtol=1e-12)
    assert found.exist.all()


def test_stopping_is_decay_with_another_strength_for_each_direction() -> None:
    """mathematics.md, §3: H = diag(1, 4), η = 0.1, τ = 10, ŵ = (1, 1)."""
    walk = ClosedDescent(Quadratic(np.diag([1.0, 4.0]), np.ones(2)), 0.1)
    assert_allclose(matching_strengths(walk, 10).values, [0.535340, 0.024334], atol=5e-7)
    best = nearest_decay(walk.loss, walk.weights(10))
    assert_allclose(best.strengths, 0.446591, atol=5e-7)
    assert_allclose(best.distances, 0.1025, atol=5e-5)


def test_times_and_strengths_are_inverses() -> None:
    walk = ClosedDescent(diabetes(), 0.9 / diabetes().smoothness)
    alphas = np.geomspace(1e-3, 1e2, 6)
    times = matching_times(walk, alphas)
    assert times.exist.all()
    for alpha, row in zip(alphas, times.values, strict=True):
        assert_allclose(np.diag(matching_strengths(walk, row).values), np.full(10, alpha), rtol=1e-9)


def test_equal_curvatures_are_the_only_case_of_one_strength() -> None:
    round_bowl = ClosedDescent(bowl((2.0, 2.0), 40.0, (1.5, -1.5)), 0.1)
    assert_allclose(nearest_decay(round_bowl.loss, round_bowl.weights([1, 5, 40])).distances, 0.0, atol=1e-12)
    long_bowl = ClosedDescent(bowl((0.5, 4.0), 40.0, (1.5, -1.5)), 0.1)
    assert nearest_decay(long_bowl.loss, long_bowl.weights([5, 40])).distances.min() > 0.01


@pytest.mark.parametrize("start", [None, "elsewhere"])
def test_no_single_strength_comes_closer_than_the_nearest(start: str | None) -> None:
    """A fine grid of strengths, and SciPy's bounded search around its best, on directions of very different slope."""
    rng = np.random.default_rng(4)
    for loss in (diabetes(), bowl((0.05, 20.0), 33.0, (-3.0, 2.0)), least_squares(*data(3, n=4, d=7))):
        begin = None if start is None else rng.normal(size=loss.dimension)
        walk = ClosedDescent(loss, 1.0 / loss.smoothness, begin)
        times = [1, 2, 7, 30, 400]
        found = nearest_decay(loss, walk.weights(times))
        grid = loss.smoothness * np.geomspace(1e-6, 1e6, 2001)
        for target, distance in zip(walk.weights(times), found.distances, strict=True):

            def apart(log_alpha: float, to: Array = target, of: Quadratic = loss) -> float:
                return float(np.linalg.norm(decayed(of.curvature, of.minimiser, float(np.exp(log_alpha))) - to))

            best = np.log(grid[int(np.argmin([apart(float(np.log(alpha))) for alpha in grid[::20]])) * 20])
            searched = minimize_scalar(
                apart, bounds=(best - 0.5, best + 0.5), method="bounded", options={"xatol": 1e-9}
            )
            assert distance <= min(searched.fun, apart(-60.0), float(np.linalg.norm(target))) * (1.0 + 1e-7) + 1e-12
        assert_allclose(np.linalg.norm(found.weights - walk.weights(times), axis=-1), found.distances)


def test_the_ends_of_the_ridge_path_are_nearest_to_themselves() -> None:
    loss = bowl((1.0, 5.0), 30.0, (2.0, 1.0))
    found = nearest_decay(loss, np.array([[0.0, 0.0], [2.0, 1.0], loss.minimiser * -1.0]))
    assert found.strengths[0] == np.inf
    assert found.strengths[1] <= 1e-9
    assert found.strengths[2] == np.inf
    assert np.isfinite(found.weights).all()
    assert_allclose(found.distances, [0.0, 0.0, np.hypot(2.0, 1.0)], atol=1e-9)


def test_the_filters_of_the_rule_of_thumb() -> None:
    """labs.md, §6: at most 0.204, at λ = 2.51α; at λ = α 0.632 and 0.500; as the step goes to 0."""
    found = largest_filter_gap([1.0, 2.0, 10.0, 1e4, np.inf])
    assert_allclose([found.differences[-1], found.shares[-1]], [0.203632, 2.512862], atol=5e-7)
    assert_allclose(found.differences[0], 0.5)
    alpha = 1.0
    walk = ClosedDescent(Quadratic(np.diag([alpha, 2.51 * alpha]), np.ones(2)), 1e-4)
    filters = walk.filters(1.0 / (walk.step * alpha))
    assert_allclose(filters[0], 0.632, atol=5e-4)
    assert_allclose(filters[1] - 2.51 / 3.51, 0.204, atol=5e-4)
    for tau, gap in zip([2.0, 10.0, 1e4], found.differences[1:], strict=False):
        x = np.linspace(0.0, min(tau, 20.0), 200_001)
        assert_allclose(gap, (1.0 - (1.0 - x / tau) ** tau - x / (1.0 + x)).max(), atol=1e-8)


def test_patience_keeps_the_best_and_waits_as_long_as_it_says() -> None:
    curve = [5.0, 4.0, 4.5, 4.4, 3.0, 3.5, 3.0, 3.2, 2.0]
    assert (patient_stop(curve, 1).chosen, patient_stop(curve, 1).ended) == (1, 2)
    assert (patient_stop(curve, 2).chosen, patient_stop(curve, 2).ended) == (1, 3)
    third = patient_stop(curve, 3)
    assert (third.chosen, third.ended, third.waited, third.kind) == (4, 7, 3, "stopped")  # an equal loss is none better
    assert (patient_stop(curve, 4).chosen, patient_stop(curve, 4).kind) == (8, "out_of_steps")
    assert "still falling" in patient_stop(curve, 4).sentence
    assert "before the patience ran out" in patient_stop(curve[:6], 5).sentence


def test_patience_at_its_ends() -> None:
    none = patient_stop([3.0, 2.0, 1.0], 0)
    assert (none.chosen, none.ended, none.kind) == (0, 0, "stopped")
    assert "nothing is trained" in none.sentence
    assert patient_stop([3.0], 5).kind == "out_of_steps"
    assert patient_stop([3.0, np.inf, np.nan, 2.0], 2).chosen == 0
    for wrong in ([], [[1.0]]):
        with pytest.raises(ValueError, match="curve"):
            patient_stop(wrong, 1)
    with pytest.raises(ValueError, match="patience"):
        patient_stop([1.0], -1)


def test_what_is_no_step_is_refused() -> None:
    loss = bowl((1.0, 5.0), 0.0, (2.0, 1.0))
    for step in (0.0, -0.1, np.inf, np.nan):
        with pytest.raises(ValueError, match="step"):
            ClosedDescent(loss, step)
    with pytest.raises(ValueError, match="shape"):
        ClosedDescent(loss, 0.1, np.zeros(3))
