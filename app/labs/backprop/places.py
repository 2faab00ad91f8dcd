"""Where the nodes of this lab's graph are drawn, and the ways of its edges."""

from app.figures.graphs import Point
from app.networks.graphs import Edge, Graph

WIDTH, HEIGHT = 8.2, 8.4
# On a phone a unit is 38 pixels: numbers of neighbours stand side by side or at different heights.
PLACES: dict[str, Point] = {
    "w11": (0.22, 8.35), "x1": (0.22, 7.05), "w12": (0.22, 5.75), "w21": (0.22, 4.45), "x2": (0.22, 3.15),
    "w22": (0.22, 1.85), "p11": (1.48, 7.85), "b1": (1.48, 6.62), "p12": (1.48, 5.4), "p21": (1.48, 4.18),
    "b2": (1.48, 2.96), "p22": (1.48, 1.74), "z1": (2.64, 6.62), "z2": (2.64, 2.96), "a1": (3.62, 6.25),
    "v1": (3.62, 8.1), "a2": (3.62, 3.33), "v2": (3.62, 1.45), "q1": (4.88, 6.25), "c": (4.88, 4.85), "q2": (4.88, 3.4),
    "z": (6.1, 4.85), "out": (7.1, 6.1), "y": (8.12, 6.5), "C": (8.12, 4.85),
    "omega": (5.4, 0.0), "scaled": (6.76, 0.0), "J": (8.12, 0.0),
}  # fmt: skip
_LANES = {"w": -0.42, "v": 4.25}  # upright lanes along which weights go down to the penalty


def way(graph: Graph, edge: Edge) -> tuple[Point, ...]:
    """The places that an edge goes through, forward."""
    source, (target, _) = graph.source(edge), edge
    start, end = PLACES[source], PLACES[target]
    if target != "omega":
        return start, end
    lane = _LANES[source[0]]
    return start, (lane, start[1] - 0.45), (lane, end[1]), end


def penalised(graph: Graph) -> list[tuple[Point, ...]]:
    """The ways from the weights down to the penalty, each lane drawn once: dashes laid over dashes are a line."""
    ways = [way(graph, edge) for edge in graph.edges if edge[0] == "omega"]
    tops = {lane: max(one[1][1] for one in ways if one[1][0] == lane) for lane in _LANES.values()}
    return [one if one[1][1] == tops[one[1][0]] else (*one[:2], (one[1][0], one[1][1] - 0.5)) for one in ways]


def amid(graph: Graph, edge: Edge) -> Point:
    """Where an edge is pointed at: in its middle, or on its first stretch down to the penalty."""
    (x0, y0), (x1, y1) = way(graph, edge)[:2]
    share = 0.5 if edge[0] != "omega" else 0.85
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)
