"""The ledger of deliveries: of each message whether it was sent, so that it is sent once whatever dies.

    planned ──> sending ──> sent
       ^           │  ╲
       │           │   ╲──> unknown ──> sent | sending
       ╰───────────┴──────> given up ──> sending

Somebody may delete what was sent: then it is planned again, as another edition of the message, with another key.
A row is `sending` before the request goes out and stays so if its sender dies: like `unknown` it may have arrived.
Only who holds the delivery writes; a holder that another has taken it from is told so at its next step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from redis import Redis

from chatbot.messaging import Part, Receipt
from workers.errors import TransientError
from workers.model import Value
from workers.store import keys
from workers.store.codec import decode_or_broken, encode
from workers.store.counts import field
from workers.store.faults import translated

State = Literal["planned", "sending", "unknown", "sent", "given_up"]
AMBIGUOUS: tuple[State, ...] = ("sending", "unknown")

LEASE = timedelta(seconds=25)
"""How long a deliverer holds a delivery after its last step: longer than any request of its step can be on its way.

One that pauses for longer may lose it; it is told so before it sends anything more.
"""

_NEXT: Mapping[State, tuple[State, ...]] = {
    "planned": ("sending", "sent"),
    "sending": ("planned", "unknown", "sent", "sending", "given_up"),
    "unknown": ("unknown", "sent", "sending", "given_up"),
    "sent": ("sent", "planned"),
    "given_up": ("sending",),
}
"""What may follow a state. `planned` to `sent`: a message of ours that stands already becomes this one."""

_TAKE = """
local holder, till = redis.call('HGET', KEYS[1], 'holder'), tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
if holder and holder ~= ARGV[1] and till > tonumber(ARGV[2]) then return false end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return redis.call('HINCRBY', KEYS[1], 'fence', 1)
"""
_WRITE = """
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[2], 'part:' .. ARGV[4], ARGV[5])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
"""
_PLAN = """
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
for at = 3, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[at]) end
return redis.call('PEXPIRE', KEYS[2], ARGV[2])
"""
_FINISH = """
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
if redis.call('HSETNX', KEYS[1], 'finished', 1) == 1 then redis.call('HINCRBYFLOAT', KEYS[3], ARGV[2], 1) end
return 1
"""
_LEAVE = """
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], 'holder', 'until')
"""


class Row(Value):
    """What is known of one message.

    `first_tried` and `last_tried` are from when on it may have arrived, None before. `receipt` says where it stands
    once it is sent, `shown` is the fingerprint of what stands there if it stands, "" where that may be one of several.
    `edition` counts the messages that stood there and were deleted. `why` is the code of what last befell it.
    """

    state: State = "planned"
    first_tried: datetime | None = None
    last_tried: datetime | None = None
    receipt: Receipt | None = None
    shown: str = ""
    edition: int = 0
    why: str | None = None

    def sending(self, now: datetime, content: str, is_certain: bool) -> Row:
        """From now on: whoever finds it so cannot know whether it has arrived, with this content (a fingerprint).

        Unless it is certain that no attempt before this one arrived, what stands there may be what that one said: not
        the digest, but its progress.
        """
        shown = content if is_certain or self.shown == content else ""
        return self._moved("sending", first_tried=self.first_tried or now, last_tried=now, shown=shown)

    def sent(self, receipt: Receipt, shown: str) -> Row:
        """It stands in its channel."""
        return self._moved("sent", receipt=receipt, shown=shown, why=None)

    def unknown(self, why: str, now: datetime) -> Row:
        """It may have arrived, or arrive soon."""
        return self._moved("unknown", why=why, last_tried=now)

    def lost(self, why: str) -> Row:
        """Somebody deleted it, or it can no longer be edited: another is to stand in its place."""
        self._moved("planned")
        return Row(edition=self.edition + 1, why=why)

    def not_sent(self, why: str) -> Row:
        """It has not arrived, and may be sent again."""
        return self._moved("planned", why=why)

    def given_up(self, why: str) -> Row:
        """It has not arrived, and is not tried again by this delivery; a later one may begin it again."""
        return self._moved("given_up", why=why)

    def _moved(self, to: State, **changes: object) -> Row:
        if to not in _NEXT[self.state]:
            raise ValueError(f"{self.state} to {to}")
        return self.model_copy(update={"state": to, **changes})


class Hold(Value):
    """One deliverer's hold of a delivery. `fence` is higher than that of every hold of it before."""

    name: str
    fence: int


