"""The scheduler: whatever dies and whatever fails, every window is told once, and no run is enqueued twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

import fakeredis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from tests.subscriptions import NOW, wish
from workers import queues, scheduling
from workers.cadence import Cadence, last_time
from workers.errors import RefusedError
from workers.request import DigestRequest
from workers.scheduling import LONGEST_WAIT, LOOK_EVERY, FollowUps, Scheduler, subscription_of_run, warm_requests
from workers.store.runs import RunStore
from workers.store.schedules import FIRST_PAUSE, Claimed, Enqueue, Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Paused, Running, Subscriber, Subscription, Wish

FOLLOW_UPS = FollowUps(deliver="deliver", tell="tell")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW.replace(hour=9, minute=0)
ERROR = RefusedError("repository_missing")

Death = Literal["after claim", "before beginning", "after beginning"]
End = Literal["delivered", "failed", "vanished", "not delivered"]


class Died(BaseException):
    """The scheduler is dead."""


class MortalSchedule(Schedule):
    """A schedule whose user dies at one of its steps, once."""

    death: Death | None = None

    def claim(self, now: datetime, most: int) -> list[Claimed]:
        found = super().claim(now, most)
        self._die("after claim")
        return found

    def begin_many(self, several: Sequence[tuple[Claimed, Running]], enqueue: Enqueue, look_at: datetime) -> int:
        self._die("before beginning")
        count = super().begin_many(several, enqueue, look_at)
        self._die("after beginning")
        return count

    def _die(self, death: Death) -> None:
        if self.death == death:
            self.death = None
            raise Died


class World:
    """Schedulers and workers over one Redis and one clock."""

    def __init__(self, redis: Redis, warm_every: timedelta = timedelta()) -> None:
        self.redis, self.now = redis, NOW
        self.schedule, self.store, self.runs = MortalSchedule(redis), SubscriptionStore(redis), RunStore(redis, DAY)
        self.scheduler = Scheduler(redis, self.schedule, self.runs, FOLLOW_UPS, warm_every)
        self.enqueued: list[str] = []
        self.told: list[tuple[str, datetime, datetime]] = []

    def turn(self, death: Death | None = None) -> float | None:
        self.schedule.death = death
        try:
            return self.scheduler.turn(self.now)
        except Died:
            return None

    def jobs(self, queue: str) -> Iterator[Job]:
        """Takes the jobs from a queue."""
        waiting = Queue(queue, connection=self.redis, serializer=JSONSerializer)
        for job_id in waiting.get_job_ids():
            waiting.remove(job_id)
            yield Job.fetch(job_id, connection=self.redis, serializer=JSONSerializer)

    def work(self, end: End) -> None:
        """Does all jobs that are waiting; runs end as said."""
        for job in self.jobs(queues.SCHEDULED):
            run_id = job.args[0]
            self.enqueued.append(run_id)
            job.delete()
            if end == "failed":
                self.runs.fail(run_id, ERROR)
            elif end != "vanished":
                self.runs.finish(run_id, run_id)
                self.deliver(run_id, end)
        for job in self.jobs(queues.POSTS):
            job.delete()
            if job.func_name == "deliver":
                self.deliver(job.args[0], end)

    def deliver(self, run_id: str, end: End) -> None:
        subscription = self.store.get(subscription_of_run(run_id) or "")
        if subscription is None or subscription.running is None or subscription.running.run_id != run_id:
            return
        if end == "not delivered":
            self.schedule.fail(subscription, run_id, ERROR, self.now, keeps_run=True)
        elif self.schedule.complete(subscription, run_id, "delivered", self.now):
            window = subscription.running.window
            self.told.append((subscription.id, window.left_out_from or window.start, window.end))

    def windows(self, subscription: Subscription) -> list[tuple[datetime, datetime]]:
        return [(start, end) for one, start, end in self.told if one == subscription.id]


@pytest.fixture
def world(redis: Redis) -> World:
    return World(redis)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client


cadences = st.sampled_from(
    [
        Cadence(rhythm="daily", clock="09:00", timezone="UTC"),
        Cadence(rhythm="weekdays", clock="02:30", timezone="America/New_York"),
        Cadence(rhythm="weekly", weekday="sun", clock="02:30", timezone="Europe/Berlin"),
        Cadence(rhythm="cron", expression="0 */3 * * *", timezone="Asia/Shanghai"),
    ]
)
steps = st.tuples(
    st.integers(0, 60 * 60),
    st.sampled_from([None, None, "after claim", "before beginning", "after beginning"]),
    st.sampled_from(["delivered", "delivered", "failed", "vanished", "not delivered"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(cadences, min_size=1, max_size=4), st.lists(steps, max_size=12))
def test_every_window_is_told_once_whatever_dies_and_fails(wanted, happens) -> None:
    with fakeredis.FakeStrictRedis(version=7) as redis:
        world = World(redis)
        added = [world.store.add(wish(f"C{n}", cadence=one), NOW)[0] for n, one in enumerate(wanted)]
        for minutes, death, end in happens:
            world.now += timedelta(minutes=minutes)
            world.turn(death)
            world.work(end)
        for one in world.store.all():
            world.store.resume(one, world.now)
        for _ in range(3):
            world.now += timedelta(days=8)
            world.turn()
            world.work("delivered")
        for one in added:
            windows = world.windows(one)
            assert windows, "eight days are enough for every cadence"
            assert [start for start, _ in windows] == [one.marker, *(end for _, end in windows)][: len(windows)]
            assert windows[-1][1] == last_time(one.wish.cadence, world.now) == world.store.get(one.id).marker
        assert len(world.enqueued) == len(set(world.enqueued)), "no run is enqueued twice"


def test_a_run_is_begun_when_it_is_due_and_not_before(world) -> None:
    world.store.add(wish(), NOW)
    assert world.turn() == LONGEST_WAIT
    world.now = DUE - timedelta(seconds=2)
    assert world.turn() == 2.0
    assert list(world.jobs(queues.SCHEDULED)) == []
    world.now = DUE
    world.turn()
    (job,) = world.jobs(queues.SCHEDULED)
    assert (job.func_name, job.args[1]) == ("workers.jobs.collect", "deliver")
    query = world.runs.request(job.args[0]).query
    assert (query.start, query.end) == (DUE - DAY, DUE)


def test_a_run_is_told_where_the_branches_stood_at_the_last_look(world) -> None:
    world.store.add(wish(), NOW)
    tips = {"acme/engine": ("a" * 40,)}
    for day, expected in enumerate([{}, tips]):
        world.now = DUE + day * DAY
        world.turn()
        (job,) = world.jobs(queues.SCHEDULED)
        request = world.runs.request(job.args[0])
        assert request.tips == expected
        assert request.query_of("acme/engine").tips == expected.get("acme/engine", ())
        (found,) = world.store.all()
        world.schedule.complete(found, job.args[0], "delivered", world.now, tips)


def test_where_the_branches_stood_before_what_is_left_out_is_not_asked(world) -> None:
    added, _ = world.store.add(wish(), NOW)
    world.now = DUE
    world.turn()
    (job,) = world.jobs(queues.SCHEDULED)
    world.schedule.complete(world.store.get(added.id), job.args[0], "delivered", DUE, {"acme/engine": ("a" * 40,)})
    world.now = DUE + 90 * DAY
    world.turn()
    (job,) = world.jobs(queues.SCHEDULED)
    request = world.runs.request(job.args[0])
    assert (request.query.start, request.tips) == (DUE + 59 * DAY, {})


def test_more_than_one_batch_is_begun_in_one_turn(world) -> None:
    for number in range(250):
        world.store.add(wish(f"C{number}"), NOW)
    world.now = DUE
    world.turn()
    assert len(list(world.jobs(queues.SCHEDULED))) == 250


def test_a_run_that_failed_is_told_and_made_again(world) -> None:
    added, _ = world.store.add(wish(), NOW)
    world.now = DUE
    world.turn()
    world.work("failed")
    world.now += LOOK_EVERY
    world.turn()
    (job,) = world.jobs(queues.POSTS)
    assert (job.func_name, job.args) == ("tell", [added.id])
    assert world.store.get(added.id).failing.reason.code == "repository_missing"
    world.now += FIRST_PAUSE
    world.turn()
    world.work("delivered")
    assert world.windows(added) == [(DUE - DAY, DUE)]


def test_a_digest_that_was_not_delivered_is_not_made_again(world) -> None:
    added, _ = world.store.add(wish(), NOW)
    world.now = DUE
    world.turn()
    world.work("not delivered")
    world.now += FIRST_PAUSE
    world.turn()
    world.work("delivered")
    assert (len(world.enqueued), world.windows(added)) == (1, [(DUE - DAY, DUE)])


def test_a_run_in_hand_is_left_alone(world) -> None:
    added, _ = world.store.add(wish(), NOW)
    world.now = DUE
    world.turn()
    for _ in range(5):
        world.now += LOOK_EVERY
        world.turn()
    assert world.store.get(added.id).failing is None
    assert len(list(world.jobs(queues.SCHEDULED))) == 1


def test_a_run_that_never_ends_is_given_up(world) -> None:
    added, _ = world.store.add(wish(), NOW)
    world.now = DUE
    world.turn()
    world.now += 4 * HOUR
    world.turn()
    assert world.store.get(added.id).failing.reason.code == "worker_died"


def test_a_removed_subscription_is_not_gone_on_with(world) -> None:
    added, _ = world.store.add(wish(), NOW)
    world.now = DUE
    world.turn()
    world.store.remove(added)
    world.work("delivered")
    world.now += LOOK_EVERY
    assert world.turn() == LONGEST_WAIT
    assert world.told == []


def test_a_defect_with_one_subscription_stops_no_other(world, monkeypatch) -> None:
    bad, _ = world.store.add(wish("C1"), NOW)
    world.store.add(wish("C2"), NOW)
    request_of = scheduling.request_of

    def fail(wish: Wish, *rest: object) -> DigestRequest:
        if wish.place.channel == "C1":
            raise ZeroDivisionError
        return request_of(wish, *rest)

    monkeypatch.setattr(scheduling, "request_of", fail)
    world.now = DUE
    world.turn()
    assert len(list(world.jobs(queues.SCHEDULED))) == 1
    assert world.store.get(bad.id).failing.reason.code == "internal"


def test_an_outage_of_redis_is_waited_out(world, monkeypatch) -> None:
    answers: list[Callable[[], float]] = [*[lambda: _raise(RedisConnectionError("gone"))] * 7, lambda: 1.5]
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if not answers:
            raise Died

    monkeypatch.setattr(world.scheduler, "turn", lambda now: answers.pop(0)())
    with pytest.raises(Died):
        world.scheduler.run(lambda: world.now, pause)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 1.5]


def _raise(error: Exception) -> float:
    raise error


def test_a_source_is_fetched_ahead_once_for_all_who_want_the_same(redis) -> None:
    world = World(redis, warm_every=HOUR)
    early, _ = world.store.add(wish("C1"), NOW)
    world.store.add(wish("C2", cadence=Cadence(rhythm="cron", expression="0 * * * *", timezone="UTC")), NOW)
    world.store.add(wish("C3", language="zh"), NOW)
    world.turn()
    jobs = list(world.jobs(queues.WARM))
    requests = [world.runs.request(job.args[0]) for job in jobs]
    assert sorted(request.language for request in requests) == ["en", "zh"]
    assert {request.query.start for request in requests} == {early.marker}
    world.turn()
    assert list(world.jobs(queues.WARM)) == []
    for job in jobs:
        job.delete()
    world.now += HOUR
    world.turn()
    assert len(list(world.jobs(queues.WARM))) == 2


def test_a_source_that_is_being_fetched_is_not_fetched_twice(redis) -> None:
    world = World(redis, warm_every=HOUR)
    world.store.add(wish("C1"), NOW)
    for _ in range(3):
        world.turn()
        world.now += HOUR
    assert len(Queue(queues.WARM, connection=redis).get_job_ids()) == 1


def test_what_is_pushed_while_a_source_is_being_fetched_does_not_wait_for_an_hour(redis) -> None:
    world = World(redis, warm_every=HOUR)
    world.store.add(wish("C1"), NOW)
    world.turn()
    world.now += timedelta(minutes=2)
    world.schedule.warm_soon("acme/engine", world.now)
    world.turn()
    (first,) = world.jobs(queues.WARM)
    first.delete()
    world.now += LOOK_EVERY
    world.turn()
    (second,) = world.jobs(queues.WARM)
    assert second.args != first.args


def test_nothing_is_fetched_ahead_for_those_who_paused(world) -> None:
    added, _ = world.store.add(wish(), NOW)
    paused = world.store.pause(added.id, Paused(at=NOW, by=Subscriber(id="U1")))
    assert list(warm_requests("acme/engine", [paused], NOW)) == []


def test_a_run_knows_its_subscription() -> None:
    assert subscription_of_run("0123456789ab-1771664400-3") == "0123456789ab"
    assert subscription_of_run("0123456789abcdef") is None
