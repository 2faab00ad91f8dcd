"""How much of the truth a plane shows: the true value along the training beside that of the plane below it."""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.data.patterns import InThePlane
from app.figures import marks, plane
from app.figures.marks import Array, Mark
from app.figures.paths import joined
from app.geometry import Outcome
from app.geometry.conics import conic
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.landscape.planes import Cut, View, viewed
from app.labs.landscape.trained import Bound, Trained, trained
from app.labs.training.layers import Hidden
from app.networks import AnyActivation, Projected
from app.networks.ball_traces import BallTrace, Shared, ball_traces

HONEST = "How honest the plane is"
BALLS = "The ball on the plane"
ROUNDING = 1e-20  # what is left of squares that cancel
RANDOM_WALK = 100 * (8 / np.pi**2) * (1 + 1 / 9)  # % of a long random walk in many dimensions on its principal plane


@dataclass(frozen=True, eq=False)
class Judged:
    """A plane and the way of the training beside it.

    Attributes:
        found: the network.
        view: the plane.
        below: (T,) the objective at the points of the plane nearest to the way.
        away: (T,) how far the way is from the plane, and from the trained network.
        outside: the share of the squared lengths of the way that is outside the plane.
    """

    found: Trained
    view: View
    below: Array
    away: Array
    lengths: Array
    outside: float


def judged(
    library: Library, pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int,
    steps: int, l2: float, constraint: Bound, seed: int, cut: Cut,
) -> Judged:  # fmt: skip
    """Everything about the way that does not depend on the moment."""
    found = library.once(trained, pattern, hidden, activation, rate, batch, steps, l2, constraint, seed)
    view = viewed(found, cut, 1.0)
    below = found.valued(view.plane.at(view.shadow))[1]
    lengths = np.linalg.norm(found.path - found.last, axis=1)
    away = np.minimum(view.plane.distance(found.path), lengths)
    outside = view.plane.share_outside(found.path)
    return Judged(found, view, below, away, lengths, outside if outside > ROUNDING else 0.0)


def honesty(
    pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int, steps: int, l2: float,
    constraint: Bound, seed: int, cut: Cut, library: Library,
) -> Answer:  # fmt: skip
    """The whole way: true values against the plane's."""
    seen = library.once(judged, pattern, hidden, activation, rate, batch, steps, l2, constraint, seed, cut)
    true, below = seen.found.objectives, seen.below
    at = np.arange(len(true))
    low = max(0.7 * float(min(true.min(), below.min())), 1e-9)
    high = max(1.4 * float(max(true.max(), below.max())), 2.0 * low)
    hover = "moment %{x} %<br>%{y}<extra>%{fullData.name}</extra>"
    traces = [
        marks.line(role, np.stack([at, np.clip(values, 0.5 * low, 2.0 * high)], axis=1), hover, log_y=True)
        for role, values in (("true_loss", true), ("plane_loss", below))
    ]
    wide = high > 30.0 * low  # fewer decades have too few ticks on a logarithmic axis
    span = (low, high) if wide else (0.0, high)
    chart = marks.chart(
        "moment of the training, %", "cost with penalty", log_y=wide, x_range=(0, max(1, at[-1])), y_range=span
    )
    figures = {"honest": marks.figure(traces, **chart)}
    worst = int(np.argmax(np.abs(np.log(np.maximum(below, low)) - np.log(np.maximum(true, low)))))
    went = Outcome("converged", _told(seen, worst))
    objective = "true: C + penalty at θₖ; plane: the same at the point of the plane that is nearest to θₖ"
    return Answer(objective, figures, _readouts(seen, worst), went)


def _readouts(seen: Judged, worst: int) -> dict[str, Readout]:
    shares = seen.view.shares
    return {
        "outside": Readout(
            100 * seen.outside, "share of the path outside the plane",
            "Σ‖distance of θₖ from the plane‖² / Σ‖θₖ − trained network‖² over all moments", "%",
        ),
        "worst_true": Readout(
            float(seen.found.objectives[worst]), "true value where they differ most",
            "cost with penalty at the moment at which true value and plane differ by the largest factor", group=HONEST,
        ),
        "worst_plane": Readout(
            float(seen.below[worst]), "the plane's value there", "at the nearest point of the plane", group=HONEST
        ),
        "worst_moment": Readout(worst, "at moment", "of the training", "%", group=HONEST),
        "first_share": Readout(
            None if shares is None else 100 * float(shares[0]), "along principal direction 1",
            "share of the squared lengths of the way", "%", group=HONEST,
        ),
        "second_share": Readout(
            None if shares is None else 100 * float(shares[1]), "along principal direction 2",
            "share of the squared lengths of the way", "%", group=HONEST,
        ),
        "random_walk": Readout(
            None if shares is None else RANDOM_WALK, "both, for a random walk",
            "what the principal plane of a long random walk in many dimensions holds, 8/π² + 8/(9π²): a large share "
            "alone shows nothing about the loss", "%", group=HONEST,
        ),
    }  # fmt: skip


