"""Slots for calls to one endpoint, shared by all processes of all machines that ask it.

Each process holds a share of the limit and hands its slots out itself, so that no call waits for Redis. It settles its
share (what it wants, what it runs, how its calls went) a few times a second while it is short of slots, as calls are
served while the limit may grow, when it needs fewer, and in time to keep its lease; a process that died is forgotten
with its lease, and its share goes to the others.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Literal

from anyio import CapacityLimiter, WouldBlock
from redis import Redis

from workers.errors import DigestError
from workers.model import Value
from workers.store import keys
from workers.store.faults import translated

log = logging.getLogger(__name__)

Outcome = Literal["served", "overloaded", "failed"]

LEASE = timedelta(seconds=15)
"""How long a share outlives its process. It is settled at a third of it."""
LIMIT_LIFE = timedelta(minutes=10)
"""How long what was learnt of an endpoint's load is kept after the last call."""
EAGER, LEAST = 0.2, 0.02
"""Seconds between two settlings: of a process that is short of slots, and of any process at least."""

_SETTLE = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local me, want, running = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local start, most = tonumber(ARGV[4]), tonumber(ARGV[5])
local served, age, lease, life = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]

-- Until a first strain a round of successes doubles the limit; then it adds one, as congestion control does.
-- One less strain at a time: a call that began before the last cut says nothing of the load after it.
local limit = math.min(tonumber(redis.call('HGET', KEYS[1], 'limit') or start), most)
if age >= 0 then
    if now - age > tonumber(redis.call('HGET', KEYS[1], 'cut') or 0) then
        limit = math.max(1, limit / 2)
        redis.call('HSET', KEYS[1], 'cut', now)
    end
else
    local was_cut = redis.call('HEXISTS', KEYS[1], 'cut') == 1
    limit = math.min(most, limit + (was_cut and served / math.floor(limit) or served))
end
redis.call('HSET', KEYS[1], 'limit', tostring(limit))
redis.call('PEXPIRE', KEYS[1], life)
limit = math.floor(limit)

for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
    redis.call('ZREM', KEYS[2], dead)
    redis.call('HDEL', KEYS[3], dead)
end
if want == 0 then
    redis.call('ZREM', KEYS[2], me)
    redis.call('HDEL', KEYS[3], me)
    return {0, 0, limit}
end

