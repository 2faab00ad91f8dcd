"""The lab on networks: its film against the engine, its pictures against its numbers, its script against both."""

import math
import re
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from app.data import Library, Uploads, teach
from app.figures import diagrams
from app.figures.diagrams import Diagram
from app.geometry import Adam
from app.knobs import Refused
from app.labs.film import Film
from app.labs.lab import Answer
from app.labs.network import FILM, NETWORK
from app.labs.network.knobs import NetworkKnobs
from app.labs.network.mosaic import axes, mosaic
from app.networks import (
    Architecture,
    InvertedDropout,
    Learner,
    Penalty,
    Projected,
    Setting,
    advance,
    begin,
    change,
    predict,
)
from app.web.questions import computed, question
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
SMALL: dict[str, Any] = {"steps": 200}
CHOSEN = {"kind": "chosen"}


def knobs(**given: Any) -> NetworkKnobs:
    return NetworkKnobs.model_validate(SMALL | given)


def ask(part: str = "training", **given: Any) -> Answer:
    asked = NETWORK.parts[part]
    return asked.compute(**NETWORK.given(asked, knobs(**given), LIBRARY))


def values(answer: Answer) -> dict[str, Any]:
    return {name: one.value for name, one in answer.readouts.items()}


def learner(**given: Any) -> Learner:
    """The network itself at the moment of these knobs."""
    turned = NETWORK.given(NETWORK.parts["training"], knobs(**given), LIBRARY)
    plan = FILM.planned(turned)
    return FILM.rolled(plan, FILM.start(plan), turned["moment"]).learners[0]


def trace(answer: Answer, figure: str, role: str) -> dict[str, Any]:
    return next(one for one in answer.figures[figure]["data"] if one["meta"]["role"] == role)


def said(network: Learner, X: np.ndarray) -> np.ndarray:
    """σ of a tanh network's sum, by hand."""
    architecture, A = network.setting.architecture, X
    layers = list(zip(architecture.weights(network.parameters), architecture.biases(network.parameters), strict=True))
    for W, b in layers[:-1]:
        A = np.tanh(A @ W.T + b)
    W, b = layers[-1]
    return np.asarray(1.0 / (1.0 + np.exp(-(A @ W.T + b))))


# The film and the engine.


def test_what_the_page_trains_is_what_the_engine_trains() -> None:
    lesson = LIBRARY.taught(knobs().pattern)
    setting = Setting(
        Architecture((2, 6, 4, 1)), rate=0.3, batch=10, penalty=Penalty(l1=0.001, l2=0.02), seed=3,
        optimizer=Adam(), dropout=InvertedDropout(keep=0.8), noise=0.1, constraint=Projected(radius=2.0),
    )  # fmt: skip
    _, frame = advance(begin(lesson.task, [setting], 200), 200)
    shown = values(ask(
        rate=0.3, batch=10, l1=0.001, l2=0.02, seed=3, drop=20, input_noise=0.1, optimizer={"kind": "adam"},
        constraint={"kind": "projected", "radius": 2.0},
    ))  # fmt: skip
    model = frame.models[0]
    assert shown["training_loss"] == pytest.approx(model.loss, rel=1e-12)
    assert shown["test_loss"] == pytest.approx(model.validation_loss, rel=1e-12)
    assert shown["penalty"] == pytest.approx(model.penalty, rel=1e-12)
    assert shown["test_accuracy"] == pytest.approx(100 * (model.validation_accuracy or 0.0), rel=1e-12)
    assert (shown["step"], shown["epochs"]) == (200, 10.0)


def test_turning_a_knob_on_the_way_is_the_engines_change() -> None:
    lesson = LIBRARY.taught(knobs().pattern)
    before = Setting(Architecture((2, 6, 4, 1)), batch=16)
    after = Setting(Architecture((2, 6, 4, 1)), batch=16, rate=0.5, penalty=Penalty(l2=0.01))
    run, _ = advance(begin(lesson.task, [before], 200), 80)
    _, frame = advance(change(run, [after]), 120)
    turned, plain = values(ask(changes="40:l2=0.01,40:rate=0.5")), values(ask())
    assert turned["training_loss"] == pytest.approx(frame.models[0].loss, rel=1e-12)
    assert turned["training_loss"] != pytest.approx(plain["training_loss"], rel=1e-3)
    same = [values(ask(changes=text, moment=40)) for text in ("", "40:l2=0.01,40:rate=0.5")]
    assert same[0] == same[1]


def test_each_of_two_turns_of_different_knobs_lasts() -> None:
    lesson = LIBRARY.taught(knobs().pattern)
    settings = [
        Setting(Architecture((2, 6, 4, 1)), batch=16),
        Setting(Architecture((2, 6, 4, 1)), batch=16, rate=0.5),
        Setting(Architecture((2, 6, 4, 1)), batch=16, rate=0.5, dropout=InvertedDropout(keep=0.7)),
    ]
    run, _ = advance(begin(lesson.task, settings[:1], 200), 60)
    run, _ = advance(change(run, settings[1:2]), 80)
    _, frame = advance(change(run, settings[2:]), 60)
    shown = values(ask(changes="30:rate=0.5,70:drop=30"))
    assert shown["training_loss"] == pytest.approx(frame.models[0].loss, rel=1e-12)


