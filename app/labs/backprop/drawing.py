"""The graph drawn: its nodes, its edges, what pointing at them says, and what comes to each parameter from where."""

from typing import Literal

import numpy as np

from app.data.library import Library
from app.figures import graphs, marks
from app.figures.marks import Mark
from app.labs.backprop.network import PARAMETERS, SYMBOLS, CostKind, Network, Parameters, PenaltyKind, Sample, slope_of
from app.labs.backprop.passed import Passed, passed, signed
from app.labs.backprop.places import HEIGHT, PLACES, WIDTH, amid, penalised, way
from app.labs.backprop.readings import objective, readings, said
from app.labs.lab import Answer
from app.networks import AnyActivation
from app.networks.graphs import Edge

_PENALTY = ("omega", "scaled")


def graph(
    parameters: Parameters, sample: Sample, activation: AnyActivation, cost: CostKind, regularizer: PenaltyKind,
    strength: float, library: Library,
) -> Answer:  # fmt: skip
    """The graph, what each node and each edge carries both ways, and what it takes."""
    seen = library.once(passed, Network(parameters, sample, activation, cost, regularizer, strength))
    figures = {"graph": marks.figure(_drawn(seen), shapes=_ways(seen), **graphs.layout(WIDTH, HEIGHT))}
    figures["shares"] = _shares(seen)
    return Answer(objective(seen.network), figures, readings(seen), said(seen))


def _drawn(seen: Passed) -> list[Mark]:
    """Nodes by kind, and a dot amid each edge."""
    network = seen.network
    given = [node.name for node in network.graph.nodes if node.operation is None]
    made = [node.name for node, _ in network.graph.operations]
    kinds: tuple[tuple[str, list[str], Literal["circle", "square"]], ...] = (
        ("graph_input", given, "square"),
        ("graph_operation", [one for one in made if one not in _PENALTY], "circle"),
        ("graph_penalty", [one for one in made if one in _PENALTY], "circle"),
    )
    signs = {node.name: operation.sign for node, operation in network.graph.operations} | {"out": _out_sign(network)}
    spots = [
        mark
        for role, some, symbol in kinds
        for mark in graphs.nodes(
            role, [PLACES[one] for one in some], [signs.get(one, SYMBOLS[one]) for one in some],
            [_told(seen, one) for one in some], symbol,
        )
    ]  # fmt: skip
    edges = network.graph.edges
    places = [amid(network.graph, one) for one in edges]
    return [graphs.carried("graph_carried", places, [_told_of_edge(seen, one) for one in edges]), *spots]


def _out_sign(network: Network) -> str:
    return "ŷ" if network.cost == "quadratic" else "σ"


def _ways(seen: Passed) -> list[Mark]:
    graph = seen.network.graph
    data = [way(graph, one) for one in graph.edges if one[0] != "omega"]
    return [graphs.edges("graph_penalty_edge", penalised(graph)), graphs.edges("graph_edge", data)]


def _told(seen: Passed, name: str) -> str:
    """What pointing at a node says."""
    slope, by_differences = seen.slope(name), seen.by_differences.nodes[name]
    lines = [f"{SYMBOLS[name]} = {signed(seen.values[name])}", f"{slope_of(name)} = {signed(slope)}"]
    return "\n".join([*lines, f"by differences {signed(by_differences)}{_kinked(seen, name)}"])


def _told_of_edge(seen: Passed, edge: Edge) -> str:
    """What pointing at an edge says."""
    source = seen.network.graph.source(edge)
    lines = [f"{SYMBOLS[source]} → {SYMBOLS[edge[0]]}", f"forward {signed(seen.values[source])}"]
    lines.append(f"backward {signed(float(seen.gradients.edges[edge]))}")
    return "\n".join([*lines, f"by differences {signed(seen.by_differences.edges[edge])}{_kinked(seen, edge)}"])


def _kinked(seen: Passed, one: str | Edge) -> str:
    return " (on a kink)" if one in seen.by_differences.crossed else ""


def _shares(seen: Passed) -> Mark:
    """What comes to each parameter from the cost and from the penalty, as bars side by side."""
    names = [SYMBOLS[one] for one in PARAMETERS]
    penalised = [seen.penalty_share(one) for one in PARAMETERS]
    free = [seen.slope(one) - share for one, share in zip(PARAMETERS, penalised, strict=True)]
    hover = "%{x}: %{y}<extra>%{fullData.name}</extra>"
    bars = [
        marks.bars(role, names, np.array(some), hover)
        for role, some in (("share_cost", free), ("share_penalty", penalised))
    ]
    chart = marks.chart("parameter", "its gradient")
    return marks.figure(bars, **chart | {"xaxis": {**chart["xaxis"], "dtick": 1}}, barmode="group")
