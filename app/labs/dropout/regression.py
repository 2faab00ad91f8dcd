"""Linear regression with dropout on its two inputs: a ridge with a strength for each feature, and a walk around it.

With inputs kept with probability q and divided by it, the expectation of J over the masks is
J(w) + ½ Σⱼ ((1 − q)/q) h_j w_j², where h_j is the mean square of feature j; the classic way, without the division, is
the same in qw, the weights at test. Srivastava et al. (2014), §9.1; Wager, Wang & Liang (2013), §2.
"""

from typing import NamedTuple

import numpy as np

from app.data import SyntheticRegression
from app.data.library import Library
from app.data.synthetic import regression_sample
from app.figures import marks, plane
from app.figures.marks import Array, Figure, Mark
from app.figures.paths import polyline
from app.geometry import Outcome, Quadratic, least_squares
from app.geometry.noisy_inputs import under_dropout, with_penalty
from app.geometry.numerals import numeral
from app.labs.dropout.controls import WALK, Way, dropping
from app.labs.lab import Answer, Readout
from app.networks import Architecture, Examples, QuadraticCost, Setting, Task, advance, begin
from app.networks.measures import LARGEST

ROWS, TRUE = 100, (2.0, 1.0)
STRIDE, BATCH = 10, 10  # minibatches between two positions, samples in each
SOLVED, WALKED = "Both solved", "The walk of gradient descent"
_SHARES = np.linspace(0.0, 0.95, 39)  # dropped, along the path
_GRID = 49


class Line(NamedTuple):
    """A regression on two features.

    Attributes:
        X: (n, 2), centred, of spreads 1 and s₂.
        y: (n,), centred.
        loss: J without dropout.
        window: that its pictures show.
    """

    X: Array
    y: Array
    loss: Quadratic
    window: plane.Window


def posed(_: Library, correlation: float, spread: float, noise: float) -> Line:
    """Pure, for `Library.once`: the second feature is stretched after y is drawn, so that its weight is 1/s₂."""
    first, second = TRUE
    X, y = regression_sample(
        SyntheticRegression(rows=ROWS, correlation=correlation, noise=noise, weight_1=first, weight_2=second)
    )
    X = X * np.array([1.0, spread])
    loss = least_squares(X, y)
    edge = 1.35 * max(0.5, *(abs(float(one)) for one in loss.minimiser))
    return Line(X, y, loss, (-0.35 * edge, edge, -0.35 * edge, edge))


def by_masks(line: Line, keep: float) -> Array:
    """The weights (2,) of least expected loss with (inverted) dropout, by least squares on every mask of every row.

    Nothing is known here of any ridge: the four masks of two inputs are four copies of the data, each weighed by the
    root of its probability.
    """
    rows, targets = list[Array](), list[Array]()
    for mask in ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)):
        kept = int(sum(mask))
        weigh = (keep**kept * (1.0 - keep) ** (2 - kept)) ** 0.5
        rows.append(weigh * line.X * np.array(mask) / keep)
        targets.append(weigh * line.y)
    return np.asarray(np.linalg.lstsq(np.concatenate(rows), np.concatenate(targets), rcond=None)[0])


def by_ridge(line: Line, keep: float) -> Array:
    """(H + D)⁻¹Hŵ with D = ((1 − q)/q)·diag H: the ridge with a strength for each feature."""
    H = line.loss.curvature
    return np.asarray(np.linalg.solve(H + (1.0 - keep) / keep * np.diag(np.diag(H)), line.X.T @ line.y / len(line.y)))


class Walked(NamedTuple):
    """Gradient descent with dropout, as weights at test (WALK + 1, 2), and how it went."""

    weights: Array
    outcome: Outcome | None


def walked(
    library: Library, correlation: float, spread: float, noise: float, drop: float, way: Way, rate: float, seed: int
) -> Walked:  # fmt: skip
    """A network of two inputs and one output, trained by the engine of all networks. Pure, for `Library.once`."""
    line = library.once(posed, correlation, spread, noise)
    architecture = Architecture((2, 1), cost=QuadraticCost())
    dropout = dropping(way, 0.0, drop)
    factor = dropout.test_factor(dropout.shares[0])
    setting = Setting(architecture, rate=rate, batch=BATCH, dropout=dropout, seed=seed)
    start = architecture.join([np.array([[0.1, 0.1]]) * line.window[1] / factor], [np.zeros(1)])
    run = begin(Task(Examples(line.X, line.y[:, None])), [setting], initials=[start])
    path = [run.learners[0].parameters]
    for _ in range(WALK):
        run, _frame = advance(run, STRIDE) if run.going else (run, None)
        path.append(run.learners[0].parameters)
    return Walked(factor * np.array(path)[:, :2], run.learners[0].outcome)


def expectation(drop: float, correlation: float, spread: float, line_noise: float, library: Library) -> Answer:
    """Contours of the expected loss, both solutions of it, and where they go as more is dropped."""
    line, keep = library.once(posed, correlation, spread, line_noise), 1.0 - drop / 100.0
    expected = under_dropout(line.loss, keep)
    x0, x1, y0, y1 = line.window
    xs, ys = np.linspace(x0, x1, _GRID), np.linspace(y0, y1, _GRID)
    values = expected.value(np.stack(np.meshgrid(xs, ys), axis=-1))
    path = np.array([by_ridge(line, 1.0 - share) for share in _SHARES])
    masks, ridge = by_masks(line, keep), by_ridge(line, keep)
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    traces = [
        marks.contour("expected_contour", xs, ys, values, plane.levels(values)),
        marks.line("dropout_path", path, hover),
    ]
    equal = with_penalty(line.loss, (1.0 - keep) / keep * float(np.trace(line.loss.curvature)) / 2.0).minimiser
    shapes = [
        marks.point("free_optimum", plane.pair(line.loss.minimiser)),
        marks.point("equal_ridge", plane.pair(equal)),
        marks.point("ridge_by_feature", plane.pair(ridge)),
        marks.point("dropout_optimum", plane.pair(masks)),
    ]
    figure = marks.figure(traces, shapes=shapes, **marks.axes(("w₁ at test", "w₂ at test"), line.window))
    objective = (
        f"E over masks of ‖Xw − y‖²/(2n) = J(w) + ½Σ {numeral((1.0 - keep) / keep, 4)}·hⱼwⱼ², h the mean squares"
    )
    apart = float(np.linalg.norm(masks - ridge))
    told = f"Least squares over all masks and the ridge by feature end {numeral(apart, 1)} apart: the same point."
    return Answer(
        objective, {"regression": figure}, _solved(line, keep, masks, ridge, equal), Outcome("converged", told)
    )


