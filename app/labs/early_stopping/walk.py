"""Gradient descent from 0 and the ridge path on one plane: where they part, step by step."""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Bowl, Regression, SyntheticRegression
from app.figures import marks, plane
from app.figures.marks import Array, Mark
from app.geometry import (
    ClosedDescent,
    Nearest,
    Outcome,
    Quadratic,
    SquaredL2,
    follow,
    grid,
    matching_strengths,
    nearest_decay,
)
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.sight import dragging

PlaneProblem = Bowl | SyntheticRegression | Regression

GRID = 45
EPOCHS = 200  # as far as τ can be turned
STRENGTHS = (1e-4, 1e2)  # of α/L, on charts
CURVATURES = np.geomspace(1e-3, 1.0, 31)  # of λ/L, where filters are drawn
FAR = 100.0  # times ‖ŵ‖: from where a run that diverges has no closest decay to speak of
DIRECTIONS = "Per direction"


@dataclass(frozen=True, eq=False)
class Walked:
    """Descent on a problem of two weights, every τ at once: weights (τ, 2), and the closest point of the ridge path."""

    posed: Posed
    loss: Quadratic
    descent: ClosedDescent
    weights: Array
    nearest: Nearest
    by_rule: Array  # the ridge optimum at α = 1/(ητ), by τ from 1

    @property
    def size(self) -> float:
        """‖ŵ‖, what distances are measured by; 1 where ŵ = 0."""
        return float(np.linalg.norm(self.loss.minimiser)) or 1.0

    @property
    def moves(self) -> bool:
        """Whether ŵ is not 0: from 0 to 0 descent stays, and so does the optimum of every decay."""
        return bool(np.any(self.loss.minimiser))


def walked(library: Library, problem: PlaneProblem, step: float) -> Walked:
    """All that does not depend on τ; a step of s is η = s/L. Several parts and every frame share it."""
    posed = library.pose(problem)
    if not isinstance(posed.loss, Quadratic):
        raise TypeError("this page is about quadratics")
    descent = ClosedDescent(posed.loss, step / (posed.loss.smoothness or 1.0))
    weights = descent.weights(np.arange(EPOCHS + 1))
    rule = nearest_by_rule(posed.loss, descent.step)
    return Walked(posed, posed.loss, descent, weights, nearest_decay(posed.loss, weights), rule)


def nearest_by_rule(loss: Quadratic, step: float) -> Array:
    """w(1/(ητ)) for τ = 1, 2, …"""
    kept = loss.eigenvalues / (loss.eigenvalues + 1.0 / (step * np.arange(1, EPOCHS + 1)[:, None]))
    return np.asarray((kept * (loss.eigenvectors.T @ loss.minimiser)) @ loss.eigenvectors.T)


def contour(problem: PlaneProblem, library: Library) -> Answer:
    """The contours of J, its free optimum ŵ, and what can be dragged."""
    posed = library.pose(problem)
    x0, x1, y0, y1 = posed.window
    xs, ys = np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID)
    values = grid(posed.loss, xs, ys).values
    traces = [marks.contour("contour", xs, ys, values, plane.levels(values))]
    shapes = [*(marks.curve("hessian_axis", path) for path in dragging.axis_lines(problem))]
    shapes.append(marks.point("free_optimum", plane.pair(posed.reference)))
    layout = {**marks.axes(posed.names, posed.window), "meta": {"handles": dragging.handles(problem)}}
    readouts = {
        "rows": Readout(posed.rows or None, "n", "rows of data behind J"),
        "curvatures": Readout(_pair(posed.loss, 1.0), "λ₁, λ₂", "curvatures of J along its two axes", group=DIRECTIONS),
    }
    said = " ".join(posed.notes) or "Both ways lead from 0 to ŵ: one by steps, one by weakening a penalty."
    figure = marks.figure(traces, shapes=shapes, **layout)
    return Answer(f"J(w) = {posed.sentence}", {"plane": figure}, readouts, Outcome("converged", said))


def _pair(loss: object, scale: float) -> str:
    values = loss.eigenvalues * scale if isinstance(loss, Quadratic) else np.zeros(2)
    return ", ".join(numeral(value, 4) for value in values)


def walk(problem: PlaneProblem, step: float, library: Library) -> Answer:
    """The whole trajectory and the ridge path, and for every τ the decay that comes closest."""
    found = library.once(walked, problem, step)
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    ways = [
        marks.line("trajectory", cut(found.weights, found.posed.window), hover),
        marks.line("ridge_path", follow(found.loss, SquaredL2()).weights, hover),
    ]
    figures = {
        "plane": marks.figure(ways),
        "filters": marks.figure([], shapes=_curvature_rules(found), **_filter_axes()),
        "match": _match(found),
        "distance": _distance(found),
    }
    return Answer(_objective(found), figures, _walk_readouts(found), _went(found))


def cut(points: Array, window: tuple[float, float, float, float]) -> Array:
    """Points up to the first that is far outside of the window, itself moved back to near it along its step."""
    x0, x1, y0, y1 = window
    middle, reach = np.array([x0 + x1, y0 + y1]) / 2, x1 - x0
    away = np.abs(points - middle).max(axis=-1)
    outside = np.flatnonzero(away > reach)
    if not len(outside):
        return points
    first = int(outside[0])
    back = points[:first]
    start = back[-1] if first else middle
    along = points[first] - start
    share = min(1.0, 2.0 * reach / float(np.abs(along).max()))
    return np.concatenate([back, (start + share * along)[None]])


