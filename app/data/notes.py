"""What is awkward about data, in sentences: nothing here is an error, and every case still has a picture."""

from app.data.designs import Design
from app.geometry.losses import Loss
from app.geometry.spectra import Array, orthonormal_columns

HELD_NEARBY = (
    "All features together separate the classes, so there is no free optimum to hold the others at: "
    "they are held where squared L2 with strength L/1000 puts them."
)
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
    if n > 1 and not y.any():  # labels are never 0: of a single class the loss itself speaks
        notes.append(f"The target '{made.target}' is constant: nothing is left to explain, and the free optimum is 0.")
    return tuple(notes)


def _rank(X: Array) -> int:
    return int(orthonormal_columns(X)[0].shape[1]) if X.any() else 0


def _constant(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"'{names[0]}' is constant: its weight does nothing."
    return f"{_list(names)} are constant: their weights do nothing."


def _collinear(made: Design) -> str:
    which = _list(made.columns) if len(made.columns) == 2 else "Some features"
    return f"{which} are collinear: the weights are not unique, and many fit equally well."


def loss_notes(loss: Loss) -> tuple[str, ...]:
    """What the loss over the two weights says of itself: why it has no finite optimum."""
    found = loss.minimum
    if not found.attained:
        return (f"{_capital(found.reason)}.",)
    return ()


def _list(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(f"'{name}'" for name in names[:_NAMED]) + more


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
