"""All processes together take their turns at a pace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis

from workers.errors import TransientError
from workers.store import keys
from workers.store.pace import Pace

SECOND = timedelta(seconds=1)


def test_so_many_turns_are_at_once_and_others_wait_behind_each_other(redis: Redis) -> None:
    ours, theirs = Pace(redis, 2, 10 * SECOND), Pace(redis, 2, 10 * SECOND)
    assert [pace.turn("a", 60 * SECOND) for pace in (ours, theirs)] == [0, 0]
    waits = [pace.turn("a", 60 * SECOND) for pace in (ours, theirs, ours, theirs)]
    assert [round(wait) for wait in waits] == [10, 10, 20, 20]
    assert ours.turn("b", SECOND) == 0


def test_who_would_wait_too_long_is_told_for_how_long_and_takes_no_turn(redis: Redis) -> None:
    pace = Pace(redis, 1, 10 * SECOND)
    pace.turn("a", SECOND)
    for _ in range(2):
        with pytest.raises(TransientError) as raised:
            pace.turn("a", SECOND)
        assert 9 < (raised.value.retry_after or 0) <= 10
    assert 9 < pace.turn("a", 15 * SECOND) <= 10


def test_turns_are_forgotten_once_they_do_not_count_any_more(redis: Redis) -> None:
    Pace(redis, 5, 10 * SECOND).turn("a", SECOND)
    assert 9_000 < redis.pttl(keys.pace("a")) <= 10_000


def test_while_a_name_is_held_nobody_has_a_turn_and_then_they_come_one_by_one(redis: Redis) -> None:
    ours, theirs = Pace(redis, 3, 3 * SECOND), Pace(redis, 3, 3 * SECOND)
    ours.hold("a", 10)
    ours.hold("a", 5)
    with pytest.raises(TransientError) as raised:
        theirs.turn("a", SECOND)
    assert 9 < (raised.value.retry_after or 0) <= 10
    assert [round(theirs.turn("a", 60 * SECOND)) for _ in range(4)] == [10, 11, 12, 13]
    assert theirs.turn("b", SECOND) == 0


def test_a_hold_is_forgotten_once_it_does_not_count_any_more(redis: Redis) -> None:
    Pace(redis, 5, 10 * SECOND).hold("a", 5)
    assert 14_000 < redis.pttl(keys.pace("a")) <= 15_000
