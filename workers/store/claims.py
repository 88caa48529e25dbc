"""Claims: who does a piece of work just now, so that two who want its result pay once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from redis import Redis

from workers.errors import TransientError
from workers.model import Value
from workers.store import keys
from workers.store.faults import translated

HISTORY_LIFE = timedelta(days=1)
"""How long after a claim was taken it is known whether another took it since, and how often it was attempted."""

FIRST_PAUSE = 0.005
LONGEST_PAUSE = 0.2
"""Seconds between two looks at work that another does: they grow from the first to the longest by half each time."""
PATIENCE = 1500.0
"""Seconds that `wait_or_take` waits: less than a job's time-out, more than the work of any one commit."""

_TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 and (ARGV[3] == '' or redis.call('HGET', KEYS[2], 'owner') ~= ARGV[3]) then
    return false
end
local fence = redis.call('INCR', KEYS[3])
redis.call('SET', KEYS[1], fence, 'PX', ARGV[1])
redis.call('HSET', KEYS[2], 'last', fence, 'owner', ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return {fence, redis.call('HINCRBY', KEYS[2], 'attempts', 1)}
"""
_RENEW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_RELEASE = """
if redis.call('HGET', KEYS[2], 'last') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1], KEYS[2])
"""


class Claim(Value):
    """One holder's claim on a name.

    `fence` is higher than that of every earlier claim on any name. `number` says how often the name was claimed since
    somebody last came to an end with it: work whose number is high kills those who do it.
    """

    name: str
    fence: int
    number: int = 1


class Claims:
    """Claims by name. `life` is how long one holds without being renewed."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = int(life.total_seconds() * 1000)
        self._take = redis.register_script(_TAKE)
        self._renew = redis.register_script(_RENEW)
        self._release = redis.register_script(_RELEASE)

    def take(self, name: str, owner: str = "") -> Claim | None:
        """A claim on a name; None while another holds it.

        `owner`, such as the id of a job, takes over at once what the same owner holds: the job died and runs again.
        """
        return self.take_many([name], owner).get(name)

    @translated()
    def take_many(self, names: Sequence[str], owner: str = "") -> dict[str, Claim]:
        """Claims on those of the names that nobody else holds, in one round trip."""
        pipeline = self._redis.pipeline(transaction=False)
        for name in names:
            places = [keys.claim(name), keys.claim_history(name), keys.FENCE]
            self._take(places, [self._life, int(HISTORY_LIFE.total_seconds()), owner], client=pipeline)
        taken = zip(names, pipeline.execute(), strict=True)
        return {name: Claim(name=name, fence=got[0], number=got[1]) for name, got in taken if got}

    @translated()
    def renew_many(self, claims: Iterable[Claim]) -> None:
        """Lets claims live on for a whole life, in one round trip. One that lapsed and that another took stays lost."""
        pipeline = self._redis.pipeline(transaction=False)
        for claim in claims:
            self._renew([keys.claim(claim.name)], [claim.fence, self._life], client=pipeline)
        pipeline.execute()

    def release(self, claim: Claim) -> None:
        """Ends a claim after its work has come to an end, well or not. Nothing where another took it since."""
        self.release_many([claim])

    @translated()
    def release_many(self, claims: Iterable[Claim]) -> None:
        """Ends claims, in one round trip."""
        pipeline = self._redis.pipeline(transaction=False)
        for claim in claims:
            self._release([keys.claim(claim.name), keys.claim_history(claim.name)], [claim.fence], client=pipeline)
        pipeline.execute()

    def wait_or_take(
        self,
        name: str,
        ready: Callable[[], bool],
        owner: str = "",
        patience: float = PATIENCE,
        pause: Callable[[float], None] = time.sleep,
    ) -> Claim | None:
        """Waits until the work of another is `ready` (then None), or nobody holds the name: then it is ours.

        TransientError("claim_held") after `patience` seconds.
        """
        waited, length = 0.0, FIRST_PAUSE
        while not ready():
            claim = self.take(name, owner)
            if claim is not None:
                return self._unless_ready(claim, ready)
            if waited >= patience:
                raise TransientError("claim_held", name=name)
            pause(length)
            waited += length
            length = min(length * 1.5, LONGEST_PAUSE)
        return None

    def _unless_ready(self, claim: Claim, ready: Callable[[], bool]) -> Claim | None:
        """The holder may have come to its end between our look at its work and our taking of its claim."""
        if not ready():
            return claim
        self.release(claim)
        return None
