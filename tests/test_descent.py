"""The lab on descent: its presets, its lights, its minibatches, hostile corners, and the script that walks the same."""

import io
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.data import Library, Uploads
from app.geometry import L2, Outcome, SquaredRows, Trajectory
from app.labs.descent import DESCENT, DescentKnobs
from app.labs.descent.lights import light
from app.labs.descent.walkers import UPDATE_WORDS, WALKER_NAMES, Pull, Walking, rows
from app.labs.descent.walkers import rate as walker_rate
from app.labs.descent.walks import Walk
from app.labs.lab import Answer
from app.web.queries import parse, text

LIBRARY = Library(Uploads(None))
PRESETS = {one.id: one.knobs for one in DESCENT.presets}
VALLEY = {
    "problem.kind": "bowl", "problem.curvature_1": 0.05, "problem.curvature_2": 5, "problem.angle": 30,
    "walker_3.kind": "absent", "measure": "distance",
}  # fmt: skip
RACE: dict[str, Any] = {
    **VALLEY, "strength": 0.01, "stride": 3, "walker_1.step": 1, "walker_1.update": "l1_prox", "walker_2.step": 1,
    "walker_2.update": "l1_prox", "walker_2.rule.kind": "nesterov", "walker_2.rule.schedule": "fista",
}  # fmt: skip
FEW_ROWS: dict[str, Any] = {
    "problem.kind": "regression", "problem.dataset": "diabetes", "walker_1.step": 0.3, "walker_2.batch": "4",
    "walker_2.rule.kind": "gradient_descent", "walker_2.step": 0.3, "walker_3.kind": "absent", "measure": "distance",
}  # fmt: skip
NOBODY = {f"{name}.kind": "absent" for name in WALKER_NAMES}
PROBLEMS: dict[str, dict[str, Any]] = {
    "bowl": {"problem.kind": "bowl"},
    "synthetic regression": {"problem.kind": "synthetic_regression"},
    "one row": {"problem.kind": "synthetic_regression", "problem.rows": 1},
    "synthetic classification": {"problem.kind": "synthetic_classification"},
    "separable": {"problem.kind": "synthetic_classification", "problem.distance": 8, "problem.noise": 0},
    "diabetes": {"problem.kind": "regression"},
    "diabetes, others free": {"problem.kind": "regression", "problem.others": "free"},
    "diabetes, others fixed": {"problem.kind": "regression", "problem.others": "fixed"},
    "breast cancer": {"problem.kind": "classification"},
    "iris, others free": {"problem.kind": "classification", "problem.dataset": "iris", "problem.others": "free"},
}


BOWL = {"problem.kind": "bowl", "problem.curvature_1": 1, "problem.curvature_2": 5, "problem.angle": 0}


def turned(given: dict[str, Any]) -> DescentKnobs:
    """The knobs; a bowl is diag(1, 5), unless it is said otherwise."""
    ground = BOWL if given.get("problem.kind", "bowl") == "bowl" else {}
    return parse(DescentKnobs, {key: text(value) for key, value in {**ground, **given}.items()})


def answer(part: str, given: dict[str, Any]) -> Answer:
    found = DESCENT.parts[part]
    return found.compute(**DESCENT.given(found, turned(given), LIBRARY))


def values(part: str, given: dict[str, Any]) -> dict[str, Any]:
    return {name: one.value for name, one in answer(part, given).readouts.items()}


def only(*walkers: dict[str, Any], **knobs: Any) -> dict[str, Any]:
    """Some walkers and nobody else."""
    chosen = dict(zip(WALKER_NAMES, walkers, strict=False))
    inside = {
        f"{name}.{key}": value for name, one in chosen.items() for key, value in {"kind": "walking", **one}.items()
    }
    return {**NOBODY, **inside, **knobs}


# What the presets claim.


def test_momentum_arrives_in_a_valley() -> None:
    found = values("walk", PRESETS["valley"])
    assert found["missed_2"] < 1e-6 < 0.1 < found["missed_1"]
    assert found["end_1"] == "still moving"
    assert found["end_2"].startswith("settled")


def test_fista_leaves_ista_behind() -> None:
    found = values("walk", RACE)
    assert 10 * found["missed_2"] < found["missed_1"]


