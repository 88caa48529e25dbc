"""Orders: who wants which digest where. Written before its run begins, read by the jobs that deliver it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Protocol

from redis import Redis

from chatbot.enqueue import enqueue_digest, new_run_id
from chatbot.messaging import Channel, Person, Press, Receipt
from chatbot.presses import CommitPress, PagePress
from workers import queues
from workers.model import Language, Value
from workers.request import DigestRequest
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated
from workers.store.runs import RunStore


class Order(Value):
    """A digest, or of it one commit (`sha`, at least its beginning), that somebody wants in a channel.

    `sources` and `public_only` are those of its request. `person` None: a schedule wants it. `under`: in that message's
    thread; None: in the channel itself.
    """

    channel: Channel
    language: Language
    sources: tuple[str, ...]
    public_only: bool
    person: Person | None = None
    under: Receipt | None = None
    sha: str | None = None


class OrderStore:
    """Orders by digest (which has the id of its run) and channel. `life` is counted from the last order of a digest."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def put(self, digest_id: str, order: Order) -> None:
        """Keeps an order, in place of one for the same channel."""
        pipeline = self._redis.pipeline()
        pipeline.hset(keys.orders(digest_id), order.channel.key, encode(order))
        pipeline.expire(keys.orders(digest_id), self._life)
        pipeline.execute()

    @translated()
    def get(self, digest_id: str, channel: Channel) -> Order | None:
        """The order of a channel; None where this digest was never meant for it."""
        key = keys.orders(digest_id)
        return decode_or_none(Order, self._redis.hget(key, channel.key), key)

    @translated()
    def all(self, digest_id: str) -> list[Order]:
        """Everybody's orders of a digest, in the order of the channels' names."""
        key = keys.orders(digest_id)
        found: Mapping[bytes, bytes] = self._redis.hgetall(key)  # type: ignore[assignment]  # we do not decode
        orders = (decode_or_none(Order, found[name], key) for name in sorted(found))
        return [order for order in orders if order is not None]


class Jobs(Value):
    """The jobs that conversation starts, by name, and their queues: whoever enqueues them need not import them.

    `deliver(run_id)` delivers a finished digest to all who ordered it; it is enqueued by the run's last job.
    `watch(run_id)` stands by from the beginning: it shows how far the run is, and tells of one that failed.
    `details(digest_id, repository, sha, press)` and `page(digest_id, page, press)` answer a press, the JSON of a Press.
    Numbers are texts in jobs. `chat` is the queue of all but the run itself, so that nobody waits behind digests.
    """

    deliver: str
    watch: str
    details: str
    page: str
    chat: str
    digests: str = queues.DIGESTS


class Desk(Protocol):
    """Takes orders and answers presses, at once: what they ask for is made by jobs."""

    def order(self, request: DigestRequest, order: Order) -> str:
        """Starts a digest; returns its id."""
        ...

    def ordered(self, digest_id: str, channel: Channel) -> Order | None:
        """The order of a channel for a digest; None where that digest was not meant for it, or is forgotten."""
        ...

    def details(self, press: Press, wanted: CommitPress) -> None:
        """Has a commit's details posted where the press was."""
        ...

    def page(self, press: Press, wanted: PagePress) -> None:
        """Has a page of a digest's menu posted where the press was."""
        ...


class JobDesk:
    """The Desk that enqueues jobs."""

    def __init__(self, redis: Redis, runs: RunStore, orders: OrderStore, jobs: Jobs) -> None:
        self._redis = redis
        self._runs = runs
        self._orders = orders
        self._jobs = jobs

    @translated()
    def order(self, request: DigestRequest, order: Order) -> str:
        """See Desk."""
        run_id = new_run_id()
        self._orders.put(run_id, order)
        enqueue_digest(self._redis, self._runs, self._jobs.digests, run_id, request, self._jobs.deliver)
        queues.enqueue(self._redis, self._jobs.chat, self._jobs.watch, [run_id], f"{run_id}-watch")
        return run_id

    def ordered(self, digest_id: str, channel: Channel) -> Order | None:
        """See Desk."""
        return self._orders.get(digest_id, channel)

    def details(self, press: Press, wanted: CommitPress) -> None:
        """See Desk."""
        self._answer(self._jobs.details, [wanted.digest_id, str(wanted.repository), wanted.sha], press)

    def page(self, press: Press, wanted: PagePress) -> None:
        """See Desk."""
        self._answer(self._jobs.page, [wanted.digest_id, str(wanted.page)], press)

    @translated()
    def _answer(self, job: str, arguments: Sequence[str], press: Press) -> None:
        name = sha256("\n".join(press.ids).encode()).hexdigest()[:32]
        queues.enqueue(self._redis, self._jobs.chat, job, [*arguments, press.model_dump_json()], f"press-{name}")
