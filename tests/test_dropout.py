"""The page on dropout: its averages against counting, its ridge against other solutions, its films against loops."""

import json
import math
import re
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.data import Library, Uploads
from app.figures.plane import Window
from app.geometry import least_squares
from app.knobs import Refused
from app.labs.dropout import DROPOUT, regression, teams
from app.labs.dropout.controls import WALK, DropoutKnobs
from app.labs.dropout.regression import Line, by_masks, by_ridge
from app.labs.dropout.teams import ORDER
from app.labs.lab import Answer
from app.networks import evaluate
from tests.reels import answered
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
VECTORS = json.loads((Path(__file__).parent / "vectors" / "10_noise.json").read_text())["cases"]
SHORT = {"steps": 60}
WINDOW: Window = (-1.0, 1.0, -1.0, 1.0)


def ask(part: str, **given: Any) -> Answer:
    asked = DROPOUT.parts[part]
    return answered(asked, DROPOUT.given(asked, DropoutKnobs.model_validate(given), LIBRARY))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def sound(answer: Answer) -> None:
    values = [one.value for one in answer.readouts.values() if isinstance(one.value, float)]
    assert all(map(math.isfinite, values))
    assert max((abs(one) for one in numbers(dict(answer.figures))), default=0.0) < 1e9
    assert answer.outcome.sentence.rstrip().endswith(".")


def traces(answer: Answer, figure: str) -> dict[str, Any]:
    return {one["meta"]["role"]: one for one in answer.figures[figure]["data"]}


@pytest.mark.parametrize("way", ["inverted", "classic"])
@pytest.mark.parametrize(("layers", "units", "activation"), [(1, 6, "tanh"), (1, 4, "relu"), (2, 5, "linear")])
def test_the_scaled_network_is_the_average_where_it_is_affine(
    way: str, layers: int, units: int, activation: str
) -> None:
    found = ask("average", way=way, small_layers=layers, small_units=units, small_activation=activation)
    assert value(found, "thinned_count") == 2 ** (layers * units)
    assert value(found, "largest_gap") == 0.0
    assert "up to rounding" in found.outcome.sentence
    assert value(found, "scaled_loss") == pytest.approx(value(found, "average_loss"), rel=1e-9)
    at = ask("following", way=way, small_layers=layers, small_units=units, small_activation=activation)
    assert value(at, "gap_here") == 0.0
    assert value(at, "exact_average") == pytest.approx(value(at, "scaled_output"), abs=1e-12)


@pytest.mark.parametrize("way", ["inverted", "classic"])
def test_it_is_not_where_masks_pass_through_curved_units(way: str) -> None:
    found = ask("average", way=way, small_layers=2, small_units=5, small_activation="tanh")
    assert value(found, "largest_gap") > 1e-3
    lines = traces(found, "average")
    drawn = np.abs(np.array(lines["scaled_network"]["y"]) - np.array(lines["thinned_mean"]["y"])).max()
    assert drawn == pytest.approx(value(found, "largest_gap"), rel=1e-2)
    assert "misses the average" in found.outcome.sentence


def test_an_average_predicts_better_than_its_members() -> None:
    """Jensen: the squared error of a mean is at most the mean of the squared errors."""
    for units in (2, 5):
        found = ask("average", small_units=units)
        assert value(found, "average_loss") < value(found, "thinned_loss")


def test_the_average_over_drawn_masks_nears_the_exact_one_as_its_error_says() -> None:
    few, many = ask("following", masks=100), ask("following", masks=10_000)
    assert value(few, "standard_error") / value(many, "standard_error") == pytest.approx(10, rel=0.35)
    for found in (few, many):
        assert abs(value(found, "errors_off")) < 4
        away = value(found, "drawn_average") - value(found, "exact_average")
        assert value(found, "errors_off") == pytest.approx(away / value(found, "standard_error"))
    assert abs(value(many, "gap_here")) > 5 * value(many, "standard_error")  # a gap that no number of masks closes


