"""What the lab on backpropagation reveals in numbers, and says of them."""

from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.backprop.network import PARAMETERS, SYMBOLS, WEIGHTS, Network, PenaltyKind, shown
from app.labs.backprop.passed import Passed, signed
from app.labs.lab import Readout
from app.networks import AnyActivation

BY_NODE, COUNTED = "Gradients", "What it takes"
_OMEGA: dict[PenaltyKind, str] = {"l2": "½Σw²", "l1": "Σ|w|", "elastic": "½Σ|w| + ¼Σw²"}


def objective(network: Network) -> str:
    """What is computed, in symbols."""
    f, cost = _called(network.activation), "ln(1 + eᶻ) − yz" if network.cost == "cross_entropy" else "½(ŷ − y)²"
    out = "z" if network.cost == "quadratic" else "σ(z)"
    return f"J = C + αΩ, C = {cost}, ŷ = {out}, z = v₁a₁ + v₂a₂ + c, aⱼ = {f}(wⱼ₁x₁ + wⱼ₂x₂ + bⱼ), Ω = {omega(network)}"


def omega(network: Network) -> str:
    """The penalty's formula; biases are no part of it."""
    return _OMEGA[network.regularizer]


def _called(activation: AnyActivation) -> str:
    return {"tanh": "tanh", "relu": "relu", "leaky_relu": "leaky", "sigmoid": "σ", "linear": "id"}[activation.kind]


def readings(seen: Passed) -> dict[str, Readout]:
    """The results, the largest disagreement with the differences, every gradient, and the counts."""
    gap, where = seen.apart
    at = SYMBOLS[where] if isinstance(where, str) else f"the edge into {SYMBOLS[where[0]]}"
    results = {
        "objective": Readout(seen.values["J"], "J", "the cost of this sample and the penalty"),
        "cost": Readout(seen.values["C"], "C", "the cost of this sample alone"),
        "penalty": Readout(seen.values["scaled"], "αΩ", "the strength times the penalty on the six weights"),
        "gap": Readout(
            gap, "largest difference",
            "between a gradient by backpropagation and by central differences, over all nodes and edges off the kinks, "
            f"as a share of the largest gradient; it is at {at}",
        ),
        "checked": Readout(
            len(seen.gradients.nodes) + len(seen.gradients.edges) - len(seen.by_differences.crossed),
            "gradients checked", "every node and every edge of the graph, those on a kink left out",
        ),
    }  # fmt: skip
    return results | _gradients(seen) | _counts(seen)


def _gradients(seen: Passed) -> dict[str, Readout]:
    """∂J by each parameter, and the penalty's share in it."""
    found = {}
    for name in PARAMETERS:
        symbol, share = SYMBOLS[name], seen.penalty_share(name)
        parts = f"{signed(seen.slope(name) - share)} from the cost and {signed(share)} from the penalty"
        said = parts if name in WEIGHTS else "from the cost alone: a bias is never penalised"
        by = seen.by_differences.nodes[name]
        words = f"{said}; by central differences {signed(by, 9)}"
        found[f"slope_{name}"] = Readout(seen.slope(name), f"∂J/∂{symbol}", words, group=BY_NODE)
    return found


def _counts(seen: Passed) -> dict[str, Readout]:
    """What has to be stored and multiplied, beside what differences would take."""
    graph = seen.network.graph
    made = [node.name for node, _ in graph.operations]
    kept = [SYMBOLS[name] for name in graph.kept if name in made]
    forward, backward = graph.multiplications
    differences = 2 * len(PARAMETERS) * forward
    return {
        "kept": Readout(
            len(kept), "values kept", f"{', '.join(kept)}: what the backward pass needs of the {len(made)} values that "
            "the forward pass makes; the sample and the weights are there anyway", group=COUNTED,
        ),
        "products_forward": Readout(forward, "multiplications forward", "products of two numbers", group=COUNTED),
        "products_backward": Readout(
            backward, "multiplications backward", "a slope times what came back, for each edge but those of a sum, and "
            "none towards the sample: at most about twice as many as forward", group=COUNTED,
        ),
        "products_differences": Readout(
            differences, "by differences", f"multiplications that central differences of the {len(PARAMETERS)} "
            "parameters take: two forward passes for each", group=COUNTED,
        ),
    }  # fmt: skip


def said(seen: Passed) -> Outcome:
    """Whether the two ways agree, and what stands on a kink."""
    gap, _ = seen.apart
    notes = [*_kinks(seen), *_target(seen)]
    if gap > 1e-6:
        return Outcome(
            "out_of_steps", " ".join([f"The two ways differ by {numeral(gap, 2)} of the largest gradient.", *notes])
        )
    found = f"Every gradient agrees with its central difference, to {numeral(gap, 2)} of the largest."
    return Outcome("converged", " ".join([found, *notes]))


def _kinks(seen: Passed) -> list[str]:
    """What has no derivative here, and what is taken instead."""
    found = []
    for name in ("z1", "z2"):
        if name in seen.by_differences.crossed:
            taken = "ℓ" if seen.network.activation.kind == "leaky_relu" else "0"
            middle = "(1 + ℓ)/2" if taken == "ℓ" else "½"
            found.append(
                f"{SYMBOLS[name]} = 0 is the kink of the activation: there is no derivative; f′(0) = {taken} is "
                f"taken, differences would say {middle}."
            )
    if seen.network.regularizer != "l2" and seen.network.strength:
        bent = [SYMBOLS[name] for name in WEIGHTS if ("omega", WEIGHTS.index(name)) in seen.by_differences.crossed]
        found += [f"{', '.join(bent)} = 0 is the kink of |w|: sgn(0) = 0 is taken."] if bent else []
    return found


def _target(seen: Passed) -> list[str]:
    target = shown(seen.network.sample)[2]
    if seen.network.cost == "cross_entropy" and not 0.0 <= target <= 1.0:
        return [f"A target of {signed(target)} is no probability: this cost then has no lower bound."]
    return []
