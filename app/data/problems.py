"""What is fitted: the knobs of a bowl, of a synthetic set, of two features of a real one."""

from typing import Any, Literal

from app.knobs import Knobs, Real, Switch, Text, Whole, knob

Others = Literal["absent", "free", "fixed"]


class Impossible(ValueError):
    """A combination of knobs that does not exist.

    Attributes:
        knob: the knob to turn, relative to the problem ("dataset", "first", …).
        message: what is impossible, and what to choose instead.
    """

    def __init__(self, knob: str, message: str) -> None:
        super().__init__(knob, message)  # both, so that it survives the way back from a worker process
        self.knob = knob
        self.message = message


class Bowl(Knobs, title="Bowl"):
    """J(w) = ½(w − ŵ)ᵀH(w − ŵ), H given by its eigenvalues (curvatures) and the angle of the first eigenvector."""

    kind: Literal["bowl"] = "bowl"
    curvature_1: Real = knob(
        1.0, label="Curvature along the first axis", symbol="λ₁", ge=0.05, le=20, step=0.05, scale="log",
        soft=(0.05, 20), help="How steeply the bowl rises along its first axis: more makes the ellipses narrower.",
    )  # fmt: skip
    curvature_2: Real = knob(
        5.0, label="Curvature along the second axis", symbol="λ₂", ge=0.05, le=20, step=0.05, scale="log",
        soft=(0.05, 20), help="How steeply the bowl rises along its second axis: more makes the ellipses narrower.",
    )  # fmt: skip
    angle: Real = knob(
        0.0, label="Angle of the first axis", symbol="φ", unit="°", ge=0, le=180, step=1,
        help="Turns the axes of the bowl. At 0° the two weights do not influence each other.",
    )  # fmt: skip
    minimiser_1: Real = knob(
        2.0, label="Free optimum, first weight", symbol="ŵ₁", ge=-3, le=3, step=0.05,
        help="Moves the bottom of the bowl to the left or right.",
    )  # fmt: skip
    minimiser_2: Real = knob(
        1.0, label="Free optimum, second weight", symbol="ŵ₂", ge=-3, le=3, step=0.05,
        help="Moves the bottom of the bowl up or down.",
    )  # fmt: skip


def _rows(default: int) -> Any:
    return knob(
        default, label="Rows", symbol="n", ge=1, le=5000, step=0.1, scale="log", soft=(1, 5000),
        help="How many samples are drawn: more of them bring the free optimum closer to the truth.",
    )  # fmt: skip


def _seed() -> Any:
    return knob(
        0, label="Seed", ge=0, le=9999, step=1,
        help="Draws another sample from the same law: the same seed always gives the same sample.",
    )  # fmt: skip


class SyntheticRegression(Knobs, title="Regression on synthetic data"):
    """Least squares on y = Xw + noise with two correlated Gaussian features."""

    kind: Literal["synthetic_regression"] = "synthetic_regression"
    rows: Whole = _rows(100)
    correlation: Real = knob(
        0.5, label="Correlation of the features", symbol="ρ", ge=-0.99, le=0.99, step=0.01,
        help="How alike the two features are: towards −1 or 1 the ellipses become long and slanted.",
    )  # fmt: skip
    noise: Real = knob(
        1.0, label="Noise", symbol="σ", ge=0, le=10, step=0.05, soft=(0, 5),
        help="The spread of what the features do not explain: more of it moves the free optimum away from the truth.",
    )  # fmt: skip
    weight_1: Real = knob(
        2.0, label="True first weight", symbol="w₁", ge=-3, le=3, step=0.05,
        help="The weight of the first feature in the law that the sample is drawn from.",
    )  # fmt: skip
    weight_2: Real = knob(
        1.0, label="True second weight", symbol="w₂", ge=-3, le=3, step=0.05,
        help="The weight of the second feature in the law that the sample is drawn from.",
    )  # fmt: skip
    seed: Whole = _seed()


