"""The scheduler: turns to what is due, begins its run, and looks after runs in hand until they are completed.

Any number may run at once. A scheduler that dies takes nothing with it: see `workers.store.schedules`.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import NoReturn

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from workers import queues
from workers.cadence import due_window, next_time, untold
from workers.errors import BrokenError, DigestError, error_of
from workers.request import DigestRequest
from workers.store.faults import translated
from workers.store.runs import Progress, RunStore
from workers.store.schedules import Claimed, Schedule
from workers.store.subscriptions import SubscriptionStore, seconds_of
from workers.subscription import Running, Subscription, Wish, request_of, tips_before

log = logging.getLogger(__name__)

COLLECT, WARM = "workers.jobs.collect", "workers.jobs.warm"
"""By name: the scheduler imports nothing of what makes digests."""

BATCH = 100
"""Subscriptions that are claimed and begun together."""
LOOK_EVERY = timedelta(minutes=1)
"""Between two looks at a run in hand: its end is told at once, only what died without a word is found by looking."""
LONGEST_RUN = timedelta(hours=3)
"""A run that has not ended by then never will: its jobs are stopped far sooner."""
LONGEST_WAIT, LEAST_WAIT = 5.0, 0.01
"""Seconds until it is looked again, whatever is due: within the longest a new subscription is noticed."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between attempts to reach a Redis that does not answer: twice as long each time."""

_PENDING = (JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED)


@dataclass(frozen=True)
class FollowUps:
    """Jobs of the floor above, by name: `deliver(run_id)` posts a digest, `tell(subscription_id)` what is wrong."""

    deliver: str
    tell: str


