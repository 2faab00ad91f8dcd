"""The page on landscapes: its pictures against networks evaluated one by one, its ellipses against their formula."""

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from app.data import Library, Uploads
from app.knobs import Refused
from app.labs.lab import Answer
from app.labs.landscape import LANDSCAPE, LandscapeKnobs
from app.labs.landscape.honesty import RANDOM_WALK
from app.labs.landscape.planes import called, viewed
from app.labs.landscape.trained import MOST_PARAMETERS, Trained, trained
from app.networks import Architecture, ParameterPlane, Penalty, Projected, Setting, advance, begin, principal_plane
from app.networks.ball_traces import ball_traces
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
PLANES: list[dict[str, Any]] = [
    {"kind": "principal"},
    {"kind": "random", "draw": 3},
    {"kind": "weights", "first": 2, "second": 30},
]
each_plane = pytest.mark.parametrize("cut", PLANES, ids=[one["kind"] for one in PLANES])


def knobs(**given: Any) -> LandscapeKnobs:
    return LandscapeKnobs.model_validate(given)


def ask(part: str, library: Library = LIBRARY, **given: Any) -> Answer:
    asked = LANDSCAPE.parts[part]
    return asked.compute(**LANDSCAPE.given(asked, knobs(**given), library))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def learnt(**given: Any) -> Trained:
    k = knobs(**given)
    return LIBRARY.once(
        trained, k.pattern, k.hidden, k.activation, k.rate, k.batch, k.steps, k.l2, k.constraint, k.seed
    )  # fmt: skip


def cost(found: Trained, theta: np.ndarray) -> tuple[float, float]:
    """Cross-entropy of a tanh network with one hidden layer, alone and with its decay, by NumPy."""
    n = found.architecture.hidden[0]
    first, second = theta[: 3 * n].reshape(n, 3), theta[3 * n :]
    training = found.lesson.task.training
    hidden = np.tanh(training.inputs @ first[:, :2].T + first[:, 2])
    z, y = hidden @ second[:n] + second[n], training.targets[:, 0]
    plain = float(np.mean(np.logaddexp(0.0, z) - y * z))
    decay = found.setting.penalty.l2
    assert isinstance(decay, float)
    return plain, plain + 0.5 * decay * float((first[:, :2] ** 2).sum() + (second[:n] ** 2).sum())


def test_the_way_is_that_of_the_training() -> None:
    found = learnt(steps=200)
    setting = Setting(Architecture((2, 8, 1)), rate=0.3, batch=32, penalty=Penalty(l2=0.003))
    for moment in (0, 1, 37, 100):
        run, _ = advance(begin(found.lesson.task, [setting], 200), 2 * moment)
        assert np.array_equal(found.path[moment], run.learners[0].parameters)
        assert (found.costs[moment], found.objectives[moment]) == pytest.approx(
            cost(found, found.path[moment]), rel=1e-9
        )


@each_plane
def test_what_is_drawn_are_the_costs_of_the_networks_of_the_plane(cut: dict[str, Any]) -> None:
    found = learnt()
    view = viewed(found, knobs(cut=cut).cut, 1.0)
    figures = ask("surfaces", cut=cut).figures
    rng = np.random.default_rng(0)
    for name, place in (("plane", 1), ("bare", 0)):
        drawn = figures[name]["data"][0]
        assert (len(drawn["x"]), len(drawn["y"])) == (51, 51)
        for i, j in rng.integers(51, size=(12, 2)):
            theta = view.plane.origin + drawn["x"][j] * view.plane.u + drawn["y"][i] * view.plane.v
            assert drawn["z"][i, j] == pytest.approx(cost(found, theta)[place], rel=1e-4)


@each_plane
def test_the_trained_network_is_in_the_middle_of_the_axes(cut: dict[str, Any]) -> None:
    found = learnt()
    view = viewed(found, knobs(cut=cut).cut, 1.0)
    assert np.array_equal(view.plane.at(np.zeros(2)), found.last)
    x0, x1, y0, y1 = view.window
    assert x1 - x0 == pytest.approx(y1 - y0, rel=1e-12)
    assert x0 < 0 < x1
    assert y0 < 0 < y1
    wide = viewed(found, knobs(cut=cut).cut, 2.0).window
    assert wide[1] - wide[0] == pytest.approx(2 * (x1 - x0), rel=1e-12)


def test_the_principal_plane_is_seen_with_the_whole_way_on_it() -> None:
    found = learnt()
    view = viewed(found, knobs().cut, 1.0)
    x0, x1, y0, y1 = view.window
    assert ((view.shadow > (x0, y0)) & (view.shadow < (x1, y1))).all()
    away = found.path - found.last
    sizes = np.linalg.svd(away, compute_uv=False) ** 2
    shown = ask("honesty")
    assert value(shown, "first_share") == pytest.approx(100 * sizes[0] / sizes.sum(), rel=1e-9)
    assert value(shown, "second_share") == pytest.approx(100 * sizes[1] / sizes.sum(), rel=1e-6)
    assert value(shown, "outside") == pytest.approx(100 * sizes[2:].sum() / sizes.sum(), rel=1e-6)


