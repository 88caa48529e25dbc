"""The schedule: each due run in one hand, and every end of a run is one step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis
from redis.client import Pipeline

from tests.subscriptions import NOW, wish
from workers.cadence import due_window
from workers.errors import RefusedError
from workers.store import keys
from workers.store.schedules import FAILING_MOST, FIRST_PAUSE, LEASE, LONGEST_PAUSE, Claimed, Schedule
from workers.store.subscriptions import SubscriptionStore, seconds_of
from workers.subscription import Paused, Running, Subscriber

DUE = NOW.replace(hour=9, minute=0)
LATER = DUE + timedelta(minutes=1)
ERROR = RefusedError("repository_missing", repository="acme/engine")
BY = Subscriber(id="U2", name="Bo")


@pytest.fixture
def store(redis: Redis) -> SubscriptionStore:
    return SubscriptionStore(redis)


@pytest.fixture
def schedule(redis: Redis) -> Schedule:
    return Schedule(redis)


@pytest.fixture
def claimed(store, schedule) -> Claimed:
    store.add(wish(), NOW)
    return schedule.claim(DUE, 1)[0]


def enqueue(running: Running, pipeline: Pipeline) -> None:
    pipeline.rpush("jobs", running.run_id)


def running_of(claimed: Claimed, run_id: str = "run", now=DUE) -> Running:
    window = due_window(claimed.subscription.wish.cadence, claimed.subscription.marker, now)
    return Running(run_id=run_id, window=window, begun_at=now)


@pytest.fixture
def begun(claimed, schedule) -> Claimed:
    assert schedule.begin(claimed, running_of(claimed), enqueue, LATER)
    return claimed


def again(store: SubscriptionStore, claimed: Claimed):
    return store.get(claimed.subscription.id)


def test_what_is_not_due_is_not_claimed(store, schedule) -> None:
    store.add(wish(), NOW)
    assert schedule.claim(DUE - timedelta(seconds=1), 10) == []
    assert schedule.next_look(with_warm_up=False) == DUE


def test_what_is_claimed_is_in_one_hand(claimed, schedule) -> None:
    assert schedule.claim(DUE, 10) == []


def test_what_was_claimed_and_not_begun_comes_back_after_the_lease(claimed, schedule) -> None:
    assert schedule.claim(DUE + LEASE - timedelta(seconds=1), 10) == []
    (once_more,) = schedule.claim(DUE + LEASE, 10)
    assert once_more.fence > claimed.fence


def test_the_longest_due_is_claimed_first_and_no_more_than_asked_for(store, schedule) -> None:
    for number in range(5):
        store.add(wish(f"C{number}"), NOW)
    assert [len(schedule.claim(DUE, 2)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_run_is_begun_and_enqueued_in_one_step(begun, store, redis) -> None:
    assert redis.lrange("jobs", 0, -1) == [b"run"]
    found = again(store, begun)
    assert found.running == running_of(begun)
    assert (found.marker, found.next_look) == (begun.subscription.marker, LATER)


def test_who_lost_the_claim_begins_nothing(claimed, schedule, redis) -> None:
    (other,) = schedule.claim(DUE + LEASE, 1)
    assert not schedule.begin(claimed, running_of(claimed, "late"), enqueue, LATER)
    assert schedule.begin(other, running_of(other, "right"), enqueue, LATER)
    assert redis.lrange("jobs", 0, -1) == [b"right"]


def test_a_run_is_begun_once(begun, schedule, redis) -> None:
    assert not schedule.begin(begun, running_of(begun, "other"), enqueue, LATER)
    assert redis.lrange("jobs", 0, -1) == [b"run"]


def test_a_subscription_that_is_removed_or_paused_after_the_claim_is_not_begun(store, schedule, redis) -> None:
    for number in range(3):
        store.add(wish(f"C{number}"), NOW)
    paused, removed, kept = sorted(schedule.claim(DUE, 3), key=lambda one: one.subscription.wish.place.channel)
    store.pause(paused.subscription.id, Paused(at=DUE, by=BY))
    store.remove(removed.subscription)
    several = [(one, running_of(one, one.subscription.wish.place.channel)) for one in (paused, removed, kept)]
    assert schedule.begin_many(several, enqueue, LATER) == 1
    assert redis.lrange("jobs", 0, -1) == [b"C2"]


def test_a_change_in_the_middle_of_beginning_spoils_no_other(store, schedule, redis) -> None:
    for number in range(3):
        store.add(wish(f"C{number}"), NOW)
    several = [(one, running_of(one, one.subscription.id)) for one in schedule.claim(DUE, 3)]
    changed = several[1][0].subscription.id

    def disturb(running: Running, pipeline: Pipeline) -> None:
        if running.run_id == changed and not redis.hexists(keys.subscription(changed), "paused"):
            store.pause(changed, Paused(at=DUE, by=BY))
        enqueue(running, pipeline)

    assert schedule.begin_many(several, disturb, LATER) == 2
    begun = sorted(run_id.decode() for run_id in redis.lrange("jobs", 0, -1))
    assert begun == sorted(running.run_id for _, running in several if running.run_id != changed)


def test_a_completed_run_moves_the_marker_and_the_next_run_together(begun, store, schedule) -> None:
    assert schedule.complete(again(store, begun), "run", "delivered", LATER)
    found = again(store, begun)
    assert (found.marker, found.next_look) == (DUE, DUE + timedelta(days=1))
    assert (found.running, found.last.outcome, found.last.at) == (None, "delivered", LATER)


def test_a_completed_run_remembers_where_the_branches_stood(begun, store, schedule) -> None:
    tips = {"acme/engine": ("a" * 40, "b" * 40)}
    assert schedule.complete(again(store, begun), "run", "delivered", LATER, tips)
    assert again(store, begun).last.tips == tips


def test_a_run_that_ends_after_a_pause_was_resumed_moves_nothing_back(begun, store, schedule) -> None:
    paused = store.pause(begun.subscription.id, Paused(at=LATER, by=BY))
    resumed = store.resume(paused, DUE + timedelta(days=3, hours=1))
    assert resumed.marker == DUE + timedelta(days=3)
    assert schedule.complete(resumed, "run", "delivered", LATER, {"acme/engine": ("a" * 40,)})
    found = again(store, begun)
    assert (found.marker, found.running, found.last.tips) == (DUE + timedelta(days=3), None, {})


def test_a_run_is_completed_once_and_only_the_one_in_hand(begun, store, schedule) -> None:
    found = again(store, begun)
    assert not schedule.complete(found, "another", "delivered", LATER)
    assert schedule.complete(found, "run", "delivered", LATER)
    assert not schedule.complete(found, "run", "empty", LATER)
    assert again(store, begun).last.outcome == "delivered"


def test_a_failure_moves_nothing_and_is_tried_again_after_a_pause(begun, store, schedule) -> None:
    failed = schedule.fail(again(store, begun), "run", ERROR, LATER)
    found = again(store, begun)
    assert failed.failing == found.failing
    assert (found.failing.count, found.failing.since, found.failing.reason.code) == (1, LATER, "repository_missing")
    assert found.failing.reason.details == {"repository": "acme/engine"}
    assert (found.marker, found.running) == (begun.subscription.marker, None)
    assert found.next_look == LATER + FIRST_PAUSE


def test_pauses_grow_up_to_the_longest_and_a_week_of_failures_ends_in_a_pause(begun, store, schedule) -> None:
    now, pauses = LATER, []
    for _ in range(100):
        failed = schedule.fail(again(store, begun), "run", ERROR, now, keeps_run=True)
        if failed.has_paused:
            break
        pauses.append(again(store, begun).next_look - now)
        now += pauses[-1]
    assert pauses[:4] == [FIRST_PAUSE * 2**n for n in range(4)]
    assert max(pauses) == pauses[-1] == LONGEST_PAUSE
    assert FAILING_MOST <= now - LATER < FAILING_MOST + LONGEST_PAUSE
    found = again(store, begun)
    assert (found.paused.by, found.next_look) == (None, None)


def test_a_week_without_a_scheduler_is_no_week_of_failures(begun, store, schedule) -> None:
    for now in (LATER, LATER + 2 * FAILING_MOST):
        assert not schedule.fail(again(store, begun), "run", ERROR, now, keeps_run=True).has_paused


def test_a_run_that_can_still_be_delivered_stays_in_hand(begun, store, schedule) -> None:
    schedule.fail(again(store, begun), "run", ERROR, LATER, keeps_run=True)
    found = again(store, begun)
    assert (found.running.run_id, found.next_look) == ("run", LATER + FIRST_PAUSE)
    store.pause(found.id, Paused(at=LATER, by=BY))
    assert again(store, begun).next_look is not None, "what is in hand goes on"
    assert schedule.complete(found, "run", "delivered", LATER)
    assert again(store, begun).next_look is None


def test_a_completed_run_ends_the_count_of_failures(begun, store, schedule) -> None:
    schedule.fail(again(store, begun), "run", ERROR, LATER, keeps_run=True)
    schedule.complete(again(store, begun), "run", "delivered", LATER)
    assert again(store, begun).failing is None


def test_a_failure_of_another_run_counts_nothing(begun, store, schedule) -> None:
    found = again(store, begun)
    assert schedule.fail(found, "another", ERROR, LATER) is None
    assert schedule.fail(found, None, ERROR, LATER) is None
    assert again(store, begun).failing is None


def test_what_is_removed_cannot_end(begun, store, schedule, redis) -> None:
    found = again(store, begun)
    store.remove(found)
    assert not schedule.complete(found, "run", "delivered", LATER)
    assert schedule.fail(found, "run", ERROR, LATER) is None
    schedule.put_off(begun, LATER)
    assert not redis.exists(keys.subscription(found.id))
    assert redis.zscore(keys.SCHEDULE, found.id) is None


def test_who_lost_the_claim_puts_nothing_off(claimed, schedule, store) -> None:
    schedule.claim(DUE + LEASE, 1)
    schedule.put_off(claimed, DUE + timedelta(days=30))
    assert again(store, claimed).next_look == DUE + 2 * LEASE


def test_what_was_paused_is_not_put_off_but_let_go(claimed, schedule, store, redis) -> None:
    redis.hset(keys.subscription(claimed.subscription.id), "paused", b"")
    schedule.put_off(claimed, LATER)
    assert redis.zcard(keys.SCHEDULE) == 0


def test_an_entry_without_a_subscription_is_dropped(schedule, redis) -> None:
    redis.zadd(keys.SCHEDULE, {"gone": 1})
    assert schedule.claim(DUE, 10) == []
    assert redis.zcard(keys.SCHEDULE) == 0


def test_a_source_is_warmed_once_in_a_while(store, schedule) -> None:
    store.add(wish(), NOW)
    hour = timedelta(hours=1)
    assert schedule.claim_warm(NOW, hour, 10) == ["acme/engine"]
    assert schedule.claim_warm(NOW, hour, 10) == []
    assert schedule.next_look() == min(NOW + hour, DUE)
    assert schedule.warm_soon("Acme/Engine", NOW)
    assert schedule.claim_warm(NOW, hour, 10) == ["acme/engine"]
    assert not schedule.warm_soon("acme/unknown", NOW)


def test_nothing_at_all_is_never_looked_at(schedule) -> None:
    assert schedule.next_look() is None


def test_times_are_kept_to_the_second() -> None:
    assert seconds_of(DUE + timedelta(microseconds=999_999)) == seconds_of(DUE)
