"""What GitHub says no to, what it cannot do just now, and what it must not get away with."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from tests.fakes.github_http import Reply
from tests.fakes.github_stage import NAME, Memory, Time, source_on
from tests.fakes.github_troubles import (
    body,
    broken_off,
    changed,
    cut,
    drop,
    failure,
    hang,
    linked,
    secondary_limit,
)
from tests.repositories import RepositoryBuilder
from workers.errors import AccessError, DigestError, RefusedError, TransientError, WordsError
from workers.model import Listing
from workers.request import Query
from workers.sources import github_pages
from workers.sources.github import GitHubSource

NOW = datetime(2026, 2, 25, 12, tzinfo=UTC)
ALL = Query(timezone="UTC", start=datetime(2026, 1, 1, tzinfo=UTC), end=NOW)
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


def listing_of(hub: FakeGitHub, query: Query = ALL, time: Time | None = None, **access: Any) -> Listing:
    with source_on(hub, time=time, **access) as source:
        return source.listing(query, NOW)


def error_of(hub: FakeGitHub, query: Query = ALL, time: Time | None = None, **access: Any) -> DigestError:
    with pytest.raises(DigestError) as raised:
        listing_of(hub, query, time, **access)
    return raised.value


def kind(error: DigestError) -> tuple[type[DigestError], str]:
    return type(error), error.code


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


# --- lies -------------------------------------------------------------------------------------------------------


def test_a_page_that_comes_again_is_a_lie(hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_pages, "PER_PAGE", 2)
    hub.trouble(linked(f'<{hub.url}/repositories/1/commits?page=1>; rel="next"'), times=None)
    assert kind(error_of(hub)) == (TransientError, "source_misbehaves")
    assert len(hub.requests) == 2


def test_pages_that_never_end_are_read_to_a_limit(hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_pages, "MOST_PAGES", 7)
    numbers = iter(range(10**6))

    def another(reply: Reply) -> Reply:
        page = reply.with_json([_with_sha(next(numbers))])
        return linked(f'<{hub.url}/x?page={next(numbers)}>; rel="next"')(page)

    hub.trouble(another, times=None)
    assert kind(error_of(hub)) == (WordsError, "too_many_commits")
    assert len(hub.requests) == 7


def _with_sha(number: int) -> dict[str, Any]:
    person = {"name": "A", "email": "a@b", "date": "2026-02-01T00:00:00Z"}
    return {"sha": f"{number:040x}", "parents": [], "commit": {"author": person, "committer": person, "message": "m"}}


@pytest.mark.parametrize(
    "link",
    [
        '<http://127.0.0.2:1/repositories/1/commits?page=2>; rel="next"',
        '<https://evil.example/commits?page=2>; rel="next"',
        '<http://[::bad/commits?page=2>; rel="next"',
        '<>; rel="next"',
    ],
)
def test_a_next_page_on_another_host_or_nowhere_is_a_lie_and_not_followed(hub: FakeGitHub, link: str) -> None:
    hub.trouble(linked(link))
    assert kind(error_of(hub)) == (TransientError, "source_misbehaves")
    assert len(hub.requests) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda data: {},
        lambda data: None,
        lambda data: "text",
        lambda data: [None],
        lambda data: [{**data[0], "sha": "no sha"}],
        lambda data: [{**data[0], "parents": None}],
        lambda data: [{**data[0], "commit": {**data[0]["commit"], "author": None, "committer": None}}],
        lambda data: [{**data[0], "commit": {**data[0]["commit"], "message": ["a"]}}],
        lambda data: [{**data[0], "commit": {**data[0]["commit"], "message": "\ud800"}}],
        lambda data: [{**data[0], "commit": {**data[0]["commit"], "author": {"name": "A", "email": "", "date": "?"}}}],
        lambda data: [
            {**data[0], "commit": {**data[0]["commit"], "author": {"name": "", "email": "", "date": "2026-02-01"}}}
        ],
    ],
)
def test_json_of_another_shape_is_told_as_nonsense(hub: FakeGitHub, change: Any) -> None:
    hub.trouble(changed(change), times=None)
    assert kind(error_of(hub)) == (TransientError, "source_misbehaves")


def test_a_comparison_with_fewer_commits_than_it_counts_is_a_lie(hub: FakeGitHub) -> None:
    hub.trouble(changed(lambda data: {**data, "total_commits": 7}))
    assert kind(error_of(hub, RANGE)) == (TransientError, "source_misbehaves")


def test_headers_that_are_no_numbers_are_told_as_nonsense(hub: FakeGitHub) -> None:
    hub.trouble(lambda reply: Reply(200, reply.body, {"x-ratelimit-reset": "x"}), times=None)
    assert error_of(hub).code == "source_misbehaves"


def test_an_unchanged_that_nobody_asked_for_is_nonsense(hub: FakeGitHub) -> None:
    hub.trouble(lambda reply: Reply(304, b""))
    assert error_of(hub).code == "source_misbehaves"


def test_a_lie_is_not_remembered(hub: FakeGitHub) -> None:
    memory = Memory()
    hub.trouble(changed(lambda data: [None]))
    with source_on(hub, memory) as source:
        with pytest.raises(TransientError):
            source.listing(ALL, NOW)
        assert memory == {}


# --- renamed ----------------------------------------------------------------------------------------------------


def test_a_repository_with_a_new_name_is_asked_again_by_it_since_redirects_lose_the_query(hub: FakeGitHub) -> None:
    hub.moved["acme/motor"] = NAME
    query = ALL.model_copy(update={"branches": ("release",)})
    with source_on(hub, name="acme/motor") as source:
        assert [head.subject for head in source.listing(query, NOW).heads] == ["one"]
        assert source.name == "acme/motor"
        hub.requests.clear()
        assert len(list(source.commits(source.listing(query, NOW).heads))) == len(hub.requests) - 1 == 1


def test_another_case_of_the_name_is_the_same_repository(hub: FakeGitHub) -> None:
    assert len(listing_of(hub, name="Acme/ENGINE").heads) == 3
    assert len(hub.requests) == 1


@pytest.mark.parametrize("location", ["http://127.0.0.2/elsewhere", "https://127.0.0.1/", "/repos/acme/engine/commits"])
def test_a_redirect_to_another_host_or_in_a_circle_is_not_followed(hub: FakeGitHub, location: str) -> None:
    hub.trouble(failure(301, "Moved", location=location), times=None)
    assert kind(error_of(hub, attempts=1)) == (TransientError, "source_misbehaves")


# --- secrets ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble", [failure(401, "Bad credentials"), failure(403, "No"), failure(502), drop, cut, secondary_limit()]
)
def test_the_key_is_in_no_error_and_no_log(hub: FakeGitHub, caplog: pytest.LogCaptureFixture, trouble: Any) -> None:
    caplog.set_level(logging.DEBUG)
    hub.trouble(trouble, times=None)
    with pytest.raises(AccessError) as raised:
        listing_of(hub, max_wait=0)
    told = "".join(traceback.format_exception(raised.value)) + caplog.text + repr(raised.value.__cause__)
    assert hub.requests[0].headers["authorization"].endswith(RIGHT_TOKEN)
    assert RIGHT_TOKEN not in told


def test_the_key_is_not_shown_with_what_it_is_part_of(hub: FakeGitHub) -> None:
    with source_on(hub) as source:
        assert RIGHT_TOKEN not in repr(source._access)
        assert isinstance(source, GitHubSource)
