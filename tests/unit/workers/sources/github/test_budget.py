"""How many requests a listing and its commits cost, and what remembering answers saves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_http import Reply
from tests.fakes.github_stage import ALL, NAME, NOW, Memory, count, line_of_commits, source_on
from workers.request import Query


def span(start: datetime, end: datetime, **more: Any) -> Query:
    return Query(**{"timezone": "UTC", "start": start, "end": end, **more})


@pytest.fixture
def hub(busy: FakeGitHub) -> FakeGitHub:
    busy.calm()
    return busy


LAST_DAY = datetime(2026, 2, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGitHub]:
    """260 commits, one a second: 101 of them on the last day, which ends the `main` branch."""
    built = line_of_commits(tmp_path_factory.mktemp("busy"), 260, LAST_DAY - timedelta(seconds=160))
    for number in (1, 99, 100):
        built.branch(f"day-of-{number}", f"main~{101 - number}")
    with FakeGitHub({NAME: built.path}) as server:
        yield server


@pytest.mark.parametrize("number", [0, 1, 100, 101])
def test_a_window_costs_one_request_a_hundred_and_one_a_commit_and_then_only_the_first(
    hub: FakeGitHub, number: int
) -> None:
    start = LAST_DAY if number else LAST_DAY + timedelta(hours=1)
    wanted = span(start, LAST_DAY + timedelta(hours=2), branches=(f"main~{101 - number}",) if number else ())
    with source_on(hub, Memory()) as source:
        listing = source.listing(wanted, NOW)
        fetched = list(source.commits(listing.heads))
        assert len(listing.heads) == len(fetched) == number
        assert len(hub.requests) <= ceil((number + 1) / 100) + number
        assert count(hub, lambda: source.listing(wanted, NOW)) <= ceil((number + 1) / 100)


@pytest.mark.parametrize("number", [1, 99, 100])
def test_the_last_day_costs_no_more_than_a_window_that_was_named(hub: FakeGitHub, number: int) -> None:
    with source_on(hub) as source:
        listing = source.listing(Query(timezone="UTC", branches=(f"day-of-{number}",)), NOW)
    assert len(listing.heads) == number
    assert len(hub.requests) == ceil((number + 1) / 100)


def test_a_listing_that_has_not_changed_costs_nothing_of_the_rate_limit(hub: FakeGitHub) -> None:
    memory = Memory()
    with source_on(hub, memory) as first, source_on(hub, memory) as second:
        listing = first.listing(ALL, NOW)
        left = hub.remaining
        assert second.listing(ALL, NOW) == listing
    assert (hub.requests[-1].status, hub.remaining) == (304, left)


def test_a_server_without_etags_is_asked_again(hub: FakeGitHub) -> None:
    hub.trouble(lambda reply: Reply(200, reply.body), times=None)
    memory = Memory()
    with source_on(hub, memory) as source:
        assert source.listing(ALL, NOW) == source.listing(ALL, NOW)
    assert memory == {}


def test_a_memory_that_cannot_be_read_is_as_good_as_none(hub: FakeGitHub) -> None:
    memory = Memory()
    with source_on(hub, memory) as source:
        listing = source.listing(ALL, NOW)
        memory.update(dict.fromkeys(memory, b"not what we wrote"))
        assert source.listing(ALL, NOW) == listing
    assert [request.status for request in hub.requests] == [200] * 6
