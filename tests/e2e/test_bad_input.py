"""Whatever is wrong: one clear line with the remedy in the person's language, the right exit code, nothing left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Command, processes_in
from tests.fakes.github import FakeGitHub
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder
from tests.servers import redis_server

WRONG_WORDS, UNREACHABLE, STOPPED = 2, 3, 130


@pytest.fixture
def small(repository: RepositoryBuilder) -> RepositoryBuilder:
    """Three commits on main and a branch."""
    for number in range(3):
        repository.commit(f"Change {number}", {"a.py": f"x = {number}\n"})
    repository.branch("release")
    return repository


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--date", "2026-13-01"], "2026-13-01"),
        (["--date", "soon"], "soon"),
        (["--timezone", "Asia/Shanghia"], "Asia/Shanghai"),
        (["--since", "whenever"], "whenever"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "2026-02-01"),
        (["--until", "2026-02-01"], "--since"),
        (["--range", "v1..v2"], "v1..v2"),
        (["--range", "--all"], "--all"),
        (["--date", "today", "--range", "a..b"], "--date"),
        (["--branch", "relase"], "release"),
        (["--formt", "json"], "--format"),
        (["--least-tier", "huge"], "medium"),
        (["--date"], "--date"),
        (["extra"], "extra"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_words_are_named_in_one_line(
    digest: Command, small: RepositoryBuilder, words: list[str], told: str, language: str
):
    ended = digest("report", small.path, *words, LANG=f"{language}_X")
    assert (ended.code, ended.out) == (WRONG_WORDS, "")
    assert told in ended.complaint
    assert (not ended.complaint.isascii()) == (language == "zh")


def test_a_folder_that_is_no_repository_is_named(digest: Command, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    ended = digest("report", tmp_path / "folder")
    assert ended.code == WRONG_WORDS
    assert str(tmp_path / "folder") in ended.err


def test_a_path_that_is_not_there_is_named(digest: Command, tmp_path: Path):
    ended = digest("report", tmp_path / "nowhere")
    assert ended.code == WRONG_WORDS
    assert "nowhere" in ended.err


def test_an_empty_repository_says_that_it_is_empty(digest: Command, repository: RepositoryBuilder):
    ended = digest("report", repository.path, "--language", "en")
    assert ended.code == WRONG_WORDS
    assert "no commits" in ended.err


def test_a_shallow_clone_whose_window_is_cut_off_says_so(digest: Command, small: RepositoryBuilder, tmp_path: Path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{small.path}", str(clone)], check=True)
    ended = digest("report", clone, "--format", "json", "--language", "en", "--timezone", "UTC")
    assert ended.code == 4
    (problem,) = ended.json["problems"]
    assert "git fetch --unshallow" in problem["what"]


@pytest.mark.parametrize("token", ["", "ghp_wrong"], ids=["no key", "a wrong key"])
def test_a_private_repository_is_refused_with_the_remedy(digest: Command, small: RepositoryBuilder, token: str):
    with FakeGitHub({"acme/run": small.path}, private=True) as github:
        ended = digest("report", "acme/run", GITHUB_API_URL=github.url, GITHUB_TOKEN=token)
    assert ended.code == UNREACHABLE
    assert "GITHUB_TOKEN" in ended.complaint
    assert token == "" or token not in ended.err


def test_a_server_that_cannot_be_reached_is_named(digest: Command):
    ended = digest("report", "acme/run", GITHUB_API_URL="http://127.0.0.1:9", GITHUB_MAX_WAIT="1")
    assert ended.code == UNREACHABLE
    assert "GITHUB_API_URL" in ended.complaint


def test_a_redis_that_is_down_is_named_without_its_password(digest: Command, small: RepositoryBuilder):
    ended = digest("report", small.path, REDIS_URL="redis://:sesame@127.0.0.1:9/0", LANG="en")
    assert ended.code == UNREACHABLE
    assert "REDIS_URL" in ended.err
    assert "sesame" not in ended.err


def test_a_redis_that_is_full_is_named(digest: Command, small: RepositoryBuilder):
    with redis_server("--maxmemory", "1mb", "--maxmemory-policy", "noeviction") as url:
        ended = digest("report", small.path, REDIS_URL=url, LANG="en")
    assert ended.code == UNREACHABLE
    assert "memory" in ended.err


def test_a_redis_that_only_reads_is_named(digest: Command, small: RepositoryBuilder):
    with redis_server("--replicaof", "127.0.0.1 9") as url:
        ended = digest("report", small.path, REDIS_URL=url, LANG="en")
    assert ended.code == UNREACHABLE
    assert "REDIS_URL" in ended.err


def test_a_data_dir_that_cannot_be_made_is_named(digest: Command, small: RepositoryBuilder, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    ended = digest("report", small.path, DATA_DIR=str(tmp_path / "file" / "data"), LANG="en")
    assert ended.code == UNREACHABLE
    assert "DATA_DIR" in ended.err


def test_an_output_that_cannot_be_written_is_named(digest: Command, small: RepositoryBuilder, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    ended = digest("report", small.path, "--output", tmp_path / "file" / "digest.md", LANG="en")
    assert ended.code == UNREACHABLE
    assert str(tmp_path / "file" / "digest.md") in ended.err


def test_a_wrong_setting_is_named(digest: Command, small: RepositoryBuilder):
    ended = digest("report", small.path, WORKER_PROCESSES="none")
    assert ended.code == WRONG_WORDS
    assert "WORKER_PROCESSES" in ended.err


def test_without_git_the_remedy_is_to_install_it(digest: Command, small: RepositoryBuilder, tmp_path: Path):
    ended = digest("report", small.path, PATH=str(tmp_path), LANG="en")
    assert ended.code == UNREACHABLE
    assert "install git" in ended.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["at once", "with workers"])
def test_stopped_at_any_moment_it_says_one_line_and_leaves_nothing(
    data_dir: Path, small: RepositoryBuilder, tmp_path: Path, number: signal.Signals, moment: str
):
    """A git that hangs keeps the report in the middle of its work for as long as the test wants."""
    fake = tmp_path / "bin"
    fake.mkdir()
    real = shutil.which("git")
    (fake / "git").write_text(f'#!/bin/sh\ncase "$*" in *diff-tree*) exec sleep 600;; esac\nexec {real} "$@"\n')
    (fake / "git").chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "chatbot", "report", str(small.path), "--language", "en"],
        env={**os.environ, "PATH": f"{fake}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    others = 1 if moment == "at once" else 5
    wait_until(lambda: len(processes_in(tmp_path)) > others, seconds=30)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (STOPPED, "")
    assert "Stopped" in err.splitlines()[-1]
    assert "Traceback" not in err
    wait_until(lambda: not processes_in(tmp_path), seconds=30)
    assert digest_after(small).returncode == 0


def digest_after(small: RepositoryBuilder) -> subprocess.CompletedProcess[str]:
    """The same report again, undisturbed."""
    command = [sys.executable, "-m", "chatbot", "report", str(small.path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
