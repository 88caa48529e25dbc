"""When schedulers turn to subscriptions: who does which, what is begun, how it ended. Any number may ask at once.

Every subscription that is not paused stands in one sorted set with the second at which a scheduler is to turn to it:
its next run, another attempt after a failure, or a look at the run in hand. A claim puts that second off by a lease:
should the scheduler die, another turns to it afterwards. Beginning a run, completing it and failing are one step each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

from workers.cadence import next_time
from workers.errors import DigestError
from workers.model import Value
from workers.store import keys
from workers.store.codec import encode
from workers.store.counts import field
from workers.store.faults import translated
from workers.store.subscriptions import Argument, moment_of, read_subscription, seconds_of
from workers.subscription import Failing, Last, Outcome, Paused, Reason, Running, Subscription, source_key

LEASE = timedelta(minutes=1)
"""After how long another scheduler turns to what one has claimed and not begun."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
"""Before a failed run is tried again: twice as long each time, from the first to the longest."""
FAILING_MOST = timedelta(days=7)
"""After how long without a run that does not fail a subscription pauses itself."""
FAILURES_LEAST = 10
"""How many failures that takes as well: a week in which no scheduler ran is none of failures."""

_CLAIM = """
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
    local key = ARGV[4] .. id
    if redis.call('EXISTS', key) == 0 then
        redis.call('ZREM', KEYS[1], id)
    else
        redis.call('ZADD', KEYS[1], ARGV[2], id)
        redis.call('HINCRBY', key, 'fence', 1)
        found[#found + 1] = {id, redis.call('HGETALL', key)}
    end
end
return found
"""
_CLAIM_WARM = """
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, source in ipairs(found) do redis.call('ZADD', KEYS[1], ARGV[2], source) end
return found
"""
_PUT_OFF = """
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
if redis.call('HEXISTS', KEYS[1], 'paused') == 1 and redis.call('HEXISTS', KEYS[1], 'run') == 0 then
    return redis.call('ZREM', KEYS[2], ARGV[1])
end
return redis.call('ZADD', KEYS[2], 'XX', 'CH', ARGV[3], ARGV[1])
"""
_COMPLETE = """
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[2] then return 0 end
local told = redis.call('HGET', KEYS[1], 'run-end')
if tonumber(told) > tonumber(redis.call('HGET', KEYS[1], 'marker')) then
    redis.call('HSET', KEYS[1], 'marker', told, 'last', ARGV[4])
else
    redis.call('HSET', KEYS[1], 'last', ARGV[5])
end
redis.call('HDEL', KEYS[1], 'run', 'run-end', 'running', 'failures', 'failing-since', 'failing-why')
redis.call('HINCRBYFLOAT', KEYS[3], ARGV[6], 1)
if redis.call('HEXISTS', KEYS[1], 'paused') == 1 then redis.call('ZREM', KEYS[2], ARGV[1])
else redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1]) end
return 1
"""
_FAIL = """
if (redis.call('HGET', KEYS[1], 'run') or '') ~= ARGV[2] then return false end
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local now, first, longest = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local count = redis.call('HINCRBY', KEYS[1], 'failures', 1)
redis.call('HINCRBYFLOAT', KEYS[3], ARGV[11], 1)
redis.call('HSETNX', KEYS[1], 'failing-since', now)
redis.call('HSET', KEYS[1], 'failing-why', ARGV[9])
local since = tonumber(redis.call('HGET', KEYS[1], 'failing-since'))
if ARGV[7] == '0' then redis.call('HDEL', KEYS[1], 'run', 'run-end', 'running') end
local gives_up = now - since >= tonumber(ARGV[6]) and count >= tonumber(ARGV[10])
if gives_up then redis.call('HSETNX', KEYS[1], 'paused', ARGV[8]) end
local run = redis.call('HEXISTS', KEYS[1], 'run') == 1
if gives_up or (not run and redis.call('HEXISTS', KEYS[1], 'paused') == 1) then redis.call('ZREM', KEYS[2], ARGV[1])
else redis.call('ZADD', KEYS[2], now + math.min(first * 2 ^ math.min(count - 1, 30), longest), ARGV[1]) end
return {count, since, gives_up and 1 or 0}
"""


