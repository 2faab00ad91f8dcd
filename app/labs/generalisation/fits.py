"""The fits of many training sets at one strength: as a band, some of them, their average, and what their error is."""

import numpy as np

from app.data.library import Library
from app.figures import marks
from app.figures.marks import Array, Mark
from app.figures.paths import polyline
from app.geometry import Outcome
from app.geometry.ensembles import Decomposition, ridge_ensemble
from app.geometry.numerals import numeral
from app.labs.generalisation.drawn import (
    REACH,
    Basis,
    Law,
    Measured,
    Places,
    Truth,
    features,
    fresh,
    measured,
    sets_of,
    split,
    training_error,
    true_values,
    width,
)
from app.labs.lab import Answer, Readout

SINGLE = 6  # fits that are drawn one by one
SEEN = np.linspace(-REACH, REACH, 61)
HEIGHT = 3.0  # of the chart, on both sides of 0
MEASURED = "Measured on fresh cases"
NAMES = {"polynomial": "a polynomial of degree {}", "waves": "waves up to order {}"}


def data(truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, library: Library) -> Answer:
    """The true curve, and the first of the training sets."""
    found = library.once(sets_of, Law(truth, noise, samples, places, sets, seed))
    fine = np.linspace(-REACH, REACH, 161)
    hover = "x = %{x}<br>y = %{y}<extra>%{fullData.name}</extra>"
    curve = np.stack([fine, true_values(truth, fine)], axis=1)
    first = np.stack([np.broadcast_to(found.x, found.y.shape)[0], found.y[0]], axis=1)
    traces = [marks.line("truth_curve", curve, hover), marks.dots("first_set", first, hover)]
    chart = marks.chart("x", "y", x_range=(-REACH, REACH), y_range=(-HEIGHT, HEIGHT))
    spread = f"their x {'drawn anew for each set' if places == 'random' else 'evenly spaced, the same in each set'}"
    objective = f"{sets:,} training sets of {samples} samples, y = f(x) + noise of spread {noise:g}, {spread}"
    said = f"The dots are the first of {sets:,} training sets; each of them gets a fit of its own."
    return Answer(objective, {"fits": marks.figure(traces, **chart)}, {}, Outcome("converged", said))


def fits(
    truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, basis: Basis, degree: int,
    strength: float, library: Library,
) -> Answer:  # fmt: skip
    """At one strength: the band, the average, single fits, and the decomposition beside the measured error."""
    law = Law(truth, noise, samples, places, sets, seed)
    found = library.once(sets_of, law)
    rows = features(basis, degree, found.x)
    ensemble = ridge_ensemble(rows, found.y, [strength])
    parts = split(law, basis, degree, ensemble)
    checked = measured(law, basis, degree, library.once(fresh, law, basis, degree), ensemble)
    said = ensemble.predict(features(basis, degree, SEEN))[:, 0]
    now = marks.rule("strength_now", x=max(strength, 1e-7))
    figures = {"fits": marks.figure([], shapes=_drawn(said)), "strengths": marks.figure([], shapes=[now])}
    model = NAMES[basis].format(degree)
    objective = f"minimise ‖Φw + b − y‖²/(2n) + {numeral(strength, 4)}·½‖w‖² for each training set, Φ of {model}"
    own = float(training_error(ensemble, rows, found.y)[0])
    readouts = {**_parts(parts, sets), **_checks(checked, own)}
    outcome = Outcome("converged", _told(parts, own, width(basis, degree), samples))
    return Answer(objective, figures, readouts, outcome)


def _drawn(said: Array) -> list[Mark]:
    """The band that holds nine fits of ten, some fits, and the average, cut far outside of the chart."""
    far = 3.0 * HEIGHT
    low, high = (np.clip(np.quantile(said, share, axis=0), -far, far) for share in (0.05, 0.95))
    band = np.concatenate([np.stack([SEEN, high], axis=1), np.stack([SEEN, low], axis=1)[::-1]])
    shapes = [marks.curve("fit_band", polyline(_short(band), closed=True))]
    lines = [*(("single_fit", one) for one in said[:SINGLE]), ("average_fit", said.mean(axis=0))]
    cut = ((role, np.stack([SEEN, np.clip(one, -far, far)], axis=1)) for role, one in lines)
    return [*shapes, *(marks.curve(role, polyline(_short(points))) for role, points in cut)]


def _short(points: Array) -> list[list[float]]:
    """Three decimals are what a chart shows."""
    return [[float(x), float(y)] for x, y in np.round(points, 3)]


def _parts(parts: Decomposition, sets: int) -> dict[str, Readout]:
    bias, variance = float(parts.bias[0]), float(parts.variance[0])
    return {
        "noise_part": Readout(parts.noise, "noise σ²", "what no fit can know: the variance of y around the true curve"),
        "bias": Readout(bias, "bias²", "the mean over x of (average fit − truth)²: what more data does not cure"),
        "variance": Readout(variance, "variance", "the mean over x of the variance of the fits over the training sets"),
        "expected": Readout(
            float(parts.total[0]), "σ² + bias² + variance", "the expected squared error on a new case: all three"
        ),
        "bias_chance": Readout(
            variance / (sets - 1), "of bias², by chance",
            "how much of it comes, about, from averaging over these training sets only: variance/(M − 1)",
            group=MEASURED,
        ),
    }  # fmt: skip


def _checks(checked: Measured, own: float) -> dict[str, Readout]:
    return {
        "measured": Readout(
            float(checked.error[0]), "error on fresh cases",
            "the mean squared error on 100 new cases for each training set, which no fit has seen",
        ),
        "measured_spread": Readout(
            float(checked.spread[0]), "its standard error", "from the means of the training sets", group=MEASURED
        ),
        "difference": Readout(
            float(checked.difference[0]), "measured − expected", "minus σ² + bias² + variance", group=MEASURED
        ),
        "difference_error": Readout(
            float(checked.doubt[0]), "standard error of that", "what chance may do, given the training sets",
            group=MEASURED,
        ),
        "training_error": Readout(
            own, "error on the rows trained on", "the mean squared error of each fit on its own training set"
        ),
    }  # fmt: skip


def _told(parts: Decomposition, own: float, weights: int, samples: int) -> str:
    bias, variance, total = float(parts.bias[0]), float(parts.variance[0]), float(parts.total[0])
    if bias + variance < 0.1 * parts.noise:
        said = "Nearly all of the error is noise: these fits are about right."
    elif bias > 3.0 * variance:
        said = "The fits agree with each other and not with the truth: they underfit."
    elif variance > 3.0 * bias:
        said = "On average the fits are right, and each of them is wrong in its own way: they overfit."
    else:
        said = "Bias and variance are of one size."
    seen = f"New cases cost {numeral(total, 4)}, the rows trained on {numeral(own, 4)}."
    exact = f" {weights} weights and a level can fit {samples} samples exactly." if weights + 1 >= samples else ""
    return f"{said} {seen}{exact}"
