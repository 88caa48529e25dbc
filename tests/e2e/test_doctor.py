"""`commit-digest doctor`: a line for each check, and what to do where one fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Command
from tests.fakes.github import FakeGitHub
from tests.servers import redis_server

DONE, WRONG_WORDS, UNREACHABLE = 0, 2, 3


@pytest.mark.parametrize(("locale", "fine"), [("C.UTF-8", ": ok"), ("zh_CN.UTF-8", ": 正常")])
def test_with_nothing_configured_everything_is_fine(digest: Command, locale: str, fine: str):
    ended = digest("doctor", LANG=locale)
    assert ended.code == DONE
    assert ended.out.count(fine) == 3  # settings, git, Redis
    assert len(ended.out.splitlines()) == 5


def test_what_is_configured_and_works_is_said(digest: Command, tmp_path: Path):
    with FakeGitHub({}) as github, redis_server("--maxmemory-policy", "noeviction") as url:
        ended = digest("doctor", REDIS_URL=url, GITHUB_API_URL=github.url, GITHUB_TOKEN=github.token)
    assert ended.code == DONE
    assert github.url in ended.out
    assert github.token not in ended.out


def test_a_redis_that_may_forget_is_wrong(digest: Command):
    with redis_server("--maxmemory-policy", "allkeys-lru") as url:
        ended = digest("doctor", REDIS_URL=url)
    assert ended.code == UNREACHABLE
    assert "noeviction" in ended.out


def test_every_failing_check_has_its_line_and_the_others_go_on(digest: Command):
    ended = digest("doctor", REDIS_URL="redis://127.0.0.1:9", GITHUB_API_URL="http://127.0.0.1:9", GITHUB_TOKEN="x")
    assert ended.code == UNREACHABLE
    assert "REDIS_URL" in ended.out
    assert "GITHUB_API_URL" in ended.out
    assert len(ended.out.splitlines()) == 5


def test_a_wrong_setting_is_the_only_line(digest: Command):
    ended = digest("doctor", RUN_LIFE="soon")
    assert ended.code == UNREACHABLE
    (line,) = ended.out.splitlines()
    assert "RUN_LIFE" in line