@each_plane
def test_the_share_outside_and_both_values_by_least_squares(cut: dict[str, Any]) -> None:
    found = learnt()
    plane = viewed(found, knobs(cut=cut).cut, 1.0).plane
    spanned = np.stack([plane.u, plane.v], axis=1)
    away = found.path - found.last
    points = np.linalg.lstsq(spanned, away.T, rcond=None)[0]
    beside = away.T - spanned @ points
    honest = ask("honesty", cut=cut)
    assert value(honest, "outside") == pytest.approx(100 * (beside**2).sum() / (away**2).sum(), rel=1e-6)
    lines = {one["meta"]["role"]: one["y"] for one in honest.figures["honest"]["data"]}
    for moment in (0, 17, 80):
        shown = ask("moment", cut=cut, moment=moment)
        below = cost(found, found.last + spanned @ points[:, moment])[1]
        assert value(shown, "true_now") == pytest.approx(cost(found, found.path[moment])[1], rel=1e-9)
        assert value(shown, "plane_now") == pytest.approx(below, rel=1e-8)
        assert value(shown, "distance_now") == pytest.approx(np.linalg.norm(beside[:, moment]), rel=1e-6, abs=1e-9)
        assert (lines["true_loss"][moment], lines["plane_loss"][moment]) == pytest.approx(
            (value(shown, "true_now"), below), rel=1e-4
        )


def test_a_random_walk_has_nine_tenths_on_its_principal_plane() -> None:
    """Antognini & Sohl-Dickstein (2018), for a walk seen from its last point: 8/π² + 8/(9π²)."""
    rng = np.random.default_rng(0)
    steps = rng.standard_normal((400, 3000)).cumsum(axis=0)
    shares = principal_plane(steps).shares
    assert 100 * shares.sum() == pytest.approx(RANDOM_WALK, abs=2)


@each_plane
@pytest.mark.parametrize("shared", ["all", "unit", "layer"])
def test_on_a_ball_s_curve_the_norm_is_the_bound(cut: dict[str, Any], shared: Any) -> None:
    found = learnt()
    plane = viewed(found, knobs(cut=cut).cut, 1.0).plane
    for one in ball_traces(found.architecture, plane, shared):
        points = np.random.default_rng(1).normal(size=(5, 2))
        n = found.architecture.hidden[0]
        for point in points:
            theta = plane.at(point)
            first, second = theta[: 3 * n].reshape(n, 3)[:, :2], theta[3 * n : -1]
            norms = {"all weights": math.hypot(np.linalg.norm(first), np.linalg.norm(second))}
            norms |= {"layer 1": float(np.linalg.norm(first)), "layer 2": float(np.linalg.norm(second))}
            norms |= {f"unit {j + 1} of layer 1": float(np.linalg.norm(first[j])) for j in range(n)}
            norms |= {"unit 1 of layer 2": float(np.linalg.norm(second))}
            assert float(one.norm(point)) == pytest.approx(norms[one.name], rel=1e-8)


def test_the_curve_is_drawn_where_the_norm_is_the_bound() -> None:
    shown = ask("balls", cut={"kind": "random"}, ball=0.97)
    (path,) = [one["path"] for one in shown.figures["plane"]["layout"]["shapes"]]
    found = learnt()
    plane = viewed(found, knobs(cut={"kind": "random"}).cut, 1.0).plane
    (trace,) = ball_traces(found.architecture, plane, "all")
    ends = [one.strip("Z").split(",")[-2:] for piece in path.split("M")[1:] for one in piece.split("C")]
    points = np.array([[float(x) for x in one] for one in ends])
    assert len(points) > 4
    assert trace.norm(points) == pytest.approx(np.full(len(points), value(shown, "bound")), rel=1e-4)
    assert value(shown, "bound") == pytest.approx(0.97 * value(shown, "norm_now"), rel=1e-12)


def test_a_ball_meets_a_plane_in_an_ellipse_a_strip_or_not_at_all() -> None:
    architecture = Architecture((1, 1, 1))  # weight, bias, weight, bias
    origin = np.array([3.0, 7.0, 0.0, 5.0])

    def plane(u: list[float], v: list[float]) -> ParameterPlane:
        return ParameterPlane(origin, np.array(u), np.array(v))

    (circle,) = ball_traces(architecture, plane([1, 0, 0, 0], [0, 0, 1, 0]), "all")
    assert circle.least == pytest.approx(0, abs=1e-12)
    assert circle.half_square.minimiser == pytest.approx([-3, 0])
    (strip,) = ball_traces(architecture, plane([0, 1, 0, 0], [0, 0, 1, 0]), "all")  # a bias moves no weight
    assert strip.least == pytest.approx(3)
    assert strip.norm(np.array([[0, 4], [100, 4]])) == pytest.approx([5, 5])
    (still,) = ball_traces(architecture, plane([0, 1, 0, 0], [0, 0, 0, 1]), "all")
    assert still.norm(np.array([[1.0, 2.0], [-9.0, 4.0]])) == pytest.approx([3, 3])


