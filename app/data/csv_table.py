"""A CSV that somebody drops on the page, as a table: which columns are numbers, and what is wrong with them."""

import re
from hashlib import sha256

import numpy as np

from app.data.csv_text import NUMBER, Complaints, CsvRefused, Mark, decoded, delimiter, quoted, records, refused
from app.data.tables import Table
from app.geometry.spectra import Array

__all__ = ["CsvRefused", "identifier", "read_csv"]

MOST_NUMERIC = 50
LARGEST = 1e30  # sums of its squares, and products of those, are far from overflow
_LONGEST_NUMBER = 40
_MOST_CODES = 10

_COMMA_NUMBER = re.compile(r"[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?", re.ASCII)
# Whatever somebody meant as a number, allowed or not: 3.5, 3,5 and 1.234,56.
_NUMERIC = re.compile(r"[+-]?(\d+([.,]\d+)*[.,]?|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
_PLAIN = re.compile(r"[0-9+\-.eE\n]+")
_MISSING = frozenset({"", "-", "?", "na", "n/a", "nan", "nil", "none", "null"})


def identifier(content: bytes) -> str:
    """The id of an upload: the same content always gets the same one."""
    return "csv-" + sha256(content).hexdigest()[:16]


def read_csv(content: bytes) -> Table:
    """Read an uploaded CSV: UTF-8, a header, comma or semicolon, at most 1 MB, 5,000 rows and 50 columns of numbers.

    Numbers are plain ASCII with a decimal point; where semicolons separate the cells a decimal comma will do. A column
    of words is left out and named in ``left_out``. Every cell of a column of numbers must be filled.

    Raises:
        CsvRefused: with up to 20 (where, message) that say which row, which column, and what is allowed.
    """
    text = decoded(content)
    mark = delimiter(text)
    header, rows = records(text, mark)
    numbers, left_out = _columns(header, rows, mark)
    if len(numbers) < 3:
        found = ", ".join(quoted(name) for name in numbers) or "none"
        message = (
            f"needs three columns of numbers, a target and two features; found {len(numbers)}: {found}; words cannot "
            f"be fitted: write classes as 0, 1, 2"
        )
        raise refused("file", message)
    return _table(identifier(content), numbers, left_out)


def _columns(header: list[str], rows: list[list[str]], mark: Mark) -> tuple[dict[str, Array], tuple[str, ...]]:
    complaints = Complaints()
    numbers: dict[str, Array] = {}
    left_out: list[str] = []
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        values = _plain_numbers(cells, mark)
        if values is None and _is_text(cells):
            left_out.append(name)
        else:
            numbers[name] = _checked_numbers(name, cells, mark, complaints) if values is None else values
        if len(numbers) > MOST_NUMERIC:
            raise refused("file", f"has more than the {MOST_NUMERIC} columns of numbers that are allowed")
    complaints.settle()
    return numbers, tuple(left_out)


def _plain_numbers(cells: tuple[str, ...], mark: Mark) -> Array | None:
    """The quick way for a column in which nothing is wrong; None if anything might be."""
    column = "\n".join(cells)
    if mark == ";" and "." not in column:
        column = column.replace(",", ".")
    # With no letter but e, float() meets neither nan, inf, 1_000 nor full-width digits.
    if not _PLAIN.fullmatch(column) or max(map(len, cells)) > _LONGEST_NUMBER:
        return None
    try:
        values = np.array([float(cell) for cell in column.split("\n")])
    except ValueError:
        return None
    return values if len(values) == len(cells) and np.abs(values).max() <= LARGEST else None


def _is_text(cells: tuple[str, ...]) -> bool:
    """Whether most filled cells of a column are words: then it was never meant as numbers."""
    filled = [cell for cell in cells if not _is_missing(cell)]
    return 2 * sum(_NUMERIC.fullmatch(cell) is not None for cell in filled) < len(filled)


def _is_missing(cell: str) -> bool:
    return cell.lower() in _MISSING


def _checked_numbers(name: str, cells: tuple[str, ...], mark: Mark, complaints: Complaints) -> Array:
    """The numbers of a column, cell by cell; what is wrong goes to the complaints."""
    values = np.zeros(len(cells))
    if all(map(_is_missing, cells)):
        complaints.add(f"column {name}", "is empty: fill it or leave it out")
        return values
    comma = mark == ";" and any("," in cell and _COMMA_NUMBER.fullmatch(cell) for cell in cells)
    for row, cell in enumerate(cells):
        wrong = _wrong_with(cell, comma)
        if wrong:
            complaints.add(f"row {row + 2}, column {name}", wrong)
        else:
            values[row] = float(cell.replace(",", "."))
    return values


def _wrong_with(cell: str, comma: bool) -> str:
    """What a number must not be, in words; "" if nothing is wrong. ``comma``: this column has decimal commas."""
    if _is_missing(cell):
        shown = f"({quoted(cell)}) " if cell else ""
        return f"the number is missing {shown}here: fill the cell or leave the row out"
    if len(cell) > _LONGEST_NUMBER:
        return f"{quoted(cell)} has {len(cell):,} characters: a number may have {_LONGEST_NUMBER}"
    if (_COMMA_NUMBER if comma else NUMBER).fullmatch(cell):
        large = abs(float(cell.replace(",", "."))) > LARGEST
        return f"{quoted(cell)} is too large: numbers from -1e30 to 1e30 are allowed" if large else ""
    return f"{quoted(cell)} {_not_a_number(cell)}"


def _not_a_number(cell: str) -> str:
    if NUMBER.fullmatch(cell):
        return "has a decimal point where other cells of the column have a decimal comma: use one of the two"
    if _COMMA_NUMBER.fullmatch(cell):
        return "has a decimal comma: write a point (3.5), or separate the cells by semicolons"
    if cell.startswith("="):
        return "is a formula, and formulas are never evaluated: save its value instead"
    return "is not a number: digits such as -3.5 or 2e-4 are allowed, without units or thousands separators"


def _table(name: str, numbers: dict[str, Array], left_out: tuple[str, ...]) -> Table:
    columns = tuple(numbers)
    values = np.column_stack([numbers[column] for column in columns])
    values.setflags(write=False)
    # The first two features that vary, so that the first picture shows something.
    first, second = sorted(columns[:-1], key=lambda column: np.ptp(numbers[column]) == 0.0)[:2]
    return Table(
        id=name,
        title=f"Your table: {len(values):,} × {len(columns)}",
        source="uploaded",
        columns=columns,
        values=values,
        target=columns[-1],
        task="classification" if _codes_classes(numbers[columns[-1]]) else "regression",
        classes={},
        suggested=(first, second),
        left_out=left_out,
    )


def _codes_classes(target: Array) -> bool:
    """Whether a target looks like codes of classes: a few whole numbers, each there several times."""
    codes = np.unique(target)
    return 2 <= len(codes) <= _MOST_CODES and bool((codes == np.rint(codes)).all()) and len(target) > 2 * len(codes)
