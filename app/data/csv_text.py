"""From the bytes of a CSV to its header and rows of cells, or a list of what is wrong with it.

The text is only ever read: nothing in it is evaluated, opened or fetched, whatever it looks like.
"""

import csv
import re
from dataclasses import dataclass, field
from io import StringIO
from typing import Literal

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_ERRORS = 20
LONGEST_NAME = 64  # what the knob that names a column accepts
_LONGEST_HEADER = 2 * MOST_COLUMNS * LONGEST_NAME
_SHOWN = 40

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Mark = Literal[",", ";"]


class CsvRefused(ValueError):
    """A file that cannot be read as a table.

    Attributes:
        errors: (where, message), the first 20; where is "file", "row 3", "column price" or "row 3, column price".
    """

    def __init__(self, errors: tuple[tuple[str, str], ...]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "; ".join(f"{where}: {message}" for where, message in self.errors)


@dataclass
class Complaints:
    """Collects what is wrong, and ends the reading at the twentieth."""

    errors: list[tuple[str, str]] = field(default_factory=list)

    def add(self, where: str, message: str) -> None:
        """Note one thing. Raises CsvRefused with all of them if it is the twentieth."""
        self.errors.append((where, message))
        if len(self.errors) >= MOST_ERRORS:
            self.settle()

    def settle(self) -> None:
        """Go on only if nothing is wrong. Raises CsvRefused otherwise."""
        if self.errors:
            raise CsvRefused(tuple(self.errors))


def refused(where: str, message: str) -> CsvRefused:
    """A refusal for one reason."""
    return CsvRefused(((where, message),))


def decoded(content: bytes) -> str:
    """The text of an uploaded file; UTF-8 with or without a byte order mark. Raises CsvRefused."""
    if len(content) > MOST_BYTES:
        raise refused("file", f"has {len(content):,} bytes: at most {MOST_BYTES:,} (1 MB) are allowed")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("file", "is in UTF-16: save it as 'CSV UTF-8'")
    if content.startswith(b"PK\x03\x04"):
        raise refused("file", "is a spreadsheet or an archive: export the table as 'CSV UTF-8' and drop that")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        raise refused(_place(before), _not_utf8(content[error.start])) from None
    if not text.strip():
        raise refused("file", "is empty: a header and at least one row of numbers are needed")
    found = _CONTROL.search(text)
    if found:
        what = "a NUL byte" if found[0] == "\0" else f"the control character U+{ord(found[0]):04X}"
        raise refused(_place(text[: found.start()]), f"has {what}: this is not a text file; save it as 'CSV UTF-8'")
    return text


def _not_utf8(byte: int) -> str:
    return f"has the byte 0x{byte:02X}, which is not UTF-8: save the file as 'CSV UTF-8', other encodings are not read"


def _place(before: str) -> str:
    """The row and column in which a text ends; quotation marks are not looked at, the file is no CSV anyway."""
    lines = StringIO(before + "x", newline=None).read().split("\n")
    return f"row {len(lines)}, column {lines[-1].count(delimiter(before)) + 1}"


def delimiter(text: str) -> Mark:
    """The one of comma and semicolon that cuts the header into more cells; a comma if neither does."""
    header = StringIO(text, newline="").readline()[:_LONGEST_HEADER]
    commas, semicolons = (len(next(csv.reader([header], delimiter=mark), [])) for mark in ",;")
    return ";" if semicolons > commas else ","


def records(text: str, mark: Mark) -> tuple[list[str], list[list[str]]]:
    """The names in the header and the rows under it, all of one length. Raises CsvRefused."""
    complaints = Complaints()
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, skipinitialspace=True, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    try:
        header = [name.strip() for name in next(reader)]
        for cells in reader:
            rows.append([cell.strip() for cell in cells])
            if len(rows) > MOST_ROWS and (any(rows[-1]) or len(rows) > 2 * MOST_ROWS):
                raise refused("file", f"has more than the {MOST_ROWS:,} rows that are allowed under the header")
    except csv.Error:
        row = len(rows) + 2 if header else 1
        raise refused(f"row {row}", "has a cell that is too long, or a quotation mark that is not closed") from None
    while rows and not any(rows[-1]):  # spreadsheets like to end with empty rows
        rows.pop()
    _check_header(header, complaints)
    _check_rows(len(header), rows, complaints)
    complaints.settle()
    return header, rows


def _check_header(header: list[str], complaints: Complaints) -> None:
    if len(header) > MOST_COLUMNS:
        raise refused("row 1", f"names {len(header):,} columns: at most {MOST_COLUMNS} are allowed")
    if len(header) < 2:
        raise refused("row 1", "must name the columns, separated by commas or semicolons; it has one cell only")
    if all(NUMBER.fullmatch(name) for name in header):
        raise refused("row 1", f"has numbers ({quoted(header[0])}) where the names of the columns should be")
    for place, name in enumerate(header, start=1):
        wrong = _wrong_with_name(name, header[: place - 1])
        if wrong:
            complaints.add(f"row 1, column {place}", wrong)


def _wrong_with_name(name: str, before: list[str]) -> str:
    if not name:
        return "has no name: every column needs one"
    if len(name) > LONGEST_NAME:
        return f"has a name of {len(name):,} characters: at most {LONGEST_NAME} are allowed"
    if not name.isprintable():
        return "has a name with characters that cannot be printed: letters, digits, signs and spaces are allowed"
    return f"has the name {quoted(name)} again: every column needs its own" if name in before else ""


def _check_rows(width: int, rows: list[list[str]], complaints: Complaints) -> None:
    if not rows:
        raise refused("file", "has nothing under its header: at least one row of numbers is needed")
    for place, cells in enumerate(rows, start=2):
        if len(cells) != width:
            has = f"has {len(cells)} cell{'s' * (len(cells) != 1)}" if cells else "is blank"
            complaints.add(f"row {place}", f"{has}, the header has {width}: every row needs one cell for each column")


def quoted(cell: str) -> str:
    """A cell as an error message shows it: short and printable."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in cell[:_SHOWN])
    return f"'{shown}{'…' * (len(cell) > _SHOWN)}'"
