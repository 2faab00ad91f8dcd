"""Tables of numbers that a problem can be posed on: the bundled classics, and the shape that an upload gets too."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from app.geometry.spectra import Array

MOST_CLASSES = 20
_BUNDLED = Path(__file__).parent / "bundled"


@dataclass(frozen=True, eq=False)
class Table:
    """A rectangle of finite numbers with named columns; one column is proposed as the target.

    Attributes:
        id: how the ``dataset`` knob names it; "csv-…" for an upload (content-addressed).
        title: what people call it.
        source: where it comes from.
        columns: the m column names, target included.
        values: (n, m), raw units, read-only.
        target: the column to explain unless somebody chooses another.
        task: what the target is made for.
        classes: the names of the target's codes; empty if the target is a number.
        suggested: two features that make a good first picture.
        left_out: the text columns of an upload, which no linear model can use as they are.
    """

    id: str
    title: str
    source: str
    columns: tuple[str, ...]
    values: Array
    target: str
    task: Literal["regression", "classification"]
    classes: Mapping[float, str]
    suggested: tuple[str, str]
    left_out: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """The number n of samples."""
        return len(self.values)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that measure something: all but one whose codes are only names of classes."""
        return tuple(name for name in self.columns if not (self.classes and name == self.target))

    def column(self, name: str) -> Array:
        """The n values of one column, read-only; KeyError if there is none of that name."""
        if name not in self.columns:
            raise KeyError(name)
        return self.values[:, self.columns.index(name)]

    def levels(self, name: str) -> dict[str, float]:
        """The classes of a column in ascending order of their codes: name -> code; {} if there are over 20."""
        codes = [float(code) for code in np.unique(self.column(name))]
        if len(codes) > MOST_CLASSES:
            return {}
        named = self.classes if name == self.target else {}
        return {named.get(code, plain(code)): code for code in codes}


def plain(number: float) -> str:
    """A number as people write it: 3 rather than 3.0, and never two numbers alike."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


@dataclass(frozen=True)
class _Entry:
    id: str
    title: str
    source: str
    suggested: tuple[str, str]
    classes: tuple[str, ...] = ()


_ENTRIES = (
    _Entry(
        "diabetes",
        "Diabetes: how far it progressed in a year",
        "Efron, Hastie, Johnstone and Tibshirani (2004), as distributed with scikit-learn",
        ("bmi", "s5"),
    ),
    _Entry(
        "breast_cancer",
        "Breast cancer Wisconsin: malignant or benign",
        "Wolberg, Street and Mangasarian (1995), UCI Machine Learning Repository, as distributed with scikit-learn",
        ("mean radius", "mean texture"),
        ("malignant", "benign"),
    ),
    _Entry(
        "iris",
        "Iris: three species by their leaves of the flower",
        "Fisher (1936), as distributed with scikit-learn",
        ("petal length (cm)", "petal width (cm)"),
        ("setosa", "versicolor", "virginica"),
    ),
    _Entry(
        "wine",
        "Wine: three cultivars by their chemistry",
        "Forina et al. (1991), UCI Machine Learning Repository, as distributed with scikit-learn",
        ("alcohol", "flavanoids"),
        ("class_0", "class_1", "class_2"),
    ),
)


def bundled() -> dict[str, Table]:
    """The classic real data sets that come with the project, by id, read from app/data/bundled."""
    return {entry.id: _read(entry) for entry in _ENTRIES}


def _read(entry: _Entry) -> Table:
    with (_BUNDLED / f"{entry.id}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    codes = {name: str(code) for code, name in enumerate(entry.classes)}
    values = np.array([[float(codes.get(cell, cell)) for cell in row] for row in rows])
    values.setflags(write=False)
    return Table(
        id=entry.id,
        title=entry.title,
        source=entry.source,
        columns=tuple(header),
        values=values,
        target=header[-1],
        task="classification" if entry.classes else "regression",
        classes={float(code): name for code, name in enumerate(entry.classes)},
        suggested=entry.suggested,
    )
