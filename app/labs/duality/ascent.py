"""How the multiplier finds itself: dual ascent and the primal-dual flow, step by step, against the exact α*."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.data.library import Library
from app.data.problems import Problem
from app.figures import marks, plane
from app.figures.marks import Array, Figure, Mark
from app.figures.paths import polyline
from app.geometry import Ascent, Constrained, Convex, Outcome, dual_ascent, primal_dual_flow
from app.labs.duality.strength_map import alpha_of, sight, top_strength
from app.labs.lab import Answer, Readout
from app.labs.sight.optimum import Sight

STEPS = 100
RECENT = 12  # steps of the trail that are drawn boldly
END, NOW = "Where α ends", "At the step that is played"

Method = Literal["ascent", "flow"]


@dataclass(frozen=True)
class Way:
    """How α is sought: relative knobs of both methods."""

    method: Method
    rate: float
    pace: float
    first: float
    start: tuple[float, float]


def ascended(
    library: Library, problem: Problem, regularizer: Convex, radius: float | None, strength: float | None, way: Way
) -> Ascent | None:
    """All steps; None where the ball is unknown, for want of an optimum. Pure, for `Library.once`."""
    seen = sight(library, problem, regularizer, radius, strength)
    if seen.found.weights is None and radius is None:
        return None
    posed, unit = seen.posed, seen.units.strength
    form = seen.form if isinstance(seen.form, Constrained) else Constrained(seen.found.radius)
    rate = way.rate * unit / (float(regularizer.value(posed.reference)) or 1.0)
    if way.method == "ascent":
        return dual_ascent(posed.loss, regularizer, form, rate, STEPS, way.first * unit)
    start = np.array(way.start) * posed.window[1]
    rates = way.pace / (posed.loss.smoothness or 1.0), rate
    return primal_dual_flow(posed.loss, regularizer, form, rates, STEPS, (start, way.first * unit))


def ascent(
    problem: Problem, regularizer: Convex, radius: float | None, strength: float | None, method: Method, rate: float,
    pace: float, first: float, start_1: float, start_2: float, library: Library,
) -> Answer:  # fmt: skip
    """The whole way of α and of the weights, and whether it ends at the exact multiplier."""
    way = Way(method, rate, pace, first, (start_1, start_2))
    seen = sight(library, problem, regularizer, radius, strength)
    made = library.once(ascended, problem, regularizer, radius, strength, way)
    objective = "max over α ≥ 0 of min over w of J(w) + α(Ω(w) − k)"
    if made is None or not len(made.strengths):
        told = "Without a penalty there is no optimum to start from." if made is None else f"{_said(made)}."
        return Answer(objective, {}, {}, Outcome("unbounded", told))
    found = seen.found.strength
    readouts = {
        "reached": Readout(float(made.strengths[-1]), "α reached", "after all steps", group=END),
        "exact": Readout(found, "α*, exact", "the multiplier of the certified optimum", group=END),
        "missed": Readout(
            None if found is None else abs(float(made.strengths[-1]) - found), "|α − α*|", "how far apart they are"
        ),
        "violation": Readout(
            float(made.excess[-1]), "Ω(w) − k", "how far the constraint is violated at the end", group=END
        ),
    }
    outcome = Outcome(made.outcome.kind, f"{_said(made)}.")
    figures = {"plane": _trail(seen, made, way), "phase": _phase(made), "ascent": _chart(seen, made)}
    return Answer(objective, figures, readouts, outcome)


def _said(made: Ascent) -> str:
    return f"{made.outcome.sentence[:1].upper()}{made.outcome.sentence[1:]}"


def _trail(seen: Sight, made: Ascent, way: Way) -> Figure:
    """The way of the weights, and the start of a flow, which can be dragged."""
    bound = 4.0 * seen.posed.window[1]
    kept = np.clip(made.weights, -bound, bound)
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    lines = [marks.line("ascent_trail", kept, hover)]
    if way.method == "ascent":
        return marks.figure(lines)
    unit = (seen.posed.window[1], seen.posed.window[1])
    start = np.array(way.start) * unit[0]
    handle = plane.point_handle("start", "start of the flow", start, ("start_1", "start_2")) | {"unit": unit}
    return marks.figure(lines, shapes=[marks.point("start", plane.pair(start))], meta={"handles": [handle]})


def _phase(made: Ascent) -> Figure:
    """Ω − k against α: to the right above 0, to the left below."""
    points = np.column_stack([made.strengths, made.excess])
    hover = "α = %{x}<br>Ω − k = %{y}<extra></extra>"
    titles = "α", "Ω(w) − k"
    ranges = [_room(made.strengths, 0.0), _room(made.excess, 0.0)]
    layout = marks.chart(*titles, x_range=ranges[0], y_range=ranges[1])
    return marks.figure([marks.line("ascent_trail", points, hover)], shapes=[marks.rule("level_met", y=0.0)], **layout)


def _chart(seen: Sight, made: Ascent) -> Figure:
    """α over the steps, and where it should end."""
    steps = np.arange(len(made.strengths), dtype=float)
    exact = alpha_of(seen)
    lines = [marks.line("ascent_trail", np.column_stack([steps, made.strengths]), "step %{x}: α = %{y}<extra></extra>")]
    layout = marks.chart("step", "α", x_range=(-0.02 * STEPS, 1.02 * STEPS), y_range=_room(made.strengths, exact))
    return marks.figure(lines, shapes=[marks.rule("exact_strength", y=exact)], **layout)


def _room(values: Array, also: float) -> tuple[float, float]:
    low, high = min(float(values.min()), also), max(float(values.max()), also)
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def moment(
    problem: Problem, regularizer: Convex, radius: float | None, strength: float | None, method: Method, rate: float,
    pace: float, first: float, start_1: float, start_2: float, step: int, library: Library,
) -> Answer:  # fmt: skip
    """Where the weights and α are at one step, and where α goes from there."""
    way = Way(method, rate, pace, first, (start_1, start_2))
    made = library.once(ascended, problem, regularizer, radius, strength, way)
    if made is None or not len(made.strengths):
        return Answer(f"step {step}", {}, {}, Outcome("unbounded", "Nothing moves."))
    at = min(step, len(made.strengths) - 1)
    alpha, excess = float(made.strengths[at]), float(made.excess[at])
    readouts = {
        "alpha_now": Readout(alpha, "α at this step", "what the constraint costs now", group=NOW),
        "excess_now": Readout(excess, "Ω(w) − k at this step", "positive outside the ball", group=NOW),
    }
    figures = {
        "plane": marks.figure([], shapes=_moved(made.weights[max(0, at - RECENT) : at + 1])),
        "phase": marks.figure([], shapes=[marks.point("ascent", (alpha, excess))]),
        "ascent": marks.figure([], shapes=[marks.point("ascent", (float(at), alpha))]),
    }
    return Answer(f"step {step} of {STEPS}", figures, readouts, Outcome("converged", _goes(alpha, excess)))


def _goes(alpha: float, excess: float) -> str:
    if abs(excess) <= 1e-9:
        return "Ω = k: α stays."
    if excess > 0.0:
        return "Ω > k: α grows."
    return "Ω < k: α falls." if alpha > 0.0 else "Ω < k, and α is 0 already: it stays there, for it is never negative."


def _moved(recent: Array) -> list[Mark]:
    bounded = np.clip(recent, -1e6, 1e6)
    return [marks.curve("ascent_recent", polyline(bounded.tolist())), marks.point("ascent", plane.pair(bounded[-1]))]


def milliseconds(library: Library, problem: Problem, regularizer: Convex, method: Method) -> float:
    """An optimum for each step of dual ascent; a gradient for each of the flow."""
    posed = library.pose(problem)
    one = 0.05 if posed.rows == 0 or method == "flow" else 0.08
    if posed.stand_in is not None:  # no quadratic: passes over the rows
        one += 0.4 + 3e-5 * posed.rows
    if top_strength(posed, regularizer) and regularizer.kind == "lp":
        one += 0.3
    return 2.0 + STEPS * one
