"""Worker processes: a killed one costs a retry, too many wait no longer, a late one is given up."""

import asyncio
import gc
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.data.library import Library
from app.data.uploads import Uploads
from app.labs.tangency import TANGENCY
from app.web.answering import Answers
from app.web.problems import Busy, OutOfTime
from app.web.questions import question
from app.web.store import Store
from app.web.workers import Workers


def die_once(mark: str) -> str:
    """Kills its own process the first time, as the kernel does when memory runs out."""
    if not Path(mark).exists():
        Path(mark).write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def always_die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise ArithmeticError("as it should")


@asynccontextmanager
async def started(processes: int = 1, waiting: int = 8, deadline: float = 30) -> AsyncIterator[Workers]:
    workers = Workers(processes, waiting=waiting, deadline=deadline)
    try:
        yield workers
    finally:
        workers.stop()


def test_a_killed_worker_costs_a_retry_and_nobody_else_anything(tmp_path: Path) -> None:
    async def scene() -> list[object]:
        async with started() as workers:
            asked = [workers.run(die_once, str(tmp_path / "mark")), *(workers.run(abs, -i) for i in range(4))]
            return await asyncio.gather(*asked)

    assert asyncio.run(scene()) == ["done", 0, 1, 2, 3]


def test_work_that_always_kills_its_worker_ends_in_an_error_and_the_next_is_done() -> None:
    async def scene() -> int:
        async with started() as workers:
            with pytest.raises(Exception, match="terminated abruptly"):
                await workers.run(always_die)
            return await workers.run(abs, -7)

    assert asyncio.run(scene()) == 7


def test_an_error_comes_back_as_itself() -> None:
    async def scene() -> None:
        async with started() as workers:
            with pytest.raises(ArithmeticError, match="as it should"):
                await workers.run(fail)

    asyncio.run(scene())


def test_more_than_may_wait_are_refused_at_once() -> None:
    async def scene() -> list[object]:
        async with started(waiting=1) as workers:
            await workers.run(abs, 1)
            asked = [workers.run(time.sleep, 0.2) for _ in range(4)]
            return await asyncio.gather(*asked, return_exceptions=True)

    refused = [one for one in asyncio.run(scene()) if isinstance(one, Busy)]
    assert len(refused) == 2


def test_what_is_late_is_given_up() -> None:
    async def scene() -> None:
        async with started(deadline=0.5) as workers:
            with pytest.raises(OutOfTime):
                await workers.run(time.sleep, 2)

    asyncio.run(scene())


def test_work_that_outlives_its_loop_leaves_its_place_to_the_next() -> None:
    workers = Workers(1, waiting=0, deadline=30.0)

    async def left() -> None:
        asyncio.ensure_future(workers.run(time.sleep, 0.4))  # noqa: RUF006 (nobody waits for it: that is the point)
        await asyncio.sleep(0.1)

    try:
        asyncio.run(left())
        time.sleep(1.5)
        assert asyncio.run(workers.run(int)) == 0
    finally:
        workers.stop()


class Late(Workers):
    """Gives everything up, a moment after it was asked."""

    async def run(self, *_: Any) -> Any:  # type: ignore[override]
        await asyncio.sleep(0.05)
        raise OutOfTime


def test_what_is_given_up_when_nobody_waits_any_more_is_no_news() -> None:
    """Else asyncio writes it down whenever the collector finds it, in the midst of whatever is done then."""
    news: list[object] = []

    async def scene() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: news.append(context))
        workers = Late(1, waiting=8, deadline=30.0)
        answers = Answers(Library(Uploads(None)), workers, Store(1), "build")
        asked = question(TANGENCY, TANGENCY.parts["contour"], {"problem.kind": "synthetic_classification"})
        leaver = asyncio.ensure_future(answers.find(asked))
        await asyncio.sleep(0.01)
        leaver.cancel()
        await asyncio.gather(leaver, return_exceptions=True)
        await asyncio.sleep(0.1)
        del leaver
        gc.collect()

    asyncio.run(scene())
    assert news == []
