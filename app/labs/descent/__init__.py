"""How does each rule walk?

One loss, one start, up to six walkers at once: gradient descent, its heavy and its adaptive relatives, each with a
penalty in one of the ways that it can enter a step. Deep Learning (2016) §4.3, §8.3 and §8.5; Beck & Teboulle (2009)
for ISTA and FISTA; Loshchilov & Hutter (2019) for decoupled decay.
"""

from typing import Any, Literal

from app.data.library import Library
from app.data.problems import Bowl, Problem
from app.figures import marks, plane
from app.geometry import (
    L2,
    Adam,
    Convex,
    GradientDescent,
    Momentum,
    Outcome,
    Trajectory,
)
from app.geometry.numerals import numeral
from app.geometry.outcomes import Kind
from app.knobs import Knobs, Real, Whole, knob
from app.labs.descent import lights, pictures, walkers
from app.labs.descent.presets import PRESETS
from app.labs.descent.script import script
from app.labs.descent.walkers import Absent, AnyWalker, Pull, Walking
from app.labs.descent.walks import POSITIONS, Walk, allowed, shortened, step_milliseconds, walked
from app.labs.lab import Answer, Lab, Panel, Part, Readout, parts
from app.labs.tangency import TANGENCY, contour

Measure = Literal["loss", "distance", "weight_1", "weight_2"]
ENDS, LIGHTS, NOW = "Where each walk ends", "Stability", "At the step that is played"


def _walker(place: int, default: AnyWalker) -> Any:
    return knob(
        default, label=f"Walker {place}", discriminator="kind", help="A walker: its rule, its step and its penalty."
    )


def _start(place: int, default: float, words: str) -> Any:
    return knob(
        default, label=f"Start, {words} weight, as a share of the picture",
        symbol=f"w{'₁₂'[place]}⁽⁰⁾/edge", ge=-20, le=20, soft=(-1, 1), step=0.01,
        help="Where all walkers begin: 0 is the middle, 1 the picture's edge. Drag the start in the picture.",
    )  # fmt: skip


class DescentKnobs(Knobs):
    """What can be turned on this page."""

    moment: Whole = knob(
        POSITIONS, label="Step played", ge=0, le=POSITIONS, step=1, play=16,
        help="Where the walkers are looked at: play it, step it, or drag it to and fro.",
    )  # fmt: skip
    measure: Measure = knob(
        "loss", label="Chart", choices=pictures.MEASURES,
        help="What is drawn over the steps.",
    )  # fmt: skip
    strength: Real = knob(
        0.2, label="Strength of the penalties", symbol="α", ge=0, le=1e6, soft=(1e-3, 1), scale="log", step=0.05,
        help="For L1 as a share of the strength that makes every weight zero, for L2 as a share of the curvature L.",
    )  # fmt: skip
    ball: Convex = knob(
        L2(), label="Ball", symbol="Ω", discriminator="kind", help="Where projected walkers are put back into."
    )  # fmt: skip
    radius: Real = knob(
        0.5, label="Radius of the ball", symbol="t/‖ŵ‖", ge=0, le=10, soft=(0, 1.5), step=0.01,
        help="The size of the ball, as a share of the one that reaches the free optimum ŵ.",
    )  # fmt: skip
    start_1: Real = _start(0, -0.85, "first")
    start_2: Real = _start(1, 0.75, "second")
    stride: Whole = knob(
        1, label="Steps in one picture", ge=1, le=3, step=1, help=f"Each walk has {POSITIONS} times as many steps."
    )  # fmt: skip
    seed: Whole = knob(0, label="Seed of the rows", ge=0, le=9999, step=1, help="Draws other rows for minibatches.")
    problem: Problem = knob(
        Bowl(curvature_1=0.1, curvature_2=5.0, angle=30.0),
        label="Problem",
        help="The loss J of two weights that all walk on.",
        discriminator="kind",
    )
    walker_1: AnyWalker = _walker(1, Walking(rule=GradientDescent(), step=1.0))
    walker_2: AnyWalker = _walker(2, Walking(rule=Momentum(momentum=0.8), step=1.0))
    walker_3: AnyWalker = _walker(3, Walking(rule=Adam(memory_2=0.95), step=0.3))
    walker_4: AnyWalker = _walker(4, Absent())
    walker_5: AnyWalker = _walker(5, Absent())
    walker_6: AnyWalker = _walker(6, Absent())


def walk(
    problem: Problem, start_1: float, start_2: float, walker_1: AnyWalker, walker_2: AnyWalker, walker_3: AnyWalker,
    walker_4: AnyWalker, walker_5: AnyWalker, walker_6: AnyWalker, strength: float, ball: Convex, radius: float,
    seed: int, stride: int, measure: Measure, library: Library,
) -> Answer:  # fmt: skip
    """Every walk whole: its trail, its chart, its stability, how it ended and why."""
    crew = (walker_1, walker_2, walker_3, walker_4, walker_5, walker_6)
    pull = Pull(strength, ball, radius)
    posed, walks = library.pose(problem), library.once(walked, problem, (start_1, start_2), crew, pull, seed, stride)
    begun = walkers.direction((start_1, start_2), posed)
    size = pull.amount(posed, "projection")
    ground = [plane.ball(ball.boundary(size))] if size else []
    trails = pictures.trails(posed, walks, [*ground, marks.point("start", plane.pair(begun))])
    unit = (posed.window[1], posed.window[1])
    handle = plane.point_handle("start", "start of all walkers", begun, ("start_1", "start_2")) | {"unit": unit}
    trails["layout"]["meta"] = {"handles": [handle]}
    chart = pictures.chart(posed, walks, measure, stride)
    figures = {"plane": trails, "chart": chart, "lights": lights.lights(posed, walks)}
    said = f"{ball.written(ball.formula)} ≤ {numeral(float(ball.level(size)), 4)}"
    readouts = {"ball": Readout(said, "ball", "where walkers who are projected are put back into")}
    readouts |= {name: one for walk in walks for name, one in _told(library, problem, walk).items()}
    return Answer(
        f"J(w) = {posed.sentence}, by {len(walks)} walkers",
        figures,
        readouts,
        _outcome(walks, f"{walkers.remarks(crew, problem)} {shortened(posed, crew, stride)}".strip()),
    )


