"""Films under way: one computation however many watch, in turns with all others, for as long as anybody does."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager

from app.data.tables import Table
from app.geometry import Outcome
from app.knobs import Refused
from app.web.problems import Busy, OutOfTime
from app.web.queries import pairs
from app.web.questions import Question
from app.web.rolling import Scene, Take
from app.web.turns import Turns
from app.web.workers import Workers

MOST_FILMS = 64  # under way; who wants to see another one comes back in a moment
LONGEST_FILM = 30.0  # seconds of computing that a film may be estimated to need
GIVEN_UP = 2 * LONGEST_FILM  # seconds of computing: the estimate was wrong

log = logging.getLogger("normball")


class Showing:
    """A film under way, and all that has come of it: for whoever watches, whenever they come.

    Attributes:
        latest: the last bite; None before the first.
        frames: of a sweep, those of all moments so far, as JSON.
        answer: as JSON, of a sweep that of its first moment; None until it is there.
        outcome: how it went, at what was drawn last.
        trouble: why it ended too early, if it did.
        over: whether nothing more will come.
        watching: how many wait for it.
    """

    def __init__(self) -> None:
        self.latest: Take | None = None
        self.frames: list[bytes] = []
        self.answer: bytes | None = None
        self.outcome: Outcome | None = None
        self.trouble: Exception | None = None
        self.over = False
        self.watching = 0
        self.version = 0
        self._news = asyncio.Event()

    def add(self, take: Take) -> None:
        """What another bite brought."""
        self.latest = take
        self.frames += take.frames
        self.answer = self.answer or take.answer
        self.outcome = take.outcome or self.outcome
        self._tell()

    def close(self, trouble: Exception | None = None) -> None:
        """Nothing more will come."""
        if not self.over:
            self.trouble, self.over = trouble, True
            self._tell()

    async def beyond(self, version: int) -> int:
        """Wait for more than there was; the version that is there then."""
        while self.version <= version:
            await self._news.wait()
        return self.version

    async def end(self) -> None:
        """Wait for the end. Raises the trouble that ended it too early."""
        while not self.over:
            await self.beyond(self.version)
        if self.trouble is not None:
            raise self.trouble

    def _tell(self) -> None:
        self.version += 1
        news, self._news = self._news, asyncio.Event()
        news.set()


class Films:
    """All films under way: they take turns, as many bites at a time as there are processes."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._turns = Turns(workers)
        self._showings: dict[str, Showing] = {}
        self._tasks: dict[Showing, asyncio.Task[None]] = {}
        self._stopped = False

    @asynccontextmanager
    async def watched(
        self, asked: Question, tables: Sequence[Table], ended: Callable[[Showing], None]
    ) -> AsyncIterator[Showing]:
        """A film, for as long as somebody is in here with it; when the last one leaves, the work stops.

        Args:
            asked: what is filmed.
            tables: those that it needs.
            ended: is told when it has come to its end; what it raises is the trouble of all who watch.

        Raises:
            Busy: when too many are under way already.
        """
        showing = self._showings.get(asked.key) or self._begun(asked, tables, ended)
        showing.watching += 1
        try:
            yield showing
        finally:
            showing.watching -= 1
            if not showing.watching:
                self._end(asked.key, showing)

    def stop(self) -> None:
        """End all of them, and begin no other: the server stops, and waits for whoever still listens."""
        self._stopped = True
        for name, showing in list(self._showings.items()):
            showing.close(Busy())
            self._end(name, showing)

    def start(self) -> None:
        """Films may begin, on the event loop that runs now."""
        self._stopped = False
        self._turns = Turns(self._workers)

    def _begun(self, asked: Question, tables: Sequence[Table], ended: Callable[[Showing], None]) -> Showing:
        if self._stopped or len(self._showings) >= MOST_FILMS:
            raise Busy
        showing = self._showings[asked.key] = Showing()
        self._tasks[showing] = asyncio.ensure_future(self._shown(showing, asked, tables, ended))
        return showing

    def _end(self, name: str, showing: Showing) -> None:
        """Nobody who comes from now on finds it."""
        if self._showings.get(name) is showing:
            del self._showings[name]
        task = self._tasks.pop(showing, None)
        if task is not None and not showing.over:
            task.cancel()

    async def _shown(
        self, showing: Showing, asked: Question, tables: Sequence[Table], ended: Callable[[Showing], None]
    ) -> None:
        scene = Scene(asked.lab.slug, asked.part.name, pairs(asked.name.split("?", 1)[1]), asked.key, asked.cast)
        try:
            async with aclosing(self._takes(scene, tables)) as takes:
                async for take in takes:
                    showing.add(take)
            ended(showing)
            showing.close()
        except Exception as error:
            if not isinstance(error, Refused | Busy | OutOfTime):
                log.error("failed: %s", asked.name, exc_info=error)
            showing.close(error)
        finally:
            self._end(asked.key, showing)

    async def _takes(self, scene: Scene, tables: Sequence[Table]) -> AsyncGenerator[Take]:
        """Bite after bite. Raises OutOfTime where it takes much longer than was estimated."""
        take: Take | None = None
        spent = 0.0
        while spent < GIVEN_UP:
            take = await self._take(scene, take, tables)
            yield take
            if take.over:
                return
            spent += take.seconds
        raise OutOfTime

    async def _take(self, scene: Scene, last: Take | None, tables: Sequence[Table]) -> Take:
        """One bite; tables travel only to a worker that does not know the film."""
        place, step = (None, 0) if last is None else (last.place, last.step)
        take = None if place is None or not tables else await self._turns.take(scene, place, None, step)
        while take is None:
            take = await self._turns.take(scene, place, tables, step)
        return take
