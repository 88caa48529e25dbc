"""The store of what a model noted of parts of commits: in English for every language, so that it is paid for once."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from workers.model import Statement, Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated


class _Reading(Value):
    notes: tuple[Statement, ...]


class PartReadingStore:
    """Notes by what they depend on, a text of any length. `life` is how long they are kept after they were put."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def get(self, name: str) -> tuple[Statement, ...] | None:
        """The notes; None when they are not here."""
        key = keys.part_reading(name)
        found = decode_or_none(_Reading, self._redis.get(key), key)
        return found.notes if found else None

    @translated()
    def put(self, name: str, notes: tuple[Statement, ...]) -> None:
        """Keeps notes."""
        self._redis.set(keys.part_reading(name), encode(_Reading(notes=notes)), ex=self._life)
