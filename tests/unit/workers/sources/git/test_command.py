"""The git process: found, bounded, ended with its reader, and its complaints understood."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.repositories import RepositoryBuilder
from workers.errors import AccessError, DigestError, RefusedError, TransientError, WordsError
from workers.request import Query
from workers.sources.git import command
from workers.sources.git.command import Git, understand
from workers.sources.git.damage import Files, surviving
from workers.sources.git.source import GitSource

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Program = Callable[[str], str]


@pytest.fixture
def builder(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "repository")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Makes a program of a shell script, to stand in git's place."""

    def make(script: str) -> str:
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_machine_without_git_is_told_so(builder: RepositoryBuilder) -> None:
    with pytest.raises(RefusedError) as error:
        GitSource(builder.path, program="no-such-git")
    assert error.value.code == "git_missing"


@pytest.mark.parametrize("kind", ["nothing", "a folder", "a file", "a folder inside a repository"])
def test_what_is_no_repository_is_told_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "place"
    if kind == "a folder":
        path.mkdir()
    if kind == "a file":
        path.write_text("x")
    if kind == "a folder inside a repository":
        path = RepositoryBuilder(tmp_path / "around").path / "inside"
        path.mkdir()
    with pytest.raises(WordsError) as error:
        GitSource(path)
    assert (error.value.code, error.value.details) == ("not_a_repository", {"path": str(path)})


def test_a_repository_without_commits_is_told_so(builder: RepositoryBuilder) -> None:
    with pytest.raises(WordsError) as error:
        GitSource(builder.path).listing(Query(timezone="UTC"), NOW)
    assert error.value.code == "empty_repository"


