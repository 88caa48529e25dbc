"""How often all our processes together do a thing: each asks for its turn, and is told how long it has to wait."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from workers.errors import TransientError
from workers.store import keys
from workers.store.faults import translated

_TURN = """
local told = redis.call('TIME')
local now = told[1] * 1000 + math.floor(told[2] / 1000)
local count, span, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local at = now
local earlier = redis.call('LINDEX', KEYS[1], count - 1)
if earlier and earlier + span > at then at = earlier + span end
if at - now > most then return {0, at - now} end
redis.call('LPUSH', KEYS[1], at)
redis.call('LTRIM', KEYS[1], 0, count - 1)
redis.call('PEXPIRE', KEYS[1], at - now + span)
return {1, at - now}
"""

_HOLD = """
local told = redis.call('TIME')
local now = told[1] * 1000 + math.floor(told[2] / 1000)
local count, span, till = tonumber(ARGV[1]), tonumber(ARGV[2]), now + tonumber(ARGV[3])
local earlier = redis.call('LINDEX', KEYS[1], count - 1)
if earlier and earlier + span >= till then return 0 end
for at = 0, count - 1 do redis.call('LPUSH', KEYS[1], till - span + math.floor(at * span / count)) end
redis.call('LTRIM', KEYS[1], 0, count - 1)
return redis.call('PEXPIRE', KEYS[1], till - now + span)
"""


class Pace:
    """At most `count` turns in any `span`, by the clock of Redis."""

    def __init__(self, redis: Redis, count: int, span: timedelta) -> None:
        self._turn = redis.register_script(_TURN)
        self._hold = redis.register_script(_HOLD)
        self._count = count
        self._span = span

    def turn(self, name: str, most: timedelta) -> float:
        """Seconds to wait until the turn that is now taken under a name: 0 where it is at once.

        TransientError("platform_busy") where that were more than `most`; then no turn is taken.
        """
        taken, wait = self._ask(name, most)
        if not taken:
            raise TransientError("platform_busy", retry_after=wait)
        return wait

    @translated()
    def hold(self, name: str, seconds: float) -> None:
        """Lets nobody have a turn under a name for so long; after that turns come one by one, and not all at once."""
        arguments = [self._count, _milliseconds(self._span), _milliseconds(timedelta(seconds=seconds))]
        self._hold([keys.pace(name)], arguments)

    @translated()
    def _ask(self, name: str, most: timedelta) -> tuple[bool, float]:
        arguments = [self._count, _milliseconds(self._span), _milliseconds(most)]
        taken, wait = self._turn([keys.pace(name)], arguments)
        return bool(taken), int(wait) / 1000


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
