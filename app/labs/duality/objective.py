"""The penalised objective J + α*Ω in the plane: with the right strength its lowest point is the constrained optimum."""

from math import isfinite

import numpy as np

from app.data.library import Library
from app.data.problems import Problem
from app.figures import marks, plane
from app.figures.marks import Array, Mark
from app.geometry import Convex, Outcome, grid
from app.geometry.numerals import numeral
from app.labs.duality.strength_map import sight
from app.labs.lab import Answer, Readout
from app.labs.sight.optimum import Sight

LINES = 49  # points a side, beside those through 0 and w*
LOWEST = 32  # of the points, looked at exactly: a contour may be drawn from an interpolant
NEAR = 1e-3  # of a side: a line so close to one through 0 or w* gives way to it
OBJECTIVE = "The penalised objective"
HOVER = "w₁ = %{x}<br>w₂ = %{y}<br>J + α*Ω = %{z:.5~r}<extra></extra>"


def objective(
    problem: Problem, regularizer: Convex, radius: float | None, strength: float | None, library: Library
) -> Answer:
    """The contours of J + α*Ω and their lowest point, beside those of J: one point, asked for in two ways.

    Deep Learning (2016) §7.2, eq. 7.28; Boyd & Vandenberghe, Convex Optimization, §5.5.2.
    """
    seen = sight(library, problem, regularizer, radius, strength)
    alpha, layout = _multiplier(seen), marks.axes(seen.posed.names, seen.posed.window)
    written = f"J(w) + α*·{regularizer.written(regularizer.formula)}"
    if alpha is None or seen.found.weights is None:
        return Answer(written, {"objective": marks.figure([], **layout)}, {}, _missing(seen))
    x0, x1, y0, y1 = seen.posed.window
    x, y = plane.pair(seen.found.weights)
    xs, ys = _lines(x0, x1, x), _lines(y0, y1, y)
    points = np.stack(np.meshgrid(xs, ys), axis=-1)
    loss = seen.posed.loss
    values = grid(loss, xs, ys, stand_in=seen.posed.stand_in).values + alpha * regularizer.value(points)
    trace = marks.contour("objective_contour", xs, ys, values, plane.levels(values), HOVER)
    figure = marks.figure([trace], shapes=_shapes(seen, (x, y)), **layout)
    told = f"minimise J(w) + {numeral(alpha, 4)}·{regularizer.written(regularizer.formula)}"
    others = points[(ys[:, None] != y) | (xs != x)]
    low = others[np.argsort(values[(ys[:, None] != y) | (xs != x)])[:LOWEST]]
    elsewhere = float((loss.value(low) + alpha * regularizer.value(low)).min())
    numbers = _numbers(seen.found.value + alpha * seen.found.omega, elsewhere)
    return Answer(told, {"objective": figure}, numbers, Outcome("converged", _told(seen, alpha)))


def _multiplier(seen: Sight) -> float | None:
    """α*; of many the smallest; None where none has this optimum."""
    if seen.found.strength is not None:
        return seen.found.strength
    least = seen.found.smallest_strength
    return least if least is not None and isfinite(least) else None


def _lines(low: float, high: float, at: float) -> Array:
    """Evenly spaced, and through 0 and w*, where the objective has its kinks and its lowest point."""
    apart = NEAR * (high - low)
    held: list[float] = []
    for one in (at, 0.0):
        if low <= one <= high and all(abs(one - other) > apart for other in held):
            held.append(one)
    even = [one for one in np.linspace(low, high, LINES).tolist() if all(abs(one - other) > apart for other in held)]
    return np.array(sorted(even + held))


def _shapes(seen: Sight, at: tuple[float, float]) -> list[Mark]:
    ball = [plane.ball(seen.sphere)] if seen.found.radius > 0 else []
    free = [marks.point("free_optimum", plane.pair(seen.posed.reference))] if seen.posed.attained else []
    return [*ball, *free, marks.point("optimum", at)]


def _numbers(lowest: float, elsewhere: float) -> dict[str, Readout]:
    return {
        "objective_value": Readout(
            lowest, "J(w*) + α*Ω(w*)", "the penalised objective at the constrained optimum", group=OBJECTIVE
        ),
        "objective_margin": Readout(
            elsewhere - lowest, "lowest elsewhere − there",
            "how much higher every other point of the picture is at least: never below 0 where J and Ω are convex",
            group=OBJECTIVE,
        ),
    }  # fmt: skip


def _missing(seen: Sight) -> Outcome:
    if seen.found.weights is None:
        return Outcome("unbounded", "Without a penalty the objective is J alone, and has no lowest point.")
    return Outcome("stopped", "No strength has this optimum: a smooth penalty never makes every weight exactly 0.")


def _told(seen: Sight, alpha: float) -> str:
    if not seen.found.unique:
        return "The constrained optimum is one of the lowest points of J + α*Ω: they are a whole valley."
    if alpha == 0.0:
        return "α* = 0: the objective is J alone, and its lowest point is ŵ."
    return "The lowest point of J + α*Ω is the constrained optimum: one point, two names."
