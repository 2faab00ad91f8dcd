"""Answers as bytes: encoded once, compressed once, kept by URL until memory is full."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from isal import igzip

MOST_SPELLINGS = 4_096  # of URLs; each is at most a few kilobytes
SMALLEST_TO_COMPRESS = 1_000  # bytes: below, the saving is less than a packet
SMALL = 8_000  # bytes: what fits two packets anyway


def compress(body: bytes) -> bytes:
    """As small as gzip makes it, where nobody waits for it; the same bytes every time, as a strong ETag promises."""
    return gzip.compress(body, 9, mtime=0)


def compress_soon(body: bytes) -> bytes:
    """Where somebody waits: a small answer at half the cost of the next level, which would take a sixth more off."""
    return igzip.compress(body, 0 if len(body) < SMALL else 1, mtime=0)


@dataclass(frozen=True, eq=False)
class Encoded:
    """A body, its strong ETag, and its compressed form: made elsewhere, or when the first client takes it.

    ``pieces`` are the places of the frames in the body of a film's sweep, which is also told frame by frame.
    """

    body: bytes
    etag: str
    elsewhere: bytes | None = None
    pieces: tuple[slice, ...] = ()

    @cached_property
    def compressed(self) -> bytes:
        """Made on the event loop, unless it came from elsewhere."""
        return self.elsewhere or compress_soon(self.body)

    @property
    def worth_compressing(self) -> bool:
        """Whether the compressed form saves a packet."""
        return len(self.body) >= SMALLEST_TO_COMPRESS


def fingerprint(body: bytes) -> str:
    """A strong ETag for bytes that no URL determines."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


class Store:
    """The most recently used answers, bounded by their bytes."""

    def __init__(self, megabytes: int) -> None:
        self._room = megabytes * 1_000_000
        self._used = 0
        self._kept: OrderedDict[str, Encoded] = OrderedDict()
        self._names: OrderedDict[str, str] = OrderedDict()

    def find(self, key: str) -> Encoded | None:
        """The answer kept under this key, now the most recently used one."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: str, answer: Encoded) -> None:
        """Keep an answer; the least recently used ones make room."""
        if key in self._kept:
            return
        self._kept[key] = answer
        self._used += self._size(key, answer)
        while self._used > self._room and self._kept:
            dropped_key, dropped = self._kept.popitem(last=False)
            self._used -= self._size(dropped_key, dropped)

    def known(self, address: str) -> Encoded | None:
        """The answer to a URL as it was spelled before."""
        name = self._names.get(address)
        return self.find(name) if name is not None else None

    def alias(self, address: str, name: str) -> None:
        """Remember that this spelling asks for that answer, so that it need not be parsed again."""
        self._names[address] = name
        self._names.move_to_end(address)
        while len(self._names) > MOST_SPELLINGS:
            self._names.popitem(last=False)

    def forget(self, word: str) -> None:
        """Drop every answer whose key names this word, however its URL is spelled."""
        for key in [key for key in self._kept if word in unquote(key)]:
            self._used -= self._size(key, self._kept.pop(key))

    @staticmethod
    def _size(key: str, answer: Encoded) -> int:
        """Bytes of an entry, its compressed form and the bookkeeping counted at their usual size."""
        return len(answer.body) * 3 // 2 + 2 * len(key) + 500
