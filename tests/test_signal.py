"""The lab on signals: variances against NumPy, symmetry, saturation, films, cures; its script, too."""

import time
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import pytest

from app.data import Library, Uploads
from app.geometry import Array
from app.labs.film import Film
from app.labs.lab import Answer
from app.labs.signal import SIGNAL, SignalKnobs
from app.labs.signal.measured import chained, standard_error
from app.labs.signal.planned import CURES, Noted
from app.labs.signal.stack import Stack, widths
from app.labs.signal.training import FILM
from app.networks import (
    AnyActivation,
    Architecture,
    He,
    LeakyReLU,
    Linear,
    QuadraticCost,
    ReLU,
    Sigmoid,
    Tanh,
    Xavier,
)
from app.networks.variances import predicted, slope_square, square

LIBRARY = Library(Uploads(None))
FUNCTIONS: dict[str, Any] = {
    "tanh": (np.tanh, lambda z: 1 / np.cosh(np.clip(z, -300, 300)) ** 2),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2),
    "linear": (lambda z: z, np.ones_like),
}
ACTIVATIONS = [Tanh(), ReLU(), LeakyReLU(), Sigmoid(), Linear()]
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda one: one.kind)


def ask(part: str, **given: Any) -> Answer:
    knobs = SignalKnobs.model_validate(given)
    found = SIGNAL.parts[part]
    return found.compute(**SIGNAL.given(found, knobs, LIBRARY))


def value(answer: Answer, name: str) -> float:
    found = answer.readouts[name].value
    assert isinstance(found, int | float), (name, found)
    return float(found)


def track(**given: Any) -> list[Noted]:
    """All that was noted up to the end of a film."""
    knobs = SIGNAL.given(SIGNAL.parts["training"], SignalKnobs.model_validate({"moment": 100, **given}), LIBRARY)
    plan = FILM.planned(knobs)
    return list(FILM.rolled(plan, FILM.start(plan), 100).track)


# Predictions.


@each_activation
@pytest.mark.parametrize("size", [1e-6, 0.3, 4.0, 900.0])
def test_mean_squares_are_those_of_a_million_normal_numbers(activation: AnyActivation, size: float) -> None:
    z = np.sqrt(size) * np.random.default_rng(3).standard_normal(1_000_000)
    f, slope = FUNCTIONS[activation.kind]
    for ours, drawn in ((square, f(z) ** 2), (slope_square, slope(z) ** 2)):
        error = drawn.std() / 1000
        assert float(ours(activation, np.array([size]))[0]) == pytest.approx(drawn.mean(), abs=5 * error + 1e-15)


@cache
def monte_carlo(kind: str, sizes: tuple[int, ...], compromise: bool, draws: int) -> tuple[Array, Array, Array, Array]:
    """Factors of E z² forward and of E δ² backward (draws, L − 1), the inputs, and E δ² of the outputs."""
    rng = np.random.default_rng(17)
    f, slope = FUNCTIONS[kind]
    x = rng.standard_normal((40, sizes[0]))
    error = rng.standard_normal((40, sizes[-1]))
    ahead, behind = [], []
    for _ in range(draws):
        weights = [
            rng.standard_normal((n, m)) * np.sqrt(2 / (m + n) if compromise else 2 / m) for m, n in pairwise(sizes)
        ]
        z = [x @ weights[0].T]
        for W in weights[1:]:
            z.append(f(z[-1]) @ W.T)
        back = [error]
        for W, one in zip(weights[:0:-1], z[-2::-1], strict=True):
            back.append(back[-1] @ W * slope(one))
        for collected, rows in ((ahead, z), (behind, back)):
            means = np.array([(one**2).mean() for one in rows])
            collected.append(means[1:] / means[:-1])
    return np.array(ahead), np.array(behind), x, (error**2).mean(axis=1)


