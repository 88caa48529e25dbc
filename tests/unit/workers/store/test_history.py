"""Pieces of days: kept by repository, zone, date and span, and as long as digests are."""

from __future__ import annotations

from datetime import date, timedelta

from redis import Redis

from workers.store.history import Day, HistoryStore, Piece

FIRST, LAST = date(2026, 2, 20), date(2026, 2, 21)
ENGINE, SITE = "github:acme/engine", "github:acme/site"


def store(redis: Redis) -> HistoryStore:
    return HistoryStore(redis, timedelta(days=90))


def piece(day: date, start: int, end: int, **counts: int) -> Piece:
    return Piece(day=day, start=start, end=end, **counts)


def test_pieces_are_found_by_their_day(redis: Redis) -> None:
    pieces = [piece(FIRST, 9, 24, high=1), piece(LAST, 0, 9, low=2), piece(LAST, 9, 24)]
    store(redis).put(ENGINE, "UTC", pieces)
    nothing, first, last = store(redis).get(ENGINE, "UTC", [date(2026, 2, 19), FIRST, LAST])
    assert (nothing, first, last) == ([], pieces[:1], pieces[1:])


def test_a_piece_that_is_found_again_is_what_it_was_found_to_be_last(redis: Redis) -> None:
    for counts in ({"high": 1}, {"medium": 2}):
        store(redis).put(ENGINE, "UTC", [piece(LAST, 0, 24, **counts)])
    assert store(redis).get(ENGINE, "UTC", [LAST]) == [[piece(LAST, 0, 24, medium=2)]]


def test_a_day_of_another_zone_or_repository_is_another_day(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [piece(LAST, 0, 24)])
    assert store(redis).get(ENGINE, "Asia/Shanghai", [LAST]) == store(redis).get(SITE, "UTC", [LAST]) == [[]]


def test_a_day_lives_as_long_as_digests_do(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [piece(LAST, 0, 24)])
    (key,) = redis.keys("cd:1:history:*")
    assert 0 < redis.ttl(key) <= timedelta(days=90).total_seconds()


def test_what_another_version_wrote_counts_as_unknown(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [piece(LAST, 0, 9), piece(LAST, 9, 24)])
    (key,) = redis.keys("cd:1:history:*")
    redis.hset(key, "0-9", b"?")
    assert store(redis).get(ENGINE, "UTC", [LAST]) == [[piece(LAST, 9, 24)]]


def test_no_days_are_nothing_to_keep(redis: Redis) -> None:
    store(redis).put(ENGINE, "UTC", [])
    assert redis.keys() == []


def test_parts_of_a_day_add_up_to_it() -> None:
    whole = piece(LAST, 0, 9, high=1, low=2).with_those_of(piece(LAST, 9, 24, medium=3, low=1))
    assert (whole, whole.total) == (Day(day=LAST, high=1, medium=3, low=3), 7)
