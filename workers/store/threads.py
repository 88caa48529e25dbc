"""Threads of digests: what each is about, what was said in it, and the questions that wait in it for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from redis import Redis

from workers.model import Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated

WAITING_MOST = 30
"""Questions that wait in one thread: nobody waits for the answer behind so many."""
WAITING_LIFE = timedelta(days=1)
TURNS_KEPT = 10

_PUSH = """
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[2]) then return -1 end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('LLEN', KEYS[1]) - 1
"""
_KEEP = """
local mark = ARGV[1] .. '\\n'
for place, kept in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    if string.sub(kept, 1, #mark) == mark then
        redis.call('LSET', KEYS[1], place - 1, mark .. ARGV[2])
        return redis.call('PEXPIRE', KEYS[1], ARGV[4])
    end
end
redis.call('RPUSH', KEYS[1], mark .. ARGV[2])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[3]), -1)
return redis.call('PEXPIRE', KEYS[1], ARGV[4])
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
        self._milliseconds = int(life.total_seconds() * 1000)
        self._keep = redis.register_script(_KEEP)

    @translated()
    def add(self, channel: str, root: str, name: str, turn: V) -> None:
        """Keeps a turn; the oldest beyond some are forgotten. A turn of the same name is replaced where it stands.

        So a turn is kept once, also where its worker died, or Redis did, and it is told again.
        """
        arguments: list[str | bytes | int] = [name, encode(turn), TURNS_KEPT, self._milliseconds]
        self._keep([keys.thread_turns(channel, root)], arguments)

    @translated()
    def all(self, channel: str, root: str) -> tuple[V, ...]:
        """The turns that are kept."""
        key = keys.thread_turns(channel, root)
        found: Sequence[bytes] = self._redis.lrange(key, 0, -1)  # type: ignore[assignment]  # we do not decode
        turns = (decode_or_none(self._kind, data.partition(b"\n")[2], key) for data in found)
        return tuple(turn for turn in turns if turn is not None)


class Line(Generic[Q]):
    """The questions of a thread in their order: the first is being answered, the others wait."""

    def __init__(self, redis: Redis, kind: type[Q]) -> None:
        self._redis = redis
        self._kind = kind
        self._push = redis.register_script(_PUSH)

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
            self._redis.lrem(key, 0, data)  # type: ignore[arg-type]  # bytes are sent as they are
        return None

    @translated()
    def all(self, channel: str, root: str) -> tuple[Q, ...]:
        """The questions in the line, in their order."""
        key = keys.thread_line(channel, root)
        found: Sequence[bytes] = self._redis.lrange(key, 0, -1)  # type: ignore[assignment]  # we do not decode
        questions = (decode_or_none(self._kind, data, key) for data in found)
        return tuple(question for question in questions if question is not None)

    @translated()
    def leave(self, channel: str, root: str, question: Q) -> None:
        """Lets a question go, wherever in the line it is."""
        key = keys.thread_line(channel, root)
        self._redis.lrem(key, 0, encode(question))  # type: ignore[arg-type]  # bytes are sent as they are

    @translated()
    def stop(self, channel: str, root: str, now: datetime) -> bool:
        """Has the answer that is being made end, or whose turn it is; False where nobody waits. `now` is aware."""
        if not self._redis.exists(keys.thread_line(channel, root)):
            return False
        self._redis.set(keys.thread_stop(channel, root), now.timestamp(), ex=WAITING_LIFE)
        return True

    @translated()
    def take_stop(self, channel: str, root: str, since: datetime) -> bool:
        """Whether somebody had the answer end since its question was asked (aware); asked again, nobody had."""
        at = self._redis.getdel(keys.thread_stop(channel, root))
        return at is not None and float(at) >= since.timestamp()
