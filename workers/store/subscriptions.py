"""The store of subscriptions: by channel under small numbers, by source for what concerns a repository."""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from redis import Redis

from workers.cadence import last_time, next_time
from workers.store import keys
from workers.store.codec import UnreadableError, decode, encode
from workers.store.faults import translated
from workers.subscription import Failing, Last, Paused, Reason, Running, Subscription, Wish, source_key

log = logging.getLogger(__name__)

State = Literal["waiting", "running", "failing", "paused"]
STATES: tuple[State, ...] = ("waiting", "running", "failing", "paused")

Argument = str | int | bytes
"""What a script may be given."""

PAGE = 500
"""Subscriptions that are read in one round trip."""

_ADD = """
local known = redis.call('HGET', KEYS[2], '=' .. ARGV[2])
if known then return {known, 0} end
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.error_reply('TAKEN') end
local number = ARGV[6]
if number == '' or redis.call('HEXISTS', KEYS[2], number) == 1 then
    number = redis.call('HINCRBY', KEYS[2], 'last', 1)
elseif tonumber(number) > tonumber(redis.call('HGET', KEYS[2], 'last') or 0) then
    redis.call('HSET', KEYS[2], 'last', number)
end
redis.call('HSET', KEYS[2], number, ARGV[1], '=' .. ARGV[2], ARGV[1])
redis.call('HSET', KEYS[1], 'number', number, 'wish', ARGV[3], 'marker', ARGV[4])
redis.call('SADD', KEYS[3], ARGV[1])
if ARGV[7] == '' then redis.call('ZADD', KEYS[4], ARGV[5], ARGV[1])
else redis.call('HSET', KEYS[1], 'paused', ARGV[7]) end
for at = 6, #KEYS do
    redis.call('SADD', KEYS[at], ARGV[1])
    redis.call('ZADD', KEYS[5], 'NX', ARGV[8], ARGV[at + 3])
end
return {ARGV[1], 1}
"""
_PAUSE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSETNX', KEYS[1], 'paused', ARGV[2])
if redis.call('HEXISTS', KEYS[1], 'run') == 0 then redis.call('ZREM', KEYS[2], ARGV[1]) end
return 1
"""
_RESUME = """
if redis.call('HDEL', KEYS[1], 'paused') == 0 then return 0 end
redis.call('HDEL', KEYS[1], 'failures', 'failing-since', 'failing-why')
if tonumber(ARGV[4]) > tonumber(redis.call('HGET', KEYS[1], 'marker')) then
    redis.call('HSET', KEYS[1], 'marker', ARGV[4])
    if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'last', ARGV[5]) end
