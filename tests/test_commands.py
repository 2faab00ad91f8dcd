"""The two commands say what is wrong in a sentence, where something is wrong."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Server

from scripts.free_port import refusal

ROOT = Path(__file__).parent.parent


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_taken_port_is_said_and_a_free_one_is_not(taken: int) -> None:
    assert f"Port {taken} is taken" in (refusal(str(taken)) or "")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert refusal(str(free)) is None


@pytest.mark.parametrize("port", ["", "0", "-1", "65536", "80x", "８０００", "8000.0"])
def test_what_is_no_port_is_said(port: str) -> None:
    assert "whole number from 1 to 65535" in (refusal(port) or "")


def install(folder: Path, python: str | None) -> subprocess.CompletedProcess[str]:
    """The installer where this is the only Python."""
    (folder / "bin").mkdir()
    if python is not None:
        (folder / "bin" / "python3").write_text(f"#!/bin/sh\n{python}\n")
        (folder / "bin" / "python3").chmod(0o755)
    command = [shutil.which("sh") or "sh", ROOT / "scripts" / "install.sh", "requirements.lock"]
    environment = os.environ | {"PATH": str(folder / "bin")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("python", [None, "exit 1"], ids=["none", "too old"])
def test_a_machine_without_python_is_told_so(tmp_path: Path, python: str | None) -> None:
    ended = install(tmp_path, python)
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer" in ended.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_python_without_venv_is_told_so(tmp_path: Path) -> None:
    """Debian ships venv apart: `python3` is new enough, and `import venv, ensurepip` fails."""
    ended = install(tmp_path, 'case "$2" in *ensurepip*) exit 1 ;; esac')
    assert ended.returncode == 1
    assert "apt-get install python3-venv" in ended.stderr


def below(process: int) -> list[int]:
    """The processes that a process has started, and theirs, where the system tells (Linux)."""
    tasks = Path(f"/proc/{process}/task")
    started = [int(child) for file in tasks.glob("*/children") for child in file.read_text().split()]
    return started + [further for child in started for further in below(child)]


def test_a_stopped_server_leaves_no_process_behind(serve: Callable[..., Server]) -> None:
    """Stopped right after its start, while its workers are still starting; four times, for it is a race."""
    for _ in range(4):
        server = serve()
        workers = below(server.process.pid)
        server.process.terminate()
        server.process.wait(timeout=10)
        deadline = time.monotonic() + 10
        while alive := [process for process in workers if Path(f"/proc/{process}").exists()]:
            assert time.monotonic() < deadline, alive
            time.sleep(0.05)
