"""Which commits were told where, by the commit: so that what becomes of one later can be told in the same places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from redis import Redis

from chatbot.messaging import Channel
from workers.cadence import Due
from workers.model import Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated


class Told(Value):
    """A digest that was delivered to a channel: the name of its delivery. `due`: its run, None where it was ordered."""

    digest_id: str
    delivery: str
    channel: Channel
    due: Due | None = None


class ToldStore:
    """Deliveries by commit. `life` is how long a commit is kept after it was told last: that of a digest."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def put(self, repository: str, shas: Iterable[str], told: Told) -> None:
        """Keeps that these commits of a repository (a `repository_key`) were told there. Twice does no harm."""
        pipeline = self._redis.pipeline(transaction=False)
        for sha in shas:
            key = keys.told(repository, sha)
            pipeline.hset(key, f"{told.channel.key} {told.delivery}", encode(told))
            pipeline.expire(key, self._life)
        pipeline.execute()

    @translated()
    def of(self, repository: str, sha: str) -> list[Told]:
        """Where a commit was told, in the order of the channels' names."""
        key = keys.told(repository, sha)
        found: Mapping[bytes, bytes] = self._redis.hgetall(key)  # type: ignore[assignment]  # we do not decode
        told = (decode_or_none(Told, found[name], key) for name in sorted(found))
        return [one for one in told if one is not None]
