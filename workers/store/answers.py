"""How many questions were answered, and what that cost, by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from redis import Redis

from workers.model import Value
from workers.store import keys
from workers.store.faults import translated
from workers.store.usage import LIFE


class Answers(Value):
    """Answers of some days: how many, by how many tokens read and written, at what cost (None: none had a price)."""

    count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


class AnswerCounts:
    """Answers by day. `life` is how long a day is kept after its last answer."""

    def __init__(self, redis: Redis, life: timedelta = LIFE) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def add(self, day: date, answers: Answers) -> None:
        """Adds to the answers of a day."""
        key = keys.answers(day)
        pipeline = self._redis.pipeline()
        for name in ("count", "input_tokens", "output_tokens"):
            pipeline.hincrby(key, name, getattr(answers, name))
        if answers.cost is not None:
            pipeline.hincrbyfloat(key, "cost", answers.cost)
        pipeline.expire(key, self._life)
        pipeline.execute()

    @translated()
    def between(self, first: date, last: date) -> Answers:
        """The answers from the first day to the last, both included, together."""
        pipeline = self._redis.pipeline(transaction=False)
        for number in range((last - first).days + 1):
            pipeline.hgetall(keys.answers(first + timedelta(days=number)))
        days: list[Mapping[bytes, bytes]] = pipeline.execute()
        costs = [float(day[b"cost"]) for day in days if b"cost" in day]
        return Answers(
            count=_sum(days, b"count"),
            input_tokens=_sum(days, b"input_tokens"),
            output_tokens=_sum(days, b"output_tokens"),
            cost=sum(costs) if costs else None,
        )


def _sum(days: list[Mapping[bytes, bytes]], name: bytes) -> int:
    return sum(int(day.get(name, 0)) for day in days)
