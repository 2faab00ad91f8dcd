"""What does the loss of a trained network look like?

A plane is cut through all its weights, and the cost is drawn over it. Goodfellow, Vinyals & Saxe (2015); Li, Xu,
Taylor, Studer & Goldstein (2018), Visualizing the Loss Landscape of Neural Nets; Antognini & Sohl-Dickstein (2018), PCA
of high dimensional random walks with comparison to neural network training.
"""

from typing import Any

from app.data.patterns import Circle, InThePlane
from app.knobs import Knobs, Real, Switch, Whole, knob
from app.labs.lab import Lab, Panel, Part, Preset, parts
from app.labs.landscape import honesty, surfaces
from app.labs.landscape.planes import Cut, OfThePath
from app.labs.landscape.script import script
from app.labs.landscape.surfaces import Fineness
from app.labs.landscape.trained import Bound, architecture, training_milliseconds
from app.labs.training import turning
from app.labs.training.layers import Hidden, One
from app.networks import AnyActivation, Unconstrained

FINENESS = {"51": "51 × 51", "101": "101 × 101", "151": "151 × 151"}


class LandscapeKnobs(Knobs):
    """What can be turned on this page."""

    moment: Whole = turning.moment(40)
    cut: Cut = knob(OfThePath(), label="Plane", discriminator="kind", help="Which plane is cut through the weights.")
    reach: Real = knob(
        1.0, label="Range", ge=0.01, le=100, soft=(0.1, 10), scale="log", step=0.1,
        help="How much of the plane is seen: 1 holds the whole path on its own plane, and one length of each unit's "
        "weights along random directions.",
    )  # fmt: skip
    ball: Real = knob(
        1.0, label="Ball of all weights", symbol="c/‖w‖", ge=0, le=10, soft=(0, 3), step=0.05,
        help="The radius of the ball, as a share of the norm of the trained weights; with a bound in the training, "
        "the balls of that bound are drawn instead.",
    )  # fmt: skip
    fineness: Fineness = knob(
        "51", label="Grid", choices=FINENESS,
        help="How many points of the plane are drawn: at 51 × 51 each value is computed, finer grids are interpolated.",
    )  # fmt: skip
    exact: Switch = knob(
        False, label="Every value exactly",
        help="Computes each value of a finer grid too, and interpolates none.",
    )  # fmt: skip
    pattern: InThePlane = knob(
        Circle(rows=200), label="Data", discriminator="kind", help="What the network learns to tell apart."
    )
    hidden: Hidden = knob(
        One(), label="Hidden layers", discriminator="kind", help="How many hidden layers there are."
    )  # fmt: skip
    activation: AnyActivation = turning.activation()
    l2: Real = turning.l2(0.003)
    constraint: Bound = knob(
        Unconstrained(), label="Bound on the weights", discriminator="kind",
        help="Whether weights that are too long are brought back after each step.",
    )  # fmt: skip
    rate: Real = turning.rate(0.3)
    batch: Whole = turning.batch(32)
    steps: Whole = turning.steps(500, most=5000)
    seed: Whole = turning.seed()


def _surface_milliseconds(fineness: str, exact: bool, **given: Any) -> float:
    """The training, and a cost for each point of the grid, or of the nodes of the interpolation."""
    made, rows = (
        architecture(given["hidden"], given["activation"]),
        given["pattern"].rows * given["pattern"].share / 100,
    )
    points = int(fineness) ** 2 if exact or fineness == "51" else 48**2 + 32**2
    each = made.multiplications(max(1, round(rows))) / 3
    return 6.0 + training_milliseconds(**given) + points * (0.002 + 3e-7 * each) + 2e-4 * int(fineness) ** 2


def _judged_milliseconds(**given: Any) -> float:
    """The training is remembered, but not always here."""
    return 2.5 + training_milliseconds(**given)


def _swept_milliseconds(**given: Any) -> float:
    """One training for all positions."""
    return 2.5 + 0.05 * training_milliseconds(**given)


PRESETS = (
    Preset(
        "walk",
        "The principal plane holds over 99.5 % of this path and, with this seed, shows it within 5 %; a random walk "
        "would reach 90 %.",
        {"cut.kind": "principal", "moment": 0},
        shows=("honest", "outside", "random_walk", "worst_true", "worst_plane"),
    ),
    Preset(
        "shadow",
        "Along random directions training is invisible: over 80 % of its path is outside the plane that is drawn.",
        {"cut.kind": "random", "cut.draw": 0, "moment": 0},
        shows=("plane", "outside", "true_now", "plane_now"),
    ),
    Preset(
        "penalty",
        "Decay adds a bowl and no hill: with this seed 72 % of the plane curve downwards without the penalty, 22 % "
        "with it.",
        {"l2": 0.03, "cut.kind": "random", "reach": 2},
        shows=("bare", "down_cost", "down_objective"),
    ),
    Preset(
        "bounds",
        "Under max-norm 1 each unit has an ellipse: the plane has lower points than the network, outside of some.",
        {"constraint.kind": "projected", "constraint.radius": 1, "cut.kind": "random", "l2": 0},
        shows=("plane", "grid_lowest", "lowest_within", "last_objective", "norm_now", "bound"),
    ),
    Preset(
        "diverging",
        "Breaks: at ηα = 3 each step multiplies the weights by −2, and the path leaves every landscape.",
        {"rate": 1000, "l2": 0.003},
        shows=("honest", "last_objective"),
    ),
)

LANDSCAPE = Lab(
    slug="landscape",
    title="Landscape",
    question="What does the loss of a trained network look like?",
    knobs=LandscapeKnobs,
    figures=(
        Panel("plane", "The cost with its penalty, on a plane"),
        Panel("honest", "Is it true? The plane against the training", "wide"),
        Panel("surface", "In space, with and without the penalty"),
        Panel("bare", "The cost without the penalty"),
    ),
    parts=parts(
        Part("surfaces", surfaces.surfaces, cost=_surface_milliseconds),
        Part("balls", honesty.balls, cost=_swept_milliseconds, sweeps=("ball",)),
        Part("honesty", honesty.honesty, cost=_judged_milliseconds),
        Part("moment", honesty.moment, cost=_swept_milliseconds, sweeps=("moment",)),
    ),
    presets=PRESETS,
    script=script,
)
