"""What does the penalty believe?

Likelihood times prior is the posterior. A Gaussian prior adds a quadratic penalty to its logarithm, a Laplace prior an
absolute one: the most probable weights are the ridge and the lasso solution. Deep Learning (2016) §5.6, §7.1; ESL
§3.4.3, eq. 3.53; Park & Casella, The Bayesian lasso (2008).
"""

from app.data.problems import Regression, SyntheticRegression
from app.knobs import Knobs, Real, Whole, knob
from app.labs.lab import Lab, Panel, Part, Preset, parts
from app.labs.prior import pictures
from app.labs.prior.belief import DEFAULT_WIDTH, Prior
from app.labs.prior.rows import RowsProblem
from app.labs.prior.script import script

PRIORS: dict[str, str] = {"gaussian": "Gaussian: N(0, τ²)", "laplace": "Laplace: exp(−|w|/b)/(2b)"}


class PriorKnobs(Knobs):
    """What can be turned on this page."""

    width: Real | None = knob(
        DEFAULT_WIDTH, label="Width of the prior", symbol="τ/‖ŵ‖", ge=1e-4, le=1e4, soft=(0.01, 10), step=0.05,
        scale="log", linked="strength", play=8,
        help="How far from 0 weights are thought to be, as a share of the length of ŵ: τ of a Gaussian, b of a Laplace "
        "prior.",
    )  # fmt: skip
    strength: Real | None = knob(
        None, label="Strength", symbol="α/L, α/αₘₐₓ", ge=1e-8, le=1e6, soft=(1e-4, 100), step=0.1, scale="log",
        linked="width",
        help="The weight of the penalty with the same optimum, as a share of L for a Gaussian, of αₘₐₓ for a Laplace "
        "prior.",
    )  # fmt: skip
    prior: Prior = knob(
        "gaussian", label="Prior", choices=PRIORS,
        help="What is believed of each weight before any data: the Laplace law has a sharp top at 0 and long tails.",
    )  # fmt: skip
    rows: Whole = knob(
        12, label="Rows seen", symbol="n", ge=1, le=5000, step=0.1, scale="log", soft=(1, 5000),
        help="How many of the rows the likelihood has seen: with more of them the data drown the prior.",
    )  # fmt: skip
    noise: Real = knob(
        1.0, label="Noise", symbol="σ/σ̂", ge=0.01, le=100, soft=(0.1, 10), step=0.05, scale="log",
        help="The noise that the likelihood assumes, as a share of what least squares on all rows leaves over.",
    )  # fmt: skip
    problem: RowsProblem = knob(
        SyntheticRegression(), label="Problem", discriminator="kind",
        help="The regression on two features that the likelihood is of.",
    )  # fmt: skip
    reach: Real = knob(
        1.0, label="Reach of prior and posterior", ge=0.001, le=1, soft=(0.01, 1), step=0.05, scale="log",
        help="How far their two planes reach, as a share of the likelihood's: a small one looks closely at 0.",
    )  # fmt: skip
    draws: Whole = knob(
        30, label="Draws", ge=0, le=100, step=1,
        help="How many weights are drawn from the posterior: each is a cross in the plane and a line through the data.",
    )  # fmt: skip
    seed: Whole = knob(
        0, label="Seed of the draws", ge=0, le=9999, step=1,
        help="Draws anew: the same seed always gives the same draws.",
    )  # fmt: skip


def _milliseconds(problem: RowsProblem, rows: int, **_: object) -> float:
    """The rows seen, and other features that are taken out of two."""
    apart = isinstance(problem, Regression) and problem.others != "absent"
    return 0.9 + rows / 3000 + (3.0 if apart else 0.0)


def _posterior_milliseconds(problem: RowsProblem, rows: int, prior: Prior, draws: int, **_: object) -> float:
    """Under a Laplace prior: quadrature, and distribution functions inverted for each draw."""
    return _milliseconds(problem, rows) + (0.6 if prior == "gaussian" else 6.0 + 0.02 * draws)


PRESETS = (
    Preset(
        "ridge",
        "A Gaussian prior is weight decay: on 20 diabetes patients the most probable weights are the ridge solution.",
        {"problem.kind": "regression", "problem.dataset": "diabetes", "rows": 20, "prior": "gaussian", "width": 0.5},
        shows=("posterior", "arithmetic", "map_gap"),
    ),
    Preset(
        "sparse",
        "Under a Laplace prior one weight of the mode is exactly 0, and none of the mean.",
        {
            "problem.kind": "synthetic_regression", "problem.weight_1": 2, "problem.weight_2": -0.3, "rows": 12,
            "prior": "laplace", "width": 0.1,
        },
        shows=("posterior", "mode_zeros", "mean_zeros"),
    ),
    Preset(
        "all_zero",
        "At α = αₘₐₓ the lasso is 0, but the average of the same posterior is not.",
        {"problem.kind": "synthetic_regression", "rows": 12, "prior": "laplace", "strength": 1, "reach": 0.25},
        shows=("posterior", "mode_1", "mean_1"),
    ),
    Preset(
        "drowned",
        "Data drown a prior: with all 442 patients the mode is within 1 % of least squares.",
        {"problem.kind": "regression", "problem.dataset": "diabetes", "rows": 442, "prior": "gaussian", "width": 1},
        shows=("posterior", "mode_1", "ml_1", "mode_2", "ml_2"),
    ),
    Preset(
        "blind",
        "Breaks: one row says nothing of two weights, as the intercept fits it alone, and the posterior is the prior.",
        {"problem.kind": "synthetic_regression", "rows": 1, "prior": "gaussian", "width": 0.3},
        shows=("posterior", "spread_1", "prior_width"),
    ),
)  # fmt: skip

PRIOR = Lab(
    slug="prior",
    title="Prior",
    question="What does the penalty believe?",
    knobs=PriorKnobs,
    figures=(
        Panel("likelihood", "Likelihood: the data"),
        Panel("prior", "Prior: the belief"),
        Panel("posterior", "Posterior: the product"),
        Panel("predictive", "What the posterior predicts", "wide"),
        Panel("thresholds", "One weight alone: mode and mean", "wide"),
    ),
    parts=parts(
        Part("data", pictures.data, cost=_milliseconds),
        Part("likelihood", pictures.likelihood, cost=_milliseconds, sweeps=("noise",)),
        Part("path", pictures.path, cost=_milliseconds),
        Part("before", pictures.before, cost=_milliseconds, sweeps=("width", "strength", "noise")),
        Part("posterior", pictures.posterior, cost=_posterior_milliseconds, sweeps=("width", "strength", "noise")),
    ),
    presets=PRESETS,
    script=script,
)