def test_minibatches_come_near_and_never_settle() -> None:
    found = values("walk", FEW_ROWS)
    whole = found["missed_2"] / np.hypot(found["first_1"], found["second_1"])
    assert (found["end_1"].startswith("settled"), found["end_2"]) == (True, "still moving")
    assert 0.01 < whole < 0.5


def test_adam_with_l2_is_not_adam_with_decoupled_decay() -> None:
    found = values("walk", PRESETS["adamw"])
    assert_allclose([found["first_1"], found["second_1"]], [1.0, 2.5], atol=0.01)  # α = 1: 5·3/(5 + 1)
    assert_allclose([found["first_2"], found["second_2"]], [1.0, 1.0], atol=0.03)  # m̂/√v̂ = 1 = α·w
    assert "√v̂" in answer("walk", PRESETS["adamw"]).outcome.sentence


def test_the_sign_step_never_reaches_0() -> None:
    found = values("walk", PRESETS["sign"])
    assert found["first_2"] == 0.0
    assert found["first_1"] != 0.0
    assert "hops about" in answer("walk", PRESETS["sign"]).outcome.sentence
    first = [values("moment", {**PRESETS["sign"], "moment": at})["loss_1"] for at in (197, 198, 199)]
    assert len(set(first)) == 3


def test_projection_keeps_a_long_step_bounded_and_it_never_settles() -> None:
    found, told = values("walk", PRESETS["runaway"]), answer("walk", PRESETS["runaway"]).outcome
    assert told.kind == "diverged"
    assert "step 2.3/L: the factor along the steepest direction is −1.3 a step" in told.sentence
    assert "to and fro between two points" in told.sentence
    assert found["factor_1"] == pytest.approx(-1.3)
    assert np.hypot(found["first_2"], found["second_2"]) <= 1.2 * np.hypot(2, 1) * (1 + 1e-12)
    assert found["light_1"] == "η·λ = 2.3 > 2: unstable"


def test_too_strong_a_decay_multiplies_by_minus_two() -> None:
    found = values("walk", PRESETS["minus_two"])
    assert found["factor_1"] == pytest.approx(1 - 0.3 * (10 + 0.05))
    assert found["light_1"] == "η(λ + α) = 3.02 > 2: unstable"
    said = answer("walk", PRESETS["minus_two"]).outcome.sentence
    assert "it grew to |w| = 4.4×10¹² and was stopped at step 40" in said


def test_momentum_wins_in_the_first_picture() -> None:
    knobs = DescentKnobs()
    part = DESCENT.parts["walk"]
    found = {name: one.value for name, one in part.compute(**DESCENT.given(part, knobs, LIBRARY)).readouts.items()}
    assert found["end_2"].startswith("settled")
    assert 100 * found["missed_2"] < found["missed_3"] < found["missed_1"]


# Stability lights against what really happens.


@pytest.mark.parametrize(
    ("rule", "edge"),
    [({"rule.kind": "gradient_descent"}, 2.0), ({"rule.kind": "momentum", "rule.momentum": 0.5}, 3.0),
     ({"rule.kind": "nesterov", "rule.momentum": 0.5}, 1.5)],
)  # fmt: skip
def test_the_lights_say_what_happens(rule: dict[str, Any], edge: float) -> None:
    for share, word in ((0.97, "stable"), (1.03, "unstable")):
        given = only({**rule, "step": share * edge}, stride=3)
        found = values("walk", given)
        assert found["light_1"].endswith(f": {word}")
        assert f"{edge:.3g}" in found["light_1"]
        assert found["end_1"].startswith("settled" if word == "stable" else "diverged"), (found, word)


def test_at_the_edge_the_light_says_so() -> None:
    assert values("walk", only({"step": 2}))["light_1"] == "η·λ = 2 = 2: on the edge"


def test_a_decay_adds_to_the_steepest_curvature() -> None:
    light = values("walk", only({"step": 1, "update": "l2_gradient"}, strength=0.5))["light_1"]
    assert light == "η(λ + α) = 1.5 < 2: stable"


def companion(rule: str, beta: float, steep: float, decay: float, decoupled: bool) -> np.ndarray:
    """What a step makes of (w, w₋) or of (w, ηv) along one eigenvector, without the constant."""
    inside, beside = (0.0, decay) if decoupled else (decay, 0.0)
    if rule == "nesterov":
        kept = 1.0 - steep - inside
        return np.array([[(1 + beta) * kept - beside, -beta * kept], [1.0, 0.0]])
    beta = beta if rule == "momentum" else 0.0
    return np.array([[1 - beside - steep - inside, -beta], [steep + inside, beta]])


