"""GitHubSource.commits: many at once, and what becomes of commits that cannot be had."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import ALL, NAME, NOW, Time, count, line_of_commits, source_on
from tests.fakes.github_troubles import changed, cut, drop, failure, held, secondary_limit, together
from workers.errors import PartialError, RefusedError, TransientError
from workers.model import Commit, CommitHead
from workers.sources.github.access import GitHubAccess
from workers.sources.github.source import GitHubSource


def listed(source: GitHubSource) -> tuple[CommitHead, ...]:
    return source.listing(ALL, NOW).heads


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_of_commits(tmp_path_factory.mktemp("forty"), 40).path


@pytest.fixture
def crowd(forty: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub({NAME: forty}) as server:
        yield server


def test_as_many_are_asked_for_at_once_as_may_be_and_no_more(crowd: FakeGitHub) -> None:
    crowd.trouble(together(8), on="/commits/", times=16)
    with source_on(crowd, concurrency=8) as source:
        assert len(list(source.commits(listed(source)))) == 40
    assert crowd.most_at_once == 8


def test_no_more_is_fetched_than_is_taken(crowd: FakeGitHub) -> None:
    with source_on(crowd, concurrency=4) as source:
        heads = listed(source)
        crowd.requests.clear()
        with closing(cast(Generator[Commit, None, None], source.commits(heads))) as fetched:
            next(fetched)
            next(fetched)
    assert len(crowd.requests) <= 6


def test_a_commit_is_given_before_the_others_are_there(crowd: FakeGitHub) -> None:
    with source_on(crowd, concurrency=2) as source:
        heads = listed(source)
        crowd.trouble(held(crowd.released), on=f"/commits/{heads[0].sha}")
        first = next(source.commits(heads[:2]))
        assert first.sha == heads[1].sha
        crowd.released.set()


def test_each_commit_is_asked_for_once_however_often_it_is_named(crowd: FakeGitHub) -> None:
    with source_on(crowd) as source:
        heads = listed(source)[:3]
        assert count(crowd, lambda: list(source.commits([*heads, *heads]))) == 3


# --- what cannot be had -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (failure(500, "Server Error: Sorry, this diff is taking too long to generate."), "source_unreachable"),
        (failure(404, "Not Found"), "repository_not_found"),
        (failure(422, "No commit found for SHA"), "source_misbehaves"),
        (failure(451, "Repository access blocked"), "repository_blocked"),
        (drop, "source_unreachable"),
        (cut, "source_misbehaves"),
        (changed(lambda data: {**data, "sha": "0" * 40}), "source_misbehaves"),
        (changed(lambda data: {**data, "files": None}), "source_misbehaves"),
        (changed(lambda data: {**data, "files": [{"filename": 7}]}), "source_misbehaves"),
        (changed(lambda data: []), "source_misbehaves"),
    ],
)
def test_a_commit_that_cannot_be_had_keeps_no_other_back(crowd: FakeGitHub, trouble: Any, code: str) -> None:
    with source_on(crowd, concurrency=4) as source:
        heads = listed(source)[:10]
        crowd.trouble(trouble, on=f"/commits/{heads[4].sha}", times=None)
        got: list[str] = []
        with pytest.raises(PartialError) as raised:
            got.extend(commit.sha for commit in source.commits(heads))
    assert raised.value.missing == (heads[4].sha,)
    assert raised.value.code == code


def given_before(source: GitHubSource, heads: tuple[CommitHead, ...]) -> tuple[list[str], BaseException]:
    """What was given before the error, and the error."""
    got: list[str] = []
    fetched = source.commits(heads)
    with pytest.raises((PartialError, TransientError, RefusedError)) as raised:
        for commit in fetched:
            got.append(commit.sha)
    return got, raised.value


def test_what_came_before_a_rate_limit_that_is_too_long_is_kept_and_the_rest_named(crowd: FakeGitHub) -> None:
    with source_on(crowd, concurrency=4, time=Time(crowd.reset - 600.0)) as source:
        heads = listed(source)
        crowd.remaining = 15
        got, error = given_before(source, heads)
    assert isinstance(error, PartialError)
    assert (error.code, error.retry_after) == ("rate_limited", 601.0)
    assert len(got) == 15
    assert sorted([*got, *error.missing]) == sorted(head.sha for head in heads)
    assert len(crowd.asked("/commits/")) <= 15 + 4


def test_a_rate_limit_before_the_first_commit_is_the_error_itself(crowd: FakeGitHub) -> None:
    with source_on(crowd, concurrency=4, time=Time(crowd.reset - 600.0)) as source:
        heads = listed(source)
        crowd.remaining = 0
        got, error = given_before(source, heads)
    assert (type(error), got) == (TransientError, [])


def test_a_key_that_is_refused_in_the_middle_ends_it(crowd: FakeGitHub) -> None:
    with source_on(crowd, concurrency=1) as source:
        heads = listed(source)
        crowd.trouble(failure(401, "Bad credentials"), on=f"/commits/{heads[5].sha}")
        got, error = given_before(source, heads)
    assert (type(error), len(got)) == (RefusedError, 5)
    assert len(crowd.asked("/commits/")) == 6


def test_a_server_that_only_fails_is_left_alone_after_as_many_failures_as_are_asked_at_once(crowd: FakeGitHub) -> None:
    with source_on(crowd, concurrency=4) as source:
        heads = listed(source)
        crowd.trouble(failure(502), on="/commits/", times=None)
        got, error = given_before(source, heads)
    assert (type(error), got) == (TransientError, [])
    assert len(crowd.asked("/commits/")) <= 3 * 8


def test_a_secondary_limit_holds_all_threads_back_and_loses_nothing(crowd: FakeGitHub) -> None:
    time = Time()
    crowd.trouble(secondary_limit(retry_after="7"), on="/commits/", times=3)
    with source_on(crowd, concurrency=4, time=time) as source:
        assert len(list(source.commits(listed(source)))) == 40
    assert time.slept
    assert all(seconds <= 7 for seconds in time.slept)


def test_closing_ends_what_waits_for_a_limit(crowd: FakeGitHub) -> None:
    crowd.trouble(secondary_limit(retry_after="50"), on="/commits/", times=None)
    with source_on(crowd, concurrency=2) as ready:
        heads = listed(ready)
    source = GitHubSource(NAME, GitHubAccess(api_url=crowd.url, concurrency=2))
    ended = threading.Event()

    def collect() -> None:
        with pytest.raises(TransientError):
            list(source.commits(heads))
        ended.set()

    thread = threading.Thread(target=collect)
    thread.start()
    while not crowd.asked("/commits/"):
        threading.Event().wait(0.001)
    source.close()
    assert ended.wait(5)
    thread.join()
