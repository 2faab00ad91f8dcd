"""What can be turned on the page of dropout."""

from typing import Literal

from app.data import Pattern, TableExamples
from app.knobs import Knobs, LongText, Real, Whole, knob
from app.labs.training import turning
from app.labs.training.layers import Hidden, One
from app.networks import AnyActivation, AnyInitial, ClassicDropout, He, InvertedDropout, ReLU

WALK = 100  # positions of the walk of two weights
Way = Literal["inverted", "classic"]
Small = Literal["linear", "tanh", "relu"]


class DropoutKnobs(Knobs):
    """What can be turned on this page."""

    drop: Real = turning.drop(50)
    way: Way = knob(
        "inverted", label="What makes up for it",
        choices={"inverted": "divide by the share kept, in training", "classic": "multiply by it, at test"},
        help="Inverted dropout scales the survivors up in training and leaves the test alone; the classic way scales "
        "the outgoing weights down at test (halves them for ½). Never both.",
    )  # fmt: skip
    moment: Whole = turning.moment()
    drop_inputs: Real = knob(
        20.0, label="Dropout of inputs", unit="%", ge=0, le=90, step=5, live=True,
        help="The share of the inputs that each sample does without in training.",
    )  # fmt: skip
    sample: Whole = knob(
        1, label="Sample of the minibatch", ge=1, le=64, step=1,
        help="Whose mask is drawn on the network: each sample of a minibatch has a mask of its own.",
    )  # fmt: skip
    test_noise: Real = knob(
        1.0, label="Noise at the test", symbol="σ", ge=0, le=10, soft=(0, 3), step=0.05,
        help="The spread of what is added to the inputs of the test: where the readouts are taken.",
    )  # fmt: skip
    radius: Real = knob(
        1.0, label="Largest norm of a unit", symbol="c", ge=0, le=1000, soft=(0.1, 100), scale="log", step=0.05,
        live=True, help="What the incoming weights of each unit may have as norm, in the two networks with max-norm.",
    )  # fmt: skip
    small_layers: Whole = knob(
        2, label="Hidden layers of the small network", ge=1, le=2, step=1,
        help="With one, all that follows its masks is affine, and the scaled network is the average exactly.",
    )  # fmt: skip
    small_units: Whole = knob(
        5, label="Units of each of its layers", ge=1, le=6, step=1,
        help="Few enough that all 2ʰ thinned networks can be asked.",
    )  # fmt: skip
    small_activation: Small = knob(
        "tanh", label="Its activation", choices={"linear": "linear", "tanh": "tanh", "relu": "ReLU"},
        help="What a hidden unit makes of its sum. Linear units make one linear model, however many layers.",
    )  # fmt: skip
    masks: Whole = knob(
        300, label="Masks drawn", symbol="M", ge=2, le=10_000, soft=(10, 10_000), scale="log", step=0.1,
        help="How many thinned networks are averaged by chance: the error of their average falls like 1/√M.",
    )  # fmt: skip
    probe: Real = knob(
        1.0, label="Input that is looked at", symbol="x", ge=-10, le=10, soft=(-2.6, 2.6), step=0.05,
        help="Where the average over the masks drawn is followed, mask by mask.",
    )  # fmt: skip
    correlation: Real = knob(
        0.5, label="Correlation of the two features", symbol="ρ", ge=-0.99, le=0.99, step=0.01,
        help="How alike the two features of the linear regression are.",
    )  # fmt: skip
    spread: Real = knob(
        0.5, label="Spread of the second feature", symbol="s₂", ge=0.1, le=10, soft=(0.1, 10), scale="log", step=0.05,
        help="The first has spread 1. Dropout charges each weight by the mean square of its feature.",
    )  # fmt: skip
    line_noise: Real = knob(
        1.0, label="Noise of the regression", ge=0, le=10, soft=(0, 5), step=0.05,
        help="The spread of what the two features do not explain.",
    )  # fmt: skip
    walk_rate: Real = knob(
        0.05, label="Learning rate of the regression", ge=1e-4, le=1e3, soft=(1e-3, 10), scale="log", step=0.05,
        help="The step of gradient descent with dropout: a shorter one wanders less about its goal.",
    )  # fmt: skip
    walk_step: Whole = knob(
        WALK, label="Moment of the regression's walk", ge=0, le=WALK, step=1, play=10,
        help="Where gradient descent with dropout is looked at, ten minibatches at a time.",
    )  # fmt: skip
    rate: Real = turning.rate(0.1)
    changes: LongText = turning.changes()
    pattern: Pattern = knob(
        TableExamples(dataset="wine", share=20), label="Data", discriminator="kind",
        help="What the four networks learn.",
    )  # fmt: skip
    hidden: Hidden = knob(
        One(units_1=16), label="Hidden layers", discriminator="kind", help="How many hidden layers there are."
    )  # fmt: skip
    activation: AnyActivation = knob(
        ReLU(), label="Activation", discriminator="kind", help="What a hidden unit makes of its sum."
    )  # fmt: skip
    initial: AnyInitial = knob(
        He(), label="Initial weights", discriminator="kind", help="How the weights are drawn before the first step."
    )  # fmt: skip
    steps: Whole = turning.steps(300)
    batch: Whole = turning.batch(20)
    seed: Whole = turning.seed()


def dropping(way: Way, hidden: float, inputs: float = 0.0) -> ClassicDropout | InvertedDropout:
    """Dropout of these shares in per cent."""
    kept = {"keep": 1.0 - hidden / 100.0, "keep_inputs": 1.0 - inputs / 100.0}
    return ClassicDropout(**kept) if way == "classic" else InvertedDropout(**kept)
