"""Where does the contour touch the ball?

The picture of the field: contours of J(w) in two weights, the ball {Ω(w) ≤ k}, the free optimum ŵ and the constrained
optimum w*, where −∇J lies in the normal cone of the ball. Deep Learning (2016) §7.1-7.2; ESL §3.4, fig. 3.11.
"""

from typing import Literal

import numpy as np

from app.data.library import Library
from app.data.problems import Bowl, Problem
from app.figures import marks, plane
from app.geometry import L1, NonConvex, Outcome, Quadratic, follow, grid, solve
from app.geometry.numerals import numeral
from app.knobs import Knobs, Real, Refused, knob
from app.labs.lab import Answer, Lab, Panel, Part, Preset, Readout, parts
from app.labs.sight import dragging, optimum, words
from app.labs.sight.optimum import AnyRegularizer, Sight
from app.labs.sight.scales import DEFAULT_RADIUS, absolute, scale
from app.labs.sight.scripts import optimum_script
from app.labs.tangency import shortcuts
from app.labs.tangency.shortcuts import SHORTCUTS, Shortcut

LANDSCAPE = "The loss and its path"
GRID = 45  # points a side: the contour lines of a smooth loss do not change visibly beyond

UNFOLLOWED = "Where p < 1, the path is drawn for bowls and least squares; here each ball is searched on its own."

UNSEARCHED = "where p < 1, a penalty is searched for bowls and least squares only; give a radius, or choose p ≥ 1"


class TangencyKnobs(Knobs):
    """What can be turned on this page."""

    problem: Problem = knob(
        Bowl(), label="Problem", help="The loss J of two weights whose contours are drawn.", discriminator="kind"
    )
    regularizer: AnyRegularizer = knob(
        L1(), label="Regularizer", symbol="Ω", discriminator="kind",
        help="What is penalised or constrained: it gives the ball its shape.",
    )  # fmt: skip
    radius: Real | None = knob(
        DEFAULT_RADIUS, label="Radius", symbol="t/‖ŵ‖", ge=0, le=10, soft=(0, 1.5), step=0.01, linked="strength",
        play=8, help="The size of the ball, as a share of the one that reaches the free optimum ŵ.",
    )  # fmt: skip
    strength: Real | None = knob(
        None, label="Strength", symbol="α/αₘₐₓ", ge=0, le=1e6, soft=(1e-4, 1), step=0.05, scale="log",
        linked="radius",
        help="The weight α of the penalty, as a share of what makes every weight zero; of L where nothing does.",
    )  # fmt: skip
    shortcut: Shortcut = knob(
        "none", label="Common shortcut", choices=SHORTCUTS,
        help="A common wrong idea of where the optimum is, drawn beside the truth, with what it costs.",
    )  # fmt: skip


def contour(problem: Problem, library: Library) -> Answer:
    """The contours of J, the free optimum ŵ, and what of the problem can be dragged."""
    posed = library.pose(problem)
    x0, x1, y0, y1 = posed.window
    xs, ys = np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID)
    surface = grid(posed.loss, xs, ys, stand_in=posed.stand_in)
    shapes = [marks.curve("hessian_axis", path) for path in dragging.axis_lines(problem)]
    if posed.attained:
        shapes.append(marks.point("free_optimum", plane.pair(posed.reference)))
    layout = {**marks.axes(posed.names, posed.window), "meta": {"handles": dragging.handles(problem)}}
    traces = [marks.contour("contour", xs, ys, surface.values, plane.levels(surface.values))]
    readouts = {
        "rows": Readout(posed.rows, "n", "rows of data behind J; 0 for a bowl", group=LANDSCAPE),
        "lowest": Readout(
            posed.loss.minimum.value if posed.attained else None,
            "J(ŵ)",
            "the lowest loss, without any penalty or constraint",
            group=LANDSCAPE,
        ),
        "contour_error": Readout(
            surface.error, "contour error", "checked at random points, as a share of J's range", group=LANDSCAPE
        ),
    }
    kind: Literal["converged", "unbounded"] = "converged" if posed.attained else "unbounded"
    outcome = Outcome(kind, " ".join(posed.notes) or "J has one free optimum ŵ.")
    figure = marks.figure(traces, shapes=shapes, **layout)
    return Answer(f"J(w) = {posed.sentence}", {"plane": figure}, readouts, outcome)


def path(problem: Problem, regularizer: AnyRegularizer, library: Library) -> Answer:
    """Where the optimum goes while the ball grows from nothing to the free optimum."""
    posed = library.pose(problem)
    if isinstance(regularizer, NonConvex) and not isinstance(posed.loss, Quadratic):
        return Answer("w*(t) for every radius t", {}, {}, Outcome("searched", UNFOLLOWED))
    followed = follow(posed.loss, regularizer)
    if not len(followed.weights):
        return Answer("w*(t) for every radius t", {}, {}, Outcome("unbounded", " ".join(posed.notes)))
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>path of w*(t)</extra>"
    figure = marks.figure([marks.line("path", followed.weights, hover)])
    knots = len(followed.radii) if followed.knots else None
    readouts = {"knots": Readout(knots, "knots", "where the path bends; none where it is smooth", group=LANDSCAPE)}
    objective = f"w*(t) for every radius t from 0 to {numeral(followed.radii.max(), 4)}"
    return Answer(objective, {"plane": figure}, readouts, Outcome("converged", "The path is complete."))


