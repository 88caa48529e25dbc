"""The store of finished digests: a frame, and on shelves the commits, which are read as they are looked at."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from pydantic import PrivateAttr
from redis import Redis

from workers.model import Digest, Entry, RepositoryDigest, Tier, Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated
from workers.store.shelf import Shelf


class StoredRepository(RepositoryDigest):
    """One repository's part of a digest that is in the store."""

    _shelf: Shelf[Entry] = PrivateAttr()

    @classmethod
    def over(cls, part: RepositoryDigest, shelf: Shelf[Entry]) -> StoredRepository:
        """The part of a frame with its commits, which are on a shelf."""
        stored = cls.model_construct(**{**dict(part), "commits": shelf.values()})
        stored._shelf = shelf
        return stored

    def shas(self) -> Sequence[str]:
        """See RepositoryDigest; no commit is read."""
        return self._shelf.shas()

    def entry(self, sha: str) -> Entry | None:
        """See RepositoryDigest; one commit is read."""
        return self._shelf.get(sha)

    def of_tier(self, tier: Tier) -> Sequence[Entry]:
        """See RepositoryDigest; no other commit is read."""
        return self._shelf.values(tier)


class DigestStore:
    """Digests by id. `life` is how long one is kept after it was put."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    def draft(self, digest_id: str) -> DigestDraft:
        """A digest to be written bit by bit."""
        return DigestDraft(self, digest_id, secrets.token_hex(4))

    def put(self, digest_id: str, digest: Digest) -> None:
        """Keeps a digest, in place of one with the same id."""
        draft = self.draft(digest_id)
        for number, part in enumerate(digest.repositories):
            draft.add(number, part.commits)
        draft.finish(digest)

    def get(self, digest_id: str) -> Digest | None:
        """The digest, its commits still in the store; None when it is not here, or was written by another version."""
        frame = self._frame(digest_id)
        if frame is None:
            return None
        parts = tuple(
            StoredRepository.over(part, self._shelf(digest_id, frame.draft, number))
            for number, part in enumerate(frame.digest.repositories)
        )
        return frame.digest.model_copy(update={"repositories": parts})

    def mark_reverted(self, digest_id: str, repository: int, sha: str, by: str) -> None:
        """Notes at a commit of a digest, in the repository of that place, that another one reverts it."""

        def marked(entry: Entry) -> Entry:
            return entry.model_copy(update={"reverted_by": tuple(dict.fromkeys((*entry.reverted_by, by)))})

        frame = self._frame(digest_id)
        if frame is not None:
            self._shelf(digest_id, frame.draft, repository).change(sha, marked)

    @translated()
    def _frame(self, digest_id: str) -> _Frame | None:
        key = keys.digest(digest_id)
        return decode_or_none(_Frame, self._redis.get(key), key)

    @translated()
    def _put_frame(self, digest_id: str, frame: _Frame) -> None:
        self._redis.set(keys.digest(digest_id), encode(frame), ex=self._life)

    def _shelf(self, digest_id: str, draft: str, number: int) -> Shelf[Entry]:
        return Shelf(self._redis, Entry, keys.digest_commits(digest_id, draft, number), self._life)


class DigestDraft:
    """A digest that is being written. Nobody sees any of it before it is finished.

    Its commits have a place of their own: whoever writes the same digest once more, even at the same time, takes
    nothing from this one and adds nothing to it. The last that is finished stands; the others die by their lives.
    """

    def __init__(self, store: DigestStore, digest_id: str, name: str) -> None:
        self._store = store
        self._digest_id = digest_id
        self._name = name

    def add(self, repository: int, entries: Iterable[Entry]) -> None:
        """Puts commits behind those of a repository, which is named by its place in the digest."""
        self._store._shelf(self._digest_id, self._name, repository).add(entries, lambda entry: entry.tier)

    def finish(self, digest: Digest) -> None:
        """Puts all but the commits, of which the digest need have none, in place of a digest with the same id."""
        bare = tuple(RepositoryDigest.model_construct(**{**dict(part), "commits": ()}) for part in digest.repositories)
        frame = _Frame(draft=self._name, digest=digest.model_copy(update={"repositories": bare}))
        self._store._put_frame(self._digest_id, frame)


class _Frame(Value):
    """What the store keeps of a digest beside its commits: the digest without them, and which draft has them."""

    draft: str
    digest: Digest