@each_activation
@pytest.mark.parametrize("sizes", [(30, 60, 60, 60, 60), (20, 40, 80, 160, 40)], ids=["level", "widening"])
@pytest.mark.parametrize("compromise", [True, False], ids=["Xavier", "He"])
def test_predicted_factors_are_measured_ones(
    activation: AnyActivation, sizes: tuple[int, ...], compromise: bool
) -> None:
    """Within five standard errors of 300 draws; for tanh and sigmoid also within what layers so narrow differ."""
    ahead, behind, x, errors = monte_carlo(activation.kind, sizes, compromise, 300)
    built = Architecture(sizes, activation, QuadraticCost())
    found = predicted(built, Xavier() if compromise else He(), x, errors)
    normal = activation.kind in ("tanh", "sigmoid")
    for measured, ours in ((ahead, found.forward), (behind, found.backward[::-1])):
        error = measured.std(axis=0, ddof=1) / np.sqrt(300)
        allowed = 5 * error + (0.03 * measured.mean(axis=0) if normal else 0)
        assert (np.abs(ours[1:] / ours[:-1] - measured.mean(axis=0)) < allowed).all()


def test_the_two_conditions_are_exact_products() -> None:
    """Linear: n_in·s² forward, n_out·s² backward; Xavier's 2n_in/(n_in + n_out) is 1 only where n_in = n_out."""
    built = Architecture((4, 12, 12, 36), Linear(), QuadraticCost())
    x = np.full((3, 4), 2.0)
    found = predicted(built, Xavier(), x, np.full(3, 5.0))
    np.testing.assert_allclose(found.forward, [4 * 0.5, 2 * 1, 2 * 0.5], rtol=1e-14)
    np.testing.assert_allclose(found.backward, [5 * 1.5 * 1, 5 * 1.5, 5], rtol=1e-14)
    np.testing.assert_array_equal(found.forward, found.linear_forward)
    he = predicted(Architecture((4, 12, 12, 36), ReLU(), QuadraticCost()), He(), x, np.full(3, 5.0))
    np.testing.assert_allclose(he.forward, [8, 8, 8], rtol=1e-14)
    np.testing.assert_allclose(he.linear_forward, [8, 16, 32], rtol=1e-14)


def test_the_page_measures_what_it_predicts() -> None:
    for kind, initial, ideal in (("relu", "xavier", 0.5), ("relu", "he", 1.0), ("linear", "xavier", 1.0)):
        shown = ask(
            "variances", activation={"kind": kind}, initial={"kind": initial}, width=32, draws=64, depth=12, seed=5
        )
        assert value(shown, "forward_ideal") == pytest.approx(ideal)
        assert value(shown, "forward_factor") == pytest.approx(ideal, rel=0.15)
        assert 0.4 < value(shown, "forward_away") < 2.0
        assert 0.4 < value(shown, "backward_away") < 2.0
        gap = abs(value(shown, "forward_measured") / value(shown, "forward_predicted") - 1)
        assert gap < 4 * value(shown, "forward_error") / 100


def test_a_chain_of_factors_and_its_error() -> None:
    rows = np.array([[2.0, 4.0, 4.0], [4.0, 4.0, 12.0]])
    np.testing.assert_allclose(standard_error(rows), [1, 0, 4])
    found = chained(rows, homogeneous=True)
    np.testing.assert_allclose(found.factors, [1.5, 2])
    np.testing.assert_allclose(found.errors, [0.5, 1])
    np.testing.assert_allclose(found.means, [3, 4.5, 9])
    np.testing.assert_allclose(found.relative, np.sqrt([1 / 9, 1 / 9 + 1 / 9, 1 / 9 + 1 / 9 + 1 / 4]))
    assert not standard_error(rows[:1]).any()


