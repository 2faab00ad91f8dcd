"""The computational graph: what runs forward, what comes back, and what the penalty adds.

Backpropagation is the chain rule with a memory: each node multiplies what comes back to it by its own slopes, and each
value that is used twice adds up what comes back from both uses. The penalty is a node like any other, with an edge from
every weight and from no bias. Deep Learning (2016), §6.5, algorithms 6.1-6.4 and figure 6.11; Nielsen, ch. 2.
"""

from app.knobs import Knobs, Real, Whole, knob
from app.labs.backprop.drawing import graph
from app.labs.backprop.network import CostKind, Own, Parameters, PenaltyKind, Sample, Written
from app.labs.backprop.presets import PRESETS
from app.labs.backprop.script import script
from app.labs.backprop.steps import STEPS, step
from app.labs.backprop.update import fall
from app.labs.lab import Lab, Panel, Part, parts
from app.labs.training import turning
from app.networks import AnyActivation


class BackpropKnobs(Knobs):
    """What can be turned on this page."""

    step: Whole = knob(
        STEPS - 1, label="Step of the passes", ge=0, le=STEPS, step=1, play=20,
        help="Play it: values run forward node by node, then gradients run back, and at last the parameters move.",
    )  # fmt: skip
    sample: Sample = knob(Own(), label="Sample", discriminator="kind", help="What runs through the network.")
    activation: AnyActivation = turning.activation()
    cost: CostKind = knob(
        "cross_entropy", label="Cost",
        choices={
            "quadratic": "quadratic, any number", "quadratic_sigmoid": "quadratic, after a sigmoid",
            "cross_entropy": "cross-entropy, after a sigmoid",
        },
        help="How far what the network says is from the target.",
    )  # fmt: skip
    regularizer: PenaltyKind = knob(
        "l2", label="Penalty", choices={"l2": "L2: half the sum of squares", "l1": "L1: the sum of sizes",
                                        "elastic": "elastic net: half of each"},
        help="What the six weights cost beside the sample; the three biases are free.",
    )  # fmt: skip
    strength: Real = knob(
        0.1, label="Strength", symbol="α", ge=0, le=100, soft=(0.01, 10), scale="log", step=0.05,
        help="The weight of the penalty beside the cost; at 0 nothing comes back from it.",
    )  # fmt: skip
    rate: Real = knob(
        0.5, label="Learning rate", symbol="η", ge=1e-6, le=1e6, soft=(0.01, 10), scale="log", step=0.05,
        help="How far the parameters move against their gradients.",
    )  # fmt: skip
    parameters: Parameters = knob(
        Written(), label="Parameters", discriminator="kind", help="The nine numbers that are learnt."
    )


def _graph_milliseconds(**_: object) -> float:
    """Both passes, and every number shifted to both sides in one more."""
    return 1.9


def _step_milliseconds(**_: object) -> float:
    return 0.6


def _fall_milliseconds(**_: object) -> float:
    return 16.0


BACKPROP = Lab(
    slug="backprop",
    title="Backpropagation",
    question="What runs forward through a network, and what comes back?",
    knobs=BackpropKnobs,
    figures=(
        Panel("graph", "The computational graph"),
        Panel("shares", "What comes to each parameter", "wide"),
        Panel("fall", "How J falls on this sample", "wide"),
    ),
    parts=parts(
        Part("graph", graph, cost=_graph_milliseconds),
        Part("step", step, cost=_step_milliseconds, sweeps=("step",)),
        Part("fall", fall, cost=_fall_milliseconds),
    ),
    presets=PRESETS,
    script=script,
)