class Scheduler:
    """One scheduler. `warm_every` zero: nothing is fetched ahead."""

    def __init__(
        self, redis: Redis, schedule: Schedule, runs: RunStore, follow_ups: FollowUps, warm_every: timedelta
    ) -> None:
        self._redis = redis
        self._runs = runs
        self._follow_ups = follow_ups
        self._warm_every = warm_every
        self._schedule = schedule
        self._subscriptions = SubscriptionStore(redis)

    def run(self, now: Callable[[], datetime], pause: Callable[[float], None]) -> NoReturn:
        """Turns to what is due, for ever. `pause` waits so many seconds; what it raises ends this."""
        outage = 0.0
        while True:
            try:
                wait, outage = self.turn(now()), 0.0
            except (DigestError, RedisError) as error:
                if not outage:
                    log.warning("nothing can be scheduled, trying again: %s", error)
                wait = outage = min(max(2 * outage, FIRST_PAUSE), LONGEST_PAUSE)
            pause(wait)

    def turn(self, now: datetime) -> float:
        """Turns to all that is due at `now` (aware); returns after how many seconds to come again."""
        with translated():
            while self._turn_to(self._schedule.claim(now, BATCH), now) == BATCH:
                pass
            if self._warm_every:
                self._warm_up(now)
            due = self._schedule.next_look(with_warm_up=bool(self._warm_every))
        wait = (due - now).total_seconds() if due else LONGEST_WAIT
        return min(max(wait, LEAST_WAIT), LONGEST_WAIT)

    def _turn_to(self, several: Sequence[Claimed], now: datetime) -> int:
        begun: list[tuple[Claimed, Running]] = []
        requests: dict[str, DigestRequest] = {}
        for claimed in several:
            with self._defects_of(claimed, now):
                if claimed.subscription.running is not None:
                    self._look_after(claimed, claimed.subscription.running, now)
                elif prepared := self._prepared(claimed, now):
                    running, requests[prepared[0].run_id] = prepared
                    begun.append((claimed, running))
        if begun:
            self._schedule.begin_many(begun, partial(self._enqueue, requests), now + LOOK_EVERY)
        return len(several)

    # --- a run that is due --------------------------------------------------------------------------------------------

    def _prepared(self, claimed: Claimed, now: datetime) -> tuple[Running, DigestRequest] | None:
        """The run to begin and what it is to make; None where nothing is due yet."""
        subscription = claimed.subscription
        window = due_window(subscription.wish.cadence, subscription.marker, now)
        if window is None:
            self._schedule.put_off(claimed, next_time(subscription.wish.cadence, subscription.marker))
            return None
        run_id = f"{subscription.id}-{seconds_of(window.end)}-{claimed.fence}"
        request = request_of(subscription.wish, window, now, tips_before(subscription, window))
        return Running(run_id=run_id, window=window, begun_at=now), request

    def _enqueue(self, requests: Mapping[str, DigestRequest], running: Running, pipeline: Pipeline) -> None:
        """In the transaction that begins the run: that spares a round trip, and thousands may be due at once."""
        self._runs.add_to(pipeline, running.run_id, requests[running.run_id])
        arguments = [running.run_id, self._follow_ups.deliver]
        job_id = f"{running.run_id}-collect"
        queues.add_to(pipeline, self._redis, queues.SCHEDULED, COLLECT, arguments, job_id)

    # --- a run in hand ------------------------------------------------------------------------------------------------

    def _look_after(self, claimed: Claimed, running: Running, now: datetime) -> None:
        """Whatever was to tell how a run ended may have died: then it is told here."""
        is_alive = any(self._is_pending(f"{running.run_id}-{step}") for step in ("collect", "assemble"))
        try:
            progress = self._runs.progress(running.run_id)
        except BrokenError as error:
            self._fail(claimed, running.run_id, error, now)
            return
        failure = self._failure(progress, is_alive and now - running.begun_at < LONGEST_RUN)
        if failure is not None:
            self._fail(claimed, running.run_id, failure, now)
            return
        job_id = f"{running.run_id}-then"
        if progress.state == "done" and not self._is_pending(job_id):
            queues.enqueue(self._redis, queues.POSTS, self._follow_ups.deliver, [running.run_id], job_id)
        self._schedule.put_off(claimed, now + LOOK_EVERY)

    def _failure(self, progress: Progress, is_alive: bool) -> DigestError | None:
        if progress.failure is not None:
            return error_of(progress.failure.fault, progress.failure.code, progress.failure.details)
        return None if is_alive or progress.state == "done" else BrokenError("worker_died")

    def _fail(self, claimed: Claimed, run_id: str | None, error: DigestError, now: datetime) -> None:
        log.warning("subscription %s: %s", claimed.subscription.id, error)
        if self._schedule.fail(claimed.subscription, run_id, error, now) is not None:
            enqueue_tell(self._redis, self._follow_ups.tell, claimed.subscription.id)

    def _is_pending(self, job_id: str) -> bool:
        try:
            job = Job.fetch(job_id, connection=self._redis, serializer=JSONSerializer)
        except NoSuchJobError:
            return False
        return job.get_status(refresh=False) in _PENDING

    @contextmanager
    def _defects_of(self, claimed: Claimed, now: datetime) -> Iterator[None]:
        """A defect of ours that shows with one subscription is logged and counted there, and stops no other."""
        try:
            yield
        except (DigestError, RedisError):
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("reference %s", reference)
            running = claimed.subscription.running
            self._fail(claimed, running.run_id if running else None, BrokenError("internal", reference=reference), now)

    # --- warm-up ------------------------------------------------------------------------------------------------------

    def _warm_up(self, now: datetime) -> None:
        for source in self._schedule.claim_warm(now, self._warm_every, BATCH):
            for name, request in warm_requests(source, self._subscriptions.to(source), now):
                if self._is_pending(name):
                    # What came since its look is not to wait for a whole interval.
                    self._schedule.warm_soon(source, now + LOOK_EVERY)
                else:
                    run_id = f"{name}-{seconds_of(now)}"
                    self._runs.create(run_id, request)
                    queues.enqueue(self._redis, queues.WARM, WARM, [run_id], name)


def enqueue_tell(redis: Redis, tell: str, subscription_id: str) -> None:
    """Has those concerned told what is wrong with a subscription; who was told is not told again."""
    queues.enqueue(redis, queues.POSTS, tell, [subscription_id], f"{subscription_id}-tell")


def subscription_of_run(run_id: str) -> str | None:
    """The id of the subscription whose run this is; None for a run that a person asked for."""
    found, dash, _ = run_id.partition("-")
    return found if dash else None


def warm_requests(
    source: str, subscriptions: Sequence[Subscription], now: datetime
) -> Iterator[tuple[str, DigestRequest]]:
    """What is to be fetched and judged ahead of a source's subscriptions, each kind once, under a name of its own.

    The span begins where the first of those that want the same would begin now.
    """
    kinds: dict[str, list[Subscription]] = {}
    for subscription in subscriptions:
        if subscription.paused is None:
            kinds.setdefault(_kind(source, subscription.wish), []).append(subscription)
    for kind, several in kinds.items():
        first = min(several, key=lambda one: one.marker)
        window = untold(first.wish.cadence, first.marker, now + timedelta(seconds=1))
        wish = first.wish.model_copy(update={"sources": (source,)})
        if window.start < window.end:
            request = request_of(wish, window, now, tips_before(first, window) or None)
            yield f"warm-{sha256(kind.encode()).hexdigest()[:16]}", request


def _kind(source: str, wish: Wish) -> str:
    """The same for wishes whose analyses are the same."""
    wanted = wish.model_dump_json(include={"branches", "paths", "language", "public_only"})
    return f"{source} {wanted}"
