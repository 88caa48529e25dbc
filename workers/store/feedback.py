"""What people think of analyses: whether one helped, one vote for each person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from redis import Redis

from workers.model import Value
from workers.store import keys
from workers.store.faults import translated


class Votes(Value):
    """How many people an analysis helped, and how many it did not."""

    up: int = 0
    down: int = 0


class FeedbackStore:
    """Votes by analysis: its name (`keys.analysis_name`) and sha. `life` is counted from the last vote."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def put(self, name: str, sha: str, person: str, helped: bool) -> None:
        """Keeps a person's vote, in place of the one that the same person gave before."""
        pipeline = self._redis.pipeline()
        pipeline.hset(keys.feedback(name, sha), person, "up" if helped else "down")
        pipeline.expire(keys.feedback(name, sha), self._life)
        pipeline.execute()

    @translated()
    def get(self, name: str, sha: str) -> Votes:
        """All votes on an analysis."""
        found: Mapping[bytes, bytes] = self._redis.hgetall(keys.feedback(name, sha))  # type: ignore[assignment]
        votes = list(found.values())
        return Votes(up=votes.count(b"up"), down=votes.count(b"down"))