def test_rewinding_gives_the_same_bytes() -> None:
    def bytes_at(moment: int) -> bytes:
        given = {"moment": str(moment), "steps": "200", "drop": "20", "input_noise": "0.1"}
        return computed(question(NETWORK, NETWORK.parts["training"], given), LIBRARY)

    first = [bytes_at(moment) for moment in (0, 40, 100)]
    assert [bytes_at(moment) for moment in (100, 40, 0)] == first[::-1]
    assert len(set(first)) == 3


def test_moment_0_is_before_the_first_step_whatever_is_turned() -> None:
    starts = [learner(moment=0, **given).parameters for given in ({}, {"rate": 3}, {"l2": 0.1, "drop": 50})]
    assert all((one == starts[0]).all() for one in starts)
    assert not (learner(moment=0, seed=1).parameters == starts[0]).all()


def test_strengths_by_layer_act_on_their_layers_only() -> None:
    """With a factor of 0 on all layers but the second, only the second is penalised."""
    factors = {f"factor_{i}": 1.0 if i == 2 else 0.0 for i in range(1, 8)}
    given = {"l1": 0.01, "l2": 0.1, "spread": {"kind": "by_layer", **factors}}
    network = learner(**given)
    second = network.setting.architecture.weights(network.parameters)[1]
    expected = 0.01 * np.abs(second).sum() + 0.05 * (second**2).sum()
    assert values(ask(**given))["penalty"] == pytest.approx(float(expected), rel=1e-12)
    assert network.setting.penalty.l2 == (0.0, 0.1, 0.0)
    assert values(ask(**given))["layer_strengths"] == "α₁: 0, 0.01, 0; α₂: 0, 0.1, 0"
    assert values(ask())["layer_strengths"] is None


def test_one_step_is_nielsens() -> None:
    """w ← (1 − ηλ/n)w − (ηλ/n)sgn(w) − η∂C with all samples as the batch; the biases without either penalty."""
    eta, l1, l2 = 0.2, 0.01, 0.05
    given = {"rate": eta, "l1": l1, "l2": l2, "batch": 2000, "steps": 10}
    start, moved = learner(moment=0, **given), learner(moment=10, **given)
    lesson = LIBRARY.taught(knobs().pattern)
    X, y = lesson.task.training.inputs, lesson.task.training.targets

    def cost(parameters: np.ndarray) -> float:
        a = predict(start.setting.architecture, parameters, X)
        return float(-(y * np.log(a) + (1 - y) * np.log(1 - a)).sum() / len(y))

    w = start.parameters
    slopes = np.array([(cost(w + h) - cost(w - h)) / 2e-5 for h in 1e-5 * np.eye(len(w))])
    is_weight = start.setting.architecture.is_weight
    expected = (1 - eta * l2 * is_weight) * w - eta * l1 * is_weight * np.sign(w) - eta * slopes
    assert np.abs(moved.parameters - expected).max() < 1e-9


# What is drawn is what was computed.


def test_the_surface_is_what_the_network_says() -> None:
    network, heat = learner(), trace(ask(), "says", "says")
    xs, ys = np.asarray(heat["x"]), np.asarray(heat["y"])
    grid = np.array([[x, y] for y in ys for x in xs])
    chances = 100 * said(network, grid).reshape(len(ys), len(xs))
    assert np.abs(np.asarray(heat["z"]) - chances).max() <= 0.5 + 0.05  # whole per cent; the grid has four digits
    assert (heat["zmin"], heat["zmax"]) == (0, 100)
    bare = trace(ask(view="classes"), "says", "says")
    clear = np.abs(chances - 50) > 0.1
    assert (np.asarray(bare["z"])[clear] == 100 * (chances > 50)[clear]).all()


def test_the_surface_reads_the_features_that_are_chosen() -> None:
    features = {"kind": "chosen", "x1": True, "x2": False, "square_1": False, "square_2": True, "product": True,
                "sine_1": False, "sine_2": True}  # fmt: skip
    network, heat = learner(features=features), trace(ask(features=features), "says", "says")
    x, y = (one.ravel() for one in np.meshgrid(np.asarray(heat["x"]), np.asarray(heat["y"])))
    given = np.column_stack([x, y**2, x * y, np.sin(np.pi * y)])
    chances = 100 * said(network, given).reshape(len(heat["y"]), -1)
    assert np.abs(np.asarray(heat["z"]) - chances).max() <= 0.6
    assert network.setting.architecture.sizes == (4, 6, 4, 1)


