"""A network drawn: its units in columns, one for each layer, and its weights as edges between them.

The columns are at x = 0 (the inputs), 1, …, L (the outputs); the units of a layer lie one below the other, 1 apart,
around y = 0. Of a layer of more than `MOST_UNITS` the first and the last are drawn and the rest is a gap; of more than
`MOST_EDGES` weights the largest are drawn. All edges of one sign are one shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from app.figures import marks
from app.figures.marks import Array, Figure, Mark
from app.figures.paths import numbers

Point = tuple[float, float]

MOST_UNITS = 16  # of a layer that are drawn
MOST_EDGES = 160  # of a network that are drawn: the largest
WIDEST = 0.2  # half the width of the edge of the largest weight, in units of the distance between two units
FAINT = 0.01  # of the largest: a smaller weight is no edge
FEW_COLUMNS = 4  # that have room above for words, on a phone too
SHORT = 14  # characters of a name that are written

_HEAD, _TAIL = 8, 7  # units above and below a gap


@dataclass(frozen=True)
class Diagram:
    """Where the units of a network are.

    Attributes:
        sizes: units by layer, the inputs first.
    """

    sizes: tuple[int, ...]

    def shown(self, layer: int) -> tuple[int, ...]:
        """The units of a layer that are drawn, from above."""
        n = self.sizes[layer]
        return tuple(range(n)) if n <= MOST_UNITS else (*range(_HEAD), *range(n - _TAIL, n))

    def at(self, layer: int, unit: int) -> Point | None:
        """Where a unit is; None where it is in a gap."""
        n = self.sizes[layer]
        if n <= MOST_UNITS:
            return float(layer), (n - 1) / 2 - unit
        slot = unit if unit < _HEAD else unit - n + MOST_UNITS
        return (float(layer), (MOST_UNITS - 1) / 2 - slot) if unit < _HEAD or unit >= n - _TAIL else None

    def places(self, layer: int) -> Array:
        """(m, 2) of the units of a layer that are drawn, in the order of `shown`."""
        return np.array([place for unit in self.shown(layer) if (place := self.at(layer, unit))])

    @property
    def half(self) -> float:
        """Half the height of the drawing."""
        return max(2.0, (min(max(self.sizes), MOST_UNITS) + 1) / 2)

    @property
    def headroom(self) -> float:
        """Room above for how many units there are, where there is a gap."""
        return 1.2 if max(self.sizes) > MOST_UNITS else 0.0

    def thin(self, layer: int) -> int:
        """Every how many names of a layer there is room for."""
        return 1 if self.half <= 6.0 or len(self.shown(layer)) <= 4 else 2

    @property
    def size(self) -> float:
        """The diameter of a unit's mark, in pixels."""
        return 15.0 if self.half <= 4.5 else 10.0


def edges(
    diagram: Diagram,
    weights: Sequence[Array],
    *,
    scale: float = 1.0,
    without: Mapping[int, Sequence[int]] | None = None,
    roles: tuple[str, str] = ("weight_positive", "weight_negative"),
) -> list[Mark]:
    """The weights as two shapes, those above and those below 0, each edge as wide as its weight is large.

    Args:
        diagram: where the units are.
        weights: by layer (n_out, n_in); or any numbers that belong to the edges, such as gradients.
        scale: the size that has the widest edge, unless some weight is larger: fix it where pictures are compared.
        without: units by layer whose edges are not drawn, because they take no part.
        roles: of the shapes. A sign without an edge has no shape.
    """
    largest = max([scale, *(float(np.abs(one).max(initial=0.0)) for one in weights)])
    found = [edge for layer in range(len(weights)) for edge in _edges(diagram, weights[layer], layer, without or {})]
    visible = [one for one in found if abs(one[0]) > FAINT * largest]
    drawn = sorted(visible, key=lambda one: -abs(one[0]))[:MOST_EDGES]
    signs = ([one for one in drawn if one[0] > 0.0], [one for one in drawn if one[0] < 0.0])
    return [
        {**marks.curve(role, "".join(_strip(one, largest) for one in some)), "fillrule": "nonzero"}
        for role, some in zip(roles, signs, strict=True)
        if some
    ]


Edge = tuple[float, Point, Point]


def _edges(diagram: Diagram, weights: Array, layer: int, without: Mapping[int, Sequence[int]]) -> list[Edge]:
    """Each weight of a layer between two units that are drawn, with its ends."""
    starts, ends = (_there(diagram, one, without.get(one, ())) for one in (layer, layer + 1))
    return [(float(weights[to, of]), start, end) for to, end in ends for of, start in starts]


def _there(diagram: Diagram, layer: int, without: Sequence[int]) -> list[tuple[int, Point]]:
    places = [(unit, diagram.at(layer, unit)) for unit in diagram.shown(layer) if unit not in without]
    return [(unit, place) for unit, place in places if place is not None]


