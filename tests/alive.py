"""How many of the values that went by are still in memory, and the most that there were at once."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Alive:
    """Counts every value that it is shown until nobody holds it any more."""

    def __init__(self) -> None:
        self.seen = 0
        self.most = 0
        self._alive: set[weakref.ref[object]] = set()

    def watch(self, value: T) -> T:
        """The value itself."""
        self._alive.add(weakref.ref(value, self._alive.discard))
        self.seen += 1
        self.most = max(self.most, len(self._alive))
        return value

    def watch_all(self, values: Iterable[T]) -> Iterator[T]:
        """The values themselves."""
        return map(self.watch, values)
