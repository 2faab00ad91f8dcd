"""From a table to the matrix X and the vector y that a linear model is fitted to."""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from app.data.problems import Classification, Impossible, Regression, Tabled
from app.data.tables import MOST_CLASSES, Table
from app.geometry.spectra import Array

_LISTED = 12


@dataclass(frozen=True, eq=False)
class Design:
    """What a linear model is fitted to.

    Attributes:
        columns: names of the d features; two that are drawn come first.
        matrix: X (n, d), centred (the intercept is free, so this moves only the intercept), scaled if asked for.
        target: name of the target column.
        response: y (n,): centred for regression, −1 and +1 for classification.
        positive: the class that is +1; "" for regression.
        code: its code in the table.
    """

    columns: tuple[str, ...]
    matrix: Array
    target: str
    response: Array
    positive: str = ""
    code: float = 0.0


def design(problem: Tabled, table: Table) -> Design:
    """Choose the columns and make them X and y. Raises Impossible."""
    match problem:
        case Regression():
            target = _regression_target(problem.target, table)
            columns, matrix = _features(problem, table, target)
            return Design(columns, matrix, target, centred(table.column(target)[:, None])[:, 0])
        case Classification():
            target, levels = _classes(problem.target, table)
            positive, code = _positive(problem.positive, target, levels)
            columns, matrix = _features(problem, table, target)
            labels = np.where(table.column(target) == code, 1.0, -1.0)
            return Design(columns, matrix, target, labels, positive, code)


def full_design(target: str | None, table: Table, *, standardise: bool) -> Design:
    """X of all columns of numbers but the target, and y: a regression on everything there is. Raises Impossible."""
    explained = _regression_target(target, table)
    columns = tuple(name for name in table.numbers if name != explained)
    matrix = centred(np.column_stack([table.column(name) for name in columns]))
    response = centred(table.column(explained)[:, None])[:, 0]
    return Design(columns, scaled(matrix) if standardise else matrix, explained, response)


def _features(problem: Tabled, table: Table, target: str) -> tuple[tuple[str, ...], Array]:
    pair = _pair(problem.first, problem.second, table, target)
    rest = [name for name in table.numbers if name not in {*pair, target}] if problem.others != "absent" else []
    columns = (*pair, *rest)
    matrix = centred(np.column_stack([table.column(name) for name in columns]))
    return columns, scaled(matrix) if problem.standardise else matrix


def _pair(first: str | None, second: str | None, table: Table, target: str) -> tuple[str, str]:
    for name, given in (("first", first), ("second", second)):
        if given is not None:
            _must_be_feature(name, given, table, target)
    if first is not None and first == second:
        raise Impossible("second", f"'{second}' is the first feature already: choose two different ones")
    usable = [name for name in (*table.suggested, *table.numbers) if name != target]
    one = first or next((name for name in usable if name != second), None)
    two = second or next((name for name in usable if name != one), None)
    if one is None or two is None:
        raise Impossible("dataset", "a picture needs two features beside the target: choose another data set")
    return one, two


def _must_be_feature(which: str, name: str, table: Table, target: str) -> None:
    _must_exist(which, name, table)
    if name == target:
        raise Impossible(which, f"'{name}' is the target: choose another feature, or another target")
    if name not in table.numbers:
        raise Impossible(which, f"'{name}' only names classes and is no number: choose another feature")


def _must_exist(which: str, name: str, table: Table) -> None:
    if name in table.left_out:
        raise Impossible(which, f"'{name}' is text and was left out: choose a column of numbers")
    if name not in table.columns:
        raise Impossible(which, f"there is no column '{name}' in this data set{instead(name, table.columns)}")


def instead(name: str, known: tuple[str, ...]) -> str:
    """The end of a sentence about an unknown name: what was probably meant, or what there is."""
    close = get_close_matches(name, known, n=3, cutoff=0.6)
    if close:
        return ": did you mean " + " or ".join(f"'{one}'" for one in close) + "?"
    more = ", …" if len(known) > _LISTED else ""
    return ": choose one of " + ", ".join(f"'{one}'" for one in known[:_LISTED]) + more


def _regression_target(given: str | None, table: Table) -> str:
    if given is None:
        if table.target in table.numbers:
            return table.target
        return next(name for name in (*table.numbers[::-1], *table.suggested) if name not in table.suggested)
    _must_exist("target", given, table)
    if given not in table.numbers:
        raise Impossible("target", f"'{given}' names classes: choose a column of numbers, or classification")
    return given


def _classes(given: str | None, table: Table) -> tuple[str, dict[str, float]]:
    if given is not None:
        _must_exist("target", given, table)
    tried = (given,) if given is not None else (table.target, *table.columns)
    for name in tried:
        levels = table.levels(name)
        if len(levels) > 1:
            return name, levels
    raise Impossible("target", _why_no_classes(given, table))


def _why_no_classes(given: str | None, table: Table) -> str:
    fit = tuple(name for name in table.columns if len(table.levels(name)) > 1)
    choose = instead("", fit) if fit else ": choose regression, or another data set"
    if given is None:
        return f"no column of this data set has 2 to {MOST_CLASSES} different values{choose}"
    count = len(np.unique(table.column(given)))
    if count == 1:
        return f"'{given}' has only one value, so there is nothing to tell apart{choose}"
    return f"'{given}' has {count} different values, more than the {MOST_CLASSES} that can be classes{choose}"


def _positive(given: str | None, target: str, levels: dict[str, float]) -> tuple[str, float]:
    if given is None:
        return list(levels.items())[-1]
    if given not in levels:
        raise Impossible("positive", f"'{target}' has no class '{given}'{instead(given, tuple(levels))}")
    return given, levels[given]


def centred(columns: Array) -> Array:
    """(n, m) with mean 0 in each column; what is constant up to rounding becomes exactly 0."""
    shifted = columns - columns.mean(axis=0)
    rounding = 1e-13 * np.abs(columns).max(axis=0)
    return np.where(np.abs(shifted).max(axis=0) <= rounding, 0.0, shifted)


def scaled(columns: Array) -> Array:
    """(n, m) with root mean square 1 in each column; a column of zeros stays."""
    # Divided by the largest entry first, so that no square under- or overflows.
    largest = np.abs(columns).max(axis=0)
    unit = columns / np.where(largest > 0.0, largest, 1.0)
    spread = np.sqrt((unit**2).mean(axis=0))
    return unit / np.where(spread > 0.0, spread, 1.0)
