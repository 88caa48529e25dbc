"""Reverts told where the news was told: when a commit undoes one that was in a delivered digest, that digest's thread
gets a line, once, and its entry is marked where the platform can still change it.

Any of it may be done twice, and is begun again where it died: the line is a delivery of the ledger, the mark an edit
of what is not yet as it should be.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from redis import Redis

from chatbot.beside import Beside
from chatbot.delivery.content import commit_of, ordered_view, scheduled_view
from chatbot.delivery.delivering import Clock, Delivering, key_of
from chatbot.delivery.ledger import Ledger
from chatbot.delivery.told import Told, ToldStore
from chatbot.messaging import Channel, Platform
from chatbot.orders import Order, OrderStore
from chatbot.views.reverted import reverted_view
from chatbot.views.view import View
from workers import queues
from workers.errors import DigestError, TransientError
from workers.model import Digest, Entry
from workers.store.digests import DigestStore
from workers.subscription import Running
from workers.wiring import repository_key
from workers.words import load_words

log = logging.getLogger(__name__)

TELL_REVERTS = "chatbot.delivery.jobs.tell_reverts"
"""By name: the job of this folder, for whoever enqueues it."""

Sees = Callable[[Channel, Sequence[str]], bool]
"""Whether a channel may be shown what private repositories of these names hold, by the rules of now."""


@dataclass(frozen=True)
class _Undone:
    """A commit of a repository (its `repository_key`), and the one that reverts it."""

    repository: str
    sha: str
    revert: Entry


def note_told(redis: Redis, store: ToldStore, digest: Digest, told: Told, order: Order) -> None:
    """Keeps where the commits of a delivered digest were told; what they revert is told by a job.

    To be called before it is noted that the digest was delivered: then this is done whatever dies.
    """
    only = commit_of(digest, order)
    for number, (source, part) in enumerate(zip(order.sources, digest.repositories, strict=False)):
        shas = part.shas() if order.sha is None else [only[1]] if only and only[0] == number else []
        store.put(repository_key(source), shas, told)
    if any(entry.reverts for part in digest.repositories for entry in part.commits):
        queues.enqueue(redis, queues.WARM, TELL_REVERTS, [told.digest_id], f"reverts-{key_of(told.delivery)}")


@dataclass
class Reverting:
    """Tells what was reverted of what was told. `holder` is in whose name, such as a job's id."""

    digests: DigestStore
    orders: OrderStore
    ledger: Ledger
    told: ToldStore
    open_platform: Callable[[str], Platform]
    sees: Sees
    clock: Clock
    holder: str
    beside: Beside | None = None

    def tell(self, digest_id: str) -> None:
        """Tells what a digest reverts, in all places. TransientError where another attempt is to go on with it."""
        digest, orders = self.digests.get(digest_id), self.orders.all(digest_id)
        if digest is None or not orders:
            return
        is_public, unfinished = all(order.public_only for order in orders), None
        for undone in _undone(digest, orders[0].sources):
            for told in self.told.of(undone.repository, undone.sha):
                try:
                    self._tell(told, undone, is_public)
                except TransientError as error:
                    unfinished = error
                except DigestError as error:
                    log.warning("%s: a revert cannot be told: %s", told.delivery, error)
        if unfinished is not None:
            raise unfinished

    # ------------------------------------------------------------------------------------------------------------------

    def _tell(self, told: Told, undone: _Undone, is_public: bool) -> None:
        order, digest = self.orders.get(told.digest_id, told.channel), self.digests.get(told.digest_id)
        if order is None or digest is None or not self._may_know(order, is_public):
            return
        number = [*map(repository_key, order.sources)].index(undone.repository)
        part = digest.repositories[number]
        reverted = part.entry(undone.sha)
        if reverted is None or part.entry(undone.revert.sha) is not None:
            return
        view = reverted_view(reverted, undone.revert, load_words("chatbot.views", order.language))
        if self._say(told, f"{undone.sha}-{undone.revert.sha}", view):
            self.digests.mark_reverted(told.digest_id, number, undone.sha, undone.revert.sha)
            self._mark(told, order)

    def _may_know(self, order: Order, is_public: bool) -> bool:
        """What only a private repository holds is not told where no private ones may be read."""
        return is_public or (not order.public_only and self.sees(order.channel, order.sources))

    def _say(self, told: Told, what: str, view: View) -> bool:
        """Whether the line stands; it does not where the thread is gone."""
        thread = self.ledger.row(told.delivery, 0).receipt
        if thread is None:
            return False
        delivered = self._delivering(told).deliver(f"{told.delivery}/{what}", told.channel, lambda: view, thread)
        if delivered.error is not None and not delivered.is_done:
            raise delivered.error
        return True

    def _mark(self, told: Told, order: Order) -> None:
        """Puts the digest with its mark in the place of what stands there."""
        digest = self.digests.get(told.digest_id)
        if digest is not None:
            view = self._view(digest, told, order, self.clock.now())
            self._delivering(told).renew(told.delivery, told.channel, view)

    def _view(self, digest: Digest, told: Told, order: Order, now: datetime) -> View:
        if told.due is None:
            return ordered_view(digest, told.digest_id, order, self.beside)
        running = Running(run_id=told.digest_id, window=told.due, begun_at=now)
        return scheduled_view(digest, running, self.beside)

    def _delivering(self, told: Told) -> Delivering:
        return Delivering(self.ledger, self.open_platform(told.channel.platform), self.clock, self.holder)


def _undone(digest: Digest, sources: Sequence[str]) -> Iterator[_Undone]:
    for source, part in zip(sources, digest.repositories, strict=False):
        for entry in part.commits:
            for sha in entry.reverts:
                yield _Undone(repository_key(source), sha, entry)
