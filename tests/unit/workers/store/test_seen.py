"""What came in is known by any of its names, to whoever asks, for as long as was asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import fakeredis
from redis import Redis

from workers.store import keys
from workers.store.seen import Seen

DAY = timedelta(days=1)


def test_the_first_is_the_first_and_the_second_is_not(redis: Redis) -> None:
    seen = Seen(redis)
    assert seen.first("slack:T1:Ev1", DAY)
    assert not seen.first("slack:T1:Ev1", DAY)
    assert seen.first("slack:T2:Ev1", DAY)


def test_a_thing_is_known_by_any_of_its_names(redis: Redis) -> None:
    seen = Seen(redis)
    assert seen.first_of(["event-1", "message-1"], DAY)
    assert not seen.first_of(["event-2", "message-1"], DAY)
    assert not seen.first("event-2", DAY)


def test_a_name_is_forgotten_after_its_life(redis: Redis) -> None:
    seen = Seen(redis)
    seen.first("a", timedelta(seconds=30))
    assert 0 < redis.pttl(keys.seen("a")) <= 30_000
    seen.keep(["a"], DAY)
    assert 86_000_000 < redis.pttl(keys.seen("a")) <= 86_400_000
    redis.delete(keys.seen("a"))
    assert seen.first("a", DAY)


def test_of_many_who_ask_at_once_one_is_the_first() -> None:
    server = fakeredis.FakeServer(version=7)

    def ask(_: int) -> bool:
        with fakeredis.FakeStrictRedis(server=server) as redis:
            return Seen(redis).first_of(["a", "b"], DAY)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(40))) == 1


def test_a_name_of_any_length_and_alphabet_will_do(redis: Redis) -> None:
    seen = Seen(redis)
    assert seen.first("飞书:" + "x" * 10_000, DAY)
    assert not seen.first("飞书:" + "x" * 10_000, DAY)
