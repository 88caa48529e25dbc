"""GitHubSource.listing: which commits, in which order, and for how many requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import NAME, NOW, Memory, count, source_on
from tests.fakes.github_troubles import failure
from tests.repositories import Identity, RepositoryBuilder
from workers.errors import TransientError, WordsError
from workers.model import Listing, Notice
from workers.request import Query
from workers.sources.github import listing as listings
from workers.sources.github import pages, scans
from workers.sources.github.source import GitHubSource

BOT = Identity("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")
LIN = Identity("林小满", "lin@example.cn")


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, second, tzinfo=UTC)


def span(start: datetime, end: datetime, **more: Any) -> Query:
    return Query(**{"timezone": "UTC", "start": start, "end": end, **more})


def subjects(listing: Listing) -> list[str]:
    return [head.subject for head in listing.heads]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of work on `main`, two branches, a clean merge and one with conflicts."""
    built = RepositoryBuilder(tmp_path_factory.mktemp("engine"), bare=True)
    built.commit("begin", {"src/a.py": "1\n", "docs/a.md": "1\n"}, at=at(20))
    built.commit("midnight", {"src/a.py": "2\n"}, at=at(21, 0))
    built.commit("bump", {"lock": "1\n"}, author=BOT, at=at(21, 1))
    built.branch("feature/one")
    built.commit("on the feature", {"src/deep/b.py": "1\n"}, branch="feature/one", at=at(21, 2))
    built.commit("中文提交", {"docs/b.md": "1\n"}, author=LIN, at=at(21, 3))
    built.merge("feature/one", "Merge feature/one", at=at(21, 4))
    built.branch("feature/two")
    built.commit("two", {"src/a.py": "two\n"}, branch="feature/two", at=at(21, 5))
    built.merge("feature/two", "Merge two\n\n# Conflicts:\n#\tsrc/a.py", at=at(21, 6))
    built.commit("old work", {"src/c.py": "1\n"}, at=at(21, 23, 59, 59), authored_at=at(3))
    built.commit("next midnight", {"src/c.py": "2\n"}, at=at(22, 0), authored_at=at(21, 23))
    built.commit("unmerged", {"docs/c.md": "1\n"}, branch="feature/one", at=at(21, 8))
    return built.path


@pytest.fixture
def hub(engine: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub({NAME: engine}) as server:
        yield server


@pytest.fixture
def source(hub: FakeGitHub) -> Iterator[GitHubSource]:
    with source_on(hub) as opened:
        yield opened


DAY = span(at(21, 0), at(22, 0))
DAYS_WORK = ["old work", "two", "中文提交", "on the feature", "bump", "midnight"]


def test_a_span_holds_its_first_second_and_not_its_last_newest_first(source: GitHubSource) -> None:
    assert subjects(source.listing(DAY, NOW)) == DAYS_WORK


def test_a_span_is_asked_for_in_utc_whole_seconds_and_with_both_ends_included(
    hub: FakeGitHub, source: GitHubSource
) -> None:
    shanghai = datetime.fromisoformat("2026-02-21T08:00:00+08:00")
    end = datetime.fromisoformat("2026-02-22T07:59:59.5+08:00")
    listing = source.listing(span(shanghai, end, timezone="Asia/Shanghai"), NOW)
    assert dict(hub.requests[0].query) | {"per_page": "100"} == {
        "since": "2026-02-21T00:00:00Z",
        "until": "2026-02-21T23:59:59Z",
        "per_page": "100",
    }
    assert subjects(listing) == DAYS_WORK
    assert str(listing.window.start) == "2026-02-21 08:00:00+08:00"


def test_a_span_without_a_whole_second_is_empty_and_costs_nothing(hub: FakeGitHub, source: GitHubSource) -> None:
    moment = at(21) + timedelta(milliseconds=100)
    assert source.listing(span(moment, moment + timedelta(milliseconds=100)), NOW).heads == ()
    assert hub.requests == []


def test_merges_are_left_out_and_counted_and_those_with_conflicts_are_told(source: GitHubSource) -> None:
    listing = source.listing(DAY, NOW)
    assert listing.merges_left_out == 2
    assert listing.notices == (Notice(code="merges_unread", details={"n": 1}),)


def test_a_commit_on_several_branches_counts_once_and_all_stand_newest_first(source: GitHubSource) -> None:
    listing = source.listing(DAY.model_copy(update={"branches": ("main", "refs/heads/feature/one")}), NOW)
    assert subjects(listing) == ["old work", "unmerged", *DAYS_WORK[1:]]
    assert listing.merges_left_out == 2


def test_a_branch_is_listed_alone(source: GitHubSource) -> None:
    listing = source.listing(DAY.model_copy(update={"branches": ("feature/one",)}), NOW)
    assert subjects(listing) == ["unmerged", "on the feature", "bump", "midnight"]


def test_authors_are_let_through_and_kept_out(source: GitHubSource) -> None:
    only = source.listing(DAY.model_copy(update={"authors": ("林小满", "RENOVATE")}), NOW)
    without = source.listing(DAY.model_copy(update={"exclude_authors": ("*[bot]*", "lin@")}), NOW)
    assert subjects(only) == ["中文提交", "bump"]
    assert subjects(without) == ["old work", "two", "on the feature", "midnight"]


def test_author_time_is_asked_for_as_everything_since_a_day_before(hub: FakeGitHub, source: GitHubSource) -> None:
    listing = source.listing(DAY.model_copy(update={"time": "author"}), NOW)
    assert subjects(listing) == ["next midnight", *DAYS_WORK[1:]]
    assert hub.requests[0].query["since"] == "2026-02-20T00:00:00Z"
    assert "until" not in hub.requests[0].query


# --- paths ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("globs", "asked", "found"),
    [
        (("docs",), ["docs"], ["中文提交"]),
        (("docs/**", "lock"), ["docs", "lock"], ["中文提交", "bump"]),
        (("./docs/",), ["docs"], ["中文提交"]),
    ],
)
def test_plain_paths_are_asked_of_github(
    hub: FakeGitHub, source: GitHubSource, globs: tuple[str, ...], asked: list[str], found: list[str]
) -> None:
    assert subjects(source.listing(DAY.model_copy(update={"paths": globs}), NOW)) == found
    assert [request.query.get("path") for request in hub.requests] == asked


