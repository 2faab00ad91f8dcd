"""Turns: bites of films, first come, first served, as many at a time as there are processes.

Films of one cast, which learn the same data and stand at the same step, take their bites together: the settings that a
page compares are trained in one batch, and so are those of a class. Each comes out bit for bit as it would alone, so
that a picture depends on its URL and on nobody who watches beside it.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from app.data.tables import Table
from app.web.problems import Busy, OutOfTime
from app.web.rolling import Place, Scene, Take, roll
from app.web.workers import Workers

TOGETHER = 4  # films in a bite, as many as a page compares: a bite stays short
GATHERING = 0.02  # seconds that a film waits before its first bite for others of its cast
PAUSE = 0.1  # seconds until a turn is asked for again where too much waits


class Wish(NamedTuple):
    """A bite that is waited for.

    Attributes:
        scene: the film.
        place: where it is to go on; None for the beginning.
        tables: those that it needs; None where a worker may remember them.
        step: where it stands.
        taken: is told what the bite brought.
    """

    scene: Scene
    place: Place | None
    tables: Sequence[Table] | None
    step: int
    taken: "asyncio.Future[Take | None]"

    def joins(self, other: "Wish") -> bool:
        """Whether one process may do both at once."""
        same = (self.scene.cast, self.step, self.tables is None) == (other.scene.cast, other.step, other.tables is None)
        return self is other or (same and (self.place is None) == (other.place is None))


class Turns:
    """All bites that are waited for."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._waiting: list[Wish] = []
        self._rolling: set[asyncio.Task[None]] = set()

    async def take(
        self, scene: Scene, place: Place | None, tables: Sequence[Table] | None, step: int
    ) -> Take | None:  # fmt: skip
        """A bite, in its turn; None from a worker that has to be given the tables. Raises Busy before the first one."""
        if place is None:
            await asyncio.sleep(GATHERING)
        while True:
            try:
                return await self._turn(scene, place, tables, step)
            except Busy:
                if place is None or self._workers.stopped:
                    raise
            await asyncio.sleep(PAUSE)  # what has begun waits instead of being refused

    async def _turn(
        self, scene: Scene, place: Place | None, tables: Sequence[Table] | None, step: int
    ) -> Take | None:  # fmt: skip
        loop = asyncio.get_running_loop()
        wish = Wish(scene, place, tables, step, loop.create_future())
        self._waiting.append(wish)
        loop.call_soon(self._deal)  # after all others have wished whose bite has just ended too
        try:
            return await wish.taken
        finally:
            self._waiting = [one for one in self._waiting if one is not wish]

    def _deal(self) -> None:
        """Turns for those who have waited longest, and for who can come along."""
        while self._waiting and len(self._rolling) < self._workers.processes:
            first = self._waiting[0]
            cast = [one for one in self._waiting if one.joins(first)][:TOGETHER]
            self._waiting = [one for one in self._waiting if all(one is not other for other in cast)]
            task = asyncio.ensure_future(self._roll(cast))
            self._rolling.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._rolling.discard(task)
        self._deal()

    async def _roll(self, cast: Sequence[Wish]) -> None:
        takes: Sequence[Take | None] = [None] * len(cast)
        trouble: Exception | None = Busy()  # unless anything else is known: the server stops
        try:
            rolled = await self._workers.run(roll, [(one.scene, one.place) for one in cast], cast[0].tables)
            takes, trouble = rolled or takes, None
        except Exception as error:
            trouble = error
            if len(cast) > 1 and not isinstance(error, Busy | OutOfTime):
                for one in cast:  # alone, whose trouble it is shows, and the others go on
                    await self._roll([one])
        finally:
            for one, take in zip(cast, takes, strict=True):
                if one.taken.done():  # nobody watches it any more
                    continue
                if trouble is None:
                    one.taken.set_result(take)
                else:
                    one.taken.set_exception(trouble)
