"""The lab on backpropagation: its graph against differences of our own, the engine, and hand-made numbers."""

from itertools import combinations
from itertools import product as all_of
from typing import Any, get_args

import numpy as np
import pytest

from app.data import Library, Uploads
from app.labs.backprop import BACKPROP, BackpropKnobs
from app.labs.backprop.network import COSTS, PARAMETERS, PARTS, WEIGHTS, CostKind, Drawn, Network, Own, Written
from app.labs.backprop.passed import passed, short, signed
from app.labs.backprop.places import HEIGHT, PLACES, WIDTH
from app.labs.backprop.steps import ABOVE, BELOW, STEPS
from app.labs.lab import Answer
from app.networks import AnyActivation, LeakyReLU, ReLU, Tanh, evaluate, gradient, signals
from app.networks.graphs import Graph, Node, differences, gradients, values
from app.networks.operations import applied, penalty, product, scaled, total

LIBRARY = Library(Uploads(None))
ACTIVATIONS = [one() for one in get_args(AnyActivation)]
EVERY = list(all_of(ACTIVATIONS, COSTS, PARTS))
each_network = pytest.mark.parametrize(
    ("activation", "cost", "kind"), EVERY, ids=[f"{one.kind}-{cost}-{kind}" for one, cost, kind in EVERY]
)


def ask(part: str, **given: Any) -> Answer:
    knobs = BackpropKnobs.model_validate(given)
    found = BACKPROP.parts[part]
    return found.compute(**BACKPROP.given(found, knobs, LIBRARY))


def value(answer: Answer, name: str) -> float:
    found = answer.readouts[name].value
    assert isinstance(found, int | float), (name, found)
    return float(found)


def own_objective(theta: np.ndarray, x: Any, y: float, activation: Any, cost: str, kind: str, strength: float) -> float:
    """J in plain Python: no graph, no engine."""
    f = {
        "tanh": np.tanh, "relu": lambda z: max(z, 0.0), "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "linear": lambda z: z,
    }[activation.kind]  # fmt: skip
    w11, w12, b1, w21, w22, b2, v1, v2, c = theta
    z = v1 * f(w11 * x[0] + w12 * x[1] + b1) + v2 * f(w21 * x[0] + w22 * x[1] + b2) + c
    said = 1 / (1 + np.exp(-z))
    loss = {
        "quadratic": (z - y) ** 2 / 2, "quadratic_sigmoid": (said - y) ** 2 / 2,
        "cross_entropy": -y * np.log(said) - (1 - y) * np.log(1 - said),
    }[cost]  # fmt: skip
    weights = np.array([w11, w12, w21, w22, v1, v2])
    l1, l2 = {"l1": (1, 0), "l2": (0, 1), "elastic": (0.5, 0.5)}[kind]
    return float(loss + strength * (l1 * np.abs(weights).sum() + l2 * (weights**2).sum() / 2))


@each_network
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gradients_of_the_graph_are_slopes_of_the_objective(
    activation: AnyActivation, cost: CostKind, kind: Any, seed: int
) -> None:
    network = Network(Drawn(seed=seed), Own(x1=0.7, x2=-1.2, y=0.3), activation, cost, kind, 0.37)
    theta, h = network.row, 1e-5
    wanted = [
        (own_objective(theta + h * e, (0.7, -1.2), 0.3, activation, cost, kind, 0.37)
         - own_objective(theta - h * e, (0.7, -1.2), 0.3, activation, cost, kind, 0.37)) / (2 * h)
        for e in np.eye(9)
    ]  # fmt: skip
    found = values(network.graph, network.given)
    ours = [float(gradients(network.graph, found).nodes[one]) for one in PARAMETERS]
    np.testing.assert_allclose(ours, wanted, rtol=1e-7, atol=1e-9)
    here = own_objective(theta, (0.7, -1.2), 0.3, activation, cost, kind, 0.37)
    assert float(found["J"]) == pytest.approx(here, rel=1e-13)


