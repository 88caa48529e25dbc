"""A shelf: many values in one place, each of one commit and encoded on its own, so that few need be in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Generic, TypeVar

from redis import Redis
from redis.client import Pipeline

from workers.lazy import Lazy
from workers.model import CommitHead, Entry
from workers.store import keys
from workers.store.codec import decode_or_broken, encode
from workers.store.faults import translated

PAGE = 64
"""Values that one round trip writes or reads."""

V = TypeVar("V", bound=CommitHead | Entry)

_PUT = """
for at = 2, #ARGV, 3 do
    local sha, value, group = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
    if redis.call('HSETNX', KEYS[1], sha, value) == 1 then
        redis.call('RPUSH', KEYS[2], sha)
        if group > 0 then redis.call('RPUSH', KEYS[group], sha) end
    end
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end
"""
"""The shelf, its order and those of groups; its life (ms), then of each value its sha, the value and which key is its
group's (0: none). What a Redis took whose answer was lost, as when it is restarted, is written once more: each value
has its one place all the same.
"""
_FIRST_GROUP = 3
"""Which of the script's keys is the order of the first group."""


class Shelf(Generic[V]):
    """Values in order, by sha, and by group. `key` is that of the hash; `life` is how long it is kept after a write."""

    def __init__(self, redis: Redis, cls: type[V], key: str, life: timedelta) -> None:
        self._redis = redis
        self._cls = cls
        self._key = key
        self._milliseconds = int(life.total_seconds() * 1000)
        self._put = redis.register_script(_PUT)

    def add(self, values: Iterable[V], group_of: Callable[[V], str] | None = None) -> None:
        """Puts values behind those that are here, and each into the group that `group_of` names.

        A commit whose value is here keeps that, and its place.
        """
        page: list[tuple[str, bytes, str | None]] = []
        for value in values:
            page.append((value.sha, encode(value), group_of(value) if group_of else None))
            if len(page) == PAGE:
                self._write(page)
                page = []
        if page:
            self._write(page)

    @translated()
    def get(self, sha: str) -> V | None:
        """The value of a commit; None when it is not here."""
        data = self._redis.hget(self._key, sha)
        return None if data is None else decode_or_broken(self._cls, data, self._key)

    @translated()
    def change(self, sha: str, change: Callable[[V], V]) -> None:
        """Puts what `change` makes of a commit's value in its place, order and group as they are; nothing for none."""

        def put(pipeline: Pipeline) -> None:
            data: bytes | None = pipeline.hget(self._key, sha)  # type: ignore[assignment]  # it is watched: read at once
            pipeline.multi()
            if data is not None:
                pipeline.hset(self._key, sha, encode(change(decode_or_broken(self._cls, data, self._key))))

        self._redis.transaction(put, self._key)

    def values(self, group: str | None = None) -> Lazy[V]:
        """All values, or those of a group, in order. BrokenError("store_lost") where one has gone by now."""
        return _Values(self, group)

    @translated()
    def shas(self, group: str | None = None, first: int = 0, last: int = -1) -> list[str]:
        """The shas of all values, or of a group, from place `first` to `last`, both included; -1 is the end."""
        order = keys.shelf_order(self._key, group)
        found: list[bytes] = self._redis.lrange(order, first, last)  # type: ignore[assignment]  # we do not decode
        return [sha.decode() for sha in found]

    @translated()
    def length(self, group: str | None = None) -> int:
        """How many values there are, or how many in a group."""
        return int(self._redis.llen(keys.shelf_order(self._key, group)))

    def page(self, group: str | None, first: int, last: int) -> Iterator[V]:
        """The values whose shas `shas` gives: fetched at once, each decoded when it is come to."""
        for data in self._read(self.shas(group, first, last)):
            yield decode_or_broken(self._cls, data, self._key)

    @translated()
    def _read(self, shas: list[str]) -> Sequence[bytes | str | None]:
        return self._redis.hmget(self._key, shas) if shas else []

    @translated()
    def _write(self, page: Sequence[tuple[str, bytes, str | None]]) -> None:
        groups = list(dict.fromkeys(group for *_, group in page if group is not None))
        arguments: list[str | bytes | int] = [self._milliseconds]
        for sha, data, group in page:
            arguments += [sha, data, 0 if group is None else _FIRST_GROUP + groups.index(group)]
        orders = [keys.shelf_order(self._key, group) for group in (None, *groups)]
        self._put([self._key, *orders], arguments)


class _Values(Lazy[V]):
    """The values of one order of a shelf, which is complete by now."""

    def __init__(self, shelf: Shelf[V], group: str | None) -> None:
        self._shelf = shelf
        self._group = group

    @cached_property
    def _length(self) -> int:
        return self._shelf.length(self._group)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[V]:
        for first in range(0, len(self), PAGE):
            yield from self._shelf.page(self._group, first, first + PAGE - 1)

    def _at(self, place: int) -> V:
        return next(self._shelf.page(self._group, place, place))

    def _several(self, places: range) -> Sequence[V]:
        if not places or places.step != 1:
            return super()._several(places)
        return tuple(self._shelf.page(self._group, places[0], places[-1]))
