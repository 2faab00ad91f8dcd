"""The tangency page over all its knobs: every number is proven, and every drawing is where the numbers say.

What is drawn is read back from the SVG paths as a browser would and held against Ω and J: six digits of text and cubics
that are true to a thousandth of the radius are the only errors allowed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.data.posing import Posed
from app.knobs import Knobs
from app.labs.lab import Answer
from app.labs.tangency import TANGENCY
from app.web.queries import parse, text
from tests.states import LIBRARY, REGULARIZERS, ask, convex, knobs, states, value
from tests.test_figures import bezier

State = dict[str, Any]
Case = tuple[State, Answer]
SEEN = 2e-3  # of the window or of the ball: less than the width of a line
CORNERS = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1], [0, 0]])
BOWL = {"kind": "bowl"}  # H = diag(1, 5), ŵ = (2, 1)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [(state, ask("solution", state)) for state in states(seed=2, count=8 * len(REGULARIZERS))]


def failures(cases: list[Case], wrong: Callable[[State, Answer], object]) -> list[object]:
    """What is wrong with which state; an empty list passes."""
    return [(found, state) for state, answer in cases if (found := wrong(state, answer))]


def posed(state: State) -> Posed:
    return LIBRARY.pose(knobs(state).problem)


def weights(answer: Answer) -> np.ndarray | None:
    found = [value(answer, name) for name in ("w1", "w2")]
    return None if None in found else np.array(found)


def size(regularizer: State, w: np.ndarray) -> np.ndarray:
    """The radius t of the ball on whose boundary w (…, 2) lies, by the book."""
    w = np.abs(np.asarray(w, dtype=float))
    match regularizer["kind"]:
        case "l1":
            return w.sum(axis=-1)
        case "l2" | "squared_l2":
            return np.hypot(w[..., 0], w[..., 1])
        case "linf":
            return w.max(axis=-1)
        case "group":
            return np.sqrt(2) * np.hypot(w[..., 0], w[..., 1]) if regularizer["grouping"] == "together" else w.sum(-1)
        case "elastic_net":
            return regularizer["ratio"] * w.sum(axis=-1) + (1 - regularizer["ratio"]) * (w**2).sum(axis=-1) / 2
        case _:
            largest = np.maximum(w.max(axis=-1), 1e-300)
            return largest * ((w / largest[..., None]) ** regularizer["p"]).sum(axis=-1) ** (1 / regularizer["p"])


def spikes(p: float, t: float) -> np.ndarray:
    """The boundary of the quasi-norm's ball, densest at its spikes."""
    share = np.linspace(0, 1, 2001) ** 3
    share = np.concatenate([share[:-1] / 2, 1 - share[::-1] / 2])
    quarter = t * np.stack([(1 - share) ** (1 / p), share ** (1 / p)], axis=1)
    return np.concatenate([quarter, quarter[::-1] * [-1, 1], -quarter, quarter[::-1] * [1, -1]])


def level(regularizer: State, t: float) -> float:
    return t * t / 2 if regularizer["kind"] == "squared_l2" else t


def shapes(answer: Answer, role: str) -> list[dict[str, Any]]:
    return [one for one in answer.figures["plane"]["layout"].get("shapes", []) if one["name"] == role]


def curves(answer: Answer, role: str) -> list[np.ndarray]:
    """The drawn pieces of a role as points, closed ones with their first point again."""
    pieces = [f"M{piece}" for one in shapes(answer, role) for piece in one["path"].split("M")[1:]]
    drawn = [(bezier(piece, 150), piece.endswith("Z")) for piece in pieces]
    return [np.concatenate([points, points[:1]]) if closed else points for points, closed in drawn]


def distance(point: np.ndarray, drawn: list[np.ndarray]) -> float:
    """From a point to the nearest chord of the drawn curves."""
    nearest = np.inf
    for points in drawn:
        start, along = points[:-1], np.diff(points, axis=0)
        squared = np.maximum((along**2).sum(axis=1), 1e-300)
        share = np.clip(((point - start) * along).sum(axis=1) / squared, 0, 1)
        nearest = min(nearest, float(np.hypot(*(start + share[:, None] * along - point).T).min()))
    return nearest


def width(state: State) -> float:
    window = posed(state).window
    return window[1] - window[0]


def everything(found: Any) -> list[float]:
    """Every number in an answer, those of arrays too."""
    match found:
        case dict():
            return [number for one in found.values() for number in everything(one)]
        case list() | tuple():
            return [number for one in found for number in everything(one)]
        case np.ndarray():
            return found.ravel().tolist()
        case bool() | str() | None:
            return []
        case _:
            return [float(found)]


