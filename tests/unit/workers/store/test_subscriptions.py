"""Subscriptions in the store: numbers as people see them, no duplicates, nothing left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis

from tests.subscriptions import NOW, wish
from workers.cadence import Cadence, due_window
from workers.store import keys
from workers.store.schedules import Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Paused, Running, Subscriber

BY = Subscriber(id="U2", name="Bo")


@pytest.fixture
def store(redis: Redis) -> SubscriptionStore:
    return SubscriptionStore(redis)


def test_a_subscription_is_found_by_id_channel_number_and_source(store) -> None:
    added, is_new = store.add(wish(), NOW)
    assert is_new
    assert added.wish == wish()
    assert store.get(added.id) == added
    assert store.of(wish().place.key) == [added]
    assert store.numbered(wish().place.key, 1) == added
    assert store.to("Acme/Engine") == [added], "case does not matter in names on GitHub"
    assert store.all() == [added]


def test_a_first_run_is_next_and_covers_one_cadence_back(store) -> None:
    added, _ = store.add(wish(), NOW)
    assert added.marker == NOW.replace(hour=9, minute=0) - timedelta(days=1)
    assert added.next_look == NOW.replace(hour=9, minute=0)


def test_numbers_are_small_by_channel_and_never_given_twice(store) -> None:
    numbers = [store.add(wish(source=f"acme/{name}"), NOW)[0].number for name in "abc"]
    store.remove(store.numbered(wish().place.key, 3))
    assert numbers == [1, 2, 3]
    assert store.add(wish(source="acme/d"), NOW)[0].number == 4
    assert store.add(wish("C2"), NOW)[0].number == 1


@pytest.mark.parametrize(
    "changes", [{"by": BY}, {"created_at": NOW + timedelta(days=1)}, {"sources": ("ACME/engine",)}]
)
def test_the_same_wish_twice_is_one_subscription(store, changes) -> None:
    added, _ = store.add(wish(), NOW)
    assert store.add(wish(**changes), NOW) == (added, False)
    assert store.all() == [added]


@pytest.mark.parametrize(
    "changes",
    [
        {"quiet": True},
        {"paths": ("src",)},
        {"cadence": Cadence(rhythm="daily", clock="09:01", timezone="UTC")},
        {"sources": ("/srv/Engine",)},
    ],
)
def test_another_wish_is_another_subscription(store, changes) -> None:
    store.add(wish(), NOW)
    assert store.add(wish(**changes), NOW)[1]
    assert len(store.all()) == 2


def test_paths_differ_by_case(store) -> None:
    assert store.add(wish(source="/srv/engine"), NOW)[1]
    assert store.add(wish(source="/srv/Engine"), NOW)[1]


def test_a_paused_subscription_is_never_due(store, redis) -> None:
    added, _ = store.add(wish(), NOW)
    paused = store.pause(added.id, Paused(at=NOW, by=BY))
    assert (paused.paused.by, paused.next_look) == (BY, None)
    assert Schedule(redis).claim(NOW + timedelta(days=9), 10) == []


def test_who_paused_first_stays(store) -> None:
    added, _ = store.add(wish(), NOW)
    store.pause(added.id, Paused(at=NOW, by=BY))
    assert store.pause(added.id, Paused(at=NOW)).paused.by == BY


def test_a_subscription_that_paused_itself_goes_on_where_it_stopped(store) -> None:
    added, _ = store.add(wish(), NOW)
    paused = store.pause(added.id, Paused(at=NOW))
    resumed = store.resume(paused, NOW + timedelta(days=5))
    assert (resumed.paused, resumed.marker) == (None, added.marker)
    assert resumed.next_look == added.next_look + timedelta(days=5)


def test_a_pause_that_somebody_wished_for_is_not_caught_up(store) -> None:
    added, _ = store.add(wish(), NOW)
    paused = store.pause(added.id, Paused(at=NOW, by=BY))
    resumed = store.resume(paused, NOW + timedelta(days=5))
    assert (resumed.paused, resumed.marker) == (None, added.marker + timedelta(days=5))
    assert resumed.next_look == resumed.marker + timedelta(days=1)


def test_a_pause_between_two_runs_changes_nothing(store) -> None:
    added, _ = store.add(wish(), NOW)
    paused = store.pause(added.id, Paused(at=NOW, by=BY))
    assert store.resume(paused, NOW + timedelta(minutes=5)) == added


def test_what_a_branch_gained_within_a_pause_is_forgotten_with_it(store, redis) -> None:
    added, _ = store.add(wish(), NOW)
    schedule = Schedule(redis)
    now = added.next_look
    (claimed,) = schedule.claim(now, 1)
    running = Running(run_id="run", window=due_window(added.wish.cadence, added.marker, now), begun_at=now)
    schedule.begin(claimed, running, lambda running, pipeline: None, now)
    schedule.complete(store.get(added.id), "run", "delivered", now, {"acme/engine": ("a" * 40,)})
    paused = store.pause(added.id, Paused(at=now, by=BY))
    soon = store.resume(paused, now + timedelta(hours=1))
    assert soon.last.tips == {"acme/engine": ("a" * 40,)}
    paused = store.pause(added.id, Paused(at=now, by=BY))
    assert store.resume(paused, now + timedelta(days=3)).last.tips == {}


def test_what_is_not_there_cannot_be_changed(store) -> None:
    added, _ = store.add(wish(), NOW)
    assert store.remove(added)
    assert not store.remove(added)
    assert store.pause(added.id, Paused(at=NOW)) is None
    assert store.resume(added, NOW) is None
    assert store.get(added.id) is None


def test_a_removed_subscription_leaves_nothing_but_the_last_number(store, redis) -> None:
    added, _ = store.add(wish(sources=("acme/engine", "acme/wheel")), NOW)
    store.remove(added)
    assert redis.keys("*") == [keys.subscriptions_of(wish().place.key).encode()]
    assert redis.hgetall(keys.subscriptions_of(wish().place.key)) == {b"last": b"1"}


def test_a_source_is_warmed_as_long_as_somebody_wants_it(store, redis) -> None:
    one, _ = store.add(wish("C1"), NOW)
    other, _ = store.add(wish("C2"), NOW)
    store.remove(one)
    assert redis.zrange(keys.WARM, 0, -1) == [b"acme/engine"]
    store.remove(other)
    assert redis.zrange(keys.WARM, 0, -1) == []


def test_a_subscription_that_cannot_be_read_hides_no_other(store, redis) -> None:
    bad, _ = store.add(wish(), NOW)
    good, _ = store.add(wish(source="acme/wheel"), NOW)
    redis.hset(keys.subscription(bad.id), "wish", b"9x")
    assert store.of(wish().place.key) == [good]


def test_what_was_exported_comes_back_as_it_was(store) -> None:
    added, _ = store.add(wish(), NOW)
    store.add(wish(source="acme/wheel"), NOW)
    store.pause(added.id, Paused(at=NOW, by=BY))
    was = store.get(added.id)
    store.remove(added)
    assert store.restore(was, NOW) == (was, True)


def test_what_is_there_already_is_not_restored(store) -> None:
    added, _ = store.add(wish(), NOW)
    assert store.restore(added.model_copy(update={"id": "0" * 12}), NOW) == (added, False)
    assert store.restore(added, NOW) == (added, False)


def test_a_taken_id_and_a_taken_number_are_made_anew(store) -> None:
    added, _ = store.add(wish(), NOW)
    other, is_new = store.restore(added.model_copy(update={"wish": wish(quiet=True)}), NOW)
    assert is_new
    assert other.id != added.id
    assert (added.number, other.number) == (1, 2)


def test_a_restored_number_is_not_given_again(store) -> None:
    added, _ = store.add(wish(), NOW)
    store.remove(added)
    store.restore(added.model_copy(update={"number": 7}), NOW)
    assert store.add(wish(quiet=True), NOW)[0].number == 8


def test_a_restored_marker_is_never_in_the_future(store) -> None:
    added, _ = store.add(wish(), NOW)
    store.remove(added)
    ahead = added.model_copy(update={"marker": NOW + timedelta(days=400)})
    assert store.restore(ahead, NOW)[0].marker == added.marker
