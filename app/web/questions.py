"""One question to a lab: what is asked, what it costs, and its answer as bytes; no clock, no memory, no network."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, get_args

import numpy as np
import orjson

from app.data.library import Asked, Library
from app.figures.marks import moving
from app.knobs import Knobs, Refused, Scalar, flatten, positions, variants
from app.labs.film import Film
from app.labs.lab import Answer, Lab, Part, Readout
from app.web.queries import parse, written

FITTED = frozenset(get_args(Asked))
DRAWN = 2.0  # milliseconds for the picture of one moment of a film
LONGEST_SWEEP = 3_000.0  # milliseconds; a sweep that needs more is answered without frames: ask for single answers


@dataclass(frozen=True)
class Question:
    """One part of one lab, or a sweep of it, with its knobs; its names are the same for every spelling of the URL."""

    lab: Lab
    part: Part
    knobs: Knobs
    sweep: str | None

    @cached_property
    def own(self) -> dict[str, Scalar]:
        """The knobs that the part depends on, by dotted key."""
        return flatten(self.knobs, only=self.part.knobs)

    @cached_property
    def key(self) -> str:
        """What its answer is kept by: the knobs as JSON, which is written in a tenth of the time of a URL."""
        return f"{self.lab.slug}/{self.part.name}?{self.sweep or ''}{orjson.dumps(self.own).decode()}"

    @cached_property
    def cast(self) -> str:
        """What it has in common with all who fit or learn the same data for the same part."""
        made = {name: flatten(one) for name, one in fitted(self.knobs)}
        return f"{self.lab.slug}/{self.part.name}?{self.sweep or ''}{orjson.dumps(made).decode()}"

    @cached_property
    def name(self) -> str:
        """The canonical URL, without its host."""
        swept = f"&sweep={self.sweep}" if self.sweep else ""
        return f"{self.lab.slug}/{self.part.name}?{written(self.own)}{swept}"


def question(lab: Lab, part: Part, given: Mapping[str, str]) -> Question:
    """What is asked. Raises Refused."""
    keys = dict(given)
    sweep = keys.pop("sweep", None)
    if sweep is not None and sweep not in part.sweeps:
        choice = ", ".join(f"'{name}'" for name in part.sweeps) or "nothing: this part cannot be swept"
        raise Refused(("sweep", f"'{sweep[:40]}' cannot be swept here; choose {choice}"))
    knobs = parse(lab.knobs, keys)
    start = {sweep: positions(lab.knobs, sweep)[0]} if sweep else {}
    return Question(lab, part, knobs.changed(**start) if sweep else knobs, sweep)


def described(answer: Answer, asked: Question) -> dict[str, Any]:
    """The one shape of an answer, as plain values. Raises ArithmeticError as `_finite` does."""
    return {
        "lab": asked.lab.slug, "part": asked.part.name, "knobs": asked.own, "objective": answer.objective,
        "figures": answer.figures,
        "readouts": {
            name: {"value": value, "label": label, "help": said, "unit": unit, "group": group}
            for name, (value, label, said, unit, group) in _finite(answer).items()
        },
        "outcome": answer.outcome._asdict(),
        **({"numbers": _elsewhere(answer.numbers)} if answer.numbers is not None else {}),
    }  # fmt: skip


def _elsewhere(numbers: Any) -> Any:
    """The numbers of an answer, in full precision, as plain values. Raises ArithmeticError as `_finite` does."""
    if isinstance(numbers, Mapping):
        return {name: _elsewhere(one) for name, one in numbers.items()}
    if isinstance(numbers, list):
        return [_elsewhere(one) for one in numbers]
    if isinstance(numbers, float | np.ndarray) and not np.isfinite(numbers).all():
        raise ArithmeticError("a number that would leave is not finite")
    return np.ascontiguousarray(numbers) if isinstance(numbers, np.ndarray) else numbers


def _finite(answer: Answer) -> Mapping[str, Readout]:
    """The readouts of an answer.

    Raises:
        ArithmeticError: should one not be finite; it must never leave.
    """
    for name, readout in answer.readouts.items():
        if isinstance(readout.value, float) and not math.isfinite(readout.value):
            raise ArithmeticError(f"readout {name} is {readout.value}")
    return answer.readouts


def computed(asked: Question, library: Library) -> bytes:
    """The encoded answer, or all frames of a sweep."""
    if asked.sweep:
        return encode(_swept(asked, library))
    answer = asked.part.compute(**asked.lab.given(asked.part, asked.knobs, library))
    return encode(described(answer, asked))


def encode(value: object) -> bytes:
    """JSON straight from NumPy arrays."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def fitted(knobs: Knobs) -> list[tuple[str, Asked]]:
    """The knobs that are problems, samples or patterns to be made, by name."""
    named = ((name, getattr(knobs, name)) for name in _fitted(type(knobs)))
    return [(name, one) for name, one in named if type(one) in FITTED]  # a union may hold "none" beside them


