"""The table: one line for each comparison, with what was to be reached and whether it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

WIDTHS = (52, 34, 11, 11, 10, 8, 21)
HEADS = ("what", "beside", "ours", "theirs", "measured", "target", "error, ours / theirs")


@dataclass(frozen=True)
class Row:
    """One comparison, or one number that stands alone.

    Attributes:
        what: what was measured.
        beside: the peer that did the same work, or how the number was taken.
        measured: the ratio, or the number.
        unit: "×" for a ratio, else the unit of the number.
        target: what was to be reached; None for a number that only informs.
        at_most: whether the target is an upper bound.
        ours: our time or size, as it is read.
        theirs: that of the peer.
        errors: errors of both against a reference of high accuracy.
    """

    what: str
    beside: str
    measured: float
    unit: str = "×"
    target: float | None = None
    at_most: bool = False
    ours: str = ""
    theirs: str = ""
    errors: str = ""

    @property
    def missed(self) -> bool:
        """Whether there is a target and it was not reached."""
        if self.target is None:
            return False
        if isnan(self.measured):
            return True
        return self.measured > self.target if self.at_most else self.measured < self.target

    def line(self) -> str:
        """The row as text."""
        target = "" if self.target is None else f"{'≤' if self.at_most else '≥'} {number(self.target)}"
        measured = f"{number(self.measured)} {self.unit}".strip()
        return aligned((self.what, self.beside, self.ours, self.theirs, measured, target, self.errors)) + (
            "  MISSED" if self.missed else ""
        )


def faster(what: str, beside: str, ours: float, theirs: float, target: float | None = None, errors: str = "") -> Row:
    """How many times faster than a peer; CPU seconds of both."""
    return Row(what, beside, theirs / ours, "×", target, False, duration(ours), duration(theirs), errors)


def dearer(what: str, beside: str, ours: float, theirs: float, target: float | None = None) -> Row:
    """Our cost as a multiple of the peer's; CPU seconds of both."""
    return Row(what, beside, ours / theirs, "×", target, True, duration(ours), duration(theirs))


def errors(ours: float, theirs: float) -> str:
    """Two errors side by side."""
    return f"{ours:.0e} / {theirs:.0e}"


def heading(title: str) -> str:
    """The head of a group of rows."""
    return f"\n{title}\n{aligned(HEADS)}\n{'─' * (sum(WIDTHS) + 2 * len(WIDTHS))}"


def verdict(rows: Iterable[Row]) -> str:
    """One sentence on how it went."""
    aimed = [row for row in rows if row.target is not None]
    missed = [row.what for row in aimed if row.missed]
    if not missed:
        return f"\nAll {len(aimed)} targets are reached."
    return f"\n{len(aimed) - len(missed)} of {len(aimed)} targets are reached; missed: {'; '.join(missed)}."


def aligned(cells: Sequence[str]) -> str:
    """Words to the left, numbers to the right."""
    words = [cell.ljust(width) for cell, width in zip(cells[:2], WIDTHS[:2], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(cells[2:], WIDTHS[2:], strict=True)]
    return "  ".join([*words, *numbers]).rstrip()


def duration(seconds: float) -> str:
    """A time as it is read."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds * 1e6)} µs"


def number(value: float) -> str:
    """Two digits at least; small ones as a power of ten, a dash for none."""
    if isnan(value):
        return "—"
    if 0.0 < abs(value) < 0.01:
        return f"{value:.0e}"
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"
