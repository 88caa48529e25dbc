"""The store of days: how many commits of each tier a repository had on each day, as digests found it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from redis import Redis

from workers.model import Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated

MOST_DAYS = 14
"""Days that are told of at once, up to the last one of a digest."""


class Day(Value):
    """The commits of one day by tier."""

    day: date
    high: int = 0
    medium: int = 0
    low: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.high + self.medium + self.low

    def with_those_of(self, other: Day) -> Day:
        """The same day with another repository's commits added."""
        return Day(day=self.day, **{tier: getattr(self, tier) + getattr(other, tier) for tier in TIERS})


TIERS = ("high", "medium", "low")


class HistoryStore:
    """Days by repository (its `repository_key`) and time zone. `life` is how long one is kept after it was put.

    A day is that of all commits of the default branch; a day that is put again is what it was found to be last.
    """

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def put(self, repository: str, timezone: str, days: Iterable[Day]) -> None:
        """Keeps days, in place of what was kept of them."""
        pipeline = self._redis.pipeline(transaction=False)
        for day in days:
            pipeline.set(keys.history(repository, timezone, day.day), encode(day), ex=self._life)
        pipeline.execute()

    def until(self, repositories: Sequence[str], timezone: str, last: date) -> list[Day]:
        """Of the MOST_DAYS days up to `last` those that are known of all repositories, their commits added; by date."""
        wanted = [last - timedelta(days=ago) for ago in reversed(range(MOST_DAYS))]
        found: dict[date, Day] = {}
        for number, repository in enumerate(dict.fromkeys(repositories)):
            known = self._known(repository, timezone, wanted)
            if number:
                known = {day: found[day].with_those_of(one) for day, one in known.items() if day in found}
            found = known
        return list(found.values())

    @translated()
    def _known(self, repository: str, timezone: str, days: Sequence[date]) -> dict[date, Day]:
        names = [keys.history(repository, timezone, day) for day in days]
        kept: list[bytes | None] = self._redis.mget(names)  # type: ignore[assignment]  # we do not decode
        read = (decode_or_none(Day, data, name) for data, name in zip(kept, names, strict=True))
        return {day.day: day for day in read if day is not None}
