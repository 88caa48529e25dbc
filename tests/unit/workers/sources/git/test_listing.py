"""Which commits a query gets from a git repository: those that `git log` names, in its order."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.alive import Alive
from tests.repositories import ADA, Identity, RepositoryBuilder
from workers.errors import WordsError
from workers.model import CommitHead, Listing
from workers.request import Query
from workers.sources.git import walk
from workers.sources.git.source import GitSource
from workers.sources.window import day_window

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"
BOB = Identity("Bob", "bob@example.org")
BOT = Identity("dependabot[bot]", "bot@example.org")


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, second, tzinfo=UTC)


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "repository")


@pytest.fixture
def source(builder: RepositoryBuilder) -> Iterator[GitSource]:
    found = GitSource(builder.path)
    yield found
    found.close()


def shas(listing: Listing) -> list[str]:
    return [head.sha for head in listing.heads]


def day(number: int, zone: str = "UTC", **more: object) -> Query:
    window = day_window(date(2026, 2, number), zone)
    return Query.model_validate({"timezone": zone, "start": window.start, "end": window.end, **more})


def test_a_day_has_its_commits_newest_first_and_no_others(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit(at=at(20, 23, 59, 59))
    first = builder.commit(at=at(21, 0))
    last = builder.commit(at=at(21, 23, 59, 59))
    builder.commit(at=at(22, 0))
    assert shas(source.listing(day(21), NOW)) == [last, first]


def test_however_long_a_listing_is_few_of_its_heads_are_in_memory(
    builder: RepositoryBuilder, source: GitSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [builder.commit() for _ in range(30)]
    alive, list_heads = Alive(), walk.list_heads
    monkeypatch.setattr(walk, "list_heads", lambda *given: _closing(list_heads(*given), alive))
    assert len(source.listing(Query(timezone="UTC", range=f"{made[0]}..HEAD"), NOW).heads) == 29
    assert alive.seen == 29
    assert alive.most <= 2


def _closing(heads: Generator[CommitHead, None, None], alive: Alive) -> Iterator[CommitHead]:
    with closing(heads):
        yield from alive.watch_all(heads)


def test_a_day_is_that_of_the_zone(builder: RepositoryBuilder, source: GitSource) -> None:
    before, inside, after = (builder.commit(at=moment) for moment in (at(20, 15, 59), at(20, 16), at(21, 16)))
    listing = source.listing(day(21, SHANGHAI), NOW)
    assert shas(listing) == [inside]
    assert listing.window.timezone == SHANGHAI
    assert {before, after}.isdisjoint(shas(listing))


def test_a_head_says_what_the_commit_says(builder: RepositoryBuilder, source: GitSource) -> None:
    zhao = Identity("赵晨阳", "zhao@example.org")
    parent = builder.commit(at=at(20))
    sha = builder.commit(
        "修复启动失败 (#12)\n\n原因。\n",
        author=zhao,
        committer=BOB,
        at=at(21, 10).astimezone(timezone(timedelta(hours=8))),
        authored_at=at(20, 9).astimezone(timezone(timedelta(hours=-3, minutes=-30))),
    )
    (head,) = source.listing(day(21), NOW).heads
    assert (head.sha, head.parents, head.message) == (sha, (parent,), "修复启动失败 (#12)\n\n原因。\n")
    assert (head.author.name, head.author.email, head.committer.name) == ("赵晨阳", "zhao@example.org", "Bob")
    assert head.committed_at.isoformat() == "2026-02-21T18:00:00+08:00"
    assert head.authored_at.isoformat() == "2026-02-20T05:30:00-03:30"


def test_by_author_time_the_day_may_lie_anywhere_in_the_history(builder: RepositoryBuilder, source: GitSource) -> None:
    late = builder.commit(at=at(25), authored_at=at(21))
    builder.commit(at=at(21), authored_at=at(20))
    early = builder.commit(at=at(19), authored_at=at(21))
    assert shas(source.listing(day(21, time="author"), NOW)) == [early, late]
    assert source.listing(Query(timezone="UTC", time="author"), NOW).window.start == at(21, 0)


def test_a_range_has_what_the_second_has_and_the_first_has_not(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit(at=at(1))
    builder.tag("v1")
    two, three = builder.commit(at=at(2)), builder.commit(at=at(3))
    builder.tag("v2")
    builder.commit(at=at(4))
    listing = source.listing(Query(timezone=SHANGHAI, range="v1..v2"), NOW)
    assert shas(listing) == [three, two]
    assert (listing.window.start, listing.window.end) == (at(2), at(3, second=1))
    assert listing.window.range == "v1..v2"
    assert len(source.listing(Query(timezone="UTC", range="v1.."), NOW).heads) == 3


def test_a_range_without_commits_is_empty(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit()
    listing = source.listing(Query(timezone="UTC", range="HEAD..HEAD"), NOW)
    assert (listing.heads, listing.window.start) == ((), NOW)


def test_without_a_window_it_is_the_last_day_that_has_commits(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit(at=at(20, 15))
    expected = [builder.commit(at=at(20, 17)), builder.commit(at=at(21, 15))]
    listing = source.listing(Query(timezone=SHANGHAI), NOW)
    assert listing.window == day_window(date(2026, 2, 21), SHANGHAI)
    assert shas(listing) == expected[::-1]


def test_the_last_day_is_one_on_which_a_commit_passes_the_filters(
    builder: RepositoryBuilder, source: GitSource
) -> None:
    wanted = builder.commit(files={"src/a": "a"}, author=BOB, at=at(10))
    builder.commit(files={"docs/a": "a"}, author=BOB, at=at(11))
    builder.commit(files={"src/a": "b"}, author=BOT, at=at(12))
    query = Query(timezone="UTC", paths=("src/**",), exclude_authors=("[bot]",))
    assert shas(source.listing(query, NOW)) == [wanted]


def test_a_commit_from_a_clock_that_runs_ahead_is_not_the_last_day(
    builder: RepositoryBuilder, source: GitSource
) -> None:
    today = builder.commit(at=at(21))
    builder.commit(at=at(21) + timedelta(days=400))
    assert shas(source.listing(Query(timezone="UTC"), at(22))) == [today]


def test_where_nothing_passes_the_filters_today_is_empty(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit()
    for time in ("committer", "author"):
        query = Query.model_validate({"timezone": SHANGHAI, "authors": ("nobody",), "time": time})
        listing = source.listing(query, NOW)
        assert (listing.heads, listing.window) == ((), day_window(date(2026, 3, 1), SHANGHAI))


def test_a_commit_on_several_branches_counts_once(builder: RepositoryBuilder, source: GitSource) -> None:
    shared = builder.commit(at=at(21, 1))
    builder.branch("feature/x", shared)
    main, side = builder.commit(at=at(21, 2)), builder.commit(at=at(21, 3), branch="feature/x")
    assert shas(source.listing(day(21, branches=("main", "feature/x", "main")), NOW)) == [side, main, shared]
    assert shas(source.listing(day(21, branches=("feature/x",)), NOW)) == [side, shared]
    assert shas(source.listing(day(21), NOW)) == [main, shared]


def test_a_branch_may_be_a_remotes(builder: RepositoryBuilder, source: GitSource) -> None:
    sha = builder.commit(at=at(21))
    builder.git("update-ref", "refs/remotes/origin/release", sha)
    builder.commit(at=at(22))
    for name in ("release", "origin/release", "refs/remotes/origin/release"):
        assert shas(source.listing(day(21, branches=(name,)), NOW)) == [sha]


def test_authors_are_filtered_by_a_part_or_a_glob(builder: RepositoryBuilder, source: GitSource) -> None:
    ada, bob, bot = (builder.commit(author=who, at=at(21, hour)) for hour, who in enumerate((ADA, BOB, BOT)))
    assert shas(source.listing(day(21, authors=("LOVELACE", "bob@*")), NOW)) == [ada]
    assert shas(source.listing(day(21, authors=("Bob",)), NOW)) == [bob]
    assert shas(source.listing(day(21, exclude_authors=("*[bot]*",)), NOW)) == [bob, ada]
    assert bot in shas(source.listing(day(21), NOW))


def test_paths_are_globs_and_a_folder_means_all_below_it(builder: RepositoryBuilder, source: GitSource) -> None:
    deep = builder.commit(files={"src/net/tls/a.c": "x"}, at=at(21, 1))
    top = builder.commit(files={"src/b.h": "x"}, at=at(21, 2))
    docs = builder.commit(files={"文档/说明.md": "x", "-x": "x"}, at=at(21, 3))
    assert shas(source.listing(day(21, paths=("src",)), NOW)) == [top, deep]
    assert shas(source.listing(day(21, paths=("src/*",)), NOW)) == [top]
    assert shas(source.listing(day(21, paths=("**/*.c", "文档/**")), NOW)) == [docs, deep]
    assert shas(source.listing(day(21, paths=("-x",)), NOW)) == [docs]
    assert shas(source.listing(day(21, paths=(":(exclude)src",)), NOW)) == []


def test_a_commit_that_a_merge_undid_is_not_hidden_by_a_path(builder: RepositoryBuilder, source: GitSource) -> None:
    base = builder.commit(files={"a": "1\n"}, at=at(20))
    builder.branch("side", base)
    hidden = builder.commit(files={"a": "2\n"}, branch="side", at=at(21, 1))
    builder.commit(files={"b": "1\n"}, at=at(21, 2))
    builder.merge("side", "Merge, keeping ours", files={"a": "1\n"}, at=at(21, 3))
    assert builder.git("log", "--format=%H", "--since=2026-02-20T23:00Z", "--", "a") == b"", "git simplifies it away"
    assert shas(source.listing(day(21, paths=("a",)), NOW)) == [hidden]


@pytest.mark.parametrize("path", ["", "/", "../x", "a/../../b", "a\0b", "a\nb", "\ud800"])
def test_what_is_no_path_inside_the_repository_is_refused(
    builder: RepositoryBuilder, source: GitSource, path: str
) -> None:
    builder.commit()
    with pytest.raises(WordsError) as error:
        source.listing(Query(timezone="UTC", paths=(path,)), NOW)
    assert (error.value.code, error.value.details) == ("unknown_path", {"path": path})


@pytest.mark.parametrize("name", ["mian", "--all", "-x", "HEAD~1", "main^{tree}", "a\0b", "", "refs/heads/*"])
def test_an_unknown_branch_is_refused_with_near_names(builder: RepositoryBuilder, source: GitSource, name: str) -> None:
    builder.commit()
    with pytest.raises(WordsError) as error:
        source.listing(Query(timezone="UTC", branches=(name,)), NOW)
    assert error.value.code == "unknown_branch"
    assert error.value.details["branch"] == name
    if name == "mian":
        assert error.value.details["near"] == "main"


def test_an_unknown_revision_is_refused_with_near_names(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit()
    builder.tag("v1.0")
    with pytest.raises(WordsError) as error:
        source.listing(Query(timezone="UTC", range="v1.00..main"), NOW)
    assert (error.value.code, error.value.details["revision"], error.value.details["near"]) == (
        *("unknown_range", "v1.00"),
        "v1.0",
    )
    with pytest.raises(WordsError):
        source.listing(Query(timezone="UTC", range="--all..main"), NOW)


def test_an_unknown_zone_is_refused(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit()
    with pytest.raises(WordsError) as error:
        source.listing(Query(timezone="Asia/Shangha"), NOW)
    assert error.value.code == "unknown_zone"


@pytest.mark.parametrize(("branch", "found"), [("main", True), ("master", True), ("only", True), ("trunk", False)])
def test_a_head_that_names_no_commit_falls_back_to_the_usual_branch(
    builder: RepositoryBuilder, source: GitSource, branch: str, found: bool
) -> None:
    sha = builder.commit(branch=branch, at=at(21))
    if branch != "only":
        builder.commit("Another", branch="other", at=at(21))
    builder.git("symbolic-ref", "HEAD", "refs/heads/gone")
    if found:
        assert shas(source.listing(day(21), NOW)) == [sha]
        return
    with pytest.raises(WordsError) as error:
        source.listing(day(21), NOW)
    assert (error.value.code, error.value.details["near"]) == ("unknown_branch", "other, trunk")


def test_a_bare_repository_is_one_too(tmp_path: Path) -> None:
    builder = RepositoryBuilder(tmp_path / "mirror.git", bare=True)
    sha = builder.commit(at=at(21))
    source = GitSource(builder.path)
    assert (shas(source.listing(day(21), NOW)), source.name, source.url) == ([sha], "mirror", None)


def test_the_git_directory_names_the_folder_around_it(builder: RepositoryBuilder) -> None:
    builder.commit(at=at(21))
    source = GitSource(builder.path / ".git")
    assert source.name == "repository"
    assert len(source.listing(day(21), NOW).heads) == 1


def test_a_window_before_git_was_is_empty(builder: RepositoryBuilder, source: GitSource) -> None:
    builder.commit()
    start = datetime(1969, 1, 1, tzinfo=UTC)
    query = Query(timezone="UTC", start=start, end=start + timedelta(days=1))
    assert source.listing(query, NOW).heads == ()