def test_balls_that_miss_the_plane_are_said_to() -> None:
    shown = ask("balls", cut={"kind": "weights"}, ball=0.5)
    assert value(shown, "balls_seen") == 0
    assert "does not reach this plane" in shown.outcome.sentence
    within = ask("balls", cut={"kind": "random"}, ball=10, reach=0.1)
    assert "within the bound" in within.outcome.sentence


def test_the_balls_of_a_bound_are_those_of_its_groups() -> None:
    given = {"constraint": {"kind": "projected", "radius": 1.0}, "cut": {"kind": "random"}, "l2": 0}
    shown = ask("balls", **given)
    assert value(shown, "bound") == 1
    assert value(shown, "norm_now") == pytest.approx(1, abs=1e-9)
    seen = ask("surfaces", **given)
    found = learnt(**{name: given[name] for name in ("constraint", "l2")})
    assert isinstance(found.setting.constraint, Projected)
    view = viewed(found, knobs(**given).cut, 1.0)
    drawn = seen.figures["plane"]["data"][0]
    n, lowest = 8, math.inf
    for i, y in enumerate(drawn["y"]):
        for j, x in enumerate(drawn["x"]):
            theta = view.plane.at(np.array([x, y]))
            rows = np.linalg.norm(theta[: 3 * n].reshape(n, 3)[:, :2], axis=1)
            if max(rows.max(), np.linalg.norm(theta[3 * n : -1])) <= 1 + 1e-6:
                lowest = min(lowest, drawn["z"][i, j])
    assert value(seen, "lowest_within") == pytest.approx(lowest, rel=1e-4)
    assert value(seen, "lowest_within") > value(seen, "grid_lowest")


def test_decay_takes_from_what_curves_downwards() -> None:
    shares = [
        (value(one, "down_cost"), value(one, "down_objective"))
        for one in (ask("surfaces", l2=l2, cut={"kind": "random"}, reach=2) for l2 in (0.0, 0.01, 0.03))
    ]
    assert shares[0][0] == shares[0][1]
    assert all(with_penalty < without for without, with_penalty in shares[1:])


def test_downwards_is_told_from_the_hessian() -> None:
    """On the plane of two weights: by second differences of our own at each inner point."""
    found = learnt()
    shown = ask("surfaces", cut={"kind": "weights", "first": 1, "second": 25}, reach=3)
    drawn = shown.figures["plane"]["data"][0]
    h, count = 1e-4, 0
    for y in drawn["y"][1:-1:7]:
        for x in drawn["x"][1:-1:7]:

            def at(dx: float, dy: float, x: float = x, y: float = y) -> float:
                theta = found.last.copy()
                theta[0] += x + dx
                theta[24] += y + dy
                return cost(found, theta)[1]

            xx = (at(h, 0) - 2 * at(0, 0) + at(-h, 0)) / h**2
            yy = (at(0, h) - 2 * at(0, 0) + at(0, -h)) / h**2
            xy = (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h)
            count += bool(np.linalg.eigvalsh([[xx, xy], [xy, yy]])[0] < 0)
    assert value(shown, "down_objective") == pytest.approx(100 * count / 49, abs=15)


@pytest.mark.parametrize("fineness", ["101", "151"])
def test_finer_grids_are_interpolated_within_the_error_that_is_said(fineness: str) -> None:
    quick, exact = (ask("surfaces", fineness=fineness, exact=one) for one in (False, True))
    assert value(quick, "method") == "interpolated"
    assert value(exact, "method") == "each value computed"
    seen, true = (one.figures["bare"]["data"][0]["z"] for one in (quick, exact))
    assert seen.shape == (int(fineness), int(fineness))
    off = np.abs(seen - true).max() / np.ptp(true)
    assert 0 < value(quick, "grid_error") <= 1e-3
    assert off < 1e-3
    assert value(ask("surfaces"), "method") == "each value computed"


def test_the_surface_is_plotly_s_and_stays_small() -> None:
    figure = ask("surfaces", fineness="151").figures["surface"]
    go.Figure(figure)
    assert [one["type"] for one in figure["data"]] == ["surface", "surface", "scatter3d"]
    assert all(one["z"].shape == (51, 51) for one in figure["data"][:2])
    assert [one["type"] for one in ask("surfaces", l2=0).figures["surface"]["data"]] == ["surface", "scatter3d"]


