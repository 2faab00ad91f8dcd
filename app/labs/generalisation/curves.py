"""Noise, bias² and variance by strength and by degree, adding up to the error that is measured."""

import numpy as np

from app.data.library import Library
from app.figures import marks
from app.figures.marks import Array, Figure
from app.geometry import Outcome
from app.geometry.ensembles import Decomposition, Ensemble, ridge_ensemble
from app.geometry.numerals import numeral
from app.labs.generalisation.drawn import (
    STRENGTHS,
    Basis,
    Fitted,
    Fresh,
    Law,
    Places,
    Truth,
    features,
    fitted,
    fresh,
    measured,
    sets_of,
    split,
    training_error,
)
from app.labs.lab import Answer, Readout

LEAST = 1e-7  # where strength 0 is drawn
CHECKED = slice(0, None, 6)  # of the strengths: where the error is measured
MOST_DEGREE = 30
BEST = "The best strength"
HOVER = "error %{y}<extra>%{fullData.name}</extra>"


def strengths(
    truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, basis: Basis, degree: int,
    library: Library,
) -> Answer:  # fmt: skip
    """The three parts on top of each other by strength, and the error on fresh cases as dots."""
    law = Law(truth, noise, samples, places, sets, seed)
    found = library.once(fitted, law, basis, degree)
    cases = library.once(fresh, law, basis, degree)
    figure = _stacked(found, _seen(law, basis, degree, found, cases))
    best, parts = found.best, found.parts
    readouts = {
        "best_strength": Readout(
            float(STRENGTHS[best]), "best α", "of the strengths on the chart, the one of lowest expected error",
            group=BEST,
        ),
        "best_error": Readout(float(parts.total[best]), "its error", "σ² + bias² + variance there", group=BEST),
        "best_bias": Readout(float(parts.bias[best]), "its bias²", "the price of the penalty", group=BEST),
        "best_variance": Readout(float(parts.variance[best]), "its variance", "what it is paid for", group=BEST),
        "free_error": Readout(
            float(parts.total[0]), "error without penalty", "σ² + bias² + variance at α = 0", group=BEST
        ),
    }  # fmt: skip
    gain = float(parts.total[0] - parts.total[best])
    said = f"The lowest error is {numeral(parts.total[best], 4)}, at α = {numeral(STRENGTHS[best])}"
    told = (
        f"{said}: {numeral(gain)} less than without penalty."
        if best
        else "No penalty makes these fits better on average."
    )
    return Answer(
        "E(y − f̂(x))² = σ² + bias² + variance, by α", {"strengths": figure}, readouts, Outcome("converged", told)
    )


def _seen(law: Law, basis: Basis, degree: int, found: Fitted, cases: Fresh) -> Array:
    """The measured error at some strengths: (m, 2)."""
    some = Ensemble(STRENGTHS[CHECKED], found.ensemble.weights[:, CHECKED])
    errors = measured(law, basis, degree, cases, some).error
    return np.stack([np.maximum(some.strengths, LEAST), errors], axis=1)


def _stacked(found: Fitted, dots: Array) -> Figure:
    """Areas: noise, on it bias², on that variance; whatever is far above the chart is cut."""
    at, parts = np.maximum(STRENGTHS, LEAST), found.parts
    highest = max(float(parts.total.max()), float(dots[:, 1].max(initial=0.0)))
    top = min(1.15 * highest, 6.0 * float(parts.total[found.best])) or 1.0
    levels = [np.zeros_like(at), np.full_like(at, parts.noise), parts.noise + parts.bias, parts.total]
    cut = [np.minimum(level, 1.5 * top) for level in levels]
    roles = ("noise_area", "bias_area", "variance_area")
    traces = [marks.band(role, at, low, high) for role, low, high in zip(roles, cut, cut[1:], strict=False)]
    hover = f"α = %{{x}}<br>{HOVER}"
    for role, values in (("expected_error", parts.total), ("training_error", found.training)):
        traces.append(marks.line(role, np.stack([at, np.minimum(values, 1.5 * top)], axis=1), hover))
    traces.append(marks.dots("measured_error", dots[dots[:, 1] <= 1.2 * top], hover))
    chart = marks.chart("strength α (α = 0 at the left end)", "squared error", log_x=True,
                        x_range=(0.8 * LEAST, 12.0), y_range=(0.0, top))  # fmt: skip
    return marks.figure(traces, **chart)


def _by_degree(library: Library, law: Law, basis: Basis, strength: float) -> tuple[list[int], Array]:
    """Bias², variance, total and training error (4, degrees) at one strength, and the degrees."""
    sets = library.once(sets_of, law)
    most = MOST_DEGREE if basis == "polynomial" else MOST_DEGREE // 2
    degrees, found = list(range(1, most + 1)), []
    for degree in degrees:
        rows = features(basis, degree, sets.x)
        ensemble = ridge_ensemble(rows, sets.y, [strength])
        parts: Decomposition = split(law, basis, degree, ensemble)
        own = training_error(ensemble, rows, sets.y)
        found.append((parts.bias[0], parts.variance[0], parts.total[0], own[0]))
    return degrees, np.array(found).T


def degrees(
    truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, basis: Basis, degree: int,
    strength: float, library: Library,
) -> Answer:  # fmt: skip
    """The same by degree, on a logarithmic axis: without a penalty the variance has a peak where the fit is exact."""
    law = Law(truth, noise, samples, places, sets, seed)
    at, found = library.once(_by_degree, law, basis, strength)
    low, high = 0.003, 300.0
    hover = f"degree %{{x}}<br>{HOVER}"
    roles = ("bias_curve", "variance_curve", "expected_error", "training_error")
    traces = [
        marks.line(role, np.stack([at, np.clip(values, 0.03 * low, 30.0 * high)], axis=1), hover, log_y=True)
        for role, values in zip(roles, found, strict=True)
    ]
    level = marks.rule("noise_level", y=max(noise**2, 0.03 * low))
    chart = marks.chart("degree", "squared error", log_y=True, x_range=(0.5, at[-1] + 0.5), y_range=(low, high))
    best, worst = int(np.argmin(found[2])), int(np.argmax(found[2]))
    readouts = {
        "best_degree": Readout(at[best], "best degree", "of lowest expected error at this α", group="By degree"),
        "degree_error": Readout(float(found[2, best]), "its error", "σ² + bias² + variance there", group="By degree"),
        "worst_degree": Readout(at[worst], "worst degree", "of highest expected error", group="By degree"),
        "worst_error": Readout(float(found[2, worst]), "its error", "σ² + bias² + variance there", group="By degree"),
        "last_error": Readout(
            float(found[2, -1]), f"error of degree {at[-1]}", "the largest degree drawn", group="By degree"
        ),
    }
    said = f"At α = {numeral(strength)} degree {at[best]} has the lowest error, {numeral(found[2, best], 4)}"
    more = f", degree {at[worst]} the highest, {numeral(found[2, worst], 4)}." if worst != best else "."
    shapes = [level, marks.rule("degree_now", x=min(degree, at[-1] + 0.4))]
    figure = marks.figure(traces, shapes=shapes, **chart)
    return Answer(
        f"E(y − f̂(x))² by degree, at α = {numeral(strength, 4)}",
        {"degrees": figure},
        readouts,
        Outcome("converged", said + more),
    )
