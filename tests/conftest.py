"""What tests share: settings that repeat, the application, a real server, and a browser that tells all."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError
    from starlette.testclient import TestClient

ROOT = Path(__file__).parent.parent

# Before any test imports NumPy; the servers that tests start inherit it.
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: once Playwright runs, its event loop is this thread's, and `asyncio.run` is refused."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator["TestClient"]:
    """The application in this process, started and stopped once, with a data folder of its own."""
    from starlette.testclient import TestClient

    from app.main import create_app
    from app.settings import Settings

    settings = Settings(data=tmp_path_factory.mktemp("data"), workers=1)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as started:
        yield started


@dataclass(frozen=True)
class Server:
    """A real server process on this machine."""

    url: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ready(server: Server) -> bool:
    """Whether it takes requests; an error with its log where it ended instead."""
    if server.process.poll() is not None:
        raise RuntimeError(f"the server ended:\n{server.log.read_text()}")
    try:
        with urlopen(f"{server.url}/readyz", timeout=5) as answer:  # noqa: S310 (this machine's own server)
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start a server as `make run` does, or another module, with settings by name; all end with the session."""
    started: list[Server] = []

    def start(module: str = "app", **settings: object) -> Server:
        folder, port = tmp_path_factory.mktemp("server"), free_port()
        chosen = {"port": port, "data": folder / "data", "workers": 2, **settings}
        environment = os.environ | {f"NORMBALL_{name.upper()}": str(value) for name, value in chosen.items()}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        server = Server(f"http://127.0.0.1:{port}", folder / "data", folder / "log", process)
        started.append(server)
        deadline = time.monotonic() + 60
        while not ready(server):
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.05)
        return server

    yield start
    for server in started:
        server.process.terminate()
        server.process.wait(timeout=15)
        assert "Traceback" not in server.log.read_text(), server.log.read_text()


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server]) -> Server:
    """The server that the browser tests share."""
    return serve()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium on PATH, else Playwright's own; without the background traffic of a personal browser."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    switches = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync"
    )
    return {**browser_type_launch_args, "executable_path": found, "args": switches.split()}


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """`page.goto("/labs/tangency")` means this session's server."""
    return server.url


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What a page said on its console, which errors it had, what it asked of others: nothing, or the test fails.

    A test that provokes one checks it here and clears the list.
    """
    heard: list[str] = []
    yield heard
    assert not heard, "\n".join(heard)


@pytest.fixture
def new_context(
    new_context: Callable[..., "BrowserContext"], server: Server, complaints: list[str]
) -> Callable[..., "BrowserContext"]:
    """Playwright's way to a new browser context; every page in it (and `page` itself) is listened to."""

    def said(message: "ConsoleMessage") -> None:
        complaints.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def failed(error: "WebError") -> None:
        complaints.append(f"error: {error.error}")

    def asked(request: "Request") -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(f"{server.url}/"):
            complaints.append(f"a request to another origin: {request.url}")

    def listening(**options: object) -> "BrowserContext":
        context = new_context(**options)
        context.on("console", said)
        context.on("weberror", failed)
        context.on("request", asked)
        return context

    return listening