def _told(library: Library, problem: Problem, one: Walk) -> dict[str, Readout]:
    """How one walk ended."""
    posed, i, made = library.pose(problem), one.place, one.trajectory
    w1, w2 = plane.pair(made.weights[-1])
    return {
        f"end_{i}": Readout(
            _end(made), f"walker {i}", f"{one.name}, η = {numeral(one.rate, 4)}: {made.outcome.sentence}"
        ),
        f"missed_{i}": Readout(
            one.missed, f"{i}: distance to its goal",
            "from its last step to the optimum of J with its penalty, or in its ball", group=ENDS,
        ),
        f"first_{i}": Readout(w1, f"{i}: w₁", posed.names[0], group=ENDS),
        f"second_{i}": Readout(w2, f"{i}: w₂", posed.names[1], group=ENDS),
        f"factor_{i}": Readout(made.factor, f"{i}: factor", "each of its last steps over the one before", group=ENDS),
        f"light_{i}": Readout(
            lights.light(posed, one).words, f"{i}: light",
            "whether its step is short enough, judged before it walks", group=LIGHTS,
        ),
    }  # fmt: skip


def _end(made: Trajectory) -> str:
    """How it ended, in three words."""
    match made.outcome.kind:
        case "converged":
            return f"settled, {made.settled} step{'s' * (made.settled != 1)}"
        case "diverged":
            return f"diverged, {made.steps} step{'s' * (made.steps != 1)}"
        case "unbounded":
            return "gradient gone, no optimum"
        case _:
            return "still moving"


def _outcome(walks: tuple[Walk, ...], remarks: str) -> Outcome:
    """The worst of all ends, and each of them in words."""
    kinds: list[Kind] = [one.trajectory.outcome.kind for one in walks]
    worst: Kind = max(kinds, key=("converged", "out_of_steps", "unbounded", "diverged").index, default="converged")
    said = " ".join(f"{one.place}: {one.trajectory.outcome.sentence}." for one in walks)
    return Outcome(worst, f"{said or 'Nobody walks: choose a walker.'} {remarks}".rstrip())


def moment(
    problem: Problem, start_1: float, start_2: float, walker_1: AnyWalker, walker_2: AnyWalker, walker_3: AnyWalker,
    walker_4: AnyWalker, walker_5: AnyWalker, walker_6: AnyWalker, strength: float, ball: Convex, radius: float,
    seed: int, stride: int, moment: int, library: Library,
) -> Answer:  # fmt: skip
    """Where everybody is at one step."""
    crew = (walker_1, walker_2, walker_3, walker_4, walker_5, walker_6)
    pull = Pull(strength, ball, radius)
    posed, walks = library.pose(problem), library.once(walked, problem, (start_1, start_2), crew, pull, seed, stride)
    drawn, across = pictures.moment(posed, walks, moment, stride)
    readouts = {"step": Readout(moment * stride, "step", "how many steps each walker has been allowed", group=NOW)}
    for one in walks:
        value = float(one.trajectory.values[one.at(moment, stride)])
        readouts[f"loss_{one.place}"] = Readout(value, f"{one.place}: J(w)", f"the loss of {one.name}", group=NOW)
    figures = {"plane": marks.figure([], shapes=drawn), "chart": marks.figure([], shapes=across)}
    ended = [str(one.place) for one in walks if one.at(moment, stride) < moment * stride]
    said = f"Step {moment * stride}" + (f"; stopped before: {', '.join(ended)}." if ended else ".")
    return Answer(f"step {moment * stride} of {POSITIONS * stride}", figures, readouts, Outcome("converged", said))


def _milliseconds(problem: Problem, library: Library, stride: int, **knobs: object) -> float:
    """What all the walks cost."""
    posed = library.pose(problem)
    crew = tuple(one for name in walkers.WALKER_NAMES if isinstance(one := knobs.get(name), Walking))
    return 3.0 + allowed(posed, crew, stride) * step_milliseconds(posed, crew)


def _moment_milliseconds(problem: Problem, library: Library, stride: int, **knobs: object) -> float:
    """A moment alone needs its walks; all moments share them."""
    return 2.5 + _milliseconds(problem, library, stride, **knobs) / POSITIONS


DESCENT = Lab(
    slug="descent",
    title="Descent",
    question="How does each rule walk?",
    knobs=DescentKnobs,
    figures=(
        Panel("plane", "Two weights, and who walks over them"),
        Panel("chart", "Step by step", "wide"),
        Panel("lights", "Stability lights: below 1 is stable", "wide"),
    ),
    parts=parts(
        Part("contour", contour, cost=TANGENCY.parts["contour"].cost),
        Part("walk", walk, cost=_milliseconds),
        Part("moment", moment, cost=_moment_milliseconds, sweeps=("moment",)),
    ),
    presets=PRESETS,
    script=script,
)
