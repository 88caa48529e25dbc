"""One process shows how far all ordered runs are: a message each, changed now and then, until its digest stands."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from redis import Redis

from chatbot.chat_jobs.names import AFTER_DELIVERY
from chatbot.delivery.delivering import Clock, Delivering
from chatbot.delivery.ledger import Ledger
from chatbot.delivery.posting import DELIVER, ordered_name
from chatbot.enqueue import job_failed
from chatbot.messaging import Platform
from chatbot.orders import Order, OrderStore
from chatbot.views.answers import refused_view
from chatbot.views.chat_thread import failure_view, progress_view
from chatbot.views.view import View
from chatbot.views.visible import one_line
from workers import queues
from workers.errors import BrokenError, DigestError, RefusedError, TransientError, WordsError, error_of
from workers.store.runs import Progress, RunStore
from workers.store.seen import Seen
from workers.store.watched import Watched
from workers.wiring import is_local
from workers.words import load_words

log = logging.getLogger(__name__)

EDIT_EVERY = timedelta(seconds=2)
"""Between two changes of progress messages: Slack allows fifty a minute in a workspace, digests among them."""
LOOK_SECONDS = 0.2
LOOK_AT_JOBS_EVERY = timedelta(seconds=5)
"""How often it is looked whether a run's jobs died without a word."""
TURN = timedelta(seconds=5)
"""After how long the watching is handed on to another job: what waits has its turn, and a worker may stop."""
TOLD_LIFE = timedelta(days=1)


@dataclass
class _Seen:
    """What was shown of a run, and when; when its jobs were looked at; whether nobody can or will see its progress."""

    shown: Progress | None = None
    at: datetime | None = None
    looked_at: datetime | None = None
    is_hidden: bool = False


