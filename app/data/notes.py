"""What is awkward about data, in sentences: nothing here is an error, and every case still has a picture."""

import numpy as np

from app.data.designs import Design
from app.geometry.losses import Loss
from app.geometry.spectra import RANK_TOLERANCE, Array, column_lengths, orthonormal_columns

HELD_NEARBY = (
    "All features together separate the classes, so there is no free optimum to hold the others at: "
    "they are held where squared L2 with strength L/1000 puts them."
)
_NAMED = 4
_ALL = 50


def sample_notes(made: Design) -> tuple[str, ...]:
    """What the columns and rows of a design have that a picture of two weights must explain."""
    X = made.matrix
    n, d = X.shape
    varying = int(X.any(axis=0).sum())
    collinear = (_collinear(made),) if 1 < n > d and _rank(X) < varying else ()
    return (*_column_notes(made), *collinear, *_target_notes(made))


def uniqueness_notes(made: Design) -> tuple[str, ...]:
    """The same for all features of a sample: every feature whose weight is not unique is named."""
    X = made.matrix
    varying = np.flatnonzero(X.any(axis=0))
    tied = [varying[group] for group in _tied(X[:, varying])] if len(X) > 1 else []
    ties = (_tie(tuple(made.columns[j] for j in group), X[:, group], len(made.columns)) for group in tied)
    return (*_column_notes(made), *ties, *_target_notes(made))


def _column_notes(made: Design) -> tuple[str, ...]:
    X = made.matrix
    n, d = X.shape
    if n == 1:
        return ("There is only one row: the intercept fits it alone, and the weights do nothing.",)
    constant = tuple(name for name, varies in zip(made.columns, X.T, strict=True) if not varies.any())
    few = (f"There are {n} rows for {d} features and the intercept: many weights fit equally well.",) * (n <= d)
    return (*few, _constant(constant)) if constant else few


def _target_notes(made: Design) -> tuple[str, ...]:
    if len(made.response) == 1 or made.response.any():  # labels are never 0: of a single class the loss itself speaks
        return ()
    return (f"The target '{made.target}' is constant: nothing is left to explain, and the free optimum is 0.",)


def _rank(X: Array) -> int:
    return int(orthonormal_columns(X)[0].shape[1]) if X.any() else 0


def _constant(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"'{names[0]}' is constant: its weight does nothing."
    return f"{_list(names)} are constant: their weights do nothing."


def _collinear(made: Design) -> str:
    which = _list(made.columns) if len(made.columns) == 2 else "Some features"
    return f"{which} are collinear: the weights are not unique, and many fit equally well."


def _tied(X: Array) -> list[Array]:
    """Sets of columns whose weights can be traded for each other without changing Xw: X (n, d) without zero columns.

    Weight j is unique if every direction of the null space has a 0 there; two are tied to each other if the projector
    onto the null space, which does not depend on a basis, has an entry for the pair.
    """
    if not X.size:
        return []
    _, sizes, right = np.linalg.svd(X / column_lengths(X), full_matrices=len(X) < X.shape[1])
    null = right[int((sizes > RANK_TOLERANCE).sum()) :]
    linked = np.abs(null.T @ null) > RANK_TOLERANCE
    found, left = [], set(np.flatnonzero(linked.diagonal()).tolist())
    while left:
        group, edge = set[int](), {min(left)}
        while edge:
            group |= edge
            edge = set(np.flatnonzero(linked[sorted(edge)].any(axis=0)).tolist()) - group
        found.append(np.array(sorted(group)))
        left -= group
    return found


def _tie(names: tuple[str, ...], columns: Array, features: int) -> str:
    directions = columns / column_lengths(columns)
    if np.abs(np.abs(directions.T @ directions) - 1.0).max() < RANK_TOLERANCE:
        return f"{_list(names, _ALL)} are copies up to scale: only what their weights add up to is unique."
    if len(names) == features > 2:
        return f"All {features} features are collinear: no weight is unique, and many fit equally well."
    return f"{_list(names, _ALL)} are collinear: their weights are not unique, and many fit equally well."


def loss_notes(loss: Loss) -> tuple[str, ...]:
    """What the loss over the two weights says of itself: why it has no finite optimum."""
    found = loss.minimum
    if not found.attained:
        return (f"{_capital(found.reason)}.",)
    return ()


def _list(names: tuple[str, ...], most: int = _NAMED) -> str:
    if len(names) > most:
        return ", ".join(f"'{name}'" for name in names[:most]) + f" and {len(names) - most} more"
    return ", ".join(f"'{name}'" for name in names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
