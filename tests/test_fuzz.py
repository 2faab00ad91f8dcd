"""Whatever is asked: JSON or problem+json, 200 or a refusal, in bounded time, and never a NaN.

First what the API's own OpenAPI document allows and forbids; then what no schema thinks of, byte by byte.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.python.asgi import ASGIClient
from schemathesis.specs.openapi.checks import allow_header_conformance, positive_data_acceptance

from app.labs import LABS
from app.main import create_app
from app.settings import Settings
from app.web.api import dotted
from tests.test_datasets_api import API, CSV

if TYPE_CHECKING:
    from starlette.testclient import TestClient


class Awake:
    """An application that is neither started nor ended: schemathesis would do both for every operation."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while scope["type"] == "lifespan":
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
        await self.app(scope, receive, send)


APP = create_app(Settings(data=None, workers=1, memory=8))
# What the document allows may still contradict itself in ways that JSON Schema cannot say of a query (a knob of another
# kind, both of a linked pair, a column that the table lacks), so that data within the schema may be refused.
# And of two routes with one path Starlette's 405 names only the methods of the first in `Allow`.
EXCLUDED = [positive_data_acceptance, allow_header_conformance]
# One for all cases, which asks the environment for no proxies: a fifth of the time that a refusal takes.
SESSION = ASGIClient(Awake(create_app(Settings(data=None, workers=1, memory=8))))
SESSION.trust_env = False
ONE_PART = r"^/api/v1/labs/[^/{]+/(?!python)"
DOCUMENT = schemathesis.openapi.from_asgi("/openapi.json", SESSION.app)
PARTS = [(lab.slug, part) for lab in LABS.values() for part in lab.parts]
KEYS = sorted({key for lab in LABS.values() for part in lab.parts.values() for key in dotted(lab, part)})
PATHS = [
    *(f"/api/v1/labs/{lab}/{part}" for lab, part in PARTS),
    *(f"/api/v1/labs/{lab}/python" for lab in LABS),
    *(f"/labs/{lab}" for lab in LABS),
]
BOUNDED = 6.0  # seconds, on a busy machine

HOSTILE = [
    b"nan", b"NaN", b"-NaN", b"inf", b"-Infinity", b"1e999", b"-1e999", b"1e-999", b"1_000", b"0x10", b"1e", b"--1",
    b"", b"+", b" 1", b"1 ", b"1\n", b"\x00", b"1\x00", b"true", b"null", b"[]", b"{}", b"9" * 400, b"1" * 3900,
    b"0." + b"0" * 400 + b"1", b"x" * 70, "１".encode(), "٣".encode(), "½".encode(), "−1".encode(), "\u202e1".encode(),
    "é".encode("latin-1"), b"\xed\xa0\x80", b"\xff\xfe", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"../../etc/passwd",
    b"<script>", b"'; --", b"%00", b"%", b"${7*7}", b"{{7*7}}", b"csv-0000000000000000", b"1" + b"0" * 5000,
]  # fmt: skip


@pytest.fixture(scope="module")
def app_client() -> Iterator["TestClient"]:
    from starlette.testclient import TestClient

    with TestClient(APP, base_url="http://127.0.0.1", raise_server_exceptions=False) as started:
        yield started


def refuse_tokens(token: str) -> Any:
    raise AssertionError(f"{token} is no JSON")


def checked(status: int, kind: str, body: bytes, seconds: float, asked: object) -> None:
    """The law of every reply."""
    assert status in {200, 201, 204, 304} or 400 <= status < 500, (status, asked, body[:300])
    assert seconds < BOUNDED, (seconds, asked)
    assert b"Traceback" not in body, asked
    if kind == "application/problem+json":
        assert status >= 400, asked
        assert json.loads(body, parse_constant=refuse_tokens)["status"] == status
        assert len(body) < 12_000, asked
    elif kind == "application/json":
        assert status < 300, asked
        json.loads(body, parse_constant=refuse_tokens)
    else:
        assert kind.split(";")[0] in {"text/html", "text/plain", ""}, (kind, asked)


def raw(path: str, query: bytes) -> None:
    """A request whose query arrives byte for byte: a client library would quote it first."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "", "headers": [],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    begun = time.perf_counter()
    asyncio.run(APP(scope, receive, send))
    headers = dict(sent[0]["headers"])
    body = b"".join(message.get("body", b"") for message in sent[1:])
    kind = headers.get(b"content-type", b"").decode()
    checked(sent[0]["status"], kind, body, time.perf_counter() - begun, (path, query))


DRAWN = settings(
    max_examples=10, derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip


@DOCUMENT.exclude(path_regex=ONE_PART).parametrize()
@settings(DRAWN, phases=[Phase.explicit, Phase.generate])
def test_the_api_keeps_its_own_document(case: schemathesis.Case) -> None:
    """At the ends of every parameter and beyond. A lab's script reads all its knobs, through the door of its parts."""
    case.call_and_validate(session=SESSION, excluded_checks=EXCLUDED)


@DOCUMENT.include(path_regex=ONE_PART).parametrize()
@DRAWN
def test_every_part_keeps_its_own_document(case: schemathesis.Case) -> None:
    case.call_and_validate(session=SESSION, excluded_checks=EXCLUDED)


@pytest.mark.parametrize("key", [*KEYS, "sweep", "v", "unknown", "problem", "radius.x", "problem.kind.x"])
def test_no_hostile_value_of_any_key_gets_through(key: str) -> None:
    """Through the lightest part, the script and the page: all read knobs through the same door."""
    for i, value in enumerate(HOSTILE):
        query = f"{key}={quote_from_bytes(value)}".encode()
        raw("/api/v1/labs/tangency/solution", query)
        if i % 8 == 0:
            raw("/api/v1/labs/tangency/python", query)
            raw("/labs/tangency", query)


