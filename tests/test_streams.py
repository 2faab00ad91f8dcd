"""Films over HTTP: what is told and when, who pays for it, and that whoever leaves, stalls or dies costs no other."""

import asyncio
import json
import os
import signal
import socket
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from app.data import Circle, Curve, Library
from app.data.uploads import Uploads
from app.geometry import Outcome
from app.web import streams
from app.web.films import MOST_FILMS, Showing
from app.web.problems import Busy
from app.web.questions import question
from app.web.rolling import Take
from tests.cinema import CINEMA, planned
from tests.conftest import Server

PART = "/api/v1/labs/cinema/training"
LONG = "units=64&steps=60000"  # some seconds of computing
LEAVE = 0.25  # seconds after which nobody may compute any more


class Event(NamedTuple):
    name: str
    data: Any


class Cinema(NamedTuple):
    """A server with a film, and a file that grows by a byte for every moment that is computed."""

    server: Server
    mark: Path

    @property
    def computed(self) -> int:
        return self.mark.stat().st_size if self.mark.exists() else 0

    def settled(self) -> int:
        """The moments computed so far, once nobody computes."""
        before = -1
        while before != (before := self.computed):
            time.sleep(LEAVE)
        return before


@pytest.fixture(scope="module")
def cinema(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Cinema:
    mark = tmp_path_factory.mktemp("cinema") / "mark"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CINEMA_MARK", str(mark))
        return Cinema(serve("tests.playground"), mark)


@contextmanager
def asking(server: Server, path: str, method: str = "GET", **headers: str) -> Iterator[HTTPResponse]:
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request(method, path, headers=headers)
    try:
        yield connection.getresponse()
    finally:
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()


def told(response: HTTPResponse) -> Iterator[Event]:
    """The events as they come."""
    assert response.status == 200, response.read()
    while line := response.readline():
        name = line.decode().removeprefix("event: ").strip()
        data = response.readline().decode()
        assert data.startswith("data: ")
        assert response.readline() == b"\n"
        yield Event(name, json.loads(data[6:]))


def everything(server: Server, query: str) -> list[Event]:
    with asking(server, f"{PART}/stream?{query}") as response:
        return list(told(response))


def frames(events: list[Event]) -> list[Any]:
    return [one.data["frame"] for one in events if one.name == "frame"]


def answered(server: Server, query: str) -> Any:
    with asking(server, f"{PART}?{query}") as response:
        assert response.status == 200
        return json.loads(response.read())


def at_moment(moment: int, **knobs: Any) -> Any:
    """What the film answers, computed here and in one go."""
    asked = question(CINEMA, CINEMA.parts["training"], {"moment": str(moment), **knobs})
    return asked.part.compute(**CINEMA.given(asked.part, asked.knobs, Library(Uploads(None))))


def test_all_moments_are_told_in_order_each_as_it_is_computed_alone(cinema: Cinema) -> None:
    events = everything(cinema.server, "sweep=moment&steps=300&seed=1")
    names = [one.name for one in events]
    assert names[0] == "answer"
    assert names[-1] == "end"
    assert set(names) == {"answer", "progress", "frame", "end"}
    assert [one.data["value"] for one in events if one.name == "frame"] == list(range(101))
    for moment in (0, 1, 37, 100):
        alone = at_moment(moment, steps="300", seed="1")
        frame = frames(events)[moment]
        assert frame["readouts"] == {name: one.value for name, one in alone.readouts.items()}
        assert frame["objective"] == alone.objective
        assert frame["outcome"]["sentence"] == alone.outcome.sentence
        assert frame["figures"]["curve"]["data"][0]["x"] == [3.0 * i for i in range(moment + 1)]
    assert events[0].data == answered(cinema.server, "moment=0&steps=300&seed=1")
    assert events[-1].data == {"kind": "out_of_steps", "sentence": "Finished: all 300 steps are taken."}
    assert answered(cinema.server, "sweep=moment&steps=300&seed=1")["frames"] == frames(events)


def test_a_single_moment_says_how_far_it_is_and_then_answers(cinema: Cinema) -> None:
    *progress, answer, end = everything(cinema.server, "steps=30000&moment=60")
    assert {one.name for one in progress} == {"progress"}
    shares = [one.data["share"] for one in progress]
    assert shares == sorted(shares)
    assert len(shares) > 3
    assert shares[-1] == 1
    assert all(one.data["steps"] == 18_000 and one.data["step"] <= 18_000 for one in progress)
    assert answer.name == "answer"
    assert answer.data["readouts"]["step"]["value"] == 18_000
    assert answer.data["readouts"]["weight"]["value"] == at_moment(60, steps="30000").readouts["weight"].value
    assert end.name == "end"
    assert end.data == answer.data["outcome"]


def test_what_is_turned_on_the_way_holds_from_there_on(cinema: Cinema) -> None:
    plain = frames(everything(cinema.server, "sweep=moment&seed=2"))
    turned = frames(everything(cinema.server, "sweep=moment&seed=2&changes=40%3Arate%3D0.5"))
    losses = [[one["readouts"]["loss"] for one in film] for film in (plain, turned)]
    assert losses[0][:41] == losses[1][:41]
    assert all(one != other for one, other in zip(losses[0][41:], losses[1][41:], strict=True))


def test_how_it_ended_has_its_type_and_its_reason(cinema: Cinema) -> None:
    events = everything(cinema.server, "sweep=moment&pattern.kind=curve&rate=50&steps=500")
    assert events[-1].name == "end"
    assert events[-1].data["kind"] == "diverged"
    assert "step" in events[-1].data["sentence"]
    assert len(frames(events)) == 101
    step = at_moment(100, **{"pattern.kind": "curve", "rate": "50", "steps": "500"}).readouts["step"].value
    assert frames(events)[-1]["readouts"]["step"] == step < 500


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"{PART}/stream?rate=0", 422, "rate"),
        (f"{PART}/stream?sweep=rate", 422, "cannot be swept"),
        (f"{PART}/stream?changes=40%3Aunits%3D3", 422, "cannot be turned while it runs"),
        (f"{PART}/stream?steps=9000000", 422, "seconds of computing, and at most 30"),
        (f"{PART}?steps=9000000&sweep=moment", 422, "seconds of computing, and at most 30"),
        (f"{PART}/stream?steps=20&steps=30", 422, "more than once"),
        ("/api/v1/labs/cinema/data/stream", 404, "parts that stream: training"),
        ("/api/v1/labs/tangency/contour/stream", 404, "none of this lab"),
        ("/api/v1/labs/cinema/nothing/stream", 404, "has no part"),
        ("/api/v1/labs/nowhere/training/stream", 404, "there is no lab"),
    ],
)
def test_a_refusal_keeps_its_status(cinema: Cinema, path: str, status: int, words: str) -> None:
    with asking(cinema.server, path) as response:
        body = json.loads(response.read())
        assert (response.status, response.headers["content-type"]) == (status, "application/problem+json")
    assert words in body["detail"]
    assert body["status"] == status


