"""Two weights whose product is to be 1: a walk with a penalty beside a walk in a ball."""

from math import hypot, sqrt

import numpy as np

from app.figures import marks, plane
from app.figures.marks import Figure, Mark
from app.figures.paths import arrow, polyline
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.geometry.weight_products import (
    ProductWalk,
    constrained_minimum,
    descend,
    gradient,
    loss,
    origin_eigenvalues,
    penalised_minimum,
)
from app.labs.lab import Answer, Readout
from app.labs.units.controls import STEPS

EDGE = 2.2
WINDOW = (-EDGE, EDGE, -EDGE, EDGE)
LEVELS = (0.05, 2.45, 0.1)
BALL, ENDS, NOW = "In the ball", "Where the walks of two weights end", "At the step of the two weights"
_GRID = np.linspace(-EDGE, EDGE, 61)
_REACH = 4.0 * EDGE  # a trail is drawn so far, and no farther


def contours(pair_strength: float) -> Answer:
    """What each of the two walkers stands on, the valley where J = 0, and what the origin is."""
    grid = np.stack(np.meshgrid(_GRID, _GRID), axis=-1)
    base = loss(grid)
    penalised = base + 0.5 * pair_strength * (grid**2).sum(axis=-1)
    axes = marks.axes(("w₁", "w₂"), WINDOW)
    valley = [_valley(1.0), _valley(-1.0)]
    low = float(penalised.min())
    start, end, size = LEVELS
    figures = {
        "penalty": marks.figure(
            [marks.contour("contour_penalised", _GRID, _GRID, penalised, (low + start, low + end, size)), *valley],
            **axes,
        ),
        "ball": marks.figure([marks.contour("contour", _GRID, _GRID, base, LEVELS), *valley], **axes),
    }
    along, across = origin_eigenvalues(pair_strength)
    lowest = penalised_minimum(pair_strength)
    kind = "a saddle" if along < 0.0 else "the only minimum" + (", flat along (1, 1)" if along == 0.0 else "")
    readouts = {
        "origin": Readout(kind, "the origin is", "for J + α½‖w‖²: a saddle for α < 1, the only minimum for α ≥ 1"),
        "eigenvalue_along": Readout(along, "α − 1", "the eigenvalue of the Hessian at 0 along (1, 1)"),
        "eigenvalue_across": Readout(across, "α + 1", "the eigenvalue of the Hessian at 0 along (1, −1)"),
        "penalised_minimum": Readout(
            lowest, "minimum with the penalty, w₁ = w₂", "√(1 − α), and 0 from α = 1 on; −w is as good"
        ),
        "penalised_loss": Readout(
            0.5 * (lowest**2 - 1.0) ** 2, "J there", "½α² up to α = 1, then ½: nothing is learnt"
        ),
    }
    said = f"At 0 the Hessian has the eigenvalues {_signed(along)} and {_signed(across)}: the origin is {kind}."
    objective = f"J̃(w) = ½(w₁w₂ − 1)² + {numeral(pair_strength, 4)}·½‖w‖², beside J(w) = ½(w₁w₂ − 1)²"
    return Answer(objective, figures, readouts, Outcome("converged", said))


def _valley(sign: float) -> Mark:
    """One branch of w₁w₂ = 1, where J = 0."""
    x = np.geomspace(1.0 / EDGE, EDGE, 25)
    return marks.line("valley", sign * np.column_stack([x, 1.0 / x]), "w₁w₂ = 1<extra></extra>")


def _signed(number: float) -> str:
    return numeral(number, 4)


def walks(pair_strength: float, pair_radius: float, pair_rate: float, start_1: float, start_2: float) -> Answer:
    """Both walks whole, the ball, its optimum and its multiplier."""
    penalised, bounded = _both(pair_strength, pair_radius, pair_rate, (start_1, start_2))
    at, multiplier = constrained_minimum(pair_radius)
    best = penalised_minimum(pair_strength)
    handle = plane.point_handle("start", "start of both walks", np.array([start_1, start_2]), ("start_1", "start_2"))
    start = marks.point("start", (start_1, start_2))
    optima = [marks.point("minimum", (s * best, s * best)) for s in ((1.0, -1.0) if best else (1.0,))]
    unit = np.array([1.0, -1.0]) / sqrt(2.0)
    edge = plane.ray_handle("ball", "edge of the ball", min(pair_radius, EDGE) * unit, "pair_radius", unit)
    inner = [marks.point("minimum", (s * at, s * at)) for s in ((1.0, -1.0) if at else (1.0,))]
    figures = {
        "penalty": marks.figure(_trail(penalised), shapes=[*optima, start], meta={"handles": [handle]}),
        "ball": marks.figure(
            _trail(bounded), shapes=[_disc(pair_radius), *inner, start], meta={"handles": [edge, handle]}
        ),
    }
    readouts = {
        "constrained_loss": Readout(
            0.5 * (at * at - 1.0) ** 2, "J at the optimum in the ball", "at w₁ = w₂ = t/√2, or anywhere on w₁w₂ = 1 "
            "that the ball reaches", group=BALL,
        ),
        "pair_multiplier": Readout(
            multiplier, "its multiplier α*", "max(0, 1 − t²/2): below 1 for every t > 0, so no ball kills both weights "
            "as a strength of 1 does", group=BALL,
        ),
        **_ends("penalised", "with the penalty", penalised),
        **_ends("bounded", "in the ball", bounded),
    }  # fmt: skip
    dying = _dying(penalised, pair_strength)
    said = f"With the penalty: {penalised.outcome.sentence}{dying} In the ball: {bounded.outcome.sentence}"
    kind = "diverged" if penalised.outcome.kind == "diverged" else bounded.outcome.kind
    objective = f"J + α½‖w‖² by w ← w − η(∇J + αw); J in ‖w‖ ≤ {numeral(pair_radius, 4)} by w ← P(w − η∇J)"
    return Answer(objective, figures, readouts, Outcome(kind, said))


