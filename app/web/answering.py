"""From a URL to bytes: parse, compute where it belongs, encode once, keep.

A part is a pure function of its knobs, so that everything here is only about *where* and *how often* it is computed:
never twice for one URL at the same time, never again while it is kept, never for long on the event loop.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

from app.data.library import Asked, Library, Made
from app.data.problems import Impossible
from app.data.tables import Table
from app.knobs import Knobs, Refused
from app.labs import LABS
from app.labs.film import Film
from app.web.films import LONGEST_FILM, Films, Showing
from app.web.problems import Busy, OutOfTime
from app.web.queries import pairs
from app.web.questions import Question, computed, cost, encode, fitted, head, question
from app.web.rolling import shelf_of_this_process
from app.web.store import Encoded, Store, compress_soon
from app.web.workers import Workers

INLINE = 2.0  # milliseconds that may be computed on the event loop
TOO_DEAR = "this would take longer than an answer may: choose fewer rows or features, or leave the others out"
TOO_LONG = (
    "this training would take about {:,.0f} seconds of computing, and at most {:.0f} are possible: choose fewer steps, "
    "a smaller network or fewer samples"
)


def made_elsewhere(asked: Asked, table: Table | None) -> Made:
    """A problem, a sample or a lesson made in a worker process, which remembers it too."""
    library = shelf_of_this_process()
    if table is not None:
        library.lend(table)
    return library.made(asked)


def computed_elsewhere(slug: str, part: str, query: dict[str, str], tables: list[Table]) -> tuple[bytes, bytes]:
    """`computed` and compressed, in a worker process: what it needs comes along, what it posed it remembers."""
    lab = LABS[slug]
    library = shelf_of_this_process()
    for table in tables:
        library.lend(table)
    body = computed(question(lab, lab.parts[part], query), library)
    return body, compress_soon(body)


def _taken_note_of(task: asyncio.Task[Any]) -> None:
    """Whoever still waits is told what went wrong; where nobody does, it is no news: asyncio would write it down."""
    if not task.cancelled():
        task.exception()


def sweep_of(said: dict[str, Any], frames: Sequence[bytes], etag: str) -> Encoded:
    """The answer to a sweep from its frames, and where they are in it."""
    start = encode(said)[:-1] + b',"frames":['
    ends = list(accumulate((len(one) + 1 for one in frames), initial=len(start)))
    pieces = tuple(slice(begin, end - 1) for begin, end in pairwise(ends))
    return Encoded(start + b",".join(frames) + b"]}", etag, pieces=pieces)


class Answers:
    """The answers given so far, and the way to new ones."""

    def __init__(self, library: Library, workers: Workers, store: Store, build: str) -> None:
        self.library = library
        self.workers = workers
        self.films = Films(workers)
        self.store = store
        self.build = build
        self._asked: dict[str, asyncio.Task[Encoded]] = {}
        self._makings: dict[Asked, asyncio.Task[Made]] = {}

    def etag(self, asked: Question) -> str:
        """Known before anything is computed: the answer is a function of the URL and of this build."""
        return hashlib.blake2b(f"{self.build} {asked.key}".encode(), digest_size=12).hexdigest()

    async def find(self, asked: Question) -> Encoded:
        """The answer, from memory, from a computation in flight, or from a new one.

        Raises:
            Refused: for a combination of knobs that does not exist, with what to choose instead.
        """
        kept = self.store.find(asked.key)
        if kept is not None:
            return kept
        return self._here(asked) if self._light(asked) else await self._once(asked)

    def tables(self, knobs: Knobs) -> list[Table]:
        """The tables that these knobs name.

        Raises:
            Refused: for a data set, a column or a class that does not exist, by its knob.
        """
        return [table for name, asked in fitted(knobs) if (table := self._asked_of(name, asked)) is not None]

    async def made(self, knobs: Knobs) -> None:
        """Have all that these knobs fit made where it blocks nobody, and remembered here. Raises Refused."""
        for name, asked in fitted(knobs):
            table = self._asked_of(name, asked)
            if not self.library.ready(asked):
                try:
                    self.library.remember(asked, await self._making(asked, table))
                except Impossible as error:
                    raise Refused((f"{name}.{error.knob}", error.message)) from None

    async def _making(self, asked: Asked, table: Table | None) -> Made:
        """One making for all parts of a page that wait for it."""
        task = self._makings.get(asked)
        if task is None:
            task = asyncio.ensure_future(self.workers.run(made_elsewhere, asked, table))
            self._makings[asked] = task
            task.add_done_callback(lambda _: self._makings.pop(asked, None))
            task.add_done_callback(_taken_note_of)
        return await asyncio.shield(task)

    def _asked_of(self, name: str, asked: Asked) -> Table | None:
        try:
            return self.library.table_of(asked)
        except Impossible as error:
            raise Refused((f"{name}.{error.knob}", error.message)) from None

    def _light(self, asked: Question) -> bool:
        """Whether to compute here and now: a task of its own would cost as much as the answer."""
        ready = all(self.library.ready(one) for _, one in fitted(asked.knobs))
        self.tables(asked.knobs)
        return ready and cost(asked, self.library) <= INLINE

    async def _once(self, asked: Question) -> Encoded:
        """One computation for all who ask the same at the same time; it goes on when one of them leaves."""
        task = self._asked.get(asked.key)
        if task is None:
            task = asyncio.ensure_future(self._anywhere(asked))
            self._asked[asked.key] = task
            task.add_done_callback(lambda _: self._asked.pop(asked.key, None))
            task.add_done_callback(_taken_note_of)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:  # the server stops while somebody waits: a refusal, not a stack trace
            raise Busy from None

    @asynccontextmanager
    async def watched(self, asked: Question) -> AsyncIterator[Showing]:
        """A film on its way, kept like any answer when it has come to its end; one for all who watch.

        Raises:
            Refused: for a combination of knobs that does not exist, and for what would take too long.
            Busy: when too many are under way.
        """
        await self.made(asked.knobs)
        seconds = cost(asked, self.library) / 1000
        if seconds > LONGEST_FILM:
            raise Refused(("", TOO_LONG.format(seconds, LONGEST_FILM)))

        def ended(showing: Showing) -> None:
            self._seen(asked, showing)

        async with self.films.watched(asked, self.tables(asked.knobs), ended) as showing:
            yield showing

    def _seen(self, asked: Question, showing: Showing) -> Encoded:
        """Kept; a sweep gives its first moment's answer too. Raises Refused if its data set is gone meanwhile."""
        self.tables(asked.knobs)
        first = replace(asked, sweep=None)
        whole = self._kept(first, Encoded(showing.answer or b"", self.etag(first)))
        if asked.sweep:
            whole = self._kept(asked, sweep_of(head(asked), showing.frames, self.etag(asked)))
        return whole

    async def _filmed(self, asked: Question) -> Encoded:
        """A film from beginning to end, for somebody who wants it at once."""
        try:
            async with asyncio.timeout(self.workers.deadline), self.watched(asked) as showing:
                await showing.end()
        except TimeoutError:
            raise OutOfTime from None
        return self.store.find(asked.key) or self._seen(asked, showing)

    async def _anywhere(self, asked: Question) -> Encoded:
        await self.made(asked.knobs)
        if self._light(asked):
            return self._here(asked)
        if isinstance(asked.part.compute, Film):
            return await self._filmed(asked)
        if not asked.sweep and cost(asked, self.library) > 1000 * self.workers.deadline:
            raise Refused(("", TOO_DEAR))
        query = pairs(asked.name.split("?", 1)[1])
        tables = self.tables(asked.knobs)
        body, short = await self.workers.run(computed_elsewhere, asked.lab.slug, asked.part.name, query, tables)
        return self._kept(asked, Encoded(body, self.etag(asked), short))

    def _here(self, asked: Question) -> Encoded:
        return self._kept(asked, Encoded(computed(asked, self.library), self.etag(asked)))

    def _kept(self, asked: Question, encoded: Encoded) -> Encoded:
        self.store.keep(asked.key, encoded)
        return encoded
