"""Values of J over a grid, of which contours are drawn: this project, NumPy broadcasting, and a loop."""

from collections.abc import Callable

import numpy as np

from app.geometry import Logistic, Loss, Surface, grid, least_squares
from benchmarks import samples
from benchmarks.samples import Array
from benchmarks.table import Row, errors, faster
from benchmarks.timing import Contender, Pace, medians

AXIS = np.linspace(-3.0, 3.0, 101)
SHIFTS = np.linspace(-0.2, 0.2, 8)  # a new grid each time

TOLERANCE = 1e-5  # of the range of J over the grid


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    return [*_logistic(pace), *_quadratic(pace)]


def _logistic(pace: Pace) -> list[Row]:
    X = samples.design(1000)
    labels = samples.classes(X)
    loss = Logistic(X, labels)
    exact = broadcast_logistic(X, labels, 0.0)
    surface = surface_of(loss)(0.0)
    assert surface.method == "interpolated", "the interpolation fell back to exact values"
    checked = max(surface.error, spread(surface.values, exact))
    took = medians(
        [
            Contender("interpolated", surface_of(loss), SHIFTS),
            Contender("exact", lambda shift: grid(loss, AXIS + shift, AXIS + shift, exact=True), SHIFTS),
            Contender("broadcast", lambda shift: broadcast_logistic(X, labels, shift), SHIFTS),
        ],
        pace,
    )
    what, beside = "logistic, n = 1,000, 101×101", "NumPy broadcasting"
    missed_by = spread(grid(loss, AXIS, AXIS, exact=True).values, exact)
    return [
        faster(f"{what}: interpolated", beside, took["interpolated"], took["broadcast"], 60, errors(checked, 0.0)),
        Row("its checked error, as a share of its range", "NumPy broadcasting", checked, "", TOLERANCE, at_most=True),
        faster(f"{what}: exact", beside, took["exact"], took["broadcast"], 12, errors(missed_by, 0.0)),
    ]


def _quadratic(pace: Pace) -> list[Row]:
    few, many = (least_squares(X, samples.response(X)) for X in (samples.design(100), samples.design(100_000)))
    H, minimiser = np.array(few.curvature), np.array(few.minimiser)
    reference = loop(H, minimiser, few.lowest, 0.0)
    took = medians(
        [
            Contender("few", surface_of(few), SHIFTS),
            Contender("many", surface_of(many), SHIFTS),
            Contender("loop", lambda shift: loop(H, minimiser, few.lowest, shift), SHIFTS),
        ],
        pace,
    )
    what = "quadratic, 101×101"
    missed_by = errors(spread(surface_of(few)(0.0).values, reference), 0.0)
    return [
        faster(f"{what}", "a loop over its points in NumPy", took["few"], took["loop"], 1000, missed_by),
        Row(f"{what}: n = 100,000 beside n = 100", "this project", took["many"] / took["few"], "×", 1.25, at_most=True),
    ]


def surface_of(loss: Loss) -> Callable[[float], Surface]:
    """The grid as a part of a lab asks for it."""
    return lambda shift: grid(loss, AXIS + shift, AXIS + shift)


def broadcast_logistic(X: Array, labels: Array, shift: float) -> Array:
    """Σlog(1 + exp(−margin))/n at all points and all rows at once."""
    points = np.stack(np.meshgrid(AXIS + shift, AXIS + shift), axis=-1)
    margins = points @ (labels[:, None] * X).T
    return np.asarray(np.logaddexp(0.0, -margins).mean(axis=-1))


def loop(H: Array, minimiser: Array, lowest: float, shift: float) -> Array:
    """A loop over the points of the grid, already from the statistics: its cost does not grow with n either."""
    values = np.empty((len(AXIS), len(AXIS)))
    for i, second in enumerate(AXIS + shift):
        for j, first in enumerate(AXIS + shift):
            away = np.array([first, second]) - minimiser
            values[i, j] = lowest + 0.5 * away @ H @ away
    return values


def spread(values: Array, reference: Array) -> float:
    """The largest difference, as a share of the range of the reference."""
    return float(np.abs(values - reference).max() / np.ptp(reference))