local held, fed, free = 0, 0, limit
local sharers = {}
local all = redis.call('HGETALL', KEYS[3])
for at = 1, #all, 2 do
    local its_held, its_want, its_fed = string.match(all[at + 1], '(%d+) (%d+) (%d+)')
    if all[at] == me then
        held, fed = tonumber(its_held), tonumber(its_fed)
    else
        free = free - its_held
        sharers[#sharers + 1] = {id = all[at], want = tonumber(its_want), fed = tonumber(its_fed)}
    end
end
sharers[#sharers + 1] = {id = me, want = want, fed = fed}

-- Who wants little gets it first. Where there is not one slot for each, who was fed longest ago stands last, where the
-- remainders fall, so that nobody starves.
local scarce = limit < #sharers
table.sort(sharers, function(one, other)
    if not scarce and one.want ~= other.want then return one.want < other.want end
    if one.fed ~= other.fed then return one.fed > other.fed end
    return one.id < other.id
end)
local left, fair = limit, 0
for at, sharer in ipairs(sharers) do
    local share = math.min(sharer.want, math.floor(left / (#sharers - at + 1)))
    left = left - share
    if sharer.id == me then fair = share end
end

local granted = math.max(running, math.min(fair, free))
if held == 0 and granted > 0 then fed = now end
redis.call('HSET', KEYS[3], me, string.format('%d %d %d', granted, want, fed))
redis.call('ZADD', KEYS[2], now + lease, me)
redis.call('PEXPIRE', KEYS[2], 2 * lease)
redis.call('PEXPIRE', KEYS[3], 2 * lease)
return {granted, fair, limit}
"""


class Share(Value):
    """A process's part: slots that it holds, and those that are its due; and the limit of all together."""

    held: int
    fair: int
    limit: int


class RedisSlots:
    """The slots of one process for an endpoint, by name.

    The slots of all processes together begin at `start` and never grow beyond `most`; None: beyond `start`. It serves
    one event loop at a time; after `aclose` it may serve another.
    """

    def __init__(self, redis: Redis, name: str, start: int, most: int | None = None, lease: timedelta = LEASE) -> None:
        self._me = secrets.token_hex(8)
        self._start = start
        self._most = most or start
        self._lease = lease.total_seconds()
        self._keys = [keys.slots(name), keys.slots_leases(name), keys.slots_shares(name)]
        self._script = redis.register_script(_SETTLE)
        self._limiter = CapacityLimiter(0)
        self._running = self._served = 0
        self._overloaded_since: float | None = None
        self._closing = self._may_grow = False
        self._poked = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1)  # of its own: a lease is not to wait behind other work

    async def take(self) -> Callable[[Outcome], None]:
        """A slot, as soon as one is free: of our share, in turn. To be given back by the function that comes."""
        slot = object()
        if self._keeper is None or self._keeper.done():
            self._me = secrets.token_hex(8)  # anew, since a process may have been forked from another
            self._keeper = asyncio.create_task(self._keep())
        try:
            self._limiter.acquire_on_behalf_of_nowait(slot)
        except WouldBlock:
            if not self._waiting():
                self._poked.set()  # the first who waits: the share was given up as far as it was not needed
            await self._limiter.acquire_on_behalf_of(slot)
        self._running += 1
        begun = time.monotonic()

        def give_back(outcome: Outcome) -> None:
            self._running -= 1
            self._learn(outcome, begun)
            self._limiter.release_on_behalf_of(slot)
            if outcome == "overloaded" or self._may_grow or not self._waiting():
                self._poked.set()

        return give_back

    async def aclose(self) -> None:
        """Gives up our share."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            self._closing = True
            self._poked.set()
            await keeper
        self._closing = False
        self._poked = asyncio.Event()

    def settle(self, want: int, running: int) -> Share:
        """Tells Redis what this process wants and runs and how its calls went; what its share is from now on."""
        since, self._overloaded_since = self._overloaded_since, None
        served, self._served = self._served, 0
        age = -1 if since is None else int((time.monotonic() - since) * 1000)
        lives = [int(self._lease * 1000), int(LIMIT_LIFE.total_seconds() * 1000)]
        with translated():
            told = self._script(self._keys, [self._me, want, running, self._start, self._most, served, age, *lives])
        return Share(held=told[0], fair=told[1], limit=told[2])

    def _learn(self, outcome: Outcome, begun: float) -> None:
        if outcome == "served":
            self._served += 1
        elif outcome == "overloaded":
            self._overloaded_since = max(begun, self._overloaded_since or begun)

    def _waiting(self) -> int:
        return self._limiter.statistics().tasks_waiting

    def _wanted(self) -> int:
        return 0 if self._closing else self._running + self._waiting()

    async def _keep(self) -> None:
        """Settles as long as slots are wanted, and once more to give up the share."""
        want = 1
        while want or self._wanted():
            want = self._wanted()
            await self._settle_or_log(min(self._most, want))
            if want:
                await asyncio.sleep(LEAST)
                await self._poke(EAGER if self._waiting() else self._lease / 3)

    async def _poke(self, seconds: float) -> None:
        """Waits until something has changed, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._poked.wait()
        self._poked.clear()

    async def _settle_or_log(self, want: int) -> None:
        """While Redis cannot be asked, the share stays as it was."""
        try:
            share = await asyncio.get_running_loop().run_in_executor(self._thread, self.settle, want, self._running)
        except DigestError as error:
            log.warning("the share of slots could not be settled: %s", error.code)
            return
        self._limiter.total_tokens = min(share.held, share.fair)
        self._may_grow = share.limit < self._most
