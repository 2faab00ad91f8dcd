"""The cost of the trained network on a plane through its weights: contours, a surface in space, both with their error.

Li, Xu, Taylor, Studer & Goldstein (2018), Visualizing the Loss Landscape of Neural Nets; Goodfellow, Vinyals & Saxe
(2015), Qualitatively characterizing neural network optimization problems.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.data.library import Library
from app.data.patterns import InThePlane
from app.figures import marks, plane
from app.figures.marks import Array, Figure
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.landscape.planes import Cut, View, viewed
from app.labs.landscape.trained import Bound, Trained, trained
from app.labs.training.layers import Hidden
from app.networks import AnyActivation, Landscape, Projected, evaluate, landscape
from app.networks.ball_traces import ball_traces

Fineness = Literal["51", "101", "151"]

LINES = 24
SEEN = 0.85  # of the points of the grid that lie below the highest contour line
SPATIAL = 51  # points along each side of a surface in space
PICTURE = "How the picture was computed"
BENDS = "How it curves"
HOVER = "x = %{x}<br>y = %{y}<br>cost %{z:.5~r}<extra>%{fullData.name}</extra>"


@dataclass(frozen=True, eq=False)
class Laid:
    """A trained network, a plane through its weights, and its costs over a grid of it."""

    found: Trained
    view: View
    xs: Array
    ys: Array
    values: Landscape


def laid(
    library: Library, pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int,
    steps: int, l2: float, constraint: Bound, seed: int, cut: Cut, reach: float, fineness: Fineness, exact: bool,
) -> Laid:  # fmt: skip
    """51 × 51 values are always computed, each of them; finer grids are interpolated unless exactness is asked for."""
    found = library.once(trained, pattern, hidden, activation, rate, batch, steps, l2, constraint, seed)
    view, count = viewed(found, cut, reach), int(fineness)
    x0, x1, y0, y1 = view.window
    xs, ys = np.linspace(x0, x1, count), np.linspace(y0, y1, count)
    values = landscape(
        found.architecture, view.plane, found.lesson.task.training, xs, ys,
        penalty=found.setting.penalty, exact=exact or count <= 51,
    )  # fmt: skip
    return Laid(found, view, xs, ys, values)


def surfaces(
    pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int, steps: int, l2: float,
    constraint: Bound, seed: int, cut: Cut, reach: float, fineness: Fineness, exact: bool, library: Library,
) -> Answer:  # fmt: skip
    """Contours with and without the penalty, the surface in space, the way of the training on all of them."""
    made = library.once(
        laid, pattern, hidden, activation, rate, batch, steps, l2, constraint, seed, cut, reach, fineness, exact
    )
    figures = {
        "plane": _contours(made, made.values.objective),
        "bare": _contours(made, made.values.cost),
        "surface": _space(made),
    }
    found, setting = made.found, made.found.setting
    objective = (
        f"C(θ) + {numeral(l2, 4)}·½‖w‖² on a plane through the trained network θ, C over {found.lesson.sentence}"
    )
    went = Outcome(found.outcome.kind, f"The whole training: {found.outcome.sentence} {_lowest(made)}")
    counted = {"parameters": Readout(setting.architecture.parameters, "parameters", "how many numbers were learnt")}
    return Answer(objective, figures, {**_ends(found), **counted, **_how(made)}, went)


def _contours(made: Laid, values: Array) -> Figure:
    traces = [marks.contour("cost_contour", made.xs, made.ys, values, _levels(values), HOVER)]
    hover = "x = %{x}<br>y = %{y}<extra>%{fullData.name}</extra>"
    traces.append(marks.line("weights_path", made.view.shadow, hover))
    shapes = [marks.point("weights_start", plane.pair(made.view.shadow[0])), marks.point("weights_last", (0.0, 0.0))]
    return marks.figure(traces, shapes=shapes, **marks.axes(made.view.names, made.view.window))


def _levels(values: Array) -> tuple[float, float, float]:
    """Even levels from the lowest value up to one that most of the plane is below."""
    low, high = float(values.min()), float(np.quantile(values, SEEN))
    size = (high - low) / LINES or 1.0
    return low + size / 2.0, high, size


def _space(made: Laid) -> Figure:
    """Both surfaces at 51 × 51 of the points, and the way of the training at its own height on the plane."""
    every = max(1, (len(made.xs) - 1) // (SPATIAL - 1))
    xs, ys = made.xs[::every], made.ys[::every]
    objective, cost = made.values.objective[::every, ::every], made.values.cost[::every, ::every]
    top = _top(objective)
    hover = "x = %{x}<br>y = %{y}<br>%{z:.5~r}<extra>%{fullData.name}</extra>"
    drawn = [marks.surface("objective_surface", xs, ys, np.minimum(objective, top), hover)]
    if made.values.penalty.any():
        drawn.append(marks.surface("cost_surface", xs, ys, np.minimum(cost, top), hover))
    x0, x1, y0, y1 = made.view.window
    shadow = made.view.shadow
    inside = (shadow >= (x0, y0)).all(axis=1) & (shadow <= (x1, y1)).all(axis=1)
    if inside.sum() > 1:
        heights = made.found.valued(made.view.plane.at(shadow[inside]))[1]
        lifted = np.column_stack([shadow[inside], np.minimum(heights, top)])
        drawn.append(marks.spatial_line("weights_path", lifted, hover))
    names = ("x", "y", "cost")
    return marks.figure(drawn, **marks.space(*names, (float(min(cost.min(), objective.min())), top)))


def _top(values: Array) -> float:
    """Heights above are cut: a wall far away would leave nothing of the valley."""
    low, high = float(values.min()), float(np.quantile(values, 0.98))
    return high if high > low else low + 1.0


def _ends(found: Trained) -> dict[str, Readout]:
    return {
        "last_cost": Readout(float(found.costs[-1]), "C of the trained network", "its mean cost, without the penalty"),
        "last_objective": Readout(
            float(found.objectives[-1]), "C + penalty", "what training lowers, at the trained network"
        ),
        "test_cost": Readout(_tested(found), "cost of the test", "of samples that nothing was learnt from"),
    }


def _tested(found: Trained) -> float:
    return float(evaluate(found.architecture, found.last, found.lesson.test)[0])


def _how(made: Laid) -> dict[str, Readout]:
    values = made.values
    interpolated = values.method == "interpolated"
    return {
        "method": Readout(
            "interpolated" if interpolated else "each value computed", "values",
            "finer than 51 × 51 a smooth cost is interpolated, if its error allows it", group=PICTURE,
        ),
        "grid_error": Readout(
            values.error, "largest error measured",
            "at points chosen at random, as a share of the range: of interpolation, or of single precision; 0 where "
            "every value was computed in double precision", group=PICTURE,
        ),
        "grid_points": Readout(values.cost.size, "points", "networks whose cost is drawn", group=PICTURE),
        "grid_lowest": Readout(
            float(values.objective.min()), "lowest on the grid", "of the cost with its penalty", group=PICTURE
        ),
        "lowest_within": Readout(
            _lowest_within(made), "lowest within the bounds", "of the points at which no group is too long",
            group=PICTURE,
        ),
        "down_cost": Readout(
            _downwards(made, values.cost), "of C, curves downwards",
            "the share of the grid at which the cost alone curves downwards in some direction of the plane", "%",
            group=BENDS,
        ),
        "down_objective": Readout(
            _downwards(made, values.objective), "of C + penalty",
            "the same share with the penalty, which adds a bowl: it can only be smaller", "%", group=BENDS,
        ),
    }  # fmt: skip


def _lowest_within(made: Laid) -> float | None:
    """The lowest objective of the grid within the bounds of the training; None without bounds, or where none is."""
    bound = made.found.setting.constraint
    if not isinstance(bound, Projected):
        return None
    points = np.stack(np.meshgrid(made.xs, made.ys), axis=-1)
    traces = ball_traces(made.found.architecture, made.view.plane, bound.scope)
    inside = np.all([one.norm(points) <= bound.radius * (1.0 + 1e-9) for one in traces], axis=0)
    return float(made.values.objective[inside].min()) if inside.any() else None


def _downwards(made: Laid, values: Array) -> float:
    """The share in % of the inner grid points whose second differences have a negative eigenvalue."""
    h, k = made.xs[1] - made.xs[0], made.ys[1] - made.ys[0]
    across = (values[1:-1, 2:] - 2.0 * values[1:-1, 1:-1] + values[1:-1, :-2]) / h**2
    along = (values[2:, 1:-1] - 2.0 * values[1:-1, 1:-1] + values[:-2, 1:-1]) / k**2
    mixed = (values[2:, 2:] - values[2:, :-2] - values[:-2, 2:] + values[:-2, :-2]) / (4.0 * h * k)
    least = 0.5 * (across + along) - np.hypot(0.5 * (across - along), mixed)
    return 100.0 * float(np.mean(least < -1e-6 * np.abs(least).max(initial=0.0)))


def _lowest(made: Laid) -> str:
    """Whether the plane has a lower point than the trained network."""
    lowest, own = float(made.values.objective.min()), float(made.found.objectives[-1])
    if lowest < own * (1.0 - 1e-3):
        both = f"{numeral(lowest, 4)} against {numeral(own, 4)}"
        return f"On this plane there is a lower point than the trained network: {both}."
    return f"No point of the grid is lower than the trained network, {numeral(own, 4)}."
