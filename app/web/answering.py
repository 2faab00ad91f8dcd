"""From a URL to bytes: parse, compute where it belongs, encode once, keep.

A part is a pure function of its knobs, so that everything here is only about *where* and *how often* it is computed:
never twice for one URL at the same time, never again while it is kept, never for long on the event loop.
"""

import asyncio
import hashlib
from functools import cache

from app.data.library import Asked, Library, Made
from app.data.problems import Impossible
from app.data.tables import Table
from app.data.uploads import Uploads
from app.knobs import Knobs, Refused
from app.labs import LABS
from app.web.problems import Busy
from app.web.queries import pairs
from app.web.questions import Question, computed, cost, fitted, question
from app.web.store import Encoded, Store, compress_soon
from app.web.workers import Workers

INLINE = 2.0  # milliseconds that may be computed on the event loop
TOO_DEAR = "this would take longer than an answer may: choose fewer rows or features, or leave the others out"


@cache
def _shelf_of_this_process() -> Library:
    return Library(Uploads(None))


def made_elsewhere(asked: Asked, table: Table | None) -> Made:
    """A problem, a sample or a lesson made in a worker process, which remembers it too."""
    library = _shelf_of_this_process()
    if table is not None:
        library.lend(table)
    return library.made(asked)


def computed_elsewhere(slug: str, part: str, query: dict[str, str], tables: list[Table]) -> tuple[bytes, bytes]:
    """`computed` and compressed, in a worker process: what it needs comes along, what it posed it remembers."""
    lab = LABS[slug]
    library = _shelf_of_this_process()
    for table in tables:
        library.lend(table)
    body = computed(question(lab, lab.parts[part], query), library)
    return body, compress_soon(body)


class Answers:
    """The answers given so far, and the way to new ones."""

    def __init__(self, library: Library, workers: Workers, store: Store, build: str) -> None:
        self.library = library
        self.workers = workers
        self.store = store
        self.build = build
        self._asked: dict[str, asyncio.Task[Encoded]] = {}
        self._makings: dict[Asked, asyncio.Task[Made]] = {}

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
        await self.made(asked.knobs)
        if self._light(asked):
            return self._here(asked)
        if not asked.sweep and cost(asked, self.library) > 1000 * self.workers.deadline:
            raise Refused(("", TOO_DEAR))
        query = pairs(asked.name.split("?", 1)[1])
        tables = self.tables(asked.knobs)
        body, short = await self.workers.run(computed_elsewhere, asked.lab.slug, asked.part.name, query, tables)
        return self._kept(asked, Encoded(body, self.etag(asked), short))

    def _here(self, asked: Question) -> Encoded:
        return self._kept(asked, Encoded(computed(asked, self.library), self.etag(asked)))

    def _kept(self, asked: Question, encoded: Encoded) -> Encoded:
        self.store.keep(asked.name, encoded)
        return encoded