QUERIES = [
    b"radius=1&radius=1", b"radius=1&radius=nan", b"radius=1&r%61dius=1", b"radius=0.5&strength=0.5",
    b"&&&", b"=", b"===", b"radius", b"%", b"%zz=1", b"\xff=1", b"\xff", b"radius=\xff", b"radius=\xed\xa0\x80",
    b"radius=\x00", b"radius=1;strength=1",
    b"problem.kind=bowl&problem.kind=bowl", b"problem=1&problem.kind=bowl", b"problem.kind=bowl&problem=1",
    b".=1", b"..=1",
    b"problem.=1", b".kind=bowl", b"problem..kind=bowl", b"__proto__=1", b"problem.__class__=1", b"model_config=1",
    b"k=1&" * 100, b"a" * 5000, b"sweep=radius&strength=0.5", b"sweep=strength&radius=0.5",
    b"sweep=radius&sweep=radius", b"sweep=radius&radius=0.5&problem.angle=nan", b"v=" + b"x" * 300, b"v=1&v=2",
    b"problem.kind=regression&problem.dataset=nothing", b"problem.kind=regression&problem.first=nothing",
    b"problem.kind=classification&problem.dataset=diabetes", b"problem.kind=classification&problem.positive=nobody",
    b"problem.kind=synthetic_regression&problem.rows=1&problem.noise=0",
    b"problem.kind=synthetic_classification&problem.rows=1&problem.distance=0",
    b"regularizer.kind=lp&regularizer.p=1.0000001", b"regularizer.kind=elastic_net&regularizer.ratio=1e-300",
    b"radius=1e-300", b"radius=5e-324", b"strength=1e-300", b"strength=1e6", b"problem.minimiser_1=1e-300",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_hostile_query_gets_through(path: str) -> None:
    for query in QUERIES:
        raw(path, query)


words = st.sampled_from([key.encode() for key in (*KEYS, "sweep", "v", "x")])
values = st.one_of(
    st.sampled_from([*HOSTILE, b"l1", b"quasi", b"bowl", b"linf", b"0.5", b"1", b"0", b"true"]).map(
        lambda one: quote_from_bytes(one).encode()
    ),
    st.binary(max_size=12),
)
queries = st.lists(st.tuples(words, values), max_size=5).map(lambda some: b"&".join(b"=".join(one) for one in some))


@settings(max_examples=120)
@given(queries)
def test_no_query_of_hostile_pieces_gets_through(query: bytes) -> None:
    raw("/api/v1/labs/tangency/solution", query)


@settings(max_examples=50)
@given(st.binary(max_size=80))
def test_no_bytes_as_a_query_get_through(query: bytes) -> None:
    for path in ("/api/v1/labs/tangency/contour", "/labs/tangency", "/api/v1/labs/tangency/python"):
        raw(path, query)


cells = st.one_of(
    st.sampled_from([*HOSTILE, b'"', b",", b";", b"\r", b"\n", b"\t", b"=cmd()", b"1,5", b"\xef\xbb\xbf"]),
    st.floats().map(lambda one: repr(one).encode()),
)
files = st.one_of(
    st.binary(max_size=200),
    st.lists(st.lists(cells, min_size=3, max_size=3).map(b",".join), max_size=6).map(
        lambda rows: b"a,b,c\n" + b"\n".join(rows)
    ),
)


@settings(max_examples=60)
@given(content=files)
def test_no_hostile_file_gets_through(app_client: "TestClient", content: bytes) -> None:
    """What is accepted must have finite pictures too."""
    begun = time.perf_counter()
    answer = app_client.post(API, content=content)
    kind = answer.headers.get("content-type", "")
    checked(answer.status_code, kind, answer.content, time.perf_counter() - begun, content)
    if answer.status_code == 201:
        name = answer.json()["id"]
        for part in ("contour", "solution", "path"):
            drawn = app_client.get(f"/api/v1/labs/tangency/{part}?problem.kind=regression&problem.dataset={name}")
            checked(drawn.status_code, drawn.headers["content-type"], drawn.content, 0.0, content)
            assert drawn.status_code == 200, (drawn.text, content)
        app_client.delete(f"{API}/{name}")


numbers = st.floats(-1e30, 1e30).map(lambda one: repr(one).encode())


@settings(max_examples=30)
@given(rows=st.lists(st.lists(numbers, min_size=3, max_size=3).map(b",".join), min_size=1, max_size=6))
def test_every_table_of_numbers_has_pictures(app_client: "TestClient", rows: list[bytes]) -> None:
    """The largest and the smallest numbers that a file may hold, one row, ties: all of it is drawn."""
    name = app_client.post(API, content=b"a,b,c\n" + b"\n".join(rows)).json()["id"]
    for part in ("contour", "solution", "path"):
        for scaled in ("true", "false"):
            query = f"problem.kind=regression&problem.dataset={name}&problem.standardise={scaled}"
            drawn = app_client.get(f"/api/v1/labs/tangency/{part}?{query}")
            assert drawn.status_code == 200, (part, scaled, rows, drawn.text)
            json.loads(drawn.content, parse_constant=refuse_tokens)
    app_client.delete(f"{API}/{name}")


def test_the_same_file_twice_is_no_other_file(app_client: "TestClient") -> None:
    assert app_client.post(API, content=CSV).json() == app_client.post(API, content=CSV).json()
