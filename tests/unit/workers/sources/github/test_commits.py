"""GitHubSource.commits: files and patches as GitHub gives them, many at once, and what becomes of those it does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.github import FakeGitHub
from tests.fakes.github_stage import ALL, NAME, NOW, source_on
from tests.fakes.github_troubles import changed
from tests.repositories import RepositoryBuilder, executable, submodule, symlink
from workers.errors import PartialError
from workers.model import Commit, CommitHead, FileChange, FileStatus, PatchGap
from workers.sources.github import values
from workers.sources.github.source import GitHubSource

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
    monkeypatch.setattr(values, "MAX_FILE_PATCH", 50)
    monkeypatch.setattr(values, "MAX_COMMIT_PATCH", 100)
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