class Claimed(Value):
    """A subscription that one scheduler turns to. `fence`: nobody has claimed it since, as long as it is the same."""

    subscription: Subscription
    fence: int


class Failed(Value):
    """What a failure led to: which it is in a row, and whether the subscription has paused itself for it."""

    failing: Failing
    has_paused: bool


class Enqueue(Protocol):
    """Adds the first job of a run to a transaction."""

    def __call__(self, running: Running, pipeline: Pipeline) -> None: ...


class Schedule:
    """What is due, when, and in whose hands."""

    def __init__(self, redis: Redis, lease: timedelta = LEASE) -> None:
        self._redis = redis
        self._lease = lease
        self._claim = redis.register_script(_CLAIM)
        self._claim_warm = redis.register_script(_CLAIM_WARM)
        self._put_off = redis.register_script(_PUT_OFF)
        self._complete = redis.register_script(_COMPLETE)
        self._fail = redis.register_script(_FAIL)

    @translated()
    def server_time(self) -> datetime:
        """What the clock of Redis says: one clock for all machines."""
        seconds, microseconds = self._redis.time()
        return moment_of(seconds + microseconds / 1e6)

    @translated()
    def next_look(self, with_warm_up: bool = True) -> datetime | None:
        """When the next subscription (or warm-up) is due; None where there is nothing at all."""
        pipeline = self._redis.pipeline(transaction=False)
        for key in (keys.SCHEDULE, keys.WARM) if with_warm_up else (keys.SCHEDULE,):
            pipeline.zrange(key, 0, 0, withscores=True)
        first = [score for found in pipeline.execute() for _, score in found]
        return moment_of(min(first)) if first else None

    @translated()
    def claim(self, now: datetime, most: int) -> list[Claimed]:
        """What is due, at most so many, the longest due first: for this scheduler alone until the lease is over."""
        prefix = keys.subscription("")
        until = seconds_of(now + self._lease)
        claimed: list[Claimed] = []
        for found, flat in self._claim([keys.SCHEDULE], [seconds_of(now), until, most, prefix]):
            fields = dict(zip(flat[::2], flat[1::2], strict=True))
            subscription = read_subscription(found.decode(), fields, until)
            if subscription is not None:
                claimed.append(Claimed(subscription=subscription, fence=int(fields[b"fence"])))
        return claimed

    @translated()
    def begin(self, claimed: Claimed, running: Running, enqueue: Enqueue, look_at: datetime) -> bool:
        """Begins a run and enqueues its first job, both or neither; False where another has claimed it since.

        A scheduler turns to it again at `look_at`, should nobody have told by then how it ended.
        """
        return self.begin_many([(claimed, running)], enqueue, look_at) == 1

    @translated()
    def begin_many(self, several: Sequence[tuple[Claimed, Running]], enqueue: Enqueue, look_at: datetime) -> int:
        """Begins runs in one transaction; returns how many. See `begin`."""
        with self._redis.pipeline() as pipeline:
            pipeline.watch(*(keys.subscription(claimed.subscription.id) for claimed, _ in several))
            held = self._held([claimed for claimed, _ in several])
            mine = [one for one, is_held in zip(several, held, strict=True) if is_held]
            pipeline.multi()
            for claimed, running in mine:
                self._note_run(pipeline, claimed.subscription.id, running, look_at)
                enqueue(running, pipeline)
            try:
                pipeline.execute()
            except WatchError:
                # One of them was changed meanwhile: each for itself, and it is known which.
                return sum(self.begin_many([one], enqueue, look_at) for one in mine) if len(mine) > 1 else 0
        return len(mine)

    @translated()
    def put_off(self, claimed: Claimed, until: datetime) -> None:
        """Has a scheduler turn to it again then. Nothing where another has claimed it since."""
        identity = claimed.subscription.id
        places = [keys.subscription(identity), keys.SCHEDULE]
        self._put_off(places, [identity, claimed.fence, seconds_of(until)])

    @translated()
    def complete(
        self,
        subscription: Subscription,
        run_id: str,
        outcome: Outcome,
        now: datetime,
        tips: Mapping[str, tuple[str, ...]] | None = None,
    ) -> bool:
        """Moves the marker to the end of what the run covered, and its next run behind it; both or neither.

        `tips` are as in `Last`. False where this is not the run in hand, as when it was completed before. A marker that
        is further on already, since the subscription was paused and resumed meanwhile, stays there.
        """
        running = subscription.running
        if running is None or running.run_id != run_id:
            return False
        due = next_time(subscription.wish.cadence, running.window.end)
        last, overtaken = Last(at=now, outcome=outcome, tips=tips or {}), Last(at=now, outcome=outcome)
        arguments: list[Argument] = [subscription.id, run_id, seconds_of(due), encode(last), encode(overtaken)]
        return bool(self._complete(_places(subscription), [*arguments, field("completed", outcome)]))

    @translated()
    def fail(
        self, subscription: Subscription, run_id: str | None, error: DigestError, now: datetime, keeps_run: bool = False
    ) -> Failed | None:
        """Counts a failure; the next attempt comes after a pause. The marker stays where it is.

        `run_id` is the run in hand (None: there is none; else see `complete`). `keeps_run`: what it made can still be
        delivered, so that no other run is needed.
        """
        pauses = [int(span.total_seconds()) for span in (FIRST_PAUSE, LONGEST_PAUSE, FAILING_MOST)]
        reason = Reason(code=error.code, details=dict(error.details))
        arguments: list[Argument] = [subscription.id, run_id or "", seconds_of(now), *pauses, int(keeps_run)]
        arguments += [encode(Paused(at=now)), encode(reason), FAILURES_LEAST, field("failed", error.code)]
        answer = self._fail(_places(subscription), arguments)
        if not answer:
            return None
        failing = Failing(count=answer[0], since=moment_of(answer[1]), reason=reason)
        return Failed(failing=failing, has_paused=bool(answer[2]))

    # --- warm-up ------------------------------------------------------------------------------------------------------

    @translated()
    def claim_warm(self, now: datetime, every: timedelta, most: int) -> list[str]:
        """The sources whose commits are to be fetched ahead, at most so many; the next time is `every` from now."""
        found = self._claim_warm([keys.WARM], [seconds_of(now), seconds_of(now + every), most])
        return [source.decode() for source in found]

    @translated()
    def warm_soon(self, source: str, now: datetime) -> bool:
        """Has a source's commits fetched at `now`, as after a push; whether anybody subscribed to it."""
        pipeline = self._redis.pipeline()
        pipeline.zadd(keys.WARM, {source_key(source): seconds_of(now)}, xx=True)
        pipeline.zscore(keys.WARM, source_key(source))
        return pipeline.execute()[1] is not None

    # ------------------------------------------------------------------------------------------------------------------

    def _held(self, several: Sequence[Claimed]) -> list[bool]:
        pipeline = self._redis.pipeline(transaction=False)
        for claimed in several:
            pipeline.hmget(keys.subscription(claimed.subscription.id), ["fence", "run", "paused"])
        found = pipeline.execute()
        return [
            fence is not None and int(fence) == claimed.fence and run is None and paused is None
            for claimed, (fence, run, paused) in zip(several, found, strict=True)
        ]

    def _note_run(self, pipeline: Pipeline, identity: str, running: Running, look_at: datetime) -> None:
        key = keys.subscription(identity)
        end = seconds_of(running.window.end)
        pipeline.hset(key, mapping={"run": running.run_id, "run-end": end, "running": encode(running)})
        pipeline.zadd(keys.SCHEDULE, {identity: seconds_of(look_at)})


def _places(subscription: Subscription) -> list[str]:
    return [keys.subscription(subscription.id), keys.SCHEDULE, keys.COUNTS]
