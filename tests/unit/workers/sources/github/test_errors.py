"""What GitHub says no to, what it cannot do just now, and what it must not get away with."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import ALL, NAME, Time, error_of, kind, listing_of
from tests.fakes.github_troubles import (
    body,
    broken_off,
    cut,
    drop,
    failure,
    hang,
    secondary_limit,
)
from tests.repositories import RepositoryBuilder
from workers.errors import RefusedError, TransientError, WordsError
from workers.request import Query

RANGE = Query(timezone="UTC", range="release..main")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = RepositoryBuilder(tmp_path_factory.mktemp("engine"), bare=True)
    built.commit("one", {"a": "1\n"})
    built.branch("release")
    built.commit("two", {"a": "2\n"})
    built.commit("three", {"a": "3\n"})
    built.commit("apart", {"a": "1\n"}, parents=[], branch="orphan")
    return built.path


@pytest.fixture
def hub(engine: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub({NAME: engine}) as server:
        yield server


# --- no ---------------------------------------------------------------------------------------------------------


def test_a_repository_that_is_not_there_is_not_found(hub: FakeGitHub) -> None:
    assert kind(error_of(hub, name="acme/nothing")) == (RefusedError, "repository_not_found")
    assert len(hub.requests) == 1


def test_a_private_repository_is_not_found_without_a_key_and_found_with_it(engine: Path) -> None:
    with FakeGitHub({NAME: engine}, private=True) as hub:
        assert error_of(hub, token=None).code == "repository_not_found"
        assert len(listing_of(hub).heads) == 3


def test_a_wrong_key_is_refused_at_once(hub: FakeGitHub) -> None:
    assert kind(error_of(hub, token="ghp_wrong")) == (RefusedError, "bad_credentials")
    assert len(hub.requests) == 1


def test_a_repository_without_commits_is_empty(tmp_path: Path) -> None:
    with FakeGitHub({NAME: RepositoryBuilder(tmp_path / "empty", bare=True).path}) as hub:
        assert kind(error_of(hub)) == (WordsError, "empty_repository")


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        (403, "Resource not accessible by personal access token", "access_refused"),
        (451, "Repository access blocked", "repository_blocked"),
        (410, "Gone", "repository_not_found"),
        (400, "Problems parsing JSON", "source_misbehaves"),
    ],
)
def test_no_is_told_apart_by_its_status_and_not_asked_for_twice(
    hub: FakeGitHub, status: int, said: str, code: str
) -> None:
    hub.trouble(failure(status, said), times=None)
    assert kind(error_of(hub)) == (RefusedError, code)
    assert len(hub.requests) == 1


def test_an_unknown_branch_is_told_with_names_like_it_for_one_more_request(hub: FakeGitHub) -> None:
    error = error_of(hub, ALL.model_copy(update={"branches": ("relase",)}))
    assert kind(error) == (WordsError, "unknown_branch")
    assert error.details == {"branch": "relase", "near": "release"}
    assert [request.path.rpartition("/")[2] for request in hub.requests] == ["commits", "branches"]


def test_a_branch_of_a_repository_that_is_not_there_is_the_repositorys_fault(hub: FakeGitHub) -> None:
    assert error_of(hub, ALL.model_copy(update={"branches": ("main",)}), name="acme/nothing").code == (
        "repository_not_found"
    )


def test_a_branch_without_a_name_is_unknown(hub: FakeGitHub) -> None:
    assert error_of(hub, ALL.model_copy(update={"branches": ("refs/heads/",)})).code == "unknown_branch"


@pytest.mark.parametrize("text", ["v1..main", "main..v1", "orphan..main"])
def test_a_range_with_an_unknown_end_or_without_common_history_is_unknown(hub: FakeGitHub, text: str) -> None:
    error = error_of(hub, Query(timezone="UTC", range=text))
    assert kind(error) == (WordsError, "unknown_range")
    assert len(hub.requests) == 2


def test_a_range_that_is_refused_is_not_taken_for_an_unknown_one(hub: FakeGitHub) -> None:
    assert kind(error_of(hub, RANGE, token="ghp_wrong")) == (RefusedError, "bad_credentials")


def test_an_end_of_a_range_is_quoted_in_the_address(hub: FakeGitHub) -> None:
    error_of(hub, Query(timezone="UTC", range="v#1/%2e..main"))
    assert hub.requests[0].path == "/repos/acme/engine/compare/v%231/%252e...main"


# --- rate limits ------------------------------------------------------------------------------------------------


PRIMARY = "API rate limit exceeded for user ID 1."


def primary(reset: float) -> Any:
    return failure(403, PRIMARY, x_ratelimit_remaining="0", x_ratelimit_reset=str(int(reset)), x_ratelimit_limit="60")


def test_a_short_rate_limit_is_waited_for_to_its_reset(hub: FakeGitHub) -> None:
    time = Time()
    hub.trouble(primary(time.now + 30))
    assert len(listing_of(hub, time=time).heads) == 3
    assert time.slept == [31.0]


def test_a_rate_limit_longer_than_we_wait_is_told_with_its_reset(hub: FakeGitHub) -> None:
    time = Time(datetime(2026, 2, 21, 8, tzinfo=UTC).timestamp())
    hub.trouble(primary(time.now + 1_800), times=None)
    error = error_of(hub, time=time)
    assert isinstance(error, TransientError)
    assert (error.code, error.retry_after) == ("rate_limited", 1_801.0)
    assert error.details == {"reset": "2026-02-21T08:30:01Z", "limit": 60}
    assert time.slept == []


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_is_waited_for_as_long_as_it_tells(hub: FakeGitHub, status: int) -> None:
    time = Time()
    hub.trouble(secondary_limit(status, retry_after="9"))
    assert len(listing_of(hub, time=time).heads) == 3
    assert time.slept == [9.0]


def test_a_secondary_limit_that_tells_no_time_is_waited_for_a_minute(hub: FakeGitHub) -> None:
    time = Time()
    hub.trouble(secondary_limit())
    listing_of(hub, time=time)
    assert time.slept == [60.0]


def test_a_time_to_wait_may_be_a_date(hub: FakeGitHub) -> None:
    time = Time()
    hub.trouble(secondary_limit(retry_after=formatdate(time.now + 20, usegmt=True)))
    listing_of(hub, time=time)
    assert time.slept == [20.0]


@pytest.mark.parametrize("told", ["0", "-7", "nan", "1e999", "soon", "Wed, 99 Foo 2026"])
def test_a_limit_that_never_ends_is_waited_for_no_longer_than_we_wait_in_all(hub: FakeGitHub, told: str) -> None:
    time = Time()
    hub.trouble(secondary_limit(retry_after=told), times=None)
    assert error_of(hub, time=time, max_wait=5).code == "rate_limited"
    assert sum(time.slept) <= 5
    assert len(hub.requests) == 1 + len(time.slept)


def test_no_waiting_is_done_where_none_is_wanted(hub: FakeGitHub) -> None:
    time = Time()
    hub.trouble(secondary_limit(retry_after="1"), times=None)
    assert error_of(hub, time=time, max_wait=0).code == "rate_limited"
    assert time.slept == []


# --- not just now -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [failure(500), failure(502), failure(503), drop, broken_off, cut, body(b"", "x/y")])
def test_what_fails_twice_is_asked_for_a_third_time(hub: FakeGitHub, trouble: Any) -> None:
    time = Time()
    hub.trouble(trouble, times=2)
    assert len(listing_of(hub, time=time).heads) == 3
    assert time.slept == [1.0, 2.0]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (failure(502), "source_unreachable"),
        (drop, "source_unreachable"),
        (broken_off, "source_unreachable"),
        (cut, "source_misbehaves"),
        (body(b"<html>Unicorn!</html>", "text/html"), "source_misbehaves"),
        (body(b"\xff\xfe\x00"), "source_misbehaves"),
        (body(b"[" * 200_000), "source_misbehaves"),
    ],
)
def test_what_always_fails_is_given_up_after_three_attempts(hub: FakeGitHub, trouble: Any, code: str) -> None:
    hub.trouble(trouble, times=None)
    assert kind(error_of(hub)) == (TransientError, code)
    assert len(hub.requests) == 3


def test_a_failing_server_is_given_the_time_it_asks_for(hub: FakeGitHub) -> None:
    time = Time()
    hub.trouble(failure(503, retry_after="12"))
    listing_of(hub, time=time)
    assert time.slept == [12.0]


def test_a_server_that_hangs_is_left_after_the_time_out(hub: FakeGitHub) -> None:
    hub.trouble(hang(hub.released), times=None)
    assert kind(error_of(hub, timeout=1, attempts=1)) == (TransientError, "source_unreachable")


def test_a_server_that_is_not_there_is_unreachable(hub: FakeGitHub) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert kind(error_of(hub, api_url=url)) == (TransientError, "source_unreachable")
