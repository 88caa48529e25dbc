"""GitHubSource.commits: files and patches as GitHub gives them, many at once, and what becomes of those it does not."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import NAME, Time, count, source_on
from tests.fakes.github_troubles import changed, cut, drop, failure, held, secondary_limit, together
from tests.repositories import RepositoryBuilder, executable, submodule, symlink
from workers.errors import PartialError, RefusedError, TransientError
from workers.model import Commit, CommitHead, FileChange, FileStatus, PatchGap
from workers.request import Query
from workers.sources import github_values
from workers.sources.github import GitHubSource
from workers.sources.github_access import GitHubAccess

NOW = datetime(2026, 2, 25, 12, tzinfo=UTC)
ALL = Query(timezone="UTC", start=datetime(2026, 1, 1, tzinfo=UTC), end=NOW)
BINARY = b"\x00\x01\x02" * 50


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    built = RepositoryBuilder(tmp_path_factory.mktemp("engine"), bare=True)
    built.commit(
        "begin",
        {
            "gone.txt": "1\n",
            "moved.txt": "".join(f"{n}\n" for n in range(20)),
            "whole.bin": BINARY,
            "tool.sh": "#!/bin/sh\n",
            "link": "a file\n",
            "text": "one\ntwo\n",
        },
    )
    built.commit(
        "everything",
        {
            "gone.txt": None,
            "moved.txt": None,
            "new/moved.txt": "".join(f"{n}\n" for n in range(19)) + "other\n",
            "whole.bin": None,
            "same.bin": BINARY,
            "fresh.bin": BINARY + b"more",
            "tool.sh": executable("#!/bin/sh\n"),
            "link": symlink("text"),
            "text": "one\n2\n",
            "empty": "",
            "no newline": "end",
            "路径/文件.txt": "中文\n",
            "module": submodule("1" * 40),
            "large.txt": "x\n" * 300,
        },
    )
    built.commit("module moves", {"module": submodule("2" * 40), "fresh.bin": BINARY + b"yet more"})
    built.commit("nothing at all")
    return built


@pytest.fixture
def hub(engine: RepositoryBuilder) -> Iterator[FakeGitHub]:
    with FakeGitHub({NAME: engine.path}) as server:
        server.repositories[NAME].file_limits = (10_000, 200)
        yield server


@pytest.fixture
def source(hub: FakeGitHub) -> Iterator[GitHubSource]:
    with source_on(hub, concurrency=4) as opened:
        yield opened


def listed(source: GitHubSource) -> tuple[CommitHead, ...]:
    return source.listing(ALL, NOW).heads


def named(source: GitHubSource, subject: str) -> Commit:
    return next(commit for commit in source.commits(listed(source)) if commit.subject == subject)


def file_of(source: GitHubSource, path: str) -> FileChange:
    return next(file for file in named(source, "everything").files if file.path == path)


# --- files ------------------------------------------------------------------------------------------------------


def test_a_patch_begins_with_its_first_hunk_and_comes_with_its_counts(source: GitHubSource) -> None:
    file = file_of(source, "text")
    assert file.patch == "@@ -1,2 +1,2 @@\n one\n-two\n+2"
    assert (file.status, file.additions, file.deletions) == (FileStatus.MODIFIED, 1, 1)


def test_a_root_commit_adds_its_files(source: GitHubSource) -> None:
    assert {file.status for file in named(source, "begin").files} == {FileStatus.ADDED}


def test_a_file_without_a_newline_at_its_end_says_so(source: GitHubSource) -> None:
    assert file_of(source, "no newline").patch == "@@ -0,0 +1 @@\n+end\n\\ No newline at end of file"


@pytest.mark.parametrize(
    ("path", "status", "gap"),
    [
        ("gone.txt", FileStatus.DELETED, None),
        ("empty", FileStatus.ADDED, None),
        ("fresh.bin", FileStatus.ADDED, PatchGap.BINARY),
        ("same.bin", FileStatus.RENAMED, None),
        ("tool.sh", FileStatus.MODIFIED, PatchGap.WITHHELD),
        ("link", FileStatus.TYPE_CHANGED, None),
        ("large.txt", FileStatus.ADDED, PatchGap.TOO_LARGE),
        ("路径/文件.txt", FileStatus.ADDED, None),
    ],
)
def test_what_became_of_a_file_and_why_it_has_no_patch(
    source: GitHubSource, path: str, status: FileStatus, gap: PatchGap | None
) -> None:
    file = file_of(source, path)
    assert (file.status, file.gap, file.patch is None) == (status, gap, gap is not None)


def test_a_renamed_file_says_where_it_came_from(source: GitHubSource) -> None:
    file = file_of(source, "new/moved.txt")
    assert (file.status, file.old_path, file.additions) == (FileStatus.RENAMED, "moved.txt", 1)


def test_a_submodule_is_known_by_its_patch(source: GitHubSource) -> None:
    added = file_of(source, "module")
    moved = named(source, "module moves").files[1]
    assert (added.old_mode, added.new_mode, added.is_submodule) == ("000000", "160000", True)
    assert (moved.old_mode, moved.new_mode) == ("160000", "160000")


def test_a_binary_file_that_was_modified_cannot_be_told_from_a_change_of_mode(source: GitHubSource) -> None:
    assert named(source, "module moves").files[0].gap is PatchGap.WITHHELD


def test_a_commit_without_files_has_none(source: GitHubSource) -> None:
    assert named(source, "nothing at all").files == ()


def test_patches_over_our_limits_are_let_go_but_counted(source: GitHubSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_values, "MAX_FILE_PATCH", 50)
    monkeypatch.setattr(github_values, "MAX_COMMIT_PATCH", 100)
    files = {file.path: file for file in named(source, "everything").files}
    assert (files["new/moved.txt"].gap, files["new/moved.txt"].additions) == (PatchGap.TOO_LARGE, 1)
    assert 0 < sum(file.patch_bytes for file in files.values()) <= 100
    assert files["路径/文件.txt"].gap is PatchGap.TOO_LARGE


# --- thousands of files -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGitHub]:
    built = RepositoryBuilder(tmp_path_factory.mktemp("wide"), bare=True)
    for subject, number in (("650", 650), ("3001", 3_001), ("300", 300)):
        built.commit(subject, {f"{subject}/{n}": f"{n}\n" for n in range(number)})
    with FakeGitHub({NAME: built.path}) as server:
        yield server


@pytest.mark.parametrize(
    ("subject", "files", "requests", "is_cut"), [("650", 650, 3, False), ("3001", 3_000, 10, True)]
)
def test_files_come_in_pages_of_300_and_what_github_leaves_out_is_told(
    wide: FakeGitHub, subject: str, files: int, requests: int, is_cut: bool
) -> None:
    with source_on(wide) as source:
        heads = [head for head in listed(source) if head.subject == subject]
        wide.requests.clear()
        (commit,) = source.commits(heads)
    assert (len(commit.files), len(wide.requests), commit.files_cut) == (files, requests, is_cut)


def test_a_server_that_does_not_page_files_shows_by_its_sums(wide: FakeGitHub) -> None:
    with source_on(wide) as source:
        heads = [head for head in listed(source) if head.subject in ("650", "300")]
        wide.trouble(lambda reply: type(reply)(200, reply.body), on="/commits/", times=2)
        assert {commit.subject: commit.files_cut for commit in source.commits(heads)} == {"650": True, "300": False}


def test_a_page_of_files_that_repeats_is_a_lie(wide: FakeGitHub) -> None:
    with source_on(wide) as source:
        head = next(head for head in listed(source) if head.subject == "650")
        one = {"filename": "650/0", "status": "added", "additions": 1, "deletions": 0, "patch": "@@ -0,0 +1 @@\n+0"}
        wide.trouble(changed(lambda data: {**data, "files": [one]}), on=f"/commits/{head.sha}", times=None)
        with pytest.raises(PartialError, match="source_misbehaves"):
            list(source.commits([head]))


# --- many at once -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = RepositoryBuilder(tmp_path_factory.mktemp("forty"), bare=True)
    lines = (
        f"commit refs/heads/main\ncommitter A <a@b> {1_771_660_800 + n} +0000\ndata {len(str(n))}\n{n}\n"
        f"M 100644 inline a\ndata {len(str(n))}\n{n}\n"
        for n in range(40)
    )
    built.git("fast-import", "--quiet", "--date-format=raw", given="".join(lines).encode())
    return built.path


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
