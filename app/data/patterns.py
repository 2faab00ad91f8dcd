"""What networks learn: the knobs of patterns in a plane, curves over a line, handwritten digits, a table."""

from typing import Any, Literal

from app.knobs import Knobs, Real, Text, Whole, knob

MOST_ROWS = 2000


def _rows(default: int = 400) -> Any:
    return knob(
        default, label="Samples", symbol="n", ge=4, le=MOST_ROWS, step=0.05, scale="log", soft=(20, MOST_ROWS),
        help="How many samples are drawn, those that are held back for the test included.",
    )  # fmt: skip


def _noise(default: float, words: str) -> Any:
    return knob(default, label="Noise", symbol="σ", ge=0, le=2, step=0.02, soft=(0, 1), help=words)


_MOVES = "How far each sample is moved from where its class put it: more of it lets the classes overlap."


def _share(default: float = 50) -> Any:
    return knob(
        default, label="Share trained on", unit="%", ge=1, le=99, step=1,
        help="The share of the samples that is trained on; the rest is the test. Few samples are soon learnt by heart.",
    )  # fmt: skip


def _shift() -> Any:
    return knob(
        0.0, label="Shift of the test", symbol="δ", ge=-5, le=5, step=0.05, soft=(-2, 2),
        help="Moves the test samples along the first input, and not their classes: the future differs from the past.",
    )  # fmt: skip


def _seed() -> Any:
    return knob(
        0, label="Seed of the data", ge=0, le=9999, step=1,
        help="Draws and splits the samples anew: the same seed always gives the same ones.",
    )  # fmt: skip


class Circle(Knobs, title="Circle"):
    """A disc within a ring: no line tells them apart."""

    kind: Literal["circle"] = "circle"
    rows: Whole = _rows()
    noise: Real = _noise(0.2, _MOVES)
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


class Xor(Knobs, title="Exclusive or"):
    """Four squares; those that face each other are of one class. Minsky & Papert (1969)."""

    kind: Literal["xor"] = "xor"
    rows: Whole = _rows()
    noise: Real = _noise(0.2, _MOVES)
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


class Blobs(Knobs, title="Two blobs"):
    """Two round clouds, which a line tells apart."""

    kind: Literal["blobs"] = "blobs"
    rows: Whole = _rows()
    noise: Real = _noise(0.3, _MOVES)
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


class Spiral(Knobs, title="Spirals"):
    """Two arms wound around each other: the hardest of the patterns for few units."""

    kind: Literal["spiral"] = "spiral"
    rows: Whole = _rows()
    noise: Real = _noise(0.05, _MOVES)
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


class Moons(Knobs, title="Moons"):
    """Two half circles that reach into each other."""

    kind: Literal["moons"] = "moons"
    rows: Whole = _rows()
    noise: Real = _noise(0.15, _MOVES)
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


class Curve(Knobs, title="Curve"):
    """One number to be told from another: y = f(x) + noise, with x between −2 and 2."""

    kind: Literal["curve"] = "curve"
    shape: Literal["sine", "step", "bump"] = knob(
        "sine", label="Shape", choices={"sine": "a sine", "step": "a step", "bump": "a narrow bump"},
        help="The true curve f that the samples lie around.",
    )  # fmt: skip
    rows: Whole = _rows(100)
    noise: Real = _noise(0.2, "The spread of the samples around the true curve.")
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


class Relief(Knobs, title="Relief"):
    """One number to be told from two: y = f(x₁, x₂) + noise, with both inputs between −2 and 2."""

    kind: Literal["relief"] = "relief"
    shape: Literal["slope", "hills"] = knob(
        "slope", label="Shape", choices={"slope": "a tilted plane", "hills": "hills and hollows"},
        help="The true surface f that the samples lie around: (x₁ + x₂)/4, or three round hills and three hollows.",
    )  # fmt: skip
    rows: Whole = _rows()
    noise: Real = _noise(0.1, "The spread of the samples around the true surface, in y.")
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


class Digits(Knobs, title="Handwritten digits"):
    """1,797 digits of 8 × 8 pixels, ten classes. Alpaydin & Kaynak (1998), UCI Machine Learning Repository."""

    kind: Literal["digits"] = "digits"
    noise: Real = _noise(0.0, "The spread of what is added to each pixel, where 1 is from white to black.")
    share: Real = _share(80)
    shift: Real = _shift()
    seed: Whole = _seed()


class TableExamples(Knobs, title="A real table"):
    """All columns of numbers of a table, each brought to mean 0 and variance 1 on the rows trained on."""

    kind: Literal["table"] = "table"
    dataset: Text = knob(
        "breast_cancer", label="Data set", source="datasets", help="The table to learn: a classic one, or your own."
    )
    target: Text | None = knob(
        None, label="Target", symbol="y", source="targets",
        help="The column to tell from all others; not chosen, it is the table's own suggestion.",
    )  # fmt: skip
    noise: Real = _noise(0.0, "The spread of what is added to each standardised feature.")
    share: Real = _share()
    shift: Real = _shift()
    seed: Whole = _seed()


InThePlane = Circle | Xor | Blobs | Spiral | Moons
Pattern = Circle | Xor | Blobs | Spiral | Moons | Curve | Digits | TableExamples
Taught = Pattern | Relief  # apart: most labs draw what lies in a plane as two classes
