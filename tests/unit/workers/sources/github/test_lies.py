"""What a server must not get away with: lies, redirects, and hearing or showing the key where it should not."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from tests.fakes.github_http import Reply
from tests.fakes.github_stage import ALL, NAME, NOW, Memory, error_of, kind, listing_of, source_on
from tests.fakes.github_troubles import changed, cut, drop, failure, linked, secondary_limit
from tests.repositories import RepositoryBuilder
from workers.errors import AccessError, TransientError, WordsError
from workers.request import Query
from workers.sources.github import pages
from workers.sources.github.source import GitHubSource

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


def test_a_page_that_comes_again_is_a_lie(hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    hub.trouble(linked(f'<{hub.url}/repositories/1/commits?page=1>; rel="next"'), times=None)
    assert kind(error_of(hub)) == (TransientError, "source_misbehaves")
    assert len(hub.requests) == 2


def test_pages_that_never_end_are_read_to_a_limit(hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 7)
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
