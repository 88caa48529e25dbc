"""What every Source must do alike: a git repository on disk, and the same one through the fake GitHub.

GitHub tells less, and these differences are meant: it has no modes, so a modified binary file and a change of mode
look the same (`PatchGap.WITHHELD`); merges that bring something of their own are not told from others, and merges are
counted whether or not they touch a path; messages end without a newline; all times are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import NAME, source_on
from tests.repositories import Identity, RepositoryBuilder, submodule
from workers.errors import DigestError, WordsError
from workers.model import Commit, CommitHead, FileChange, Listing
from workers.request import Query
from workers.sources.base import Source
from workers.sources.git.source import GitSource

NOW = datetime(2026, 2, 25, 12, tzinfo=UTC)
LIN = Identity("林小满", "lin@example.cn")
BOT = Identity("renovate[bot]", "bot@example.com")
CHINA = datetime.fromisoformat("2026-02-21T00:00:00+08:00")
HOUR = timedelta(hours=1)


def build(path: Path) -> RepositoryBuilder:
    """A week around 2026-02-21 in China, with two branches, clean merges, reverts, and files of most sorts."""
    built = RepositoryBuilder(path, bare=True)
    long = "".join(f"line {n}\n" for n in range(60))
    built.commit(
        "begin", {"src/core.py": long, "docs/a.md": "a\n", "old.txt": long, "gone": "1\n"}, at=CHINA - 70 * HOUR
    )
    built.commit("a second before", {"src/core.py": long + "x\n"}, at=CHINA - timedelta(seconds=1))
    built.commit(
        "修复：首个提交\n\n正文 (#7)\n\nSigned-off-by: 林小满 <lin@example.cn>\n",
        {"docs/中文.md": "内容\n"},
        author=LIN,
        at=CHINA,
    )
    built.branch("feature/排序")
    built.commit("move", {"old.txt": None, "new/old.txt": long + "more\n"}, branch="feature/排序", at=CHINA + HOUR)
    built.commit("bump", {"lock.bin": b"\0\1\2" * 9, "gone": None, "empty": ""}, author=BOT, at=CHINA + 2 * HOUR)
    built.merge("feature/排序", "Merge branch 'feature/排序'", at=CHINA + 3 * HOUR)
    built.commit("module", {"module": submodule("3" * 40), "no newline": "end"}, at=CHINA + 4 * HOUR)
    built.commit("later authored", {"src/deep/er.py": "1\n"}, at=CHINA + 23 * HOUR, authored_at=CHINA - 40 * HOUR)
    built.commit("the next day", {"src/core.py": "short\n"}, at=CHINA + 24 * HOUR, authored_at=CHINA + 5 * HOUR)
    built.commit("unmerged", {"src/x.py": "1\n"}, branch="feature/排序", at=CHINA + 6 * HOUR)
    built.commit("nothing at all", at=CHINA + 30 * HOUR)
    revert = f'Revert "bump"\n\nThis reverts commit {built.sha("main~5")}.\n'
    built.commit(revert, {"empty": None}, committer=LIN, at=CHINA + 31 * HOUR)
    built.tag("v1", "main~4")
    built.tag("v2", "main~1")
    return built


class Pair(NamedTuple):
    """The same repository from both sides."""

    git: Source
    github: Source


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    return build(tmp_path_factory.mktemp("engine"))


@pytest.fixture
def pair(built: RepositoryBuilder) -> Iterator[Pair]:
    git = GitSource(built.path)
    with FakeGitHub({NAME: built.path}) as hub, source_on(hub, concurrency=4) as github:
        yield Pair(git, github)
    git.close()


def told_head(head: CommitHead) -> tuple[Any, ...]:
    """A head without what GitHub does not tell."""
    times = head.authored_at.timestamp(), head.committed_at.timestamp()
    return (head.sha, head.parents, head.author, head.committer, *times, head.message.rstrip("\n"))


def told_listing(listing: Listing) -> tuple[Any, ...]:
    window = listing.window
    return (
        [told_head(head) for head in listing.heads],
        listing.merges_left_out,
        window,
        str(window.start),
        listing.notices,
    )


def told_file(file: FileChange) -> FileChange:
    """A file without its modes, except those of submodules."""
    return file if file.is_submodule else file.model_copy(update={"old_mode": None, "new_mode": None})


DAY = {"start": CHINA, "end": CHINA + 24 * HOUR}
WEEK = {"start": CHINA - 100 * HOUR, "end": CHINA + 100 * HOUR}


@pytest.mark.parametrize(
    ("subjects", "query"),
    [
        ("later authored|module|bump|move|修复：首个提交", DAY),
        ("the next day|module|bump|move|修复：首个提交", {**DAY, "time": "author"}),
        ("later authored|unmerged|module|bump|move|修复：首个提交", {**DAY, "branches": ("main", "feature/排序")}),
        ("unmerged|move|修复：首个提交", {**DAY, "branches": ("feature/排序",)}),
        ("修复：首个提交", {**DAY, "authors": ("LIN@",)}),
        ("later authored|module|move|修复：首个提交", {**DAY, "exclude_authors": ("*[bot]*",)}),
        ("later authored", {**DAY, "paths": ("src",)}),
        ("later authored", {**DAY, "paths": ("src/**",)}),
        ("later authored", {**DAY, "paths": ("src/*/er.py", "nothing/here")}),
        ("修复：首个提交", {**DAY, "paths": ("docs/中文.md",)}),
        ("module|bump", {**DAY, "paths": ("[eg]*", "no*"), "exclude_authors": ("lin",)}),
        ("", {**DAY, "authors": ("nobody",)}),
        ("", {"start": CHINA - timedelta(days=400), "end": CHINA - timedelta(days=399)}),
        ("", {"start": CHINA + timedelta(milliseconds=1), "end": CHINA + timedelta(milliseconds=9)}),
        ('Revert "bump"|nothing at all|the next day', {}),
        ("bump", {"authors": ("renovate",)}),
        ("begin", {"paths": ("docs/a.*",)}),
        ("", {"authors": ("nobody",)}),
        ("nothing at all|the next day|later authored", {"range": "v1..v2"}),
        ("unmerged", {"range": "main..feature/排序"}),
        ("later authored|module", {"range": "v1~1..v2~1", "paths": ("src/deep", "module")}),
        ("", {"range": "v2..v1"}),
    ],
)
def test_a_query_finds_the_same_commits(pair: Pair, subjects: str, query: dict[str, Any]) -> None:
    asked = Query(**{"timezone": "Asia/Shanghai", **query})
    here, there = pair.git.listing(asked, NOW), pair.github.listing(asked, NOW)
    assert "|".join(head.subject for head in here.heads) == subjects
    assert told_listing(there) == told_listing(here)
    assert there.merges_left_out == here.merges_left_out or asked.paths


def test_commits_have_the_same_files_and_patches(pair: Pair) -> None:
    heads = pair.git.listing(Query(timezone="UTC", **WEEK, branches=("main", "feature/排序")), NOW).heads
    here = {commit.sha: commit for commit in pair.git.commits(heads)}
    there = {commit.sha: commit for commit in pair.github.commits(heads)}
    assert here.keys() == there.keys() == {head.sha for head in heads}
    for sha, commit in here.items():
        assert told_head(there[sha]) == told_head(commit)
        assert list(map(told_file, there[sha].files)) == list(map(told_file, commit.files))


def test_commits_are_given_for_heads_that_the_source_did_not_list_itself(pair: Pair) -> None:
    heads = pair.github.listing(Query(timezone="UTC", **WEEK), NOW).heads
    for source in pair:
        assert {commit.sha for commit in source.commits(heads[2:5])} == {head.sha for head in heads[2:5]}
        assert list(source.commits([])) == []


def test_the_same_revert_is_found(pair: Pair) -> None:
    heads = pair.git.listing(Query(timezone="UTC", **WEEK), NOW).heads
    for source in pair:
        assert source.find_reverted(heads[0]) == next(head.sha for head in heads if head.subject == "bump")
        assert source.find_reverted(heads[1]) is None


@pytest.mark.parametrize(
    "query",
    [
        {"timezone": "Asia/Shangai"},
        {"branches": ("feature/拍序",), **DAY},
        {"branches": ("main", ""), **DAY},
        {"range": "v1..v3"},
        {"range": "v1"},
        {"range": "v1...v2"},
        {"range": "--all..v2"},
        {"paths": ("../x",), **DAY},
        {"paths": ("",), **DAY},
        {"start": CHINA, "end": CHINA},
    ],
)
def test_the_same_words_are_wrong_in_the_same_way(pair: Pair, query: dict[str, Any]) -> None:
    asked = Query(**{"timezone": "UTC", **query})
    assert wrong(pair.github, asked) == wrong(pair.git, asked)


def wrong(source: Source, query: Query) -> tuple[type[DigestError], str]:
    with pytest.raises(DigestError) as raised:
        source.listing(query, NOW)
    return type(raised.value), raised.value.code


def test_the_names_near_an_unknown_branch_are_the_same(pair: Pair) -> None:
    told = []
    for source in pair:
        with pytest.raises(DigestError) as raised:
            source.listing(Query(timezone="UTC", branches=("feature/拍序",), **DAY), NOW)
        told.append((raised.value.details["branch"], raised.value.details["near"]))
    assert told == [("feature/拍序", "feature/排序")] * 2


def test_a_repository_without_commits_is_the_same_error(tmp_path: Path) -> None:
    empty = RepositoryBuilder(tmp_path / "empty", bare=True)
    asked = Query(timezone="UTC")
    with FakeGitHub({NAME: empty.path}) as hub, source_on(hub) as github:
        assert wrong(github, asked) == wrong(GitSource(empty.path), asked)


def test_a_commit_that_is_gone_keeps_no_other_back(pair: Pair) -> None:
    heads = pair.git.listing(Query(timezone="UTC", **DAY), NOW).heads
    gone = heads[1].model_copy(update={"sha": "f" * 40})
    for source in pair:
        got: list[Commit] = []
        with pytest.raises(DigestError) as raised:
            got.extend(source.commits([heads[0], gone, *heads[2:]]))
        assert getattr(raised.value, "missing", None) == (gone.sha,)


@pytest.mark.parametrize("revision", ["main", "main~5", "main^{/begin}", "main~6"])
def test_a_single_commit_is_listed_by_its_sha_whatever_it_is(pair: Pair, built: RepositoryBuilder, revision: str):
    """The newest, an ordinary one, the first of all, a merge."""
    sha = built.sha(revision)
    for source in pair:
        listing = source.listing(Query(timezone="UTC", commits=(sha[:12],)), NOW)
        assert [head.sha for head in listing.heads] == [sha]
        assert listing.window.range == sha[:12]
        assert [commit.sha for commit in source.commits(listing.heads)] == [sha]


@pytest.mark.parametrize("sha", ["0123456789", "main", "--all", "abc"])
def test_what_is_the_sha_of_no_commit_is_told(pair: Pair, sha: str):
    for source in pair:
        with pytest.raises(WordsError, match="unknown_commit"):
            source.listing(Query(timezone="UTC", commits=(sha,)), NOW)
