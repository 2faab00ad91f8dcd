"""Arrays to Plotly: traces and shapes, each with the role that gives it meaning and style.

A figure is a plain dict that `plotly.graph_objects.Figure` accepts; figure objects of plotly.py would cost fifty times
more to build. What changes with every turn of a knob is a shape: `Plotly.relayout` moves shapes in a millisecond and
leaves the contour alone, while any change to a trace redraws it.
"""

from html import escape
from math import floor, isfinite, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.paths import SYMBOLS, numbers
from app.figures.roles import ROLES, style

Array = NDArray[np.float64]
Mark = dict[str, Any]
Figure = dict[str, Any]

DIGITS = 6


def rounded(values: Array) -> Array:
    """Six significant digits of the largest value: what a picture can show, at half the bytes.

    Raises:
        ArithmeticError: for what is not finite: no NaN or infinity ever leaves the server.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if not isfinite(largest):
        raise ArithmeticError(f"a trace is not finite: its largest value is {largest}")
    if largest == 0.0:
        return np.ascontiguousarray(values)  # a column of a matrix is not, and then cannot be encoded
    return np.asarray(np.round(values, DIGITS - 1 - floor(log10(largest))) + 0.0)


def curve(role: str, path: str) -> Mark:
    """A shape along an SVG path in data coordinates."""
    return {"type": "path", "name": role, "path": path, **style(role)}


def point(role: str, at: tuple[float, float]) -> Mark:
    """The symbol of a role at a point, in pixels whatever the zoom."""
    return {
        "type": "path", "name": role, "path": SYMBOLS[ROLES[role].symbol],
        "xsizemode": "pixel", "ysizemode": "pixel",
        "xanchor": float(numbers(at[:1], "%.6g")), "yanchor": float(numbers(at[1:], "%.6g")),
        **style(role),
    }  # fmt: skip


def contour(role: str, xs: Array, ys: Array, values: Array, levels: tuple[float, float, float]) -> Mark:
    """Contour lines of values (len(ys), len(xs)) from, to, and by the three levels."""
    start, end, size = levels
    return {
        "type": "contour", "meta": {"role": role}, "name": ROLES[role].label,
        "x": rounded(xs), "y": rounded(ys), "z": rounded(values),
        "contours": {"coloring": "lines", "start": start, "end": end, "size": size},
        "line": {"width": 1.2, "smoothing": 1.0}, "showscale": False, "autocontour": False,
        "hovertemplate": "w₁ = %{x:.4g}<br>w₂ = %{y:.4g}<br>J = %{z:.5g}<extra></extra>",
        "colorscale": style(role)["colorscale"],
    }  # fmt: skip


def line(role: str, points: Array, hover: str) -> Mark:
    """A line through points (m, 2) that can be pointed at."""
    return {
        "type": "scatter", "mode": "lines", "meta": {"role": role}, "name": ROLES[role].label,
        "x": rounded(points[:, 0]), "y": rounded(points[:, 1]),
        "line": style(role)["line"], "hovertemplate": hover, "showlegend": False,
    }  # fmt: skip


def axes(names: tuple[str, str], window: tuple[float, float, float, float]) -> Mark:
    """The layout of a plane of two weights: equal scales, so that a round ball is round.

    Names may come from somebody's table: what looks like markup is escaped, for Plotly's titles are a kind of HTML.
    """
    x0, x1, y0, y1 = window
    first, second = (
        {"title": {"text": escape(name, quote=False)}, "range": [low, high], "zeroline": True, "constrain": "domain"}
        for name, low, high in ((names[0], x0, x1), (names[1], y0, y1))
    )
    return {"xaxis": first, "yaxis": {**second, "scaleanchor": "x"}, "showlegend": False}


def figure(data: list[Mark], *, shapes: list[Mark] | None = None, **layout: Any) -> Figure:
    """One figure, or the share of it that one part draws."""
    return {"data": data, "layout": {**layout, **({"shapes": shapes} if shapes else {})}}
