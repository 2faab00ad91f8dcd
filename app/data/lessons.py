"""From a pattern to what a network is taught: the same knobs and table always give the same numbers."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.data import clouds
from app.data.designs import instead
from app.data.lesson_snippets import cloud_lines, curve_lines, digit_lines, relief_lines, table_lesson_lines
from app.data.patterns import Curve, Digits, InThePlane, Relief, TableExamples, Taught
from app.data.problems import Impossible
from app.data.sentences import counted
from app.data.tables import Table
from app.geometry.spectra import Array
from app.networks.tasks import Examples, Task

Places = NDArray[np.intp]

_BUNDLED = Path(__file__).parent / "bundled"
_CLOUDS = {
    "circle": clouds.circle, "xor": clouds.xor, "blobs": clouds.blobs, "spiral": clouds.spiral, "moons": clouds.moons,
}  # fmt: skip
_CURVES = {"sine": clouds.sine, "step": clouds.step, "bump": clouds.bump}
_RELIEFS = {"slope": clouds.slope, "hills": clouds.hills}
_PIXELS = 8


@dataclass(frozen=True, eq=False)
class Lesson:
    """What a network is taught, and what a page says about it.

    Attributes:
        task: training examples, and as validation the test examples. Classes are one column of 0 and 1 if there are
            two, else a column for each; a value to be told has mean 0 and variance 1, if it is of a table.
        inputs: names of the d inputs, raw text: escape them where they are drawn.
        classes: names of the classes in the order of the target's columns (of 0 and 1 where it is one), raw text;
            () where a value is to be told.
        window: (low, high) within which the inputs of a line or a plane are drawn; None where there are more than two.
        notes: sentences on what is awkward.
        sentence: what is learnt from what; goes on after "learns ".
        python: lines of Python that define X, y, X_test and y_test (as in ``task``) without this project.
    """

    task: Task
    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    window: tuple[float, float] | None
    notes: tuple[str, ...]
    sentence: str
    python: str

    @property
    def outputs(self) -> int:
        """The number of the target's columns."""
        return int(self.task.training.targets.shape[-1])

    @property
    def test(self) -> Examples:
        """The examples that nothing is learnt from."""
        assert self.task.validation is not None  # noqa: S101 (as `teach` makes it)
        return self.task.validation


def teach(pattern: Taught, table: Table | None = None) -> Lesson:
    """Draw or read, split, shift: pure and picklable, so that a worker process can do it.

    Args:
        pattern: the knobs.
        table: the data of `TableExamples`; not used by the others.

    Raises:
        Impossible: if the target does not exist or cannot be learnt, or the table is not the one named.
    """
    match pattern:
        case Curve():
            return _curve(pattern)
        case Relief():
            return _relief(pattern)
        case Digits():
            return _digits(pattern)
        case TableExamples():
            if table is None or table.id != pattern.dataset:
                raise Impossible("dataset", f"the data set '{pattern.dataset}' is not here: choose another one")
            return _tabled(pattern, table)
        case _:
            return _cloud(pattern)


def true_curve(pattern: Curve, x: Array) -> Array:
    """f at x (m,): what the samples lie around."""
    return _CURVES[pattern.shape](x)


def parted(rows: int, share: float, rng: np.random.Generator) -> tuple[Places, Places]:
    """Places of the rows trained on and of those held back, at least one each."""
    order = rng.permutation(rows)
    count = min(max(round(rows * share / 100.0), 1), rows - 1)
    return order[:count], order[count:]


def _cloud(pattern: InThePlane) -> Lesson:
    draw = _CLOUDS[pattern.kind]
    rng = np.random.default_rng(pattern.seed)
    X, y = draw(rng, pattern.rows, pattern.noise)
    names = ("0", "1")
    window = (-2.6, 2.6)
    return _lesson(pattern, rng, X, y[:, None], ("x₁", "x₂"), names, window, (), cloud_lines(pattern, draw))


def _curve(pattern: Curve) -> Lesson:
    rng = np.random.default_rng(pattern.seed)
    x = rng.uniform(-2.0, 2.0, (pattern.rows, 1))
    y = true_curve(pattern, x) + pattern.noise * rng.standard_normal(x.shape)
    return _lesson(pattern, rng, x, y, ("x",), (), (-2.6, 2.6), (), curve_lines(pattern, _CURVES[pattern.shape]))


def _relief(pattern: Relief) -> Lesson:
    law = _RELIEFS[pattern.shape]
    rng = np.random.default_rng(pattern.seed)
    X = rng.uniform(-2.0, 2.0, (pattern.rows, 2))
    y = law(X) + pattern.noise * rng.standard_normal((len(X), 1))
    return _lesson(pattern, rng, X, y, ("x₁", "x₂"), (), (-2.6, 2.6), (), relief_lines(pattern, law))