def test_the_samples_are_those_of_the_lesson() -> None:
    lesson = LIBRARY.taught(knobs().pattern)
    drawn = ask("ground")
    for role, some in (("sample", lesson.task.training), ("test", lesson.test)):
        for i in (0, 1):
            dots = trace(drawn, "says", f"{role}_{i}")
            points = some.inputs[some.targets[:, 0] == i]
            assert np.abs(np.column_stack([dots["x"], dots["y"]]) - points).max() < 0.01
    roles = {one["meta"]["role"] for one in ask("ground", show_test=False).figures["says"]["data"]}
    assert roles == {"sample_0", "sample_1"}


def test_both_losses_differ_by_exactly_the_penalty() -> None:
    given = {"l1": 0.003, "l2": 0.01}
    drawn, shown, network = ask(**given), values(ask(**given)), learner(**given)
    assert shown["penalised_loss"] == shown["training_loss"] + shown["penalty"]
    weights = network.setting.architecture.weights(network.parameters)
    penalty = sum(0.003 * np.abs(W).sum() + 0.005 * (W**2).sum() for W in weights)
    assert shown["penalty"] == pytest.approx(float(penalty), rel=1e-12)
    plain, penalised = (trace(drawn, "losses", role)["y"] for role in ("cost_training", "cost_penalised"))
    assert penalised[-1] - plain[-1] == pytest.approx(float(penalty), rel=2e-3)  # four digits are drawn
    assert "cost_penalised" not in {one["meta"]["role"] for one in ask().figures["losses"]["data"]}


def test_the_curves_end_at_the_readouts() -> None:
    drawn, shown = ask(moment=70), values(ask(moment=70))
    ends = {"losses": ("loss", "cost"), "accuracies": ("accuracy", "accuracy")}
    for figure, (name, role) in ends.items():
        for part in ("training", "test"):
            line = trace(drawn, figure, f"{role}_{part}")
            assert line["x"][-1] == shown["step"] == 140
            assert line["y"][-1] == pytest.approx(shown[f"{part}_{name}"], rel=2e-3)


def test_where_something_is_turned_is_marked() -> None:
    marked = [
        one for one in ask(changes="25:rate=0.3").figures["losses"]["layout"]["shapes"] if one["name"] == "turned"
    ]
    assert [one["x0"] for one in marked] == [50]


def test_a_number_is_judged_by_the_share_of_its_variance() -> None:
    given = {"pattern": {"kind": "curve"}, "steps": 1500}
    network, lesson = learner(**given), LIBRARY.taught(knobs(**given).pattern)
    y = lesson.test.targets
    away = predict(network.setting.architecture, network.parameters, lesson.test.inputs) - y
    told = 1 - float((away**2).sum() / ((y - y.mean()) ** 2).sum())
    drawn = ask(**given)
    assert trace(drawn, "accuracies", "accuracy_test")["y"][-1] == pytest.approx(100 * told, rel=2e-3)
    line = trace(drawn, "says", "says_line")
    at = predict(network.setting.architecture, network.parameters, np.asarray(line["x"])[:, None])[:, 0]
    assert np.abs(np.asarray(line["y"]) - at).max() < 0.01


HILLS = {
    "pattern": {"kind": "relief", "shape": "hills", "noise": 0.05},
    "hidden": {"kind": "2", "units_1": 12, "units_2": 8}, "optimizer": {"kind": "adam"}, "rate": 0.02, "steps": 3000,
}  # fmt: skip
STEEP = {
    "pattern": {"kind": "relief", "noise": 0}, "hidden": {"kind": "0"}, "features": {"kind": "chosen"},
    "rate": 0.05, "steps": 2000,
}  # fmt: skip


@pytest.mark.parametrize(("given", "least"), [(STEEP, 0.9999), (HILLS, 0.9)], ids=["slope", "hills"])
def test_a_relief_is_learnt(given: dict[str, Any], least: float) -> None:
    lesson, network = LIBRARY.taught(knobs(**given).pattern), learner(**given)
    x1, x2 = lesson.test.inputs.T
    inputs = np.column_stack([x1, x2, x1**2, x2**2]) if given is STEEP else lesson.test.inputs
    y = lesson.test.targets
    away = predict(network.setting.architecture, network.parameters, inputs) - y
    told = 1 - float((away**2).sum() / ((y - y.mean()) ** 2).sum())
    drawn = ask(**given)
    assert told > least
    assert trace(drawn, "accuracies", "accuracy_test")["y"][-1] == pytest.approx(100 * told, rel=2e-3)
    assert values(drawn)["test_accuracy"] is None
    if given is STEEP:  # the plane's own two weights, and none for the squares
        (W,) = network.setting.architecture.weights(network.parameters)
        assert W[0] == pytest.approx([0.25, 0.25, 0, 0], abs=1e-3)