class SyntheticClassification(Knobs, title="Classification of synthetic data"):
    """Logistic regression on two Gaussian clouds with a common correlation, some labels flipped."""

    kind: Literal["synthetic_classification"] = "synthetic_classification"
    rows: Whole = _rows(200)
    distance: Real = knob(
        2.0, label="Distance of the classes", symbol="δ", ge=0, le=10, step=0.1, soft=(0, 6),
        help="How far apart the two clouds are, in standard deviations: far enough, a line separates them.",
    )  # fmt: skip
    direction: Real = knob(
        30.0, label="Direction of the second class", symbol="θ", unit="°", ge=0, le=360, step=1,
        help="Where the class +1 lies, seen from the class −1: at 0° only the first feature tells them apart.",
    )  # fmt: skip
    correlation: Real = knob(
        0.5, label="Correlation of the features", symbol="ρ", ge=-0.99, le=0.99, step=0.01,
        help="How alike the two features are inside each class: towards −1 or 1 the clouds become long and slanted.",
    )  # fmt: skip
    noise: Real = knob(
        0.05, label="Flipped labels", symbol="ε", ge=0, le=0.5, step=0.01,
        help="The chance that a label is turned around. At 0 and a large distance no finite optimum is left.",
    )  # fmt: skip
    seed: Whole = _seed()


def _dataset(default: str) -> Any:
    return knob(
        default, label="Data set", source="datasets", help="The table that is fitted: a classic one, or your own."
    )


def _first() -> Any:
    return knob(
        None, label="First feature", symbol="x₁", source="columns",
        help="The column whose weight w₁ is drawn to the right; not chosen, it is the table's own suggestion.",
    )  # fmt: skip


def _second() -> Any:
    return knob(
        None, label="Second feature", symbol="x₂", source="columns",
        help="The column whose weight w₂ is drawn upwards; not chosen, it is the table's own suggestion.",
    )  # fmt: skip


def _others() -> Any:
    return knob(
        "absent", label="The other features",
        choices={
            "absent": "left out",
            "free": "free, always at their best",
            "fixed": "held at the optimum of all",
        },
        help="What the rest of the table does: nothing, adapt to each pair of weights, or stay where the free optimum "
        "of all features has them. Only the two drawn weights are ever penalised.",
    )  # fmt: skip


def _standardise() -> Any:
    return knob(
        True, label="Standardise the features",
        help="Gives every feature mean 0 and variance 1, so that no weight depends on a unit of measurement.",
    )  # fmt: skip


class Regression(Knobs, title="Regression on real data"):
    """Least squares on columns of a table; the intercept is left free."""

    kind: Literal["regression"] = "regression"
    dataset: Text = _dataset("diabetes")
    target: Text | None = knob(
        None, label="Target", symbol="y", source="columns",
        help="The column to explain; not chosen, it is the table's own suggestion.",
    )  # fmt: skip
    first: Text | None = _first()
    second: Text | None = _second()
    others: Others = _others()
    standardise: Switch = _standardise()


class Classification(Knobs, title="Classification of real data"):
    """Logistic regression, one class against the rest, on columns of a table; the intercept is left free."""

    kind: Literal["classification"] = "classification"
    dataset: Text = _dataset("breast_cancer")
    target: Text | None = knob(
        None, label="Target", symbol="y", source="columns",
        help="The column whose classes are told apart; not chosen, it is the table's own suggestion.",
    )  # fmt: skip
    positive: Text | None = knob(
        None, label="Class against the rest", symbol="+1", source="classes",
        help="The class that gets the label +1, all others −1; not chosen, it is the last one.",
    )  # fmt: skip
    first: Text | None = _first()
    second: Text | None = _second()
    others: Others = _others()
    standardise: Switch = _standardise()


Tabled = Regression | Classification
Problem = Bowl | SyntheticRegression | SyntheticClassification | Regression | Classification