def _solved(line: Line, keep: float, masks: Array, ridge: Array, equal: Array) -> dict[str, Readout]:
    """Both solutions, and what each weight is charged."""
    mean_squares = np.diag(line.loss.curvature)
    found = {
        "solutions_apart": Readout(
            float(np.linalg.norm(masks - ridge)), "distance of the two solutions",
            "least expected loss over all masks, and ridge by feature: rounding",
        ),
        "equal_apart": Readout(
            float(np.linalg.norm(masks - equal)), "distance from an ordinary ridge",
            "with the mean of the two strengths for both weights", group=SOLVED,
        ),
    }  # fmt: skip
    for i in (0, 1):
        sub = "₁₂"[i]
        found |= {
            f"strength_{i + 1}": Readout(
                (1.0 - keep) / keep * float(mean_squares[i]),
                f"strength of w{sub}",
                f"(1 − q)/q times the mean square of feature {i + 1}",
            ),
            f"free_{i + 1}": Readout(
                float(line.loss.minimiser[i]), f"ŵ{sub}, without dropout", "least squares", group=SOLVED
            ),
            f"masks_{i + 1}": Readout(
                float(masks[i]), f"w{sub} over all masks", "least squares on every mask of every row", group=SOLVED
            ),
            f"ridge_{i + 1}": Readout(float(ridge[i]), f"w{sub} of the ridge", "(H + D)⁻¹Hŵ", group=SOLVED),
        }
    return found


def wandering(
    drop: float, way: Way, correlation: float, spread: float, line_noise: float, walk_rate: float, seed: int,
    library: Library,
) -> Answer:  # fmt: skip
    """The whole walk of gradient descent with dropout, and where its average is."""
    line = library.once(posed, correlation, spread, line_noise)
    made = library.once(walked, correlation, spread, line_noise, drop, way, walk_rate, seed)
    goal = by_masks(line, 1.0 - drop / 100.0)
    mean = made.weights[WALK // 2 :].mean(axis=0)
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    trail = marks.line("dropout_walk", _seen(line, made.weights), hover)
    lost = made.outcome is not None
    readouts = {
        "walk_apart": Readout(
            None if lost else float(np.linalg.norm(mean - goal)), "average of the walk from the optimum",
            "its second half against the optimum over all masks",
        ),
        "walk_spread": Readout(
            None if lost else float(min(made.weights[WALK // 2 :].std(axis=0).max(), LARGEST)), "how far it wanders",
            "the larger standard deviation of its weights in the second half", group=WALKED,
        ),
    }  # fmt: skip
    if made.outcome is not None:
        return Answer("w ← w − η∇J with masks", {"regression": marks.figure([trail])}, readouts, made.outcome)
    told = (
        f"{WALK * STRIDE:,} steps with masks wander about the optimum; their average is "
        f"{numeral(float(np.linalg.norm(mean - goal)), 2)} away."
    )
    return Answer(
        "w ← w − η∇J with masks", {"regression": marks.figure([trail])}, readouts, Outcome("out_of_steps", told)
    )


def _seen(line: Line, weights: Array) -> Array:
    """As much of a walk as can be drawn."""
    reach = 4.0 * line.window[1]
    return np.clip(weights, -reach, reach)


def walking(
    drop: float, way: Way, correlation: float, spread: float, line_noise: float, walk_rate: float, seed: int,
    walk_step: int, library: Library,
) -> Answer:  # fmt: skip
    """Where the walk is at one moment, and its average so far."""
    line = library.once(posed, correlation, spread, line_noise)
    made = library.once(walked, correlation, spread, line_noise, drop, way, walk_rate, seed)
    weights = _seen(line, made.weights)
    mean = weights[walk_step // 2 : walk_step + 1].mean(axis=0)
    goal = by_masks(line, 1.0 - drop / 100.0)
    figure: Figure = marks.figure([], shapes=_here(weights, mean, walk_step))
    away = float(np.linalg.norm(weights[walk_step] - goal))
    readouts = {
        "walk_away": Readout(away, "w from the optimum now", "at the moment of the walk", group=WALKED),
        "mean_away": Readout(
            float(np.linalg.norm(mean - goal)), "its average from the optimum now",
            "over the second half of the walk so far", group=WALKED,
        ),
    }  # fmt: skip
    said = f"After {walk_step * STRIDE:,} minibatches w is {numeral(away)} from the optimum over all masks."
    return Answer(f"minibatch {walk_step * STRIDE}", {"regression": figure}, readouts, Outcome("converged", said))


def _here(weights: Array, mean: Array, at: int) -> list[Mark]:
    recent = weights[max(0, at - 6) : at + 1]
    return [marks.curve("dropout_recent", polyline(recent.tolist())), marks.point("dropout_mean", plane.pair(mean))]
