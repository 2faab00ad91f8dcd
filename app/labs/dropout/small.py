"""A network so small that all its thinned networks can be asked, trained with dropout on a few samples of a curve."""

from typing import NamedTuple

import numpy as np

from app.data import Curve, Lesson, teach
from app.data.lessons import true_curve
from app.data.library import Library
from app.figures import marks
from app.figures.marks import Array, Figure
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.dropout.controls import Small, Way, dropping
from app.labs.film import Plan
from app.labs.lab import Answer, Readout
from app.networks import (
    AnyActivation,
    AnyDropout,
    Architecture,
    Linear,
    QuadraticCost,
    ReLU,
    Setting,
    Tanh,
    advance,
    begin,
    evaluate,
    predict,
)
from app.networks.thinned import Thinned, all_thinned, some_thinned

CURVE = Curve(rows=80, share=50, noise=0.2)
STEPS, RATE, BATCH = 1500, 0.3, 40
SAME = 1e-12  # of the largest output: a gap below is rounding
FAINT = 12  # thinned networks that are drawn
_X = np.linspace(-2.6, 2.6, 41)
_ACTIVATIONS: dict[Small, AnyActivation] = {"linear": Linear(), "tanh": Tanh(), "relu": ReLU()}
ENSEMBLE, CHANCE = "Both as predictors", "The average over the masks drawn"


class SmallNetwork(NamedTuple):
    """A trained network.

    Attributes:
        lesson: what it was taught.
        architecture: its own.
        parameters: (P,).
        dropout: under which it was trained.
    """

    lesson: Lesson
    architecture: Architecture
    parameters: Array
    dropout: AnyDropout


def plan(drop: float, way: Way, layers: int, units: int, activation: Small, seed: int) -> Plan:
    """How it is trained."""
    architecture = Architecture((1, *[units] * layers, 1), _ACTIVATIONS[activation], QuadraticCost())
    setting = Setting(architecture, rate=RATE, batch=BATCH, dropout=dropping(way, drop), seed=seed)
    return Plan(teach(CURVE).task, (setting,), STEPS)


def trained(
    _: Library, drop: float, way: Way, layers: int, units: int, activation: Small, seed: int
) -> SmallNetwork:  # fmt: skip
    """Pure, for `Library.once`."""
    made = plan(drop, way, layers, units, activation, seed)
    (setting,) = made.settings
    run, _frame = advance(begin(made.task, made.settings), made.steps)
    return SmallNetwork(teach(CURVE), setting.architecture, run.learners[0].parameters, setting.dropout)


def counted_out(
    library: Library, drop: float, way: Way, layers: int, units: int, activation: Small, seed: int
) -> tuple[SmallNetwork, Thinned, Array]:  # fmt: skip
    """The network, all its thinned networks along the line, and what the scaled one says there."""
    small = library.once(trained, drop, way, layers, units, activation, seed)
    x = _X[:, None]
    every = all_thinned(small.architecture, small.parameters, x, small.dropout)
    return small, every, predict(small.architecture, small.parameters, x, small.dropout)[:, 0]


def average(
    drop: float, way: Way, small_layers: int, small_units: int, small_activation: Small, seed: int, masks: int,
    library: Library,
) -> Answer:  # fmt: skip
    """All thinned networks, their exact average, the average of some, and the scaled network."""
    key = (drop, way, small_layers, small_units, small_activation, seed)
    small, every, scaled = library.once(counted_out, *key)
    mean = every.mean[:, 0]
    some = some_thinned(small.architecture, small.parameters, _X[:, None], small.dropout, masks, seed)
    size = max(float(np.abs(mean).max()), 1e-12)
    gaps = np.abs(scaled - mean)
    largest = float(gaps.max())
    same = largest <= SAME * max(1.0, size)
    figures = {"average": _drawn(small, some, mean, scaled)}
    readouts = {
        "thinned_count": Readout(
            len(every.masks), "thinned networks", "2ʰ, one for each set of hidden units that take part"
        ),
        "largest_gap": Readout(
            0.0 if same else largest, "largest gap", "of the scaled network from the average over all masks, along the "
            "line; 0 where it is rounding",
        ),
        "gap_share": Readout(
            0.0 if same else 100.0 * largest / size, "as a share of the largest output",
            "how good the approximation is", "%",
        ),
        "mask_spread": Readout(
            float(every.deviation.max()), "largest spread of the thinned", "the standard deviation over the masks: how "
            "much the thinned networks differ among themselves",
        ),
        **_as_predictors(small),
    }  # fmt: skip
    objective = f"E over {len(every.masks):,} masks of f(x, mask), against f with its outgoing weights scaled"
    return Answer(objective, figures, readouts, Outcome("converged", _said(small, same, largest)))


def _drawn(small: SmallNetwork, some: Thinned, mean: Array, scaled: Array) -> Figure:
    hover = "x = %{x}<br>%{y}<extra>%{fullData.name}</extra>"
    training = small.lesson.task.training
    error = some.deviation[:, 0] / np.sqrt(max(1, len(some.masks) - 1))
    chance = some.mean[:, 0]
    rows = np.column_stack([training.inputs[:, 0], training.targets[:, 0]])
    faint = [marks.line("thinned_one", _over(one[:, 0]), hover) for one in some.outputs[:FAINT]]
    data = [
        *faint,
        marks.band("thinned_drawn", _X, _cut(chance - 2.0 * error), _cut(chance + 2.0 * error)),
        marks.line("truth", np.column_stack([_X, true_curve(CURVE, _X)]), hover),
        marks.line("thinned_mean", _over(mean), hover),
        marks.line("scaled_network", _over(scaled), hover),
        marks.dots("taught_sample", rows, hover),
    ]
    return marks.figure(data, **marks.chart("x", "output", x_range=(-2.6, 2.6), y_range=(-1.6, 1.6)))


