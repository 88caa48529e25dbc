"""What models were used for: calls, tokens and cost by day and model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from redis import Redis

from workers.model import Value
from workers.store import keys
from workers.store.faults import translated

LIFE = timedelta(days=100)
"""How long a day is kept after its last call: a quarter can be looked back on."""
_COUNTS = ("calls", "input_tokens", "output_tokens")


class DayUsage(Value):
    """What one model was used for on one day. `cost` None: no call of that day had a price."""

    day: date
    model: str
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


class UsageStore:
    """Usage by day and model. `life` is how long a day is kept after its last call."""

    def __init__(self, redis: Redis, life: timedelta = LIFE) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def add(self, used: DayUsage) -> None:
        """Adds to what that model was used for on that day."""
        key = keys.usage(used.day)
        with self._redis.pipeline(transaction=False) as pipeline:
            for place in (key, keys.USAGE_TOTAL):
                for name in _COUNTS:
                    pipeline.hincrby(place, f"{name}:{used.model}", getattr(used, name))
                if used.cost is not None:
                    pipeline.hincrbyfloat(place, f"cost:{used.model}", used.cost)
            pipeline.expire(key, self._life)
            pipeline.execute()

    @translated()
    def between(self, first: date, last: date) -> tuple[DayUsage, ...]:
        """What was used from the first day to the last, both included, by day and then by model."""
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        with self._redis.pipeline(transaction=False) as pipeline:
            for day in days:
                pipeline.hgetall(keys.usage(day))
            found = pipeline.execute()
        return tuple(
            DayUsage(day=day, model=model, **told)
            for day, fields in zip(days, found, strict=True)
            for model, told in sorted(_by_model(fields).items())
        )

    @translated()
    def total(self) -> Mapping[str, Mapping[str, float]]:
        """What each model was ever used for: `calls`, `input_tokens`, `output_tokens`, `cost` where it has a price."""
        found: dict[bytes, bytes] = self._redis.hgetall(keys.USAGE_TOTAL)  # type: ignore[assignment]  # we do not decode
        return _by_model(found)


def _by_model(fields: Mapping[bytes, bytes]) -> dict[str, dict[str, float]]:
    models: dict[str, dict[str, float]] = {}
    for field, value in fields.items():
        name, _, model = field.decode().partition(":")
        models.setdefault(model, {})[name] = float(value)
    return models
