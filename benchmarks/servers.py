"""Servers as processes of their own, the CPU time that they use, and a client that keeps its connection."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Server:
    """A server on this machine, and the connection to it.

    Attributes:
        port: where it listens.
        process: its process; what it started belongs to it.
        connection: kept open.
    """

    port: int
    process: subprocess.Popen[bytes]
    connection: HTTPConnection

    def cpu(self) -> float:
        """CPU seconds of the process, of all its threads and of all processes below it, so far."""
        return sum(_on_cpu(pid) for pid in _tree(self.process.pid))

    def ask(self, path: str, headers: Mapping[str, str], body: bytes | None = None) -> "Answer":
        """GET, or POST of a body; over a new connection where the server has closed the idle one."""
        try:
            return self._answered(path, headers, body)
        except RemoteDisconnected:
            return self._answered(path, headers, body)

    def _answered(self, path: str, headers: Mapping[str, str], body: bytes | None) -> "Answer":
        self.connection.request("GET" if body is None else "POST", path, body, dict(headers))
        answer = self.connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def size(self) -> int:
        """Bytes on the wire, the head included."""
        return sum(len(name) + len(value) + 4 for name, value in self.headers.items()) + len(self.body)


@contextmanager
def serving(module: str, ready: str, workers: int = 1) -> Iterator[Server]:
    """`python -m module` on a free port, until it answers at the path `ready`; ended at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with TemporaryDirectory() as folder:
        environment = os.environ | {
            "NORMBALL_PORT": str(port),
            "NORMBALL_DATA": folder,
            "NORMBALL_WORKERS": str(workers),
        }
        with (log := Path(folder) / "log").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", module, str(port)], cwd=ROOT, env=environment, stdout=said, stderr=said
            )
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            server = Server(port, process, connection)
            _wait(server, ready, log)
            yield server
        finally:
            connection.close()
            process.terminate()
            process.wait(timeout=15)


def _wait(server: Server, ready: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            if server.ask(ready, {}).status == 200:
                return
        except OSError:
            server.connection.close()
        time.sleep(0.05)
    raise RuntimeError(f"{server.process.args!r} did not answer {ready}:\n{log.read_text()}")


def _tree(root: int) -> list[int]:
    below: dict[int, list[int]] = {}
    for folder in PROCESSES.glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text()
        except OSError:  # ended meanwhile
            continue
        below.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += below.get(found[-1], [])
    return found


def _on_cpu(pid: int) -> float:
    """The CPU clock of another process, as clock_getcpuclockid(3) names it: ended threads are in it too."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # ended meanwhile
        return 0.0
