"""The two panels that move together: the optimum with its ball, and the map between strength and level, both ways."""

from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Problem
from app.figures import marks, plane
from app.figures.marks import Array
from app.geometry import L1, Constrained, Convex, Outcome, Penalised, Quadratic, follow, solve, solve_many
from app.geometry.numerals import numeral
from app.knobs import Knobs
from app.labs.lab import Answer, Readout
from app.labs.sight import optimum, words
from app.labs.sight.optimum import Sight
from app.labs.sight.scales import absolute, scale


class Alone(Knobs, title="none"):
    """No other loss."""

    kind: Literal["alone"] = "alone"


Rival = Alone | Problem

SAMPLES = 81
BEYOND = 1.2  # how far the charts go beyond α_max and beyond Ω(ŵ)
RIVAL = "Another loss, the same α"


def top_strength(posed: Posed, regularizer: Convex) -> float:
    """The largest α on the charts: beyond α_max where there is one, some curvatures where there is none."""
    return BEYOND * scale(posed, regularizer).strength


def top_level(posed: Posed, regularizer: Convex) -> float:
    """The largest k on the charts: beyond Ω(ŵ)."""
    return BEYOND * float(regularizer.value(posed.reference)) or 1.0


def levels_by_strength(
    library: Library, problem: Problem, regularizer: Convex
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """α (m,) rising, k(α) (m,), and which of them are knots, where a weight leaves; for `Library.once`."""
    posed = library.pose(problem)
    top = top_strength(posed, regularizer)
    knots = _knots(posed, regularizer, top)
    first = 0.0 if posed.attained else top / 1000.0
    strengths = np.unique(np.concatenate([np.linspace(first, top, SAMPLES), knots]))
    found = solve_many(posed.loss, regularizer, [Penalised(float(one)) for one in strengths[::-1]])[::-1]
    there = np.array([one.weights is not None for one in found])
    strengths, levels = strengths[there], np.array([one.omega for one in found])[there]
    return strengths, levels, np.isin(strengths, knots)


def _knots(posed: Posed, regularizer: Convex, top: float) -> Array:
    """The strengths at which the path of a quadratic bends: k(α) has a kink there."""
    if not isinstance(posed.loss, Quadratic):
        return np.empty(0)
    path = follow(posed.loss, regularizer)
    inside = path.strengths[(path.strengths > 0.0) & (path.strengths <= top)]
    return inside if path.knots else np.empty(0)


def curves(problem: Problem, regularizer: Convex, library: Library) -> Answer:
    """k(α) and α(k) as curves, with their kinks and flats."""
    posed = library.pose(problem)
    strengths, levels, knots = library.once(levels_by_strength, problem, regularizer)
    if not len(strengths):
        return Answer("k(α) = Ω(w(α))", {}, {}, Outcome("unbounded", " ".join(posed.notes) or "There is no optimum."))
    forwards = np.column_stack([strengths, levels])
    beyond = top_level(posed, regularizer)
    backwards = np.vstack([forwards[::-1, ::-1], [[beyond, 0.0]]]) if posed.attained else forwards[::-1, ::-1]
    omega = regularizer.written(regularizer.formula)
    figures = {
        "level": _chart(forwards, knots, ("α, strength of the penalty", "k = Ω(w(α))"), (strengths[-1], beyond)),
        "strength": _chart(
            backwards, knots[::-1], ("k, level of the ball", "α*(k), multiplier"), (beyond, strengths[-1])
        ),
    }
    readouts = {
        "kinks": Readout(int(knots.sum()) or None, "kinks", "strengths at which a weight enters or leaves"),
        "largest_strength": Readout(
            regularizer.largest_strength(posed.loss.gradient(np.zeros(2))),
            "αₘₐₓ",
            "from here on every weight is 0, and k is flat",
        ),
        "free_level": Readout(
            float(regularizer.value(posed.reference)) if posed.attained else None,
            "Ω(ŵ)",
            "a ball of this level or more is inactive: α* = 0 for all of them",
        ),
    }  # fmt: skip
    falls = f"falls from {numeral(levels[0], 4)} to {numeral(levels[-1], 4)}, and never rises."
    said = f"The larger α, the smaller the region: k {falls}"
    if not posed.attained:
        said = (
            f"k grows without bound as α goes to 0, for J alone has no optimum; from α = {numeral(strengths[0])} on "
            f"it {falls}"
        )
    if levels[0] == levels[-1]:
        said = " ".join(posed.notes) or "k is the same for every α: the free optimum is 0 already."
    return Answer(f"k(α) = Ω(w(α)), w(α) minimises J + α·{omega}", figures, readouts, Outcome("converged", said))


def _chart(points: Array, knots: NDArray[np.bool_], titles: tuple[str, str], ends: tuple[float, float]) -> marks.Figure:
    hover = "%{x} → %{y}<extra></extra>"
    drawn = [marks.line("map", points, hover)]
    kinks = points[: len(knots)][knots]
    if len(kinks):
        drawn.append(marks.dots("kink", kinks, hover))
    ranges = [(-0.04 * (float(end) or 1.0), float(end) or 1.0) for end in ends]
    return marks.figure(drawn, **marks.chart(*titles, x_range=ranges[0], y_range=ranges[1]))


def sight(
    library: Library, problem: Problem, regularizer: Convex, radius: float | None, strength: float | None
) -> Sight:
    """The optimum that the linked pair asks for."""
    posed = library.pose(problem)
    units = scale(posed, regularizer)
    form = absolute(units, regularizer, radius, strength)
    return Sight(posed, regularizer, units, form, solve(posed.loss, regularizer, form))


def solution(
    problem: Problem, regularizer: Convex, radius: float | None, strength: float | None, library: Library
) -> Answer:
    """The optimum in the plane, and the same point on both charts."""
    seen = sight(library, problem, regularizer, radius, strength)
    there = seen.found.weights is not None
    alpha = alpha_of(seen)
    k = float(regularizer.level(seen.found.radius)) if isinstance(seen.form, Constrained) else seen.found.omega
    level = marks.figure(
        [], shapes=[marks.point("here", (alpha, k)), marks.rule("guide", x=alpha), marks.rule("guide", y=k)]
    )
    back = marks.figure(
        [], shapes=[marks.point("here", (k, alpha)), marks.rule("guide", x=k), marks.rule("guide", y=alpha)]
    )
    layout = {"meta": {"handles": optimum.radius_handles(seen)}}
    drawn = marks.figure([], shapes=optimum.drawn(seen), **layout)
    figures = {"plane": drawn, **({"level": level, "strength": back} if there or radius is not None else {})}
    readouts = {**optimum.readouts(seen), "level": Readout(k, "k", "the level: what Ω(w) may be at most")}
    return Answer(words.objective(seen), figures, readouts, words.outcome(seen))


def alpha_of(seen: Sight) -> float:
    """α* as the charts show it: the smallest one at radius 0, and the end of the axis where there is none."""
    if seen.found.strength is not None:
        return seen.found.strength
    least = seen.found.smallest_strength
    return least if least is not None and isfinite(least) else top_strength(seen.posed, _convex(seen))


def _convex(seen: Sight) -> Convex:
    return seen.regularizer if isinstance(seen.regularizer, Convex) else L1()


def rival(
    problem: Problem,
    regularizer: Convex,
    radius: float | None,
    strength: float | None,
    rival: Rival,
    library: Library,
) -> Answer:
    """The same α on another loss: another optimum, so another ball."""
    if isinstance(rival, Alone):
        return Answer("the same α on another loss", {}, {}, Outcome("converged", "No other loss is compared."))
    seen = sight(library, problem, regularizer, radius, strength)
    alpha, other = seen.found.strength, library.pose(rival)
    objective = f"the same α on J(w) = {other.sentence}"
    if alpha is None:
        return Answer(objective, {}, {}, Outcome("stopped", "No single α is the multiplier here."))
    found = solve(other.loss, regularizer, Penalised(alpha))
    if found.weights is None:
        return Answer(objective, {}, {}, Outcome("unbounded", "Without a penalty the other loss has no optimum."))
    shapes = [marks.curve("rival_ball", plane.ball(regularizer.boundary(found.radius))["path"])] if found.radius else []
    shapes += [marks.point("rival_optimum", plane.pair(found.weights))]
    ours = seen.found.radius
    readouts = {
        "rival_t": Readout(found.radius, "t of the other loss", "the ball that this α gives there", group=RIVAL),
        "rival_level": Readout(found.omega, "k of the other loss", "Ω at its optimum", group=RIVAL),
        "rival_ratio": Readout(
            found.radius / ours if ours else None, "its ball over ours", "1 only if both losses pull alike", group=RIVAL
        ),
    }
    said = (
        f"The same α = {numeral(alpha, 4)} gives a ball of t = {numeral(ours, 4)} here and of "
        f"t = {numeral(found.radius, 4)} on the other loss."
    )
    return Answer(objective, {"plane": marks.figure([], shapes=shapes)}, readouts, Outcome("converged", said))
