"""Computational graphs of numbers: values forward, gradients backward, and every gradient again by differences.

A node is an operation on the values of nodes before it; a node without one is given. Backward, each node multiplies
what comes back to it by its own slopes and hands the products on; where a value is used several times, they are added.
Goodfellow, Bengio & Courville (2016), Deep Learning, §6.5, algorithms 6.1 and 6.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from app.networks.activations import Array
from app.networks.operations import Operation

Edge = tuple[str, int]  # a node, and the place among its inputs: what is handed to it there

H = 6e-6  # of a central difference, times the size of what is shifted: ε^⅓, where truncation and rounding are alike


@dataclass(frozen=True)
class Node:
    """A number of the graph.

    Attributes:
        name: unique in its graph.
        operation: how it is made; None for a number that is given.
        inputs: the nodes it is made of.
    """

    name: str
    operation: Operation | None = None
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Nodes in an order in which each comes after its inputs; the last is the result.

    Attributes:
        nodes: all of them.
        constant: those by which no gradient is asked for: samples and targets.
    """

    nodes: tuple[Node, ...]
    constant: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def operations(self) -> tuple[tuple[Node, Operation], ...]:
        """The nodes that are made, in order."""
        return tuple((node, node.operation) for node in self.nodes if node.operation is not None)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, by the order of the nodes that they lead to."""
        return tuple((node.name, place) for node, _ in self.operations for place in range(len(node.inputs)))

    def source(self, edge: Edge) -> str:
        """The node that an edge comes from."""
        return next(node.inputs[edge[1]] for node, _ in self.operations if node.name == edge[0])

    @cached_property
    def asked(self) -> tuple[tuple[Node, Operation], ...]:
        """The operations that the result depends on, in order: what only is shown beside it gets no gradient."""
        needed, found = {self.nodes[-1].name}, list[tuple[Node, Operation]]()
        for node, operation in reversed(self.operations):
            if node.name in needed:
                needed |= set(node.inputs)
                found.append((node, operation))
        return tuple(reversed(found))

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The nodes whose values the backward pass needs, so that they have to be stored until then."""
        wanted: dict[str, None] = {}
        for node, operation in self.asked:
            wanted |= dict.fromkeys(node.inputs[place] for place in operation.keeps)
            wanted |= {node.name: None} if operation.keeps_value else {}
        return tuple(wanted)

    @cached_property
    def multiplications(self) -> tuple[int, int]:
        """Products of two numbers, forward and backward; those by which nothing is learnt are not formed backward."""
        forwards = sum(operation.products for _, operation in self.asked)
        backwards = sum(
            sum(one not in self.constant for one in node.inputs) for node, operation in self.asked if not operation.adds
        )
        return forwards, backwards


class Gradients(NamedTuple):
    """The derivative of the result by every number.

    Attributes:
        nodes: by the value of each node, wherever it is used.
        edges: by the value that is handed along one edge, all other uses of it left as they are.
    """

    nodes: dict[str, Array]
    edges: dict[Edge, Array]


class Differences(NamedTuple):
    """The same by central differences.

    Attributes:
        nodes: as in `Gradients`.
        edges: alike.
        crossed: the nodes and edges whose two sides lie on the two sides of a kink, where there is no derivative.
    """

    nodes: dict[str, float]
    edges: dict[Edge, float]
    crossed: frozenset[str | Edge]


def values(
    graph: Graph, given: Mapping[str, float], shifts: Mapping[str | Edge, Array] | None = None
) -> dict[str, Array]:
    """The value of every node, forward.

    Args:
        graph: the nodes.
        given: the values of those that are given.
        shifts: what is added to the value of a node, or only to what is handed along one edge.
    """
    moved = shifts or {}
    found: dict[str, Array] = {}
    for node in graph.nodes:
        value = np.asarray(given.get(node.name, 0.0)) if node.operation is None else node.operation.value(
            _handed(node, found, moved)
        )  # fmt: skip
        found[node.name] = value + moved.get(node.name, 0.0)
    return found


def _handed(node: Node, found: Mapping[str, Array], moved: Mapping[str | Edge, Array]) -> list[Array]:
    return [found[one] + moved.get((node.name, place), 0.0) for place, one in enumerate(node.inputs)]


def gradients(graph: Graph, found: Mapping[str, Array]) -> Gradients:
    """Back from the result, which has the gradient 1; `found` are the values of the forward pass."""
    nodes = {node.name: np.zeros_like(found[node.name]) for node in graph.nodes}
    nodes[graph.nodes[-1].name] += 1.0
    edges: dict[Edge, Array] = {}
    for node, operation in reversed(graph.operations):
        slopes = operation.slopes([found[one] for one in node.inputs], found[node.name])
        for place, (one, slope) in enumerate(zip(node.inputs, slopes, strict=True)):
            edges[node.name, place] = nodes[node.name] * slope
            nodes[one] = nodes[one] + edges[node.name, place]
    return Gradients(nodes, edges)


def differences(graph: Graph, given: Mapping[str, float]) -> Differences:
    """Every number shifted to both sides and all that follows computed anew, all shifts in one pass."""
    places: list[str | Edge] = [*(node.name for node in graph.nodes), *graph.edges]
    still = values(graph, given)
    sizes = [float(still[one if isinstance(one, str) else graph.source(one)]) for one in places]
    steps = H * np.maximum(1.0, np.abs(sizes))
    shifts = {one: np.outer([1.0, -1.0], step * (np.arange(len(places)) == i)) for i, (one, step) in enumerate(
        zip(places, steps, strict=True)
    )}  # fmt: skip
    moved = values(graph, given, shifts)
    result = np.broadcast_to(moved[graph.nodes[-1].name], (2, len(places)))
    slopes = (result[0] - result[1]) / (2.0 * steps)
    crossed = _crossed(graph, moved, shifts, len(places))
    return Differences(
        {one: float(slope) for one, slope in zip(places, slopes, strict=True) if isinstance(one, str)},
        {one: float(slope) for one, slope in zip(places, slopes, strict=True) if not isinstance(one, str)},
        frozenset(one for one, is_crossed in zip(places, crossed, strict=True) if is_crossed),
    )


def _crossed(
    graph: Graph, moved: Mapping[str, Array], shifts: Mapping[str | Edge, Array], count: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether the two sides of each shift lie on different sides of a kink."""
    found = np.zeros(count, dtype=bool)
    for node, operation in graph.operations:
        handed = _handed(node, moved, shifts)
        for place in operation.kinks:
            up, down = np.broadcast_to(np.sign(handed[place]), (2, count))
            found |= up != down
    return found
