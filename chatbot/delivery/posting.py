"""From a finished run to everybody who wants its digest; and what is said of subscriptions that fail."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from redis import Redis

from chatbot.beside import Beside
from chatbot.delivery.content import commit_of, is_empty, ordered_view, scheduled_view
from chatbot.delivery.delivering import Clock, Delivered, Delivering
from chatbot.delivery.ledger import Ledger
from chatbot.delivery.reverting import note_told
from chatbot.delivery.told import Told, ToldStore
from chatbot.messaging import Channel, Person, Platform, Receipt
from chatbot.orders import Order, OrderStore
from chatbot.views.scheduled import failing_view, given_up_view
from chatbot.views.view import View
from workers.errors import BrokenError, DigestError, RefusedError, TransientError
from workers.model import Digest
from workers.scheduling import enqueue_tell, subscription_of_run
from workers.store.digests import DigestStore
from workers.store.runs import RunStore
from workers.store.schedules import Schedule
from workers.store.seen import Seen
from workers.store.subscriptions import SubscriptionStore, seconds_of
from workers.store.threads import Topic, Topics
from workers.subscription import Outcome, Place, Running, Subscription
from workers.words import load_words

log = logging.getLogger(__name__)

DELIVER, TELL = "chatbot.delivery.jobs.deliver", "chatbot.delivery.jobs.tell"
"""By name: the jobs of this folder, for those who enqueue them."""
TOLD_FROM = 2
"""From which failure in a row on it is told: the first may pass by itself within minutes."""
TOLD_LIFE = timedelta(days=30)
"""How long it is remembered that a person was told directly."""


@dataclass
class Posting:
    """What posts. `open_platform` opens the platform of a name; `holder` is in whose name, such as a job's id.

    `beside` is asked what stands beside a digest; None: nothing.
    """

    redis: Redis
    digests: DigestStore
    runs: RunStore
    orders: OrderStore
    ledger: Ledger
    open_platform: Callable[[str], Platform]
    clock: Clock
    holder: str
    topics: Topics
    told: ToldStore
    beside: Beside | None = None

    def __post_init__(self) -> None:
        self._subscriptions = SubscriptionStore(self.redis)
        self._schedule = Schedule(self.redis)

    def deliver(self, run_id: str) -> None:
        """Delivers the digest of a run to all who wait for it. What was delivered before is not sent again.

        TransientError where it is to be gone on with by another attempt of the job.
        """
        subscription_id = subscription_of_run(run_id)
        if subscription_id is None:
            self._deliver_ordered(run_id)
            return
        subscription = self._subscriptions.get(subscription_id)
        if subscription is None or subscription.running is None or subscription.running.run_id != run_id:
            log.info("run %s is not wanted any more", run_id)
            return
        self._deliver_scheduled(subscription, subscription.running)

    def tell(self, subscription_id: str) -> None:
        """Says once in its channel that a subscription fails, and once that it has given up.

        Who subscribed is told the second directly as well, and either where nothing can be said in the channel.
        """
        subscription = self._subscriptions.get(subscription_id)
        failing = subscription.failing if subscription else None
        if subscription is None or failing is None or failing.count < TOLD_FROM:
            return
        words = load_words("chatbot.views", subscription.wish.language)
        name = f"{subscription_id}-failing-{seconds_of(failing.since)}"
        if subscription.paused is None:
            view = failing_view(subscription, failing, words)
            if not self._say(name, subscription, view):
                self._say_to_subscriber(name, subscription, view, channel_of(subscription.wish.place))
        elif subscription.paused.by is None:
            view = given_up_view(subscription, failing, words)
            channel = channel_of(subscription.wish.place)
            if self._say(f"{name}-ended", subscription, view):
                channel = channel.model_copy(update={"id": subscription.wish.by.id, "is_direct": True})
            self._say_to_subscriber(f"{name}-ended", subscription, view, channel)

    # --- what was due -------------------------------------------------------------------------------------------------

    def _deliver_scheduled(self, subscription: Subscription, running: Running) -> None:
        now = self.clock.now
        name = delivery_name(subscription, running)
        digest = self.digests.get(running.run_id)
        if digest is None and not self.ledger.parts(name) and not self.ledger.is_finished(name):
            self._note_failure(subscription, running, BrokenError("store_lost", key=running.run_id), keeps_run=False)
            return
        nothing = digest is not None and is_empty(digest)
        if not (nothing and subscription.wish.quiet):
            order = order_of(subscription)
            self.orders.put(running.run_id, order)
            topic = Topic(digest_id=running.run_id)
            delivered = self._put_scheduled(
                subscription, name, lambda: scheduled_view(_present(digest), running, self.beside), topic
            )
            if not delivered.is_done:
                if not delivered.is_elsewhere:
                    self._note_failure(subscription, running, delivered.error, keeps_run=True)
                return
            if digest is not None:
                told = Told(digest_id=running.run_id, delivery=name, channel=order.channel, due=running.window)
                note_told(self.redis, self.told, digest, told, order)
        outcome: Outcome = "empty" if nothing else "delivered"
        self._schedule.complete(subscription, running.run_id, outcome, now(), self.runs.tips(running.run_id))

    def _note_failure(
        self, subscription: Subscription, running: Running, error: DigestError | None, keeps_run: bool
    ) -> None:
        error = error or BrokenError("internal")
        log.warning("run %s could not be delivered: %s", running.run_id, error)
        failed = self._schedule.fail(subscription, running.run_id, error, self.clock.now(), keeps_run=keeps_run)
        if failed is not None:
            enqueue_tell(self.redis, TELL, subscription.id)

    def _say(self, name: str, subscription: Subscription, view: View) -> bool:
        """Whether it was said in the channel, or may yet be: only where it was refused nobody will read it there."""
        delivered = self._put_scheduled(subscription, name, lambda: view)
        if not delivered.is_done:
            log.warning("%s could not be said in its channel: %s", name, delivered.error)
        return delivered.state != "refused"

    def _say_to_subscriber(self, name: str, subscription: Subscription, view: View, channel: Channel) -> None:
        """Once, directly: in the talk with them, or as a platform tells somebody about a channel that it cannot use."""
        by, seen = subscription.wish.by, Seen(self.redis)
        if not by.id or not seen.first(name, TOLD_LIFE):
            return
        try:
            platform = self.open_platform(channel.platform)
            part = platform.render(view, name[:32], channel)[0]
            platform.tell(channel, Person(id=by.id, name=by.name), part)
        except DigestError as error:
            seen.forget([name])
            log.warning("%s could not be said to who subscribed: %s", name, error)

    # --- what was asked for -------------------------------------------------------------------------------------------

    def _deliver_ordered(self, run_id: str) -> None:
        """To one channel after the other: what one of them cannot take holds up no other."""
        digest, unfinished = self.digests.get(run_id), None
        for order in self.orders.all(run_id):
            delivered = self._deliver_order(run_id, digest, order)
            if not delivered.is_done:
                log.warning("run %s could not be delivered to %s: %s", run_id, order.channel.key, delivered.error)
            if isinstance(delivered.error, TransientError):
                unfinished = delivered.error
        if unfinished is not None:
            raise unfinished

    def _deliver_order(self, run_id: str, digest: Digest | None, order: Order) -> Delivered:
        def make() -> View:
            return ordered_view(_present(digest), run_id, order, self.beside)

        name = ordered_name(run_id, order.channel)
        topic = None
        if digest is not None:
            repository, sha = commit_of(digest, order) or (None, None)
            topic = Topic(digest_id=run_id, repository=repository, sha=sha)
        delivered = self._put(name, order.channel, make, order.under, topic)
        if digest is not None and delivered.is_done:
            told = Told(digest_id=run_id, delivery=name, channel=order.channel)
            note_told(self.redis, self.told, digest, told, order)
        return delivered

    # ------------------------------------------------------------------------------------------------------------------

    def _put_scheduled(
        self, subscription: Subscription, name: str, make: Callable[[], View], topic: Topic | None = None
    ) -> Delivered:
        """As `_put`. RefusedError("channel_shared") for what is private where people of other houses read by now."""
        channel = channel_of(subscription.wish.place)
        try:
            if not subscription.wish.public_only and self.open_platform(channel.platform).is_shared(channel):
                return Delivered("refused", error=RefusedError("channel_shared"))
        except TransientError as error:
            return Delivered("unfinished", error=error)
        except DigestError as error:
            return Delivered("refused", error=error)
        return self._put(name, channel, make, topic=topic)

    def _put(
        self,
        name: str,
        channel: Channel,
        make: Callable[[], View],
        under: Receipt | None = None,
        topic: Topic | None = None,
    ) -> Delivered:
        """One delivery; what cannot even be begun is an outcome as well.

        `topic`: what questions in its thread are about, from when its first message stands; None: none can be asked.
        """

        def stands(first: Receipt) -> None:
            if topic is not None:
                self.topics.put(channel.key, (under or first).id, topic)

        try:
            platform = self.open_platform(channel.platform)
            delivering = Delivering(self.ledger, platform, self.clock, self.holder)
            return delivering.deliver(name, channel, make, under, stands)
        except TransientError as error:
            return Delivered("unfinished", error=error)
        except DigestError as error:
            return Delivered("refused", error=error)


def delivery_name(subscription: Subscription, running: Running) -> str:
    """The name of the delivery of a window to a subscription: another run of it is the same delivery."""
    start, end = seconds_of(running.window.start), seconds_of(running.window.end)
    return f"{subscription.id}-{start}-{end}"


def ordered_name(run_id: str, channel: Channel) -> str:
    """The name of the delivery of a digest to a channel that asked for it; its progress is announced under it too."""
    return f"{run_id}/{channel.key}"


def order_of(subscription: Subscription) -> Order:
    """What makes the buttons of a scheduled digest work as those of one that was asked for."""
    wish = subscription.wish
    channel = channel_of(wish.place)
    return Order(channel=channel, language=wish.language, sources=wish.sources, public_only=wish.public_only)


def channel_of(place: Place) -> Channel:
    """Where a subscription is delivered."""
    return Channel(
        platform=place.platform,
        workspace=place.workspace,
        id=place.channel,
        is_direct=place.is_direct,
        is_shared=place.is_shared,
    )


def _present(digest: Digest | None) -> Digest:
    if digest is None:
        raise BrokenError("store_lost", key="digest")
    return digest
