"""Hearing that the process is told to end, before the server waits for its connections."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heard(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` on the event loop at a signal to end, and then do what was done before.

    A server tells the lifespan only when all connections are closed, and an open stream would never be.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are heard in the main thread alone; in another one a test runs the server, and ends it itself
        return
    loop = asyncio.get_running_loop()
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}

    def hear(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)
        also = before[signal.Signals(number)]
        if callable(also):
            also(number, frame)

    for one in before:
        signal.signal(one, hear)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