def _digits(pattern: Digits) -> Lesson:
    pixels, classes = _digit_rows()
    rng = np.random.default_rng(pattern.seed)
    X = pixels + pattern.noise * rng.standard_normal(pixels.shape)
    names = tuple(f"pixel {row},{column}" for row in range(_PIXELS) for column in range(_PIXELS))
    digits = tuple(str(digit) for digit in range(10))
    return _lesson(pattern, rng, X, np.eye(10)[classes], names, digits, None, (), digit_lines(pattern))


@cache
def _digit_rows() -> tuple[Array, Places]:
    """Pixels (1797, 64) from 0 to 1, and the digit of each row."""
    with (_BUNDLED / "digits.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    values = np.array(rows, dtype=np.intp)
    pixels, classes = values[:, :-1] / 16.0, values[:, -1]
    pixels.setflags(write=False)
    return pixels, classes


def _tabled(pattern: TableExamples, table: Table) -> Lesson:
    target = _target(pattern.target, table)
    columns = tuple(name for name in table.numbers if name != target)
    rng = np.random.default_rng(pattern.seed)
    raw = np.column_stack([table.column(name) for name in columns])
    training, _ = parted(table.rows, pattern.share, np.random.default_rng(pattern.seed))
    X = _standardised(raw, raw[training])
    X = X + pattern.noise * np.random.default_rng((pattern.seed, 1)).standard_normal(X.shape)
    levels = _levels(target, table)
    classes = tuple(levels)
    y = _one_hot(table.column(target), tuple(levels.values())) if levels else table.column(target)[:, None]
    y = y if levels else _standardised(y, y[training])
    constant = [name for name, column in zip(columns, X[training].T, strict=True) if not column.any()]
    notes = (f"Constant on the rows trained on, and so no help: {', '.join(constant[:5])}.",) * bool(constant)
    lines = table_lesson_lines(pattern, table, columns, target, tuple(levels.values()))
    return _lesson(pattern, rng, X, y, columns, classes, None, notes, lines)


def _target(given: str | None, table: Table) -> str:
    """The column to be learnt."""
    if given is not None and given not in table.columns:
        raise Impossible("target", f"there is no column '{given}' in this data set{instead(given, table.columns)}")
    target = given or table.target
    if len(np.unique(table.column(target))) < 2:
        raise Impossible("target", f"'{target}' has only one value, so there is nothing to learn: choose another")
    return target


def _levels(target: str, table: Table) -> dict[str, float]:
    """The classes of the target; {} where it is a number to be told."""
    found = table.levels(target)
    named = table.task == "classification" and target == table.target
    return found if named or (len(found) == 2) else {}


def _one_hot(column: Array, codes: tuple[float, ...]) -> Array:
    """One column of 0 and 1 for two classes, else one for each."""
    columns = codes[1:] if len(codes) == 2 else codes
    return np.column_stack([(column == code).astype(float) for code in columns])


def _standardised(columns: Array, on: Array) -> Array:
    """Mean 0 and variance 1 on some of the rows; a column that is constant there becomes 0."""
    spread = on.std(axis=0)
    constant = spread <= 1e-12 * np.abs(on).max(axis=0)
    return np.asarray(np.where(constant, 0.0, (columns - on.mean(axis=0)) / np.where(constant, 1.0, spread)))


def _lesson(
    pattern: Taught, rng: np.random.Generator, X: Array, y: Array, inputs: tuple[str, ...], classes: tuple[str, ...],
    window: tuple[float, float] | None, notes: tuple[str, ...], python: str,
) -> Lesson:  # fmt: skip
    """Split the rows, and move the test away."""
    training, test = parted(len(X), pattern.share, rng)
    moved = X[test]
    moved[:, 0] += pattern.shift
    X.setflags(write=False)
    task = Task(Examples(X[training], y[training]), Examples(moved, y[test]))
    what = f"{counted(len(classes), 'class')[:-1]}es" if classes else "one number"
    sentence = (
        f"{what} from {counted(len(inputs), 'input')} on {counted(len(training), 'sample')}, "
        f"tested on {counted(len(test), 'other sample')}"
    )
    missing = [name for name, there in zip(classes, _seen(y[training]), strict=False) if len(classes) > 1 and not there]
    notes = (*notes, *((f"No sample trained on is of class {', '.join(missing[:5])}.",) * bool(missing)))
    return Lesson(task, inputs, classes, window, notes, sentence, python)


def _seen(targets: Array) -> list[bool]:
    """Which classes there is a sample of."""
    if targets.shape[-1] == 1:
        return [bool((targets == 0.0).any()), bool((targets == 1.0).any())]
    return [bool(column.any()) for column in targets.T]
