"""Arrays to Plotly: traces and shapes, each with the role that gives it meaning and style.

A figure is a plain dict that `plotly.graph_objects.Figure` accepts; figure objects of plotly.py would cost fifty times
more to build. What changes with every turn of a knob is a shape: `Plotly.relayout` moves shapes in a millisecond and
leaves the contour alone, while any change to a trace redraws it.
"""

from collections.abc import Sequence
from html import escape
from math import ceil, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures import paths
from app.figures.digits import rounded, significant
from app.figures.roles import ROLES, style

Array = NDArray[np.float64]
Mark = dict[str, Any]
Figure = dict[str, Any]


def curve(role: str, path: str) -> Mark:
    """A shape along an SVG path in data coordinates."""
    return {"type": "path", "name": role, "path": path, **style(role)}


def point(role: str, at: tuple[float, float]) -> Mark:
    """The symbol of a role at a point, in pixels whatever the zoom."""
    return {
        "type": "path", "name": role, "path": paths.SYMBOLS[ROLES[role].symbol],
        "xsizemode": "pixel", "ysizemode": "pixel",
        "xanchor": paths.number(at[0]), "yanchor": paths.number(at[1]),
        **style(role),
    }  # fmt: skip


PLANE_HOVER = "w₁ = %{x}<br>w₂ = %{y}<br>J = %{z:.5~r}<extra></extra>"


def contour(
    role: str, xs: Array, ys: Array, values: Array, levels: tuple[float, float, float], hover: str = PLANE_HOVER
) -> Mark:
    """Contour lines of values (len(ys), len(xs)) from, to, and by the three levels."""
    start, end, size = levels
    return {
        "type": "contour", **_named(role),
        "x": rounded(xs), "y": rounded(ys), "z": rounded(values),
        "contours": {"coloring": "lines", "start": start, "end": end, "size": size},
        "line": {"width": 1.2, "smoothing": 1.0}, "showscale": False, "autocontour": False,
        "hovertemplate": hover,
        "colorscale": style(role)["colorscale"],
    }  # fmt: skip


def heat(role: str, xs: Array, ys: Array, values: Array, hover: str) -> Mark:
    """Values (len(ys), len(xs)) as colours."""
    return {
        "type": "heatmap", **_named(role), "x": rounded(xs), "y": rounded(ys), "z": rounded(values),
        "showscale": False, "hovertemplate": hover, "colorscale": style(role)["colorscale"],
    }  # fmt: skip


def surface(role: str, xs: Array, ys: Array, values: Array, hover: str) -> Mark:
    """Values (len(ys), len(xs)) as heights in space, coloured by themselves."""
    return {
        "type": "surface", **_named(role), "x": rounded(xs), "y": rounded(ys), "z": rounded(values),
        "showscale": False, "hovertemplate": hover, "colorscale": style(role)["colorscale"],
    }  # fmt: skip


def spatial_line(role: str, points: Array, hover: str) -> Mark:
    """A line in space through points (m, 3)."""
    x, y, z = (rounded(column) for column in points.T)
    look = style(role)["line"]
    return {
        "type": "scatter3d", **_named(role), "x": x, "y": y, "z": z, "mode": "lines", "showlegend": False,
        "hovertemplate": hover, "line": {"color": look["color"], "width": 2.0 * look["width"]},
    }  # fmt: skip


def space(x: str, y: str, z: str, z_range: tuple[float, float]) -> Mark:
    """The layout of a figure in space: titles in words and symbols, the range of the heights in values."""
    said = {"xaxis": x, "yaxis": y, "zaxis": z}
    titles = {axis: {"title": {"text": escape(name, quote=False)}} for axis, name in said.items()}
    height = {**titles["zaxis"], "range": list(z_range)}
    shape = {"aspectmode": "manual", "aspectratio": {"x": 1.3, "y": 1.3, "z": 0.8}}
    camera = {"eye": {"x": 2.2, "y": -2.2, "z": 1.3}, "center": {"x": -0.15, "y": -0.15, "z": -0.1}}
    return {"scene": {**titles, "zaxis": height, **shape, "camera": camera}, "showlegend": False}


def line(role: str, points: Array, hover: str, name: str = "", *, log_y: bool = False) -> Mark:
    """A line through points (m, 2) that can be pointed at; a name tells several of one role apart.

    On a logarithmic axis (`log_y`) every height keeps its own six digits.
    """
    heights = {"y": significant(points[:, 1])} if log_y else {}
    return {**_scatter(role, points, hover, name), "mode": "lines", "line": style(role)["line"], **heights}


