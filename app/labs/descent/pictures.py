"""What the lab on descent draws: trails in the plane, a chart over the steps, the stability lights, and a moment."""

import numpy as np

from app.data.posing import Posed
from app.figures import marks, plane
from app.figures.marks import Array, Figure, Mark
from app.figures.paths import polyline
from app.labs.descent.walks import POSITIONS, Walk

DRAWN = 200  # points of a trail or of a line, at most
RECENT = 12  # steps of the trail that is drawn boldly
OUTSIDE = 6.0  # half widths of the picture beyond which a trail is not drawn
FLOOR = 1e-15  # of the first value: below, a logarithmic chart shows rounding

SYMBOLS = {"loss": "J(w) − J(ŵ)", "distance": "‖w − w*‖", "weight_1": "w₁", "weight_2": "w₂"}
MEASURES = {
    "loss": "the loss above its lowest",
    "distance": "the distance to each walker's own goal",
    "weight_1": "the first weight",
    "weight_2": "the second weight",
}


def trails(posed: Posed, walks: tuple[Walk, ...], ground: list[Mark]) -> Figure:
    """The way of each walker and the goals, over what lies on the ground."""
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    lines = [marks.line(one.role, seen, hover, one.name) for one in walks if len(seen := _seen(posed, one)) > 1]
    goals = [one.goal for one in walks if one.goal is not None and one.walking.update != "none"]
    distinct = [goal for i, goal in enumerate(goals) if not any(np.allclose(goal, other) for other in goals[:i])]
    return marks.figure(lines, shapes=[*ground, *(marks.point("goal", plane.pair(goal)) for goal in distinct)])


def _seen(posed: Posed, one: Walk) -> Array:
    """The trail up to where it leaves the picture for good reason: far outside nothing can be told apart."""
    path, bound = one.trajectory.weights, OUTSIDE * posed.window[1]
    far = np.flatnonzero(np.abs(path).max(axis=-1) > bound)
    kept = path if not len(far) else path[: far[0] + 1].copy()
    if len(far) and far[0]:  # the last piece is cut where it crosses the bound
        last, beyond = kept[-2:]
        kept[-1] = last + (bound - np.abs(last).max()) / np.abs(beyond - last).max() * (beyond - last)
    return np.asarray(kept[_shown(len(kept))])


def _shown(count: int) -> Array:
    """Which of so many points are drawn: each of the first ones, where a walk is quick, then some of the rest."""
    early = min(count, DRAWN // 2)
    later = np.linspace(early, count - 1, min(DRAWN // 2, count - early))
    return np.concatenate([np.arange(early), later.round()]).astype(np.intp)


def measured(posed: Posed, one: Walk, measure: str) -> Array:
    """One number for each step of a walk (k + 1,)."""
    path = one.trajectory.weights
    match measure:
        case "loss":
            return one.trajectory.values - posed.loss.minimum.value
        case "distance":
            goal = one.goal if one.goal is not None else posed.reference
            return np.asarray(np.hypot(*(path - goal).T))
        case _:
            return path[:, 0 if measure == "weight_1" else 1]


def chart(posed: Posed, walks: tuple[Walk, ...], measure: str, stride: int) -> Figure:
    """How each walker fares, step by step: on a logarithmic axis where it is a height or a distance."""
    log = measure in ("loss", "distance")
    series = [measured(posed, one, measure) for one in walks]
    if log:
        series = [np.maximum(values, FLOOR * (values[0] or 1.0)) for values in series]
    hover = "step %{x}: %{y}<extra>%{fullData.name}</extra>"
    lines = [
        marks.line(one.role, np.column_stack([which, values[which]]), hover, one.name, log_y=log)
        for one, values in zip(walks, series, strict=True)
        if len(which := _shown(len(values)))
    ]
    bounds = _bounds(posed, series, log)
    layout = marks.chart(
        "step", SYMBOLS[measure], log_y=log, x_range=(-2.0 * stride, (POSITIONS + 2.0) * stride), y_range=bounds
    )
    return marks.figure(lines, **layout)


def _bounds(posed: Posed, series: list[Array], log: bool) -> tuple[float, float]:
    if not log:
        half = 1.05 * posed.window[1]
        return -half, half
    positive = [values[values > 0.0] for values in series]
    low = min((float(one.min()) for one in positive if len(one)), default=0.1)
    high = max((float(one.max()) for one in positive if len(one)), default=1.0)
    return low / 2.0, max(high, 2.0 * low) * 2.0


def moment(posed: Posed, walks: tuple[Walk, ...], at: int, stride: int) -> tuple[list[Mark], list[Mark]]:
    """Where everybody is: marks and the last stretch of the trail in the plane, and a line across the chart."""
    bound = OUTSIDE * posed.window[1]
    drawn, points = list[Mark](), list[Mark]()
    for one in walks:
        step = one.at(at, stride)
        recent = np.clip(one.trajectory.weights[max(0, step - RECENT) : step + 1], -bound, bound)
        drawn.append(marks.curve("recent", polyline(recent.tolist())))
        points.append(marks.point(one.role, plane.pair(recent[-1])))
    return [*drawn, *points], [marks.rule("played", x=at * stride)]
