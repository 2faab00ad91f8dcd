"""Worker processes for what takes longer than a millisecond or two: the event loop never computes for long."""

import asyncio
import gc
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from app.web.problems import Busy, OutOfTime

P = ParamSpec("P")
R = TypeVar("R")

POLITE = 10  # how much less urgent than the server, in the system's own measure: who waits for a page comes first


def give_way() -> None:
    """Let the server's own process go first, where the system can be told."""
    if os.name == "posix":
        os.nice(POLITE)


class Workers:
    """A pool of processes that survives the death of any of them: the pool is rebuilt and the work done again.

    A pure function can be done again without harm, so a killed worker costs a retry and nothing else.
    """

    RETRIES = 2

    def __init__(self, processes: int, *, waiting: int, deadline: float) -> None:
        self.processes = processes
        self._room = processes + waiting
        self.deadline = deadline
        self._busy = 0
        self._stopped = False
        self._pool: Executor | None = None

    @property
    def stopped(self) -> bool:
        """Whether nothing is computed any more."""
        return self._stopped

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do the work in a worker process.

        Raises:
            Busy: when too much is waiting already.
            OutOfTime: when the deadline passes; the work itself is bounded before it begins.
        """
        if self._busy >= self._room:
            raise Busy
        try:
            async with asyncio.timeout(self.deadline):
                return await self._retried(work, *args, **kwargs)
        except TimeoutError:
            raise OutOfTime from None

    async def _retried(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(self.RETRIES + 1):
            pool = self._started()
            try:
                return await asyncio.wrap_future(self._counted(pool.submit(work, *args, **kwargs)))
            except BrokenProcessPool:
                if self._pool is pool:
                    self._pool = None
                    pool.shutdown(wait=False, cancel_futures=True)
                if attempt == self.RETRIES:
                    raise
        raise AssertionError

    def _counted(self, future: Future[R]) -> Future[R]:
        """Room is taken until the work has ended, not only until nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        self._busy += 1

        def ended(_: Future[R]) -> None:
            try:
                loop.call_soon_threadsafe(self._free)
            except RuntimeError:  # the loop that asked has ended meanwhile; the next one finds the place free
                self._free()

        future.add_done_callback(ended)
        return future

    def _free(self) -> None:
        self._busy -= 1

    def _started(self) -> Executor:
        if self._stopped:
            raise Busy
        if self._pool is None:
            # forkserver: forking a process that has threads can deadlock the child
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["app.web.answering"])  # imported once, for every worker
            self._pool = ProcessPoolExecutor(self.processes, context, give_way)
        return self._pool

    def warm(self) -> None:
        """Start a process before the first request needs one; the others start when they are needed."""
        self._stopped = False
        self._started().submit(int)

    def stop(self) -> None:
        """End the pool and its processes at once; what is computed no longer matters to anyone."""
        self._stopped = True  # else work in flight would be done again, in a new pool
        pool, self._pool = self._pool, None
        if pool is None:
            return
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        pool.shutdown(wait=True)
        del pool
        gc.collect()  # its semaphores go with it: the signal that ended the server leaves no time for it later
