"""A real model for the tests of this folder. They run by `make test-model`, never with the others: it is 200 MB."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import ROOT

HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leaves this folder out unless it is named."""
    named = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(HERE) for path in named) else True


@pytest.fixture(scope="session")
def small_model() -> Iterator[str]:
    """The OPENAI_BASE_URL of a real model server."""
    command = [sys.executable, "-m", "tests.model.server"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, "the model server did not start; python -m tests.model.server says why"
            yield url
        finally:
            process.kill()
