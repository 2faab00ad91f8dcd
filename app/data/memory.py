"""What was used last, within bounds."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Values by key; beyond its bounds the one that was used longest ago goes first, but never the newest.

    Args:
        most: how many values are kept.
        most_numbers: how many numbers they may hold on to together.
        numbers: how many a value holds on to.
    """

    def __init__(self, most: int, *, most_numbers: int = 2_000_000, numbers: Callable[[V], int] = lambda _: 0) -> None:
        self._most = most
        self._most_numbers = most_numbers
        self._numbers = numbers
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._held = 0

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[K]:
        return iter(tuple(self._kept))

    def use(self, key: K) -> V:
        """The value of a key, which becomes the one used last; KeyError if there is none."""
        self._kept.move_to_end(key)
        return self._kept[key]

    def keep(self, key: K, value: V) -> V:
        """Remember a value, perhaps in the place of another, and forget what there is no room for."""
        self.forget(key)
        self._kept[key] = value
        self._held += self._numbers(value)
        while len(self._kept) > self._most or (len(self._kept) > 1 and self._held > self._most_numbers):
            self._held -= self._numbers(self._kept.popitem(last=False)[1])
        return value

    def forget(self, key: K) -> None:
        """Forget a key, if it is known."""
        if key in self._kept:
            self._held -= self._numbers(self._kept.pop(key))
