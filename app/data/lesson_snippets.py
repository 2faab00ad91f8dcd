"""What a network is taught, as lines of Python that run without this project."""

import inspect
from collections.abc import Callable
from typing import Any

from app.data.patterns import Curve, Digits, InThePlane, Relief, TableExamples, Taught
from app.data.snippets import table_loader_lines
from app.data.tables import Table

_SPLIT = """\
order = rng.permutation(len(X))
count = min(max(round(len(X) * {share!r} / 100), 1), len(X) - 1)
training, test = order[:count], order[count:]
"""
_SHARED_OUT = """\
X, y, X_test, y_test = X[training], y[training], X[test], y[test]
X_test[:, 0] += {shift!r}  # the future differs from the past
"""


def cloud_lines(pattern: InThePlane, draw: Callable[..., Any]) -> str:
    """Points of two classes in a plane."""
    return f"""\
import numpy as np


{_source(draw)}

rng = np.random.default_rng({pattern.seed})
X, y = {draw.__name__}(rng, {pattern.rows}, {pattern.noise!r})
y = y[:, None]
{_parted(pattern)}"""


def curve_lines(pattern: Curve, curve: Callable[..., Any]) -> str:
    """Values along a line."""
    return f"""\
import numpy as np


{_source(curve)}

rng = np.random.default_rng({pattern.seed})
X = rng.uniform(-2.0, 2.0, ({pattern.rows}, 1))
y = {curve.__name__}(X) + {pattern.noise!r} * rng.standard_normal(X.shape)
{_parted(pattern)}"""


def relief_lines(pattern: Relief, relief: Callable[..., Any]) -> str:
    """Values over a plane."""
    return f"""\
import numpy as np


{_source(relief)}

rng = np.random.default_rng({pattern.seed})
X = rng.uniform(-2.0, 2.0, ({pattern.rows}, 2))
y = {relief.__name__}(X) + {pattern.noise!r} * rng.standard_normal((len(X), 1))
{_parted(pattern)}"""


def digit_lines(pattern: Digits) -> str:
    """Pixels from 0 to 1."""
    return f"""\
import numpy as np
from sklearn.datasets import load_digits

digits = load_digits()
rng = np.random.default_rng({pattern.seed})
X = digits.data / 16 + {pattern.noise!r} * rng.standard_normal(digits.data.shape)
y = np.eye(10)[digits.target]
{_parted(pattern)}"""


def table_lesson_lines(
    pattern: TableExamples, table: Table, columns: tuple[str, ...], target: str, codes: tuple[float, ...]
) -> str:
    """Columns of a table, standardised on the rows trained on."""
    kept = codes[1:] if len(codes) == 2 else codes
    classes = f"y = np.column_stack([(y == code).astype(float) for code in {kept!r}])\n"
    number = "y = ((y - y[training].mean()) / y[training].std())[:, None]\n"
    noise = f"np.random.default_rng(({pattern.seed}, 1)).standard_normal(X.shape)"
    return (
        table_loader_lines(table, columns, target)
        + f"X = table[:, [names.index(name) for name in {list(columns)!r}]]\n"
        + f"y = table[:, names.index({target!r})]\n"
        + f"rng = np.random.default_rng({pattern.seed})\n"
        + _SPLIT.format(share=pattern.share)
        + "spread = X[training].std(axis=0)\n"
        + "X = np.where(spread > 0, (X - X[training].mean(axis=0)) / np.where(spread > 0, spread, 1), 0)\n"
        + f"X = X + {pattern.noise!r} * {noise}\n"
        + (classes if codes else number)
        + _SHARED_OUT.format(shift=pattern.shift)
    )


def _parted(pattern: Taught) -> str:
    return _SPLIT.format(share=pattern.share) + _SHARED_OUT.format(shift=pattern.shift)


def _source(function: Callable[..., Any]) -> str:
    """The function as it stands in `clouds`, without the types that only the project knows."""
    head, _, rest = inspect.getsource(function).partition("\n")
    name, _, given = head.partition("(")
    names = ", ".join(one.split(":")[0].strip() for one in given.partition(")")[0].split(","))
    return f"{name}({names}):\n{rest}".rstrip() + "\n"
