"""Which units die, and what does a norm for each unit change?

Penalty against projection: in two weights whose product is to be 1, and in networks. Deep Learning (2016), §7.2, on
penalties that let units die and on projection by column, after Hinton et al. (2012) and Srebro & Shraibman (2005).
"""

from app.labs.film import filmed
from app.labs.lab import Lab, Panel, Part, parts
from app.labs.units import films, product
from app.labs.units.controls import UnitsKnobs
from app.labs.units.presets import PRESETS
from app.labs.units.script import script


def _contour_milliseconds(**_: object) -> float:
    """Two grids."""
    return 1.0


def _walk_milliseconds(**_: object) -> float:
    """Two walks of two weights."""
    return 0.6


UNITS = Lab(
    slug="units",
    title="Dead units",
    question="Which units does a penalty kill, and what does one norm for each change?",
    knobs=UnitsKnobs,
    figures=(
        Panel("penalty", "Two weights with a penalty"),
        Panel("ball", "Two weights in a ball"),
        Panel("deaths", "Dead hidden units of five networks", "wide"),
        Panel("rivals", "Their test losses", "wide"),
        Panel("network", "The network that is looked at"),
        Panel("strip", "Its norms, unit by unit", "wide"),
        Panel("multipliers", "A multiplier for each norm", "wide"),
    ),
    parts=parts(
        Part("contours", product.contours, cost=_contour_milliseconds),
        Part("walks", product.walks, cost=_walk_milliseconds),
        Part("step", product.step, cost=_walk_milliseconds, sweeps=("pair_step",)),
        Part("stage", films.stage, cost=films.stage_cost),
        filmed("training", films.FILM, films.cost),
    ),
    presets=PRESETS,
    script=script,
)
