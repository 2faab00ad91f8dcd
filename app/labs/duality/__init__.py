"""Penalty or constraint, are they the same?

For a convex loss every penalised optimum is a constrained one and back, by a map between strength and level that has
kinks and flats; a multiplier can find itself by going up the dual. For a loss that is not convex some constrained
optima are beyond every penalty. Deep Learning (2016) §4.4 and §7.2; Boyd & Vandenberghe, Convex Optimization, §5.1-5.5.
"""

from app.data.library import Library
from app.data.problems import Bowl, Problem
from app.geometry import L1, Convex, Outcome, Quadratic
from app.knobs import Knobs, Real, Whole, knob
from app.labs.duality import ascent, objective, strength_map, witness
from app.labs.duality.ascent import STEPS, Method
from app.labs.duality.convention_scripts import convention_script
from app.labs.duality.conventions import CONVENTIONS, Name, stated
from app.labs.duality.presets import PRESETS
from app.labs.duality.strength_map import Alone, Rival
from app.labs.lab import Answer, Lab, Panel, Part, Readout, parts
from app.labs.sight.scales import DEFAULT_RADIUS
from app.labs.tangency import TANGENCY, contour


class DualityKnobs(Knobs):
    """What can be turned on this page."""

    radius: Real | None = knob(
        DEFAULT_RADIUS, label="Radius", symbol="t/‖ŵ‖", ge=0, le=10, soft=(0, 1.5), step=0.01, linked="strength",
        help="The size of the ball, as a share of the one that reaches the free optimum ŵ.",
    )  # fmt: skip
    strength: Real | None = knob(
        None, label="Strength", symbol="α/αₘₐₓ", ge=0, le=1e6, soft=(1e-4, 1), step=0.05, scale="log",
        linked="radius",
        help="The weight α of the penalty, as a share of what makes every weight zero; of L where nothing does.",
    )  # fmt: skip
    regularizer: Convex = knob(
        L1(), label="Regularizer", symbol="Ω", discriminator="kind", help="What is penalised or constrained."
    )  # fmt: skip
    convention: Name = knob(
        "own", label="Written as in", choices=CONVENTIONS,
        help="Whose words the formula, the strength and the exported code are in; the picture stays.",
    )  # fmt: skip
    step: Whole = knob(
        STEPS, label="Step played", ge=0, le=STEPS, step=1, play=12,
        help="Where the search for α* is looked at: play it, step it, or drag it to and fro.",
    )  # fmt: skip
    method: Method = knob(
        "ascent", label="How α is sought",
        choices={"ascent": "dual ascent: w is optimal at each step", "flow": "primal-dual flow: both move at once"},
        help="Dual ascent waits for the weights at each step; the flow lets both go at the same time, and spirals.",
    )  # fmt: skip
    rate: Real = knob(
        0.3, label="Step of α", symbol="η", ge=1e-3, le=100, soft=(0.01, 10), scale="log", step=0.05,
        help="How far α goes for a violation Ω − k, in units of αₘₐₓ (or L) over Ω(ŵ). Too far, and it jumps around.",
    )  # fmt: skip
    first: Real = knob(
        0.0, label="First α", symbol="α₀", ge=0, le=100, soft=(0, 2), step=0.02,
        help="Where α begins, as a share of αₘₐₓ (or L).",
    )  # fmt: skip
    pace: Real = knob(
        0.3, label="Step of w in the flow", symbol="η·L", ge=1e-3, le=10, soft=(0.02, 2.4), step=0.02,
        help="How far the weights go down their slope at each step of the flow.",
    )  # fmt: skip
    start_1: Real = knob(
        -0.6, label="Start of the flow, first weight, as a share of the picture",
        symbol="w₁⁽⁰⁾/edge", ge=-20, le=20, soft=(-1, 1), step=0.01,
        help="0 is the middle, 1 the picture's edge: drag it in the picture.",
    )  # fmt: skip
    start_2: Real = knob(
        0.7, label="Start of the flow, second weight, as a share of the picture",
        symbol="w₂⁽⁰⁾/edge", ge=-20, le=20, soft=(-1, 1), step=0.01,
        help="0 is the middle, 1 the picture's edge: drag it in the picture.",
    )  # fmt: skip
    witness: Real = knob(
        0.5, label="Level for the loss that is not convex", symbol="k", ge=0, le=1.3, step=0.0125, play=10,
        help="How far w may go in the example where duality fails: play it through the gap.",
    )  # fmt: skip
    problem: Problem = knob(
        Bowl(), label="Problem", help="The loss J of two weights.", discriminator="kind"
    )  # fmt: skip
    rival: Rival = knob(
        Alone(), label="Another loss", help="What the same α is put to as well: it gives another ball.",
        discriminator="kind",
    )  # fmt: skip


