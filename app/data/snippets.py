"""A problem's data as lines of Python that run without this project: NumPy, and scikit-learn for its data sets."""

from app.data.designs import Design
from app.data.problems import Bowl, SyntheticClassification, SyntheticRegression, Tabled
from app.data.samples import SyntheticSample
from app.data.synthetic import true_weights
from app.data.tables import Table
from app.geometry.spectra import Array

_LOADERS = {
    "diabetes": "load_diabetes(scaled=False)",
    "breast_cancer": "load_breast_cancer()",
    "iris": "load_iris()",
    "wine": "load_wine()",
}


def bowl_lines(problem: Bowl) -> str:
    """Lines that define H (2, 2) and ``minimiser`` (2,)."""
    return f"""\
import numpy as np

# A bowl J(w) = (w - minimiser)' H (w - minimiser) / 2
angle = np.deg2rad({problem.angle!r})
axes = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
H = axes @ np.diag([{problem.curvature_1!r}, {problem.curvature_2!r}]) @ axes.T
minimiser = np.array([{problem.minimiser_1!r}, {problem.minimiser_2!r}])
"""


def synthetic_lines(problem: SyntheticRegression | SyntheticClassification) -> str:
    """Lines that define X (n, 2), standardised, and y (n,): centred, or −1 and +1."""
    start = f"""\
import numpy as np

rng = np.random.default_rng({problem.seed})
X = rng.standard_normal(({problem.rows}, 2))
X[:, 1] = {problem.correlation!r} * X[:, 0] + np.sqrt(1 - {problem.correlation!r} ** 2) * X[:, 1]
"""
    match problem:
        case SyntheticRegression():
            return start + _scale_lines((), standardise=True) + _signal_lines(problem)
        case SyntheticClassification():
            return start + _cloud_lines(problem) + _scale_lines((), standardise=True) + _flip_lines(problem)


def _signal_lines(problem: SyntheticRegression) -> str:
    return f"""\
y = X @ np.array([{problem.weight_1!r}, {problem.weight_2!r}]) + {problem.noise!r} * rng.standard_normal(len(X))
y = y - y.mean()
"""


def _cloud_lines(problem: SyntheticClassification) -> str:
    return f"""\
y = np.where(np.arange(len(X)) % 2 == 0, 1.0, -1.0)
direction = np.deg2rad({problem.direction!r})
X = X + y[:, None] * {problem.distance!r} / 2 * np.array([np.cos(direction), np.sin(direction)])
"""


def _flip_lines(problem: SyntheticClassification) -> str:
    return f"y = np.where(rng.random(len(X)) < {problem.noise!r}, -y, y)  # some labels are turned around\n"


def table_lines(problem: Tabled, table: Table, made: Design, held: Array | None) -> str:
    """Lines that define X (n, d) and y (n,) of a design; for others="fixed" X (n, 2) and ``offset`` (n,).

    Args:
        problem: the knobs.
        table: its table; an upload is read from a file with the name of its id.
        made: the design made of them.
        held: weights of the columns after the second where they are fixed, else None.
    """
    return sample_lines(table, made, standardise=problem.standardise) + _others_lines(problem, made, held)


def sample_lines(table: Table, made: Design, *, standardise: bool) -> str:
    """Lines that define X (n, d) and y (n,) of a design; an upload is read from a file with the name of its id."""
    constant = tuple(j for j in range(len(made.columns)) if not made.matrix[:, j].any())
    return (
        table_loader_lines(table, made.columns, made.target)
        + f"X = table[:, [names.index(name) for name in {list(made.columns)!r}]]\n"
        + _scale_lines(constant, standardise=standardise)
        + _response_lines(made)
    )


def synthetic_sample_lines(sample: SyntheticSample) -> str:
    """Lines that define X (n, d), standardised, and y (n,), centred, as `synthetic.linear_sample` draws them."""
    return f"""\
import numpy as np

rng = np.random.default_rng({sample.seed})
X = rng.standard_normal(({sample.rows}, {sample.features}))
for j in range(1, {sample.features}):
    X[:, j] = {sample.correlation!r} * X[:, j - 1] + np.sqrt(1 - {sample.correlation!r} ** 2) * X[:, j]
{_scale_lines((), standardise=True)}w = np.array({true_weights(sample).tolist()!r})
y = X @ w + {sample.noise!r} * rng.standard_normal({sample.rows})
y = y - y.mean()
"""


def table_loader_lines(table: Table, columns: tuple[str, ...], target: str) -> str:
    """Lines that define ``table`` and the ``names`` of its columns; an upload is read from a file named by its id."""
    known = table.id in _LOADERS
    return _bundled_lines(table.id) if known else _upload_lines(f"{table.id}.csv", (*columns, target))


def _bundled_lines(name: str) -> str:
    loader = _LOADERS[name]
    return f"""\
import numpy as np
from sklearn.datasets import {loader.partition("(")[0]}

data = {loader}
names = [*data.feature_names, "target"]
table = np.column_stack([data.data, data.target])
"""


def _upload_lines(file: str, names: tuple[str, ...]) -> str:
    return f"""\
import csv

import numpy as np

with open({file!r}, encoding="utf-8-sig", newline="") as file:
    first = file.readline()
    cells = {{mark: len(next(csv.reader([first], delimiter=mark))) for mark in ",;"}}
    file.seek(0)
    header, *rows = csv.reader(file, delimiter=max(cells, key=cells.get), skipinitialspace=True)
header = [name.strip() for name in header]
names = {[*names]!r}
table = np.array(
    [[float(row[header.index(name)].replace(",", ".")) for name in names] for row in rows if any(row)]
)
"""


def _scale_lines(constant: tuple[int, ...], *, standardise: bool) -> str:
    lines = "X = X - X.mean(axis=0)\n"
    if constant:
        lines += f"X[:, {list(constant)}] = 0.0  # constant columns\n"
    if standardise:
        lines += "X = X / np.where(X.any(axis=0), X.std(axis=0), 1.0)\n"
    return lines


def _response_lines(made: Design) -> str:
    column = f"table[:, names.index({made.target!r})]"
    if made.positive:
        return f"y = np.where({column} == {made.code!r}, 1.0, -1.0)  # {made.positive} against the rest\n"
    return f"y = {column}\ny = y - y.mean()\n"


def _others_lines(problem: Tabled, made: Design, held: Array | None) -> str:
    if held is not None:
        weights = f"np.array({held.tolist()!r})"
        return f"offset = X[:, 2:] @ {weights}  # the other weights, held\nX = X[:, :2]\n"
    if problem.others == "free" and len(made.columns) > 2:
        return "# only the first two weights are drawn and penalised; the others are free\n"
    return ""
