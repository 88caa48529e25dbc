"""The store of finished digests."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from workers.model import Digest
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated


class DigestStore:
    """Digests by id. `life` is how long one is kept after it was put."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def put(self, digest_id: str, digest: Digest) -> None:
        """Keeps a digest, in place of one with the same id."""
        self._redis.set(keys.digest(digest_id), encode(digest), ex=self._life)

    @translated()
    def get(self, digest_id: str) -> Digest | None:
        """The digest; None when it is not here, or was written by another version."""
        key = keys.digest(digest_id)
        return decode_or_none(Digest, self._redis.get(key), key)