@pytest.mark.parametrize("rule", ["gradient_descent", "momentum", "nesterov"])
@pytest.mark.parametrize("update", ["none", "l2_gradient", "decoupled"])
def test_the_lights_are_the_spectral_radius(rule: str, update: str) -> None:
    """Random steps, strengths and momenta: stable exactly where no eigenvalue of the step's matrix is above 1."""
    draw = np.random.default_rng(3)
    posed, seen = LIBRARY.pose(turned({}).problem), set()
    for _ in range(200):
        step, strength, beta = draw.uniform(0.1, 4), draw.uniform(0, 2), draw.uniform(0.05, 0.95)
        knobs = {"kind": "walking", "rule.kind": rule, "update": update, "step": step}
        knobs |= {} if rule == "gradient_descent" else {"rule.momentum": beta}
        walking = turned(only(knobs)).walker_1
        assert isinstance(walking, Walking)
        amount = Pull(strength, L2(), 1.0).amount(posed, walking.update)
        beta = getattr(walking.rule, "momentum", 0.0)
        still = Trajectory(np.zeros((1, 2)), np.zeros(1), Outcome("converged", ""), 0, None)
        one = light(posed, Walk(1, walking, "", walker_rate(posed, walking), amount, still, None))
        eta = walker_rate(posed, walking)
        radius = max(
            np.abs(np.linalg.eigvals(companion(rule, beta, eta * bend, eta * amount, update == "decoupled"))).max()
            for bend in (1.0, 5.0)
        )
        assert (one.state == "stable") == (radius < 1.0), (one.words, radius)
        seen.add(one.state)
    assert seen == {"stable", "unstable"}


@pytest.mark.parametrize(
    ("walker", "words"),
    [
        ({"rule.kind": "adamw", "rule.decay": 8, "step": 1}, "> 2: unstable"),
        ({"rule.kind": "adam", "step": 1}, "no limit: η is a length"),
        ({"rule.kind": "adam", "update": "decoupled", "step": 10}, "η·α = 3.5 > 2: unstable"),
        ({"rule.kind": "adam", "update": "l2_gradient", "step": 10}, "no limit"),
    ],
)
def test_a_decay_beside_a_length_has_a_light(walker: dict[str, Any], words: str) -> None:
    assert words in values("walk", only(walker))["light_1"]


def test_a_light_has_the_colour_of_its_state() -> None:
    crew = [{"rule.kind": "gradient_descent", "step": step} for step in (1, 2, 3)]
    bars = answer("walk", only(*crew)).figures["lights"]["data"]
    assert {one["meta"]["role"]: list(one["x"]) for one in bars} == {
        "light_stable": ["1 GD"], "light_edge": ["2 GD"], "light_unstable": ["3 GD"],
    }  # fmt: skip


def test_rows_at_random_can_run_away_under_a_light_for_the_whole_gradient() -> None:
    given = only({"step": 1.5, "batch": 1}, **PROBLEMS["diabetes"])
    found = values("walk", given)
    assert "for the whole gradient only" in found["light_1"]
    assert found["end_1"].startswith("diverged")


def test_a_bound_on_the_curvature_only_says_may() -> None:
    light = values("walk", only({"step": 3}, **PROBLEMS["breast cancer"]))["light_1"]
    assert "may be unstable, λ is at most that" in light


def test_without_an_optimum_nobody_has_settled() -> None:
    made = answer("walk", only({"step": 100}, **PROBLEMS["separable"]))
    assert made.outcome.kind == "unbounded"
    assert "the gradient has vanished after 1 step, yet there is no optimum" in made.outcome.sentence


@pytest.mark.parametrize("update", ["decoupled", "l1_prox"])
def test_momentum_with_a_penalty_beside_it_says_where_it_ends(update: str) -> None:
    made = answer("walk", only({"rule.kind": "momentum", "update": update}))
    assert "α counts as (1 − β)α" in made.outcome.sentence


def test_where_steps_are_dear_there_are_fewer_and_it_is_said() -> None:
    given = {f"walker_{i}.kind": "walking" for i in range(1, 7)}
    given |= {"problem.kind": "classification", "problem.others": "free", "stride": "3"}
    made = answer("walk", given)
    assert "so that the walks end after" in made.outcome.sentence
    assert max(one["x"][-1] for one in made.figures["chart"]["data"]) < 600
    part = DESCENT.parts["walk"]
    assert part.cost(**DESCENT.given(part, turned(given), LIBRARY)) < 500.0


