"""Threads of digests: what each is about, what was said in it, and the questions that wait in it for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Generic, TypeVar

from redis import Redis

from workers.model import Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated

WAITING_MOST = 30
"""Questions that wait in one thread: nobody waits for the answer behind so many."""
WAITING_LIFE = timedelta(days=1)
STOP_LIFE = timedelta(minutes=10)
TURNS_KEPT = 10

_PUSH = """
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[2]) then return -1 end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('LLEN', KEYS[1]) - 1
"""
_POP = """
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
redis.call('LPOP', KEYS[1])
return 1
"""

V = TypeVar("V", bound=Value)
Q = TypeVar("Q", bound=Value)


class Topic(Value):
    """What a thread is about: a digest, and the commit whose details were posted there last.

    The commit by the number of its repository in the digest and its sha; None: no details were posted.
    """

    digest_id: str
    repository: int | None = None
    sha: str | None = None


class Topics:
    """Topics by thread: the name of its channel and the platform's id of its first message. `life` as a digest's."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def put(self, channel: str, root: str, topic: Topic) -> None:
        """From now on the thread is about this."""
        self._redis.set(keys.thread(channel, root), encode(topic), ex=self._life)

    @translated()
    def get(self, channel: str, root: str) -> Topic | None:
        """What a thread is about; None for a thread that is not ours, or is forgotten."""
        key = keys.thread(channel, root)
        return decode_or_none(Topic, self._redis.get(key), key)


class Turns(Generic[V]):
    """What was asked and answered in a thread, oldest first, of one kind of value. `life` is counted from the last."""

    def __init__(self, redis: Redis, kind: type[V], life: timedelta) -> None:
        self._redis = redis
        self._kind = kind
        self._life = life

    @translated()
    def add(self, channel: str, root: str, turn: V) -> None:
        """Keeps a turn; the oldest beyond some are forgotten."""
        key = keys.thread_turns(channel, root)
        pipeline = self._redis.pipeline()
        pipeline.rpush(key, encode(turn))
        pipeline.ltrim(key, -TURNS_KEPT, -1)
        pipeline.expire(key, self._life)
        pipeline.execute()

    @translated()
    def all(self, channel: str, root: str) -> tuple[V, ...]:
        """The turns that are kept."""
        key = keys.thread_turns(channel, root)
        found: Sequence[bytes] = self._redis.lrange(key, 0, -1)  # type: ignore[assignment]  # we do not decode
        turns = (decode_or_none(self._kind, data, key) for data in found)
        return tuple(turn for turn in turns if turn is not None)


class Line(Generic[Q]):
    """The questions of a thread in their order: the first is being answered, the others wait."""

    def __init__(self, redis: Redis, kind: type[Q]) -> None:
        self._redis = redis
        self._kind = kind
        self._push = redis.register_script(_PUSH)
        self._pop = redis.register_script(_POP)

    @translated()
    def join(self, channel: str, root: str, question: Q) -> int | None:
        """How many are before it in the line; None where the line is too long and it is not let in."""
        life = int(WAITING_LIFE.total_seconds() * 1000)
        before = int(self._push([keys.thread_line(channel, root)], [encode(question), WAITING_MOST, life]))
        return None if before < 0 else before

    @translated()
    def first(self, channel: str, root: str) -> Q | None:
        """The question whose turn it is; None where nobody waits. What is not readable is let go."""
        key = keys.thread_line(channel, root)
        while (data := self._redis.lindex(key, 0)) is not None:
            question = decode_or_none(self._kind, data, key)
            if question is not None:
                return question
            self._pop([key], [data])
        return None

    @translated()
    def leave(self, channel: str, root: str, question: Q) -> None:
        """Lets the question go that was first. Nothing where another is."""
        self._pop([keys.thread_line(channel, root)], [encode(question)])

    @translated()
    def stop(self, channel: str, root: str) -> bool:
        """Has the answer that is being made end; False where none is."""
        if not self._redis.exists(keys.thread_line(channel, root)):
            return False
        self._redis.set(keys.thread_stop(channel, root), 1, ex=STOP_LIFE)
        return True

    @translated()
    def take_stop(self, channel: str, root: str) -> bool:
        """Whether somebody had the answer end; asked again, nobody had."""
        return bool(self._redis.delete(keys.thread_stop(channel, root)))
