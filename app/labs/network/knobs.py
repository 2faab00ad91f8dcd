"""What can be turned on the page: what is turned most comes first, what is seldom turned is folded."""

from typing import Literal

from app.data import Circle, Taught
from app.geometry import AnyOptimizer, GradientDescent
from app.knobs import Knobs, LongText, Real, Switch, Whole, knob
from app.labs.network.features import Coordinates, Features
from app.labs.network.finer import Alike, Finer, Spread, Usual
from app.labs.training import turning
from app.labs.training.layers import Hidden, Two
from app.networks import AnyActivation, AnyConstraint, AnyInitial, Unconstrained

View = Literal["smooth", "classes"]


class NetworkKnobs(Knobs):
    """What can be turned on this page."""

    moment: Whole = turning.moment(seconds=12)
    changes: LongText = turning.changes()
    rate: Real = turning.rate(0.1)
    l2: Real = turning.l2()
    l1: Real = turning.l1()
    drop: Real = turning.drop()
    batch: Whole = turning.batch(16)
    steps: Whole = turning.steps(1500)
    input_noise: Real = turning.input_noise()
    seed: Whole = turning.seed()
    view: View = knob(
        "smooth", label="Surface", choices={"smooth": "the probability or value", "classes": "the class or sign alone"},
        help="What the colours show: how sure the network is, or only which class it chooses; of a number "
        "over a plane its value, or only the sign of it.",
    )  # fmt: skip
    show_test: Switch = knob(
        True, label="Show the test", help="Whether the samples that nothing is learnt from are drawn."
    )
    pattern: Taught = knob(Circle(), label="Data", discriminator="kind", help="What is to be learnt.")
    features: Features = knob(
        Coordinates(), label="Inputs", discriminator="kind",
        help="What the network is given of a point in the plane; other data are given as they are.",
    )  # fmt: skip
    hidden: Hidden = knob(
        Two(units_1=6, units_2=4), label="Hidden layers", discriminator="kind", help="How many hidden layers there are."
    )
    activation: AnyActivation = turning.activation()
    optimizer: AnyOptimizer = knob(
        GradientDescent(), label="Optimizer", discriminator="kind", help="How the gradient becomes a step."
    )
    constraint: AnyConstraint = knob(
        Unconstrained(), label="Bound on the weights", discriminator="kind",
        help="Max-norm for each unit, or the Frobenius norm of each layer: kept by projection, or by multipliers.",
    )  # fmt: skip
    spread: Spread = knob(
        Alike(), label="Strengths", discriminator="kind", help="Whether all layers are penalised alike."
    )
    initial: AnyInitial = turning.initial()
    finer: Finer = knob(
        Usual(), label="Finer points", discriminator="kind",
        help="Cost, ways of L1 and L2, kind of dropout, clipping, layer norm, patience.",
    )  # fmt: skip
