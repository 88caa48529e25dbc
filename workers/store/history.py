"""The store of days: how many commits of each tier a repository had in pieces of each day, as digests found it.

A subscription that is due at nine covers from nine to nine: a day is known once the pieces of two runs make it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from redis import Redis

from workers.model import Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated

MOST_DAYS = 14
"""Days that are told of at once, up to the last one of a digest; older ones of a digest are not kept."""
TIERS = ("high", "medium", "low")


class Day(Value):
    """The commits of one day, or of a part of it, by tier."""

    day: date
    high: int = 0
    medium: int = 0
    low: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.high + self.medium + self.low

    def with_those_of(self, other: Day) -> Day:
        """The same day with the commits of another part, or another repository, added."""
        return Day(day=self.day, **{tier: getattr(self, tier) + getattr(other, tier) for tier in TIERS})


class Piece(Day):
    """Of a day the part from second `start` to second `end` (since 1970; half-open)."""

    start: int
    end: int


class HistoryStore:
    """Pieces of days by repository (its `repository_key`), time zone and date. `life` is counted from the last put.

    A piece is that of all commits of the default branch; one that is put again is what it was found to be last.
    """

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def put(self, repository: str, timezone: str, pieces: Iterable[Piece]) -> None:
        """Keeps pieces, each in place of what was kept of the same span."""
        pipeline = self._redis.pipeline(transaction=False)
        for piece in pieces:
            key = keys.history(repository, timezone, piece.day)
            pipeline.hset(key, f"{piece.start}-{piece.end}", encode(piece))
            pipeline.expire(key, self._life)
        pipeline.execute()

    @translated()
    def get(self, repository: str, timezone: str, days: Sequence[date]) -> list[list[Piece]]:
        """What is known of each day, in one round trip."""
        names = [keys.history(repository, timezone, day) for day in days]
        pipeline = self._redis.pipeline(transaction=False)
        for name in names:
            pipeline.hvals(name)
        found = zip(names, pipeline.execute(), strict=True)
        return [[one for data in kept if (one := decode_or_none(Piece, data, name))] for name, kept in found]
