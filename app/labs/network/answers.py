"""What a network says where its inputs are no plane: classes taken for one another, values beside the true ones."""

from html import escape

import numpy as np

from app.data import Lesson
from app.figures import marks
from app.figures.marks import Array, Figure, Mark
from app.labs.training.pictures import coarse

MOST_DOTS = 200
LONGEST = 10  # characters of a class's name


def ground(lesson: Lesson) -> Figure:
    """The axes, and the line on which what is said is true: what no training moves."""
    return _classes(lesson) if lesson.classes else _values(lesson)


def said(lesson: Lesson, answers: Array) -> list[Mark]:
    """What a network says (m, n_out) of the test."""
    return _confusion(lesson, answers) if lesson.classes else _beside(lesson, answers)


def _classes(lesson: Lesson) -> Figure:
    count = len(lesson.classes)
    names = [
        escape(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…", quote=False) for name in lesson.classes
    ]
    ticks: Mark = {
        "tickvals": list(range(count)),
        "ticktext": names,
        "showgrid": False,
        "zeroline": False,
        "constrain": "domain",
    }
    across = {"title": {"text": "what the network says"}, "range": [-0.5, count - 0.5]}
    upright = {"title": {"text": "what it is"}, "range": [count - 0.5, -0.5], "automargin": True}
    return marks.figure([], xaxis={**across, **ticks}, yaxis={**upright, **ticks}, showlegend=False)


def confusion(lesson: Lesson, answers: Array) -> Array:
    """(k, k) how many of the test of each class (row) the network takes for which (column)."""
    targets = lesson.test.targets
    if lesson.outputs == 1:
        true, taken = (targets[:, 0] > 0.5).astype(int), (answers[:, 0] > 0.5).astype(int)
    else:
        true, taken = targets.argmax(axis=1), answers.argmax(axis=1)
    counts = np.zeros((len(lesson.classes),) * 2)
    np.add.at(counts, (true, taken), 1.0)
    return counts


def _confusion(lesson: Lesson, answers: Array) -> list[Mark]:
    counts = confusion(lesson, answers)
    shares = 100.0 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    places = np.arange(len(lesson.classes), dtype=float)
    hover = "%{text} of the test, %{z} % of what is %{y}, said to be %{x}<extra></extra>"
    made = marks.heat("confusion", places, places, shares, hover)
    texts = [[str(int(one)) if one else "" for one in row] for row in counts]
    return [
        {
            **made,
            "z": np.round(shares).astype(np.int8),
            "zmin": 0,
            "zmax": 100,
            "text": texts,
            "texttemplate": "%{text}",
        }
    ]


def _ends(lesson: Lesson) -> tuple[float, float]:
    low, high = float(lesson.test.targets.min()), float(lesson.test.targets.max())
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin


def _values(lesson: Lesson) -> Figure:
    low, high = _ends(lesson)
    truth = marks.line("true_line", np.array([[low, low], [high, high]]), "what is said is true<extra></extra>")
    axes = marks.axes(("the true value, standardised", "what the network says"), (low, high, low, high))
    return marks.figure([truth], **axes)


def _beside(lesson: Lesson, answers: Array) -> list[Mark]:
    low, high = _ends(lesson)
    points = np.column_stack([lesson.test.targets[:MOST_DOTS, 0], np.clip(answers[:MOST_DOTS, 0], low, high)])
    hover = "true %{x}<br>said %{y}<extra></extra>"
    dots = marks.dots("test", coarse(points), hover)
    return [{**dots, "marker": {**dots["marker"], "size": 6}}]