def test_the_surface_of_a_relief_is_the_value_that_the_network_says() -> None:
    network, heat = learner(**HILLS), trace(ask(**HILLS), "says", "says_value")
    x, y = (one.ravel() for one in np.meshgrid(np.asarray(heat["x"]), np.asarray(heat["y"])))
    heights = predict(network.setting.architecture, network.parameters, np.column_stack([x, y]))[:, 0]
    heights = heights.reshape(len(heat["y"]), -1)
    lesson = LIBRARY.taught(knobs(**HILLS).pattern)
    reach = max(float(np.abs(one.targets).max()) for one in (lesson.task.training, lesson.test))
    assert (heat["zmin"], heat["zmax"]) == (-heat["zmax"], pytest.approx(reach, abs=0.006))
    inside = np.abs(heights) < reach - 0.01
    assert np.abs(np.asarray(heat["z"]) - heights)[inside].max() <= 0.006
    assert np.abs(np.asarray(heat["z"])).max() <= reach + 0.006
    assert inside.mean() > 0.5
    signs = np.asarray(trace(ask(**HILLS, view="classes"), "says", "says_value")["z"])
    clear = np.abs(heights) > 0.001
    assert (np.sign(signs) == np.sign(heights))[clear].all()
    assert len(np.unique(np.abs(signs))) == 1


def test_the_samples_of_a_relief_are_drawn_by_sign_and_size() -> None:
    lesson, drawn = LIBRARY.taught(knobs(**HILLS).pattern), ask("ground", **HILLS)
    for role, some in (("sample", lesson.task.training), ("test", lesson.test)):
        for side, which in (("below", some.targets[:, 0] < 0), ("above", some.targets[:, 0] >= 0)):
            dots = trace(drawn, "says", f"{role}_{side}")
            assert np.abs(np.column_stack([dots["x"], dots["y"]]) - some.inputs[which]).max() < 0.01
            far = np.argsort(np.abs(some.targets[which, 0]), kind="stable")
            assert (np.diff(np.asarray(dots["marker"]["size"])[far]) >= 0).all()
            assert np.ptp(np.asarray(dots["marker"]["size"])) > 3
    roles = {one["meta"]["role"] for one in ask("ground", **HILLS, show_test=False).figures["says"]["data"]}
    assert roles == {"sample_below", "sample_above"}


@pytest.mark.parametrize("dataset", ["wine", "breast_cancer"])
def test_the_confusions_are_counted_as_scikit_learn_counts(dataset: str) -> None:
    given = {"pattern": {"kind": "table", "dataset": dataset}, "steps": 40}
    network, lesson = learner(**given), LIBRARY.taught(knobs(**given).pattern)
    a = predict(network.setting.architecture, network.parameters, lesson.test.inputs)
    one = lesson.outputs == 1
    true = (lesson.test.targets[:, 0] > 0.5) if one else lesson.test.targets.argmax(axis=1)
    taken = (a[:, 0] > 0.5) if one else a.argmax(axis=1)
    counts = confusion_matrix(true, taken)
    heat = trace(ask(**given), "says", "confusion")
    assert [[int(text or 0) for text in row] for row in heat["text"]] == counts.tolist()
    assert np.abs(np.asarray(heat["z"]) - 100 * counts / counts.sum(axis=1, keepdims=True)).max() <= 0.5
    ticks = ask("ground", **given).figures["says"]["layout"]["yaxis"]["ticktext"]
    assert len(ticks) == len(counts)


def test_each_tile_is_what_its_unit_gives_on() -> None:
    network = learner()
    z = np.asarray(trace(ask(), "units", "unit_says")["z"], dtype=float)
    cells = (z.shape[0] - 1) // 2
    middles = -2.6 + 5.2 * (np.arange(cells) + 0.5) / cells
    points = np.array([[x, y] for y in middles for x in middles])
    W, b = (
        network.setting.architecture.weights(network.parameters),
        network.setting.architecture.biases(network.parameters),
    )
    first = np.tanh(points @ W[0].T + b[0])
    second = np.tanh(first @ W[1].T + b[1])
    for layer, active in enumerate((first, second)):
        for unit in range(active.shape[1]):
            top = z.shape[0] - layer * (cells + 1)
            tile = z[top - cells : top, unit * (cells + 1) : unit * (cells + 1) + cells]
            face = active[:, unit].reshape(cells, cells)
            assert np.abs(tile - 9 * face / np.abs(face).max()).max() <= 0.5 + 1e-9


def test_the_spread_of_each_layer_counts_all_its_weights() -> None:
    drawn = ask(hidden={"kind": "3", "units_1": 8, "units_2": 8, "units_3": 8}).figures["spread"]["data"]
    assert [one["meta"]["role"] for one in drawn] == [f"layer_{i}" for i in (1, 2, 3, 4)]
    for one in drawn:
        assert float(np.sum(one["y"])) == pytest.approx(100, abs=0.3)


def test_dead_units_are_counted_and_ringed() -> None:
    given = {"l2": 0.3, "steps": 2000}
    network, shown = learner(**given), ask(**given)
    norms = [np.linalg.norm(W, axis=1) for W in network.setting.architecture.weights(network.parameters)[:-1]]
    dead = int(sum((one <= 0.01).sum() for one in norms))
    assert values(shown)["dead_units"] == dead == 10
    assert len(trace(shown, "network", "unit_dead")["x"]) == dead
    assert values(ask())["dead_units"] == 0


