"""Where the nodes of this lab's graph are drawn, and the ways of its edges."""

from app.figures.graphs import Point
from app.networks.graphs import Edge, Graph

WIDTH, HEIGHT = 8.2, 8.4
PLACES: dict[str, Point] = {
    "x1": (0.0, 7.0), "x2": (0.0, 1.75),
    "w11": (1.05, 8.3), "w12": (1.05, 6.05), "w21": (1.05, 4.6), "w22": (1.05, 2.95),
    "p11": (2.1, 7.7), "b1": (2.1, 6.45), "p12": (2.1, 5.2), "p21": (2.1, 3.95), "b2": (2.1, 2.7), "p22": (2.1, 1.45),
    "z1": (3.15, 6.45), "a1": (4.15, 6.45), "z2": (3.15, 2.7), "a2": (4.15, 2.7),
    "v1": (4.15, 7.8), "v2": (4.15, 1.35), "q1": (5.2, 6.45), "q2": (5.2, 2.7),
    "c": (6.15, 6.1), "z": (6.15, 4.6), "out": (7.15, 5.7), "y": (8.2, 6.1), "C": (8.2, 4.6),
    "omega": (5.2, 0.0), "scaled": (6.6, 0.0), "J": (8.2, 0.0),
}  # fmt: skip
_LANES = {"w": 0.55, "v": 4.68}  # upright lanes along which weights go down to the penalty


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