def _told(seen: Judged, worst: int) -> str:
    said = f"{numeral(100 * seen.outside)} % of the path is outside this plane."
    true, below = float(seen.found.objectives[worst]), float(seen.below[worst])
    if abs(below - true) <= 0.01 * true:
        return f"{said} Below the path the plane shows the true values within 1 %."
    return f"{said} At moment {worst} % the plane shows {numeral(below, 4)} where training was at {numeral(true, 4)}."


def moment(
    pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int, steps: int, l2: float,
    constraint: Bound, seed: int, cut: Cut, moment: int, library: Library,
) -> Answer:  # fmt: skip
    """One moment: where the training is on the plane, how far above it, and what both values are."""
    seen = library.once(judged, pattern, hidden, activation, rate, batch, steps, l2, constraint, seed, cut)
    k = min(moment, len(seen.found.path) - 1)
    true, below, length = float(seen.found.objectives[k]), float(seen.below[k]), float(seen.lengths[k])
    here = [marks.point("weights_now", plane.pair(seen.view.shadow[k]))]
    figures = {
        "plane": marks.figure([], shapes=here),
        "bare": marks.figure([], shapes=here),
        "honest": marks.figure([], shapes=[marks.rule("moment_now", x=k)]),
    }
    readouts = {
        "true_now": Readout(true, "true value", "cost with penalty of the network at this moment"),
        "plane_now": Readout(below, "the plane's value", "at the point of the plane nearest to that network"),
        "distance_now": Readout(
            float(seen.away[k]), "distance from the plane", "of the network at this moment, in weights", group=HONEST
        ),
        "outside_now": Readout(
            100 * float(seen.away[k]) / length if length else 0.0, "of the way to the trained network",
            "that distance as a share of how far the trained network is from here", "%", group=HONEST,
        ),
    }  # fmt: skip
    when = f"At moment {k} %" if k == moment else f"The last that can be drawn is moment {k} %:"
    said = f"{when} training is at {numeral(true, 4)}, and the plane shows {numeral(below, 4)} below it."
    outcome = Outcome(seen.found.outcome.kind, said)
    return Answer(f"the network after {k} % of the training", figures, readouts, outcome)


def balls(
    pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int, steps: int, l2: float,
    constraint: Bound, seed: int, cut: Cut, reach: float, ball: float, library: Library,
) -> Answer:  # fmt: skip
    """Where the plane meets the spheres that bound the weights: of all of them, or of each group of the constraint."""
    found = library.once(trained, pattern, hidden, activation, rate, batch, steps, l2, constraint, seed)
    view = viewed(found, cut, reach)
    shared: Shared = constraint.scope if isinstance(constraint, Projected) else "all"
    traces = ball_traces(found.architecture, view.plane, shared)
    own = [float(one.norm(np.zeros(2))) for one in traces]
    radius = constraint.radius if isinstance(constraint, Projected) else ball * own[0]
    shapes = [mark for one in traces for mark in _drawn(one, radius, view)]
    figures = {name: marks.figure([], shapes=shapes) for name in ("plane", "bare")}
    readouts = {
        "bound": Readout(radius, "bound c", "of the norm of the weights in each group", group=BALLS),
        "norm_now": Readout(max(own), "largest norm of the trained network", "of a group of its weights", group=BALLS),
        "ball_least": Readout(
            max(one.least for one in traces), "smallest norm on the plane",
            "of the group for which it is largest: with a smaller bound nothing of the plane is in all balls",
            group=BALLS,
        ),
        "balls_seen": Readout(len(shapes), "curves in the window", f"of {len(traces)} groups of weights", group=BALLS),
    }  # fmt: skip
    what = (
        f"‖w‖ = {numeral(radius, 4)} over all weights"
        if shared == "all"
        else f"‖w_g‖ = {numeral(radius, 4)} for each {shared}"
    )
    return Answer(f"on the plane, {what}", figures, readouts, Outcome("converged", _met(traces, radius, len(shapes))))


def _drawn(one: BallTrace, radius: float, view: View) -> list[Mark]:
    path = joined(conic(one.half_square, 0.5 * radius**2, view.window))
    return [marks.curve("ball_trace", path)] if path else []


def _met(traces: list[BallTrace], radius: float, drawn: int) -> str:
    missed = sum(one.least > radius for one in traces)
    if missed:
        which = "The ball does" if len(traces) == 1 else f"{missed} of {len(traces)} balls do"
        return f"{which} not reach this plane: every point of it has a larger norm."
    if not drawn:
        within = all(float(one.norm(np.zeros(2))) <= radius for one in traces)
        return f"All that is seen of the plane is {'within the bound' if within else 'outside of it'}."
    return "The green curve is exact: on the plane a ball is an ellipse, or a strip where a direction moves no weight."
