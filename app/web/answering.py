"""From a URL to bytes: parse, compute where it belongs, encode once, keep.

A part is a pure function of its knobs, so that everything here is only about *where* and *how often* it is computed:
never twice for one URL at the same time, never again while it is kept, never for long on the event loop.
"""

import asyncio
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import orjson

from app.data.library import Library
from app.data.posing import pose
from app.data.problems import Impossible, Problem
from app.data.tables import Table
from app.data.uploads import Uploads
from app.knobs import Knobs, Refused, Scalar, flatten, positions
from app.labs import LABS
from app.labs.lab import Answer, Lab, Part
from app.web.problems import Busy
from app.web.queries import pairs, parse, written
from app.web.store import Encoded, Store, compress
from app.web.workers import Workers

INLINE = 2.0  # milliseconds that may be computed on the event loop
LONGEST_SWEEP = 3_000.0  # milliseconds; a sweep that needs more is answered without frames: ask for single answers


@dataclass(frozen=True)
class Question:
    """One part of one lab, or a sweep of it, with its knobs; its name is the same for every spelling of the URL."""

    lab: Lab
    part: Part
    knobs: Knobs
    sweep: str | None

    @cached_property
    def own(self) -> dict[str, Scalar]:
        """The knobs that the part depends on, by dotted key."""
        keep = self.part.knobs
        return {key: value for key, value in flatten(self.knobs).items() if key.split(".", 1)[0] in keep}

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
    return Question(lab, part, knobs.changed(**{sweep: 0.0}) if sweep else knobs, sweep)


def described(answer: Answer, asked: Question) -> dict[str, Any]:
    """The one shape of an answer, as plain values.

    Raises:
        ArithmeticError: should a readout not be finite; it must never leave.
    """
    for name, readout in answer.readouts.items():
        if isinstance(readout.value, float) and not math.isfinite(readout.value):
            raise ArithmeticError(f"readout {name} is {readout.value}")
    kind, sentence = answer.outcome
    return {
        "lab": asked.lab.slug, "part": asked.part.name, "knobs": asked.own, "objective": answer.objective,
        "figures": answer.figures,
        "readouts": {
            name: {"value": one.value, "label": one.label, "unit": one.unit, "help": one.help}
            for name, one in answer.readouts.items()
        },
        "outcome": {"kind": kind, "sentence": sentence},
    }  # fmt: skip


def computed(asked: Question, library: Library) -> bytes:
    """The encoded answer, or all frames of a sweep."""
    if asked.sweep:
        return encode(_swept(asked, library))
    answer = asked.part.compute(**asked.lab.given(asked.part, asked.knobs, library))
    return encode(described(answer, asked))


