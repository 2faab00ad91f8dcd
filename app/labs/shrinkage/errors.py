"""How good the formula for decay is along the whole path, and the bars of its factors: what does not move."""

from html import escape

import numpy as np

from app.data.library import Library
from app.data.problems import Problem
from app.figures import marks
from app.figures.marks import Array, Mark
from app.geometry import Outcome, shrunk
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.shrinkage.shrunk_plane import FORMULA, STRENGTHS, optima, seen

LEAST = 1e-10  # of ‖ŵ‖: below, a logarithmic axis would show rounding


def error(problem: Problem, library: Library) -> Answer:
    """The distance between w̃ by the formula and the true optimum, for every strength; and the outlines of two bars."""
    found, truth = library.once(seen, problem), library.once(optima, problem)
    misses = np.zeros(len(STRENGTHS))
    if found.known and not found.exact:
        misses = np.linalg.norm(shrunk(found.around, STRENGTHS * found.scale) - truth, axis=-1) / found.size
    hover = "α/L = %{x}<br>distance = %{y} %<extra></extra>"
    line = marks.line("formula_error", np.stack([STRENGTHS, 100 * misses], axis=-1), hover)
    ends = float(STRENGTHS[0]), float(STRENGTHS[-1])
    top = 110 * max(float(misses.max()), 0.01)
    chart = marks.chart("α/L, the strength", "error, % of ‖ŵ‖", log_x=True, x_range=ends, y_range=(0, top))
    worst = int(misses.argmax())
    readouts = {
        "worst_miss": Readout(
            100 * float(misses[worst]), "largest error of the formula", "over all strengths", "%", FORMULA
        ),
        "worst_at": Readout(
            float(STRENGTHS[worst]) if misses[worst] > LEAST else None, "at α/L", "where it is largest", group=FORMULA
        ),
    }
    figures = {
        "error": marks.figure([line], **chart),
        "factors": outlines(found.around.eigenvalues[::-1], _two(found.around.eigenvectors)),
    }
    return Answer(
        "‖w̃(α) − argmin J + α·½‖w‖²‖/‖ŵ‖ for every α", figures, readouts, _said(found.known, found.exact, misses[worst])
    )


def _said(known: bool, exact: bool, worst: float) -> Outcome:
    if exact:
        return Outcome("converged", "J is a quadratic: the formula is its optimum.")
    if not known:
        return Outcome("unbounded", "There is no free optimum, and so no quadratic around it.")
    said = (
        f"J is no quadratic: around ŵ the formula is good, and it misses by up to {numeral(100 * worst, 2)} % of ‖ŵ‖."
    )
    return Outcome("converged", said)


def _two(vectors: Array) -> list[str]:
    both = _upright(vectors.T[::-1])
    return [f"{q[0]:.2f}·w₁ {'+' if q[1] >= 0 else '−'} {abs(q[1]):.2f}·w₂".replace("-", "−") for q in both]


def _upright(rows: Array) -> Array:
    """Eigenvectors with their largest entry positive: their sign means nothing."""
    largest = np.take_along_axis(rows, np.abs(rows).argmax(axis=1)[:, None], axis=1)
    return np.asarray(rows * np.where(largest < 0, -1.0, 1.0))


def outlines(values: Array, words: list[str]) -> Mark:
    """A bar of height 1 for each direction, steepest first, that the factor fills; beside it the share of the data."""
    total = float(values.sum()) or 1.0
    places = np.arange(1.0, len(values) + 1.0)
    told = [
        f"λ = {numeral(value, 4)}, {numeral(100 * value / total)} % of the variance<br>{word}"
        for value, word in zip(values.tolist(), words, strict=True)
    ]
    hover = "direction %{x}: %{customdata}<extra></extra>"
    whole = {
        **marks.bars("whole", [], np.ones(len(values)), hover),
        "x": places,
        "width": 0.6,
        "opacity": 0.3,
        "customdata": told,
    }
    share = marks.dots(
        "data_share",
        np.stack([places, values / total], axis=-1),
        "direction %{x}: %{y} of the variance<extra></extra>",
    )
    chart = marks.chart("direction, steepest first", "λᵢ/(λᵢ+α)", x_range=(0.4, len(values) + 0.6), y_range=(0, 1.05))
    chart["xaxis"] |= {"dtick": 1 if len(values) <= 20 else 5, "tick0": 0 if len(values) > 20 else 1}
    return marks.figure([whole, share], **chart)


def said_in(names: tuple[str, ...], direction: Array) -> str:
    """The three features that a direction mostly is, with their shares of it."""
    (upright,) = _upright(direction[None])
    most = np.argsort(-np.abs(upright))[:3]
    return " ".join(
        f"{'−' if upright[j] < 0 else '+'} {abs(upright[j]):.2f}·{escape(names[j], quote=False)}"
        for j in most
        if abs(upright[j]) > 0.005
    ).removeprefix("+ ")
