"""Weight decay on all features of a table: which directions survive, how much data each carries, and what is left.

The directions are the eigenvectors of H = XᵀX/n, the principal components of X; along each, λ is the variance of the
data, and decay keeps λ/(λ + α) of the fit (ESL, §3.4.1, eq. 3.47-3.50).
"""

import numpy as np

from app.data.library import Library
from app.data.samples import Sample
from app.data.sampling import Sampled
from app.data.sentences import counted
from app.figures import marks
from app.figures.marks import Array
from app.geometry import Outcome, effective_degrees_of_freedom, shrunk
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.shrinkage.errors import outlines, said_in
from app.labs.shrinkage.shrunk_plane import STRENGTHS, charted, filled

ALL = "All features"
SAME = 1e-10  # of the largest variance: two that differ by less are told apart by rounding alone


def spectrum(sample: Sample, library: Library) -> Answer:
    """The directions of the data, and the effective degrees of freedom for every strength."""
    drawn = library.sampled(sample)
    values, vectors = _steepest_first(drawn)
    words = _words(drawn.names, values, vectors)
    strengths = np.geomspace(STRENGTHS[0], STRENGTHS[-1], 101)
    freedom = effective_degrees_of_freedom(values, strengths * _scale(drawn))
    hover = "α/L = %{x}<br>%{y:.3f} degrees of freedom<extra></extra>"
    ends = float(strengths[0]), float(strengths[-1])
    chart = marks.chart(
        "α/L, the strength", "Σ λᵢ/(λᵢ+α)", log_x=True, x_range=ends, y_range=(0, 1.05 * len(drawn.names))
    )
    curve = marks.line("freedom", np.stack([strengths, freedom], axis=-1), hover)
    figures = {"directions": outlines(values, words), "freedom": marks.figure([curve], **chart)}
    readouts = {
        "sample_rows": Readout(drawn.rows, "n", "rows of the data with all features", group=ALL),
        "features": Readout(len(drawn.names), "d", "features, and so directions", group=ALL),
        "steepest": Readout(words[0], "steepest direction", "what it mostly is, in features", group=ALL),
        "flattest": Readout(words[-1], "flattest direction", "what it mostly is: decay takes it first", group=ALL),
    }
    said = " ".join(drawn.notes) or "Features that vary together make a few steep directions and some flat ones."
    return Answer(f"J(w) = {drawn.sentence}", figures, readouts, Outcome("converged", said))


def directions(sample: Sample, strength: float, library: Library) -> Answer:
    """One strength: how much of each direction is left."""
    drawn = library.sampled(sample)
    values, _ = _steepest_first(drawn)
    alpha = strength * _scale(drawn)
    factors = np.divide(values, values + alpha, out=np.zeros_like(values), where=values > 0)
    survive = factors >= 0.5
    carried = 100 * float(values[survive].sum()) / (float(values.sum()) or 1.0)
    figures = {
        "directions": marks.figure([], shapes=filled(factors)),
        "freedom": marks.figure([], shapes=[marks.rule("strength_now", x=charted(strength))]),
    }
    some = int(survive.sum())
    keep, carry = ("keeps", "it carries") if some == 1 else ("keep", "they carry")
    said = (
        f"{some} of {counted(len(values), 'direction')} {keep} at least half; {carry} {numeral(carried)} % of the "
        f"variance. Degrees of freedom: {numeral(float(factors.sum()))}."
    )
    readouts = _readouts(drawn, alpha, factors) | {
        "survivors": Readout(
            int(survive.sum()), "directions that survive", "of which at least half is left: λ ≥ α", group=ALL
        ),
        "carried": Readout(
            carried, "variance they carry", "of the features, along the directions that survive", "%", ALL
        ),
    }
    objective = f"minimise J(w) + {numeral(alpha, 4)}·½‖w‖² over {counted(len(values), 'weight')}"
    return Answer(objective, figures, readouts, Outcome("converged", said))


def _words(names: tuple[str, ...], values: Array, vectors: Array) -> list[str]:
    """What each direction mostly is. Of directions with one variance every mixture is one: those are only counted."""
    told = []
    for value, vector in zip(values.tolist(), vectors, strict=True):
        alike = int(np.sum(np.abs(values - value) <= SAME * values[0]))
        what = "of equal variance" if value > SAME * values[0] else "in which the data do not vary"
        told.append(said_in(names, vector) if alike == 1 else f"any of {alike} directions {what}")
    return told


def _readouts(drawn: Sampled, alpha: float, factors: Array) -> dict[str, Readout]:
    w, length = shrunk(drawn.loss, alpha), float(np.linalg.norm(drawn.loss.minimiser))
    nothing = float(drawn.loss.value(np.zeros(len(w))))
    explained = 100 * (1 - float(drawn.loss.value(w)) / nothing) if nothing else None
    left = 100 * float(np.linalg.norm(w)) / length if length else None
    sizes = np.abs(w)
    return {
        "sample_alpha": Readout(alpha, "α", "strength for all features: the knob times their own L", group=ALL),
        "sample_freedom": Readout(float(factors.sum()), "Σ λᵢ/(λᵢ+α)", "effective degrees of freedom, of d", group=ALL),
        "least_factor": Readout(float(factors.min()), "smallest factor", "left of the flattest direction", group=ALL),
        "kept_length": Readout(left, "‖w̃‖/‖ŵ‖", "what is left of the weights", "%", ALL),
        "least_weight": Readout(float(sizes.min()), "smallest |w̃ⱼ|", "the smallest of all weights", group=ALL),
        "largest_weight": Readout(float(sizes.max()), "largest |w̃ⱼ|", "the largest of all weights", group=ALL),
        "explained": Readout(explained, "R²", "share of the variance of y that is explained", "%", ALL),
    }


def _steepest_first(drawn: Sampled) -> tuple[Array, Array]:
    """Eigenvalues (d,), falling, and the directions as rows (d, d)."""
    return drawn.loss.eigenvalues[::-1], drawn.loss.eigenvectors.T[::-1]


def _scale(drawn: Sampled) -> float:
    """L; 1 for data without any variance."""
    return drawn.loss.smoothness or 1.0
