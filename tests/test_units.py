"""The page on units: five rivals against loops and laws, its two weights, its pictures against its numbers."""

import math
import re
from typing import Any

import numpy as np
import pytest

from app.data import Library, Uploads
from app.knobs import Refused
from app.labs.lab import Answer
from app.labs.units import UNITS, films, rivals
from app.labs.units.controls import RIVALS, UnitsKnobs
from app.labs.units.strip import unit_names
from app.networks import Architecture, advance, begin
from tests.reels import answered
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
SHORT = {"steps": 60, "moment": 100}
HOT = {"pattern": {"kind": "curve", "rows": 400, "share": 50}, "rate": 1, "steps": 1000, "changes": "50:rate=0.03"}


def ask(part: str, **given: Any) -> Answer:
    asked = UNITS.parts[part]
    return answered(asked, UNITS.given(asked, UnitsKnobs.model_validate(given), LIBRARY))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def sound(answer: Answer) -> None:
    values = [one.value for one in answer.readouts.values() if isinstance(one.value, float)]
    assert all(map(math.isfinite, values))
    assert max((abs(one) for one in numbers(dict(answer.figures))), default=0.0) < 1e9
    assert answer.outcome.sentence.rstrip().endswith(".")


@pytest.fixture(scope="module")
def trained() -> Answer:
    return ask("training", shown="unit")


def test_l1_and_l2_kill_all_units_and_max_norm_none(trained: Answer) -> None:
    """labs.md §9: 8×8×8 tanh on the noisy circle, 10 % trained on."""
    assert (value(trained, "dead_l1"), value(trained, "dead_l2"), value(trained, "dead_unit")) == (24, 24, 0)
    assert value(trained, "test_unit") < min(value(trained, f"test_{name}") for name in ("none", "l1", "l2"))
    assert value(trained, "test_l1") == pytest.approx(math.log(2), abs=0.01)  # nothing is learnt
    assert value(trained, "hidden_units") == 24


def test_that_holds_for_other_data_and_weights() -> None:
    """Eight more draws of both: all deaths, and better tests in all."""
    for seed in range(1, 9):
        knobs = UnitsKnobs.model_validate(
            {"pattern": {"kind": "circle", "share": 10, "noise": 0.5, "seed": seed}, "seed": seed}
        )
        plan = films.FILM.planned(UNITS.given(UNITS.parts["training"], knobs, LIBRARY))
        end = rivals.record(*advance(begin(plan.task, plan.settings), plan.steps))
        dead = dict(zip(rivals.ORDER, end.dead, strict=True))
        losses = {name: shot.validation_loss or 0.0 for name, shot in zip(rivals.ORDER, end.shots, strict=True)}
        assert (dead["l1"], dead["l2"], dead["unit"]) == (24, 24, 0), seed
        assert losses["unit"] < min(losses["l1"], losses["l2"]), seed


def test_all_five_start_alike_and_end_apart() -> None:
    before, after = ask("training", moment=0), ask("training")
    assert len({value(before, f"test_{name}") for name in ("none", "l1", "l2")}) == 1
    assert len({value(after, f"test_{name}") for name in RIVALS}) == 5
    assert value(before, "step") == 0


def test_the_norms_that_are_drawn_are_those_of_the_weights() -> None:
    for shown, most in (("unit", 1.0), ("layer", None)):
        found = ask("training", shown=shown, **SHORT)
        plan = films.FILM.planned({**UNITS.given(UNITS.parts["training"], UnitsKnobs(steps=60), LIBRARY)})
        reel = films.FILM.rolled(plan, films.FILM.start(plan), 100)
        learner = reel.learners[list(RIVALS).index(shown)]
        weights = learner.setting.architecture.weights(learner.parameters)
        norms = np.concatenate([np.sqrt((one**2).sum(axis=1)) for one in weights])
        drawn = [
            (x, y)
            for one in found.figures["strip"]["data"]
            if one["type"] == "bar"
            for x, y in zip(one["x"], one["y"], strict=True)
        ]
        assert [y for _, y in sorted(drawn)] == pytest.approx(norms, rel=2e-3)
        assert value(found, "largest_norm") == pytest.approx(norms.max())
        if most:
            assert norms.max() <= most + 1e-12
        else:
            assert max(np.sqrt((one**2).sum()) for one in weights) <= 2.8 + 1e-12
            assert norms.max() > 1.0


def test_the_bound_is_drawn_for_whom_it_binds() -> None:
    roles = {
        shown: {
            one["name"] for one in ask("training", shown=shown, **SHORT).figures["strip"]["layout"].get("shapes", [])
        }
        for shown in RIVALS
    }
    assert roles["unit"] == {"unit_bound"}
    assert roles["layer"] == {"layer_share"}
    assert roles["none"] == roles["l1"] == roles["l2"] == set()


