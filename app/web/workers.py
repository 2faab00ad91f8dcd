"""Worker processes for what takes longer than a millisecond or two: the event loop never computes for long."""

import asyncio
import gc
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from app.web.problems import Busy, OutOfTime

P = ParamSpec("P")
R = TypeVar("R")


class Workers:
    """A pool of processes that survives the death of any of them: the pool is rebuilt and the work done again.

    A pure function can be done again without harm, so a killed worker costs a retry and nothing else.
    """

    RETRIES = 2

    def __init__(self, processes: int, *, waiting: int, deadline: float) -> None:
        self._processes = processes
        self._room = processes + waiting
        self._deadline = deadline
        self._busy = 0
        self._pool: Executor | None = None

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do the work in a worker process.

        Raises:
            Busy: when too much is waiting already.
            OutOfTime: when the deadline passes; the work itself is bounded before it begins.
        """
        if self._busy >= self._room:
            raise Busy
        self._busy += 1
        try:
            async with asyncio.timeout(self._deadline):
                return await self._retried(work, *args, **kwargs)
        except TimeoutError:
            raise OutOfTime from None
        finally:
            self._busy -= 1

    async def _retried(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(self.RETRIES + 1):
            pool = self._started()
            try:
                return await asyncio.wrap_future(pool.submit(work, *args, **kwargs))
            except BrokenProcessPool:
                if self._pool is pool:
                    self._pool = None
                    pool.shutdown(wait=False, cancel_futures=True)
                if attempt == self.RETRIES:
                    raise
        raise AssertionError

    def _started(self) -> Executor:
        if self._pool is None:
            # forkserver: forking a process that has threads can deadlock the child
            self._pool = ProcessPoolExecutor(self._processes, multiprocessing.get_context("forkserver"))
        return self._pool

    def warm(self) -> None:
        """Start the processes before the first request needs one."""
        self._started().submit(int)

    def stop(self) -> None:
        """End the pool and its processes at once; what is computed no longer matters to anyone."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        pool.shutdown(wait=True)
        del pool
        gc.collect()  # its semaphores go with it: the signal that ended the server leaves no time for it later