# The drawing of a network.


def strips(path: str) -> list[list[float]]:
    return [[float(one) for one in re.findall(r"-?[\d.]+", strip)] for strip in path.split("M")[1:]]


def test_an_edge_is_as_wide_as_its_weight_is_large_and_goes_from_unit_to_unit() -> None:
    diagram, weights = Diagram((2, 3)), [np.array([[1.0, -0.5], [0.0, 2.0], [0.25, 0.0]])]
    above, below = diagrams.edges(diagram, weights)
    assert (above["name"], below["name"]) == ("weight_positive", "weight_negative")
    found = {}
    for path in (above["path"], below["path"]):
        for x0, low, high, x1, right_high, right_low in strips(path):
            assert (x0, x1) == (0, 1)
            assert right_high - right_low == pytest.approx(high - low, abs=2e-3)
            found[(low + high) / 2, (right_low + right_high) / 2] = high - low
    assert len(found) == 4  # the two zeros are no edges
    widest = found[-0.5, 0.0]  # from the second input to the second unit: 2.0
    assert found[0.5, 1.0] == pytest.approx(widest / 2, rel=0.02)
    assert found[-0.5, 1.0] == pytest.approx(widest / 4, rel=0.02)
    assert found[0.5, -1.0] == pytest.approx(widest / 8, rel=0.05)
    small = diagrams.edges(diagram, [0.1 * weights[0]])[0]
    assert max(one[2] - one[1] for one in strips(small["path"])) == pytest.approx(0.2 * widest, rel=0.02)


def test_units_that_take_no_part_have_no_edges() -> None:
    diagram, weights = Diagram((2, 3, 1)), [np.ones((3, 2)), np.ones((1, 3))]
    (drawn,) = diagrams.edges(diagram, weights, without={1: [0, 2]})
    assert len(strips(drawn["path"])) == 2 + 1


def test_a_wide_layer_has_a_gap_and_the_largest_weights_are_drawn() -> None:
    diagram = Diagram((64, 32, 10))
    assert len(diagram.shown(0)) == 15
    assert diagram.at(0, 30) is None
    heights = [place[1] for unit in diagram.shown(0) if (place := diagram.at(0, unit))]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == -heights[-1]
    weights = [np.random.default_rng(0).standard_normal(shape) for shape in ((32, 64), (10, 32))]
    drawn = diagrams.edges(diagram, weights)
    assert sum(len(strips(one["path"])) for one in drawn) == diagrams.MOST_EDGES
    assert diagrams.drawn_edges(diagram, weights) == (64 * 32 + 320, diagrams.MOST_EDGES)
    said = [one["text"] for one in diagrams.names(diagram, ["a"] * 64, ["<b>"] * 10)]
    assert {"64, 15 drawn", "32, 15 drawn", "&lt;b&gt;"} <= set(said)


def test_units_are_drawn_by_what_they_are() -> None:
    found = diagrams.units(Diagram((2, 4, 1)), [{"unit_dropped": [1, 3]}])
    assert {one["meta"]["role"]: len(one["x"]) for one in found} == {"unit_input": 2, "unit": 3, "unit_dropped": 2}


# Size: a page keeps a hundred frames.


@pytest.mark.parametrize(
    "given", [{}, {"pattern": {"kind": "digits"}}, {"pattern": {"kind": "curve"}}, {"pattern": {"kind": "relief"}}]
)
def test_a_frame_is_small(given: dict[str, Any]) -> None:
    query = {"steps": "200", **({"pattern.kind": given["pattern"]["kind"]} if given else {})}
    assert len(computed(question(NETWORK, NETWORK.parts["training"], query), LIBRARY)) < 26_000  # with all its words


def test_the_first_view_is_estimated_to_cost_an_eighth_of_a_second() -> None:
    plain = NetworkKnobs()
    for part in NETWORK.parts.values():
        assert part.cost(**NETWORK.given(part, plain, LIBRARY)) < 125


# Digits.


@pytest.mark.parametrize("drop", [0, 20])
@pytest.mark.parametrize("seed", [0, 1])
def test_digits_are_read_as_well_as_was_promised(drop: int, seed: int) -> None:
    """At least 96 % with 64-32-10, and far less than 20 s of computing by the page's own estimate."""
    turned = next(dict(one.knobs) for one in NETWORK.presets if one.id == "digits")
    query = {key: str(value) for key, value in turned.items()} | {"drop": str(drop), "seed": str(seed)}
    asked = question(NETWORK, NETWORK.parts["training"], query)
    given = NETWORK.given(asked.part, asked.knobs, LIBRARY)
    assert asked.part.cost(**given) < 5_000
    answer = asked.part.compute(**given)
    assert answer.readouts["test_accuracy"].value >= 96.0
    assert values(ask("ground", pattern={"kind": "digits"}))["tested_on"] == 359


# Bad input: a sentence, drawn, finite.

