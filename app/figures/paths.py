"""Curves and marks as SVG paths in data coordinates: what moves under the hand.

A smooth curve is drawn through a few points with known tangents as cubic Béziers (Hermite form): eight pieces hold a
circle to 4e-6 of its radius, where a polygon of the same error needs a thousand corners.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import isfinite

import numpy as np
import orjson
from numpy.typing import NDArray

from app.figures.digits import rounded
from app.geometry import Arc, Edge, Piece

Array = NDArray[np.float64]

# Marks in pixels around their anchor, so that zooming does not change their size.
SYMBOLS: dict[str, str] = {
    "disc": "M-6,0C-6,3.31 -3.31,6 0,6C3.31,6 6,3.31 6,0C6,-3.31 3.31,-6 0,-6C-3.31,-6 -6,-3.31 -6,0Z",
    "ring": "M-10,0C-10,5.52 -5.52,10 0,10C5.52,10 10,5.52 10,0C10,-5.52 5.52,-10 0,-10C-5.52,-10 -10,-5.52 -10,0Z",
    "cross": "M-7,0L7,0M0,-7L0,7",
    "diamond": "M-8,0L0,8L8,0L0,-8Z",
    "frame": "M-9,0L0,9L9,0L0,-9Z",
}


def numbers(values: Iterable[float], template: str) -> str:
    """The template (of ``%.6g``) filled: six significant digits each.

    Raises:
        ArithmeticError: for what is not finite: no NaN or infinity ever leaves the server.
    """
    text = template % tuple(values)
    if "n" in text:  # "nan" and "inf" are the only ways to this letter
        raise ArithmeticError(f"a curve is not finite: {text[:80]}")
    return text


def number(value: float) -> float:
    """A number to six significant digits. Raises ArithmeticError as `numbers` does."""
    if not isfinite(value):
        raise ArithmeticError(f"a mark is not at a finite place: {value}")
    return float(f"{value:.6g}")


def joined(pieces: Iterable[Piece], *, closed: bool = False) -> str:
    """Pieces of a curve as one path. Closed: each begins where the last one ended, so that the path can be filled."""
    path = ""
    for piece in pieces:
        start, onwards = _edge(piece) if isinstance(piece, Edge) else _cubics(piece)
        if not (closed and path):
            path += numbers(start, "M%.6g,%.6g")
        path += onwards
    return path + ("Z" if closed and path else "")


def _edge(piece: Edge) -> tuple[Sequence[float], str]:
    """Where a straight piece starts, and the way on."""
    return piece.start, numbers(piece.end, "L%.6g,%.6g")


def _cubics(piece: Arc) -> tuple[Sequence[float], str]:
    """Where a smooth piece starts, and the way on, six digits of its largest coordinate.

    Bézier's control points of a Hermite piece lie a third of the derivative away (Farin, Curves and Surfaces, §7.5).
    """
    points, thirds = piece.points, piece.tangents / 3
    controls = np.concatenate([(points + thirds)[:-1], (points - thirds)[1:], points[1:]], axis=1)
    rows = orjson.dumps(rounded(controls), option=orjson.OPT_SERIALIZE_NUMPY).decode()  # a third of what "%" takes
    return points[0].tolist(), "C" + rows[2:-2].replace("],[", "C")


def polyline(points: Sequence[Sequence[float]], *, closed: bool = False) -> str:
    """Straight lines through the points."""
    template = "M%.6g,%.6g" + "L%.6g,%.6g" * (len(points) - 1) + ("Z" if closed else "")
    return numbers(chain.from_iterable(points), template)


def arrow(tail: tuple[float, float], head: tuple[float, float], tip: float) -> str:
    """An arrow with a filled tip of the given length, in data units (the axes have equal scales)."""
    (x0, y0), (x1, y1) = tail, head
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    if length == 0:
        return polyline([tail, head])
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    bx, by = x1 - tip * ux, y1 - tip * uy
    side = 0.4 * tip
    corners = [
        (x0, y0),
        (bx, by),
        (bx - side * uy, by + side * ux),
        (x1, y1),
        (bx + side * uy, by - side * ux),
        (bx, by),
    ]
    return polyline(corners)
