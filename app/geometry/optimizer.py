"""What every optimizer is: a start and a step.

No loop, no history, no stopping: `trajectories.walk` has those. A rule works elementwise on arrays of any leading shape
(…, d), so that many walkers, many starts and whole layers of networks are one computation; the step η (`rate`)
broadcasts against them: a float, or (…, 1). Steps are taken in the precision of the weights.
"""

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.knobs import Knobs

Array = NDArray[np.float64]


class Memory(NamedTuple):
    """What a rule remembers.

    Attributes:
        arrays: of the shape of the weights.
        numbers: what the count of its steps alone decides, alike for all who have begun together.
    """

    arrays: tuple[Array, ...] = ()
    numbers: tuple[float, ...] = ()


@lru_cache(1024)
def constant(number: float, precision: np.dtype[np.float64]) -> Array:
    """The number as an array, which NumPy reads sooner than a float; in the precision of what it meets."""
    return np.array(number, precision)


class Optimizer(Knobs, ABC):
    """A rule that turns gradients into steps.

    ``scale_free`` rules divide a gradient by its own size: their η is a length in the space of the weights, where that
    of the others is stable below about 2/L. ``python`` writes start and step in NumPy, where ``g(w)`` is the gradient:
    templates in which {0} stands for the rule.
    """

    scale_free: ClassVar[bool] = False
    python: ClassVar[tuple[str, str]] = "", ""

    @abstractmethod
    def start(self, weights: Array) -> Memory:
        """What is remembered before the first step."""

    @abstractmethod
    def look(self, weights: Array, memory: Memory) -> Array:
        """Where the gradient of the next step is taken: at the weights, unless the rule looks ahead."""

    @abstractmethod
    def step(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """The next weights, and what is remembered of the way to them; the gradient is that at `look`."""


class Grounded(Optimizer):
    """What rules share that do not look ahead."""

    def look(self, weights: Array, memory: Memory) -> Array:  # noqa: ARG002
        """Here."""
        return weights