def _over(values: Array) -> Array:
    return np.column_stack([_X, _cut(values)])


def _cut(values: Array) -> Array:
    return np.clip(values, -100.0, 100.0)


def _as_predictors(small: SmallNetwork) -> dict[str, Readout]:
    """Whether the average predicts better than the network that stands for it."""
    test = small.lesson.test
    own = evaluate(small.architecture, small.parameters, test, (small.dropout,))[0]
    every = all_thinned(small.architecture, small.parameters, test.inputs, small.dropout)
    losses = 0.5 * ((every.outputs - test.targets) ** 2).mean(axis=(1, 2))
    together = 0.5 * float(((every.mean - test.targets) ** 2).mean())
    return {
        "scaled_loss": Readout(float(own), "test loss, scaled network", "½ the mean squared error", group=ENSEMBLE),
        "average_loss": Readout(together, "test loss, average of all", "of the mean of their outputs", group=ENSEMBLE),
        "thinned_loss": Readout(
            float(every.chances @ losses), "test loss, one thinned network", "on average over the masks", group=ENSEMBLE
        ),
    }  # fmt: skip


def _said(small: SmallNetwork, same: bool, largest: float) -> str:
    linear, layers = small.architecture.activation.kind == "linear", len(small.architecture.hidden)
    if same and small.dropout.shares[1] == 1.0:
        return "Nobody is dropped: there is one network only, and it is the average."
    if same:
        why = "all of it is linear" if linear else "one hidden layer, and what follows its masks is affine"
        if not linear and layers > 1:
            why = "its units say the same under every mask"
        return f"The scaled network is the average over all masks, up to rounding: {why}."
    return (
        f"The scaled network misses the average over all masks by up to {numeral(largest)}: masks of one layer pass "
        "through the curved units of the next."
    )


def following(
    drop: float, way: Way, small_layers: int, small_units: int, small_activation: Small, seed: int, masks: int,
    probe: float, library: Library,
) -> Answer:  # fmt: skip
    """The average over the masks drawn, mask by mask, with its standard error, at one input."""
    small = library.once(trained, drop, way, small_layers, small_units, small_activation, seed)
    x = np.array([[probe]])
    exact = float(all_thinned(small.architecture, small.parameters, x, small.dropout).mean[0, 0])
    scaled = float(predict(small.architecture, small.parameters, x, small.dropout)[0, 0])
    said = some_thinned(small.architecture, small.parameters, x, small.dropout, masks, seed).outputs[:, 0, 0]
    counts, means, errors = _running(said)
    figure = _followed(counts, means, errors, (exact, scaled))
    off = float((means[-1] - exact) / errors[-1]) if errors[-1] > 0.0 else None
    gap = scaled - exact
    readouts = {
        "exact_average": Readout(exact, "average over all masks", "at the input that is looked at, exact"),
        "scaled_output": Readout(scaled, "scaled network", "what it says there at test"),
        "gap_here": Readout(
            gap if abs(gap) > SAME * max(1.0, abs(exact)) else 0.0, "gap there",
            "scaled network − average; 0 where it is rounding",
        ),
        "drawn_average": Readout(float(means[-1]), "average over the masks drawn", "Monte Carlo", group=CHANCE),
        "standard_error": Readout(
            float(errors[-1]), "its standard error", "the spread of the thinned outputs over √M", group=CHANCE
        ),
        "errors_off": Readout(
            off, "standard errors from the exact average", "between −2 and 2 in 19 of 20 cases, for many masks",
            group=CHANCE,
        ),
    }  # fmt: skip
    drawn = f"{numeral(means[-1], 4)} ± {numeral(errors[-1], 2)}; exact {numeral(exact, 4)}"
    told = f"After {masks:,} masks the average at x = {numeral(probe)} is {drawn}."
    return Answer(f"1/M Σ f({numeral(probe)}, mask)", {"following": figure}, readouts, Outcome("converged", told))


def _running(said: Array) -> tuple[Array, Array, Array]:
    """After which numbers of masks it is drawn (k,), the mean so far, and its standard error."""
    counts = np.unique(np.round(np.geomspace(2, len(said), 60)).astype(int))
    sums, squares = np.cumsum(said)[counts - 1], np.cumsum(said**2)[counts - 1]
    means = sums / counts
    variances = np.maximum(0.0, squares / counts - means**2) * counts / (counts - 1)
    return counts.astype(float), means, np.sqrt(variances / counts)


def _followed(counts: Array, means: Array, errors: Array, levels: tuple[float, float]) -> Figure:
    hover = "%{x} masks: %{y}<extra>%{fullData.name}</extra>"
    ends = np.array([counts[0], counts[-1]])
    flat = [
        marks.line(role, np.column_stack([ends, np.full(2, level)]), hover)
        for role, level in zip(("thinned_mean", "scaled_network"), levels, strict=True)
    ]
    low = min(float((means - 2.5 * errors).min()), *levels)
    high = max(float((means + 2.5 * errors).max()), *levels)
    margin = 0.05 * (high - low) or 0.1
    chart = marks.chart(
        "masks drawn M", "average output", log_x=True, x_range=(float(counts[0]), max(float(counts[-1]), 4.0)),
        y_range=(low - margin, high + margin),
    )  # fmt: skip
    data = [
        marks.band("thinned_drawn", counts, means - 2.0 * errors, means + 2.0 * errors),
        flat[0],
        flat[1],
        marks.line("thinned_running", np.column_stack([counts, means]), hover),
    ]
    return marks.figure(data, **chart)