def written(
    problem: Problem,
    regularizer: Convex,
    radius: float | None,
    strength: float | None,
    convention: Name,
    library: Library,
) -> Answer:
    """The problem in the words of a book or a library, and its number for our α."""
    seen = strength_map.sight(library, problem, regularizer, radius, strength)
    found = stated(convention, problem, seen.posed, regularizer, seen.found.strength)
    source, relative = CONVENTIONS[convention], seen.found.strength
    call = found.call if convention != "own" or relative is None else f"strength={relative / seen.units.strength:.6g}"
    readouts = {
        "convention_value": Readout(found.value, f"{found.symbol or 'α'}, {source}", "the strength in these words"),
        "convention_formula": Readout(found.formula or None, "minimises", f"as written by {source}"),
        "convention_call": Readout(call or None, "as code", "what to give to the library"),
        "convention_ratio": Readout(
            found.value / seen.found.strength if found.value is not None and seen.found.strength else None,
            f"{found.symbol or 'α'}/α", "how many times our number theirs is",
        ),
    }  # fmt: skip
    said = found.remark or f"The same point in the words of {source}."
    if seen.found.weights is None and found.applies:
        said = "without a penalty there is no optimum, and so no multiplier: choose a strength above 0"
    objective = f"minimise {found.formula}" if found.applies else f"{source} has no words for this"
    return Answer(objective, {}, readouts, Outcome("converged", f"{said[:1].upper()}{said[1:].rstrip('.')}."))


def script(
    problem: Problem,
    regularizer: Convex,
    radius: float | None,
    strength: float | None,
    convention: Name,
    library: Library,
) -> str:
    """The same optimum by the library of the convention."""
    seen = strength_map.sight(library, problem, regularizer, radius, strength)
    return convention_script(convention, seen.posed, problem, regularizer, seen.form, seen.found.strength)


def _optimum_milliseconds(problem: Problem, library: Library, **_: object) -> float:
    posed = library.pose(problem)
    return 0.4 if isinstance(posed.loss, Quadratic) else 3.0 + 0.0005 * posed.rows


def _objective_milliseconds(problem: Problem, library: Library, **_: object) -> float:
    """The optimum, and the loss over a grid."""
    grid = TANGENCY.parts["contour"].cost(problem=problem, library=library)
    return _optimum_milliseconds(problem, library) + grid


def _rival_milliseconds(problem: Problem, rival: Rival, library: Library, **_: object) -> float:
    other = 0.0 if isinstance(rival, Alone) else _optimum_milliseconds(rival, library)
    return _optimum_milliseconds(problem, library) + other


def _curves_milliseconds(problem: Problem, library: Library, **_: object) -> float:
    return 3.0 + 8.0 * _optimum_milliseconds(problem, library)


def _ascent_milliseconds(problem: Problem, regularizer: Convex, method: Method, library: Library, **_: object) -> float:
    return ascent.milliseconds(library, problem, regularizer, method)


def _moment_milliseconds(problem: Problem, regularizer: Convex, method: Method, library: Library, **_: object) -> float:
    """A moment alone needs the whole way; all moments share it."""
    return 2.5 + ascent.milliseconds(library, problem, regularizer, method) / STEPS


DUALITY = Lab(
    slug="duality",
    title="Duality",
    question="Penalty or constraint, are they the same?",
    knobs=DualityKnobs,
    figures=(
        Panel("plane", "The optimum, its ball, and the way to it"),
        Panel("objective", "The penalised objective J + α*Ω"),
        Panel("level", "From strength to level", "wide"),
        Panel("strength", "From level to strength", "wide"),
        Panel("phase", "Where α goes: right while Ω > k", "wide"),
        Panel("ascent", "α step by step", "wide"),
        Panel("gap", "Not convex: the loss, its hull, and the gap", "wide"),
        Panel("hill", "Not convex: an optimum on a hilltop", "wide"),
    ),
    parts=parts(
        Part("contour", contour, cost=TANGENCY.parts["contour"].cost),
        Part("rival", strength_map.rival, cost=_rival_milliseconds, sweeps=("radius", "strength")),
        Part("objective", objective.objective, cost=_objective_milliseconds),
        Part("curves", strength_map.curves, cost=_curves_milliseconds),
        Part("solution", strength_map.solution, cost=TANGENCY.parts["solution"].cost, sweeps=("radius", "strength")),
        Part("written", written, cost=_optimum_milliseconds, sweeps=("radius", "strength")),
        Part("ascent", ascent.ascent, cost=_ascent_milliseconds),
        Part("moment", ascent.moment, cost=_moment_milliseconds, sweeps=("step",)),
        Part("witnessed", witness.curves, cost=lambda **_: 0.3),
        Part("witness", witness.witness, cost=lambda **_: 0.2, sweeps=("witness",)),
    ),
    presets=PRESETS,
    script=script,
)
