"""The store of commits: what a source was asked for once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from redis import Redis

from workers.model import Commit
from workers.store import keys
from workers.store.codec import UnreadableError, raw
from workers.store.commit_codec import decode_commit, encode_commit
from workers.store.faults import translated

log = logging.getLogger(__name__)

PIPELINE_BYTES = 1 << 20
"""Encoded bytes that `put_many` gathers before it sends them."""


class CommitStore:
    """Commits by repository and sha. `life` is how long one is kept after it was put."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    def put(self, repository: str, commit: Commit) -> None:
        """Keeps a commit."""
        self.put_many(repository, [commit])

    @translated()
    def put_many(self, repository: str, commits: Iterable[Commit]) -> None:
        """Keeps commits, in few round trips, holding few of them at a time."""
        pipeline = self._redis.pipeline(transaction=False)
        gathered = 0
        for commit in commits:
            data = encode_commit(commit)
            gathered += len(data)
            pipeline.set(keys.commit(repository, commit.sha), data, ex=self._life)
            if gathered > PIPELINE_BYTES:
                pipeline.execute()
                gathered = 0
        pipeline.execute()

    @translated()
    def get(self, repository: str, sha: str) -> Commit | None:
        """The commit; None when it is not here, or not readable, which is logged."""
        data = raw(self._redis.get(keys.commit(repository, sha)))
        if data is None:
            return None
        try:
            return decode_commit(data)
        except UnreadableError:
            log.warning("commit %s of %s is not readable: taken as absent", sha, repository)
            return None

    @translated()
    def known(self, repository: str, shas: Sequence[str]) -> set[str]:
        """Which of these are here, in one round trip."""
        pipeline = self._redis.pipeline(transaction=False)
        for sha in shas:
            pipeline.exists(keys.commit(repository, sha))
        return {sha for sha, there in zip(shas, pipeline.execute(), strict=True) if there}