end
local at = ARGV[2]
if redis.call('HEXISTS', KEYS[1], 'run') == 1 then at = ARGV[3] end
redis.call('ZADD', KEYS[2], at, ARGV[1])
return 1
"""
_REMOVE = """
if redis.call('DEL', KEYS[1]) == 0 then return 0 end
redis.call('HDEL', KEYS[2], ARGV[2], '=' .. ARGV[3])
redis.call('SREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
for at = 6, #KEYS do
    redis.call('SREM', KEYS[at], ARGV[1])
    if redis.call('EXISTS', KEYS[at]) == 0 then redis.call('ZREM', KEYS[5], ARGV[at - 2]) end
end
return 1
"""


class SubscriptionStore:
    """Subscriptions by id. They live until they are removed."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._add = redis.register_script(_ADD)
        self._pause = redis.register_script(_PAUSE)
        self._resume = redis.register_script(_RESUME)
        self._remove = redis.register_script(_REMOVE)

    def add(self, wish: Wish, now: datetime) -> tuple[Subscription, bool]:
        """Begins a subscription, whose first run covers one cadence back; and whether it is new.

        The same wish in the same channel is the subscription that is there already.
        """
        found, is_new = self._begin(secrets.token_hex(6), wish, last_time(wish.cadence, now), now)
        return self._expect(found), is_new

    def restore(self, subscription: Subscription, now: datetime) -> tuple[Subscription, bool]:
        """Begins a subscription that was exported, with its marker; and whether it is new: see `add`.

        It keeps its id and its number where they are free, else it gets others.
        """
        wish, marker = subscription.wish, min(subscription.marker, last_time(subscription.wish.cadence, now))
        same = self.get(subscription.id)
        fresh = same is not None and same.wish.identity != wish.identity
        wanted = secrets.token_hex(6) if fresh else subscription.id
        found, is_new = self._begin(wanted, wish, marker, now, subscription.number, subscription.paused)
        return self._expect(found), is_new

    def get(self, subscription_id: str) -> Subscription | None:
        """The subscription; None when it is not here."""
        return next(iter(self.get_many([subscription_id])), None)

    @translated()
    def get_many(self, ids: Sequence[str]) -> list[Subscription]:
        """Those of the subscriptions that are here and can be read, in this order."""
        found: list[Subscription] = []
        for first in range(0, len(ids), PAGE):
            page = ids[first : first + PAGE]
            pipeline = self._redis.pipeline(transaction=False)
            for one in page:
                pipeline.hgetall(keys.subscription(one))
                pipeline.zscore(keys.SCHEDULE, one)
            answers = pipeline.execute()
            read = (read_subscription(*one) for one in zip(page, answers[::2], answers[1::2], strict=True))
            found += [subscription for subscription in read if subscription is not None]
        return found

    @translated()
    def of(self, channel: str) -> list[Subscription]:
        """All of a channel (`Place.key`), by number."""
        fields: dict[bytes, bytes] = self._redis.hgetall(keys.subscriptions_of(channel))  # type: ignore[assignment]
        numbers = sorted(int(name) for name in fields if name.isdigit())
        return self.get_many([fields[str(number).encode()].decode() for number in numbers])

    @translated()
    def numbered(self, channel: str, number: int) -> Subscription | None:
        """The one that a channel has under a number; None where it has none."""
        found = self._redis.hget(keys.subscriptions_of(channel), str(number))
        return self.get(found.decode()) if isinstance(found, bytes) else None

    @translated()
    def to(self, source: str) -> list[Subscription]:
        """All that want a source."""
        return self.get_many(self._members(keys.subscriptions_to(source_key(source))))

    @translated()
    def all(self) -> list[Subscription]:
        """Every subscription, by channel and number."""
        found = self.get_many(self._members(keys.SUBSCRIPTIONS))
        return sorted(found, key=lambda one: (one.wish.place.key, one.number))

    @translated()
    def tally(self) -> Mapping[State, int]:
        """How many there are in each state; one that fails counts as failing whether or not it is being tried again."""
        found: Counter[State] = Counter(dict.fromkeys(STATES, 0))
        ids = self._members(keys.SUBSCRIPTIONS)
        for first in range(0, len(ids), PAGE):
            pipeline = self._redis.pipeline(transaction=False)
            for one in ids[first : first + PAGE]:
                pipeline.hmget(keys.subscription(one), ["paused", "failures", "run"])
            found.update(_state(*fields) for fields in pipeline.execute())
        return found

    @translated()
    def pause(self, subscription_id: str, paused: Paused) -> Subscription | None:
        """Stops its runs; one in hand goes on. As it is then; None when it is not here."""
        arguments: list[Argument] = [subscription_id, encode(paused)]
        self._pause([keys.subscription(subscription_id), keys.SCHEDULE], arguments)
        return self.get(subscription_id)

    @translated()
    def resume(self, subscription: Subscription, now: datetime) -> Subscription | None:
        """Lets it run again at its next time; a run in hand goes on at once.

        A pause that a person wished for is over then: of what was due within it nothing is told. One that paused itself
        tells all since its marker.
        """
        cadence, last = subscription.wish.cadence, subscription.last
        is_wished = subscription.paused is not None and subscription.paused.by is not None
        marker = last_time(cadence, now) if is_wished else subscription.marker
        # What the branches gained within the pause is not told either: where they stood before it is forgotten.
        forgetful = "" if last is None else encode(last.model_copy(update={"tips": {}}))
        due = next_time(cadence, now)
        arguments: list[Argument] = [subscription.id, *map(seconds_of, (due, now, marker)), forgetful]
        self._resume([keys.subscription(subscription.id), keys.SCHEDULE], arguments)
        return self.get(subscription.id)

    @translated()
    def remove(self, subscription: Subscription) -> bool:
        """Ends it, and with it the run in hand; whether it was here."""
        wish = subscription.wish
        places = [keys.subscription(subscription.id), *_places(wish)]
        arguments: list[Argument] = [
            subscription.id,
            subscription.number,
            wish.identity,
            *map(source_key, wish.sources),
        ]
        return bool(self._remove(places, arguments))

    @translated()
    def _begin(
        self,
        subscription_id: str,
        wish: Wish,
        marker: datetime,
        now: datetime,
        number: int | None = None,
        paused: Paused | None = None,
    ) -> tuple[str, bool]:
        arguments: list[Argument] = [
            *(subscription_id, wish.identity, encode(wish), seconds_of(marker)),
            *(seconds_of(next_time(wish.cadence, marker)), "" if number is None else number),
            *(encode(paused) if paused else "", seconds_of(now)),
            *map(source_key, wish.sources),
        ]
        found, is_new = self._add([keys.subscription(subscription_id), *_places(wish)], arguments)
        return found.decode(), bool(is_new)

    def _expect(self, subscription_id: str) -> Subscription:
        found = self.get(subscription_id)
        if found is None:
            raise LookupError(subscription_id)
        return found

    def _members(self, key: str) -> list[str]:
        members: Iterable[bytes] = self._redis.smembers(key)  # type: ignore[assignment]  # we do not decode
        return sorted(member.decode() for member in members)


def read_subscription(subscription_id: str, fields: dict[bytes, bytes], score: float | None) -> Subscription | None:
    """The subscription of a hash and its place in the schedule; None, and a line in the log, for an unreadable one."""
    if not fields:
        return None
    try:
        return Subscription(
            id=subscription_id,
            number=int(fields[b"number"]),
            wish=decode(Wish, fields[b"wish"]),
            marker=moment_of(float(fields[b"marker"])),
            next_look=None if score is None else moment_of(score),
            paused=decode(Paused, fields[b"paused"]) if b"paused" in fields else None,
            failing=_failing(fields),
            running=decode(Running, fields[b"running"]) if b"run" in fields else None,
            last=decode(Last, fields[b"last"]) if b"last" in fields else None,
        )
    except (UnreadableError, KeyError, ValueError) as error:
        log.warning("%s is not of this version: %s", keys.subscription(subscription_id), type(error).__name__)
        return None


def _failing(fields: dict[bytes, bytes]) -> Failing | None:
    if b"failures" not in fields:
        return None
    since, reason = moment_of(float(fields[b"failing-since"])), decode(Reason, fields[b"failing-why"])
    return Failing(count=int(fields[b"failures"]), since=since, reason=reason)


def _state(paused: bytes | None, failures: bytes | None, run: bytes | None) -> State:
    if paused is not None:
        return "paused"
    if failures is not None:
        return "failing"
    return "waiting" if run is None else "running"


def seconds_of(moment: datetime) -> int:
    """Whole seconds since 1970: all times of the schedule have no smaller part."""
    return int(moment.timestamp())


def moment_of(seconds: float) -> datetime:
    """The time of `seconds_of`, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def _places(wish: Wish) -> list[str]:
    sources = [keys.subscriptions_to(source_key(source)) for source in wish.sources]
    return [keys.subscriptions_of(wish.place.key), keys.SUBSCRIPTIONS, keys.SCHEDULE, keys.WARM, *sources]
