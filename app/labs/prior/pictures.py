"""The parts of the page on priors: the likelihood, the data it has seen, and what a prior makes of both."""

from math import log

import numpy as np

from app.data.library import Library
from app.data.sentences import counted
from app.figures import marks, plane
from app.figures.marks import Figure
from app.geometry import L1, Outcome, SquaredL2, follow
from app.geometry.numerals import numeral
from app.geometry.posteriors import drawn_intercepts
from app.labs.lab import Answer, Readout
from app.labs.prior import drawing
from app.labs.prior.belief import Belief, Conclusion, Prior, belief, concluded
from app.labs.prior.readouts import AVERAGES, arithmetic, readouts
from app.labs.prior.rows import RowsProblem, Seen, seen

MOST_DOTS = 300
_MEANS = ("the mean has no zero", "one weight of the mean is 0, by symmetry", "the mean is 0 by symmetry alone")


def data(problem: RowsProblem, rows: int, reach: float, library: Library) -> Answer:
    """The rows seen, and the axes of all pictures: what neither noise nor prior moves."""
    found = library.once(seen, problem, rows, 1.0)
    window = drawing.seen_closely(found.posed.window, reach)
    whole, close = (marks.axes(found.posed.names, one) for one in (found.posed.window, window))
    known = found.loss.minimum.unique  # a valley has no lowest point to mark
    free = [marks.point("free_optimum", plane.pair(found.loss.minimiser))] if known else []
    near = free if drawing.within(found.loss.minimiser, window) else []
    panels = {
        "likelihood": marks.figure([], shapes=free, **whole),
        "prior": marks.figure([], **close),
        "posterior": marks.figure([], shapes=near, **close),
        "predictive": _dots(found),
        "thresholds": _threshold_axes(found),
    }
    w1, w2 = plane.pair(found.loss.minimiser) if known else (None, None)
    shown = {
        "rows_seen": Readout(found.rows, "n", "rows that the likelihood has seen"),
        "ml_1": Readout(w1, "ŵ₁", f"where the likelihood is highest, {found.posed.names[0]}"),
        "ml_2": Readout(w2, "ŵ₂", f"where the likelihood is highest, {found.posed.names[1]}"),
        "residual_spread": Readout(
            found.measured, "spread of residuals", "of least squares on all rows; σ is given as a share of it",
            group=AVERAGES,
        ),
    }  # fmt: skip
    objective = f"J(w) = {found.posed.sentence}; {_told(found)[:-1]}"
    return Answer(objective, panels, shown, Outcome("converged", " ".join((_told(found), *found.notes))))


def likelihood(problem: RowsProblem, rows: int, noise: float, library: Library) -> Answer:
    """What the rows seen say of the weights."""
    found = library.once(seen, problem, rows, noise)
    figure = marks.figure([], shapes=drawing.likelihood_levels(found))
    shown = {"sigma": Readout(found.noise, "σ", "the noise, taken as known")}
    flat = not found.loss.minimum.unique
    said = "It is flat in some direction: data alone choose no point." if flat else "Its top is at ŵ."
    objective = f"p(y | X, w) ∝ exp(−nJ(w)/σ²), n = {found.rows}, σ = {numeral(found.noise, 4)}"
    return Answer(objective, {"likelihood": figure}, shown, Outcome("converged", said))


def _told(found: Seen) -> str:
    return f"{counted(found.rows, 'row')} {'is' if found.rows == 1 else 'are'} seen."


def _dots(found: Seen) -> Figure:
    """The rows seen over the first feature, without the share of the second by least squares."""
    left = found.response - found.design[:, 1] * found.loss.minimiser[1]
    points = np.stack([found.design[:, 0], left], axis=1)[:MOST_DOTS]
    end = drawing.reach(found)
    high = 1.15 * max(float(np.abs(points[:, 1]).max()), 2.0 * found.measured * (1.0 + 1.0 / found.rows) ** 0.5)
    title = found.posed.names[0].partition(": ")[2] or "x₁"
    chart = marks.chart(f"{title}, the other at its mean", "y", x_range=(-end, end), y_range=(-high, high))
    return marks.figure([marks.dots("row", points, "x₁ = %{x}<br>y = %{y}<extra>a row</extra>")], **chart)


def _span(found: Seen) -> float:
    return 1.3 * float(np.abs(found.posed.reference).max()) or 1.0


def _threshold_axes(found: Seen) -> Figure:
    span = _span(found)
    chart = marks.chart(
        "least squares estimate of w₁ alone", "estimate under the prior", x_range=(-span, span), y_range=(-span, span)
    )
    return marks.figure(
        [], shapes=[marks.rule("unshrunk", x=float(np.clip(found.loss.minimiser[0], -span, span)))], **chart
    )