@cache
def _fitted(model: type[Knobs]) -> tuple[str, ...]:
    """Their names: asked of the declarations once, for what is an instance of a model is dear to ask."""
    return tuple(name for name, field in model.model_fields.items() if FITTED & set(variants(field).values()))


def cost(asked: Question, library: Library) -> float:
    """The milliseconds that an answer is estimated to need."""
    part, stops = asked.part, positions(asked.lab.knobs, asked.sweep) if asked.sweep else []
    if stops and isinstance(part.compute, Film):  # it is trained once for all moments
        last = asked.knobs.model_copy(update={part.compute.along: stops[-1]})
        return part.cost(**asked.lab.given(part, last, library)) + DRAWN * len(stops)
    return part.cost(**asked.lab.given(part, asked.knobs, library)) * (len(stops) or 1)


def affordable(asked: Question, library: Library) -> bool:
    """Whether a sweep is worth its while."""
    return cost(asked, library) <= LONGEST_SWEEP


def head(asked: Question) -> dict[str, Any]:
    """What a sweep says before its frames: for which values of its knob they are."""
    sweep = asked.sweep or ""
    own = asked.own | dict.fromkeys((sweep, asked.lab.knobs.linked().get(sweep, sweep)))
    values = positions(asked.lab.knobs, sweep)
    return {"lab": asked.lab.slug, "part": asked.part.name, "sweep": sweep, "knobs": own, "values": values}


def _swept(asked: Question, library: Library) -> dict[str, Any]:
    """One frame for each position of a control: what changes, without the styles that the roles already give."""
    said = head(asked)
    values = said["values"] if affordable(asked, library) else []
    return {**said, "values": values, "frames": [frame_of(one) for one in _answers(asked, values, library)]}


def _answers(asked: Question, values: list[float], library: Library) -> Iterator[Answer]:
    """The answer at each position."""
    sweep, compute = asked.sweep or "", asked.part.compute
    # A position is valid, and its partner is not given.
    turned = (asked.lab.given(asked.part, asked.knobs.model_copy(update={sweep: one}), library) for one in values)
    if not isinstance(compute, Film):
        yield from (compute(**given) for given in turned)
        return
    plan = compute.planned(asked.lab.given(asked.part, asked.knobs, library))
    reel = compute.start(plan)
    for given in turned:
        reel = compute.rolled(plan, reel, given[sweep])
        yield compute.drawn(plan, reel, given)


def frame_of(answer: Answer) -> dict[str, Any]:
    """What a position changes: no styles, which the roles give, and no labels, which the full answer gave."""
    return {
        "figures": {name: moving(figure) for name, figure in answer.figures.items()},
        "readouts": {name: one.value for name, one in _finite(answer).items()},
        "objective": answer.objective,
        "outcome": answer.outcome._asdict(),
    }
