"""How deep and how wide the networks of this lab are, and what they cost to be run through."""

from typing import NamedTuple

from app.data import Lesson
from app.labs.training.taught import cost_of
from app.networks import AnyActivation, Architecture

WIDEST = 256  # units of a layer


class Stack(NamedTuple):
    """Hidden layers alike but in width.

    Attributes:
        depth: how many.
        width: units of the first.
        widening: the units of the last as a multiple of those of the first; between them it grows by a factor a layer.
        activation: of all.
    """

    depth: int
    width: int
    widening: float
    activation: AnyActivation


def widths(stack: Stack) -> tuple[int, ...]:
    """Units by hidden layer."""
    steps = max(stack.depth - 1, 1)
    grown = (stack.width * stack.widening ** (i / steps) for i in range(stack.depth))
    return tuple(min(max(round(one), 1), WIDEST) for one in grown)


def built(stack: Stack, lesson: Lesson) -> Architecture:
    """The network for a lesson."""
    sizes = (len(lesson.inputs), *widths(stack), lesson.outputs)
    return Architecture(sizes, stack.activation, cost_of(lesson))


def milliseconds(architecture: Architecture, samples: int, models: int) -> float:
    """What it costs, about, to run samples through networks forward and back: depth × width² × samples × networks."""
    calls, units = 0.15 * len(architecture.sizes), models * samples * sum(architecture.sizes)
    return calls + 1.1e-7 * models * architecture.multiplications(samples) + 4e-5 * units