class HeldElsewhereError(TransientError):
    """Raise when another deliverer has the delivery (`delivery_held`), or has taken it from us (`delivery_lost`)."""

    def __init__(self, code: Literal["delivery_held", "delivery_lost"], name: str) -> None:
        super().__init__(code, name=name)


class Ledger:
    """Rows by delivery and number of the part, from 0.

    `lease` is how long a deliverer holds a delivery after its last step; `life` how long rows are kept after theirs.
    """

    def __init__(self, redis: Redis, life: timedelta, lease: timedelta = LEASE) -> None:
        self._redis = redis
        self._life = int(life.total_seconds() * 1000)
        self._lease = lease
        self._take = redis.register_script(_TAKE)
        self._write = redis.register_script(_WRITE)
        self._plan = redis.register_script(_PLAN)
        self._finish = redis.register_script(_FINISH)
        self._leave = redis.register_script(_LEAVE)

    @translated()
    def take(self, name: str, holder: str, now: datetime) -> Hold | None:
        """The hold of a delivery; None while another has it. The same `holder` has died if it asks again."""
        arguments: list[str | int] = [holder, _milliseconds(now), _milliseconds(now + self._lease), self._life]
        fence = self._take([keys.delivery(name)], arguments)
        return None if fence is None else Hold(name=name, fence=fence)

    @translated()
    def leave(self, hold: Hold) -> None:
        """Lets others take the delivery at once."""
        self._leave([keys.delivery(hold.name)], [hold.fence])

    @translated()
    def plan(self, hold: Hold, parts: Sequence[Part]) -> None:
        """Keeps the parts, in place of others: as they are now they will be sent, whoever sends them and when."""
        places = [keys.delivery(hold.name), keys.delivery_parts(hold.name)]
        arguments: list[int | bytes] = [hold.fence, self._life, *map(encode, parts)]
        self._ensure_held(hold, self._plan(places, arguments))

    @translated()
    def parts(self, name: str) -> tuple[Part, ...]:
        """The parts in their order; () where nothing was planned yet."""
        key = keys.delivery_parts(name)
        found: list[bytes] = self._redis.lrange(key, 0, -1)  # type: ignore[assignment]  # we do not decode
        return tuple(decode_or_broken(Part, data, key) for data in found)

    @translated()
    def finish(self, hold: Hold) -> None:
        """Nothing is left to be sent: the parts are not needed any more."""
        places = [keys.delivery(hold.name), keys.delivery_parts(hold.name), keys.COUNTS]
        self._ensure_held(hold, self._finish(places, [hold.fence, field("delivered")]))

    @translated()
    def is_finished(self, name: str) -> bool:
        """Whether nothing is left to be sent."""
        return bool(self._redis.hexists(keys.delivery(name), "finished"))

    @translated()
    def row(self, name: str, number: int) -> Row:
        """What is known of one message."""
        key = keys.delivery(name)
        data = self._redis.hget(key, f"part:{number}")
        return Row() if data is None else decode_or_broken(Row, data, key)

    @translated()
    def write(self, hold: Hold, number: int, row: Row, now: datetime) -> Row:
        """Keeps what is known of one message from now on, and the hold for another lease."""
        arguments: list[int | bytes] = [hold.fence, _milliseconds(now + self._lease), self._life, number, encode(row)]
        self._ensure_held(hold, self._write([keys.delivery(hold.name)], arguments))
        return row

    def _ensure_held(self, hold: Hold, answer: int) -> None:
        if not answer:
            raise HeldElsewhereError("delivery_lost", hold.name)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
