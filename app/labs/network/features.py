"""What a network is given of a point in the plane: its two coordinates, or functions of them, chosen one by one."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from app.data import Lesson
from app.figures.marks import Array
from app.knobs import Knobs, Switch, knob
from app.networks import Examples, Task

FEATURES: dict[str, tuple[str, Callable[[Array, Array], Array]]] = {
    "x1": ("x₁", lambda x1, x2: x1),  # noqa: ARG005
    "x2": ("x₂", lambda x1, x2: x2),  # noqa: ARG005
    "square_1": ("x₁²", lambda x1, x2: x1 * x1),  # noqa: ARG005
    "square_2": ("x₂²", lambda x1, x2: x2 * x2),  # noqa: ARG005
    "product": ("x₁x₂", lambda x1, x2: x1 * x2),
    "sine_1": ("sin πx₁", lambda x1, x2: np.sin(np.pi * x1)),  # noqa: ARG005
    "sine_2": ("sin πx₂", lambda x1, x2: np.sin(np.pi * x2)),  # noqa: ARG005
}
PYTHON = {
    "x1": "x1", "x2": "x2", "square_1": "x1 * x1", "square_2": "x2 * x2", "product": "x1 * x2",
    "sine_1": "np.sin(np.pi * x1)", "sine_2": "np.sin(np.pi * x2)",
}  # fmt: skip


def _switch(default: bool, name: str) -> Any:
    return knob(default, label=FEATURES[name][0], help=f"Whether the network is given {FEATURES[name][0]}.")


class Coordinates(Knobs, title="as they are"):
    """The inputs of the data and nothing else."""

    kind: Literal["coordinates"] = "coordinates"


class ChosenFeatures(Knobs, title="chosen functions of x₁ and x₂"):
    """What a point in the plane is turned into: with the right ones, no hidden unit is needed."""

    kind: Literal["chosen"] = "chosen"
    x1: Switch = _switch(True, "x1")
    x2: Switch = _switch(True, "x2")
    square_1: Switch = _switch(True, "square_1")
    square_2: Switch = _switch(True, "square_2")
    product: Switch = _switch(False, "product")
    sine_1: Switch = _switch(False, "sine_1")
    sine_2: Switch = _switch(False, "sine_2")


Features = Coordinates | ChosenFeatures


def chosen(lesson: Lesson, features: Features) -> tuple[str, ...]:
    """The functions that a network is given, by name.

    () for the inputs as they are: outside the plane always, and where none is chosen, for a network needs inputs.
    """
    if isinstance(features, Coordinates) or len(lesson.inputs) != 2 or lesson.window is None:
        return ()
    return tuple(name for name in FEATURES if getattr(features, name))


def named(lesson: Lesson, features: Features) -> tuple[str, ...]:
    """What the network's inputs are called, raw text."""
    return tuple(FEATURES[name][0] for name in chosen(lesson, features)) or lesson.inputs


def given(inputs: Array, names: tuple[str, ...]) -> Array:
    """What the network reads (n, d) of a lesson's inputs; the same where no function is chosen."""
    if not names:
        return inputs
    x1, x2 = inputs.T
    return np.column_stack([FEATURES[name][1](x1, x2) for name in names])


def task_of(lesson: Lesson, features: Features) -> Task:
    """The lesson's task as the network reads it."""
    names = chosen(lesson, features)
    if not names:
        return lesson.task
    both = (lesson.task.training, lesson.test)
    training, test = (Examples(given(some.inputs, names), some.targets) for some in both)
    return Task(training, test)
