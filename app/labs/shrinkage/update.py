"""One update with weight decay, drawn in its two halves: first scale by (1 − ηα), then step along −∇J.

The gradient is that at the old w, so that both halves add up to plain gradient descent on J + α·½‖w‖²
(Deep Learning, eq. 7.5). Where they cancel is the decayed optimum.
"""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.data.problems import Problem
from app.figures import marks, plane
from app.figures.marks import Array, Mark
from app.figures.paths import arrow, polyline
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.shrinkage.shrunk_plane import Seen, seen

UPDATES = 40
FAR = 1e6  # times ‖ŵ‖: from there on nothing new happens
CANCELLED = 1e-3  # of the halves: what is left of both together when they count as balanced
UPDATE = "The update"


@dataclass(frozen=True, eq=False)
class Updated:
    """Updates from the free optimum: weights w (k, 2), what scaling made of each, and the size of η and of ηα."""

    weights: Array
    scaled: Array
    rate: float
    decay: float


def updated(library: Library, problem: Problem, strength: float, step: float) -> Updated:
    """Up to UPDATES updates with η = step/L, fewer if they run away; shared by all frames."""
    found = library.once(seen, problem)
    rate, alpha = step / found.scale, strength * found.scale
    weights, scaled = [found.posed.reference], list[Array]()
    for _ in range(UPDATES + 1):
        w = weights[-1]
        scaled.append((1.0 - rate * alpha) * w)
        weights.append(scaled[-1] - rate * found.posed.loss.gradient(w))
        if np.linalg.norm(weights[-1]) > FAR * found.size:
            break
    return Updated(np.array(weights), np.array(scaled), rate, rate * alpha)


def update(problem: Problem, strength: float, step: float, update: int, library: Library) -> Answer:
    """The update that is looked at: where it starts, its two halves, and the way there."""
    found, walk = library.once(seen, problem), library.once(updated, problem, strength, step)
    k = min(update, len(walk.scaled) - 1)
    w, scaled, after = walk.weights[k], walk.scaled[k], walk.weights[k + 1]
    figure = marks.figure([], shapes=_drawn(found, walk, k))
    first, second = float(np.linalg.norm(scaled - w)), float(np.linalg.norm(after - scaled))
    change = float(np.linalg.norm(after - w))
    readouts = {
        "eta": Readout(walk.rate, "η", "the learning rate", group=UPDATE),
        "kept": Readout(1.0 - walk.decay, "1 − ηα", "what the first half multiplies every weight by", group=UPDATE),
        "scaling": Readout(first, "‖ηα·w‖", "length of the first half", group=UPDATE),
        "stepping": Readout(second, "‖η∇J‖", "length of the second half", group=UPDATE),
        "change": Readout(change, "‖w_new − w‖", "both together: 0 where they cancel", group=UPDATE),
        "worst_factor": Readout(
            _worst(found, walk), "largest |1 − η(λᵢ+α)|",
            "what an update makes of the distance to w̃, at worst; above 1 it diverges", group=UPDATE,
        ),
    }  # fmt: skip
    objective = f"w ← (1 − {numeral(walk.decay, 4)})·w − {numeral(walk.rate, 4)}·∇J(w), update {k + 1}"
    cancelled = change <= CANCELLED * max(first, second)
    return Answer(objective, {"plane": figure}, readouts, _said(found, walk, k, cancelled))


def _worst(found: Seen, walk: Updated) -> float:
    return float(np.abs(1.0 - walk.rate * found.around.eigenvalues - walk.decay).max())


def _drawn(found: Seen, walk: Updated, k: int) -> list[Mark]:
    """The way so far and the two arrows; what is far outside of the picture is left out."""
    x0, x1, _, _ = found.posed.window
    inside = np.abs(walk.weights).max(axis=1) <= 3 * (x1 - x0)
    way = walk.weights[: k + 1][inside[: k + 1]]
    shapes = [marks.curve("walked", polyline(way.tolist()))] if len(way) > 1 else []
    w, scaled, after = plane.pair(walk.weights[k]), plane.pair(walk.scaled[k]), plane.pair(walk.weights[k + 1])
    if not (inside[k] and inside[k + 1]):
        return shapes
    tip = (x1 - x0) / 45
    if scaled != w:
        shapes.append(marks.curve("scaled", arrow(w, scaled, min(tip, _apart(w, scaled) / 2))))
    if after != scaled:
        shapes.append(marks.curve("stepped", arrow(scaled, after, min(tip, _apart(scaled, after) / 2))))
    return [*shapes, marks.point("updating", w)]


def _apart(one: plane.Point, other: plane.Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def _said(found: Seen, walk: Updated, k: int, cancelled: bool) -> Outcome:
    worst = _worst(found, walk)
    if walk.decay > 2:
        return Outcome(
            "diverged",
            f"ηα = {numeral(walk.decay)} is above 2: scaling alone turns every weight round and makes it larger.",
        )
    if worst > 1 + 1e-12:
        return Outcome(
            "diverged", f"η(λ+α) is above 2: each update multiplies the distance to w̃ by up to {numeral(worst)}."
        )
    turned = f" ηα = {numeral(walk.decay)} is above 1: scaling turns every weight round." if walk.decay > 1 else ""
    if cancelled:
        return Outcome("converged", f"The two halves cancel: this is the decayed optimum.{turned}")
    return Outcome("stopped", f"Update {k + 1}: scale by {numeral(1 - walk.decay)}, then step along −∇J.{turned}")
