"""Is stopping early the same as decaying?

Gradient descent from 0 passes through shrunken weights on its way to the free optimum, as weight decay does on its own.
On a quadratic both are filters of the Hessian's directions, 1 − (1 − ηλ)^τ and λ/(λ + α): alike, and the same for every
ŵ and every τ only where all curvatures are. Deep Learning (2016) §7.8, eq. 7.33-7.45 and algorithm 7.1; ESL §5.8,
§10.12.
"""

from app.data.library import Library
from app.data.problems import Bowl
from app.data.samples import Sample, TableSample
from app.knobs import Knobs, Real, Scalar, Whole, knob
from app.labs.early_stopping import curves, moment, walk
from app.labs.early_stopping.script import script
from app.labs.early_stopping.walk import EPOCHS, PlaneProblem
from app.labs.lab import Lab, Panel, Part, Preset, parts


class EarlyStoppingKnobs(Knobs):
    """What can be turned on this page."""

    problem: PlaneProblem = knob(
        Bowl(), label="Problem in the plane", discriminator="kind",
        help="The loss J of two weights on which descent and decay are drawn.",
    )  # fmt: skip
    step: Real = knob(
        0.5, label="Learning rate", symbol="η·L", ge=0.01, le=100, soft=(0.02, 2.4), step=0.02,
        help="The step of gradient descent times the largest curvature L: from 1 on a direction overshoots, above 2 it "
        "diverges.",
    )  # fmt: skip
    epoch: Whole = knob(
        4, label="Steps taken", symbol="τ", ge=0, le=EPOCHS, step=1, play=12,
        help="Where descent is looked at: play it, and watch the weight decay that comes closest.",
    )  # fmt: skip
    sample: Sample = knob(
        TableSample(), label="Data to train on", discriminator="kind",
        help="The rows that are split into those that are trained on and those that say when to stop.",
    )  # fmt: skip
    share: Real = knob(
        10, label="Share trained on", unit="%", ge=1, le=99, step=1,
        help="The share of the rows that is trained on; the rest validates. Few rows overfit soon.",
    )  # fmt: skip
    split: Whole = knob(
        0, label="Seed of the split", ge=0, le=9999, step=1,
        help="Splits the rows anew: the same seed always gives the same split.",
    )  # fmt: skip
    epochs: Whole = knob(
        200, label="Epochs allowed", ge=1, le=10_000, step=0.1, scale="log", soft=(10, 10_000),
        help="Where training ends if patience does not end it before.",
    )  # fmt: skip
    patience: Whole = knob(
        20, label="Patience", symbol="p", unit="epochs", ge=0, le=1000, soft=(0, 100), step=1,
        help="How many epochs in a row may pass without a lower validation loss before training stops.",
    )  # fmt: skip


def _contour_milliseconds(**_: object) -> float:
    return 0.5


def _walk_milliseconds(**_: object) -> float:
    """Every τ, and the closest decay of each."""
    return 1.9


def _training_milliseconds(sample: Sample, epochs: int, library: Library, **_: object) -> float:
    """The split, one eigendecomposition, and both losses at each epoch."""
    rows, features = library.extent(sample)
    return 1.2 + 6e-5 * rows * features + 1.8e-5 * epochs * features * (1 + features / 20)


_TEN_STEPS: dict[str, Scalar] = {
    "problem.kind": "bowl", "problem.curvature_1": 1, "problem.curvature_2": 4, "problem.minimiser_1": 1,
    "problem.minimiser_2": 1, "step": 0.4, "epoch": 10,
}  # fmt: skip

PRESETS = (
    Preset(
        "witness",
        "Ten steps of η = 0.1 on curvatures 1 and 4 equal decay with α = 0.535 along one axis and 0.0243 along the "
        "other: no single α does both.",
        _TEN_STEPS,
        shows=("match", "strength_1", "strength_2"),
    ),
    Preset(
        "round",
        "Where the curvatures are equal, and only there, some decay equals τ steps exactly for every ŵ and every τ.",
        {"problem.kind": "bowl", "problem.curvature_1": 2, "problem.curvature_2": 2, "step": 0.1, "epoch": 15},
        shows=("distance", "distance", "worst"),
    ),
    Preset(
        "thumb",
        "After 200 small steps the rule of thumb α = 1/(ητ) misses by up to 0.205 of a direction, near λ = 2.5α.",
        {"problem.kind": "bowl", "step": 0.02, "epoch": 200},
        shows=("filters", "filter_gap", "filter_gap_at"),
    ),
    Preset(
        "overfit",
        "Trained on 35 of 442 diabetes patients, three epochs predict better than all that follow.",
        {"sample.kind": "table", "sample.dataset": "diabetes", "share": 8, "split": 1, "step": 1, "patience": 20},
        shows=("curves", "chosen", "stopped_loss", "free_loss"),
    ),
    Preset(
        "diverging",
        "Breaks: a step of 2.3/L multiplies the steepest direction by −1.3 each time, and no patience helps.",
        {"problem.kind": "bowl", "step": 2.3, "epoch": 5, "patience": 5},
        shows=("plane", "factors", "chosen"),
    ),
)

EARLY_STOPPING = Lab(
    slug="early-stopping",
    title="Early stopping",
    question="Is stopping early the same as decaying?",
    knobs=EarlyStoppingKnobs,
    figures=(
        Panel("plane", "Descent from 0, and the ridge path"),
        Panel("filters", "What both keep of a direction, by its curvature", "wide"),
        Panel("match", "The strength that τ steps equal", "wide"),
        Panel("distance", "How far apart the two ways are", "wide"),
        Panel("curves", "Training and validation on real data", "wide"),
    ),
    parts=parts(
        Part("contour", walk.contour, cost=_contour_milliseconds),
        Part("walk", walk.walk, cost=_walk_milliseconds),
        Part("moment", moment.moment, cost=_walk_milliseconds, sweeps=("epoch",)),
        Part("curves", curves.curves, cost=_training_milliseconds),
        Part("choice", curves.choice, cost=_training_milliseconds, sweeps=("patience",)),
    ),
    presets=PRESETS,
    script=script,
)
