"""The store of runs: a run is one digest being made."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field
from redis import Redis
from redis.client import Pipeline

from workers.errors import BrokenError, Detail, DigestError, Fault, fault_of
from workers.model import CommitHead, Listing, Value
from workers.request import DigestRequest
from workers.store import keys
from workers.store.codec import decode_or_broken, encode
from workers.store.faults import translated
from workers.store.shelf import Shelf

Stage = Literal["collect", "analyse"]
State = Literal["queued", "running", "done", "failed"]

CURRENT_MOST = 200
"""Characters kept of what is in hand: it is for one line."""


class Failure(Value):
    """Why a run failed, as in `workers.errors`; a reference into the log is one of the details."""

    fault: Fault
    code: str
    details: dict[str, Detail] = Field(default_factory=dict)


NOT_BY_MODEL = "model_"
"""How the codes of problems begin that tell why the rules judged a commit instead of the model."""


class RunProblem(Value):
    """What could not be had or judged; `sha` None: not one commit but the whole. The rest as in `workers.errors`."""

    sha: str | None
    code: str
    details: dict[str, Detail] = Field(default_factory=dict)


class Count(Value):
    """How far a stage is. `done` is never more than `total`."""

    done: int = 0
    total: int = 0


class Progress(Value):
    """How far a run is.

    `listed` counts the sources whose commits are known: before the first, the totals mean nothing. `current` is what
    is in hand, untrusted text. `digest_id` is there when it is done, `failure` when it failed.
    """

    state: State
    listed: int
    collect: Count
    analyse: Count
    current: str
    digest_id: str | None = None
    failure: Failure | None = None


class _Kept(Value):
    """A listing without its heads, and which draft has them."""

    draft: str
    listing: Listing


class RunStore:
    """Runs by id. `life` is how long a run is kept after it was last written to."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def create(self, run_id: str, request: DigestRequest) -> None:
        """Begins a run; whatever another run left under the same id is gone."""
        pipeline = self._redis.pipeline()
        pipeline.delete(keys.run(run_id), keys.run_listings(run_id), keys.run_problems(run_id), keys.run_end(run_id))
        pipeline.hset(keys.run(run_id), "request", encode(request))
        self._execute(pipeline, keys.run(run_id))

    def add_to(self, pipeline: Pipeline, run_id: str, request: DigestRequest) -> None:
        """Begins a run, under an id that none had before, at the moment when a transaction is executed."""
        pipeline.hset(keys.run(run_id), "request", encode(request))
        pipeline.expire(keys.run(run_id), self._life)

    @translated()
    def request(self, run_id: str) -> DigestRequest:
        """What is wanted. BrokenError("store_lost") for a run that is not here."""
        key = keys.run(run_id)
        return decode_or_broken(DigestRequest, self._redis.hget(key, "request"), key)

    @translated()
    def put_listing(self, run_id: str, source: str, listing: Listing) -> None:
        """Keeps the commits of one source of the run, in place of those it had. Its heads are taken one at a time."""
        kept = _Kept(draft=secrets.token_hex(4), listing=listing.model_copy(update={"heads": ()}))
        self._heads(run_id, kept.draft).add(listing.heads)
        pipeline = self._redis.pipeline()
        pipeline.hset(keys.run_listings(run_id), source, encode(kept))
        self._execute(pipeline, keys.run_listings(run_id))

    @translated()
    def listings(self, run_id: str) -> dict[str, Listing]:
        """The listings by source, their heads still in the store. BrokenError("store_lost") for one that has gone."""
        key = keys.run_listings(run_id)
        found: Mapping[bytes, bytes] = self._redis.hgetall(key)  # type: ignore[assignment]  # we do not decode
        kept = {source.decode(): decode_or_broken(_Kept, data, key) for source, data in found.items()}
        return {
            source: one.listing.model_copy(update={"heads": self._heads(run_id, one.draft).values()})
            for source, one in kept.items()
        }

    @translated()
    def tips(self, run_id: str) -> dict[str, tuple[str, ...]]:
        """Where the branches of each source stood when the run looked; nothing where that is not known any more."""
        key = keys.run_listings(run_id)
        found: Mapping[bytes, bytes] = self._redis.hgetall(key)  # type: ignore[assignment]  # we do not decode
        return {source.decode(): decode_or_broken(_Kept, data, key).listing.tips for source, data in found.items()}

    def expect(self, run_id: str, fetch: int = 0, analyse: int = 0) -> None:
        """Adds commits that are to be fetched and to be judged."""
        self._add(run_id, {"collect:total": fetch, "analyse:total": analyse}, None)

    def fetched(self, run_id: str, current: str, count: int = 1) -> None:
        """Adds commits that have been fetched; `current` says which was the last."""
        self.advance(run_id, "collect", done=count, current=current)

    def judged(self, run_id: str, current: str, count: int = 1) -> None:
        """Adds commits that have been judged; `current` says which was the last."""
        self.advance(run_id, "analyse", done=count, current=current)

    def advance(self, run_id: str, stage: Stage, done: int = 0, total: int = 0, current: str | None = None) -> None:
        """Adds to what a stage has done and has to do; atomic, one round trip. None leaves `current` as it is."""
        self._add(run_id, {f"{stage}:done": done, f"{stage}:total": total}, current)

    def fail(self, run_id: str, error: DigestError) -> None:
        """Ends a run without a digest. A digest that comes all the same stands."""
        failure = Failure(fault=fault_of(error), code=error.code, details=dict(error.details))
        self._end(run_id, "failure", encode(failure))

    def finish(self, run_id: str, digest_id: str) -> None:
        """Ends a run with its digest."""
        self._end(run_id, "digest", digest_id.encode())

    @translated()
    def add_problem(self, run_id: str, sha: str | None, code: str, details: Mapping[str, Detail] | None = None) -> None:
        """Notes what could not be had or judged."""
        pipeline = self._redis.pipeline()
        problem = RunProblem(sha=sha, code=code, details=dict(details or {}))
        pipeline.rpush(keys.run_problems(run_id), encode(problem))
        self._execute(pipeline, keys.run_problems(run_id))

    @translated()
    def problems(self, run_id: str) -> list[RunProblem]:
        """What was noted, in that order; what was noted twice, by a job that ran twice, once."""
        key = keys.run_problems(run_id)
        return [decode_or_broken(RunProblem, data, key) for data in dict.fromkeys(self._redis.lrange(key, 0, -1))]

    @translated()
    def progress(self, run_id: str) -> Progress:
        """How far a run is, in one round trip. BrokenError("store_lost") for a run that is not here."""
        pipeline = self._redis.pipeline()
        pipeline.hgetall(keys.run(run_id))
        pipeline.hlen(keys.run_listings(run_id))
        fields, listed = pipeline.execute()
        if b"request" not in fields:
            raise BrokenError("store_lost", key=keys.run(run_id))
        return _progress(fields, listed)

    @translated()
    def wait_end(self, run_id: str, seconds: float) -> bool:
        """Waits at most so long for the run to end; returns at once when it does, whether it has."""
        key = keys.run_end(run_id)
        return self._redis.blmove(key, key, seconds) is not None  # type: ignore[arg-type]  # takes fractions

    def _heads(self, run_id: str, draft: str) -> Shelf[CommitHead]:
        return Shelf(self._redis, CommitHead, keys.run_heads(run_id, draft), self._life)

    @translated()
    def _add(self, run_id: str, counts: Mapping[str, int], current: str | None) -> None:
        pipeline = self._redis.pipeline()
        for field, count in counts.items():
            pipeline.hincrby(keys.run(run_id), field, count)
        if current is not None:
            pipeline.hset(keys.run(run_id), "current", current[:CURRENT_MOST].encode(errors="replace"))
        self._execute(pipeline, keys.run(run_id))

    @translated()
    def _end(self, run_id: str, field: str, value: bytes) -> None:
        pipeline = self._redis.pipeline()
        pipeline.hset(keys.run(run_id), field, value)
        pipeline.delete(keys.run_end(run_id))
        pipeline.rpush(keys.run_end(run_id), field)
        self._execute(pipeline, keys.run(run_id), keys.run_end(run_id))

    def _execute(self, pipeline: Pipeline, *written: str) -> None:
        for key in written:
            pipeline.expire(key, self._life)
        pipeline.execute()


def _progress(fields: Mapping[bytes, bytes], listed: int) -> Progress:
    digest = fields.get(b"digest")
    failure = decode_or_broken(Failure, fields[b"failure"], "failure") if b"failure" in fields else None
    return Progress(
        state=_state(fields, listed),
        listed=listed,
        collect=_count(fields, b"collect"),
        analyse=_count(fields, b"analyse"),
        current=fields.get(b"current", b"").decode(errors="replace"),
        digest_id=digest.decode() if digest else None,
        failure=None if digest else failure,
    )


def _state(fields: Mapping[bytes, bytes], listed: int) -> State:
    if b"digest" in fields:
        return "done"
    if b"failure" in fields:
        return "failed"
    return "running" if listed or b"collect:total" in fields else "queued"


def _count(fields: Mapping[bytes, bytes], stage: bytes) -> Count:
    """A job that ran twice has counted twice: more than everything cannot be done."""
    total = int(fields.get(stage + b":total", 0))
    return Count(done=min(int(fields.get(stage + b":done", 0)), total), total=total)
