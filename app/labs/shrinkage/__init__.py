"""What does weight decay do to each direction?

It multiplies the component of ŵ along each eigenvector of the Hessian by λ/(λ + α): what the data say clearly stays,
what they hardly say goes. Deep Learning (2016) §7.1.1, eq. 7.5-7.14; ESL §3.4.1, eq. 3.47-3.50.
"""

from app.data.library import Library
from app.data.problems import Bowl, Problem
from app.data.samples import Sample, TableSample
from app.geometry import Penalised, Quadratic, SquaredL2
from app.knobs import Knobs, Real, Whole, knob
from app.labs.lab import Lab, Panel, Part, Preset, parts
from app.labs.shrinkage import directions, errors, shrunk_plane, update
from app.labs.sight.scripts import optimum_script

_ALL_FEATURES = """\

# The same with all features
from sklearn.linear_model import Ridge

{data}
lengths = np.linalg.svd(X, compute_uv=False)
values = np.zeros(X.shape[1])
values[: len(lengths)] = lengths ** 2 / len(y)
alpha = {strength!r} * max(values)
factors = values / (values + alpha)
print("left of each direction:", factors)
print("effective degrees of freedom:", factors.sum())
print("w =", Ridge(alpha=len(y) * alpha, fit_intercept=False).fit(X, y).coef_)
"""


class ShrinkageKnobs(Knobs):
    """What can be turned on this page."""

    problem: Problem = knob(
        Bowl(curvature_1=0.5, curvature_2=5, angle=160, minimiser_1=2.5, minimiser_2=1.8),
        label="Problem in the plane", discriminator="kind",
        help="The loss J of two weights whose contours are drawn.",
    )  # fmt: skip
    strength: Real = knob(
        0.5, label="Strength", symbol="α/L", ge=0, le=1e6, soft=(1e-3, 1e2), step=0.05, scale="log", play=10,
        help="The weight α of the penalty ½‖w‖², as a share of the largest curvature L: play it and watch w̃ slide.",
    )  # fmt: skip
    step: Real = knob(
        0.7, label="Learning rate", symbol="η·L", ge=0.01, le=100, soft=(0.05, 2.5), step=0.05,
        help="The step of the update times the largest curvature L.",
    )  # fmt: skip
    update: Whole = knob(
        1, label="Update", symbol="k", ge=0, le=update.UPDATES, step=1, play=8,
        help="Which update is drawn: they start at ŵ, where only the scaling acts, and end where both halves cancel.",
    )  # fmt: skip
    sample: Sample = knob(
        TableSample(), label="Data with all features", discriminator="kind",
        help="The table, or the synthetic sample, whose directions are shown as bars.",
    )  # fmt: skip


def _plane_milliseconds(problem: Problem, library: Library, **_: object) -> float:
    """A quadratic is solved in closed form; another loss at each of the strengths of its path, steep ones slowly."""
    posed = library.pose(problem)
    if isinstance(posed.loss, Quadratic):
        return 1.5
    return (40.0 if posed.attained else 150.0) + posed.rows * (0.03 + 6e-4 * posed.weights)


def _update_milliseconds(problem: Problem, library: Library, **_: object) -> float:
    posed = library.pose(problem)
    return 0.8 if isinstance(posed.loss, Quadratic) else 31.0 + 1e-3 * posed.rows * posed.weights


def _point_milliseconds(problem: Problem, library: Library, **_: object) -> float:
    posed = library.pose(problem)
    return 0.8 if isinstance(posed.loss, Quadratic) else 2.1 + 8e-5 * posed.rows * posed.weights


def _sample_milliseconds(sample: Sample, library: Library, **_: object) -> float:
    return 0.5 + 4e-4 * library.extent(sample)[1] ** 2


def _script(problem: Problem, strength: float, sample: Sample, library: Library) -> str:
    """The decayed optimum in the plane by CVXPY, then the directions of all features by NumPy."""
    found = shrunk_plane.seen(library, problem)
    plane = optimum_script(found.posed, problem, SquaredL2(), Penalised(strength * found.scale))
    return plane + _ALL_FEATURES.format(data=library.sampled(sample).python, strength=strength)


PRESETS = (
    Preset(
        "survivors",
        "With α at a tenth of L, eight of the ten directions of the diabetes data keep at least half: they carry 99 % "
        "of the variance.",
        {"sample.kind": "table", "sample.dataset": "diabetes", "strength": 0.1},
        shows=("directions", "survivors", "carried"),
    ),
    Preset(
        "round",
        "Only where all curvatures are equal does weight decay shrink all weights in proportion whatever ŵ is.",
        {"problem.kind": "bowl", "problem.curvature_1": 2, "problem.curvature_2": 2, "strength": 0.5},
        shows=("plane", "ratio_1", "ratio_2"),
    ),
    Preset(
        "turned",
        "Decay can turn a weight round: on a long slanted bowl w₂ is +0.5 without it, and −0.5 at α = L/20.",
        {
            "problem.kind": "bowl", "problem.curvature_1": 0.05, "problem.curvature_2": 5, "problem.angle": 45,
            "problem.minimiser_1": 2, "problem.minimiser_2": 0.5, "strength": 0.05,
        },
        shows=("plane", "w2", "alpha"),
    ),
    Preset(
        "logistic",
        "A logistic loss is nearly a quadratic around ŵ: at α = L/100 the formula misses by less than 1 % of ‖ŵ‖, at "
        "α = 1.5 L by 11 %.",
        {"problem.kind": "synthetic_classification", "strength": 0.01},
        shows=("error", "miss", "worst_miss"),
    ),
    Preset(
        "diverging",
        "Breaks: at ηα = 3 the scaling alone multiplies every weight by −2, and the updates run away.",
        {"problem.kind": "bowl", "strength": 3, "step": 1, "update": 3},
        shows=("plane", "kept", "worst_factor"),
    ),
)  # fmt: skip

SHRINKAGE = Lab(
    slug="shrinkage",
    title="Shrinkage",
    question="What does weight decay do to each direction?",
    knobs=ShrinkageKnobs,
    figures=(
        Panel("plane", "Two weights, and the way of w̃ as α grows"),
        Panel("factors", "What is left of the two directions"),
        Panel("directions", "What is left of every direction of real data", "wide"),
        Panel("freedom", "Effective degrees of freedom of these data", "wide"),
        Panel("error", "The formula against the optimum", "wide"),
    ),
    parts=parts(
        Part("contour", shrunk_plane.contour, cost=_plane_milliseconds),
        Part("error", errors.error, cost=_plane_milliseconds),
        Part("update", update.update, cost=_update_milliseconds, sweeps=("update", "strength")),
        Part("decayed", shrunk_plane.decayed, cost=_point_milliseconds, sweeps=("strength",)),
        Part("spectrum", directions.spectrum, cost=_sample_milliseconds),
        Part("directions", directions.directions, cost=_sample_milliseconds, sweeps=("strength",)),
    ),
    presets=PRESETS,
    script=_script,
)
