"""Shelves: many values of commits, in order, by sha and by group, read a page at a time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis

from tests import samples
from tests.faults.wire import Wire
from tests.servers import redis_server
from workers.connection import connect
from workers.errors import BrokenError
from workers.model import Entry, Tier
from workers.store import keys
from workers.store.shelf import PAGE, Shelf

LIFE = timedelta(hours=1)
KEY = "shelf"
ENTRIES = samples.month(2 * PAGE + 3).repositories[0].commits


@pytest.fixture
def shelf(redis: Redis) -> Shelf[Entry]:
    """With more than two pages of commits, by tier."""
    made = Shelf(redis, Entry, KEY, LIFE)
    made.add(ENTRIES, lambda entry: entry.tier)
    return made


def test_values_come_back_in_their_order_again_and_again(shelf: Shelf[Entry]) -> None:
    values = shelf.values()
    assert len(values) == len(ENTRIES)
    assert [tuple(values), tuple(values)] == [ENTRIES, ENTRIES]


def test_one_value_is_had_by_its_sha(shelf: Shelf[Entry]) -> None:
    assert shelf.get(ENTRIES[PAGE].sha) == ENTRIES[PAGE]
    assert shelf.get("0" * 40) is None


@pytest.mark.parametrize("tier", Tier)
def test_a_group_has_its_values_in_the_order_of_all(shelf: Shelf[Entry], tier: Tier) -> None:
    assert tuple(shelf.values(tier)) == tuple(entry for entry in ENTRIES if entry.tier is tier)


@pytest.mark.parametrize("place", [0, PAGE, -1])
def test_a_value_is_had_by_its_place(shelf: Shelf[Entry], place: int) -> None:
    assert shelf.values()[place] == ENTRIES[place]


@pytest.mark.parametrize(
    "places", [slice(0, 5), slice(PAGE - 1, PAGE + 1), slice(-3, None), slice(0, 0), slice(9, 2, -3)]
)
def test_a_page_of_any_size_is_a_slice(shelf: Shelf[Entry], places: slice) -> None:
    assert shelf.values()[places] == ENTRIES[places]


def test_what_is_added_stands_behind_what_is_there(redis: Redis) -> None:
    shelf = Shelf(redis, Entry, KEY, LIFE)
    for entry in ENTRIES[:3]:
        shelf.add([entry])
    assert tuple(shelf.values()) == ENTRIES[:3]


def test_a_page_that_redis_took_without_being_heard_stands_there_once(tmp_path: Path) -> None:
    lost: list[bytes] = []

    def hears(pid: int, piece: bytes, after: bool) -> bool:
        del pid
        if after and not lost:
            lost.append(piece)
            return False
        return True

    front = tmp_path / "front.sock"
    with redis_server() as url:
        wire = Wire(front, Path(url.removeprefix("unix://")), hears, lambda pid, piece: KEY.encode() in piece)
        with wire, connect(url) as direct, connect(f"unix://{front}") as redis:
            Shelf(direct, Entry, "other", LIFE).add(ENTRIES[:1])  # Redis knows the script by now
            shelf = Shelf(redis, Entry, KEY, LIFE)
            shelf.add(ENTRIES, lambda entry: entry.tier)
            assert lost
            assert tuple(shelf.values()) == ENTRIES
            assert sum(len(shelf.values(tier)) for tier in Tier) == len(ENTRIES)


def test_a_shelf_that_nobody_has_filled_is_empty(redis: Redis) -> None:
    shelf = Shelf(redis, Entry, "none", LIFE)
    assert tuple(shelf.values()) == ()
    assert not shelf.values(Tier.HIGH)


def test_a_value_that_has_gone_is_a_defect_and_not_a_shorter_list(shelf: Shelf[Entry], redis: Redis) -> None:
    redis.hdel(KEY, ENTRIES[1].sha)
    with pytest.raises(BrokenError, match="store_lost"):
        list(shelf.values())


def test_everything_of_a_shelf_lives_as_long_as_it_should(shelf: Shelf[Entry], redis: Redis) -> None:
    found = redis.keys()
    assert {key.decode() for key in found} == {KEY, *(keys.shelf_order(KEY, group) for group in (None, *Tier))}
    assert all(3590 <= redis.ttl(key) <= 3600 for key in found)