def test_a_glob_is_looked_for_in_the_files_of_what_its_fixed_part_has(hub: FakeGitHub, source: GitHubSource) -> None:
    listing = source.listing(DAY.model_copy(update={"paths": ("src/**/b.py",)}), NOW)
    assert subjects(listing) == ["on the feature"]
    assert hub.requests[0].query["path"] == "src"
    assert len(hub.asked("/commits/")) == 4


def test_commits_that_a_glob_had_to_fetch_are_not_fetched_again(hub: FakeGitHub, source: GitHubSource) -> None:
    listing = source.listing(DAY.model_copy(update={"paths": ("**/*.py",)}), NOW)
    assert subjects(listing) == ["old work", "two", "on the feature", "midnight"]
    before = len(hub.requests)
    assert {commit.sha for commit in source.commits(listing.heads)} == {head.sha for head in listing.heads}
    assert len(hub.requests) == before


def test_what_a_glob_had_to_fetch_is_dropped_and_fetched_again_where_it_is_too_much_to_keep(
    hub: FakeGitHub, source: GitHubSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_room", 0)
    listing = source.listing(DAY.model_copy(update={"paths": ("**/*.py",)}), NOW)
    assert count(hub, lambda: list(source.commits(listing.heads))) == len(listing.heads)


def test_a_remembered_glob_fetches_no_commit_twice(hub: FakeGitHub) -> None:
    memory = Memory()
    globs = DAY.model_copy(update={"paths": ("**/*.py",)})
    with source_on(hub, memory) as first:
        wanted = first.listing(globs, NOW)
    with source_on(hub, memory) as second:
        assert count(hub, lambda: second.listing(globs, NOW)) == 1
        assert second.listing(globs, NOW) == wanted


def test_a_commit_whose_files_cannot_be_had_may_touch_a_glob_and_stays(hub: FakeGitHub, source: GitHubSource) -> None:
    sha = next(head.sha for head in source.listing(DAY, NOW).heads if head.subject == "bump")
    hub.trouble(failure(500), on=f"/commits/{sha}", times=None)
    listing = source.listing(DAY.model_copy(update={"paths": ("**/b.py",)}), NOW)
    assert subjects(listing) == ["on the feature", "bump"]


def test_a_rate_limit_while_a_glob_is_looked_for_is_no_answer(hub: FakeGitHub) -> None:
    hub.remaining = 3
    with source_on(hub, concurrency=1, max_wait=0) as source, pytest.raises(TransientError) as raised:
        source.listing(DAY.model_copy(update={"paths": ("**/b.py",)}), NOW)
    assert (type(raised.value), raised.value.code) == (TransientError, "rate_limited")


def test_remembered_paths_that_cannot_be_read_are_asked_for_again(hub: FakeGitHub) -> None:
    memory = Memory()
    globs = DAY.model_copy(update={"paths": ("**/*.py",)})
    with source_on(hub, memory) as first:
        wanted = first.listing(globs, NOW)
    memory.update({key: b"not what we wrote" for key in memory if key.startswith("paths:")})
    with source_on(hub, memory) as second:
        assert second.listing(globs, NOW) == wanted


def test_a_path_out_of_the_repository_is_refused(source: GitHubSource) -> None:
    with pytest.raises(WordsError, match="unknown_path"):
        source.listing(DAY.model_copy(update={"paths": ("../secrets",)}), NOW)


# --- the last day -----------------------------------------------------------------------------------------------


def test_without_a_time_the_last_day_with_commits_is_found_in_the_zone(source: GitHubSource) -> None:
    utc = source.listing(Query(timezone="UTC"), NOW)
    tokyo = source.listing(Query(timezone="Asia/Tokyo"), NOW)
    assert subjects(utc) == ["next midnight"]
    assert subjects(tokyo) == ["next midnight", "old work"]
    assert str(tokyo.window.start) == "2026-02-22 00:00:00+09:00"


def test_the_last_day_is_the_last_that_the_filters_let_something_through(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC", authors=("renovate",)), NOW)
    assert (subjects(listing), listing.window.start) == (["bump"], at(21, 0))


def test_the_last_day_of_a_glob_is_the_last_with_a_commit_that_touches_it(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC", paths=("docs/[a]*",)), NOW)
    assert (subjects(listing), listing.window.start) == (["begin"], at(20, 0))


def test_the_last_day_is_not_after_now(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC"), at(21, 1))
    assert (subjects(listing), listing.window.start) == (DAYS_WORK, at(21, 0))


def test_the_last_day_by_author_time_has_what_was_committed_later(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC", time="author"), NOW)
    assert (subjects(listing), listing.window.start) == (["next midnight", *DAYS_WORK[1:]], at(21, 0))


def test_the_last_day_over_several_branches_is_whole(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC", branches=("feature/one", "feature/two")), NOW)
    assert subjects(listing) == ["unmerged", "two", "中文提交", "on the feature", "bump", "midnight"]


def test_a_filter_that_nothing_passes_gives_an_empty_today(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC", authors=("nobody",)), NOW)
    assert (listing.heads, listing.window.start, listing.notices) == ((), at(25, 0), ())


def test_a_search_that_becomes_too_long_says_so(
    hub: FakeGitHub, source: GitHubSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    monkeypatch.setattr(listings, "SEARCHED_PAGES", 3)
    listing = source.listing(Query(timezone="UTC", authors=("nobody",)), NOW)
    assert listing.notices == (Notice(code="search_stopped", details={"n": 6}),)
    assert len(hub.requests) == 3


def test_a_last_day_is_read_to_its_end_however_long_it_is(
    source: GitHubSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    monkeypatch.setattr(listings, "SEARCHED_PAGES", 1)
    listing = source.listing(Query(timezone="UTC", branches=("feature/two",)), NOW)
    assert subjects(listing) == ["two", "中文提交", "on the feature", "bump", "midnight"]


# --- ranges -----------------------------------------------------------------------------------------------------


def test_a_range_has_what_one_end_has_and_the_other_has_not(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="Asia/Tokyo", range="feature/one..main"), NOW)
    assert subjects(listing) == ["next midnight", "old work", "two", "中文提交"]
    assert listing.merges_left_out == 2
    assert (listing.window.range, str(listing.window.end)) == ("feature/one..main", "2026-02-22 09:00:01+09:00")


def test_a_range_with_a_path_is_looked_for_in_files(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC", range="feature/one..", paths=("docs",)), NOW)
    assert subjects(listing) == ["中文提交"]


def test_an_empty_range_has_an_empty_window_at_now(source: GitHubSource) -> None:
    listing = source.listing(Query(timezone="UTC", range="main..main"), NOW)
    assert (listing.heads, listing.window.start, listing.window.end) == ((), NOW, NOW)


def test_a_range_longer_than_github_lists_is_refused_after_its_first_page(
    hub: FakeGitHub, source: GitHubSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    monkeypatch.setattr(scans, "MOST_COMPARED", 5)
    with pytest.raises(WordsError, match=r"too_many_commits \{'limit': 5\}"):
        source.listing(Query(timezone="UTC", range="feature/one..main"), NOW)
    assert len(hub.requests) == 1
