"""Days of a repository: kept by date and zone, added up over repositories, told only where all of them know them."""

from __future__ import annotations

from datetime import date, timedelta

from redis import Redis

from workers.store.history import MOST_DAYS, Day, HistoryStore

LAST = date(2026, 2, 21)
ENGINE, SITE = "github:acme/engine", "github:acme/site"


def store(redis: Redis) -> HistoryStore:
    return HistoryStore(redis, timedelta(days=90))


def day(ago: int, high: int = 0, medium: int = 0, low: int = 0) -> Day:
    return Day(day=LAST - timedelta(days=ago), high=high, medium=medium, low=low)


def test_the_days_up_to_one_come_by_date_and_no_more_than_a_fortnight(redis: Redis) -> None:
    days = [day(ago, low=ago) for ago in range(-2, MOST_DAYS + 3)]
    store(redis).put(ENGINE, "UTC", days)
    assert store(redis).until([ENGINE], "UTC", LAST) == [day(ago, low=ago) for ago in reversed(range(MOST_DAYS))]


def test_a_day_that_is_found_again_is_what_it_was_found_to_be_last(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [day(1, high=1), day(0, low=9)])
    store(redis).put(ENGINE, "UTC", [day(1, medium=2)])
    assert store(redis).until([ENGINE], "UTC", LAST) == [day(1, medium=2), day(0, low=9)]


def test_a_day_of_another_zone_or_repository_is_another_day(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [day(0, high=1)])
    assert store(redis).until([ENGINE], "Asia/Shanghai", LAST) == []
    assert store(redis).until([SITE], "UTC", LAST) == []


def test_of_several_repositories_only_days_that_all_know_are_told_with_their_commits_added(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [day(2, high=1), day(1, high=1, low=2), day(0, low=3)])
    store(redis).put(SITE, "UTC", [day(1, medium=4, low=1), day(0)])
    assert store(redis).until([ENGINE, SITE], "UTC", LAST) == [day(1, high=1, medium=4, low=3), day(0, low=3)]
    assert store(redis).until([ENGINE, ENGINE], "UTC", LAST) == store(redis).until([ENGINE], "UTC", LAST)


def test_a_day_lives_as_long_as_digests_do(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [day(0)])
    (key,) = redis.keys("cd:1:history:*")
    assert 0 < redis.ttl(key) <= timedelta(days=90).total_seconds()


def test_no_days_are_nothing_to_keep(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [])
    assert redis.keys() == []
