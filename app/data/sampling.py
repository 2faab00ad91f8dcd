"""From a sample to least squares on all its features: the same knobs and table always give the same numbers."""

from dataclasses import dataclass

import numpy as np

from app.data.designs import Design, full_design
from app.data.notes import uniqueness_notes
from app.data.problems import Impossible
from app.data.samples import Sample, SyntheticSample, TableSample
from app.data.sentences import counted, sample_sentence
from app.data.snippets import sample_lines, synthetic_sample_lines
from app.data.synthetic import linear_sample, true_weights
from app.data.tables import Table
from app.geometry.losses import Quadratic, least_squares
from app.geometry.spectra import Array


@dataclass(frozen=True, eq=False)
class Sampled:
    """A linear model's data, ready to be fitted, and what a page says about it.

    Attributes:
        design: X (n, d), centred; of variance 1 where that was asked for and a column varies.
        response: y (n,), centred: the intercept is free, and taken out by this.
        names: of the d features, raw text: escape them where they are drawn.
        target: the name of what is explained, raw text.
        loss: J(w) = ‖Xw − y‖²/(2n).
        truth: the weights (d,) of the law that a synthetic sample was drawn from; None for a table.
        notes: sentences on what is awkward, naming the features whose weights are not unique.
        sentence: what J is, in symbols and words; goes on after "J(w) = ".
        python: lines of Python that define X and y without this project.
    """

    design: Array
    response: Array
    names: tuple[str, ...]
    target: str
    loss: Quadratic
    truth: Array | None
    notes: tuple[str, ...]
    sentence: str
    python: str

    @property
    def rows(self) -> int:
        """The number n of samples."""
        return len(self.response)


def draw(sample: Sample, table: Table | None = None) -> Sampled:
    """Make X, y and J of a sample; pure and picklable, so that a worker process can do it.

    Args:
        sample: the knobs.
        table: the data of a ``TableSample``; not used by the other.

    Raises:
        Impossible: if the target does not exist in the table, or the table is not the one named.
    """
    if isinstance(sample, SyntheticSample):
        return _synthetic(sample)
    if table is None or table.id != sample.dataset:
        raise Impossible("dataset", f"the data set '{sample.dataset}' is not here: choose another one")
    return _from_table(sample, table)


def _synthetic(sample: SyntheticSample) -> Sampled:
    X, y = linear_sample(sample)
    made = Design(tuple(f"x{j}" for j in range(1, sample.features + 1)), X, "y", y)
    all_of_them = "The only feature matters" if sample.features == 1 else f"All {sample.features} features matter"
    capped = (f"{all_of_them}: there are no {sample.informative} of them.",) * (sample.informative > sample.features)
    return _sampled(made, true_weights(sample), capped, _sentence(made, True), synthetic_sample_lines(sample))


def _from_table(sample: TableSample, table: Table) -> Sampled:
    made = full_design(sample.target, table, standardise=sample.standardise)
    lines = sample_lines(table, made, standardise=sample.standardise)
    return _sampled(made, None, (), _sentence(made, sample.standardise), lines)


def _sentence(made: Design, standardise: bool) -> str:
    n, d = made.matrix.shape
    return sample_sentence(made.target, d, counted(n, "row"), standardise)


def _sampled(made: Design, truth: Array | None, notes: tuple[str, ...], sentence: str, python: str) -> Sampled:
    X, y = (np.ascontiguousarray(one) for one in (made.matrix, made.response))
    X.flags.writeable = y.flags.writeable = False
    return Sampled(
        design=X,
        response=y,
        names=made.columns,
        target=made.target,
        loss=least_squares(X, y),
        truth=truth,
        notes=(*notes, *uniqueness_notes(made)),
        sentence=sentence,
        python=python,
    )
