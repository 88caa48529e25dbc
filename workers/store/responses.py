"""What a server answered and may answer again with "not modified"."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from workers.store import keys
from workers.store.codec import raw
from workers.store.faults import translated


class ResponseMemory:
    """Bytes by name, such as a response by its address. `life` is how long they are kept after they were set."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def get(self, key: str) -> bytes | None:
        """What was set; None when nothing is here."""
        return raw(self._redis.get(keys.response(key)))

    @translated()
    def set(self, key: str, value: bytes) -> None:
        """Keeps `value` in place of what was there."""
        self._redis.set(keys.response(key), value, ex=self._life)
