"""A computational graph drawn: nodes as signs in marks, edges between them, and what runs along both.

Places are in the units of a figure without axes; marks and words keep their size in pixels whatever its size, so that
nodes about one unit apart can be read on a phone.
"""

from collections.abc import Sequence
from html import escape
from math import hypot
from typing import Literal

import numpy as np

from app.figures import marks
from app.figures.marks import Array, Mark
from app.figures.paths import numbers

Point = tuple[float, float]

SIZE = 21  # of a node's mark, in pixels
APART = 0.3  # how far from a node's place an edge ends
TIP = 0.16  # the length of an arrow's tip


def nodes(
    role: str, places: Sequence[Point], signs: Sequence[str], texts: Sequence[str], symbol: Literal["circle", "square"]
) -> list[Mark]:
    """Nodes of one kind: open marks, signs in them, and what pointing at one says, line by line, raw text."""
    drawn = marks.dots(role, np.array(places), "%{customdata}<extra></extra>")
    mark = {**drawn["marker"], "size": SIZE, "symbol": f"{symbol}-open", "line": {"width": 1.6}}
    words = {**drawn, "mode": "text", "text": list(signs), "textfont": {"size": 10}, "hoverinfo": "skip"}
    return [
        {**drawn, "marker": mark, "customdata": _lines(texts)},
        {key: value for key, value in words.items() if key not in ("marker", "hovertemplate")},
    ]


def carried(role: str, places: Sequence[Point], texts: Sequence[str]) -> Mark:
    """Small dots amid edges that can be pointed at; raw text."""
    drawn = marks.dots(role, np.array(places), "%{customdata}<extra></extra>")
    return {**drawn, "marker": {**drawn["marker"], "size": 5}, "customdata": _lines(texts)}


def _lines(texts: Sequence[str]) -> list[str]:
    return [escape(one, quote=False).replace("\n", "<br>") for one in texts]


def edges(role: str, ways: Sequence[Sequence[Point]]) -> Mark:
    """Edges as one shape: each a way through places, the first and the last of which are nodes."""
    return marks.curve(role, "".join(_path(_trimmed(way)) for way in ways))


def arrows(role: str, ways: Sequence[Sequence[Point]]) -> Mark:
    """The same with tips at their ends."""
    return marks.curve(role, "".join(_path(trimmed) + _tip(trimmed) for trimmed in map(_trimmed, ways)))


def middle(way: Sequence[Point], share: float = 0.5) -> Point:
    """A place so far along the first stretch of a way."""
    (x0, y0), (x1, y1) = way[0], way[1]
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def word(role: str, place: Point, text: str, shift: int) -> Mark:
    """A number beside a node, so many pixels above it."""
    return {
        "name": role, "x": place[0], "y": place[1], "text": escape(text, quote=False), "yshift": shift,
        "font": {"size": 10},
    }  # fmt: skip


def layout(width: float, height: float) -> Mark:
    """Hidden axes around places from 0 to width and 0 to height, with room for the outermost marks."""
    axis = {"visible": False, "zeroline": False}
    return {
        "xaxis": {**axis, "range": [-0.5, width + 0.5]},
        "yaxis": {**axis, "range": [-0.6, height + 0.6]},
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "showlegend": False,
    }


def _trimmed(way: Sequence[Point]) -> list[Point]:
    """Ends moved off the nodes."""
    first, last = _towards(way[0], way[1]), _towards(way[-1], way[-2])
    return [first, *way[1:-1], last]


def _towards(start: Point, end: Point) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    share = min(APART / length, 0.45)
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _path(way: Sequence[Point]) -> str:
    template = "M%.4g,%.4g" + "L%.4g,%.4g" * (len(way) - 1)
    return numbers([number for place in way for number in place], template)


def _tip(way: Sequence[Point]) -> str:
    """A filled triangle at the end of a way."""
    end: Array = np.array(way[-1])
    along = end - np.array(way[-2])
    along = along / (float(np.hypot(*along)) or 1.0)
    across = np.array([-along[1], along[0]])
    corners = np.stack([end, end - TIP * along + 0.4 * TIP * across, end - TIP * along - 0.4 * TIP * across])
    return numbers(corners.ravel().tolist(), "M%.4g,%.4gL%.4g,%.4gL%.4g,%.4gZ")
