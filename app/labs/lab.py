"""What a lab is: a page that answers one question with knobs, parts and presets. Data, no behaviour of its own."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from app.data.library import Library
from app.figures.marks import Figure
from app.geometry import Outcome
from app.knobs import Knobs, Scalar


class Readout(NamedTuple):
    """A number or a word that a part reveals, in full precision, with its label and what it means.

    Its name is unique in its lab; one that has the name of a linked knob says where that knob's control stands while
    its partner is given. A value of None does not apply here, and the page leaves it out. `group` is the title of
    the fold that the page puts it into; what has none is shown at once.
    """

    value: float | int | bool | str | None
    label: str
    help: str
    unit: str | None = None
    group: str = ""


class Panel(NamedTuple):
    """One of a lab's figures: the name that parts draw to, its heading in words, and its shape on the page."""

    name: str
    label: str
    aspect: Literal["square", "wide"] = "square"


@dataclass(frozen=True)
class Answer:
    """What a part answers: what was solved in words and symbols, pictures, numbers, and how it went.

    ``numbers`` is what no picture shows, for whoever takes it elsewhere: words, finite numbers and arrays by name.
    """

    objective: str
    figures: Mapping[str, Figure]
    readouts: Mapping[str, Readout]
    outcome: Outcome
    numbers: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Preset:
    """A sentence that makes a claim, the knobs that perform it, and where it shows.

    ``shows`` names a figure of the lab, to which the page goes, and the readouts that the claim is read from, which it
    brings to light; without a figure it goes to the lab's first.
    """

    id: str
    sentence: str
    knobs: Mapping[str, Scalar]
    shows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A pure function of the knobs that its parameters name; a parameter `library` is the shelf of data sets.

    ``cost`` takes the same arguments and estimates the milliseconds that ``compute`` needs; ``sweeps`` names the knobs
    along which the whole slider can be asked for at once. What is not ``shown`` no page asks for: it is to be exported.
    """

    name: str
    compute: Callable[..., Answer]
    cost: Callable[..., float]
    sweeps: tuple[str, ...] = ()
    streams: bool = False
    shown: bool = True

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The parameters of the function: knobs, and perhaps the library."""
        return parameters(self.compute)

    @cached_property
    def knobs(self) -> tuple[str, ...]:
        """The knobs that this part depends on."""
        return tuple(name for name in self.arguments if name != "library")

    def owns(self, key: str) -> bool:
        """Whether a dotted key belongs to one of the knobs of this part."""
        return key.split(".", 1)[0] in self.knobs


@dataclass(frozen=True, eq=False)
class Lab:
    """One page: the question it answers, its knobs, its figures, its parts, its presets.

    ``script`` writes what the page shows as Python for public libraries; like a part, its parameters name the knobs
    it needs, and perhaps the library.
    """

    slug: str
    title: str
    question: str
    knobs: type[Knobs]
    figures: tuple[Panel, ...]
    parts: Mapping[str, Part]
    presets: tuple[Preset, ...]
    script: Callable[..., str]

    def given(self, part: Part, knobs: Knobs, library: Library) -> dict[str, Any]:
        """The arguments of one of this lab's parts."""
        return arguments(part.arguments, knobs, library)

    def python(self, knobs: Knobs, library: Library) -> str:
        """These knobs as a script that gives the same numbers without this project."""
        return self.script(**arguments(parameters(self.script), knobs, library))


def parameters(function: Callable[..., object]) -> tuple[str, ...]:
    """The names of a function's parameters."""
    return tuple(inspect.signature(function).parameters)


def arguments(names: tuple[str, ...], knobs: Knobs, library: Library) -> dict[str, Any]:
    """What parameters of these names are given: knobs by name, and the library."""
    return {name: library if name == "library" else getattr(knobs, name) for name in names}


def parts(*listed: Part) -> dict[str, Part]:
    """Parts by name, in the order in which their pictures are laid over each other."""
    return {part.name: part for part in listed}
