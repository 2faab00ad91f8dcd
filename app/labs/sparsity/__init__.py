"""Why does L1 select and L2 not?

The soft threshold takes the same from every weight, and from small ones all; shrinking in proportion leaves something
of each. Tibshirani (1996); Efron et al. (2004); ESL §3.4, fig. 3.10-3.11, table 3.4; Deep Learning (2016) §7.1.2.
"""

from app.data.library import Library
from app.data.problems import Bowl
from app.data.samples import Sample, TableSample
from app.knobs import Knobs, Real, Whole, knob
from app.labs.lab import Lab, Panel, Part, Preset, parts
from app.labs.sparsity import diagonal_shortcut, held_back, random_corners, scalar_shrinkage, selection
from app.labs.sparsity.diagonal_shortcut import PlaneProblem
from app.labs.sparsity.followed_paths import Beside, Penalty
from app.labs.sparsity.script import script

BESIDE = {"none": "nothing", "ridge": "ridge: squared L2", "elastic_net": "elastic net: both", "lasso": "lasso: L1"}
PENALTIES = {"lasso": "lasso: L1", "elastic_net": "elastic net: both", "ridge": "ridge: squared L2"}


class SparsityKnobs(Knobs):
    """What can be turned on this page."""

    penalty: Penalty = knob(
        "lasso", label="Penalty", symbol="Ω", choices=PENALTIES,
        help="What is penalised on the path: the sum of sizes, half the sum of squares, or a mixture.",
    )  # fmt: skip
    strength: Real = knob(
        0.1, label="Strength", symbol="α/αₘₐₓ", ge=0, le=1e6, soft=(1e-4, 1), step=0.05, scale="log", play=10,
        help="The weight α of the penalty, as a share of what makes every weight zero; of 10·L for ridge.",
    )  # fmt: skip
    ratio: Real = knob(
        0.5, label="Mixture of the elastic net", symbol="ρ", ge=0, le=1, step=0.05,
        help="The share of L1 in the elastic net: 1 is the lasso, 0 is ridge.",
    )  # fmt: skip
    beside: Beside = knob(
        "none", label="Drawn beside it", choices=BESIDE,
        help="Another penalty on the same data, dotted, at the same share of its own unit of strength.",
    )  # fmt: skip
    sample: Sample = knob(
        TableSample(), label="Data", discriminator="kind",
        help="The table, or the synthetic sample, whose features are selected.",
    )  # fmt: skip
    folds: Whole = knob(
        10, label="Folds", symbol="k", ge=2, le=50, soft=(2, 20), step=1,
        help="Into how many parts the rows are split; each is held back once. At most one for each row. Features are "
        "centred anew in each fold; their scale and αₘₐₓ come from all rows.",
    )  # fmt: skip
    split: Whole = knob(
        0, label="Seed of the split", ge=0, le=9999, step=1,
        help="Splits the rows anew: the same seed always gives the same folds.",
    )  # fmt: skip
    threshold: Real = knob(
        1.0, label="Strength for one weight", symbol="s", ge=0, le=3, step=0.05,
        help="The strength in the charts of one weight: where its maps have their knees.",
    )  # fmt: skip
    decay: Real = knob(
        0.07, label="Size of one step", symbol="ηα", ge=0, le=1, soft=(0, 0.5), step=0.01,
        help="Learning rate times strength: what one step takes from a weight of size 1.",
    )  # fmt: skip
    problem: PlaneProblem = knob(
        Bowl(curvature_1=3.5, curvature_2=0.5, angle=45, minimiser_1=2.5, minimiser_2=-0.5),
        label="Problem in the plane", discriminator="kind",
        help="The loss of two weights on which the diagonal formula is tried.",
    )  # fmt: skip
    bowls: Whole = knob(
        1000, label="Random bowls", ge=10, le=10_000, step=0.1, scale="log", soft=(10, 10_000),
        help="How many bowls are drawn, and each solved exactly.",
    )  # fmt: skip
    condition: Real = knob(
        20, label="Longest bowl", symbol="κ", ge=1, le=1000, step=0.1, scale="log", soft=(1, 1000),
        help="How many times steeper one direction may be than the other; at 1 all bowls are round.",
    )  # fmt: skip
    ball: Real = knob(
        0.5, label="Size of their balls", symbol="t/‖ŵ‖", ge=0.01, le=1, step=0.01,
        help="The radius, as a share of the norm of each bowl's free optimum.",
    )  # fmt: skip
    draw: Whole = knob(0, label="Seed of the bowls", ge=0, le=9999, step=1, help="Draws other bowls from the same law.")


def _light(**_: object) -> float:
    return 0.7


