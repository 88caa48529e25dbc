"""The command line as its users start it: a process of its own, real Redis, real workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.fakes.model import RIGHT_KEY, FakeModel, Script
from tests.processes import ROOT, is_running, wait_until
from tests.repositories import RepositoryBuilder
from tests.strong_model import judging


class Ended(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The last line on stderr: before it there may be lines of progress, on a slow machine."""
        return self.err.splitlines()[-1]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Ended]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder whose server, at the end, is gone by itself: no command leaves a process behind."""
    path = tmp_path / "data"
    monkeypatch.setenv("DATA_DIR", str(path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    yield path
    wait_until(lambda: not processes_in(tmp_path))


@pytest.fixture
def digest(data_dir: Path, tmp_path: Path) -> Command:
    """Runs `commit-digest` with words, and what is typed in a pipe, and gives how it ended."""

    def run(*words: object, typed: str = "", **environment: str) -> Ended:
        command = [sys.executable, "-m", "chatbot", *map(str, words)]
        ended = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            input=typed,
            check=False,
        )
        assert "Traceback" not in ended.stdout + ended.stderr
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    """An empty repository."""
    return RepositoryBuilder(tmp_path / "repository")


def processes_in(folder: Path) -> list[int]:
    """The running processes that name a folder in their environment or command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in told and is_running(int(entry.name)) and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel(judging()) as server:
        yield server


@pytest.fixture
def judged(digest: Command, model: FakeModel, repository: RepositoryBuilder) -> Command:
    """Reports the repository, judged by the fake model with a script."""

    def run(script: Script | None = None, *words: object, **environment: str) -> Ended:
        model.script = script or model.script
        given = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": RIGHT_KEY, "OPENAI_MODEL": "small", **environment}
        return digest("report", repository.path, "--format", "json", "--language", "en", *words, **given)

    return run


@pytest.fixture
def limits(repository: RepositoryBuilder) -> RepositoryBuilder:
    """A default that falls."""
    repository.commit("Begin", {"src/limits.py": "MAX_WAIT = 60\n\n\ndef wait() -> int:\n    return MAX_WAIT\n"})
    repository.commit(
        "fix: give up sooner (#7)", {"src/limits.py": "MAX_WAIT = 30\n\n\ndef wait() -> int:\n    return MAX_WAIT\n"}
    )
    return repository
