"""Putting the messages of a view into a channel once, in order, whatever dies and whatever the platform answers.

What may have arrived is looked up with the platform by its key before it is sent again: found, it is sent; not found
after the time that it may take to appear, it is not there. Messages of a thread wait for the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from chatbot.delivery.ledger import AMBIGUOUS, HeldElsewhereError, Hold, Ledger, Row
from chatbot.delivery.waiting import Waiting
from chatbot.messaging import Channel, Part, Platform, Receipt, Stream, UnknownOutcomeError, key_of_part
from chatbot.views.view import View
from workers.errors import DigestError, RefusedError, TransientError

SETTLING = timedelta(seconds=30)
"""How long after a request a message may still appear: its request may be on its way, its channel's history behind."""
SAME_KEY_MARGIN = timedelta(minutes=5)
"""By how much a platform is taken to forget a key sooner than it says."""
LOOK_BACK = timedelta(minutes=5)
"""By how much a platform's clock may be behind ours: since when a message is looked for."""
HELD_PAUSE = 2.0
"""Seconds at most between two looks whether another deliverer has done or is dead."""
PATIENCE = 120.0
"""Seconds of pauses before one message; after that it is for a later job to go on."""


@dataclass(frozen=True)
class Clock:
    """What time it is (aware), and waiting for so many seconds."""

    now: Callable[[], datetime]
    pause: Callable[[float], None]


@dataclass(frozen=True)
class Delivered:
    """What became of a delivery.

    `delivered`: all of it stands. `partly`: what is missing cannot be sent, as where somebody deleted the thread.
    `refused`: it was refused, and would be again now. `unfinished`: it may be gone on with later. `first` is where the
    first message stands, None where it does not; `error` is why it is not all there.
    """

    state: Literal["delivered", "partly", "refused", "unfinished"]
    first: Receipt | None = None
    error: DigestError | None = None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be sent."""
        return self.state in ("delivered", "partly")

    @property
    def is_elsewhere(self) -> bool:
        """Whether another deliverer is at it."""
        return isinstance(self.error, HeldElsewhereError)


class Delivering:
    """Delivers over one platform. `holder` is in whose name, such as a job's id."""

    def __init__(
        self, ledger: Ledger, platform: Platform, clock: Clock, holder: str, patience: float = PATIENCE
    ) -> None:
        self._ledger = ledger
        self._platform = platform
        self._clock = clock
        self._holder = holder
        self._patience = patience

    def deliver(
        self,
        name: str,
        channel: Channel,
        make: Callable[[], View],
        under: Receipt | None = None,
        stands: Callable[[Receipt], None] = lambda _: None,
    ) -> Delivered:
        """Delivers a view under a name, in the thread of `under` where that is given.

        The view is made and rendered once: the same name later goes on with the same messages, and where all of it
        stands, nothing is done. `stands` is told where the first message stands as soon as that is known, perhaps
        more than once. HeldElsewhereError while another delivers it.
        """
        with self._attempt(name, channel, under) as attempt:
            first = self._ledger.row(name, 0).receipt
            if first is not None:
                stands(first)
            if self._ledger.is_finished(name):
                return Delivered("delivered", first)
            return attempt.deliver(make, stands)

    def announce(self, name: str, channel: Channel, view: View, under: Receipt | None = None) -> Receipt | None:
        """Posts the first message of what is not ready to be delivered yet, such as its progress, or edits it.

        Delivering puts the first part in its place. None where that has begun. RefusedError("gone") where somebody
        deleted it.
        """
        with self._attempt(name, channel, under) as attempt:
            if self._ledger.is_finished(name) or self._ledger.parts(name):
                return None
            return attempt.stand(0, self._platform.render(view, key_of(name), channel)[0], under, anew=False)

    def begin(
        self, name: str, channel: Channel, open_stream: Callable[[str], Stream | None], under: Receipt | None = None
    ) -> Stream | None:
        """Has the first message of what will be delivered be one that grows: `open_stream` is given its key.

        Delivering puts the first part in its place. None where something stands there already, or may; where the
        platform has no such messages; and where it did not take this one now.
        """
        with self._attempt(name, channel, under) as attempt:
            return attempt.begin(open_stream)

    def renew(self, name: str, channel: Channel, view: View) -> bool:
        """Puts a view in the place of what was delivered under a name, message by message; whether it stands there.

        It does not where the platform edits nothing so old, where it would be another number of messages, and where
        somebody deleted one: then nothing is posted anew. RefusedError, TransientError.
        """
        with self._attempt(name, channel, None) as attempt:
            return attempt.renew(view)

    @contextmanager
    def _attempt(self, name: str, channel: Channel, under: Receipt | None) -> Iterator[_Attempt]:
        waiting = Waiting(self._clock.pause, self._patience)
        hold = self._ledger.take(name, self._holder, self._clock.now())
        while hold is None:
            waiting.wait(HeldElsewhereError("delivery_held", name), most=HELD_PAUSE)
            hold = self._ledger.take(name, self._holder, self._clock.now())
        try:
            yield _Attempt(self._ledger, self._platform, self._clock.now, waiting, hold, channel, under)
        finally:
            with suppress(DigestError):
                self._ledger.leave(hold)