def dots(role: str, points: Array, hover: str, name: str = "", texts: Sequence[str] = ()) -> Mark:
    """Points (m, 2), with a word each for hovering (`%{text}`) where texts are given: they are escaped here."""
    words = {"text": [escape(one, quote=False) for one in texts]} if texts else {}
    marker = {"color": style(role)["line"]["color"], "size": 7, "symbol": ROLES[role].marker}
    return {**_scatter(role, points, hover, name), "mode": "markers", "marker": marker, **words}


def bars(role: str, names: Sequence[str], values: Array, hover: str, name: str = "") -> Mark:
    """A bar (m,) for each name."""
    return {
        "type": "bar", **_named(role, name), "x": [escape(one, quote=False) for one in names], "y": rounded(values),
        "marker": {"color": style(role)["line"]["color"]}, "hovertemplate": hover, "showlegend": False,
    }  # fmt: skip


def band(role: str, xs: Array, low: Array, high: Array, name: str = "") -> Mark:
    """The area between two curves over xs (m,)."""
    around = np.stack([np.concatenate([xs, xs[::-1]]), np.concatenate([low, high[::-1]])], axis=1)
    look = {"mode": "lines", "fill": "toself", "fillcolor": style(role)["fillcolor"], "line": {"width": 0}}
    return {**_scatter(role, around, "", name), **look, "hoverinfo": "skip"}


def _scatter(role: str, points: Array, hover: str, name: str) -> Mark:
    return {
        "type": "scatter", **_named(role, name), "x": significant(points[:, 0]), "y": rounded(points[:, 1]),
        "hovertemplate": hover, "showlegend": False,
    }  # fmt: skip


def _named(role: str, name: str = "") -> Mark:
    """What a trace is, and what it is called; a name may come from somebody's table."""
    called = escape(name, quote=False) if name else ROLES[role].label
    return {"meta": {"role": role, **({"name": called} if name else {})}, "name": called}


def rule(role: str, *, x: float | None = None, y: float | None = None) -> Mark:
    """A line across a whole chart, upright at x or level at y; on an axis of names, the place of the name, from 0."""
    at = paths.number(x if x is not None else y or 0.0)
    across = ("x", "y") if x is not None else ("y", "x")
    ends = {f"{across[0]}0": at, f"{across[0]}1": at, f"{across[1]}0": 0, f"{across[1]}1": 1}
    return {"type": "line", "name": role, **ends, f"{across[1]}ref": f"{across[1]} domain", **style(role)}


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


def chart(
    x: str,
    y: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
) -> Mark:
    """The layout of an ordinary chart: titles in words and symbols, ranges in values, on a log axis too."""

    def axis(title: str, log: bool, ends: tuple[float, float] | None) -> Mark:
        made: Mark = {"title": {"text": escape(title, quote=False)}, "zeroline": not log}
        if log:
            made |= {"type": "log", "dtick": 1 if ends is None else _decades(*ends)}
        if ends is not None:
            made["range"] = [log10(end) for end in ends] if log else list(ends)
        return made

    return {"xaxis": axis(x, log_x, x_range), "yaxis": axis(y, log_y, y_range), "showlegend": False}


def _decades(low: float, high: float) -> int:
    """How many decades lie between two ticks, so that there are at most eight."""
    return max(1, ceil(log10(high / low) / 8))


_STYLES = frozenset({"line", "fillcolor", "layer", "xsizemode", "ysizemode"})
_UNDERSTOOD = ("type", "path")


def moving(drawn: Figure) -> Figure:
    """A figure as one frame of many: its shapes without the styles that their roles give, a path's type understood."""
    shapes = [
        {key: value for key, value in one.items() if key not in _STYLES and (key, value) != _UNDERSTOOD}
        for one in drawn["layout"].get("shapes", ())
    ]
    return {"data": drawn["data"], "layout": {**drawn["layout"], "shapes": shapes}}


def figure(data: list[Mark], *, shapes: list[Mark] | None = None, **layout: Any) -> Figure:
    """One figure, or the share of it that one part draws."""
    return {"data": data, "layout": {**layout, **({"shapes": shapes} if shapes else {})}}