def test_a_trail_and_a_line_have_at_most_200_points() -> None:
    figures = answer("walk", only({"step": 0.01}, stride=3)).figures
    for panel in ("plane", "chart"):
        x = figures[panel]["data"][0]["x"]
        assert len(x) <= 200
    assert figures["chart"]["data"][0]["x"][-1] == 600


# Pictures.


def test_what_is_played_moves_from_the_start_to_the_end() -> None:
    given = only({"step": 1}, start_1=0.5, start_2=-0.5)

    def marker(at: int) -> tuple[float, float]:
        shapes = answer("moment", {**given, "moment": at}).figures["plane"]["layout"]["shapes"]
        return next((one["xanchor"], one["yanchor"]) for one in shapes if "xanchor" in one)

    assert marker(0) == (1.75, -1.75)  # half of the half width 3.5
    assert marker(1) == (1.8, 1.0)  # η = 1/5: w₁ ← 1.75 + (2 − 1.75)/5, and w₂ at once at 1
    assert marker(200) == pytest.approx((2.0, 1.0))
    frames = [answer("moment", {**given, "moment": at}).figures["plane"]["layout"]["shapes"] for at in (0, 100)]
    assert [one["name"] for one in frames[0]] == [one["name"] for one in frames[1]]


def test_the_trail_of_a_runaway_leaves_the_picture_and_no_more() -> None:
    walked = answer("walk", only({"step": 100}))
    trail = walked.figures["plane"]["data"][0]
    assert np.abs(trail["y"]).max() < 25
    heights = walked.figures["chart"]["data"][0]["y"]
    assert heights[-1] > 1e20  # on the logarithmic chart it can be seen to its end
    assert heights.min() > 0.0


def test_the_start_can_be_dragged_anywhere() -> None:
    handle = answer("walk", only({}, start_1=0.2)).figures["plane"]["layout"]["meta"]["handles"][0]
    assert handle["at"] == pytest.approx((0.7, 2.625))
    assert handle["unit"] == (3.5, 3.5)
    assert handle["knobs"] == {"x": "start_1", "y": "start_2"}


# Minibatches draw from the rows that make J.


@pytest.mark.parametrize("name", [name for name in PROBLEMS if name not in ("bowl", "one row", "separable")])
def test_the_rows_are_those_of_the_loss(name: str) -> None:
    problem = turned(PROBLEMS[name]).problem
    posed, found = LIBRARY.pose(problem), rows(LIBRARY, problem)
    assert found is not None
    assert found.count == posed.rows
    w = 0.3 * posed.window[1] * np.array([1.0, -0.5])
    every = np.arange(found.count)
    scale = np.abs(posed.loss.gradient(np.zeros(2))).max()
    assert_allclose(found.gradient(w, every), posed.loss.gradient(w), atol=1e-8 * scale)
    if isinstance(found, SquaredRows):
        assert found.design.shape == (posed.rows, 2)


# Hostile corners.

CREW = only(
    {"rule.kind": "gradient_descent", "update": "l1_sign"},
    {"rule.kind": "momentum", "update": "projection"},
    {"rule.kind": "nesterov", "rule.schedule": "fista", "update": "l1_prox"},
    {"rule.kind": "rmsprop", "update": "l2_gradient", "step": 0.02},
    {"rule.kind": "adam", "update": "decoupled"},
    {"rule.kind": "coordinate_descent", "update": "l1_prox"},
)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize(
    "corner",
    [
        {},
        {"strength": 0, "radius": 0},
        {"strength": 1e6, "radius": 10},
        {"start_1": 20, "start_2": -20},
        {**{f"walker_{i}.step": 100 for i in range(1, 6)}},
        {**{f"walker_{i}.step": 1e-4 for i in range(1, 6)}},
    ],
    ids=["plain", "nothing", "everything", "far", "long steps", "short steps"],
)
def test_every_corner_is_answered_with_finite_numbers(name: str, corner: dict[str, Any]) -> None:
    given = {**CREW, **PROBLEMS[name], **corner}
    for part in ("walk", "moment"):
        made = answer(part, given)
        assert made.outcome.sentence.endswith(".")
        for readout in made.readouts.values():
            assert not isinstance(readout.value, float) or np.isfinite(readout.value)
        for figure in made.figures.values():
            for trace in figure["data"]:
                assert np.isfinite(trace["y"]).all()