BAD = [
    {"rate": 1e-6}, {"rate": 1e6}, {"rate": 1e6, "pattern": {"kind": "curve"}}, {"l1": 1000}, {"l2": 1000},
    {"rate": 1e6, "optimizer": {"kind": "adam"}}, {"batch": 2000},
    {"rate": 1e6, "pattern": {"kind": "relief", "rows": 4, "share": 1, "noise": 2}},
    {"pattern": {"kind": "relief", "rows": 4, "share": 99, "shift": -5}},
    {"input_noise": 10, "pattern": {"kind": "xor", "noise": 2}},
    {"pattern": {"kind": "circle", "rows": 4, "share": 1}}, {"pattern": {"kind": "spiral", "rows": 4, "share": 99}},
    {"hidden": {"kind": "1", "units_1": 1}}, {"hidden": {"kind": "0"}, "drop": 90}, {"drop": 90},
    {"initial": {"kind": "zero"}}, {"initial": {"kind": "large", "scale": 100}, "activation": {"kind": "relu"}},
    {"hidden": {"kind": "1", "units_1": 1}, "finer": CHOSEN | {"layer_norm": True}},
    {"constraint": {"kind": "projected", "radius": 0}}, {"constraint": {"kind": "multiplied", "radius": 0, "rate": 10}},
    {"finer": CHOSEN | {"clip": 1e-2}}, {"finer": CHOSEN | {"patience": 1}}, {"steps": 10},
    {"pattern": {"kind": "digits", "share": 1}}, {"pattern": {"kind": "table", "dataset": "wine", "share": 1}},
    {"pattern": {"kind": "table", "dataset": "diabetes", "share": 1}}, {"rate": 1, "l2": 3},
    {"finer": CHOSEN | {"cost": "quadratic", "dropout": "classic", "drop_inputs": 90}, "drop": 90},
]  # fmt: skip


