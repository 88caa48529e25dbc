"""Runs that are watched: by one process at a time, and by some process always."""

from __future__ import annotations

from redis import Redis

from workers.store.watched import HOLD_MILLISECONDS, Watched


def test_one_process_holds_until_it_leaves(redis: Redis) -> None:
    watched = Watched(redis)
    assert [watched.hold("one"), watched.hold("one"), watched.hold("other")] == [True, True, False]
    assert watched.leave("one")
    assert watched.hold("other")


def test_a_process_that_is_silent_is_replaced(redis: Redis) -> None:
    Watched(redis).hold("one")
    assert 0 < redis.pttl("cd:1:watcher") <= HOLD_MILLISECONDS


def test_nobody_leaves_a_run_that_was_added_meanwhile(redis: Redis) -> None:
    watched = Watched(redis)
    watched.hold("one")
    watched.add("r1")
    assert not watched.leave("one")
    assert not watched.hold("other")
    watched.remove("r1")
    assert watched.leave("one")


def test_what_is_left_may_be_handed_on(redis: Redis) -> None:
    watched = Watched(redis)
    watched.hold("one")
    watched.add("r1")
    assert watched.leave("one", whatever_is_left=True)
    assert watched.hold("other")
    assert watched.all() == ["r1"]


def test_who_does_not_hold_takes_nothing_from_who_does(redis: Redis) -> None:
    watched = Watched(redis)
    watched.hold("one")
    assert watched.leave("other")
    assert not watched.hold("other")