def _strip(edge: Edge, largest: float) -> str:
    """An edge as a strip between two columns, its width measured upright."""
    weight, (x0, y0), (x1, y1) = edge
    half = max(WIDEST * abs(weight) / largest, 0.008)
    return numbers((x0, y0 - half, y0 + half, x1, y1 + half, y1 - half), "M%.4g,%.4gV%.4gL%.4g,%.4gV%.4gZ")


def units(
    diagram: Diagram,
    states: Sequence[Mapping[str, Sequence[int]]] = (),
    texts: Sequence[Sequence[str]] = (),
    role: str = "unit",
) -> list[Mark]:
    """The units as traces: inputs, and all others by what they are.

    Args:
        diagram: where they are.
        states: for each layer but the inputs, the units that have another role than `role`, by that role
            ("unit_dead", "unit_dropped", or one of your own). Missing layers have none.
        texts: for each layer, the inputs first, what hovering over a unit says, raw text; missing layers say where
            they are.
        role: of a unit that has no other.
    """
    found: dict[str, list[tuple[Point, str]]] = {}
    for layer in range(len(diagram.sizes)):
        given = states[layer - 1] if 0 < layer <= len(states) else {}
        own = {unit: name for name, some in given.items() for unit in some}
        for unit in diagram.shown(layer):
            place = diagram.at(layer, unit)
            said = texts[layer][unit] if layer < len(texts) else _called(diagram, layer, unit)
            name = own.get(unit, role if layer else "unit_input")
            found.setdefault(name, []).append((place or (0.0, 0.0), said))
    return [_spots(diagram, name, some) for name, some in found.items()]


def _spots(diagram: Diagram, role: str, some: Sequence[tuple[Point, str]]) -> Mark:
    points = np.array([place for place, _ in some])
    drawn = marks.dots(role, points, "%{text}<extra></extra>", texts=[said for _, said in some])
    return {**drawn, "marker": {**drawn["marker"], "size": diagram.size, "opacity": 1}}


def _called(diagram: Diagram, layer: int, unit: int) -> str:
    last = len(diagram.sizes) - 1
    if layer in (0, last):
        return f"{'output' if layer else 'input'} {unit + 1}"
    return f"unit {unit + 1} of hidden layer {layer}"


def names(diagram: Diagram, inputs: Sequence[str] = (), outputs: Sequence[str] = ()) -> list[Mark]:
    """What inputs and outputs are called, beside them, and how many units a layer with a gap has: annotations."""
    last = len(diagram.sizes) - 1
    sides = ((0, inputs, "right", -12), (last, outputs, "left", 12))
    written = [
        _word(place, name, xanchor=anchor, xshift=shift)
        for layer, called, anchor, shift in sides
        if called
        for unit in diagram.shown(layer)[:: diagram.thin(layer)]
        if (place := diagram.at(layer, unit)) and (name := called[unit])
    ]
    few = len(diagram.sizes) <= FEW_COLUMNS
    said, more = ("{n}, {drawn} drawn", {}) if few else ("{drawn}/{n}", {"font": {"size": 10}})
    gaps = [
        _word((float(layer), diagram.half + 0.5), said.format(drawn=_HEAD + _TAIL, n=n), **more)
        for layer, n in enumerate(diagram.sizes)
        if n > MOST_UNITS
    ]
    return written + gaps


def _word(place: Point, text: str, **more: object) -> Mark:
    short = text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
    return {"name": "unit_names", "x": place[0], "y": place[1], "text": escape(short, quote=False), **more}


def layout(diagram: Diagram, inputs: Sequence[str] = (), outputs: Sequence[str] = ()) -> Mark:
    """Hidden axes that hold the whole drawing, and the names beside it: what does not change while it trains."""
    room = 0.7 if inputs or outputs else 0.35
    axis = {"visible": False, "zeroline": False}
    return {
        "xaxis": {**axis, "range": [-room, len(diagram.sizes) - 1 + room]},
        "yaxis": {**axis, "range": [-diagram.half, diagram.half + diagram.headroom]},
        "annotations": names(diagram, inputs, outputs),
        "showlegend": False,
    }


def network(
    sizes: tuple[int, ...],
    weights: Sequence[Array],
    *,
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
    states: Sequence[Mapping[str, Sequence[int]]] = (),
    texts: Sequence[Sequence[str]] = (),
    without: Mapping[int, Sequence[int]] | None = None,
    scale: float = 1.0,
) -> Figure:
    """The whole drawing: edges, units, names. The arguments are those of `edges`, `units` and `names`.

    A lab that draws it at a hundred moments puts `layout` into a part that does not move, and `edges` and `units` alone
    into its film.
    """
    diagram = Diagram(sizes)
    shapes = edges(diagram, weights, scale=scale, without=without)
    return marks.figure(units(diagram, states, texts), shapes=shapes, **layout(diagram, inputs, outputs))


def drawn_edges(diagram: Diagram, weights: Sequence[Array]) -> tuple[int, int]:
    """How many weights there are between all units, and how many of them can be drawn: say so where they differ."""
    seen = sum(len(diagram.shown(i)) * len(diagram.shown(i + 1)) for i in range(len(weights)))
    return sum(one.size for one in weights), min(seen, MOST_EDGES)
