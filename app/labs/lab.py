"""What a lab is: a page that answers one question with knobs, parts and presets. Data, no behaviour of its own."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from app.data.library import Library
from app.figures.marks import Figure
from app.knobs import Knobs, Scalar


class Readout(NamedTuple):
    """A number or a word that a part reveals, in full precision, with its label and what it means."""

    value: float | int | bool | str | None
    label: str
    help: str
    unit: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a part answers: what was solved in words and symbols, pictures, numbers, and how it went."""

    objective: str
    figures: Mapping[str, Figure]
    readouts: Mapping[str, Readout]
    outcome: tuple[str, str]  # kind, sentence


@dataclass(frozen=True)
class Preset:
    """A sentence that makes a claim, and the knobs that perform it."""

    id: str
    sentence: str
    knobs: Mapping[str, Scalar]


@dataclass(frozen=True)
class Part:
    """A pure function of the knobs that its parameters name; a parameter `library` is the shelf of data sets.

    ``cost`` takes the same arguments and estimates the milliseconds that ``compute`` needs; ``sweeps`` names the knobs
    along which the whole slider can be asked for at once.
    """

    name: str
    compute: Callable[..., Answer]
    cost: Callable[..., float]
    sweeps: tuple[str, ...] = ()
    streams: bool = False

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The parameters of the function: knobs, and perhaps the library."""
        return tuple(inspect.signature(self.compute).parameters)

    @cached_property
    def knobs(self) -> tuple[str, ...]:
        """The knobs that this part depends on."""
        return tuple(name for name in self.arguments if name != "library")


@dataclass(frozen=True, eq=False)
class Lab:
    """One page: the question it answers, its knobs, its parts, its presets, and itself as a Python script."""

    slug: str
    title: str
    question: str
    knobs: type[Knobs]
    parts: Mapping[str, Part]
    presets: tuple[Preset, ...]
    script: Callable[[Knobs, Library], str]

    def given(self, part: Part, knobs: Knobs, library: Library) -> dict[str, Any]:
        """The arguments of one of this lab's parts."""
        return {name: library if name == "library" else getattr(knobs, name) for name in part.arguments}


def parts(*listed: Part) -> dict[str, Part]:
    """Parts by name, in the order in which their pictures are laid over each other."""
    return {part.name: part for part in listed}
