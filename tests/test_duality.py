"""The lab on duality: the map both ways, the search for α*, the gap, and its presets."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize, minimize_scalar
from scipy.spatial import ConvexHull

from app.data import Library, Uploads
from app.geometry import Outcome
from app.geometry.duality_gap import hull, loss, parted
from app.labs.duality import DUALITY, DualityKnobs
from app.labs.lab import Answer
from app.web.queries import parse, text
from tests.test_figures import bezier

LIBRARY = Library(Uploads(None))
PRESETS = {one.id: one.knobs for one in DUALITY.presets}
TWO_LOSSES: dict[str, Any] = {
    "regularizer.kind": "squared_l2", "strength": 0.1, "rival.kind": "bowl", "rival.curvature_1": 20,
    "rival.minimiser_1": -2, "rival.minimiser_2": 2,
}  # fmt: skip
TOO_FAR = {"radius": 0.4, "rate": 2}
PROBLEMS: dict[str, dict[str, Any]] = {
    "bowl": {},
    "at 0": {"problem.kind": "bowl", "problem.minimiser_1": 0, "problem.minimiser_2": 0},
    "one row": {"problem.kind": "synthetic_regression", "problem.rows": 1},
    "diabetes": {"problem.kind": "regression"},
    "classes": {"problem.kind": "synthetic_classification"},
    "separable": {"problem.kind": "synthetic_classification", "problem.distance": 8, "problem.noise": 0},
    "breast cancer": {"problem.kind": "classification"},
}
KINDS = ("l1", "l2", "squared_l2", "linf", "lp", "elastic_net", "group")


def answer(part: str, given: dict[str, Any]) -> Answer:
    found = DUALITY.parts[part]
    knobs = parse(DualityKnobs, {key: text(value) for key, value in given.items()})
    return found.compute(**DUALITY.given(found, knobs, LIBRARY))


def values(part: str, given: dict[str, Any]) -> dict[str, Any]:
    return {name: one.value for name, one in answer(part, given).readouts.items()}


def curve(part: str, panel: str, given: dict[str, Any], role: str = "map") -> np.ndarray:
    traces = answer(part, given).figures[panel]["data"]
    found = next(one for one in traces if one["meta"]["role"] == role)
    return np.column_stack([found["x"], found["y"]])


# The map, drawn both ways.


def test_the_map_of_the_lasso_on_a_straight_bowl() -> None:
    """H = diag(1, 5), ŵ = (2, 1): w₁ = max(2 − α, 0), w₂ = max(1 − α/5, 0), kinks at 2 and 5."""
    there = curve("curves", "level", {})
    expected = np.maximum(2.0 - there[:, 0], 0.0) + np.maximum(1.0 - there[:, 0] / 5.0, 0.0)
    assert_allclose(there[:, 1], expected, atol=1e-5)
    assert_allclose(curve("curves", "level", {}, "kink"), [[2.0, 0.6], [5.0, 0.0]], atol=1e-9)
    assert_allclose(sorted(curve("curves", "strength", {}, "kink").tolist()), [[0.0, 5.0], [0.6, 2.0]], atol=1e-9)
    assert there[-1, 0] == pytest.approx(6.0)  # beyond α_max, where it is flat
    assert there[-1, 1] == 0.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_the_map_never_rises_and_both_charts_are_one_curve(name: str, kind: str) -> None:
    given = {**PROBLEMS[name], "regularizer.kind": kind}
    level, strength = curve("curves", "level", given), curve("curves", "strength", given)
    assert (np.diff(level[:, 0]) >= 0.0).all()
    assert (np.diff(level[:, 1]) <= 1e-5 * max(1.0, float(level[0, 1]))).all()
    digits = 1e-5 * float(np.abs(strength).max() + np.abs(level).max())  # six of the largest are drawn
    assert_allclose(strength[: len(level), ::-1], level[::-1], atol=digits)


@pytest.mark.parametrize("kind", KINDS)
def test_the_point_on_the_charts_is_on_the_curve(kind: str) -> None:
    for strength in (0.02, 0.3, 0.8):
        given = {"regularizer.kind": kind, "strength": strength}
        shapes = {
            panel: answer("solution", given).figures[panel]["layout"]["shapes"] for panel in ("level", "strength")
        }
        here = {panel: (found[0]["xanchor"], found[0]["yanchor"]) for panel, found in shapes.items()}
        assert here["level"] == here["strength"][::-1]
        map_ = curve("curves", "level", given)
        assert here["level"][1] == pytest.approx(np.interp(here["level"][0], *map_.T), abs=0.02)


def test_a_ball_of_radius_0_has_every_large_strength() -> None:
    assert values("solution", {"radius": 0})["multiplier"] is None
    shapes = answer("solution", {"radius": 0}).figures["level"]["layout"]["shapes"]
    assert (shapes[0]["xanchor"], shapes[0]["yanchor"]) == pytest.approx((5.0, 0.0))


# α finds itself.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["ascent", "flow"])
def test_the_search_ends_at_the_exact_multiplier(method: str, kind: str) -> None:
    given = {"regularizer.kind": kind, "method": method, "radius": 0.6, "rate": 0.2, "pace": 1}
    found = values("ascent", given)
    assert found["exact"] == pytest.approx(values("solution", given)["multiplier"])
    assert found["missed"] < 0.05 * max(1.0, found["exact"])
    assert found["reached"] >= 0.0


def test_what_is_played_goes_along_the_trail() -> None:
    given = {"method": "flow", "rate": 0.5}
    trail = curve("ascent", "plane", given, "ascent_trail")
    phase = curve("ascent", "phase", given, "ascent_trail")
    for step in (0, 7, 100):
        made = answer("moment", {**given, "step": step}).figures
        marker = made["plane"]["layout"]["shapes"][-1]
        assert (marker["xanchor"], marker["yanchor"]) == pytest.approx(trail[step], abs=1e-4)
        point = made["phase"]["layout"]["shapes"][0]
        assert (point["xanchor"], point["yanchor"]) == pytest.approx(phase[step], abs=1e-4)


@pytest.mark.parametrize("step", range(0, 100, 9))
def test_the_words_of_a_step_say_where_alpha_goes(step: int) -> None:
    given = {"method": "flow", "rate": 1.0, "radius": 0.4}
    now = values("moment", {**given, "step": step})
    after = values("moment", {**given, "step": step + 1})
    said = answer("moment", {**given, "step": step}).outcome.sentence
    change = after["alpha_now"] - now["alpha_now"]
    if abs(now["excess_now"]) > 1e-6:
        assert ("grows" in said) == (change > 0)
        assert ("falls" in said or "stays" in said) == (change <= 0)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize(
    "corner",
    [{"radius": 0}, {"radius": 10}, {"strength": 0}, {"strength": 1e6}, {"rate": 100}, {"method": "flow", "pace": 10},
     {"method": "flow", "start_1": 20, "first": 100}, {"first": 100}],
    ids=str,
)  # fmt: skip
def test_every_corner_is_answered_with_finite_numbers(name: str, corner: dict[str, Any]) -> None:
    for kind in ("l1", "squared_l2"):
        for part in DUALITY.parts:
            made = answer(part, {**PROBLEMS[name], **corner, "regularizer.kind": kind, "rival.kind": "bowl"})
            assert made.outcome.sentence.endswith("."), (part, made.outcome)
            for readout in made.readouts.values():
                assert not isinstance(readout.value, float) or np.isfinite(readout.value)


# Where duality fails.


def test_the_witness_of_the_gap() -> None:
    """mathematics: J = −w⁴/4 + w⁶/12, Ω = w²/2 ≤ 1/8: w = ½, α = 0.21875, J″ + α = −0.375."""
    found = values("witness", {"witness": 0.125})
    assert found["witness_weight"] == 0.5
    assert found["witness_multiplier"] == 0.21875
    assert found["witness_curvature"] == -0.375
    assert found["witness_gap"] == pytest.approx(0.0325520833)
    w = np.linspace(0.4, 0.6, 201)
    penalised = loss(w) + 0.21875 * 0.5 * w**2
    assert penalised.argmax() == 100  # a local maximum, by looking


@pytest.mark.parametrize("level", [0.0, 0.125, 0.5, 1.3])
def test_the_drawn_hill_is_the_penalised_objective(level: float) -> None:
    path = answer("witness", {"witness": level}).figures["hill"]["layout"]["shapes"][0]["path"]
    drawn = bezier(path)
    penalised = loss(drawn[:, 0]) + 0.5 * parted(level).multiplier * drawn[:, 0] ** 2
    assert_allclose(drawn[:, 1], penalised, atol=5e-4)
    top = answer("witness", {"witness": level}).figures["hill"]["layout"]["shapes"][1]
    assert top["yanchor"] == pytest.approx(np.interp(top["xanchor"], *drawn.T), abs=1e-3)


@pytest.mark.parametrize("level", [0.05, 0.125, 0.4, 0.6, 0.74, 0.8, 1.0, 1.2])
def test_the_gap_against_brute_force(level: float) -> None:
    found = parted(level)
    w = np.linspace(0.0, 3.0, 300_001)
    inside = w[0.5 * w**2 <= level + 1e-12]
    assert found.primal == pytest.approx(loss(inside).min(), abs=1e-5)
    assert found.weight == pytest.approx(inside[loss(inside).argmin()], abs=1e-3)

    def bound(alpha: float) -> float:
        return float((loss(w) + alpha * (0.5 * w**2 - level)).min())

    best = minimize_scalar(lambda alpha: -bound(alpha), bounds=(0.0, 2.0), method="bounded", options={"xatol": 1e-10})
    assert found.dual == pytest.approx(-best.fun, abs=1e-6)
    assert found.gap >= 0.0
    step = 1e-4
    bend = (loss(found.weight + step) - 2 * loss(found.weight) + loss(found.weight - step)) / step**2
    assert found.curvature == pytest.approx(bend + found.multiplier, abs=1e-4)


def test_the_hull_against_scipy() -> None:
    u = np.linspace(0.0, 2.0, 2001)
    points = np.column_stack([u, loss(np.sqrt(2 * u))])
    corners = points[sorted(ConvexHull(points).vertices)]
    lower = corners[corners[:, 1] <= np.interp(corners[:, 0], [0, 2], points[[0, -1], 1]) + 1e-12]
    inside = u[u <= 1.0]
    assert_allclose(hull(inside), np.interp(inside, *lower.T), atol=1e-5)


# The penalised objective, drawn.

OMEGAS: dict[str, Callable[[np.ndarray], float]] = {
    "l1": lambda w: float(np.abs(w).sum()),
    "l2": lambda w: float(np.hypot(*w)),
    "squared_l2": lambda w: float(w @ w) / 2,
    "linf": lambda w: float(np.abs(w).max()),
}


@pytest.mark.parametrize("given", [{"radius": 0.3}, {"radius": 0.8}, {"strength": 0.05}, {"radius": 1.4}])
@pytest.mark.parametrize("kind", OMEGAS)
def test_the_penalised_objective_is_lowest_at_the_constrained_optimum(kind: str, given: dict[str, Any]) -> None:
    """A slanted bowl written out here, and a search that knows no gradient, against what is drawn and read."""
    bowl = {"problem.kind": "bowl", "problem.curvature_1": 4, "problem.curvature_2": 0.5, "problem.angle": 30}
    whole = {**bowl, "regularizer.kind": kind, **given}
    turn = np.array([[np.cos(np.pi / 6), -np.sin(np.pi / 6)], [np.sin(np.pi / 6), np.cos(np.pi / 6)]])
    hessian = turn @ np.diag([4.0, 0.5]) @ turn.T
    constrained = values("solution", whole)

    def penalised(w: np.ndarray) -> float:
        away = w - [2.0, 1.0]
        return float(away @ hessian @ away) / 2 + constrained["multiplier"] * OMEGAS[kind](w)

    options = {"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000}
    starts = ([2.0, 1.0], [0.1, 0.2], [-1.0, 1.0])
    found = min(
        (minimize(penalised, one, method="Nelder-Mead", options=options) for one in starts), key=lambda r: r.fun
    )
    assert_allclose(found.x, [constrained["w1"], constrained["w2"]], atol=1e-5)
    shown = values("objective", whole)
    assert shown["objective_value"] == pytest.approx(found.fun, rel=1e-10)
    assert shown["objective_margin"] > 0.0


@pytest.mark.parametrize("name", ["bowl", "at 0", "one row", "diabetes", "classes", "breast cancer"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_drawn_of_the_objective_is_lowest_at_its_mark(name: str, kind: str) -> None:
    for given in ({"radius": 0.4}, {"strength": 0.2}, {"radius": 1.3}):
        found = answer("objective", {**PROBLEMS[name], "regularizer.kind": kind, **given})
        (trace,), shapes = found.figures["objective"]["data"], found.figures["objective"]["layout"]["shapes"]
        (mark,) = [one for one in shapes if one["name"] == "optimum"]
        row, column = (np.abs(trace[axis] - mark[f"{axis}anchor"]).argmin() for axis in "yx")
        assert trace["z"][row, column] <= trace["z"].min() + 2e-6 * np.abs(trace["z"]).max()
        reach = float(np.abs(np.concatenate([trace["x"], trace["y"]])).max())  # six digits of the largest are drawn
        assert_allclose(
            [trace["x"][column], trace["y"][row]], [mark["xanchor"], mark["yanchor"]], rtol=0.0, atol=1e-5 * reach
        )
        assert found.readouts["objective_margin"].value >= -1e-12 * np.abs(trace["z"]).max()


def test_without_a_multiplier_no_objective_is_drawn_and_it_is_said() -> None:
    for given, words in (
        ({"regularizer.kind": "squared_l2", "radius": 0}, "No strength has this optimum"),
        ({**PROBLEMS["separable"], "strength": 0}, "has no lowest point"),
    ):
        found = answer("objective", given)
        assert found.figures["objective"]["data"] == []
        assert words in found.outcome.sentence


# What the presets claim.


def test_decay_is_a_ball_and_back() -> None:
    found = values("solution", PRESETS["decay"])
    assert found["t"] == pytest.approx(1.3017, abs=5e-5)
    assert found["multiplier"] == pytest.approx(1.0)
    back = {**PRESETS["decay"], "radius": found["radius"]}
    del back["strength"]
    assert values("solution", back)["multiplier"] == pytest.approx(1.0)


def test_two_kinks() -> None:
    assert values("curves", {"strength": 0.4}) == {"kinks": 2, "largest_strength": 5.0, "free_level": 3.0}


def test_an_inactive_ball_lets_alpha_fall_to_0() -> None:
    found = values("ascent", PRESETS["inactive"])
    assert (found["reached"], found["exact"], found["missed"]) == (0.0, 0.0, 0.0)
    assert values("moment", {**PRESETS["inactive"], "step": 0})["alpha_now"] > 0.0
    assert found["violation"] < 0.0


def test_where_no_multiplier_exists_no_distance_to_it_is_shown() -> None:
    for kind in ("l1", "squared_l2"):
        assert values("ascent", {"regularizer.kind": kind, "radius": 0})["missed"] is None


def test_without_a_penalty_separable_data_have_no_optimum_and_it_is_said() -> None:
    given = {**PROBLEMS["separable"], "strength": 0}
    assert "there is no optimum, and so no multiplier" in answer("written", given).outcome.sentence
    assert "k grows without bound as α goes to 0" in answer("curves", given).outcome.sentence


def test_the_flow_spirals_in() -> None:
    found = values("ascent", PRESETS["flow"])
    assert found["missed"] < 1e-3
    phase = curve("ascent", "phase", PRESETS["flow"], "ascent_trail")
    assert (np.diff(np.sign(phase[:60, 1])) != 0).sum() >= 2  # Ω − k changes its sign: it goes round


def test_two_losses_have_two_balls() -> None:
    assert values("rival", TWO_LOSSES)["rival_ratio"] != pytest.approx(1.0, abs=0.1)


def test_too_long_a_step_jumps_for_ever() -> None:
    outcome: Outcome = answer("ascent", TOO_FAR).outcome
    assert outcome.kind == "out_of_steps"
    assert "jumps around" in outcome.sentence
    assert values("solution", TOO_FAR)["residual"] < 1e-8


def test_ridge_counts_by_rows() -> None:
    assert values("written", PRESETS["ridge"])["convention_ratio"] == pytest.approx(442)
    own = {**PRESETS["ridge"], "convention": "own"}
    for part in ("contour", "curves", "solution", "ascent", "moment"):
        assert DUALITY.parts[part].owns("convention") is False
    assert values("solution", own) == values("solution", PRESETS["ridge"])