@dataclass(frozen=True)
class _Message:
    """One part on its way: its number, key, and the message in whose thread it belongs."""

    number: int
    part: Part
    key: str
    under: Receipt | None

    @property
    def fingerprint(self) -> str:
        """Tells different contents apart."""
        return sha256(self.part.model_dump_json().encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Attempt:
    """One holder's work on one delivery."""

    ledger: Ledger
    platform: Platform
    now: Callable[[], datetime]
    waiting: Waiting
    hold: Hold
    channel: Channel
    under: Receipt | None

    def deliver(self, make: Callable[[], View], stands: Callable[[Receipt], None]) -> Delivered:
        first: Receipt | None = None
        missing: DigestError | None = None
        for number, part in enumerate(self._parts(make)):
            try:
                receipt = self.stand(number, part, (self.under or first) if part.in_thread else self.under)
            except HeldElsewhereError:
                raise
            except TransientError as error:
                return Delivered("unfinished", first, error)
            except RefusedError as error:
                if first is None or error.code not in ("too_large", "gone"):
                    return Delivered("refused", first, error)
                missing = error
            else:
                if first is None:
                    stands(receipt)
                first = first or receipt
        self.ledger.finish(self.hold)
        return Delivered("partly" if missing else "delivered", first, missing)

    def begin(self, open_stream: Callable[[str], Stream | None]) -> Stream | None:
        """See Delivering."""
        row = self.ledger.row(self.hold.name, 0)
        if row.state != "planned" or self.ledger.parts(self.hold.name):
            return None
        now = self.now()
        row = self.ledger.write(self.hold, 0, row.sending(now, "", is_certain=True), now)
        try:
            stream = open_stream(key_of(self.hold.name, row.edition))
        except UnknownOutcomeError as error:
            self.ledger.write(self.hold, 0, row.unknown(error.code, now), now)
            return None
        except (TransientError, RefusedError) as error:
            self.ledger.write(self.hold, 0, row.not_sent(error.code), now)
            return None
        row = row.sent(stream.receipt, "") if stream else row.not_sent("no_streams")
        self.ledger.write(self.hold, 0, row, self.now())
        return stream

    def stand(self, number: int, part: Part, under: Receipt | None, anew: bool = True) -> Receipt:
        """Has one message stand in the channel, as it is now. RefusedError, TransientError.

        `anew`: where what stood there is gone, or cannot be edited any more, another message takes its place.
        """
        while True:
            row = self.ledger.row(self.hold.name, number)
            key = key_of_part(key_of(self.hold.name, row.edition), number)
            message = _Message(number, part, key, under)
            row = self._posted(message, row)
            try:
                receipt = self._edited(message, row)
            except RefusedError as error:
                if error.code != "gone" or not anew:
                    raise
                self._write(message, row.lost(error.code))
            else:
                self.waiting.begin_anew()
                return receipt

    def renew(self, view: View) -> bool:
        parts = self.platform.render(view, key_of(self.hold.name), self.channel)
        *rows, behind = (self.ledger.row(self.hold.name, number) for number in range(len(parts) + 1))
        if behind.receipt is not None or not all(self._is_editable(row) for row in rows):
            return False
        for number, (part, row) in enumerate(zip(parts, rows, strict=True)):
            self._edited(_Message(number, part, "", None), row)
        return True

    def _is_editable(self, row: Row) -> bool:
        life = self.platform.capabilities.editable_for
        age = self.now() - (row.last_tried or self.now())
        return row.receipt is not None and (life is None or age < life)

    def _posted(self, message: _Message, row: Row) -> Row:
        """Once something stands there: this part, or what was there before."""
        while row.receipt is None:
            row = self._look_up(message, row) if row.state in AMBIGUOUS else self._send(message, row, is_certain=True)
        return row

    def _parts(self, make: Callable[[], View]) -> tuple[Part, ...]:
        """The parts as they were planned; new ones while it is certain that none of them stands."""
        planned = self.ledger.parts(self.hold.name)
        if planned and self.ledger.row(self.hold.name, 0).state in (*AMBIGUOUS, "sent"):
            return planned
        parts = self.platform.render(make(), key_of(self.hold.name), self.channel)
        self.ledger.plan(self.hold, parts)
        return parts

    def _send(self, message: _Message, row: Row, is_certain: bool) -> Row:
        """One attempt. Unless it is certain that none before it arrived, that stays unknown whatever this one meets."""
        row = self._write(message, row.sending(self.now(), message.fingerprint, is_certain))
        try:
            receipt = self.platform.send(self.channel, message.part, message.key, message.under)
        except UnknownOutcomeError as error:
            row = self._write(message, row.unknown(error.code, self.now()))
            self.waiting.wait(error)
        except TransientError as error:
            row = self._write(message, row.not_sent(error.code) if is_certain else row.unknown(error.code, self.now()))
            self.waiting.wait(error)
        except RefusedError as error:
            self._write(message, row.given_up(error.code) if is_certain else row.unknown(error.code, self.now()))
            raise
        else:
            row = self._write(message, row.sent(receipt, row.shown))
        return row

    def _look_up(self, message: _Message, row: Row) -> Row:
        """What may have arrived: sent where it is found; else another attempt, but not before it must have appeared."""
        looked_at = self.now()
        first, last = row.first_tried or looked_at, row.last_tried or looked_at
        same_key_for = self.platform.capabilities.same_key_for
        if same_key_for is not None and looked_at < first + same_key_for - SAME_KEY_MARGIN:
            return self._send(message, row, is_certain=False)
        try:
            found = self.platform.find(self.channel, message.key, first - LOOK_BACK, message.under)
        except TransientError as error:
            self.waiting.wait(error)
            return row
        if found is not None:
            return self._write(message, row.sent(found, row.shown))
        unsettled = (last + SETTLING - looked_at).total_seconds()
        if unsettled > 0:
            self.waiting.wait(UnknownOutcomeError(), most=unsettled)
            return row
        return self._send(message, row, is_certain=True)

    def _edited(self, message: _Message, row: Row) -> Receipt:
        """Puts the part in the place of what stands there, unless that is the same. To do it twice does no harm."""
        receipt = _standing(row)
        while row.shown != message.fingerprint:
            try:
                self.platform.edit(receipt, message.part)
            except TransientError as error:
                self.waiting.wait(error)
            else:
                row = self._write(message, row.sent(receipt, message.fingerprint))
        return receipt

    def _write(self, message: _Message, row: Row) -> Row:
        return self.ledger.write(self.hold, message.number, row, self.now())


def _standing(row: Row) -> Receipt:
    if row.receipt is None:
        raise ValueError(f"{row.state} stands nowhere")
    return row.receipt


def key_of(name: str, edition: int = 0) -> str:
    """The key of the first message of a delivery: short, and the same for the same name and edition of the message."""
    return sha256(f"{name}\n{edition}".encode() if edition else name.encode()).hexdigest()[:32]