@pytest.mark.parametrize("given", BAD, ids=str)
def test_bad_input_is_drawn_and_explained(given: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for part in NETWORK.parts:
            answer = ask(part, **given)
            assert answer.outcome.sentence.endswith(".")
            assert all(math.isfinite(one) for one in values(answer).values() if isinstance(one, float))
            for figure in answer.figures.values():
                assert all(math.isfinite(one) for one in numbers(figure))


def test_divergence_says_which_factor_exceeded_what() -> None:
    answer = ask(rate=1, l2=3)
    assert answer.outcome.kind == "diverged"
    assert "1 − ηα = −2 a step is below −1: ηα = 3, above 2" in answer.outcome.sentence
    curve = ask(rate=3, pattern={"kind": "curve"}, hidden={"kind": "0"}, batch=2000)
    x = np.column_stack([LIBRARY.taught(knobs(pattern={"kind": "curve"}).pattern).task.training.inputs, np.ones(50)])
    steepest = float(np.linalg.eigvalsh(x.T @ x / 50).max())
    assert f"η = 3 is {3 * steepest:.3g}/L, above 2/L, where L = {steepest:.3g}" in curve.outcome.sentence
    drawn = answer.figures["losses"]
    top = drawn["layout"]["yaxis"]["range"][1]
    assert all(max(one["y"]) > 1.4 * top for one in drawn["data"])  # it leaves the chart: no plateau within
    ends = drawn["layout"]["xaxis"]["range"]
    assert ends[1] < 30  # the chart ends where the training did, of 200 steps


def test_a_loss_that_ends_above_its_start_is_told() -> None:
    answer = ask(rate=1000)
    assert values(answer)["training_loss"] > 2.0 * values(ask(rate=1000, moment=0))["training_loss"]
    assert "ended above where it began" in answer.outcome.sentence
    assert "the steps are too long" in answer.outcome.sentence
    assert "above" not in ask().outcome.sentence


def test_many_columns_and_rows_have_short_names() -> None:
    layers = (64,) * 6
    said = {one["text"] for one in diagrams.names(Diagram((2, *layers, 1)))}
    assert said == {"15/64"}
    lesson = LIBRARY.taught(knobs().pattern)
    tiles = mosaic(knobs().pattern, lesson, layers)
    assert tiles is not None
    assert [one for one in axes(tiles)["yaxis"]["ticktext"] if one] == [f"layer {i}" for i in range(1, 7)]
    assert [one for one in axes(tiles)["xaxis"]["ticktext"] if one] == ["1", "16"]


def test_no_input_at_all_is_explained_and_functions_outside_the_plane_are_not_used() -> None:
    none = dict.fromkeys(("x1", "x2", "square_1", "square_2", "product", "sine_1", "sine_2"), False)
    assert "none is chosen" in ask("ground", features={"kind": "chosen", **none}).outcome.sentence
    assert values(ask(features={"kind": "chosen", **none})) == values(ask())
    ground = ask("ground", features={"kind": "chosen", **none}, pattern={"kind": "curve"})
    assert "as they are" in ground.outcome.sentence
    assert learner(features={"kind": "chosen"}, pattern={"kind": "curve"}).setting.architecture.sizes[0] == 1


@pytest.mark.parametrize(
    "text", ["40:batch=3", "x", "0:rate=1", "100:rate=1", "40:rate=-1", "40:rate=1e9", "40:seed=3"]
)
def test_changes_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        ask(changes=text)


def test_too_much_is_refused_with_a_sentence(client: Any) -> None:
    layers = "&".join(f"hidden.units_{i}=64" for i in range(1, 7))
    address = f"/api/v1/labs/network/training?steps=20000&batch=2000&pattern.kind=digits&hidden.kind=6&{layers}"
    answer = client.get(address)
    assert answer.status_code == 422
    assert "seconds of computing" in answer.json()["errors"][0]["message"]


def test_patience_stops_and_takes_the_best_back() -> None:
    given = {"pattern": {"kind": "circle", "share": 5, "noise": 0.5}, "rate": 0.03, "optimizer": {"kind": "adam"},
             "steps": 1500, "finer": CHOSEN | {"patience": 20}}  # fmt: skip
    stopped = ask(**given)
    assert stopped.outcome.kind == "stopped"
    assert values(stopped)["step"] < 1500
    assert values(stopped)["test_loss"] <= values(stopped)["lowest_test"]
    assert values(ask(**given | {"finer": CHOSEN}))["test_loss"] > values(stopped)["test_loss"]


def test_hinton_bound_holds_at_every_moment() -> None:
    for moment in (1, 50, 100):
        shown = values(ask(constraint={"kind": "projected", "radius": 1.5}, rate=1, moment=moment))
        assert shown["longest"] <= 1.5 * (1 + 1e-12)
    whole = learner(constraint={"kind": "projected", "radius": 1.5, "scope": "layer"}, rate=1)
    norms = [np.linalg.norm(W) for W in whole.setting.architecture.weights(whole.parameters)]
    assert max(norms) <= 1.5 * (1 + 1e-12)


# The script.

SCRIPTS: list[dict[str, Any]] = [
    {}, {"moment": 0}, {"optimizer": {"kind": "momentum"}, "rate": 0.02, "l2": 0.01}, {"batch": 2000},
    {"optimizer": {"kind": "nesterov"}, "rate": 0.02, "l1": 0.003, "finer": CHOSEN | {"l1_update": "soft"}},
    {"optimizer": {"kind": "nesterov", "schedule": "fista"}, "rate": 0.01},
    {"optimizer": {"kind": "rmsprop"}, "rate": 0.01}, {"optimizer": {"kind": "adam"}, "rate": 0.01, "l2": 0.01},
    {"optimizer": {"kind": "adamw", "decay": 0.5}, "rate": 0.01},
    {"optimizer": {"kind": "adam"}, "rate": 0.01, "l2": 0.1, "finer": CHOSEN | {"l2_update": "decoupled"}},
    {"activation": {"kind": "relu"}, "initial": {"kind": "he"}}, {"activation": {"kind": "leaky_relu", "leak": 0.1}},
    {"activation": {"kind": "sigmoid"}, "initial": {"kind": "large"}}, {"activation": {"kind": "linear"}},
    {"initial": {"kind": "constant"}, "l1": 0.001}, {"initial": {"kind": "zero"}}, {"initial": {"kind": "small"}},
    {"drop": 30, "input_noise": 0.2, "finer": CHOSEN | {"drop_inputs": 10}},
    {"drop": 30, "finer": CHOSEN | {"drop_inputs": 10, "dropout": "classic"}}, {"finer": CHOSEN | {"clip": 0.1}},
    {"finer": CHOSEN | {"layer_norm": True}, "steps": 30, "drop": 20, "l2": 0.01}, {"rate": 1, "l2": 3},
    {"finer": CHOSEN | {"patience": 2}, "steps": 1500, "pattern": {"kind": "moons", "share": 5}, "rate": 1},
    {"constraint": {"kind": "projected"}}, {"constraint": {"kind": "projected", "scope": "layer"}},
    {"constraint": {"kind": "multiplied"}}, {"constraint": {"kind": "multiplied", "scope": "layer"}},
    {"changes": "30:l2=0.01,50:rate=0.3,60:drop=20,70:input_noise=0.1,95:l1=0.1", "moment": 90},
    {"spread": {"kind": "by_layer", "factor_2": 3, "factor_3": 0}, "l1": 0.001, "l2": 0.002},
    {"features": {"kind": "chosen", "product": True, "sine_1": True, "sine_2": True}, "pattern": {"kind": "xor"}},
    {"features": {"kind": "chosen", "sine_1": True}, "pattern": {"kind": "relief", "shape": "hills", "shift": 0.5}},
    {"pattern": {"kind": "relief", "seed": 3}, "hidden": {"kind": "0"}}, {"pattern": {"kind": "relief"}, "moment": 0},
    {"pattern": {"kind": "curve", "shape": "bump"}}, {"pattern": {"kind": "digits", "noise": 0.1}, "drop": 20},
    {"pattern": {"kind": "table", "dataset": "wine"}}, {"pattern": {"kind": "table", "dataset": "diabetes"}},
    {"pattern": {"kind": "table"}, "finer": CHOSEN | {"cost": "quadratic"}}, {"hidden": {"kind": "0"}, "drop": 20},
    {"pattern": {"kind": "spiral", "shift": 0.5, "seed": 2}, "seed": 5, "hidden": {"kind": "1", "units_1": 16}},
]  # fmt: skip
PRINTED = {
    "step": "step", "training loss": "training_loss", "penalty": "penalty", "test loss": "test_loss",
    "training accuracy": "training_accuracy", "test accuracy": "test_accuracy",
}  # fmt: skip


@pytest.mark.parametrize("given", SCRIPTS, ids=str)
def test_the_script_trains_to_the_same_numbers(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(NETWORK.python(knobs(**given), LIBRARY), "exported", "exec"), {"__name__": "exported"})  # noqa: S102
    printed = dict(line.rsplit(" ", 1) for line in capsys.readouterr().out.splitlines() if " " in line)
    shown = values(ask(**given))
    for words, name in PRINTED.items():
        if shown[name] is None:
            assert printed[words] == "None"
        else:
            factor = 100 if "accuracy" in words else 1
            assert factor * float(printed[words]) == pytest.approx(shown[name], rel=1e-8, abs=1e-12), words


# The claims of the story and the presets.


def preset(name: str, **more: Any) -> dict[str, Any]:
    """What a preset reads, with some knobs turned, or with some as they are by default (None)."""
    turned = next(dict(one.knobs) for one in NETWORK.presets if one.id == name)
    turned = {key: value for key, value in turned.items() if more.get(key, value) is not None}
    more = {key: value for key, value in more.items() if value is not None}
    query = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in turned.items()}
    asked = question(NETWORK, NETWORK.parts["training"], query | {key: str(value) for key, value in more.items()})
    return values(asked.part.compute(**NETWORK.given(asked.part, asked.knobs, LIBRARY)))


