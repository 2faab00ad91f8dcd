"""When new cases come from elsewhere: what no strength repairs.

Training and deployment distributions differ: either the inputs move and the truth stays (covariate shift), or the
truth moves over the same inputs (concept shift). Deep Learning (2016), §15.2; Dive into Deep Learning, §4.7.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.data.library import Library
from app.figures import marks
from app.figures.marks import Array, Mark
from app.figures.paths import polyline
from app.geometry import Outcome
from app.geometry.ensembles import Ensemble, decompose, ridge_ensemble
from app.geometry.numerals import numeral
from app.labs.generalisation.drawn import (
    REACH,
    STRENGTHS,
    Basis,
    Law,
    Places,
    Truth,
    drawn,
    features,
    fitted,
    nodes,
    true_values,
)
from app.labs.lab import Answer, Readout

Drift = Literal["inputs", "truth"]

FARTHEST = 2.0
STEP = 0.05
SHIFTS = np.round(np.arange(0.0, FARTHEST + STEP / 2, STEP), 6)
AGAIN = SHIFTS[::5]  # where everything is trained anew
WIDE = np.concatenate([STRENGTHS, np.geomspace(20.0, 1e12, 24)])  # with hindsight even a constant may be best
SHIFTED = "After the shift"


@dataclass(frozen=True, eq=False)
class Moved:
    """Expected errors of fits that know nothing of the shift, and the lowest of those that do.

    Attributes:
        errors: by strength of WIDE and shift.
        best: the place of the strength that is best without a shift.
        again: the lowest expected error over all strengths (len(AGAIN),) if trained where it is tested.
        middle: the average fit and the standard deviation of the fits over `beyond`, at that strength.
        beyond: x, as far as new cases can be.
    """

    errors: Array
    best: int
    again: Array
    middle: tuple[Array, Array]
    beyond: Array


def error_after(ensemble: Ensemble, law: Law, basis: Basis, degree: int, drift: Drift, shift: float) -> Array:
    """σ² + bias² + variance (A,) over the cases after a shift."""
    moved = shift if drift == "inputs" else -shift
    at, shares = nodes(law.truth, moved)
    x = at + shift if drift == "inputs" else at
    truth = true_values(law.truth, at + moved)
    return decompose(ensemble, features(basis, degree, x), truth, shares, law.noise**2).total


def moved(library: Library, law: Law, basis: Basis, degree: int, drift: Drift) -> Moved:
    """All shifts at once."""
    found, ensemble = library.once(fitted, law, basis, degree), library.once(_everywhere, law, basis, degree)
    errors = np.stack([error_after(ensemble, law, basis, degree, drift, one) for one in SHIFTS], axis=1)
    beyond = np.linspace(-REACH, REACH + (FARTHEST if drift == "inputs" else 0.0), 121)
    one = Ensemble(STRENGTHS[[found.best]], found.ensemble.weights[:, [found.best]])
    middle, variance = one.spread(features(basis, degree, beyond))
    again = np.array([trained_there(law, basis, degree, drift, shift) for shift in AGAIN])
    return Moved(errors, found.best, again, (middle[0], np.sqrt(variance[0])), beyond)


def _everywhere(library: Library, law: Law, basis: Basis, degree: int) -> Ensemble:
    """The fits at all strengths, up to those that leave a constant."""
    sets = library.once(fitted, law, basis, degree).sets
    return ridge_ensemble(features(basis, degree, sets.x), sets.y, WIDE)


def trained_there(law: Law, basis: Basis, degree: int, drift: Drift, shift: float) -> float:
    """The lowest error if the training sets, too, come from after the shift; features centred on where they are."""
    sign = 1.0 if drift == "inputs" else -1.0
    sets = drawn(law, sign * shift)
    ensemble = ridge_ensemble(features(basis, degree, sets.x - sign * shift), sets.y, WIDE)
    at, shares = nodes(law.truth, sign * shift)
    truth = true_values(law.truth, at + sign * shift)
    return float(decompose(ensemble, features(basis, degree, at), truth, shares, law.noise**2).total.min())


def shifts(
    truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, basis: Basis, degree: int,
    drift: Drift, library: Library,
) -> Answer:  # fmt: skip
    """The error by shift: of the best strength, without penalty, of the best with hindsight, and trained anew."""
    law = Law(truth, noise, samples, places, sets, seed)
    found = library.once(moved, law, basis, degree, drift)
    low, high = 0.03, 1e4
    curves = {
        "free_shifted": found.errors[0],
        "best_shifted": found.errors[found.best],
        "hindsight": found.errors.min(axis=0),
    }
    hover = "shift %{x}<br>error %{y}<extra>%{fullData.name}</extra>"
    traces = [
        marks.line(role, np.stack([SHIFTS, np.clip(values, 0.1 * low, 100.0 * high)], axis=1), hover, log_y=True)
        for role, values in curves.items()
    ]
    traces.append(marks.dots("retrained", np.stack([AGAIN, found.again], axis=1), hover))
    level = marks.rule("noise_level", y=max(noise**2, 0.1 * low))
    chart = marks.chart("shift δ", "squared error", log_y=True, x_range=(-0.05, FARTHEST + 0.05), y_range=(low, high))
    figures = {"shift": marks.figure(traces, shapes=[level], **chart), "beyond": _beyond(law, found, drift)}
    what = "new cases have x between −2 + δ and 2 + δ" if drift == "inputs" else "new cases have y = f(x − δ) + noise"
    said = "The fits were trained without a shift; the dots show what training on cases like the new ones would give."
    return Answer(f"E(y − f̂(x))² where {what}", figures, {}, Outcome("converged", said))


def _beyond(law: Law, found: Moved, drift: Drift) -> Mark:
    """The fits at the best strength as far as new cases go."""
    x, (middle, deviation) = found.beyond, found.middle
    far = 12.0
    low, high = (np.clip(middle + side * deviation, -far, far) for side in (-2.0, 2.0))
    hover = "x = %{x}<br>y = %{y}<extra>%{fullData.name}</extra>"
    traces = [
        marks.band("fit_spread", x, low, high),
        marks.line("average_fit", np.stack([x, np.clip(middle, -far, far)], axis=1), hover),
    ]
    if drift == "inputs":
        traces.append(marks.line("truth_curve", np.stack([x, true_values(law.truth, x)], axis=1), hover))
    chart = marks.chart("x", "y", x_range=(float(x[0]), float(x[-1])), y_range=(-4.0, 4.0))
    return marks.figure(traces, **chart)


def shifted(
    truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, basis: Basis, degree: int,
    drift: Drift, shift: float, library: Library,
) -> Answer:  # fmt: skip
    """One shift: where the new cases are, and what each choice of a strength costs there."""
    law = Law(truth, noise, samples, places, sets, seed)
    best = library.once(fitted, law, basis, degree).best
    errors = error_after(library.once(_everywhere, law, basis, degree), law, basis, degree, drift, shift)
    own, hindsight, free = float(errors[best]), float(errors.min()), float(errors[0])
    again = trained_there(law, basis, degree, drift, shift)
    then = int(np.argmin(errors))
    readouts = {
        "shifted_error": Readout(
            own, "error at the best α", "of the strength that was best without a shift", group=SHIFTED
        ),
        "shifted_free": Readout(free, "error without penalty", "of the fits at α = 0", group=SHIFTED),
        "hindsight_error": Readout(
            hindsight, "error at the best α with hindsight", "the lowest of all strengths for these new cases",
            group=SHIFTED,
        ),
        "hindsight_strength": Readout(
            float(WIDE[then]) if then < len(WIDE) - 1 else "∞: a constant", "that α",
            "which only the new cases could have told", group=SHIFTED,
        ),
        "retrained_error": Readout(
            again, "error if trained there", "the lowest over all strengths, training sets from there", group=SHIFTED
        ),
    }  # fmt: skip
    figures = {
        "shift": marks.figure([], shapes=[marks.rule("shift_now", x=shift)]),
        "beyond": marks.figure([], shapes=_where(law, drift, shift)),
    }
    said = f"Moved by {numeral(shift)}, new cases cost {numeral(own, 4)} at the best strength"
    more = (
        f"{said}, {numeral(hindsight, 4)} at the best with hindsight, and {numeral(again, 4)} had the fits been "
        "trained there."
    )
    return Answer(f"the error after a shift of {numeral(shift)}", figures, readouts, Outcome("converged", more))


def _where(law: Law, drift: Drift, shift: float) -> list[Mark]:
    """The stretch that new cases are in, or the truth where it is now."""
    if drift == "inputs":
        return [marks.rule("shift_now", x=side * REACH + shift) for side in (-1.0, 1.0)]
    x = np.linspace(-REACH, REACH, 81)
    moved_truth = np.stack([x, true_values(law.truth, x - shift)], axis=1)
    return [marks.curve("truth_moved", polyline(np.round(moved_truth, 3).tolist()))]