def test_every_convex_answer_is_proven(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        if answer.outcome[0] == "unbounded" or not convex(state):
            return None
        residual, gap = value(answer, "residual"), value(answer, "gap")
        return not (answer.outcome[0] == "converged" and residual <= 1e-8 and gap <= 1e-6) and (residual, gap)

    assert failures(cases, wrong) == []


def test_only_what_nothing_bounds_has_no_optimum(cases: list[Case]) -> None:
    """Separable classes without a penalty; a single class, whose intercept nothing bounds."""

    def wrong(state: State, answer: Answer) -> object:
        without = answer.outcome[0] == "unbounded"
        diverging = "one class" in answer.outcome[1] or "free weights alone separate" in answer.outcome[1]
        allowed = diverging or (state.get("strength") == 0 and "separate" in answer.outcome[1])
        return without != (weights(answer) is None) or (without and not allowed)

    assert failures(cases, wrong) == []
    assert any(answer.outcome[0] == "unbounded" for _, answer in cases)


def test_every_number_is_finite(cases: list[Case]) -> None:
    def wrong(_: State, answer: Answer) -> object:
        read = [one.value for one in answer.readouts.values()]
        paths = [bezier(one["path"]) for one in answer.figures["plane"]["layout"].get("shapes", [])]
        return not np.isfinite(everything([read, answer.figures["plane"], paths])).all()

    assert failures(cases, wrong) == []


def test_strength_is_never_negative_and_0_exactly_where_nothing_holds_back(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        if weights(answer) is None:
            return value(answer, "multiplier") is not None
        alpha = value(answer, "multiplier")
        if alpha is None:
            return state.get("radius") != 0 or value(answer, "strength") is not None
        same = state.get("strength") is None or value(answer, "strength") == pytest.approx(state["strength"])
        return not (alpha >= 0 and value(answer, "active") == (alpha > 0) and same)

    assert failures(cases, wrong) == []


def test_zeros_are_exactly_zero(cases: list[Case]) -> None:
    """Where the ball has corners on the axes a weight is 0 to the last bit or clearly not."""

    def corners(one: State) -> bool:
        return one["kind"] == "l1" or one.get("ratio", 0) > 0 or one.get("grouping") == "apart" or one.get("p") == 1

    def wrong(_: State, answer: Answer) -> object:
        w = weights(answer)
        if w is None or not value(answer, "active"):
            return w is None and value(answer, "zeros") is not None
        near = np.abs(w) <= 1e-13 * np.abs(w).max()
        return bool((near & (w != 0)).any() or value(answer, "zeros") != (w == 0).sum()) and w.tolist()

    assert failures([one for one in cases if corners(one[0]["regularizer"])], wrong) == []


def test_strength_1_makes_every_weight_zero_where_any_strength_does() -> None:
    for state in states(seed=4, count=4 * len(REGULARIZERS)):
        turned = {**{key: state[key] for key in ("problem", "regularizer")}, "strength": 1.0}
        found = ask("solution", turned)
        if "the smallest strength that makes both weights zero" in found.readouts["strength"].help:
            assert weights(found) is None or value(found, "zeros") == 2, turned


def test_the_words_for_the_place_agree_with_the_weights(cases: list[Case]) -> None:
    def wrong(_: State, answer: Answer) -> object:
        place, w = value(answer, "place"), weights(answer)
        if w is None or not value(answer, "active"):
            return not place.startswith("nowhere" if w is None else "inside")
        zero = {"w₁ = 0": w[0] == 0, "w₂ = 0": w[1] == 0, "|w₁| = |w₂|": abs(w[0]) == abs(w[1]), "no weight": w.all()}
        return any(words in place and not true for words, true in zero.items()) and (place, w)

    assert failures(cases, wrong) == []


def test_the_constrained_optimum_is_in_the_ball(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        w, t = weights(answer), value(answer, "t")
        if w is None:
            return None
        found = float(size(state["regularizer"], w))
        near = found == pytest.approx(t, rel=1e-7, abs=1e-300)
        return not (near if value(answer, "active") else found <= t * (1 + 1e-9)) and (found, t)

    assert failures(cases, wrong) == []


def test_the_drawn_ball_is_the_ball_and_the_optimum_is_on_it(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        w, t, ball = weights(answer), value(answer, "t"), curves(answer, "ball")
        if not t:  # a point, or no optimum and no ball
            return ball
        reach = np.abs(ball[0]).max()
        if state["regularizer"]["kind"] == "quasi":  # at its spikes Ω says nothing about distances
            off = max(distance(point, [spikes(state["regularizer"]["p"], t)]) for point in ball[0][::97]) / reach
        else:
            off = np.abs(size(state["regularizer"], ball[0]) / t - 1).max()
        away = 0.0 if w is None or not value(answer, "active") else distance(w, ball) / reach
        return not (len(ball) == 1 and off <= 2 * SEEN and away <= SEEN) and (off, away)

    assert failures(cases, wrong) == []


def test_the_drawn_marks_are_at_the_weights(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        w = weights(answer)
        marks = [mark for role in ("optimum", "optimum_uncertain", "optimum_searched") for mark in shapes(answer, role)]
        if w is None:
            return marks
        # Below a millionth of the largest strength a flat J leaves the penalised optimum undetermined.
        weak = (value(answer, "strength") or 0) < 1e-6
        twins = shapes(answer, "penalised_twin") if convex(state) and not weak else []
        near = [np.hypot(one["xanchor"] - w[0], one["yanchor"] - w[1]) / width(state) for one in (*marks, *twins)]
        return not (len(marks) == 1 and max(near) <= 1e-5) and near

    assert failures(cases, wrong) == []


def test_the_drawn_level_set_is_one_and_passes_through_the_optimum(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        w, drawn, loss = weights(answer), curves(answer, "level_set"), posed(state).loss
        if w is None:
            return drawn
        if not drawn:  # a point, or too small to be seen
            room = value(answer, "excess") or 0.0
            return room > 1e-9 * abs(loss.value(np.zeros(2))) and w.any() and ("none drawn", room)
        at = np.concatenate(drawn)[::11]
        # The drawn values may be off by the 1e-5 of their range that the contours are checked to.
        miss, spread = np.abs(loss.value(at) - value(answer, "loss")), np.ptp(loss.value(at.max(axis=0) * CORNERS))
        slope = np.maximum(np.hypot(*loss.gradient(at).T), 1e-9 * loss.smoothness * width(state))
        off = np.maximum(miss - 2e-5 * spread, 0.0) / slope
        found = float(off.max()) / width(state), distance(w, drawn) / width(state)
        # A surrogate's small error in J is a larger one in place where J is flat; a spike may lie outside the window.
        seen = np.abs(w).max() <= posed(state).window[1]
        return (found[0] > 3 * SEEN or (seen and found[1] > SEEN)) and found

    assert failures(cases, wrong) == []


def test_the_drawn_level_set_only_touches_the_ball(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        drawn = curves(answer, "level_set")
        if not drawn or not value(answer, "active") or value(answer, "t") == 0:
            return None
        inside = 1 - size(state["regularizer"], np.concatenate(drawn)).min() / value(answer, "t")
        deep = inside * value(answer, "t") / width(state)
        return min(inside, deep) > 2 * SEEN and (inside, deep)

    assert failures([one for one in cases if convex(one[0])], wrong) == []


def test_the_drawn_pull_of_the_loss_lies_in_the_drawn_normal_cone(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        arrow, cone, w = shapes(answer, "gradient"), shapes(answer, "normal_cone"), weights(answer)
        if not value(answer, "active") or w is None or not w.any():
            return cone
        loss = posed(state).loss
        noise = value(answer, "residual") * np.hypot(*loss.gradient(np.zeros(2))) / np.hypot(*loss.gradient(w))
        tail, *_, rays = (None, bezier(cone[0]["path"])[1:] - w)
        head = bezier(arrow[0]["path"])[3] - w
        first, last = (ray / np.hypot(*ray) for ray in (rays[0], rays[-1]))
        pull = head / np.hypot(*head)
        turns = [first[0] * pull[1] - first[1] * pull[0], pull[0] * last[1] - pull[1] * last[0]]
        return (tail, turns) if min(turns) < -1e-3 - 10 * noise or pull @ (first + last) <= 0 else None

    assert failures([one for one in cases if convex(one[0])], wrong) == []
    assert sum(len(bezier(s["path"])) > 2 for _, answer in cases for s in shapes(answer, "normal_cone")) > 10


def test_the_handle_is_on_the_ball_where_the_knob_says(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        handles = answer.figures["plane"]["layout"]["meta"]["handles"]
        if not handles:
            return state.get("strength") is None or weights(answer) is not None
        at, unit, relative = np.array(handles[0]["at"]), np.array(handles[0]["unit"]), value(answer, "radius")
        off = abs(float(size(state["regularizer"], at)) - value(answer, "t"))
        same = state.get("radius") is None or relative == pytest.approx(state["radius"], rel=1e-9)
        return not (same and np.allclose(at, relative * unit) and off <= 1e-8 * value(answer, "t")) and (off, relative)

    assert failures(cases, wrong) == []


def test_a_shortcut_costs_what_it_says(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        cost, marks = value(answer, "shortcut_cost"), shapes(answer, "shortcut")
        if state["shortcut"] == "none" or cost is None:
            return bool(marks) or cost is not None
        loss, t = posed(state).loss, value(answer, "t")
        at = np.array([marks[0]["xanchor"], marks[0]["yanchor"]])
        scale = abs(loss.value(np.zeros(2))) + abs(value(answer, "loss")) + abs(cost)
        kept = size(state["regularizer"], at) <= t * (1 + 1e-4) + 1e-9
        right = abs(loss.value(at) - value(answer, "loss") - cost) <= 1e-4 * scale
        return not (kept and right and cost >= -1e-9 * scale) and (kept, right, cost)

    assert failures(cases, wrong) == []
    assert sum(value(answer, "shortcut_cost") is not None for _, answer in cases) > 50


def test_penalised_to_constrained_to_penalised_returns(cases: list[Case]) -> None:
    """Through the numbers of the page: strength → the radius it shows → the strength that radius shows → weights."""

    def wrong(state: State, answer: Answer) -> object:
        s, r, w = state.get("strength"), value(answer, "radius"), weights(answer)
        if not s or w is None or not w.any() or not value(answer, "active") or r > 10:
            return None
        there = ask("solution", {**{key: state[key] for key in ("problem", "regularizer")}, "radius": r})
        back = value(there, "strength")
        again = weights(ask("solution", {**state, "strength": back}))
        return not (abs(back - s) <= 1e-6 * s and np.hypot(*(again - w)) <= 1e-6 * np.hypot(*w)) and (s, back, again, w)

    assert failures([one for one in cases if convex(one[0])], wrong) == []


def test_the_multiplier_is_what_a_larger_ball_would_save(cases: list[Case]) -> None:
    """α* = −dJ*/dk, by central differences of the numbers that the page shows."""

    def wrong(state: State, answer: Answer) -> object:
        r = state.get("radius")
        if not r or not 1e-2 < r < 0.98 or not value(answer, "active"):
            return None
        near = [ask("solution", {**state, "radius": r * step}) for step in (1 - 1e-4, 1 + 1e-4)]
        losses = [value(one, "loss") for one in near]
        levels = [level(state["regularizer"], value(one, "t")) for one in near]
        slope = -(losses[1] - losses[0]) / (levels[1] - levels[0])
        alpha, noise = value(answer, "multiplier"), 1e-12 * abs(losses[0]) / (levels[1] - levels[0])
        return abs(slope - alpha) > 1e-3 * alpha + noise and (slope, alpha)

    light = [one for one in cases if convex(one[0]) and one[0]["problem"]["kind"] != "classification"]
    assert failures(light, wrong) == []


def test_the_path_passes_through_the_optimum(cases: list[Case]) -> None:
    def wrong(state: State, answer: Answer) -> object:
        w = weights(answer)
        if w is None or state["problem"]["kind"] == "classification" or "collinear" in answer.outcome[1]:
            return None
        trace = ask("path", state).figures["plane"]["data"][0]
        if len(trace["x"]) < 2:
            return w.any() and "a point"
        points = np.column_stack([trace["x"], trace["y"]])
        away = distance(w, [points]) / width(state)
        inside = np.abs(w).sum() <= np.abs(posed(state).reference).sum() * (1 + 1e-9)
        return inside and away > 2 * SEEN and away

    assert failures([one for one in cases[:230] if convex(one[0])], wrong) == []


def test_contours_are_finite_whatever_is_turned() -> None:
    for state in states(seed=3, count=60):
        found = ask("contour", state)
        assert np.isfinite(everything([one.value for one in found.readouts.values()])).all(), state
        assert np.isfinite(everything(found.figures["plane"])).all(), state
        assert value(found, "contour_error") <= 1e-5, state


@pytest.mark.parametrize(
    ("strength", "w", "radius"),
    [(0.1, (4 / 3, 10 / 11), 1.6137), (0.2, (1, 5 / 6), 1.3017), (1, (1 / 3, 1 / 2), 0.6009)],
)
def test_weight_decay_by_the_book(strength: float, w: tuple[float, float], radius: float) -> None:
    """H = diag(1, 5), ŵ = (2, 1): α = ½, 1, 5 are 0.1, 0.2, 1 of the largest curvature."""
    found = ask("solution", {"problem": BOWL, "regularizer": {"kind": "squared_l2"}, "strength": strength})
    assert weights(found) == pytest.approx(w, rel=1e-14)
    assert value(found, "multiplier") == pytest.approx(5 * strength)
    assert value(found, "t") == pytest.approx(radius, abs=1e-4)
    assert value(found, "freedom") == pytest.approx(1 / (1 + 5 * strength) + 5 / (5 + 5 * strength))
    assert value(found, "excess") == pytest.approx(((2 - w[0]) ** 2 + 5 * (1 - w[1]) ** 2) / 2)


@pytest.mark.parametrize(
    ("minimiser", "w", "place"),
    [((1, 1), (6 / 7, 6 / 7), "an edge"), ((1, -0.2), (0.6, 0), "a corner: w₂ = 0"), ((1, -1), (0, 0), "0: every")],
)
def test_the_corner_does_not_always_win(minimiser: tuple[float, float], w: tuple[float, float], place: str) -> None:
    """H = [[2, 1.5], [1.5, 2]] has the curvatures 3.5 and 0.5 at 45°; α = ½."""
    bowl = {
        "kind": "bowl", "curvature_1": 3.5, "curvature_2": 0.5, "angle": 45,
        "minimiser_1": minimiser[0], "minimiser_2": minimiser[1],
    }  # fmt: skip
    largest = np.abs(np.array([[2, 1.5], [1.5, 2]]) @ minimiser).max()
    found = ask("solution", {"problem": bowl, "regularizer": {"kind": "l1"}, "strength": 0.5 / largest})
    assert weights(found) == pytest.approx(w, abs=1e-14)
    assert value(found, "zeros") == sum(one == 0 for one in w)
    assert value(found, "place").startswith(place)


def preset(name: str) -> tuple[Knobs, Answer]:
    """A preset as a click performs it: through the query string."""
    chosen = next(one for one in TANGENCY.presets if one.id == name)
    turned = parse(TANGENCY.knobs, {key: text(one) for key, one in chosen.knobs.items()})
    return turned, ask("solution", turned)


def test_preset_corner_selects() -> None:
    _, found = preset("corner")
    assert value(found, "zeros") == 1
    assert value(found, "place").startswith("a corner: w")
    assert value(ask("contour", preset("corner")[0]), "rows") == 442


def test_preset_edge_selects_nothing() -> None:
    _, found = preset("edge")
    assert value(found, "zeros") == 0
    assert value(found, "active")
    assert value(found, "place").startswith("an edge")
    assert weights(found) == pytest.approx([6 / 7, 6 / 7])


def test_a_ball_that_holds_the_free_optimum_changes_nothing() -> None:
    found = ask("solution", {"problem": {"kind": "bowl"}, "regularizer": {"kind": "l2"}, "radius": 1.2})
    assert value(found, "multiplier") == 0
    assert not value(found, "active")
    assert weights(found).tolist() == [2, 1]
    assert value(found, "excess") == 0


def test_preset_decay_halves_the_first_and_keeps_five_sixths_of_the_second() -> None:
    _, found = preset("decay")
    assert value(found, "multiplier") == pytest.approx(1)
    assert weights(found) / [2, 1] == pytest.approx([1 / 2, 5 / 6])


def test_preset_shortcut_costs_more_than_the_ball_itself() -> None:
    _, found = preset("shortcut")
    assert value(found, "shortcut_cost") > value(found, "excess") > 0
    assert value(found, "shortcut_share") > 100


def test_preset_separable_breaks_and_a_penalty_mends_it() -> None:
    turned, found = preset("separable")
    assert found.outcome[0] == "unbounded"
    assert "no finite optimum: the data can be separated; give it a ball or a penalty" in found.outcome[1].lower()
    assert weights(found) is None
    drawn = [shape["name"] for shape in found.figures["plane"]["layout"]["shapes"]]
    assert drawn == ["descent_direction"]
    for mended in ({"strength": 1e-3}, {"radius": 0.5}):
        assert ask("solution", turned.changed(**mended)).outcome[0] == "converged"


def test_every_preset_is_tested() -> None:
    assert {one.id for one in TANGENCY.presets} == {"corner", "edge", "decay", "shortcut", "separable"}