@pytest.mark.parametrize("measure", ["loss", "distance", "weight_1", "weight_2"])
def test_every_chart_can_be_drawn(measure: str) -> None:
    for walkers in (CREW, NOBODY):
        chart = answer("walk", {**walkers, "measure": measure}).figures["chart"]
        low, high = chart["layout"]["yaxis"]["range"]
        assert low < high
        assert len(chart["data"]) == (6 if walkers is CREW else 0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (only({"batch": 4}), "no rows"),
        (only({"rule.kind": "coordinate_descent", "batch": 4}, **PROBLEMS["diabetes"]), "all rows"),
    ],
)
def test_what_does_not_exist_is_said_and_walked_all_the_same(given: dict[str, Any], words: str) -> None:
    told = answer("walk", given).outcome.sentence
    assert words in told
    whole = answer("walk", {**given, "walker_1.batch": "all"})
    assert words not in whole.outcome.sentence
    assert values("walk", given) == {name: one.value for name, one in whole.readouts.items()}


@pytest.mark.parametrize("update", UPDATE_WORDS)
def test_coordinate_descent_ends_where_the_penalty_leads(update: str) -> None:
    """However a penalty enters a gradient step. In a round ball it may stop short of the optimum, in a box not."""
    given = only({"rule.kind": "coordinate_descent", "update": update}, **{"ball.kind": "linf", "problem.angle": 40})
    found = values("walk", given)
    assert found["end_1"].startswith("settled")
    assert found["missed_1"] < 1e-6
    assert_allclose(printed(given)[1], [found["first_1"], found["second_1"]], atol=1e-6)


def test_the_updates_of_a_walker_are_those_of_geometry() -> None:
    schema = DescentKnobs.model_json_schema()["$defs"]["Walking"]["properties"]["update"]
    assert list(UPDATE_WORDS) == schema["enum"]
    assert all(UPDATE_WORDS.values())


# The same in Python.


def printed(given: dict[str, Any]) -> dict[int, np.ndarray]:
    """Where each walker of the exported script ends, by running it."""
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(DESCENT.python(turned(given), LIBRARY), "exported", "exec"), {})  # noqa: S102 (our own lines)
    lines = [line.partition(":") for line in said.getvalue().replace("[", "").replace("]", "").splitlines()]
    return {int(head.split()[1]): np.array(tail.split(), dtype=float) for head, _, tail in lines}


SCRIPTED = [
    CREW,
    only(
        {"rule.kind": "nesterov", "update": "decoupled", "batch": "4"},
        {"rule.kind": "adamw", "rule.decay": 0.5, "update": "none", "batch": "16"},
        {"rule.kind": "momentum", "update": "l2_gradient", "step": 3},
        {"rule.kind": "gradient_descent", "update": "l1_sign", "batch": "1"},
    ),
]


@pytest.mark.parametrize("name", [name for name in PROBLEMS if name not in ("one row", "separable")])
@pytest.mark.parametrize(
    ("crew", "ball"),
    [(SCRIPTED[0], "l2"), (SCRIPTED[0], "linf"), (SCRIPTED[1], "l2")],  # among the batches nobody is held in the ball
    ids=["crew-l2", "crew-linf", "batches"],
)
def test_the_exported_script_walks_the_same(name: str, crew: dict[str, Any], ball: str) -> None:
    if name == "bowl" and crew is SCRIPTED[1]:
        crew = {**crew, **{f"walker_{i}.batch": "all" for i in range(1, 5)}}
    given = {**crew, **PROBLEMS[name], "ball.kind": ball}
    found = values("walk", given)
    for place, end in printed(given).items():
        ours = [found[f"first_{place}"], found[f"second_{place}"]]
        assert_allclose(end, ours, rtol=1e-5, atol=1e-5 * max(1.0, float(np.abs(ours).max())))


def test_the_script_projects_onto_any_ball() -> None:
    given = only({"update": "projection", "step": 1}, **{"ball.kind": "l1", "radius": 0.4})
    found = values("walk", given)
    assert_allclose(printed(given)[1], [found["first_1"], found["second_1"]], atol=1e-3)  # CVXPY's own accuracy
