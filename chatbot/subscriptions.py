"""Subscriptions as conversation knows them: what is kept of one, and what can be done with those of a channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from chatbot.commands.command import SubscribeCommand
from chatbot.messaging import Channel, Person
from workers.errors import WordsError
from workers.model import Value
from workers.subscription import Reason

Outcome = Literal["delivered", "empty", "failed"]
"""How a run ended: a digest was posted; there were no commits; something was in the way."""


class Subscription(Value):
    """One subscription of a channel, under its number there (from 1; a number is not given twice).

    `command` has the time zone and the language it was made with. `by` is the name of who subscribed, untrusted.
    Times are aware; `next_run` is None while it is paused, `last_run` and `last_outcome` before its first run. The next
    run covers what is from `told_until` on; None: nobody knows. `reason`: why its last run failed, if it did.
    `is_public`: everybody may read its repository, and so may know of it.
    """

    channel: Channel
    number: int
    command: SubscribeCommand
    by: str
    is_paused: bool = False
    told_until: datetime | None = None
    next_run: datetime | None = None
    last_run: datetime | None = None
    last_outcome: Outcome | None = None
    reason: Reason | None = None
    is_public: bool = False


class Subscriptions(Protocol):
    """The subscriptions of channels. WordsError("no_subscription") for a number that a channel does not have."""

    def add(
        self, channel: Channel, person: Person, command: SubscribeCommand, public_only: bool, now: datetime
    ) -> Subscription:
        """Begins a subscription. `command` has a time zone and a language; `public_only` as in DigestRequest."""
        ...

    def of(self, channel: Channel) -> Sequence[Subscription]:
        """All of a channel, by number."""
        ...

    def get(self, channel: Channel, number: int) -> Subscription:
        """One of a channel."""
        ...

    def pause(self, channel: Channel, number: int, person: Person, now: datetime) -> Subscription:
        """Stops its runs until it is resumed; as it is then."""
        ...

    def resume(self, channel: Channel, number: int, now: datetime) -> Subscription:
        """Lets it run again; as it is then. Of what was due within a pause that somebody wished for nothing is told."""
        ...

    def remove(self, channel: Channel, number: int) -> Subscription:
        """Ends it; as it was."""
        ...

    def run(self, channel: Channel, number: int, person: Person, now: datetime) -> Subscription:
        """Has it run at once, once, beside its schedule; by jobs."""
        ...


def known_to(person: Person, subscriptions: Sequence[Subscription]) -> list[Subscription]:
    """Those that a person may know of: a guest, or somebody of another organisation, of public repositories alone."""
    return [one for one in subscriptions if one.is_public or not person.is_outsider]


def no_subscription(number: int, known: Sequence[Subscription]) -> WordsError:
    """The error for a number that a channel does not have; it tells those that it has."""
    return WordsError("no_subscription", number=number, near=", ".join(str(one.number) for one in known[:5]))
