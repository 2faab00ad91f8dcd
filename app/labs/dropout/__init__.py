"""What do a thousand thinned networks say together?

Dropout: masks in training, one scaled network at test, and what that is in the linear case. Srivastava, Hinton,
Krizhevsky, Sutskever & Salakhutdinov (2014); Deep Learning (2016), §7.12.
"""

from app.labs.dropout import regression, small, teams
from app.labs.dropout.controls import WALK, DropoutKnobs
from app.labs.dropout.presets import PRESETS
from app.labs.dropout.script import script
from app.labs.film import filmed
from app.labs.lab import Lab, Panel, Part, parts


def _stage_milliseconds(**_: object) -> float:
    """A drawing."""
    return 1.0


def _small_milliseconds(small_layers: int, small_units: int, masks: int, **_: object) -> float:
    """A training of a few units, and every thinned network at every place."""
    return 40.0 + 0.02 * 2.0 ** (small_layers * small_units) + 0.02 * masks


def _expectation_milliseconds(**_: object) -> float:
    """A grid, and forty ridges."""
    return 3.0


def _walk_milliseconds(**_: object) -> float:
    """A thousand steps of a linear model, with a frame at every tenth."""
    return 90.0


def _walking_milliseconds(**_: object) -> float:
    """A moment; all moments share the walk."""
    return 1.0 + 90.0 / WALK


DROPOUT = Lab(
    slug="dropout",
    title="Dropout",
    question="What do a thousand thinned networks say together?",
    knobs=DropoutKnobs,
    figures=(
        Panel("network", "One mask: who takes part"),
        Panel("average", "All thinned networks, and the one that stands for them", "wide"),
        Panel("following", "The average, mask by mask", "wide"),
        Panel("regression", "Linear regression with dropout is a ridge"),
        Panel("noise", "Noise at the test", "wide"),
        Panel("teams", "Test losses of four networks", "wide"),
    ),
    parts=parts(
        Part("stage", teams.stage, cost=_stage_milliseconds),
        filmed("training", teams.FILM, teams.cost),
        Part("average", small.average, cost=_small_milliseconds),
        Part("following", small.following, cost=_small_milliseconds),
        Part("expectation", regression.expectation, cost=_expectation_milliseconds),
        Part("wandering", regression.wandering, cost=_walk_milliseconds),
        Part("walking", regression.walking, cost=_walking_milliseconds, sweeps=("walk_step",)),
    ),
    presets=PRESETS,
    script=script,
)
