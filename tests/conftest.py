"""Tests start closed: no network but loopback, a clean environment, no model. Golden files hold whole messages."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

GOLDEN = Path(__file__).parent / "golden"
KEPT = ("PATH", "HOME", "TMPDIR", "PYTHONPATH", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "VIRTUAL_ENV")

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing with them")


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No network but loopback; nothing of the person's environment or home reaches a test."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    for name in list(os.environ):
        if name not in KEPT:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(name, text)`: the text equals tests/golden/<name>, or is written there with --update-golden."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        assert path.is_file(), f"no golden file {name}: look at the text, then run pytest --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return check
