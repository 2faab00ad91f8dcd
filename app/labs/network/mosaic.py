"""A small picture of each hidden unit: what it gives on over the plane, or which pixels of a digit it looks for.

All pictures are one heat map: a row of tiles for each layer, with a free column and row between tiles.
"""

from dataclasses import dataclass
from math import isqrt

import numpy as np

from app.data import Digits, Lesson, Taught
from app.figures import marks
from app.figures.marks import Array, Mark
from app.labs.network.features import given
from app.labs.training.pictures import middles, squared
from app.networks import Architecture, Examples, signals

MOST_CELLS = 1800  # of all tiles: a page keeps a hundred mosaics
FINEST, COARSEST = 10, 4  # cells of a tile along a side
MOST_DIGITS = 24  # units whose weights are drawn as pixels
ACROSS = 16  # tiles in a row, at most
FEW_ROWS = 8  # of tiles that have room for a name each, and their units for a number each
PANEL = 2.2  # times as wide as high
SHADES = 9  # on each side of 0
_PIXELS = 8
_DIGITS_ACROSS = 8


@dataclass(frozen=True)
class Mosaic:
    """Where the tiles are: one for each unit of `rows`, (layer, units) from above.

    Attributes:
        rows: (hidden layer from 1, its first unit, how many units) of each row of tiles.
        cells: of a tile along a side.
    """

    rows: tuple[tuple[int, int, int], ...]
    cells: int

    @property
    def shape(self) -> tuple[int, int]:
        """Cells upright and across."""
        pitch = self.cells + 1
        return len(self.rows) * pitch - 1, max(count for _, _, count in self.rows) * pitch - 1


def mosaic(pattern: Taught, lesson: Lesson, hidden: tuple[int, ...]) -> Mosaic | None:
    """The mosaic of a network with these hidden layers; None where its units cannot be drawn.

    Over a line or a plane all layers are; of digits the first, whose weights are pictures themselves. Where there is
    one input, a tile is the same all the way up.
    """
    if not hidden or not (isinstance(pattern, Digits) or lesson.window):
        return None
    if isinstance(pattern, Digits):
        return Mosaic(_rows((min(hidden[0], MOST_DIGITS),), _DIGITS_ACROSS), _PIXELS)
    rows = _rows(hidden, ACROSS)
    tiles = len(rows) * max(count for _, _, count in rows)
    return Mosaic(rows, min(FINEST, max(COARSEST, isqrt(MOST_CELLS // tiles))))


def _rows(hidden: tuple[int, ...], across: int) -> tuple[tuple[int, int, int], ...]:
    """Rows of so many tiles at most."""
    return tuple(
        (layer, first, min(across, count - first))
        for layer, count in enumerate(hidden, start=1)
        for first in range(0, count, across)
    )


def axes(plan: Mosaic) -> Mark:
    """The axes: layers in words, units by number; with room at an edge, so that tiles are about square on a page."""
    pitch, (height, width) = plan.cells + 1, plan.shape
    middle = (plan.cells - 1) / 2
    places = [middle + pitch * i for i in range((width + 1) // pitch)]
    rows = [height - 1 - middle - pitch * i for i in range(len(plan.rows))]
    more = "from {}" if len(rows) <= FEW_ROWS else ""
    words = [f"layer {layer}" if not first else more.format(first + 1) for layer, first, _ in plan.rows]
    stride = 1 if len(rows) <= FEW_ROWS else max(1, len(places) - 1)
    numbers = ["" if i % stride else str(i + 1) for i in range(len(places))]
    plain = {"showgrid": False, "zeroline": False}
    right, below = max(float(width), PANEL * height), max(float(height), width / PANEL)
    return {
        "xaxis": {**plain, "range": [-1, right], "tickvals": places, "ticktext": numbers},
        "yaxis": {**plain, "range": [height - 1 - below, height], "tickvals": rows, "ticktext": words},
        "showlegend": False,
    }


def drawn(
    plan: Mosaic, lesson: Lesson, architecture: Architecture, parameters: Array, features: tuple[str, ...]
) -> list[Mark]:
    """The tiles of a network at a moment, each in shades of its own largest value."""
    canvas = np.zeros(plan.shape, dtype=np.int8)
    pitch, faces = plan.cells + 1, _faces(plan, lesson, architecture, parameters, features)
    for row, (layer, first, count) in enumerate(plan.rows):
        top = canvas.shape[0] - row * pitch
        for i in range(count):
            face = faces[layer - 1][first + i]
            size = float(np.abs(face).max()) or 1.0
            canvas[top - plan.cells : top, i * pitch : i * pitch + plan.cells] = np.round(SHADES * face / size)
    role = "unit_says" if lesson.window is not None else "unit_weights"
    height, width = plan.shape
    made = marks.heat(role, np.arange(width, dtype=float), np.arange(height, dtype=float), canvas.astype(float), "")
    whole = {name: value for name, value in made.items() if name not in ("x", "y", "hovertemplate")}
    return [{**whole, "z": canvas, "zmin": -SHADES, "zmax": SHADES, "hoverinfo": "skip"}]


def _faces(
    plan: Mosaic, lesson: Lesson, architecture: Architecture, parameters: Array, features: tuple[str, ...]
) -> list[Array]:
    """By layer, what is drawn of each unit (n, cells, cells), from below."""
    if lesson.window is None:
        first = architecture.weights(parameters)[0]
        return [first.reshape(-1, plan.cells, plan.cells)[:, ::-1]]
    points = squared(middles(lesson.window, plan.cells))[:, : len(lesson.inputs)]
    seen = Examples(given(points, features), np.zeros((len(points), lesson.outputs)))
    with np.errstate(over="ignore", invalid="ignore"):
        active = signals(architecture, parameters, seen).activations
    return [np.clip(np.nan_to_num(one), -1e9, 1e9).T.reshape(-1, plan.cells, plan.cells) for one in active]