@pytest.mark.parametrize("case", [one for one in VECTORS if one["kind"] == "dropout"], ids=lambda one: one["id"])
def test_both_solutions_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    X, y = np.array(case["X"]), np.array(case["y"])
    line = Line(X, y, least_squares(X, y), WINDOW)
    assert_allclose(by_ridge(line, case["keep"]), case["expected"]["w"], atol=1e-9, rtol=1e-9)
    if X.shape[1] == 2:
        assert_allclose(by_masks(line, case["keep"]), case["expected"]["w"], atol=1e-9, rtol=1e-9)
    n = len(y)
    strengths = (1 - case["keep"]) / case["keep"] * np.diag(line.loss.curvature)
    assert_allclose(n * strengths, case["expected"]["penalty_diagonal"], atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize("drop", [0, 20, 50, 90])
@pytest.mark.parametrize(("correlation", "spread"), [(0.5, 0.5), (-0.9, 3.0), (0.99, 0.1)])
def test_the_expected_loss_with_dropout_is_a_ridge_by_feature(drop: float, correlation: float, spread: float) -> None:
    """Both solved on the page; here the expected loss itself, mask by mask, is no lower anywhere around."""
    found = ask("expectation", drop=drop, correlation=correlation, spread=spread)
    assert value(found, "solutions_apart") < 1e-9
    line = regression.posed(LIBRARY, correlation, spread, 1.0)
    keep = 1 - drop / 100

    def expected(w: np.ndarray) -> float:
        total = 0.0
        for mask in product((0, 1), repeat=2):
            chance = keep ** sum(mask) * (1 - keep) ** (2 - sum(mask))
            total += chance * float(((line.y - line.X * np.array(mask) / keep @ w) ** 2).mean()) / 2
        return total

    best = np.array([value(found, "masks_1"), value(found, "masks_2")])
    for away in 1e-3 * np.random.default_rng(0).normal(size=(20, 2)):
        assert expected(best) <= expected(best + away)
    ridge = expected(best) - float(((line.y - line.X @ best) ** 2).mean()) / 2
    strengths = np.array([value(found, "strength_1"), value(found, "strength_2")])
    assert ridge == pytest.approx(0.5 * float(strengths @ best**2), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("way", ["inverted", "classic"])
@pytest.mark.parametrize("drop", [0, 30, 60])
def test_descent_with_dropout_wanders_about_that_optimum(way: str, drop: float) -> None:
    found = ask("wandering", way=way, drop=drop, walk_rate=0.03)
    free = ask("expectation", drop=drop)
    away = math.dist((value(free, "free_1"), value(free, "free_2")), (value(free, "masks_1"), value(free, "masks_2")))
    assert value(found, "walk_apart") < 0.25
    if drop == 60:
        assert value(found, "walk_apart") < 0.2 * away


def test_the_walk_is_the_one_that_steps_take() -> None:
    """The engine of all networks, on two inputs and one output, against a loop with the same draws."""
    made = regression.walked(LIBRARY, 0.5, 0.5, 1.0, 50, "inverted", 0.05, 3)
    line = regression.posed(LIBRARY, 0.5, 0.5, 1.0)
    n, w, b = len(line.y), made.weights[0].copy(), 0.0
    order = np.random.default_rng((3, 1, 0)).permuted(np.tile(np.arange(n), (-(-4096 // n), 1)), axis=1).ravel()
    for step in range(200):
        picked = order[step * 10 : step * 10 + 10]
        chances = np.random.default_rng((3, 2, step // 32)).random((32, 2, 10), dtype=np.float32)[step % 32]
        X = line.X[picked] * (chances < 0.5).T / 0.5
        left = X @ w + b - line.y[picked]
        w, b = w - 0.05 * left @ X / 10, b - 0.05 * left.mean()
        if (step + 1) % 10 == 0:
            assert_allclose(made.weights[(step + 1) // 10], w, atol=1e-12)


def test_a_mask_is_that_of_the_next_minibatch() -> None:
    """The units that are struck out are those that training leaves out, drawn for that sample."""
    given: dict[str, Any] = {"steps": 100, "moment": 37, "sample": 4, "batch": 20}
    found = ask("training", **given)
    chances = np.random.default_rng((0, 2, 37 // 32)).random((32, 13 + 16, 20), dtype=np.float32)[37 % 32]
    kept = chances[13:, 3] < 0.5
    assert value(found, "active") == kept.sum()
    assert value(found, "inputs_left") == (chances[:13, 3] < 0.8).sum()
    crosses = [one for one in found.figures["network"]["layout"]["shapes"] if one["name"] == "unit_struck"]
    hidden = sorted(one["yanchor"] for one in crosses if one["xanchor"] == 1)
    assert hidden == sorted(7.5 - unit for unit in np.flatnonzero(~kept))
    assert value(ask("training", **{**given, "moment": 38}), "active") is not None
    others = {tuple(one["yanchor"] for one in ask("training", **{**given, "sample": i}).figures["network"]["layout"]["shapes"] if one["name"] == "unit_struck") for i in range(1, 6)}  # noqa: E501  # fmt: skip
    assert len(others) == 5


def test_nobody_is_left_out_without_dropout() -> None:
    found = ask("training", drop=0, drop_inputs=0, **SHORT)
    assert value(found, "active") == 16
    assert value(found, "inputs_left") == 13
    assert value(found, "test_none") == value(found, "test_dropout")
    assert value(ask("average", drop=0), "largest_gap") == 0.0


def test_dropout_and_max_norm_stand_noise_better() -> None:
    """Five draws of the wines: under noise both beat the plain network, in loss and in accuracy."""
    for seed in range(5):
        pattern = {"kind": "table", "dataset": "wine", "share": 20, "seed": seed}
        found = ask("training", pattern=pattern, test_noise=1.5)
        for name in ("dropout", "bound", "both"):
            assert value(found, f"noisy_{name}") < value(found, "noisy_none"), (seed, name)
            assert value(found, f"noisy_accuracy_{name}") > value(found, "noisy_accuracy_none"), (seed, name)


def test_the_losses_under_noise_are_those_of_the_networks() -> None:
    found = ask("training", test_noise=0.0, **SHORT)
    knobs = DropoutKnobs(steps=60)
    plan = teams.FILM.planned(DROPOUT.given(DROPOUT.parts["training"], knobs, LIBRARY))
    reel = teams.FILM.rolled(plan, teams.FILM.start(plan), 100)
    for place, name in enumerate(ORDER):
        assert value(found, f"noisy_{name}") == pytest.approx(value(found, f"test_{name}"), rel=1e-9)
        one = reel.learners[place]
        assert plan.task.validation
        own = evaluate(one.setting.architecture, one.parameters, plan.task.validation, (one.setting.dropout,))
        assert value(found, f"test_{name}") == pytest.approx(float(own[0]), rel=1e-12)
        norms = [np.sqrt((layer**2).sum(axis=1)).max() for layer in one.setting.architecture.weights(one.parameters)]
        assert bool(max(norms) <= 1 + 1e-12) is (name in ("bound", "both"))
    quiet = traces(ask("training", test_noise=3.0, **SHORT), "noise")["team_none"]
    loud = ask("training", test_noise=3.0, **SHORT)
    assert quiet["x"][-1] == 3.0
    assert quiet["y"][-1] == pytest.approx(value(loud, "noisy_accuracy_none"), abs=0.1)
    assert quiet["y"][0] == pytest.approx(value(loud, "accuracy_none"), abs=0.1)


def test_what_is_turned_on_the_way_holds_from_there_on() -> None:
    plain = ask("training", **SHORT)
    for name, amount, touched in (
        ("drop", 80, "dropout"), ("drop_inputs", 60, "dropout"), ("radius", 0.3, "bound"), ("rate", 0.01, "none"),
    ):  # fmt: skip
        changed = ask("training", **SHORT, changes=f"50:{name}={amount}")
        assert value(changed, f"test_{touched}") != value(plain, f"test_{touched}"), name
        early = [ask("training", **SHORT, moment=45, changes=one) for one in ("", f"50:{name}={amount}")]
        assert value(early[0], f"test_{touched}") == value(early[1], f"test_{touched}"), name
    with pytest.raises(Refused):
        ask("training", changes="50:masks=3")


@pytest.mark.parametrize(
    "given",
    [
        {"rate": 1e6}, {"rate": 1e-6}, {"drop": 90, "drop_inputs": 90}, {"radius": 0}, {"radius": 1000},
        {"batch": 2000},
        {"batch": 1, "sample": 64}, {"test_noise": 10}, {"way": "classic"}, {"hidden": {"kind": "0"}},
        {"hidden": {"kind": "1", "units_1": 1}, "drop": 90}, {"hidden": {"kind": "2", "units_1": 64, "units_2": 32}},
        {"pattern": {"kind": "circle", "rows": 4, "share": 1, "noise": 2}}, {"pattern": {"kind": "curve"}},
        {"pattern": {"kind": "digits", "share": 5}, "steps": 20}, {"pattern": {"kind": "table", "dataset": "diabetes"}},
        {"initial": {"kind": "zero"}}, {"activation": {"kind": "linear"}},
    ],
)  # fmt: skip
def test_awkward_settings_are_answered(given: dict[str, Any]) -> None:
    for moment in (0, 100):
        sound(ask("training", **{**SHORT, **given, "moment": moment}))
    sound(ask("stage", **{name: one for name, one in given.items() if name in ("pattern", "hidden", "test_noise")}))


@pytest.mark.parametrize("small", [(1, 1), (2, 6), (2, 1)])
@pytest.mark.parametrize("drop", [0, 5, 90])
@pytest.mark.parametrize("activation", ["relu", "tanh", "linear"])
def test_small_networks_of_every_size_are_answered(small: tuple[int, int], drop: float, activation: str) -> None:
    given = {"small_layers": small[0], "small_units": small[1], "drop": drop, "small_activation": activation}
    sound(ask("average", **given, masks=2))
    sound(ask("following", **given, masks=2, probe=-10))


@pytest.mark.parametrize(
    "given",
    [{"walk_rate": 1e3}, {"walk_rate": 1e-4}, {"drop": 90, "walk_rate": 10}, {"spread": 10}, {"spread": 0.1},
     {"line_noise": 0}, {"line_noise": 10}, {"correlation": 0.99}, {"correlation": -0.99, "way": "classic"}],
)  # fmt: skip
def test_awkward_regressions_are_answered(given: dict[str, Any]) -> None:
    sound(ask("expectation", **{name: one for name, one in given.items() if name not in ("walk_rate", "way")}))
    sound(ask("wandering", **given))
    for place in (0, 1, WALK):
        sound(ask("walking", **given, walk_step=place))
    if given.get("walk_rate") == 1e3:
        assert "Diverged" in ask("wandering", **given).outcome.sentence


def test_what_it_costs_is_about_what_it_says() -> None:
    knobs = DropoutKnobs.model_validate(
        {"steps": 20_000, "pattern": {"kind": "digits"}, "hidden": {"kind": "2", "units_1": 64, "units_2": 64}}
    )
    part = DROPOUT.parts["training"]
    assert part.cost(**DROPOUT.given(part, knobs, LIBRARY)) > 10_000
    assert 30 < part.cost(**DROPOUT.given(part, DropoutKnobs(), LIBRARY)) < 1000


@pytest.mark.parametrize(
    "given",
    [
        {"steps": 120}, {"steps": 100, "way": "classic", "small_layers": 1},
        {"steps": 100, "drop": 30, "drop_inputs": 0, "changes": "50:drop=60", "moment": 90, "small_activation": "relu",
         "pattern": {"kind": "circle", "share": 20}, "hidden": {"kind": "2", "units_1": 6, "units_2": 5}},
    ],
)  # fmt: skip
def test_the_script_gives_the_same_numbers(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    exec(DROPOUT.python(DropoutKnobs.model_validate(given), LIBRARY), {})  # noqa: S102 (our own script)
    told = capsys.readouterr().out
    found, line, small = ask("training", **given), ask("expectation", **given), ask("average", **given)
    for name in ORDER:
        pattern = rf"^{name}: trained, test loss (\S+), noisy test loss (\S+)$"
        test, noisy = re.search(pattern, told, re.M).groups()  # type: ignore[union-attr]
        assert float(test) == pytest.approx(value(found, f"test_{name}"), rel=1e-6)
        assert float(noisy) == pytest.approx(value(found, f"noisy_{name}"), rel=1e-6)
    for words, name in (("least expected loss over all masks", "masks"), ("ridge by feature", "ridge")):
        w1, w2 = re.search(rf"{words}: w = (\S+) (\S+)", told).groups()  # type: ignore[union-attr]
        assert (float(w1), float(w2)) == pytest.approx((value(line, f"{name}_1"), value(line, f"{name}_2")), rel=1e-9)
    gap = float(told.split("over all masks: ")[-1].split()[0])
    assert gap == pytest.approx(value(small, "largest_gap"), rel=1e-6, abs=1e-12)


def test_a_test_loss_that_runs_away_leaves_the_chart() -> None:
    drawn = ask("training", rate=1000, steps=100, moment=100).figures["teams"]
    top = drawn["layout"]["yaxis"]["range"][1]
    assert max(max(one["y"]) for one in drawn["data"]) > 1.4 * top
    assert all(one["y"][0] < top for one in drawn["data"])
