"""The network of this lab as a computational graph: two inputs, two hidden units, one output, and the penalty.

J = C(z, y) + αΩ(w), z = v₁f(z₁) + v₂f(z₂) + c, zⱼ = wⱼ₁x₁ + wⱼ₂x₂ + bⱼ. The engine of the other labs holds the same
network as one row of numbers.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from app.geometry import SignShrinkage
from app.knobs import Knobs, Real, Whole, knob
from app.networks import (
    AnyActivation,
    AnyCost,
    Architecture,
    CrossEntropy,
    Examples,
    Linear,
    Penalty,
    QuadraticCost,
    Sigmoid,
)
from app.networks.activations import Array
from app.networks.graphs import Graph, Node
from app.networks.operations import applied, half_square, log_loss, penalty, product, scaled, total

WEIGHTS = ("w11", "w12", "w21", "w22", "v1", "v2")
PARAMETERS = ("w11", "w12", "b1", "w21", "w22", "b2", "v1", "v2", "c")  # in the order of the engine
SYMBOLS = {
    "x1": "x₁", "x2": "x₂", "w11": "w₁₁", "w12": "w₁₂", "b1": "b₁", "w21": "w₂₁", "w22": "w₂₂", "b2": "b₂",
    "p11": "w₁₁x₁", "p12": "w₁₂x₂", "p21": "w₂₁x₁", "p22": "w₂₂x₂", "z1": "z₁", "z2": "z₂", "a1": "a₁", "a2": "a₂",
    "v1": "v₁", "v2": "v₂", "q1": "v₁a₁", "q2": "v₂a₂", "c": "c", "z": "z", "out": "ŷ", "y": "y", "C": "C",
    "omega": "Ω", "scaled": "αΩ", "J": "J",
}  # fmt: skip
PRODUCTS = frozenset({"p11", "p12", "p21", "p22", "q1", "q2", "scaled"})


def slope_of(name: str) -> str:
    """∂J by a node, in symbols."""
    return f"∂J/∂({SYMBOLS[name]})" if name in PRODUCTS else f"∂J/∂{SYMBOLS[name]}"


def _weight(default: float, symbol: str, words: str) -> Any:
    said = f"A number that is learnt. {words}."
    return knob(default, label=words, symbol=symbol, ge=-10, le=10, soft=(-3, 3), step=0.05, help=said)


class Written(Knobs, title="Written down"):
    """Six weights and three biases, each as you like."""

    kind: Literal["written"] = "written"
    w11: Real = _weight(0.8, "w₁₁", "First input into unit 1")
    w12: Real = _weight(-0.5, "w₁₂", "Second input into unit 1")
    b1: Real = _weight(0.1, "b₁", "Bias of unit 1")
    w21: Real = _weight(0.4, "w₂₁", "First input into unit 2")
    w22: Real = _weight(0.9, "w₂₂", "Second input into unit 2")
    b2: Real = _weight(-0.3, "b₂", "Bias of unit 2")
    v1: Real = _weight(1.2, "v₁", "Unit 1 into the output")
    v2: Real = _weight(-0.7, "v₂", "Unit 2 into the output")
    c: Real = _weight(0.2, "c", "Bias of the output")


class Drawn(Knobs, title="Drawn"):
    """All nine drawn from a normal distribution."""

    kind: Literal["drawn"] = "drawn"
    spread: Real = knob(
        1.0, label="Deviation", symbol="s", ge=0, le=10, soft=(0, 3), step=0.05,
        help="The standard deviation of what is drawn; at 0 all are 0.",
    )  # fmt: skip
    seed: Whole = knob(0, label="Seed", ge=0, le=9999, step=1, help="Draws them anew: the same seed, the same numbers.")


Parameters = Written | Drawn


def learnt(parameters: Parameters) -> dict[str, float]:
    """The nine numbers that are learnt, by name."""
    if isinstance(parameters, Written):
        return {one: float(vars(parameters)[one]) for one in PARAMETERS}
    drawn = parameters.spread * np.random.default_rng(parameters.seed).standard_normal(len(PARAMETERS))
    return dict(zip(PARAMETERS, drawn.tolist(), strict=True))


class Own(Knobs, title="Your own"):
    """Any two inputs and any target."""

    kind: Literal["own"] = "own"
    x1: Real = knob(
        1.0, label="First input", symbol="x₁", ge=-10, le=10, soft=(-3, 3), step=0.05, help="What it is shown first.",
    )  # fmt: skip
    x2: Real = knob(
        -1.5, label="Second input", symbol="x₂", ge=-10, le=10, soft=(-3, 3), step=0.05,
        help="What it is shown second.",
    )  # fmt: skip
    y: Real = knob(
        1.0, label="Target", symbol="y", ge=-10, le=10, soft=(-1, 2), step=0.05,
        help="What the network should say; a probability from 0 to 1 if the cost is the cross-entropy.",
    )  # fmt: skip


class Xor(Knobs, title="Exclusive or"):
    """One of the four rows of the table: the target is 1 where one input is 1 and the other is not."""

    kind: Literal["xor"] = "xor"
    row: Literal["00", "01", "10", "11"] = knob(
        "10", label="Row of the table",
        choices={"00": "0, 0 → 0", "01": "0, 1 → 1", "10": "1, 0 → 1", "11": "1, 1 → 0"},
        help="Which of the four samples runs through the network.",
    )  # fmt: skip


Sample = Own | Xor


def shown(sample: Sample) -> tuple[float, float, float]:
    """x₁, x₂ and y of a sample."""
    if isinstance(sample, Own):
        return sample.x1, sample.x2, sample.y
    first, second = (float(digit) for digit in sample.row)
    return first, second, float(first != second)


CostKind = Literal["quadratic", "quadratic_sigmoid", "cross_entropy"]
COSTS: dict[CostKind, AnyCost] = {
    "quadratic": QuadraticCost(),
    "quadratic_sigmoid": QuadraticCost(output="sigmoid"),
    "cross_entropy": CrossEntropy(),
}
PenaltyKind = Literal["l2", "l1", "elastic"]
PARTS: dict[PenaltyKind, tuple[float, float]] = {"l2": (0.0, 1.0), "l1": (1.0, 0.0), "elastic": (0.5, 0.5)}


@dataclass(frozen=True)
class Network:
    """What is computed, and of which numbers; frozen knobs, so that `Library.once` knows it again."""

    parameters: Parameters
    sample: Sample
    activation: AnyActivation
    cost: CostKind
    regularizer: PenaltyKind
    strength: float

    @cached_property
    def given(self) -> dict[str, float]:
        """The values of the nodes that are given."""
        return dict(zip(("x1", "x2", "y"), shown(self.sample), strict=True)) | learnt(self.parameters)

    @cached_property
    def graph(self) -> Graph:
        """28 nodes, 16 of them operations."""
        out = applied(Linear() if self.cost == "quadratic" else Sigmoid())
        fused = self.cost == "cross_entropy"
        made = [Node(one) for one in ("x1", "x2", "y", *PARAMETERS)]
        made += [Node(f"p{j}{i}", product(), (f"w{j}{i}", f"x{i}")) for j in (1, 2) for i in (1, 2)]
        made += [Node(f"z{j}", total(), (f"p{j}1", f"p{j}2", f"b{j}")) for j in (1, 2)]
        made += [Node(f"a{j}", applied(self.activation), (f"z{j}",)) for j in (1, 2)]
        made += [Node(f"q{j}", product(), (f"v{j}", f"a{j}")) for j in (1, 2)]
        made += [Node("z", total(), ("q1", "q2", "c")), Node("out", out, ("z",))]
        made += [Node("C", log_loss(), ("z", "y")) if fused else Node("C", half_square(), ("out", "y"))]
        made += [Node("omega", penalty(*PARTS[self.regularizer], len(WEIGHTS)), WEIGHTS)]
        made += [Node("scaled", scaled(self.strength), ("omega",)), Node("J", total(), ("C", "scaled"))]
        return Graph(tuple(made), frozenset({"x1", "x2", "y"}))

    @cached_property
    def architecture(self) -> Architecture:
        """The same network for the engine."""
        return Architecture((2, 2, 1), self.activation, COSTS[self.cost])

    @property
    def row(self) -> Array:
        """Its parameters (9,) in the order of the engine."""
        return np.array([self.given[one] for one in PARAMETERS])

    @property
    def examples(self) -> Examples:
        """The one sample."""
        x1, x2, y = shown(self.sample)
        return Examples(np.array([[x1, x2]]), np.array([[y]]))

    @property
    def penalty(self) -> Penalty:
        """As it enters the gradient."""
        l1, l2 = PARTS[self.regularizer]
        return Penalty(self.strength * l1, self.strength * l2, SignShrinkage())