def solution(
    problem: Problem, regularizer: AnyRegularizer, radius: float | None, strength: float | None,
    shortcut: Shortcut, library: Library,
) -> Answer:  # fmt: skip
    """The optimum under a constraint or a penalty, its certificate, and the picture of why it is one."""
    posed = library.pose(problem)
    if strength is not None and isinstance(regularizer, NonConvex) and not isinstance(posed.loss, Quadratic):
        raise Refused(("strength", UNSEARCHED))
    units = scale(posed, regularizer)
    form = absolute(units, regularizer, radius, strength)
    sight = Sight(posed, regularizer, units, form, solve(posed.loss, regularizer, form))
    shapes, costs = shortcuts.drawn(sight, shortcut)
    figure = marks.figure([], shapes=[*optimum.drawn(sight), *shapes], meta={"handles": optimum.radius_handles(sight)})
    went = words.outcome(sight)
    said = f"{went.sentence} {shortcuts.told(sight, shortcut, costs)}".strip()
    return Answer(
        words.objective(sight), {"plane": figure}, {**optimum.readouts(sight), **costs}, went._replace(sentence=said)
    )


def _milliseconds(problem: Problem, library: Library, regularizer: AnyRegularizer | None = None, **_: object) -> float:
    """A quadratic costs the same whatever its rows; another loss a few passes over them, many where it is steep.

    A search looks at the whole boundary, each point of it as dear as the loss.
    """
    posed = library.pose(problem)
    searched = isinstance(regularizer, NonConvex)
    if isinstance(posed.loss, Quadratic):
        return 8.0 if searched else 0.3
    steep = posed.stand_in is not None and not posed.stand_in.trusted
    size = (1.0 + posed.rows / 500) * (1.0 + 1.5 * (posed.weights - 2))  # other weights are free in an inner search
    return (500.0 if searched else 40.0 if steep else 1.0) * size


def _script(
    problem: Problem, regularizer: AnyRegularizer, radius: float | None, strength: float | None, library: Library
) -> str:
    """The optimum that these knobs describe, as a script for public libraries."""
    posed = library.pose(problem)
    form = absolute(scale(posed, regularizer), regularizer, radius, strength)
    return optimum_script(posed, problem, regularizer, form)


PRESETS = (
    Preset(
        "corner",
        "Two measurements of 442 diabetes patients: in a small L1 ball one weight is exactly 0.",
        {
            "problem.kind": "regression", "problem.dataset": "diabetes", "problem.first": "bmi", "problem.second": "bp",
            "regularizer.kind": "l1", "radius": 0.3,
        },
        shows=("zeros", "place"),
    ),
    Preset(
        "edge",
        "The corner does not always win: here the ellipse meets an edge, and L1 selects nothing.",
        {
            "problem.kind": "bowl", "problem.curvature_1": 3.5, "problem.curvature_2": 0.5, "problem.angle": 45,
            "problem.minimiser_1": 1, "problem.minimiser_2": 1, "regularizer.kind": "l1", "strength": 0.142857142857,
        },
        shows=("zeros", "place"),
    ),
    Preset(
        "decay",
        "Weight decay with α = 1 on curvatures 1 and 5 halves the first weight, and keeps 5/6 of the second.",
        {"problem.kind": "bowl", "regularizer.kind": "squared_l2", "strength": 0.2},
        shows=("w1", "w2"),
    ),
    Preset(
        "shortcut",
        "Projecting ŵ onto the ball is not the optimum: on a long ellipse it costs more loss than the ball itself.",
        {
            "problem.kind": "bowl", "problem.curvature_1": 0.2, "problem.curvature_2": 10, "problem.angle": 40,
            "regularizer.kind": "l2", "radius": 0.5, "shortcut": "project",
        },
        shows=("shortcut_cost", "shortcut_share"),
    ),
    Preset(
        "separable",
        "Breaks: two classes that a line separates have no finite optimum until a ball or a penalty gives one.",
        {
            "problem.kind": "synthetic_classification", "problem.distance": 6, "problem.noise": 0, "problem.rows": 60,
            "regularizer.kind": "l2", "strength": 0,
        },
        shows=("place",),
    ),
)  # fmt: skip

TANGENCY = Lab(
    slug="tangency",
    title="Tangency",
    question="Where does the contour touch the ball?",
    knobs=TangencyKnobs,
    figures=(Panel("plane", "Two weights"),),
    parts=parts(
        Part("contour", contour, cost=_milliseconds),
        Part("path", path, cost=_milliseconds),
        Part("solution", solution, cost=_milliseconds, sweeps=("radius", "strength")),
    ),
    presets=PRESETS,
    script=_script,
)