def test_dead_units_are_marked_where_they_are() -> None:
    dead = ask("training", shown="l2")
    marks = {one["meta"]["role"]: one for one in dead.figures["strip"]["data"]}
    assert len(marks["unit_starved"]["x"]) == value(dead, "starved") == 24
    assert "unit_stuck" not in marks
    drawn = {one["meta"]["role"]: one for one in dead.figures["network"]["data"]}
    assert len(drawn["unit_starved"]["x"]) == 24
    relu = ask(
        "training", shown="none", activation={"kind": "relu"}, initial={"kind": "he"}, rate=2,
        pattern={"kind": "circle", "share": 50, "noise": 0.4},
    )  # fmt: skip
    assert value(relu, "stuck") > 0
    assert value(relu, "starved") + value(relu, "stuck") == value(relu, "dead_none")


def test_each_unit_finds_its_own_multiplier() -> None:
    (preset,) = [one for one in UNITS.presets if one.id == "own_multiplier"]
    pattern = {key.partition(".")[2]: one for key, one in preset.knobs.items() if key.startswith("pattern.")}
    found = ask("training", pattern=pattern, **{key: one for key, one in preset.knobs.items() if "." not in key})
    assert value(found, "positive") == value(found, "at_bound") == 23
    assert value(found, "multiplier_gap") < 0.02 * value(found, "largest_multiplier")
    assert value(found, "largest_norm") == pytest.approx(1, abs=5e-3)
    bars = [one for one in found.figures["multipliers"]["data"] if one["type"] == "bar"]
    assert len(bars[0]["y"]) == 25
    assert sum(1 for one in bars[0]["y"] if one == 0) == 2


def test_a_layer_has_one_multiplier() -> None:
    found = ask("training", method="multiplied", shown="layer", **SHORT)
    (bars,) = [one for one in found.figures["multipliers"]["data"] if one["type"] == "bar"]
    assert len(bars["y"]) == 4
    assert ask("training", method="projected", shown="layer", **SHORT).readouts["multiplier_gap"].value is None


def test_high_rates_with_max_norm_as_hinton_advised() -> None:
    found = ask("training", **HOT, radius=1)
    assert "No regularizer: Diverged" in found.outcome.sentence
    assert value(found, "test_unit") < 0.1
    assert value(found, "test_none") > 1e6
    sound(found)
    for seed in range(1, 6):
        again = ask("training", **{**HOT, "pattern": {**HOT["pattern"], "seed": seed}}, radius=1, seed=seed)
        assert value(again, "test_unit") < 0.13, seed


def test_bounded_is_not_converged() -> None:
    (preset,) = [one for one in UNITS.presets if one.id == "bounded_only"]
    found = ask("training", **{**HOT, "rate": preset.knobs["rate"], "changes": ""}, shown="unit")
    assert value(found, "largest_norm") == pytest.approx(1)
    assert value(found, "largest_bias") > 1e3
    assert value(found, "stuck") > 12


def test_the_eigenvalues_and_both_minima() -> None:
    for strength, kind in ((0.3, "a saddle"), (1.0, "the only minimum, flat along (1, 1)"), (1.4, "the only minimum")):
        found = ask("contours", pair_strength=strength)
        assert value(found, "origin") == kind
        eigenvalues = np.linalg.eigvalsh([[strength, -1], [-1, strength]])
        assert [value(found, "eigenvalue_along"), value(found, "eigenvalue_across")] == pytest.approx(eigenvalues)
        walk = ask("walks", pair_strength=strength, pair_radius=1.0, pair_rate=0.2)
        assert value(walk, "bounded_end") == pytest.approx(value(walk, "constrained_loss"), abs=1e-6)
        if strength > 1:
            assert value(walk, "penalised_end") == pytest.approx(0.5, abs=1e-3)


def test_the_walkers_move_along_their_trails() -> None:
    whole = ask("walks")
    trail = whole.figures["penalty"]["data"][0]
    for place in (0, 7, 100):
        at = ask("step", pair_step=place).figures["penalty"]["layout"]["shapes"][-1]
        assert (at["xanchor"], at["yanchor"]) == pytest.approx((trail["x"][place], trail["y"][place]), abs=1e-4)