def test_a_head_computes_nothing(cinema: Cinema) -> None:
    before = cinema.settled()
    with asking(cinema.server, f"{PART}/stream?seed=77", "HEAD") as response:
        assert response.status == 200
        assert response.headers["content-type"].startswith("text/event-stream")
    assert cinema.settled() == before


def test_it_is_compressed_as_it_comes(cinema: Cinema) -> None:
    inflate = zlib.decompressobj(31)
    with asking(cinema.server, f"{PART}/stream?sweep=moment&{LONG}&seed=3", **{"Accept-Encoding": "gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        began = inflate.decompress(response.read1())
    assert began.startswith(b"event: answer\n")
    assert b"event: end" not in began
    with asking(cinema.server, f"{PART}/stream?sweep=moment&seed=1", **{"Accept-Encoding": "gzip"}) as response:
        packed = response.read()
    whole = zlib.decompress(packed, 31).decode()
    assert whole.count("event: frame\n") == 101
    assert len(packed) < len(whole) / 3


def test_two_readers_cost_one_computation_wherever_they_join(cinema: Cinema) -> None:
    before = cinema.settled()
    path = f"{PART}/stream?sweep=moment&steps=30000&seed=4"
    with asking(cinema.server, path) as first:
        early = told(first)
        seen = [next(early) for _ in range(20)]
        with asking(cinema.server, path) as second:
            late = list(told(second))
        seen += early
    assert frames(seen) == frames(late)
    assert len(frames(late)) == 101
    assert cinema.settled() == before + 101


def test_a_film_that_was_seen_is_kept_for_both_ways_of_asking(cinema: Cinema) -> None:
    query = "sweep=moment&steps=500&seed=5"
    first = everything(cinema.server, query)
    before = cinema.settled()
    again = everything(cinema.server, f"steps=5e2&{query}".replace("steps=500&", "").replace("5e2", "500"))
    assert [one for one in again if one.name != "progress"] == [one for one in first if one.name != "progress"]
    with asking(cinema.server, f"{PART}?{query}") as response:
        etag = response.headers["etag"]
        assert json.loads(response.read())["frames"] == frames(first)
    with asking(cinema.server, f"{PART}?{query}", **{"If-None-Match": etag}) as response:
        assert response.status == 304
    single = everything(cinema.server, "steps=500&seed=5&moment=100")
    alone = cinema.settled()
    assert everything(cinema.server, "steps=500&seed=5&moment=100")[-2:] == single[-2:]
    assert answered(cinema.server, "steps=500&seed=5&moment=100") == single[-2].data
    assert cinema.settled() == alone
    assert alone == before + 101


def test_when_the_last_reader_leaves_the_work_stops(cinema: Cinema) -> None:
    path = f"{PART}/stream?sweep=moment&{LONG}&seed=6"
    with asking(cinema.server, path) as first:
        early = told(first)
        next(one for one in early if one.name == "frame")
        with asking(cinema.server, path) as second:
            next(told(second))
        time.sleep(LEAVE)
        before = cinema.computed
        assert next(one for one in early if one.name == "frame" and one.data["value"] > 8)
        time.sleep(LEAVE)
        assert cinema.computed > before  # one reader is left
    time.sleep(LEAVE)
    stopped = cinema.computed
    time.sleep(4 * LEAVE)
    assert cinema.computed == stopped
    assert stopped < before + 101


def workers(server: Server) -> list[int]:
    """The worker processes of a server: the children of its fork server."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    children = [one for one, parent in parents.items() if parent == server.process.pid]
    return [one for one, parent in parents.items() if parent in children]


def test_killed_workers_cost_nobody_anything(serve: Callable[..., Server]) -> None:
    server = serve("tests.playground")
    with ExitStack() as stack:
        paths = [f"{PART}/stream?sweep=moment&steps=30000&seed={seed}" for seed in (7, 8, 9)]
        films = [told(stack.enter_context(asking(server, path))) for path in paths]
        seen = [[next(film) for _ in range(5)] for film in films]
        killed = workers(server)
        for one in killed:
            os.kill(one, signal.SIGKILL)
        for events, film in zip(seen, films, strict=True):
            events += film
    assert killed
    for events, seed in zip(seen, (7, 8, 9), strict=True):
        assert [one.name for one in events].count("frame") == 101
        assert events[-1].name == "end"
        alone = at_moment(100, steps="30000", seed=str(seed))
        assert frames(events)[-1]["readouts"]["weight"] == alone.readouts["weight"].value


def test_more_films_than_may_run_are_refused_until_one_ends(cinema: Cinema) -> None:
    with ExitStack() as stack:
        for seed in range(MOST_FILMS):
            connection = HTTPConnection(urlsplit(cinema.server.url).netloc, timeout=60)
            stack.callback(connection.close)
            connection.request("GET", f"{PART}/stream?{LONG}&seed={1000 + seed}")
        time.sleep(0.5)
        with asking(cinema.server, f"{PART}/stream?{LONG}&seed=2000") as response:
            assert response.status == 503
            assert response.headers["retry-after"] == "2"
            assert "try again" in json.loads(response.read())["detail"]
        with asking(cinema.server, "/api/v1/labs/tangency/solution?radius=0.4") as response:
            assert response.status == 200
    time.sleep(LEAVE)
    assert len(frames(everything(cinema.server, "sweep=moment&seed=2000"))) == 101


def test_films_take_turns(cinema: Cinema) -> None:
    counts = []
    with ExitStack() as stack:
        paths = [f"{PART}/stream?sweep=moment&{LONG}&seed={3000 + i}" for i in range(6)]
        films = [told(stack.enter_context(asking(cinema.server, path))) for path in paths]
        for film in films:
            next(film)
        deadline = time.monotonic() + 3
        counts = asyncio.run(_counted(films, deadline))
    assert min(counts) >= max(counts) / 3
    assert min(counts) >= 3


async def _counted(films: list[Iterator[Event]], deadline: float) -> list[int]:
    def count(film: Iterator[Event]) -> int:
        found = 0
        for one in film:
            if time.monotonic() > deadline:
                break
            found += one.name == "frame"
        return found

    return list(await asyncio.gather(*(asyncio.to_thread(count, film) for film in films)))


def test_a_signal_ends_a_server_whose_stream_is_open(serve: Callable[..., Server]) -> None:
    server = serve("tests.playground")
    with asking(server, f"{PART}/stream?sweep=moment&{LONG}&seed=10") as response:
        events = told(response)
        assert next(events).name == "answer"
        server.process.terminate()
        since = time.monotonic()
        *_, last = events
        server.process.wait(timeout=10)
    assert time.monotonic() - since < 2
    assert last.name == "trouble"
    assert last.data["status"] == 503


class Stub:
    """Answers whose only film is given; it is known who watches."""

    def __init__(self, showing: Showing) -> None:
        self.showing = showing
        self.store = self
        self.watching = 0

    def find(self, _: str) -> None:
        return None

    @asynccontextmanager
    async def watched(self, _: object) -> AsyncIterator[Showing]:
        self.watching += 1
        try:
            yield self.showing
        finally:
            self.watching -= 1


TAKE = Take(False, 3, 100, 0.03, (b"{}",) * 3, b'{"lab":1}', Outcome("stopped", "Paused."))


def _scene(stub: Stub, send: Callable[..., Any]) -> float:
    """Run a stream to its end; how long that took."""

    async def scene() -> float:
        async def receive() -> dict[str, str]:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        since = time.monotonic()
        asked = question(CINEMA, CINEMA.parts["training"], {"sweep": "moment"})
        response = streams.EventStream(stub, asked)  # type: ignore[arg-type]
        await response({"type": "http", "headers": []}, receive, send)
        return time.monotonic() - since

    return asyncio.run(scene())


def test_a_reader_that_takes_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "STALLED", 0.2)
    stub = Stub(Showing())
    stub.showing.add(TAKE)

    async def send(message: dict[str, Any]) -> None:
        assert stub.watching == 1
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)

    assert 0.15 < _scene(stub, send) < 5
    assert stub.watching == 0


def test_trouble_on_the_way_is_told_and_what_was_there_stays() -> None:
    stub = Stub(Showing())
    stub.showing.add(TAKE)
    sent: list[bytes] = []

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            sent.append(message["body"])
            stub.showing.close(Busy())

    _scene(stub, send)
    names = [one.split("\n")[0] for one in b"".join(sent).decode().split("event: ")[1:]]
    assert names == ["answer", "progress", "frame", "frame", "frame", "progress", "trouble"]
    assert b'"status":503' in b"".join(sent)


def test_trouble_before_anything_came_is_raised() -> None:
    stub = Stub(Showing())
    stub.showing.close(Busy())

    async def send(_: dict[str, Any]) -> None:
        raise AssertionError("nothing is sent")

    with pytest.raises(Busy):
        _scene(stub, send)


def test_the_film_of_these_tests_is_what_the_engine_trains() -> None:
    plan = planned(Circle(rows=60), 6, 400, 0.1, 0.0, 0, "50:l2=0.1", Library(Uploads(None)))
    assert [at for at, _ in plan.changes] == [50]
    assert plan.changes[0][1][0].penalty.l2 == 0.1
    assert planned(Curve(), 6, 400, 0.1, 0.0, 0, "", Library(Uploads(None))).settings[0].architecture.sizes == (1, 6, 1)