@dataclass
class Watching:
    """Watches runs. `open_platform` opens the platform of a name; `holder` is in whose name, such as a job's id."""

    redis: Redis
    runs: RunStore
    orders: OrderStore
    ledger: Ledger
    open_platform: Callable[[str], Platform]
    clock: Clock
    holder: str
    _seen: dict[str, _Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._watched = Watched(self.redis)
        self._told = Seen(self.redis)

    def watch(self, run_id: str) -> bool:
        """Has a run watched: by the process that watches others, else by this one until none is left.

        Returns whether something is left to be watched that another job is to go on with.
        """
        self._watched.add(run_id)
        until = self.clock.now() + TURN
        while self._watched.hold(self.holder):
            for watched in self._watched.all():
                self._watched.hold(self.holder)
                self._look(watched)
            if self._watched.leave(self.holder):
                return False
            if self.clock.now() > until:
                self._watched.leave(self.holder, whatever_is_left=True)
                return True
            self.clock.pause(LOOK_SECONDS)
        return False

    def _look(self, run_id: str) -> None:
        """One look at one run. A defect that shows with it is logged, and no other run waits for it."""
        try:
            self._turn_to(run_id, self._seen.setdefault(run_id, _Seen()))
        except TransientError as error:
            log.info("run %s: %s", run_id, error)
        except Exception:
            log.exception("reference %s: run %s is not watched any more", secrets.token_hex(4), run_id)
            self._end(run_id)

    def _turn_to(self, run_id: str, seen: _Seen) -> None:
        progress = self.runs.progress(run_id)
        if progress.state == "done":
            self._deliver(run_id)
            self._end(run_id)
        elif failure := self._failure(run_id, progress, seen):
            for order in self.orders.all(run_id):
                self._tell_failure(run_id, order, failure)
            self._end(run_id)
        elif self._is_news(progress, seen):
            stands = [self._show(run_id, order, progress) for order in self.orders.all(run_id)]
            seen.shown, seen.at, seen.is_hidden = progress, self.clock.now(), not any(stands)

    def _is_news(self, progress: Progress, seen: _Seen) -> bool:
        every = EDIT_EVERY * max(len(self._seen), 1)
        due = seen.at is None or self.clock.now() - seen.at >= every
        return due and progress != seen.shown and not seen.is_hidden

    def _end(self, run_id: str) -> None:
        self._watched.remove(run_id)
        self._seen.pop(run_id, None)

    # --- while it runs ------------------------------------------------------------------------------------------------

    def _show(self, run_id: str, order: Order, progress: Progress) -> bool:
        words = load_words("chatbot.views", order.language)
        names = words("mark.comma").join(map(_name, order.sources))
        return self._announce(run_id, order, progress_view(names, progress, words))

    def _announce(self, run_id: str, order: Order, view: View) -> bool:
        """Whether it stands. Who cannot be answered there is told so, once; a message that is gone is let go."""
        name = ordered_name(run_id, order.channel)
        try:
            self._delivering(order).announce(name, order.channel, view, order.under)
        except RefusedError as error:
            if error.code != "gone":
                self._tell_privately(run_id, order, error)
            return False
        return True

    def _delivering(self, order: Order) -> Delivering:
        platform = self.open_platform(order.channel.platform)
        return Delivering(self.ledger, platform, self.clock, self.holder, patience=0)

    # --- when it ends -------------------------------------------------------------------------------------------------

    def _failure(self, run_id: str, progress: Progress, seen: _Seen) -> DigestError | None:
        if progress.failure is not None:
            return error_of(progress.failure.fault, progress.failure.code, progress.failure.details)
        now = self.clock.now()
        if seen.looked_at is None or now - seen.looked_at >= LOOK_AT_JOBS_EVERY:
            seen.looked_at = now
            return BrokenError("worker_died") if job_failed(self.redis, run_id) else None
        return None

    def _tell_failure(self, run_id: str, order: Order, error: DigestError) -> None:
        """In the place of the progress, so that nobody goes on waiting."""
        words = load_words("chatbot.views", order.language)
        if isinstance(error, WordsError):
            view = refused_view(error, words)
        else:
            reference = str(error.details.get("reference") or secrets.token_hex(4))
            log.warning("reference %s: run %s: %s", reference, run_id, error)
            view = failure_view(error.code, error.details, words, reference)
        if not self._announce(run_id, order, view):
            self._tell_privately(run_id, order, error)

    def _deliver(self, run_id: str) -> None:
        """By a job, so that other runs do not wait; after it, by another, whoever got nothing is told why."""
        job = queues.enqueue(self.redis, queues.CHAT, DELIVER, [run_id], f"{run_id}-deliver")
        queues.enqueue(self.redis, queues.CHAT, AFTER_DELIVERY, [run_id], f"{run_id}-delivered", depends_on=[job.id])

    def tell_undelivered(self, run_id: str) -> None:
        """After the delivery was tried: whoever's digest does not stand is told why."""
        for order in self.orders.all(run_id):
            name = ordered_name(run_id, order.channel)
            if not self.ledger.is_finished(name):
                why = self.ledger.row(name, 0).why
                self._tell_privately(run_id, order, RefusedError(why or "gone"))

    def _tell_privately(self, run_id: str, order: Order, error: DigestError) -> None:
        """To who ordered it, where we may not write in the channel."""
        name = f"told:{ordered_name(run_id, order.channel)}"
        if order.person is None or not self._told.first(name, TOLD_LIFE):
            return
        reference = secrets.token_hex(4)
        log.warning("reference %s: run %s in %s: %s", reference, run_id, order.channel.key, error)
        words = load_words("chatbot.views", order.language)
        view = failure_view(error.code, error.details, words, reference)
        platform = self.open_platform(order.channel.platform)
        try:
            platform.tell(order.channel, order.person, platform.render(view, reference, order.channel)[0], order.under)
        except DigestError as second:
            log.warning("reference %s: nobody could be told: %s", reference, second)


def _name(source: str) -> str:
    """What a digest calls a source: of a path its last part."""
    return one_line(Path(source).name if is_local(source) else source)