def _path_milliseconds(
    sample: Sample, penalty: Penalty, library: Library, beside: Beside = "none", **_: object
) -> float:
    """A lasso has a knot or two for each feature; an elastic net is solved at each strength."""
    features = library.extent(sample)[1]
    each = {"lasso": 0.06 * features, "ridge": 0.02 * features, "elastic_net": 4.0 + 0.15 * features, "none": 0.0}
    return 1.0 + each[penalty] + each[beside]


def _moment_milliseconds(sample: Sample, penalty: Penalty, beside: Beside, library: Library, **_: object) -> float:
    features = library.extent(sample)[1]
    nets = (penalty, beside).count("elastic_net")
    return 0.5 + 0.03 * features + nets * (1.6 + 0.05 * features)


def _validation_milliseconds(sample: Sample, penalty: Penalty, folds: int, library: Library, **_: object) -> float:
    rows, features = library.extent(sample)
    count = min(folds, rows)
    return 2.0 + count * (0.2 + 0.6 * _path_milliseconds(sample, penalty, library) + 1e-7 * rows * features**2)


def _bowl_milliseconds(bowls: int, **_: object) -> float:
    return 1.0 + 0.02 * bowls


PRESETS = (
    Preset(
        "returns",
        "Weights can leave: in the diabetes data s3 enters fourth, leaves, and comes back with the other sign.",
        {"sample.kind": "table", "sample.dataset": "diabetes", "penalty": "lasso", "strength": 0.0018},
        shows=("path", "leaves", "came_back"),
    ),
    Preset(
        "rule",
        "Ten folds find the lowest loss with seven measurements, and one with four within its standard error.",
        {"sample.kind": "table", "sample.dataset": "diabetes", "penalty": "lasso", "strength": 0.16, "folds": 10},
        shows=("validation", "nonzero_best", "nonzero_rule"),
    ),
    Preset(
        "bowls",
        "Of 10,000 random bowls seven in ten have their optimum at a corner of a diamond of size ¼, in the disc none.",
        {"bowls": 10000, "ball": 0.25},
        shows=("bowls", "corner_l1", "corner_l2"),
    ),
    Preset(
        "formula",
        "Breaks: where H is not diagonal the formula keeps both weights at ±0.75, while the optimum is 0.",
        {
            "problem.kind": "bowl", "problem.curvature_1": 3.5, "problem.curvature_2": 0.5, "problem.angle": 45,
            "problem.minimiser_1": 1, "problem.minimiser_2": -1, "strength": 1,
        },
        shows=("formula", "truth_1", "truth_2", "guess_1", "guess_2"),
    ),
    Preset(
        "copies",
        "Breaks: of two copies of a feature the lasso may take either or both; ridge (dotted) shares it evenly.",
        {
            "sample.kind": "synthetic", "sample.features": 2, "sample.correlation": 1, "sample.informative": 1,
            "beside": "ridge",
        },
        shows=("path", "selected", "beside_least", "beside_largest"),
    ),
)  # fmt: skip

SPARSITY = Lab(
    slug="sparsity",
    title="Sparsity",
    question="Why does L1 select and L2 not?",
    knobs=SparsityKnobs,
    figures=(
        Panel("path", "Weights on real data, as the strength falls", "wide"),
        Panel("validation", "Loss on rows that were held back", "wide"),
        Panel("maps", "What is left of one weight"),
        Panel("formula", "The diagonal formula against the optimum"),
        Panel("taken", "What one step takes from a weight", "wide"),
        Panel("walks", "A weight under the penalty alone", "wide"),
        Panel("bowls", "Optima of random bowls, in diamond and disc"),
        Panel("shares", "How often a weight is exactly zero", "wide"),
    ),
    parts=parts(
        Part("path", selection.path, cost=_path_milliseconds),
        Part("validation", held_back.validation, cost=_validation_milliseconds),
        Part("moment", selection.moment, cost=_moment_milliseconds, sweeps=("strength",)),
        Part("maps", scalar_shrinkage.maps, cost=_light, sweeps=("threshold", "ratio")),
        Part("steps", scalar_shrinkage.steps, cost=_light, sweeps=("decay",)),
        Part("ways", diagonal_shortcut.ways, cost=lambda **_: 2.0),
        Part("shortcut", diagonal_shortcut.shortcut, cost=_light, sweeps=("strength",)),
        Part("by_size", random_corners.by_size, cost=_bowl_milliseconds),
        Part("corners", random_corners.corners, cost=lambda bowls, **_: 1.0 + 0.002 * bowls),
    ),
    presets=PRESETS,
    script=script,
)
