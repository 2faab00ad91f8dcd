"""Films as Server-Sent Events: how far the work is, each frame as soon as it is drawn, and how it ended.

What can be refused is refused before the response begins, with its true status. A reader that leaves, or that reads no
longer, lets go of the film at once; the work itself belongs to the film, which stops when nobody is left.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace

import orjson
from isal import isal_zlib
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.answering import Answers
from app.web.api import Get, asked_of, found, part_of
from app.web.films import Showing
from app.web.problems import told
from app.web.queries import raw_query
from app.web.questions import Question, encode, head, question
from app.web.store import Encoded

STALLED = 10.0  # seconds in which a reader takes nothing, after which it is dropped
AT_ONCE = 10  # frames from memory in one piece
GZIP = 31  # zlib's word for a gzip envelope around its largest window
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def stream(request: Request) -> ASGIApp:
    """One part of a lab while it trains."""
    lab = found(request.path_params["lab"])
    part = part_of(lab, request.path_params["part"])
    if not part.streams:
        streaming = ", ".join(one.name for one in lab.parts.values() if one.streams) or "none of this lab"
        raise HTTPException(404, f"'{part.name}' is answered at once and is no stream; parts that stream: {streaming}")
    asked = question(lab, part, asked_of(raw_query(request)))
    if request.method == "HEAD":
        return StreamingResponse(iter(()), headers=HEADERS)
    return EventStream(request.app.state.answers, asked)


def event(name: str, data: bytes) -> bytes:
    """One event; JSON has no line ends."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


class EventStream:
    """The response: it ends with the film, or when its reader leaves."""

    def __init__(self, answers: Answers, asked: Question) -> None:
        self._answers = answers
        self._asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell all that comes, as long as somebody listens."""
        telling = asyncio.ensure_future(self._told(scope, send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
            if telling.done():
                telling.result()  # raises what is refused before the response begins
        finally:
            telling.cancel()
            leaving.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)

    async def _told(self, scope: Scope, send: Send) -> None:
        squeezed = any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])
        packed = isal_zlib.compressobj(3, wbits=GZIP) if squeezed else None  # an eighth less than 1, for 15 µs a frame
        headers = HEADERS | {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if packed else {})
        begun = False
        async with aclosing(self._events()) as all_events:
            async for events in all_events:
                if not begun:
                    start = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
                    await send({"type": "http.response.start", "status": 200, "headers": start})
                    begun = True
                body = packed.compress(events) + packed.flush(isal_zlib.Z_SYNC_FLUSH) if packed else events
                if not await _sent(send, body):
                    return
        await _sent(send, packed.flush() if packed else b"", more=False)

    async def _events(self) -> AsyncGenerator[bytes]:
        """All events, those that are there at the same time together."""
        kept = self._answers.store.find(self._asked.key)
        if kept is not None:
            async with aclosing(self._remembered(kept)) as remembered:
                async for events in remembered:
                    yield events
            return
        async with self._answers.watched(self._asked) as showing:
            version = frames = 0
            over = False
            while not over:
                version, over = await showing.beyond(version), showing.over
                if showing.trouble is not None and showing.latest is None:
                    raise showing.trouble
                news = b"".join(self._news(showing, frames))
                frames = len(showing.frames)
                yield news

    def _news(self, showing: Showing, frames: int) -> Iterator[bytes]:
        """What has come since there were so many frames; of the progress only the newest counts."""
        take, swept = showing.latest, self._asked.sweep
        if swept and not frames and showing.answer:
            yield event("answer", showing.answer)
        if take is not None:
            yield event("progress", encode({"share": take.share, "step": take.step, "steps": take.steps}))
        yield from self._framed(showing.frames[frames:], frames)
        if showing.trouble is not None:
            yield event("trouble", bytes(told(showing.trouble).body))
        elif showing.over and showing.outcome is not None:
            if not swept:
                yield event("answer", showing.answer or b"")
            yield event("end", encode(showing.outcome._asdict()))

    def _framed(self, frames: Sequence[bytes], first: int) -> Iterator[bytes]:
        if frames:
            values = head(self._asked)["values"][first:]
            for value, frame in zip(values, frames, strict=False):
                yield event("frame", encode({"value": value, "frame": orjson.Fragment(frame)}))

    async def _remembered(self, kept: Encoded) -> AsyncGenerator[bytes]:
        """A film that was seen to its end, as fast as it is taken; some frames at a time, so that others have turns."""
        if not self._asked.sweep:
            yield event("answer", kept.body) + event("end", encode(orjson.loads(kept.body)["outcome"]))
            return
        first = await self._answers.find(replace(self._asked, sweep=None))
        yield event("answer", first.body)
        frames = [kept.body[one] for one in kept.pieces]
        for i in range(0, len(frames), AT_ONCE):
            yield b"".join(self._framed(frames[i : i + AT_ONCE], i))
        yield event("end", encode(orjson.loads(frames[-1])["outcome"]))


async def _sent(send: Send, body: bytes, *, more: bool = True) -> bool:
    """Whether the reader took it in time."""
    try:
        async with asyncio.timeout(STALLED):
            await send({"type": "http.response.body", "body": body, "more_body": more})
    except TimeoutError:
        return False
    return True


async def _left(receive: Receive) -> None:
    """Wait until the reader has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


DIRECT = [Route("/api/v1/labs/{lab}/{part}/stream", Get(stream))]