def test_a_chain_of_ratios_of_means_and_its_error() -> None:
    rows = np.random.default_rng(4).gamma(5.0, [2.0, 3.0, 0.1], (400, 3)) + np.arange(400)[:, None] % 7
    found = chained(rows, homogeneous=False)
    np.testing.assert_allclose(found.means, rows.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(found.relative * found.means, rows.std(axis=0, ddof=1) / 20, rtol=1e-12)
    np.testing.assert_allclose(found.means[0] * np.cumprod(found.factors), found.means[1:], rtol=1e-14)
    drawn = np.random.default_rng(5).integers(0, 400, (4000, 400))  # the bootstrap
    again = rows[drawn].mean(axis=1)
    np.testing.assert_allclose(found.errors, (again[:, 1:] / again[:, :-1]).std(axis=0), rtol=0.06)


def test_a_factor_is_that_of_the_draws_in_which_something_came_in() -> None:
    """0/0 is no factor: 2, 4 and 0 over three draws, then 3 and 5 over the two that live, then 7 over one."""
    rows = np.array([[1.0, 2.0, 6.0, 42.0], [1.0, 4.0, 20.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    found = chained(rows[:, :3], homogeneous=True)
    np.testing.assert_allclose(found.factors, [2, 4])
    np.testing.assert_allclose(found.errors, [np.std([2, 4, 0], ddof=1) / np.sqrt(3), 1])
    np.testing.assert_allclose(found.means, [1, 2, 8])
    alone = chained(rows[::2], homogeneous=True)  # one draw lives: its factors have no error that could be told
    np.testing.assert_allclose(alone.factors, [1, 3, 7])
    assert np.isfinite(alone.errors[0])
    assert np.isinf(alone.errors[1:]).all()
    none = chained(rows[2:].repeat(2, axis=0), homogeneous=True)
    np.testing.assert_array_equal(none.means, [1, 0, 0, 0])
    assert np.isnan(none.factors[1:]).all()
    assert np.isinf(none.relative[1:]).all()


@pytest.mark.parametrize(
    ("kind", "initial", "given"),
    [
        ("sigmoid", "xavier", {}),
        ("sigmoid", "xavier", {"width": 8, "depth": 30}),
        ("tanh", "large", {}),
        ("relu", "he", {"width": 4}),
        ("relu", "he", {"width": 3, "depth": 20}),
    ],
    ids=["sigmoid", "sigmoid, deep", "tanh, large", "ReLU, narrow", "ReLU, narrow and deep"],
)
def test_what_is_measured_is_the_mean_of_many_draws(kind: str, initial: str, given: dict[str, int]) -> None:
    """The median factor, and the far end within four standard errors, beside draws of our own."""
    shown = ask("variances", activation={"kind": kind}, initial={"kind": initial}, draws=64, **given)
    q = own_sizes(FUNCTIONS[kind][0], initial, given.get("width", 16), given.get("depth", 10), 600)
    if kind == "relu":  # the mean comes from too rare draws; a layer alone does not
        alive = [after[before > 0] / before[before > 0] for before, after in pairwise(q.T)]
        typical, far, own = np.median([one.mean() for one in alive]), value(shown, "forward_predicted"), 0.0
        assert far == pytest.approx(q[:, 0].mean(), rel=0.15)
        assert 0.5 < value(shown, "forward_away") < 1.8
    else:
        typical, far = np.median(q.mean(axis=0)[1:] / q.mean(axis=0)[:-1]), q[:, -1].mean()
        own = q[:, -1].std(ddof=1) / np.sqrt(len(q))
    assert value(shown, "forward_factor") == pytest.approx(typical, rel=0.15)
    error = np.hypot(value(shown, "forward_error") / 100 * value(shown, "forward_measured"), own)
    assert error < (0.4 if kind == "relu" else 0.1) * far
    assert abs(value(shown, "forward_measured") - far) < 4 * error


def own_sizes(f: Any, initial: str, width: int, depth: int, draws: int) -> Array:
    """Mean z² by hidden layer (draws, depth) of the default page's samples, with weights drawn here."""
    from app.data.patterns import Circle

    def deviation(m: int, n: int) -> float:
        return {"xavier": float(np.sqrt(2 / (m + n))), "he": float(np.sqrt(2 / m)), "large": 2.0}[initial]

    x = LIBRARY.taught(Circle()).task.training.inputs[:100]
    rng, found = np.random.default_rng(29), []
    for _ in range(draws):
        z = x @ (deviation(2, width) * rng.standard_normal((width, 2))).T
        sizes = [(z**2).mean()]
        for _ in range(depth - 1):
            z = f(z) @ (deviation(width, width) * rng.standard_normal((width, width))).T
            sizes.append((z**2).mean())
        found.append(sizes)
    return np.array(found)


# What runs through.


def test_saturation_and_death_are_counted() -> None:
    """Beside a pass of our own with the same weights."""
    for kind, initial in (("tanh", {"kind": "large", "scale": 1.5}), ("sigmoid", {"kind": "large", "scale": 3})):
        shown = ask("distributions", activation={"kind": kind}, initial=initial, depth=6)
        f, slope = FUNCTIONS[kind]
        sums = own_sums(initial["scale"], f, depth=6)
        steepest = 1.0 if kind == "tanh" else 0.25
        shares = [100 * (slope(z) < 0.1 * steepest).mean() for z in sums[:-1]]
        assert value(shown, "saturated") == pytest.approx(np.mean(shares), abs=1e-9)
        assert value(shown, "saturated_last") == pytest.approx(shares[-1], abs=1e-9)
    dead = ask("distributions", activation={"kind": "relu"}, initial={"kind": "small", "scale": 0.3}, depth=6)
    shares = [100 * (z.max(axis=0) <= 0).mean() for z in own_sums(0.3, FUNCTIONS["relu"][0], depth=6)[:-1]]
    assert value(dead, "dead") == pytest.approx(np.mean(shares), abs=1e-9)
    assert "saturated" not in dead.readouts
    assert not {"dead", "saturated"} & ask("distributions", activation={"kind": "linear"}).readouts.keys()


def own_sums(scale: float, f: Any, depth: int) -> list[Array]:
    """z of the default page's samples, layer by layer, with weights drawn here."""
    from app.data.patterns import Circle

    a = LIBRARY.taught(Circle()).task.training.inputs[:100]
    rng, sizes, found = np.random.default_rng((0, 0, 0)), (2, *[16] * depth, 1), []
    for m, n in pairwise(sizes):
        found.append(a @ (scale * rng.standard_normal((n, m))).T)
        a = f(found[-1])
    return found


def test_a_histogram_holds_every_unit_and_sample() -> None:
    figures = ask("distributions", depth=5).figures
    for name, layers in (("activations", 5), ("gradients", 6)):
        heat = figures[name]["data"][0]
        assert heat["z"].shape == (41, layers)
        np.testing.assert_allclose(heat["z"].sum(axis=0), 100, atol=1.0)


def test_widths_run_from_the_first_to_the_last() -> None:
    assert widths(Stack(5, 8, 16.0, Tanh())) == (8, 16, 32, 64, 128)
    assert widths(Stack(3, 16, 0.0625, Tanh())) == (16, 4, 1)
    assert max(widths(Stack(4, 128, 16.0, Tanh()))) == 256


# In training.


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_equal_weights_stay_equal_to_the_last_bit(activation: str) -> None:
    for width in (4, 8, 16):
        notes = track(
            activation={"kind": activation}, initial={"kind": "constant", "value": 0.2}, width=width, depth=3, steps=60
        )
        assert all(spread == 0.0 for note in notes for spread in note.spreads)
        assert notes[-1].losses[0] != notes[0].losses[0]


def test_drawn_weights_are_not_equal() -> None:
    drawn = track(width=8, depth=3, steps=20)
    assert all(note.spreads[0] > 0.1 for note in drawn)


def test_one_unit_moved_breaks_the_symmetry_that_the_readout_counts() -> None:
    from app.labs.signal.planned import spread
    from app.networks import Constant, Setting
    from app.networks.learners import begin_learning

    built = Architecture((2, 4, 1))
    learner = begin_learning(Setting(built, Constant(value=0.5)))
    assert spread(learner) == 0.0
    moved = learner.parameters.copy()
    moved[2] += 0.25  # the bias of the first unit
    assert spread(begin_learning(Setting(built, Constant(value=0.5)), moved)) == 0.25


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_all_zero_nothing_comes_back_with_any_cure(activation: str) -> None:
    notes = track(activation={"kind": activation}, initial={"kind": "zero"}, depth=3, steps=20)
    assert not any(norms[:-1].any() for note in notes for norms in note.norms)
    for name in ("distributions", "variances"):
        shown = ask(name, activation={"kind": activation}, initial={"kind": "zero"}, depth=3)
        assert shown.outcome.sentence
    assert "every activation is 0" in ask("distributions", initial={"kind": "zero"}).outcome.sentence


def test_cures_hold_what_they_promise() -> None:
    """Clipping bounds the step, projection the norms; the plain network runs away and says why."""
    knobs: dict[str, Any] = {
        "activation": {"kind": "relu"}, "initial": {"kind": "large", "scale": 0.6}, "steps": 100, "moment": 100,
    }  # fmt: skip
    found = SIGNAL.given(SIGNAL.parts["training"], SignalKnobs.model_validate(knobs), LIBRARY)
    plan = FILM.planned(found)
    start = FILM.start(plan)
    reel = FILM.rolled(plan, start, 1)
    plain, clipped, *_ = (
        after.parameters - before.initial for after, before in zip(reel.learners, start.learners, strict=True)
    )
    assert np.linalg.norm(clipped) <= 0.1 * 1.0 * (1 + 1e-9)
    assert np.linalg.norm(plain) > 0.1
    bounds = plan.settings[3].architecture.weights(reel.learners[3].parameters)
    assert max(np.linalg.norm(row) for layer in bounds for row in layer) <= 1.5 * (1 + 1e-12)
    shown = ask("training", **knobs)
    assert shown.outcome.kind == "diverged"
    assert "Plain: diverged" in shown.outcome.sentence
    assert value(shown, "loss_clip") < 0.3 < 1e6 < value(shown, "steepest_plain")
    assert value(shown, "loss_project") < 0.5


def test_gradient_norms_are_those_of_central_differences() -> None:
    from app.data.patterns import Circle
    from app.networks import evaluate, initial_parameters
    from app.networks.tasks import Examples

    knobs = SIGNAL.given(
        SIGNAL.parts["training"], SignalKnobs(depth=3, width=4, moment=0, samples=20), LIBRARY
    )  # fmt: skip
    plan = FILM.planned(knobs)
    noted = FILM.start(plan).track[0]
    training = LIBRARY.taught(Circle()).task.training
    given = Examples(training.inputs[:20], training.targets[:20])
    for place in (0, 2):
        setting = plan.settings[place]
        built, at = setting.architecture, initial_parameters(setting)
        slopes = np.array([
            float(evaluate(built, at + e, given)[0] - evaluate(built, at - e, given)[0]) / 2e-6
            for e in 1e-6 * np.eye(built.parameters)
        ])  # fmt: skip
        wanted = [np.linalg.norm(layer) for layer in built.weights(slopes)]
        np.testing.assert_allclose(noted.norms[place], wanted, rtol=1e-6)


def test_a_frame_is_small_enough_to_be_kept_a_hundred_times() -> None:
    from app.web.questions import encode, frame_of

    for given in ({"depth": 50, "width": 4, "steps": 10}, {"depth": 10, "initial": {"kind": "large"}}):
        answer = ask("training", moment=100, **given)
        assert len(encode(frame_of(answer)["figures"])) < 12_000


def test_the_map_of_a_deep_network_spans_all_its_layers() -> None:
    answer = ask("training", moment=10, depth=50, width=4, steps=10)
    layout, heat = answer.figures["history"]["layout"], answer.figures["history"]["data"][0]
    assert layout["yaxis"]["range"] == [0.5, 51.5]
    assert heat["y"].tolist() == list(range(1, 52, 2))
    assert heat["z"].shape == (26, 3)
    norms = track(depth=50, width=4, steps=10)[5].norms[0]
    np.testing.assert_allclose(heat["z"][:, 1], np.log10(np.clip(norms[::2], 1e-12, 1e6)), atol=0.0501)


# Bad input.


@pytest.mark.parametrize(
    "given",
    [
        {"activation": {"kind": "relu"}, "initial": {"kind": "large", "scale": 100}, "depth": 50, "draws": 2},
        {"activation": {"kind": "linear"}, "initial": {"kind": "large", "scale": 100}, "depth": 50, "width": 64},
        {"initial": {"kind": "small", "scale": 1e-6}, "depth": 50, "draws": 2},
        {"initial": {"kind": "constant", "value": 5}, "depth": 50, "activation": {"kind": "linear"}},
        {"initial": {"kind": "zero"}, "depth": 50, "activation": {"kind": "sigmoid"}},
        {"width": 1, "depth": 2, "samples": 2, "draws": 2},
        {"rate": 1e6, "depth": 2},
        {"rate": 1e-6, "batch": 2000, "clip": 1e-6, "radius": 1e-3, "depth": 2},
        {"pattern": {"kind": "circle", "rows": 4, "share": 1}, "depth": 2},
        {"pattern": {"kind": "digits"}, "depth": 3, "samples": 20, "initial": {"kind": "large", "scale": 5}},
        {"pattern": {"kind": "curve"}, "depth": 2, "scope": "layer"},
        {"pattern": {"kind": "table", "dataset": "diabetes"}, "depth": 2, "widening": 0.0625},
    ],
    ids=str,
)
def test_awkward_knobs_are_answered_with_finite_numbers(given: dict[str, Any]) -> None:
    for name in SIGNAL.parts:
        answer = ask(name, **{"steps": 10, "moment": 30, **given})
        assert answer.outcome.sentence
        for one in answer.readouts.values():
            assert one.value is None or isinstance(one.value, str) or np.isfinite(one.value)
        for figure in answer.figures.values():
            for trace in figure["data"]:
                for axis in {"x", "y", "z"} & trace.keys():
                    assert np.isfinite(np.asarray(trace[axis], dtype=float)).all()
        orjson.dumps(answer.figures, option=orjson.OPT_SERIALIZE_NUMPY)


def test_the_cost_grows_with_depth_width_and_samples_and_a_giant_is_dear() -> None:
    def cost(part: str, **given: Any) -> float:
        found = SIGNAL.parts[part]
        return found.cost(**SIGNAL.given(found, SignalKnobs.model_validate(given), LIBRARY))

    for part in SIGNAL.parts:
        assert cost(part) < cost(part, depth=20) < cost(part, depth=40, width=64) < cost(part, depth=50, width=128)
    assert cost("training", moment=0) < cost("training", moment=20) < cost("training", moment=100)
    assert cost("variances", samples=400, draws=64, depth=50, width=128) > 10_000
    assert cost("training", depth=50, width=128, steps=2000, moment=100) > 10_000


def test_what_it_costs_is_what_it_said_within_reason() -> None:
    for part, given in (("variances", {"depth": 30, "width": 32}), ("training", {"depth": 10, "moment": 40})):
        found = SIGNAL.parts[part]
        knobs = SIGNAL.given(found, SignalKnobs.model_validate(given), Library(Uploads(None)))
        said, begin = found.cost(**knobs), time.process_time()
        found.compute(**knobs)
        assert 1000 * (time.process_time() - begin) < 5 * said


def test_the_film_is_a_film_and_the_cures_are_named() -> None:
    assert isinstance(SIGNAL.parts["training"].compute, Film)
    shown = ask("training")
    assert {f"loss_{one}" for one in CURES} <= shown.readouts.keys()


@pytest.mark.parametrize(
    "given",
    [
        {"depth": 4, "moment": 60},
        {"depth": 3, "activation": {"kind": "relu"}, "initial": {"kind": "he"}, "seed": 3, "batch": 7, "moment": 100},
        {"depth": 2, "pattern": {"kind": "digits"}, "samples": 40, "moment": 50, "draws": 3},
        {"depth": 2, "pattern": {"kind": "curve"}, "activation": {"kind": "leaky_relu"}, "moment": 10},
        {"depth": 2, "initial": {"kind": "constant"}, "activation": {"kind": "sigmoid"}, "moment": 100},
    ],
    ids=str,
)
def test_the_script_gives_the_same_numbers(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    exec(SIGNAL.python(SignalKnobs.model_validate(given), LIBRARY), {})  # noqa: S102 (our own script)
    told = dict(line.split(" = ", 1) for line in capsys.readouterr().out.splitlines() if " = " in line)
    shown, trained = ask("variances", **given), ask("training", **given)
    assert float(told["loss"]) == pytest.approx(value(trained, "loss_plain"), rel=1e-9)
    norms = orjson.loads(told["gradient norms"])
    assert norms[0] == pytest.approx(value(trained, "first_plain"), rel=1e-7)
    assert norms[0] / norms[-1] == pytest.approx(value(trained, "ratio_plain"), rel=1e-7)
    forward = orjson.loads(told["E z^2 of one draw"])
    single = next(one for one in shown.figures["forward"]["data"] if one["meta"]["role"] == "one_draw")
    np.testing.assert_allclose(single["y"], forward[:-1], rtol=1e-5)
    if "constant" not in str(given):
        assert float(told["forward"]) == pytest.approx(value(shown, "forward_measured"), rel=1e-9)


def test_a_network_that_ran_away_leaves_the_chart_and_ends_where_it_stopped() -> None:
    way: dict[str, Any] = {"rate": 50.0, "activation": {"kind": "linear"}, "steps": 100}
    answer, notes = ask("training", moment=100, **way), track(**way)
    drawn = answer.figures["losses"]
    plain = next(one for one in drawn["data"] if one["meta"]["role"] == "cure_plain")
    assert notes[-1].outcomes[0] is not None
    assert plain["x"][-1] == notes[-1].steps[0] < 100
    assert max(plain["y"]) > 1.4 * drawn["layout"]["yaxis"]["range"][1]
