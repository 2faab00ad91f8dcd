"""Forward node by node, then backward: the graph at one step."""

from app.data.library import Library
from app.figures import graphs, marks
from app.figures.marks import Mark
from app.geometry import Outcome
from app.labs.backprop.network import (
    PARAMETERS,
    SYMBOLS,
    CostKind,
    Network,
    Parameters,
    PenaltyKind,
    Sample,
    slope_of,
)
from app.labs.backprop.passed import Passed, passed, short, signed
from app.labs.backprop.places import PLACES, way
from app.labs.backprop.readings import omega
from app.labs.lab import Answer, Readout
from app.networks import AnyActivation
from app.networks.graphs import Node

OPERATIONS = 16
STEPS = 2 * OPERATIONS + 1  # forward, backward, and one update
NOW = "At the step that is played"
ABOVE, BELOW = 16, -16  # pixels from a node to its numbers


def step(
    parameters: Parameters, sample: Sample, activation: AnyActivation, cost: CostKind, regularizer: PenaltyKind,
    strength: float, rate: float, step: int, library: Library,
) -> Answer:  # fmt: skip
    """What is known after so many steps: values from the front, then gradients from the back."""
    seen = library.once(passed, Network(parameters, sample, activation, cost, regularizer, strength))
    forward, backward = min(step, OPERATIONS), max(0, min(step - OPERATIONS, OPERATIONS))
    updated = step > 2 * OPERATIONS
    operations = [node for node, _ in seen.network.graph.operations]
    known = [node.name for node in seen.network.graph.nodes if node not in operations[forward:]]
    words = [_value(seen, name, rate if updated else 0.0) for name in known]
    words += [
        graphs.word("graph_backward", PLACES[name], short(slope, 2), BELOW)
        for name, slope in seen.handed(backward).items()
    ]
    figure = marks.figure([], shapes=_active(seen, step), annotations=words)
    said = _told(seen, step, rate)
    readouts = {
        "phase": Readout(_where(step), "step", "forward, the values; then backward, the gradients", group=NOW),
        "known": Readout(len(known), "values known", "given or made so far", group=NOW),
        "returned": Readout(len(seen.handed(backward)), "gradients begun", "to which something has come", group=NOW),
    }
    return Answer(f"step {step} of {STEPS}", {"graph": figure}, readouts, Outcome("converged", said))


def _value(seen: Passed, name: str, rate: float) -> Mark:
    """The value of a node above it; that of a parameter after the update, where there is one."""
    if rate and name in PARAMETERS:
        value = seen.values[name] - rate * seen.slope(name)
        return graphs.word("graph_updated", PLACES[name], short(value, 3), ABOVE)
    return graphs.word("graph_forward", PLACES[name], short(seen.values[name], 3), ABOVE)


def _where(step: int) -> str:
    if step == 0:
        return "nothing computed yet"
    if step <= OPERATIONS:
        return f"forward {step} of {OPERATIONS}"
    return f"backward {step - OPERATIONS} of {OPERATIONS}" if step <= 2 * OPERATIONS else "update"


def _node(seen: Passed, step: int) -> Node:
    operations = [node for node, _ in seen.network.graph.operations]
    return operations[step - 1] if step <= OPERATIONS else operations[2 * OPERATIONS - step]


def _active(seen: Passed, step: int) -> list[Mark]:
    """The node that works at this step, and the edges that it uses."""
    if not 0 < step < STEPS:
        role = "graph_updated"
        return [marks.point(role, PLACES[name]) for name in PARAMETERS] if step else []
    node, is_forward = _node(seen, step), step <= OPERATIONS
    ways = [way(seen.network.graph, (node.name, place)) for place in range(len(node.inputs))]
    role = "graph_forward" if is_forward else "graph_backward"
    return [graphs.arrows(role, ways if is_forward else [one[::-1] for one in ways])]


def _told(seen: Passed, step: int, rate: float) -> str:
    """The step in a sentence."""
    if step == 0:
        return "The sample and the parameters are given. Play: values run forward, then gradients run back."
    if step == STEPS:
        return f"Update: every parameter moves by −η∂J, with η = {signed(rate)}."
    node = _node(seen, step)
    if step <= OPERATIONS:
        return f"Forward {step}: {SYMBOLS[node.name]} = {_formula(seen, node.name)} = {signed(seen.values[node.name])}."
    slope = seen.slope(node.name)
    handed = [
        f"{SYMBOLS[one]} gets {signed(float(seen.gradients.edges[node.name, place]))}"
        for place, one in enumerate(node.inputs)
    ]
    return f"Backward {step - OPERATIONS}: {slope_of(node.name)} = {signed(slope)}; of it {', '.join(handed)}."


def _formula(seen: Passed, name: str) -> str:
    """How a node is made, in symbols."""
    network = seen.network
    made = {
        "z1": "w₁₁x₁ + w₁₂x₂ + b₁", "z2": "w₂₁x₁ + w₂₂x₂ + b₂", "a1": "f(z₁)", "a2": "f(z₂)",
        "z": "v₁a₁ + v₂a₂ + c", "out": "z" if network.cost == "quadratic" else "σ(z)",
        "C": "ln(1 + eᶻ) − yz" if network.cost == "cross_entropy" else "½(ŷ − y)²",
        "omega": omega(network), "scaled": "α·Ω", "J": "C + αΩ",
    }  # fmt: skip
    if name in made:
        return made[name]
    node = next(one for one in network.graph.nodes if one.name == name)
    return " · ".join(SYMBOLS[one] for one in node.inputs)
