"""Thirty pages that stream a training each, on two worker processes, and one that turns a knob beside them."""

import asyncio
import time
from math import nan
from statistics import median

from benchmarks.servers import Server, serving
from benchmarks.table import Row, duration
from benchmarks.timing import QUICK, Pace

CLIENTS, WORKERS = 30, 2
FILM = "/api/v1/labs/network/training/stream?sweep=moment&steps=20000&seed="  # longer than it is watched
BESIDE = "/api/v1/labs/tangency/solution?radius="
FRAME = b"event: frame\n"
PAUSE = 0.02  # seconds between two steps of the hand


def rows(pace: Pace) -> list[Row]:
    """How evenly films take turns, and what they cost those who do not train."""
    seconds = 1.0 if pace is QUICK else 10.0
    with serving("app", "/readyz", WORKERS) as server:
        asyncio.run(_measured(server, 2, 1.0))  # both workers have started
        idle = asyncio.run(_measured(server, 0, seconds))[1]
        counts, busy = asyncio.run(_measured(server, CLIENTS, seconds))
    least, most = min(counts), max(counts)
    spread = ", ".join(map(str, sorted(counts)))
    return [
        Row(
            f"frames of the slowest of {CLIENTS} films in {seconds:g} s",
            "of the fastest", least / most if most else nan, "×", target=None if pace is QUICK else 1 / 3,
            ours=str(least), theirs=str(most),
        ),
        Row(f"frames by client: {spread}", "all of them", sum(counts) / seconds, "/ s"),
        Row(
            "tangency answer beside them, wall clock", "with nothing beside it", busy / idle, "×",
            target=None if pace is QUICK else 10, at_most=True, ours=duration(busy), theirs=duration(idle),
        ),
    ]  # fmt: skip


async def _measured(server: Server, films: int, seconds: float) -> tuple[list[int], float]:
    """The frames that each of so many films told in some seconds, and the median of an answer beside them."""
    end = time.monotonic() + seconds
    watching = [_frames(server.port, seed, end) for seed in range(films)]
    *counts, beside = await asyncio.gather(*watching, _beside(server.port, films, end))
    return [int(one) for one in counts], float(beside)


async def _frames(port: int, seed: int, end: float) -> int:
    """How many frames a film tells until a time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {FILM}{seed} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    found, left = 0, b""
    try:
        async with asyncio.timeout(end - time.monotonic()):
            while piece := await reader.read(1 << 16):
                text = left + piece
                found += text.count(FRAME)
                left = text[-len(FRAME) + 1 :]
    except TimeoutError:
        pass
    writer.close()
    return found


async def _beside(port: int, films: int, end: float) -> float:
    """The median seconds of an answer that nobody had before, one after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    while time.monotonic() < end:
        await asyncio.sleep(PAUSE)
        radius = f"0.{films:02d}{len(took) + 1:05d}1"
        since = time.perf_counter()
        writer.write(f"GET {BESIDE}{radius} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        size = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(size.split(b":")[1]))
        took.append(time.perf_counter() - since)
        assert head.startswith(b"HTTP/1.1 200"), head
    writer.close()
    return median(took)
