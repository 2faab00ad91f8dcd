"""What is awkward about data, in sentences: nothing here is an error, and every case still has a picture."""

import numpy as np

from app.data.designs import Design
from app.geometry.losses import Loss
from app.geometry.spectra import Array, orthonormal_columns

_NAMED = 4


def sample_notes(made: Design) -> tuple[str, ...]:
    """What the columns and rows of a design have that a picture must explain."""
    X, y = made.matrix, made.response
    n, d = X.shape
    constant = tuple(name for name, varies in zip(made.columns, X.T, strict=True) if not varies.any())
    notes = []
    if n == 1:
        notes.append("There is only one row: the intercept fits it alone, and the weights do nothing.")
    elif n <= d:
        notes.append(f"There are {n} rows for {d} features and the intercept: many weights fit equally well.")
    if constant and n > 1:
        notes.append(_constant(constant))
    if 1 < n > d and _rank(X) < d - len(constant):
        notes.append(_collinear(made))
    if n > 1 and np.ptp(y) == 0.0:
        notes.append(_single(made))
    return tuple(notes)


def _rank(X: Array) -> int:
    return int(orthonormal_columns(X)[0].shape[1]) if X.any() else 0


def _constant(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"{_capital(names[0])} is constant: its weight does nothing."
    return f"{_list(names)} are constant: their weights do nothing."


def _collinear(made: Design) -> str:
    which = " and ".join(made.columns) if len(made.columns) == 2 else "Some features"
    return f"{_capital(which)} are collinear: the weights are not unique, and many fit equally well."


def _single(made: Design) -> str:
    if made.response.any():
        return "There is only one class: the intercept alone explains it, whatever the weights are."
    return f"The target {made.target} is constant: no feature explains anything, and the free optimum is 0."


def loss_notes(loss: Loss) -> tuple[str, ...]:
    """What the loss over the two weights itself has to say: no finite optimum, nothing left to explain."""
    found = loss.minimum
    if not found.attained:
        return (f"{_capital(found.reason)}.",)
    return ()


def _list(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
