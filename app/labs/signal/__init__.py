"""Does the gradient survive the depth?

A layer multiplies the variance of what runs through it, forward by n_in·s² and backward by n_out·s², times what the
activation leaves of it; forty layers do so forty times. Glorot & Bengio (2010), eq. 5-12; He et al. (2015), eq. 10 and
14; Deep Learning (2016), §8.2.4, §8.2.5, §8.4, §10.11.1.
"""

from app.data import Pattern
from app.data.library import Library
from app.data.patterns import Circle
from app.knobs import Knobs, Real, Whole, knob
from app.labs.lab import Lab, Panel, Part, parts
from app.labs.signal.distributions import distributions
from app.labs.signal.planned import CURES, Cure, Scope
from app.labs.signal.presets import PRESETS
from app.labs.signal.script import script
from app.labs.signal.stack import Stack, built, milliseconds
from app.labs.signal.training import TRAINING
from app.labs.signal.variances import variances
from app.labs.training import turning
from app.networks import AnyActivation, AnyInitial


class SignalKnobs(Knobs):
    """What can be turned on this page."""

    moment: Whole = turning.moment(20)
    depth: Whole = knob(
        10, label="Depth", unit="hidden layers", ge=2, le=50, step=1, help="How many hidden layers the signal crosses.",
    )  # fmt: skip
    width: Whole = knob(
        16, label="Width", unit="units", ge=1, le=128, soft=(4, 64), step=4, help="The units of the first hidden layer."
    )
    widening: Real = knob(
        1.0, label="Last width/first", ge=0.0625, le=16, soft=(0.125, 8), scale="log", step=0.1,
        help="How many times as many units the last hidden layer has as the first; no layer has more than 256.",
    )  # fmt: skip
    activation: AnyActivation = turning.activation()
    initial: AnyInitial = turning.initial()
    samples: Whole = knob(
        100, label="Samples run through", ge=2, le=400, soft=(10, 400), scale="log", step=0.1,
        help="How many of the samples are run through, and learnt from.",
    )  # fmt: skip
    draws: Whole = knob(
        16, label="Draws", ge=2, le=64, step=1,
        help="How many networks are drawn to measure a mean: more of them, a smaller standard error.",
    )  # fmt: skip
    rate: Real = turning.rate()
    batch: Whole = turning.batch()
    steps: Whole = turning.steps(100, 2000)
    clip: Real = knob(
        1.0, label="Clipping: largest gradient", symbol="‖∂C‖", ge=1e-6, le=1e6, soft=(0.01, 100), scale="log",
        step=0.1, help="Where the gradient over all parameters is longer, it is shortened to this length.",
    )  # fmt: skip
    radius: Real = knob(
        1.5, label="Projection: largest norm", symbol="c", ge=1e-3, le=1000, soft=(0.1, 10), scale="log", step=0.1,
        help="What the norm of the weights in each group may be at most, after every step.",
    )  # fmt: skip
    scope: Scope = knob(
        "unit", label="Projection: norm of", choices={"unit": "each unit's incoming weights", "layer": "each layer"},
        help="Max-norm bounds each unit, the Frobenius norm each layer.",
    )  # fmt: skip
    watch: Cure = knob(
        "plain",
        label="Network in the map",
        choices={str(one): words for one, words in CURES.items()},
        help="Whose gradient the map of steps shows.",
    )
    seed: Whole = turning.seed()
    pattern: Pattern = knob(
        Circle(), label="Data", discriminator="kind", help="What is run through the networks, and learnt."
    )


def _distributions_milliseconds(
    pattern: Pattern, depth: int, width: int, widening: float, activation: AnyActivation, initial: AnyInitial,
    samples: int, seed: int, library: Library,
) -> float:  # fmt: skip
    """One pass there and back, and a histogram and three quantiles for each layer."""
    del initial, seed
    architecture = built(Stack(depth, width, widening, activation), library.taught(pattern))
    return 2.5 + milliseconds(architecture, samples, 1) + 1e-4 * samples * sum(architecture.sizes) + 0.2 * depth


def _variances_milliseconds(
    pattern: Pattern, depth: int, width: int, widening: float, activation: AnyActivation, initial: AnyInitial,
    samples: int, draws: int, seed: int, library: Library,
) -> float:  # fmt: skip
    """All draws there and back."""
    del initial, seed
    architecture = built(Stack(depth, width, widening, activation), library.taught(pattern))
    return 6.0 + milliseconds(architecture, samples, draws)


SIGNAL = Lab(
    slug="signal",
    title="Signal",
    question="Does the gradient survive the depth?",
    knobs=SignalKnobs,
    figures=(
        Panel("activations", "Activations by layer", "wide"),
        Panel("gradients", "Gradients by layer", "wide"),
        Panel("forward", "Forward: what each layer does to E z²", "wide"),
        Panel("backward", "Backward: what each layer does to E (∂C/∂z)²", "wide"),
        Panel("norms", "In training: gradient by layer", "wide"),
        Panel("history", "In training: gradient by layer over the steps", "wide"),
        Panel("losses", "In training: plain, and three cures", "wide"),
    ),
    parts=parts(
        Part("distributions", distributions, cost=_distributions_milliseconds),
        Part("variances", variances, cost=_variances_milliseconds),
        TRAINING,
    ),
    presets=PRESETS,
    script=script,
)