def _dying(walk: ProductWalk, strength: float) -> str:
    """A clause on a walk that is on its way to 0, which from α = 1 on is the only minimum."""
    sizes = np.abs(walk.weights[-10:])
    if walk.outcome.kind != "out_of_steps" or strength < 1.0 or not (np.diff(sizes, axis=0) < 0.0).all():
        return ""
    return " Both weights shrink towards 0, where nothing is learnt."


def _both(strength: float, radius: float, rate: float, start: tuple[float, float]) -> tuple[ProductWalk, ProductWalk]:
    return descend(start, rate, STEPS, strength, None), descend(start, rate, STEPS, 0.0, radius)


def _trail(walk: ProductWalk) -> list[Mark]:
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    return [marks.line("pair_trail", np.clip(walk.weights, -_REACH, _REACH), hover)]


def _disc(radius: float) -> Mark:
    """The ball ‖w‖ ≤ t, as large as can be drawn."""
    turn = np.linspace(0.0, 2.0 * np.pi, 73)
    shown = min(radius, _REACH)
    return marks.curve("ball", polyline((shown * np.column_stack([np.cos(turn), np.sin(turn)])).tolist(), closed=True))


def _ends(name: str, words: str, walk: ProductWalk) -> dict[str, Readout]:
    last = walk.weights[-1]
    return {
        f"{name}_1": Readout(float(last[0]), f"w₁ {words}", f"after {STEPS} steps", group=ENDS),
        f"{name}_2": Readout(float(last[1]), f"w₂ {words}", f"after {STEPS} steps", group=ENDS),
        f"{name}_end": Readout(float(loss(last)), f"J {words}", "the loss without the penalty: 0 is learnt, ½ is not"),
    }


def step(
    pair_strength: float, pair_radius: float, pair_rate: float, start_1: float, start_2: float, pair_step: int
) -> Answer:
    """Where both walkers are at one step, and where they are pulled."""
    both = _both(pair_strength, pair_radius, pair_rate, (start_1, start_2))
    figures, readouts, sizes = dict[str, Figure](), dict[str, Readout](), list[str]()
    for name, words, walk, strength in zip(
        ("penalty", "ball"), ("with the penalty", "in the ball"), both, (pair_strength, 0.0), strict=True
    ):
        at = walk.weights[pair_step]
        figures[name] = marks.figure([], shapes=_here(walk, pair_step, strength))
        norm = hypot(*at)
        sizes.append(numeral(norm))
        readouts[f"{name}_norm"] = Readout(norm, f"‖w‖ {words}", "how far from the origin it is", group=NOW)
        readouts[f"{name}_loss"] = Readout(float(loss(at)), f"J {words} now", "without the penalty", group=NOW)
    said = f"After {pair_step} steps ‖w‖ is {sizes[0]} with the penalty and {sizes[1]} in the ball."
    return Answer(f"step {pair_step} of {STEPS}", figures, readouts, Outcome("converged", said))


def _here(walk: ProductWalk, at: int, strength: float) -> list[Mark]:
    """The last steps, the point, and an arrow along what pulls it."""
    recent = np.clip(walk.weights[max(0, at - 8) : at + 1], -_REACH, _REACH)
    here = walk.weights[at]
    pull = -(gradient(here) + strength * here)
    size = float(np.hypot(*pull))
    shapes = [marks.curve("pair_recent", polyline(recent.tolist()))]
    if size > 1e-6 and float(np.abs(here).max()) < EDGE:
        head = here + 0.35 * pull / size
        shapes.append(marks.curve("pair_pull", arrow(plane.pair(here), plane.pair(head), 0.09)))
    return [*shapes, marks.point("pair_walker", plane.pair(recent[-1]))]
