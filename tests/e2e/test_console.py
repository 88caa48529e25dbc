"""The console as people use it: a digest, and then lines, from a pipe or at a prompt."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from chatbot.exits import DONE, STOPPED, WRONG_WORDS
from tests.asking import RAISED, is_repair, reply
from tests.e2e.conftest import Command, Ended
from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from tests.fakes.github_stage import NAME
from tests.fakes.model import RIGHT_KEY, FakeModel
from tests.fakes.model_protocol import Asked
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder

QUESTION = "How long are entries kept?"


@pytest.fixture
def cache(repository: RepositoryBuilder) -> str:
    """A repository of two commits of one day; the sha of the newer one."""
    repository.commit("Begin the cache", {"src/cache.py": "CACHE_SECONDS = 30\n", "docs/cache.md": "It keeps 30 s.\n"})
    return repository.commit("Keep entries of the cache longer (#7)", {"src/cache.py": "CACHE_SECONDS = 90\n"})


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel(lambda asked: '{"repairs": []}' if is_repair(asked) else reply(RAISED)) as server:
        yield server


def asking(model: FakeModel) -> dict[str, str]:
    """The environment of a console that asks a model."""
    return {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": RIGHT_KEY, "OPENAI_MODEL": "small"}


def talk(digest: Command, repository: RepositoryBuilder, *lines: str, **environment: str) -> Ended:
    words = ("console", repository.path, "--judge", "offline", "--language", "en")
    return digest(*words, typed="".join(f"{line}\n" for line in lines), **environment)


def behind(ended: Ended, line: str) -> str:
    """What was said to a line."""
    return ended.out.partition(f"> {line}\n")[2].partition("\n> ")[0]


def test_a_question_is_answered_with_the_places_to_check_it(
    digest: Command, repository: RepositoryBuilder, cache: str, model: FakeModel
):
    ended = talk(digest, repository, QUESTION, **asking(model))
    told = behind(ended, QUESTION)
    assert f"About: {cache[:7]} Keep entries of the cache longer (#7)" in told
    assert "CACHE_SECONDS goes from 30 to 90. [1]" in told
    assert "[1] src/cache.py:1 CACHE_SECONDS = 90" in told
    assert ended.code == DONE


def test_without_a_model_there_are_passages_that_say_so(digest: Command, repository: RepositoryBuilder, cache: str):
    told = behind(talk(digest, repository, "what is CACHE_SECONDS now?"), "what is CACHE_SECONDS now?")
    assert "No model has answered." in told
    assert "+CACHE_SECONDS = 90" in told


def test_a_sha_opens_its_commit_and_questions_are_then_about_it(
    digest: Command, repository: RepositoryBuilder, cache: str
):
    begun = repository.git("rev-parse", "HEAD~1").decode().strip()[:7]
    ended = talk(digest, repository, begun, "and why?", "back", "help")
    assert f"> {begun}\nBegin the cache\n  Commit: {begun}" in ended.out
    assert f"\n{begun} > and why?\n\nAbout: {begun} Begin the cache" in ended.out
    assert "\n> help\n" in ended.out


def test_the_next_question_knows_what_was_said(
    digest: Command, repository: RepositoryBuilder, cache: str, model: FakeModel
):
    talk(digest, repository, QUESTION, "is that all of it?", **asking(model))
    assert "CACHE_SECONDS` goes from 30 to 90." in str(model.requests[-1].body["messages"])


def test_another_digest_takes_the_place_of_the_first_unless_it_cannot_be_made(
    digest: Command, repository: RepositoryBuilder, cache: str, tmp_path: Path
):
    other = RepositoryBuilder(tmp_path / "other")
    other.commit("Begin the engine", {"engine.py": "PISTONS = 4\n"})
    with FakeGitHub({NAME: other.path}) as hub:
        lines = ("/digest nobody/nothing", "CACHE_SECONDS?", f"/digest {NAME}", "PISTONS?")
        ended = talk(digest, repository, *lines, GITHUB_API_URL=hub.url, GITHUB_TOKEN=RIGHT_TOKEN)
    assert "nobody/nothing" in ended.err
    assert "+CACHE_SECONDS = 90" in behind(ended, "CACHE_SECONDS?")
    assert "+PISTONS = 4" in behind(ended, "PISTONS?")


def test_what_only_a_channel_can_have_is_refused_in_a_sentence(
    digest: Command, repository: RepositoryBuilder, cache: str
):
    ended = talk(digest, repository, "/digest subscribe acme/engine daily 09:00")
    assert "`subscribe` is for channels of a chat" in ended.err
    assert ended.code == DONE


def test_a_source_that_is_none_ends_it_at_once(digest: Command, tmp_path: Path):
    ended = digest("console", tmp_path / "nothing", "--language", "en", typed=f"{QUESTION}\n")
    assert ended.code == WRONG_WORDS
    assert ended.out == ""


# --- at a prompt --------------------------------------------------------------------------------------------------


class Screen:
    """A terminal with the console in it."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self._master = master
        self._seen = b""

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def shows(self, text: str) -> bool:
        """Whether it was written since the last look that found something."""
        with suppress(BlockingIOError, OSError):
            self._seen += os.read(self._master, 65536)
        plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]|\r", b"", self._seen).decode("utf-8", "replace")
        found = text in plain
        if found:
            self._seen = b""
        return found


@contextmanager
def screen(repository: RepositoryBuilder, **environment: str) -> Iterator[Screen]:
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    command = [sys.executable, "-m", "chatbot", "console", str(repository.path), "--judge", "offline"]
    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "LANG": "en_US.UTF-8", **environment},
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Screen(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_ctrl_c_ends_an_answer_and_the_next_question_is_answered(
    data_dir: Path, repository: RepositoryBuilder, cache: str, model: FakeModel
):
    said = model.script

    def slow(asked: Asked) -> object:
        model.latency = 0.0
        return said(asked)

    model.latency, model.script = 60.0, slow
    with screen(repository, **asking(model)) as shown:
        wait_until(lambda: shown.shows("> "), 20)
        shown.type(f"{QUESTION}\n")
        wait_until(lambda: model.requests, 20)
        model.latency = 0.0
        shown.process.send_signal(signal.SIGINT)
        wait_until(lambda: shown.shows("Stopped."), 20)
        shown.type(f"{QUESTION}\n")
        wait_until(lambda: shown.shows("from 30 to 90"), 20)
        shown.type("quit\n")
        assert shown.process.wait(20) == DONE


def test_ctrl_c_at_the_prompt_ends_the_console(data_dir: Path, repository: RepositoryBuilder, cache: str):
    with screen(repository) as shown:
        wait_until(lambda: shown.shows("> "), 20)
        shown.process.send_signal(signal.SIGINT)
        assert shown.process.wait(20) == STOPPED
