"""A number to be told from a point in the plane: what the network says as colours, samples by sign and by size."""

import numpy as np

from app.data import Lesson
from app.figures import marks
from app.figures.marks import Array, Figure, Mark
from app.geometry.numerals import numeral
from app.labs.training.pictures import CELLS, MOST_DOTS, Says, coarse, middles, squared
from app.networks import Examples

SMALLEST, WIDENED = 4.0, 7.0  # pixels of a sample whose value is 0, and how many more at the largest


def is_one(lesson: Lesson) -> bool:
    """Whether it is a number that is told from two inputs that can be drawn."""
    return lesson.window is not None and len(lesson.inputs) == 2 and not lesson.classes


def samples(lesson: Lesson, *, test: bool) -> Figure:
    """The samples of a relief on its axes: two symbols for the sign of y, large where |y| is.

    Args:
        lesson: what is taught: see `is_one`.
        test: whether those of the test are drawn.
    """
    assert lesson.window is not None  # noqa: S101 (see `is_one`)
    reach = _reach(lesson)
    drawn = _signed("sample", lesson.task.training, reach) + (_signed("test", lesson.test, reach) if test else [])
    names = (lesson.inputs[0], lesson.inputs[1])
    return marks.figure(drawn, **marks.axes(names, (*lesson.window, *lesson.window)))


def surface(lesson: Lesson, says: Says, *, signs: bool) -> Figure:
    """What a network says over the plane, as colours from −r to r with r the largest |y| of all samples.

    Beyond them the colour stays. Lay it over `samples`, which has the axes.

    Args:
        lesson: what was taught: see `is_one`.
        says: the network, of the lesson's own inputs.
        signs: whether only the sign is drawn, as −r or r.
    """
    assert lesson.window is not None  # noqa: S101 (see `is_one`)
    across, reach = middles(lesson.window, CELLS), _reach(lesson)
    heights = says(squared(across))[:, 0].reshape(CELLS, CELLS)
    shown = np.where(heights < 0.0, -reach, reach) if signs else np.clip(heights, -reach, reach)
    place = "x₁ = %{x}<br>x₂ = %{y}<br>says %{z}<extra></extra>"
    made = marks.heat("says_value", across.round(4), across.round(4), shown, place)
    smooth: Mark = {"hoverinfo": "skip", "hovertemplate": None} if signs else {"zsmooth": "best"}
    return marks.figure([{**made, "z": _hundredths(shown), "zmin": -reach, "zmax": reach, **smooth}])


def _reach(lesson: Lesson) -> float:
    """The largest |y|, in hundredths as it is drawn: the same at every moment."""
    targets = np.concatenate([lesson.task.training.targets, lesson.test.targets])
    return max(round(float(np.abs(targets).max()), 2), 0.01)


def _hundredths(heights: Array) -> Array:
    """Two digits after the point: as fine as the colours, and few bytes."""
    return heights.round(2) + 0.0  # no −0


def _signed(role: str, some: Examples, reach: float) -> list[Mark]:
    """Those below 0 and those above, each as large as its value is far from 0."""
    inputs, values = some.inputs[:MOST_DOTS], some.targets[:MOST_DOTS, 0]
    return [
        _sized(f"{role}_{side}", inputs[which], values[which], reach)
        for side, which in (("below", values < 0.0), ("above", values >= 0.0))
        if which.any()
    ]


def _sized(role: str, inputs: Array, values: Array, reach: float) -> Mark:
    said = [numeral(value) for value in values]
    dots = marks.dots(role, coarse(inputs), "x₁ = %{x}<br>x₂ = %{y}<br>y = %{text}<extra></extra>", texts=said)
    sizes = SMALLEST + WIDENED * np.abs(values) / reach
    return {**dots, "marker": {**dots["marker"], "size": sizes.round(1)}}