def path(problem: RowsProblem, rows: int, noise: float, prior: Prior, library: Library) -> Answer:
    """Where the mode goes while the prior widens: the path of ridge or of the lasso."""
    found = library.once(seen, problem, rows, noise)
    followed = follow(found.loss, L1() if prior == "laplace" else SquaredL2()).weights
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>mode, as the prior widens</extra>"
    traces = [marks.line("mode_path", followed, hover)] if len(followed) > 1 else []
    name = "the lasso path" if prior == "laplace" else "the ridge path"
    said = f"As the prior widens, the mode follows {name} from 0 to ŵ."
    return Answer(
        "argmax p(w | y) for every width", {"posterior": marks.figure(traces)}, {}, Outcome("converged", said)
    )


def before(
    problem: RowsProblem, rows: int, noise: float, prior: Prior, width: float | None, strength: float | None,
    library: Library,
) -> Answer:  # fmt: skip
    """What was believed before any data. Its width can be dragged along the first axis: the handle is at τ, or b."""
    held = belief(library, problem, rows, noise, prior, width, strength)
    unit = np.array([held.found.unit, 0.0])
    handle = plane.ray_handle("prior_width", "width of the prior", held.width * unit, "width", unit)
    levels = [*drawing.prior_levels(held.posterior, held.found.posed.window), drawing.prior_width(held.posterior)]
    reach = held.posterior.width
    spread = "τ" if held.gaussian else "√2·b"
    shown = {"prior_width": Readout(reach, held.symbol, f"width of the prior: its standard deviation is {spread}")}
    law = "N(0, τ²I)" if held.gaussian else "Π exp(−|wᵢ|/b)/(2b)"
    tops = "A round hill" if held.gaussian else "An edge along both axes, and long tails"
    figure = marks.figure([], shapes=levels, meta={"handles": [handle]})
    said = Outcome("converged", f"{tops}: two thirds of the weights are thought to be within ±{numeral(_third(held))}.")
    return Answer(f"p(w) = {law}, {held.symbol} = {numeral(reach, 4)}", {"prior": figure}, shown, said)


def _third(held: Belief) -> float:
    """How far from 0 two thirds of the prior reach: 0.967τ, or b·ln 3."""
    return held.posterior.width * (0.967422 if held.gaussian else log(3.0))


def posterior(
    problem: RowsProblem, rows: int, noise: float, prior: Prior, width: float | None, strength: float | None,
    draws: int, seed: int, reach: float, library: Library,
) -> Answer:  # fmt: skip
    """What the prior makes of the likelihood, draws from the posterior and what they predict."""
    held = belief(library, problem, rows, noise, prior, width, strength)
    found, law, told = held.found, held.posterior, concluded(held)
    drawn = law.draws(draws, seed) if draws else np.zeros((0, 2))
    levels = drawn_intercepts(found.rows, found.noise, draws, seed)
    planed = [
        *drawing.crosses(drawn, drawing.seen_closely(found.posed.window, reach)),
        *drawing.posterior_levels(found, law),
        *drawing.marked(found, told.mode, told.mean),
    ]
    panels = {
        "posterior": marks.figure([], shapes=planed),
        "predictive": marks.figure([], shapes=drawing.predictions(found, told.mean, told.covariance, drawn, levels)),
        "thresholds": marks.figure([], shapes=drawing.thresholds(found, law, _span(found))),
    }
    omega = "½‖w‖²" if held.gaussian else "‖w‖₁"
    objective = f"p(w | y) ∝ p(y | w)·p(w); its mode minimises J(w) + α·{omega}, α = {numeral(law.strength, 4)}"
    return Answer(objective, panels, readouts(held, told, drawn), _outcome(held, told))


def _outcome(held: Belief, told: Conclusion) -> Outcome:
    """The arithmetic, and what the prior did, in a sentence."""
    law = "ridge" if held.gaussian else "lasso"
    said = f"α = {arithmetic(held)}: the most probable weights are the {law} solution"
    zeros = int(np.sum(told.mode == 0.0))
    if held.gaussian:
        return Outcome("converged", f"{said}, and the mean is the same point.")
    if zeros:
        words = "one weight is" if zeros == 1 else "both weights are"
        nowhere = _MEANS[int(np.sum(told.mean == 0.0))]
        return Outcome("converged", f"{said}; {words} exactly 0 there, {nowhere}.")
    return Outcome("converged", f"{said}; the mean is another point.")
