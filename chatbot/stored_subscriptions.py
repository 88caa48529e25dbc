"""The subscriptions of channels as conversation wants them, over the store that the scheduler works from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from redis import Redis

from chatbot.commands.command import Options, Schedule, SubscribeCommand
from chatbot.messaging import Channel, Person
from chatbot.orders import Desk, Order
from chatbot.subscriptions import Outcome, Subscription, no_subscription
from workers.cadence import lately, next_time
from workers.model import Tier
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Paused, Place, Subscriber, Wish, request_of
from workers.subscription import Subscription as Stored


class StoredSubscriptions:
    """See `chatbot.subscriptions.Subscriptions`. `desk` takes the orders for runs by hand."""

    def __init__(self, redis: Redis, desk: Desk) -> None:
        self._store = SubscriptionStore(redis)
        self._desk = desk

    def add(
        self, channel: Channel, person: Person, command: SubscribeCommand, public_only: bool, now: datetime
    ) -> Subscription:
        """See Subscriptions. The same command twice is one subscription."""
        found, _ = self._store.add(_wish(channel, person, command, public_only, now), now)
        return _told(found, channel)

    def of(self, channel: Channel) -> Sequence[Subscription]:
        """See Subscriptions."""
        return [_told(one, channel) for one in self._store.of(channel.key)]

    def get(self, channel: Channel, number: int) -> Subscription:
        """See Subscriptions."""
        return _told(self._stored(channel, number), channel)

    def pause(self, channel: Channel, number: int, person: Person, now: datetime) -> Subscription:
        """See Subscriptions."""
        stored = self._stored(channel, number)
        paused = Paused(at=now, by=_subscriber(person))
        return _told(self._store.pause(stored.id, paused) or stored, channel)

    def resume(self, channel: Channel, number: int, now: datetime) -> Subscription:
        """See Subscriptions."""
        stored = self._stored(channel, number)
        return _told(self._store.resume(stored, now) or stored, channel)

    def remove(self, channel: Channel, number: int) -> Subscription:
        """See Subscriptions."""
        stored = self._stored(channel, number)
        self._store.remove(stored)
        return _told(stored, channel)

    def run(self, channel: Channel, number: int, person: Person, now: datetime) -> Subscription:
        """See Subscriptions. It covers one cadence back, or all that is untold yet, which stays untold."""
        stored = self._stored(channel, number)
        wish = stored.wish
        request = request_of(wish, lately(wish.cadence, stored.marker, now), now)
        order = Order(
            channel=channel,
            person=person,
            language=wish.language,
            sources=wish.sources,
            public_only=wish.public_only,
        )
        self._desk.order(request, order)
        return _told(stored, channel)

    def _stored(self, channel: Channel, number: int) -> Stored:
        found = self._store.numbered(channel.key, number)
        if found is None:
            raise no_subscription(number, self.of(channel))
        return found


def _subscriber(person: Person) -> Subscriber:
    return Subscriber(id=person.id, name=person.name[:300])


def schedule_of(wish: Wish) -> Schedule:
    """When a wish is due, as a person writes it."""
    return Schedule.model_validate(wish.cadence.model_dump())


def _wish(channel: Channel, person: Person, command: SubscribeCommand, public_only: bool, now: datetime) -> Wish:
    options = command.options
    place = Place(
        platform=channel.platform,
        workspace=channel.workspace,
        channel=channel.id,
        is_direct=channel.is_direct,
        is_shared=channel.is_shared,
    )
    return Wish(
        place=place,
        by=_subscriber(person),
        created_at=now,
        sources=(command.repository,),
        cadence=command.schedule.cadence("UTC"),
        branches=options.branches,
        paths=options.paths,
        least_tier=options.tier or Tier.LOW,
        language=options.language or "en",
        quiet=command.quiet,
        public_only=public_only,
    )


def _told(stored: Stored, channel: Channel) -> Subscription:
    wish, last = stored.wish, stored.last
    tier = None if wish.least_tier is Tier.LOW else wish.least_tier
    options = Options(branches=wish.branches, paths=wish.paths, language=wish.language, tier=tier)
    outcome: Outcome | None = "failed" if stored.failing else last.outcome if last else None
    return Subscription(
        channel=channel,
        number=stored.number,
        command=SubscribeCommand(
            repository=wish.sources[0], schedule=schedule_of(wish), options=options, quiet=wish.quiet
        ),
        by=wish.by.name,
        is_paused=stored.paused is not None,
        told_until=stored.marker,
        next_run=_next_run(stored),
        last_run=stored.failing.since if stored.failing else last.at if last else None,
        last_outcome=outcome,
        reason=stored.failing.reason if stored.failing else None,
        is_public=wish.public_only,
    )


def _next_run(stored: Stored) -> datetime | None:
    """What is in hand is not what comes next."""
    if stored.paused is not None:
        return None
    if stored.running is not None:
        return next_time(stored.wish.cadence, stored.running.window.end)
    return stored.next_look