def test_forty_samples_are_learnt_by_heart_and_rescued() -> None:
    half, end = preset("rescue", moment=50), preset("rescue")
    assert half["training_accuracy"] == 100
    assert half["test_loss"] == pytest.approx(1.94, abs=0.005)
    assert end["highest_test"] == half["test_loss"]
    assert end["test_loss"] == pytest.approx(0.53, abs=0.005)


def test_too_much_decay_leaves_a_coin() -> None:
    shown = preset("rescue", changes=None, l2=0.1)
    assert shown["dead_units"] == 24
    assert shown["test_loss"] == pytest.approx(math.log(2), abs=0.005)
    assert values(ask(**{**SMALL, "steps": 10}))["dead_units"] == 0


def test_the_sign_leaves_no_zero_and_the_threshold_fifteen() -> None:
    soft, sign = preset("zeros"), preset("zeros", **{"finer.l1_update": "sign"})
    assert (soft["zeros"], sign["zeros"]) == (15, 0)
    assert soft["test_loss"] == pytest.approx(sign["test_loss"], rel=0.01)


def test_two_squares_are_enough_for_a_ring() -> None:
    assert preset("features")["test_accuracy"] == pytest.approx(95.5)
    lesson = teach(knobs().pattern)
    square = (lesson.test.inputs**2).sum(axis=1)
    best = max(float(((square < r) == (lesson.test.targets[:, 0] > 0.5)).mean()) for r in np.linspace(0.5, 3, 200))
    assert best >= 0.95  # a circle alone does as well


def test_both_parts_are_as_the_contract_of_films_has_them() -> None:
    assert isinstance(NETWORK.parts["training"].compute, Film)
    assert NETWORK.parts["training"].streams
    assert not NETWORK.parts["ground"].streams
    moving = {*NETWORK.parts["training"].knobs}
    assert not {"moment", "rate", "l1", "l2", "drop"} & {*NETWORK.parts["ground"].knobs}
    assert {"moment", "changes"} <= moving


def test_a_unit_tells_its_weights_and_its_bias_when_pointed_at() -> None:
    network, drawn = learner(), ask()
    W, b = (
        network.setting.architecture.weights(network.parameters),
        network.setting.architecture.biases(network.parameters),
    )
    units = trace(drawn, "network", "unit")
    assert len(units["text"]) == 6 + 4 + 1
    told = [[float(one.replace("−", "-")) for one in re.findall(r"[−\d.e]+", text)] for text in units["text"]]
    for i, numbers_told in enumerate(told[:6]):
        assert numbers_told == pytest.approx([*W[0][i], b[0][i]], rel=6e-3)
    wide = ask(hidden={"kind": "2", "units_1": 32, "units_2": 16})
    assert not [one for one in wide.figures["network"]["data"] if one["meta"]["role"] == "unit"]
    still = ask("ground", hidden={"kind": "2", "units_1": 32, "units_2": 16})
    assert len(trace(still, "network", "unit")["x"]) == 15 + 16 + 1