def test_parameters_are_called_by_layer_unit_and_place() -> None:
    architecture = Architecture((2, 8, 1))
    assert called(architecture, 0) == "weight 1 of unit 1, layer 1"
    assert called(architecture, 5) == "bias of unit 2, layer 1"
    assert called(architecture, 24) == "weight 1 of unit 1, layer 2"
    assert called(architecture, 32) == "bias of unit 1, layer 2"


def test_what_cannot_be_cut_is_refused_by_its_knob() -> None:
    for cut, key in (
        ({"kind": "weights", "first": 34, "second": 1}, "cut.first"),
        ({"kind": "weights", "first": 3, "second": 3}, "cut.second"),
    ):
        with pytest.raises(Refused) as refused:
            ask("surfaces", cut=cut)
        assert refused.value.errors[0][0] == key
    with pytest.raises(Refused, match=f"{MOST_PARAMETERS:,}"):
        ask("moment", hidden={"kind": "3", "units_1": 64, "units_2": 64, "units_3": 64})


AWKWARD: list[dict[str, Any]] = [
    {"rate": 1000},
    {"rate": 1e6, "l2": 0, "cut": {"kind": "random"}},
    {"rate": 1e6, "l2": 1000},
    {"rate": 1e-6, "l2": 0},
    {"hidden": {"kind": "0"}, "cut": {"kind": "weights"}},
    {"hidden": {"kind": "1", "units_1": 1}, "activation": {"kind": "relu"}},
    {"pattern": {"kind": "blobs", "rows": 4, "share": 1, "noise": 0}, "batch": 2000},
    {"pattern": {"kind": "spiral", "noise": 2, "rows": 2000}, "steps": 10},
    {"constraint": {"kind": "projected", "radius": 0}, "cut": {"kind": "random"}},
    {"constraint": {"kind": "projected", "radius": 1000, "scope": "layer"}, "ball": 0},
    {"ball": 0, "reach": 100, "cut": {"kind": "random"}},
    {"reach": 0.01, "fineness": "101"},
    {"activation": {"kind": "relu"}, "fineness": "101", "hidden": {"kind": "2"}, "cut": {"kind": "random"}},
    {"activation": {"kind": "linear"}, "rate": 10, "l2": 0},
]


@pytest.mark.parametrize("given", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_knobs_are_answered_in_sentences(given: dict[str, Any]) -> None:
    for moment in (0, 60, 100):
        for name in LANDSCAPE.parts:
            answer = ask(name, **given, moment=moment)
            values = [one.value for one in answer.readouts.values() if isinstance(one.value, float)]
            assert all(map(math.isfinite, values)), name
            assert all(map(math.isfinite, numbers(dict(answer.figures)))), name
            assert answer.outcome.sentence.endswith("."), answer.outcome.sentence


def test_a_training_that_diverges_says_why_and_keeps_what_can_be_drawn() -> None:
    shown = ask("surfaces", rate=1000, l2=0.003)
    assert shown.outcome.kind == "diverged"
    assert "1 − ηα = −2" in shown.outcome.sentence
    assert ask("moment", rate=1000, l2=0.003, moment=100).outcome.kind == "diverged"


@pytest.mark.parametrize(
    "given",
    [
        {"moment": 35},
        {
            "cut": {"kind": "random", "draw": 2},
            "constraint": {"kind": "projected", "radius": 1},
            "steps": 300,
            "reach": 2,
        },
        {
            "cut": {"kind": "weights"},
            "hidden": {"kind": "2", "units_1": 3, "units_2": 4},
            "activation": {"kind": "relu"},
        },
        {"rate": 1000},
    ],
)
def test_the_script_gives_the_same_numbers(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    exec(LANDSCAPE.python(knobs(**given), LIBRARY), {})  # noqa: S102 (our own script)
    told = dict(line.split(" = ") for line in capsys.readouterr().out.splitlines() if " = " in line)
    seen = {name: [float(one) for one in numbers_told.split(" ")] for name, numbers_told in told.items()}
    picture, honest, now = ask("surfaces", **given), ask("honesty", **given), ask("moment", **given)
    ends = [value(picture, "last_cost"), value(picture, "last_objective")]
    assert seen["trained network: cost, with penalty"] == pytest.approx(ends, rel=1e-6)
    outside = seen["share of the path outside the plane"][0]
    assert 100 * outside == pytest.approx(value(honest, "outside"), rel=1e-6, abs=1e-9)
    pair = [value(now, "true_now"), value(now, "plane_now")]
    assert seen["true value, value of the plane"] == pytest.approx(pair, rel=1e-6)
    assert seen["lowest of 51 x 51 points"][0] == pytest.approx(value(picture, "grid_lowest"), rel=1e-5)
