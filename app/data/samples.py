"""Which data a linear model of any number of weights is fitted to: the knobs of a table, and of a synthetic sample."""

from typing import Literal

from app.knobs import Knobs, Real, Switch, Text, Whole, knob

MOST_FEATURES = 50


class TableSample(Knobs, title="A real table"):
    """Least squares on all columns of numbers of a table; the intercept is left free."""

    kind: Literal["table"] = "table"
    dataset: Text = knob(
        "diabetes", label="Data set", source="datasets", help="The table that is fitted: a classic one, or your own."
    )
    target: Text | None = knob(
        None, label="Target", symbol="y", source="columns",
        help="The column to explain by all others; not chosen, it is the table's own suggestion.",
    )  # fmt: skip
    standardise: Switch = knob(
        True, label="Standardise the features",
        help="Gives every feature mean 0 and variance 1, so that no weight depends on a unit of measurement.",
    )  # fmt: skip


class SyntheticSample(Knobs, title="Synthetic data"):
    """Least squares on y = Xw + noise: neighbouring features are alike, and a few of them matter."""

    kind: Literal["synthetic"] = "synthetic"
    rows: Whole = knob(
        100, label="Rows", symbol="n", ge=1, le=5000, step=0.1, scale="log", soft=(1, 5000),
        help="How many samples are drawn: with fewer than features, many weights fit equally well.",
    )  # fmt: skip
    features: Whole = knob(
        10, label="Features", symbol="d", ge=1, le=MOST_FEATURES, step=1,
        help="How many columns there are, and so how many weights.",
    )  # fmt: skip
    informative: Whole = knob(
        3, label="Features that matter", ge=0, le=MOST_FEATURES, step=1,
        help="How many true weights are not 0: the rest of the features is noise to the target.",
    )  # fmt: skip
    correlation: Real = knob(
        0.5, label="Correlation of neighbours", symbol="ρ", ge=0, le=1, step=0.01,
        help="How alike two neighbouring features are: those k places apart correlate by ρᵏ. At 1 all are copies.",
    )  # fmt: skip
    noise: Real = knob(
        1.0, label="Noise", symbol="σ", ge=0, le=10, step=0.05, soft=(0, 5),
        help="The spread of what the features do not explain.",
    )  # fmt: skip
    seed: Whole = knob(
        0, label="Seed", ge=0, le=9999, step=1,
        help="Draws another sample from the same law: the same seed always gives the same sample.",
    )  # fmt: skip


Sample = TableSample | SyntheticSample