@pytest.mark.parametrize(
    "given",
    [
        {"rate": 1e6}, {"rate": 1e-6}, {"l1": 1e3, "l2": 1e3}, {"l1": 0, "l2": 0}, {"radius": 0, "layer_radius": 0},
        {"radius": 1000, "layer_radius": 1000}, {"batch": 2000}, {"batch": 1}, {"method": "multiplied", "pace": 10},
        {"pattern": {"kind": "circle", "noise": 2, "rows": 4, "share": 1}}, {"pattern": {"kind": "blobs", "noise": 0}},
        {"pattern": {"kind": "table", "dataset": "iris"}}, {"pattern": {"kind": "table", "dataset": "diabetes"}},
        {"pattern": {"kind": "digits", "share": 5}, "steps": 20}, {"hidden": {"kind": "0"}},
        {"hidden": {"kind": "1", "units_1": 1}}, {"hidden": {"kind": "2", "units_1": 64, "units_2": 64}, "steps": 20},
        {"initial": {"kind": "zero"}}, {"initial": {"kind": "constant"}}, {"activation": {"kind": "linear"}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("shown", ["l2", "unit", "layer"])
def test_awkward_settings_are_answered(given: dict[str, Any], shown: str) -> None:
    for moment in (0, 100):
        sound(ask("training", **{**SHORT, **given, "shown": shown, "moment": moment}))
    sound(ask("stage", **{name: one for name, one in given.items() if name in ("pattern", "hidden")}))


@pytest.mark.parametrize(
    "given",
    [
        {"pair_rate": 100}, {"pair_strength": 100}, {"pair_radius": 0}, {"pair_radius": 100},
        {"start_1": 0, "start_2": 0}, {"pair_strength": 0, "start_1": 2, "start_2": -2},
    ],
)  # fmt: skip
def test_awkward_pairs_are_answered(given: dict[str, Any]) -> None:
    for part in ("contours", "walks"):
        sound(ask(part, **given))
    for place in (0, 50, 100):
        sound(ask("step", **given, pair_step=place))
    if given.get("pair_rate") == 100:
        assert "above 2/L" in ask("walks", **given).outcome.sentence


def test_what_is_turned_on_the_way_holds_from_there_on() -> None:
    early = {**SHORT, "moment": 40}
    calm, turned = ask("training", **early), ask("training", **early, changes="50:l2=1")
    assert value(calm, "test_l2") == value(turned, "test_l2")
    later = ask("training", **SHORT, changes="50:l2=1"), ask("training", **SHORT)
    assert value(later[0], "test_l2") != value(later[1], "test_l2")
    assert value(later[0], "test_l1") == value(later[1], "test_l1")
    for name in ("rate", "l1", "radius", "layer_radius"):
        changed = ask("training", **SHORT, changes=f"50:{name}=0.5")
        assert any(value(changed, f"test_{one}") != value(later[1], f"test_{one}") for one in RIVALS), name
    with pytest.raises(Refused):
        ask("training", changes="50:steps=3")


def test_a_frame_is_small() -> None:
    from app.web.questions import encode

    found = ask("training", shown="unit")
    assert sum(len(encode(one)) for one in found.figures.values()) < 20_000
    assert len(unit_names(Architecture((2, 8, 8, 8, 1)))) == 25


def test_what_it_costs_is_about_what_it_says() -> None:
    knobs = UnitsKnobs(steps=20_000, hidden={"kind": "6", **{f"units_{i}": 64 for i in range(1, 7)}})
    given = UNITS.given(UNITS.parts["training"], knobs, LIBRARY)
    assert UNITS.parts["training"].cost(**given) > 10_000  # refused, not begun
    small = UNITS.given(UNITS.parts["training"], UnitsKnobs(), LIBRARY)
    assert 30 < UNITS.parts["training"].cost(**small) < 1000


@pytest.mark.parametrize(
    "given",
    [
        {"steps": 300}, {"steps": 200, "method": "multiplied", "batch": 40, "pace": 0.1},
        {"steps": 200, "pattern": {"kind": "curve"}, "activation": {"kind": "relu"}, "initial": {"kind": "he"},
         "rate": 0.05, "changes": "30:l2=0.01,60:rate=0.02", "moment": 80},
        {"steps": 60, "pattern": {"kind": "table", "dataset": "iris"}, "hidden": {"kind": "1", "units_1": 5},
         "activation": {"kind": "sigmoid"}, "initial": {"kind": "constant"}},
    ],
)  # fmt: skip
def test_the_script_gives_the_same_numbers(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    exec(UNITS.python(UnitsKnobs.model_validate(given), LIBRARY), {})  # noqa: S102 (our own script)
    told = capsys.readouterr().out
    found = ask("training", **given)
    for name in rivals.ORDER:
        loss, dead = re.search(rf"^{name}: trained, test loss (\S+), dead units (\d+)$", told, re.M).groups()  # type: ignore[union-attr]
        assert float(loss) == pytest.approx(value(found, f"test_{name}"), rel=1e-6)
        assert int(dead) == value(found, f"dead_{name}")
    walk = ask("walks")
    for name, key in (("penalty", "penalised"), ("ball", "bounded")):
        w1, w2 = re.search(rf"two weights, {name}: w = (\S+) (\S+), J", told).groups()  # type: ignore[union-attr]
        assert (float(w1), float(w2)) == pytest.approx((value(walk, f"{key}_1"), value(walk, f"{key}_2")), rel=1e-9)


def test_weights_that_are_on_their_way_to_0_are_said_to_be() -> None:
    """At α ≥ 1 only, and only on the way: not of a walk that has arrived, nor where 0 is a saddle."""
    for given, is_said in (
        ({"pair_strength": 1.4}, True),
        ({"pair_strength": 1.0}, True),
        ({"pair_strength": 3.0}, False),
        ({"pair_strength": 0.95}, False),
        ({"pair_strength": 0.5, "start_1": 1.0, "start_2": -1.0}, False),
    ):
        found = ask("walks", **given)
        assert ("Both weights shrink towards 0" in found.outcome.sentence) is is_said, given
