"""What people do in a chat and see of the bot then, the same on every platform: each test runs against every fake.

The whole bot runs as processes of its own, over each platform's real SDK. What one platform does its own way is in
`tests/integration/test_slack.py` and `test_feishu.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.drivers.driver import SUBJECT, Driver
from tests.drivers.feishu import feishu
from tests.drivers.slack import slack
from tests.repositories import RepositoryBuilder

DRIVERS: dict[str, Callable[..., AbstractContextManager[Driver]]] = {"slack": slack, "feishu": feishu}


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the repositories are that rooms may read."""
    return tmp_path_factory.mktemp("git")


@pytest.fixture(scope="package")
def source(folder: Path) -> str:
    """Three commits of one day."""
    builder = RepositoryBuilder(folder / "engine")
    builder.commit(f"feat!: {SUBJECT}", {"src/login.py": "def login(user):\n    return user\n"})
    builder.commit("fix: a crash", {"src/login.py": "def login(user):\n    return user or None\n"})
    builder.commit("docs: typo", {"README.md": "hello\n"})
    return str(builder.path)


@pytest.fixture(scope="package", params=DRIVERS)
def chat(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Driver]:
    with DRIVERS[request.param](tmp_path_factory.mktemp(request.param), folder) as driver:
        yield driver