def encode(value: object) -> bytes:
    """JSON straight from NumPy arrays."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def cost(asked: Question, library: Library) -> float:
    """The milliseconds that an answer is estimated to need."""
    single = asked.part.cost(**asked.lab.given(asked.part, asked.knobs, library))
    return single * len(positions(asked.lab.knobs, asked.sweep)) if asked.sweep else single


def affordable(asked: Question, library: Library) -> bool:
    """Whether a sweep is worth its while."""
    return cost(asked, library) <= LONGEST_SWEEP


def _swept(asked: Question, library: Library) -> dict[str, Any]:
    """One frame for each position of a control: what changes, without the styles that the roles already give."""
    sweep = asked.sweep or ""
    values = positions(asked.lab.knobs, sweep) if affordable(asked, library) else []
    frames = []
    for value in values:
        one = Question(asked.lab, asked.part, asked.knobs.changed(**{sweep: value}), None)
        full = described(asked.part.compute(**asked.lab.given(asked.part, one.knobs, library)), one)
        frames.append(_frame(full))
    own = asked.own | dict.fromkeys((sweep, asked.lab.knobs.linked().get(sweep, sweep)))
    head = {"lab": asked.lab.slug, "part": asked.part.name, "sweep": sweep, "knobs": own}
    return {**head, "values": values, "frames": frames}


_STYLES = frozenset({"line", "fillcolor", "layer", "type", "xsizemode", "ysizemode"})


def _frame(full: dict[str, Any]) -> dict[str, Any]:
    figures = {
        name: {
            "data": figure["data"],
            "layout": {
                **figure["layout"],
                "shapes": [
                    {key: value for key, value in shape.items() if key not in _STYLES}
                    for shape in figure["layout"].get("shapes", ())
                ],
            },
        }
        for name, figure in full["figures"].items()
    }
    readouts = {name: readout["value"] for name, readout in full["readouts"].items()}
    return {"figures": figures, "readouts": readouts, "objective": full["objective"], "outcome": full["outcome"]}


@cache
def _shelf_of_this_process() -> Library:
    return Library(Uploads(None))


def computed_elsewhere(slug: str, part: str, query: dict[str, str], table: Table | None) -> tuple[bytes, bytes]:
    """`computed` and compressed, in a worker process: what it needs comes along, what it posed it remembers."""
    lab = LABS[slug]
    library = _shelf_of_this_process()
    if table is not None:
        library.lend(table)
    body = computed(question(lab, lab.parts[part], query), library)
    return body, compress(body)


class Answers:
    """The answers given so far, and the way to new ones."""

    def __init__(self, library: Library, workers: Workers, store: Store, build: str) -> None:
        self.library = library
        self.workers = workers
        self.store = store
        self.build = build
        self._asked: dict[str, asyncio.Task[Encoded]] = {}

    def etag(self, asked: Question) -> str:
        """Known before anything is computed: the answer is a function of the URL and of this build."""
        return hashlib.blake2b(f"{self.build} {asked.name}".encode(), digest_size=12).hexdigest()

    async def find(self, asked: Question) -> Encoded:
        """The answer, from memory, from a computation in flight, or from a new one.

        Raises:
            Refused: for a combination of knobs that does not exist, with what to choose instead.
        """
        kept = self.store.find(asked.name)
        if kept is not None:
            return kept
        try:
            return self._here(asked) if self._light(asked) else await self._once(asked)
        except Impossible as error:
            raise Refused((f"problem.{error.knob}", error.message)) from None

    async def posed(self, problem: Problem) -> Table | None:
        """Have a problem posed where it blocks nobody, and remembered here; its table, if it needs one."""
        table = self.library.table_of(problem)
        if not self.library.ready(problem):
            self.library.remember(problem, await self.workers.run(pose, problem, table))
        return table

    def _light(self, asked: Question) -> bool:
        """Whether to compute here and now: a task of its own would cost as much as the answer."""
        given = asked.lab.given(asked.part, asked.knobs, self.library)
        return ("problem" not in given or self.library.ready(given["problem"])) and cost(asked, self.library) <= INLINE

    async def _once(self, asked: Question) -> Encoded:
        """One computation for all who ask the same at the same time; it goes on when one of them leaves."""
        task = self._asked.get(asked.name)
        if task is None:
            task = asyncio.ensure_future(self._anywhere(asked))
            self._asked[asked.name] = task
            task.add_done_callback(lambda _: self._asked.pop(asked.name, None))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:  # the server stops while somebody waits: a refusal, not a stack trace
            raise Busy from None

    async def _anywhere(self, asked: Question) -> Encoded:
        given = asked.lab.given(asked.part, asked.knobs, self.library)
        table = await self.posed(given["problem"]) if "problem" in given else None
        if self._light(asked):
            return self._here(asked)
        query = pairs(asked.name.split("?", 1)[1])
        body, short = await self.workers.run(computed_elsewhere, asked.lab.slug, asked.part.name, query, table)
        return self._kept(asked, Encoded(body, self.etag(asked), short))

    def _here(self, asked: Question) -> Encoded:
        return self._kept(asked, Encoded(computed(asked, self.library), self.etag(asked)))

    def _kept(self, asked: Question, encoded: Encoded) -> Encoded:
        self.store.keep(asked.name, encoded)
        return encoded