def test_a_relative_path_is_one_too(builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit()
    monkeypatch.chdir(builder.path.parent)
    source = GitSource("repository")
    monkeypatch.chdir("/")
    assert len(source.listing(Query(timezone="UTC"), NOW).heads) == 1
    assert source.name == "repository"


OTHERS = 'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git "$@"'


def test_a_repository_of_someone_else_is_refused(builder: RepositoryBuilder, program: Program) -> None:
    with pytest.raises(RefusedError) as error:
        GitSource(builder.path, program=program(OTHERS))
    assert error.value.code == "unsafe_repository"


def test_a_repository_of_someone_else_is_read_where_the_person_trusts_it(
    builder: RepositoryBuilder, program: Program, tmp_path: Path
) -> None:
    builder.commit()
    trusted = f"[safe]\n\tdirectory = /elsewhere\n\tdirectory = {builder.path}\n"
    (tmp_path / "home" / ".gitconfig").write_text(trusted)
    source = GitSource(builder.path, program=program(OTHERS))
    assert len(list(source.commits(source.listing(Query(timezone="UTC"), NOW).heads))) == 1


def test_a_git_that_says_nothing_more_is_given_up_and_ended(program: Program, tmp_path: Path) -> None:
    git = Git(tmp_path, program=program("echo $$; exec sleep 1000"))
    with pytest.raises(TransientError) as error, git.reading("log") as read:
        pid = int(read())
        git._silence = 0.01
        read()
    assert error.value.code == "git_silent"
    assert not is_alive(pid)


def test_a_git_that_closes_its_output_but_does_not_end_is_given_up_too(program: Program, tmp_path: Path) -> None:
    git = Git(tmp_path, silence=0.05, program=program("exec >&-; exec sleep 1000"))
    with pytest.raises(TransientError):
        git.output("log")


@pytest.mark.parametrize("path", ["/\0", "/" + "x" * 5000])
def test_a_path_that_can_be_none_is_no_repository(path: str) -> None:
    with pytest.raises(WordsError) as error:
        GitSource(path)
    assert error.value.code == "not_a_repository"


def endless(program: Program, tmp_path: Path) -> Git:
    return Git(tmp_path, program=program("echo $$; exec yes"))


def test_leaving_early_ends_git(program: Program, tmp_path: Path) -> None:
    with endless(program, tmp_path).reading("log") as read:
        pid = int(read().split()[0])
        assert is_alive(pid)
    assert not is_alive(pid)


def test_an_error_of_the_reader_ends_git(program: Program, tmp_path: Path) -> None:
    pid = 0
    with pytest.raises(ZeroDivisionError), endless(program, tmp_path).reading("log") as read:
        pid = int(read().split()[0])
        raise ZeroDivisionError
    assert pid
    assert not is_alive(pid)


def test_closing_ends_what_another_thread_reads_and_nothing_starts_again(program: Program, tmp_path: Path) -> None:
    git = endless(program, tmp_path)
    pids: list[int] = []
    started = threading.Event()
    errors: list[DigestError] = []

    def follow() -> None:
        try:
            with git.reading("log") as read:
                pids.append(int(read().split()[0]))
                started.set()
                while read():
                    pass
        except DigestError as error:
            errors.append(error)

    thread = threading.Thread(target=follow)
    thread.start()
    assert started.wait(10)
    git.close()
    thread.join(10)
    assert not is_alive(pids[0])
    assert errors, "output that ends because git was killed is not whole"
    with pytest.raises(RefusedError):
        git.output("log")


def test_a_generator_that_is_left_ends_git(builder: RepositoryBuilder) -> None:
    for number in range(3):
        builder.commit(f"{number}", {"a": f"{number}\n"})
    source = GitSource(builder.path)
    commits = source.commits(source.listing(Query(timezone="UTC"), NOW).heads)
    next(commits)
    (process,) = source._git._running
    commits.close()  # type: ignore[attr-defined]
    assert process.returncode is not None
    assert not source._git._running


def test_output_that_git_did_not_finish_is_not_taken_for_whole(program: Program, tmp_path: Path) -> None:
    git = Git(tmp_path, program=program("printf half; echo 'fatal: unable to read " + "a" * 40 + "' >&2; exit 128"))
    with pytest.raises(RefusedError) as error:
        git.output("log")
    assert (error.value.code, error.value.details["object"]) == ("repository_broken", "a" * 40)


def test_more_input_and_output_than_pipes_hold_do_not_block(builder: RepositoryBuilder) -> None:
    sha = builder.commit("x", {"a": "x\n" * 200_000})
    told = Git(builder.path).output("cat-file", "--batch-check=%(objectsize)" + "x" * 50, shas=[sha] * 30_000)
    assert told.count(b"\n") == 30_000


def test_complaints_without_end_do_not_block(program: Program, tmp_path: Path) -> None:
    git = Git(tmp_path, program=program("head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; echo done"))
    assert git.output("log") == b"done\n"


def test_an_answer_without_end_is_not_kept(builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit()
    monkeypatch.setattr(command, "MOST_OUTPUT", 30)
    with pytest.raises(RefusedError) as error:
        Git(builder.path).output("rev-parse", "HEAD")
    assert error.value.code == "repository_broken"


def test_a_folder_that_may_not_be_entered_says_so(builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "is_dir", refuse)
    with pytest.raises(RefusedError) as error:
        GitSource(builder.path)
    assert error.value.code == "repository_unreadable"


def test_a_git_that_hangs_over_trusted_folders_is_given_up(builder: RepositoryBuilder, program: Program) -> None:
    script = 'case "$*" in *rev-parse*) echo "fatal: detected dubious ownership" >&2; exit 128;; esac; exec sleep 1000'
    with pytest.raises(TransientError) as error:
        GitSource(builder.path, program=program(script), silence=0.5)
    assert error.value.code == "git_silent"


def test_an_error_that_is_not_of_one_commit_is_raised() -> None:
    def run(shas: Sequence[str]) -> Generator[tuple[str, Files], None, None]:
        yield shas[0], ()
        raise RefusedError("git_missing")

    found = surviving(run, lambda sha: None, ["a", "b"])
    assert next(found) == ("a", ())
    with pytest.raises(RefusedError):
        next(found)


BROKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("fatal: not a git repository (or any of the parent directories): .git", WordsError, "not_a_repository"),
        ("fatal: cannot change to '/x': No such file or directory", WordsError, "not_a_repository"),
        ("fatal: cannot change to '/x': Permission denied", RefusedError, "repository_unreadable"),
        ('error: open(".git/objects/ab"): Permission denied', RefusedError, "repository_unreadable"),
        ("fatal: detected dubious ownership in repository at '/x'", RefusedError, "unsafe_repository"),
        ("fatal: unsafe repository ('/x' is owned by someone else)", RefusedError, "unsafe_repository"),
        (f"fatal: unable to read {BROKEN}", RefusedError, "repository_broken"),
        (f"fatal: loose object {BROKEN} (stored in x) is corrupt", RefusedError, "repository_broken"),
        (f"error: Could not read {BROKEN}\nfatal: Failed to traverse parents", RefusedError, "repository_broken"),
        (f"fatal: bad object {BROKEN}", RefusedError, "repository_broken"),
        ("error: inflate: data stream error (incorrect header check)", RefusedError, "repository_broken"),
        ("fatal: something else entirely", RefusedError, "git_failed"),
        ("", RefusedError, "git_failed"),
    ],
)
def test_what_git_says_is_understood(said: str, kind: type[DigestError], code: str) -> None:
    error = understand(said, 128, Path("/x"))
    assert (type(error), error.code) == (kind, code)
    assert error.details["path"] == "/x"
    if BROKEN in said:
        assert error.details["object"] == BROKEN


def test_a_complaint_is_told_in_one_short_line(tmp_path: Path) -> None:
    error = understand("warning: x\nfatal: " + "y" * 5000 + "\nmore", 128, tmp_path)
    assert isinstance(error, AccessError)
    assert str(error.details["said"]).startswith("fatal: yyy")
    assert len(str(error.details["said"])) <= 300