@each_network
def test_the_graph_is_the_network_of_the_engine(activation: AnyActivation, cost: CostKind, kind: Any) -> None:
    network = Network(Drawn(seed=4), Own(), activation, cost, kind, 0.2)
    seen = passed(LIBRARY, network)
    engine = signals(network.architecture, network.row, network.examples, penalty=network.penalty)
    np.testing.assert_allclose([seen.slope(one) for one in PARAMETERS], engine.gradient, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose([seen.values["a1"], seen.values["a2"]], engine.activations[0][0], rtol=1e-13)
    np.testing.assert_allclose([seen.slope("z1"), seen.slope("z2")], engine.errors[0][0], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(seen.slope("z"), engine.errors[1][0, 0], rtol=1e-12)
    loss, _ = evaluate(network.architecture, network.row, network.examples)
    assert seen.values["C"] == pytest.approx(float(loss), rel=1e-13)
    assert seen.values["scaled"] == pytest.approx(float(network.penalty.value(network.architecture, network.row)))


@each_network
def test_the_page_checks_every_number_and_they_agree(activation: AnyActivation, cost: CostKind, kind: Any) -> None:
    shown = ask("graph", activation={"kind": activation.kind}, cost=cost, regularizer=kind)
    assert value(shown, "gap") < 1e-9
    assert value(shown, "checked") == 28 + 35
    assert shown.outcome.kind == "converged"


def test_a_wrong_slope_is_seen_by_the_check() -> None:
    """The differences are of values alone, so that a product whose slopes are exchanged does not agree with itself."""
    from dataclasses import replace

    wrong = replace(product(), slopes=lambda xs, _: [xs[0], xs[1]])
    graph = Graph((Node("a"), Node("b"), Node("J", wrong, ("a", "b"))))
    given = {"a": 2.0, "b": 5.0}
    ours, theirs = gradients(graph, values(graph, given)), differences(graph, given)
    assert (float(ours.nodes["a"]), float(ours.nodes["b"])) == (2.0, 5.0)
    assert (theirs.nodes["a"], theirs.nodes["b"]) == pytest.approx((5.0, 2.0))


def test_a_value_that_is_used_twice_adds_what_comes_back() -> None:
    """J = w·x + ½·0.5·w² at w = 3, x = 2: 2 along one edge, 1.5 along the other, 3.5 at w."""
    graph = Graph((
        Node("x"), Node("w"), Node("p", product(), ("w", "x")), Node("omega", penalty(0.0, 1.0, 1), ("w",)),
        Node("scaled", scaled(0.5), ("omega",)), Node("J", total(), ("p", "scaled")),
    ), frozenset({"x"}))  # fmt: skip
    found = gradients(graph, values(graph, {"x": 2.0, "w": 3.0}))
    assert float(found.edges["p", 0]) == 2.0
    assert float(found.edges["omega", 0]) == 1.5
    assert float(found.nodes["w"]) == 3.5
    checked = differences(graph, {"x": 2.0, "w": 3.0})
    assert checked.edges["p", 0] == pytest.approx(2.0, rel=1e-9)
    assert checked.edges["omega", 0] == pytest.approx(1.5, rel=1e-9)
    assert checked.nodes["w"] == pytest.approx(3.5, rel=1e-9)
    assert graph.kept == ("w", "x")
    assert graph.multiplications == (3, 3)  # forward p, w², α; backward to w, through α, to w


def test_what_the_result_does_not_depend_on_is_not_counted() -> None:
    """J = w·x beside s = (w·x)², made of it and used by nobody."""
    graph = Graph((
        Node("x"), Node("w"), Node("p", product(), ("w", "x")), Node("s", product(), ("p", "p")),
        Node("t", applied(Tanh()), ("s",)), Node("J", total(), ("p",)),
    ), frozenset({"x"}))  # fmt: skip
    assert graph.kept == ("w", "x")
    assert graph.multiplications == (1, 1)
    found = gradients(graph, values(graph, {"x": 2.0, "w": 3.0}))
    assert float(found.nodes["s"]) == float(found.nodes["t"]) == 0.0


def test_a_kink_is_found_where_it_is_and_nowhere_else() -> None:
    graph = Graph((Node("z"), Node("u"), Node("a", applied(ReLU()), ("z",)), Node("J", product(), ("a", "u"))))
    on, off = differences(graph, {"z": 0.0, "u": 3.0}), differences(graph, {"z": 0.2, "u": 3.0})
    assert on.crossed == {"z", ("a", 0)}
    assert on.nodes["z"] == pytest.approx(1.5)
    assert not off.crossed
    leaky = Graph((Node("z"), Node("J", applied(LeakyReLU(leak=0.5)), ("z",))))
    assert float(gradients(leaky, values(leaky, {"z": 0.0})).nodes["z"]) == 0.5
    assert differences(leaky, {"z": 0.0}).nodes["z"] == pytest.approx(0.75)


def test_kinks_are_said() -> None:
    at_zero = {"kind": "written", "w11": 0, "w12": 0, "b1": 0}
    shown = ask("graph", activation={"kind": "relu"}, parameters=at_zero, regularizer="l1")
    assert "z₁ = 0 is the kink of the activation" in shown.outcome.sentence
    assert "w₁₁, w₁₂ = 0 is the kink of |w|: sgn(0) = 0" in shown.outcome.sentence
    assert value(shown, "gap") < 1e-9
    assert value(shown, "checked") < 63
    assert "kink" not in ask("graph", activation={"kind": "relu"}, regularizer="l1").outcome.sentence
    assert "kink" not in ask("graph", parameters=at_zero).outcome.sentence
    leaky = ask("graph", activation={"kind": "leaky_relu", "leak": 0.2}, parameters=at_zero)
    assert "f′(0) = ℓ is taken, differences would say (1 + ℓ)/2" in leaky.outcome.sentence


def test_biases_get_nothing_from_the_penalty_and_weights_alpha_times_themselves() -> None:
    shown = ask("graph", strength=0.5)
    bars = {one["meta"]["role"]: one["y"] for one in shown.figures["shares"]["data"]}
    weights = [0.8, -0.5, 0, 0.4, 0.9, 0, 1.2, -0.7, 0]
    np.testing.assert_allclose(bars["share_penalty"], 0.5 * np.array(weights), rtol=1e-12)
    slopes = [value(shown, f"slope_{one}") for one in PARAMETERS]
    np.testing.assert_allclose(bars["share_cost"] + bars["share_penalty"], slopes, atol=1e-6)
    signs = ask("graph", strength=0.5, regularizer="l1").figures["shares"]["data"][1]["y"]
    np.testing.assert_allclose(signs, 0.5 * np.sign(weights), rtol=1e-12)
    free = ask("graph", strength=0).figures["shares"]["data"][1]["y"]
    assert not free.any()


def test_what_is_stored_and_multiplied_is_counted() -> None:
    """Kept of what was made: a₁, a₂ and, by the cost, ŷ or z. Forward 6 products, 6 squares, α and the cost's own.

    The cross-entropy is of z: its ŷ is shown and nothing else, so that it is neither kept nor anything sent back by it.
    """
    counts = {cost: ask("graph", cost=cost) for cost in COSTS}
    assert value(counts["quadratic"], "kept") == 3
    assert "a₁, a₂, ŷ" in counts["quadratic"].readouts["kept"].help
    for shown in counts.values():
        assert value(shown, "products_forward") == 6 + 6 + 1 + 1
        assert value(shown, "products_differences") == 2 * 9 * 14
    # Backward: six weights, two units, two slopes, the cost, α, six weights of the penalty; a sigmoid's slope beside.
    assert value(counts["quadratic"], "products_backward") == 6 + 2 + 2 + 1 + 1 + 6
    assert value(counts["quadratic_sigmoid"], "products_backward") == 19
    assert value(counts["quadratic_sigmoid"], "kept") == 3
    assert value(counts["cross_entropy"], "products_backward") == 18
    assert value(counts["cross_entropy"], "kept") == 3
    assert "a₁, a₂, z:" in counts["cross_entropy"].readouts["kept"].help
    linear = ask("graph", cost="quadratic", activation={"kind": "linear"})
    assert value(linear, "products_backward") == 16
    assert value(ask("graph", regularizer="l1"), "products_forward") == 8


# Step by step.


def test_values_come_before_gradients_and_all_come_once() -> None:
    network = Network(Written(), Own(), Tanh(), "cross_entropy", "l2", 0.1)
    seen = passed(LIBRARY, network)
    for step in range(STEPS + 1):
        words = ask("step", step=step).figures["graph"]["layout"]["annotations"]
        forward = [one for one in words if one["name"] in ("graph_forward", "graph_updated")]
        backward = [one for one in words if one["name"] == "graph_backward"]
        assert len(forward) == 12 + min(step, 16)
        assert bool(backward) == (step > 16)
        names = {place: name for name, place in PLACES.items()}
        if step <= 2 * 16:
            for one in forward:
                assert one["text"] == short(seen.values[names[one["x"], one["y"]]], 3)
    for one in backward:
        assert one["text"] == short(seen.slope(names[one["x"], one["y"]]), 2)
    assert len(backward) == 28


def test_the_last_step_shows_the_parameters_after_the_update() -> None:
    words = ask("step", step=STEPS, rate=0.5).figures["graph"]["layout"]["annotations"]
    moved = {(one["x"], one["y"]): one["text"] for one in words if one["name"] == "graph_updated"}
    slope = value(ask("graph"), "slope_w11")
    assert moved[PLACES["w11"]] == short(0.8 - 0.5 * slope, 3)
    assert len(moved) == 9


def test_sentences_of_steps_name_what_happens() -> None:
    assert ask("step", step=5).outcome.sentence == "Forward 5: z₁ = w₁₁x₁ + w₁₂x₂ + b₁ = 1.65."
    assert ask("step", step=17).outcome.sentence == "Backward 1: ∂J/∂J = 1; of it C gets 1, αΩ gets 1."
    assert "w₁₁ gets 0.08, w₁₂ gets −0.05" in ask("step", step=19).outcome.sentence
    assert ask("step", step=0).readouts["phase"].value == "nothing computed yet"


def test_numbers_in_little_room() -> None:
    assert [short(one, 3) for one in (0.0, -0.12345, 3.123e-5, -12345.6, 0.001)] == [
        "0", "−0.123", "3·10⁻⁵", "−12300", "0.001",
    ]  # fmt: skip
    assert signed(-0.0) == "0"
    assert signed(-2.5e-7) == "−2.5000×10⁻⁷"
    sizes = np.geomspace(1e-12, 9e9, 999)
    assert max(wide(short(-size, digits)) for size in sizes for digits in (2, 3)) <= ROOM


ROOM = 44.0  # pixels for a number of ten pixels' height


def wide(text: str) -> float:
    """Pixels that a number of ten pixels' height takes in DejaVu Sans, the widest of the usual fonts."""
    signs = {"−": 8.38, ".": 3.18, "·": 3.18, "⁻": 5.28} | dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", 4.01)
    return sum(signs.get(one, 6.37) for one in text)


def test_on_a_phone_no_number_of_the_graph_touches_another() -> None:
    """350 pixels for the graph, whatever its numbers are: each node with the numbers above and below it."""
    across, up = 350 / (WIDTH + 1.0), 350 / (HEIGHT + 1.2)
    boxes = [
        (name, across * (x + 0.5), up * (y + 0.6) + shift, width, height)
        for name, (x, y) in PLACES.items()
        for shift, width, height in ((ABOVE, ROOM, 11.0), (0, 21.0, 21.0), (BELOW, ROOM, 11.0))
    ]
    for one, other in combinations(boxes, 2):
        gap = max(abs(one[i] - other[i]) - (one[i + 2] + other[i + 2]) / 2 for i in (1, 2))
        assert one[0] == other[0] or gap > 0, (one, other)
    assert all(width / 2 - 4 <= x <= 354 - width / 2 and 0 <= y <= 350 for _, x, y, width, _ in boxes)


# The update.


@pytest.mark.parametrize("kind", PARTS)
def test_one_update_is_a_step_against_the_gradient(kind: Any) -> None:
    network = Network(Written(), Own(), Tanh(), "cross_entropy", kind, 0.1)
    slope = gradient(network.architecture, network.row, network.examples, penalty=network.penalty)
    moved = network.row - 0.3 * slope
    wanted = own_objective(moved, (1.0, -1.5), 1.0, Tanh(), "cross_entropy", kind, 0.1)
    shown = ask("fall", rate=0.3, regularizer=kind)
    assert value(shown, "after") == pytest.approx(wanted, rel=1e-12)
    assert value(shown, "expected") == pytest.approx(-0.3 * slope @ slope, rel=1e-12)
    assert value(shown, "fell") == pytest.approx(wanted - value(ask("graph", regularizer=kind), "objective"), rel=1e-9)
    assert value(shown, "kept_share") == pytest.approx(1 - 0.3 * 0.1 * PARTS[kind][1])
    is_weight = np.array([one in WEIGHTS for one in PARAMETERS])
    if kind == "l2":
        cost = slope - 0.1 * network.row * is_weight
        np.testing.assert_allclose(moved[is_weight], ((1 - 0.03) * network.row - 0.3 * cost)[is_weight], rtol=1e-13)


def test_an_enormous_rate_diverges_in_a_sentence() -> None:
    shown = ask("fall", rate=1e6, strength=10)
    assert shown.outcome.kind == "diverged"
    assert "1 − ηα" in shown.outcome.sentence
    for trace in shown.figures["fall"]["data"]:
        assert np.isfinite(trace["y"]).all()
    grown = ask("fall", rate=100, strength=0.1).figures["fall"]
    top = grown["layout"]["yaxis"]["range"][1]
    assert max(grown["data"][0]["y"]) > 1.4 * top  # it leaves the chart: no plateau within
    assert grown["layout"]["shapes"][0]["yanchor"] > 1.4 * top  # and so does the ring
    assert "takes J up" in ask("fall", regularizer="l1", rate=5, strength=1).outcome.sentence


@pytest.mark.parametrize(
    "given",
    [
        {"parameters": {"kind": "drawn", "spread": 0}},
        {"parameters": {"kind": "drawn", "spread": 10}, "activation": {"kind": "linear"}, "cost": "quadratic"},
        {"parameters": {"kind": "drawn", "spread": 10}, "activation": {"kind": "relu"}, "strength": 100, "rate": 1e6},
        {"sample": {"kind": "own", "x1": 10, "x2": -10, "y": -10}, "parameters": {"kind": "drawn", "spread": 10}},
        {"sample": {"kind": "xor", "row": "00"}, "strength": 0, "rate": 1e-6},
    ],
    ids=str,
)
@pytest.mark.parametrize("cost", COSTS)
def test_awkward_knobs_are_answered_with_finite_numbers(given: dict[str, Any], cost: str) -> None:
    for part, step in (("graph", 0), ("step", 0), ("step", 25), ("step", 33), ("fall", 0)):
        answer = ask(part, step=step, **{"cost": cost, **given})
        assert answer.outcome.sentence
        for one in answer.readouts.values():
            assert one.value is None or isinstance(one.value, str) or np.isfinite(one.value)


def test_a_target_that_is_no_probability_is_said() -> None:
    sample = {"kind": "own", "y": 1.5}
    assert "1.5 is no probability" in ask("graph", sample=sample).outcome.sentence
    assert "no probability" not in ask("graph", sample=sample, cost="quadratic").outcome.sentence


@each_network
def test_the_script_gives_the_same_numbers(
    activation: AnyActivation, cost: CostKind, kind: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    given: dict[str, Any] = {
        "activation": {"kind": activation.kind}, "cost": cost, "regularizer": kind, "strength": 0.2, "rate": 0.1,
        "parameters": {"kind": "drawn", "seed": 3}, "sample": {"kind": "xor", "row": "11"},
    }  # fmt: skip
    exec(BACKPROP.python(BackpropKnobs.model_validate(given), LIBRARY), {})  # noqa: S102 (our own script)
    told = dict(line.split(" = ", 1) for line in capsys.readouterr().out.splitlines())
    shown = ask("graph", **given)
    assert float(told["J"]) == pytest.approx(value(shown, "objective"), rel=1e-12)
    slopes = [float(one) for one in told["gradient"].strip("[]").split(",")]
    np.testing.assert_allclose(slopes, [value(shown, f"slope_{one}") for one in PARAMETERS], rtol=1e-10, atol=1e-15)
    assert float(told["J after one update"]) == pytest.approx(value(ask("fall", **given), "after"), rel=1e-12)
    assert float(told["largest difference"]) < 1e-8
