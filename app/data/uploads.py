"""Uploaded tables, kept under the fingerprint of their content."""

import os
import re
import tempfile
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from threading import Lock

from app.data.csv_table import identifier, read_csv
from app.data.tables import Table

_ID = re.compile(r"csv-[0-9a-f]{16}", re.ASCII)
_STALE = 3600.0  # seconds after which a half-written file is nobody's any more


class Uploads:
    """A bounded store of CSV files; on disk where something can be written, else in memory.

    Several processes may share the folder: a file appears whole under the fingerprint of its content or not at all, so
    that whoever comes second writes the same bytes. Above the bounds the one that was put longest ago goes first.
    """

    def __init__(self, folder: Path | None, *, most_files: int = 200, most_bytes: int = 100_000_000) -> None:
        self._folder = folder if folder is not None and _writable(folder) else None
        self._most_files = most_files
        self._most_bytes = most_bytes
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    @property
    def kept(self) -> str:
        """Where an upload is kept and for how long, as a sentence."""
        bounds = f"{self._most_files} files or {self._most_bytes // 1_000_000} MB"
        if self._folder is None or self._memory:
            return f"kept in memory until the server stops, or until newer files need the room ({bounds})"
        place = "kept in the data folder of this server"
        return f"{place} until somebody removes it, or newer files need the room ({bounds})"

    def put(self, content: bytes) -> Table:
        """Read a CSV and keep it; putting it again makes it the newest. Raises CsvRefused."""
        table = read_csv(content)
        self.keep(content)
        return table

    def keep(self, content: bytes) -> None:
        """Keep what `read_csv` has accepted elsewhere, in a worker process for one."""
        name = identifier(content)
        if self._folder is None or not self._write(self._folder, name, content):
            self._remember(name, content)

    def has(self, name: str) -> bool:
        """Whether something is kept under this id, without reading it."""
        if not _ID.fullmatch(name):
            return False
        with self._lock:
            found = name in self._memory
        return found or (self._folder is not None and _file(self._folder, name).is_file())

    def find(self, name: str) -> bytes | None:
        """The content that was put under this id, or None."""
        if not _ID.fullmatch(name):
            return None
        with self._lock:
            content = self._memory.get(name)
        if content is None and self._folder is not None:
            with suppress(OSError):
                content = _file(self._folder, name).read_bytes()
        # A file that somebody changed is no longer the one that the link means.
        return content if content is not None and identifier(content) == name else None

    def drop(self, name: str) -> bool:
        """Forget a file; False if there was none of that id."""
        if not _ID.fullmatch(name):
            return False
        with self._lock:
            found = self._memory.pop(name, None) is not None
        if self._folder is not None:
            with suppress(OSError):
                _file(self._folder, name).unlink()
                found = True
        return found

    def _remember(self, name: str, content: bytes) -> None:
        with self._lock:
            self._memory[name] = content
            self._memory.move_to_end(name)
            while len(self._memory) > 1 and self._overfull():
                self._memory.popitem(last=False)

    def _overfull(self) -> bool:
        size = sum(map(len, self._memory.values()))
        return len(self._memory) > self._most_files or size > self._most_bytes

    def _write(self, folder: Path, name: str, content: bytes) -> bool:
        try:
            _write_whole(_file(folder, name), content)
            self._tidy(folder, name)
        except OSError:  # the disk is full or was taken away: memory will do
            return False
        return True

    def _tidy(self, folder: Path, newest: str) -> None:
        ages = {path: status for path in folder.iterdir() if (status := _status(path)) is not None}
        for path, status in ages.items():
            if path.suffix == ".part" and time.time() - status.st_mtime > _STALE:
                path.unlink(missing_ok=True)
        files = sorted((path for path in ages if _ID.fullmatch(path.stem)), key=lambda path: ages[path].st_mtime_ns)
        count, size = len(files), sum(ages[path].st_size for path in files)
        for path in files:
            if count <= self._most_files and size <= self._most_bytes:
                break
            if path.stem != newest:
                path.unlink(missing_ok=True)
                count, size = count - 1, size - ages[path].st_size


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.csv"


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:  # another process was quicker to remove it
        return None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside the place and move there: a reader sees all of it or nothing. mkstemp makes the file private."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