def _objective(found: Walked) -> str:
    pace = found.descent.step * (found.loss.smoothness or 1.0)
    step = f"η = {numeral(found.descent.step, 4)} = {numeral(pace, 4)}/L"
    return f"w ← w − η∇J(w) from w = 0 with {step}, J(w) = {found.posed.sentence}"


def _went(found: Walked) -> Outcome:
    """How the walk ended after all epochs."""
    sentence = found.descent.sentence
    if not found.moves:
        return Outcome("converged", "The free optimum is 0: descent starts where it ends.")
    if found.descent.regime == "divergent":
        return Outcome("diverged", sentence)
    left = float(np.linalg.norm(found.weights[-1] - found.loss.minimiser)) / found.size
    if left <= 1e-3:
        return Outcome("converged", sentence)
    return Outcome("out_of_steps", f"{sentence} After {EPOCHS} steps {numeral(100 * left)} % of the way are left.")


def _filter_axes() -> Mark:
    return marks.chart(
        "curvature of the direction, λ/L", "share of ŵ reached", log_x=True, x_range=(1e-3, 1.2), y_range=(-0.2, 1.6)
    )


def _curvature_rules(found: Walked) -> list[Mark]:
    shares = found.loss.eigenvalues / (found.loss.smoothness or 1.0)
    return [marks.rule("direction", x=float(share)) for share in shares if share >= CURVATURES[0]]


def _match(found: Walked) -> Mark:
    """The strengths that τ steps equal: one for each direction, the single one that is closest, the rule of thumb."""
    times = np.arange(1, EPOCHS + 1)
    scale = found.loss.smoothness or 1.0
    each = matching_strengths(found.descent, times)
    traces = []
    for i in range(2):
        there = each.exist[:, i] & (each.values[:, i] > 0.0)
        points = np.stack([times, each.values[:, i] / scale], axis=1)[there]
        drawn = marks.line if there.all() else marks.dots
        hover = f"τ = %{{x}}<br>α/L = %{{y}}<extra>direction {i + 1}</extra>"
        traces += [drawn(f"direction_{i + 1}", _within(points), hover)] if len(points) else []
    best, near = found.nearest.strengths[1:], found.nearest.distances[1:] <= FAR * found.size
    near &= found.moves
    closest = np.stack([times, best / scale], axis=1)[near & np.isfinite(best) & (best > 0.0)]
    rule = np.stack([times, 1.0 / (found.descent.step * scale * times)], axis=1)
    hover = "τ = %{x}<br>α/L = %{y}<extra>%{fullData.name}</extra>"
    traces += [marks.line("rule_of_thumb", rule, hover), marks.line("closest", _within(closest), hover)]
    chart = marks.chart("steps τ", "strength α/L", log_x=True, log_y=True, x_range=(1, EPOCHS), y_range=STRENGTHS)
    return marks.figure(traces, **chart)


def _within(points: Array) -> Array:
    """Points whose strength is on the chart."""
    low, high = STRENGTHS
    return points[(points[:, 1] >= 1e-2 * low) & (points[:, 1] <= 1e2 * high)]


def _distance(found: Walked) -> Mark:
    """How far the closest ridge optimum and that of the rule of thumb are from w^(τ), as shares of ‖ŵ‖."""
    times = np.arange(1, EPOCHS + 1)
    rule = np.linalg.norm(found.by_rule - found.weights[1:], axis=-1)
    hover = "τ = %{x}<br>distance = %{y}·‖ŵ‖<extra>%{fullData.name}</extra>"
    shown = []
    for role, apart in (("rule_of_thumb", rule), ("closest", found.nearest.distances[1:])):
        shown.append(marks.line(role, np.stack([times, np.minimum(apart / found.size, 10.0)], axis=1), hover))
    top = max(0.25, min(1.2, 1.1 * float((rule / found.size).max())))
    return marks.figure(
        shown, **marks.chart("steps τ", "distance/‖ŵ‖", log_x=True, x_range=(1, EPOCHS), y_range=(0, top))
    )


def _walk_readouts(found: Walked) -> dict[str, Readout]:
    apart = found.nearest.distances / found.size
    worst = int(np.argmax(apart))
    bounded = found.descent.regime != "divergent"
    return {
        "step_size": Readout(found.descent.step, "η", "the learning rate; the knob is its product with L"),
        "worst": Readout(
            100 * float(apart[worst]) if bounded else None, "largest distance",
            f"of w^(τ) from the ridge path over τ ≤ {EPOCHS}, as a share of ‖ŵ‖; 0 for a round bowl, or for ŵ "
            "on an axis, while no step overshoots", "%",
        ),
        "worst_time": Readout(worst if bounded else None, "reached at τ", "where that distance is largest"),
        "factors": Readout(
            ", ".join(numeral(factor, 4) for factor in found.descent.factors), "1 − ηλᵢ",
            "what each step leaves of the way to ŵ along each axis; below −1 it diverges", group=DIRECTIONS,
        ),
    }  # fmt: skip
