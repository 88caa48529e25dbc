"""`commit-digest doctor`: a line for each check, and what to do where one fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Command
from tests.fakes.github import FakeGitHub
from tests.fakes.model import FakeModel
from tests.fakes.model_troubles import EXPIRED_KEY, NOT_JSON, Failure, Trouble
from tests.fakes.slack import APP_TOKEN, FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN
from tests.servers import redis_server

DONE, WRONG_WORDS, UNREACHABLE = 0, 2, 3
CHECKS = 8


@pytest.mark.parametrize(("locale", "fine"), [("C.UTF-8", ": ok"), ("zh_CN.UTF-8", ": 正常")])
def test_with_nothing_configured_everything_is_fine(digest: Command, locale: str, fine: str):
    ended = digest("doctor", LANG=locale)
    assert ended.code == DONE
    assert ended.out.count(fine) == 3  # settings, git, Redis
    assert len(ended.out.splitlines()) == CHECKS


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
    assert len(ended.out.splitlines()) == CHECKS


def test_a_wrong_setting_is_the_only_line(digest: Command):
    ended = digest("doctor", RUN_LIFE="soon")
    assert ended.code == UNREACHABLE
    (line,) = ended.out.splitlines()
    assert "RUN_LIFE" in line


def test_a_model_that_answers_is_told_with_how_it_is_asked(digest: Command):
    with FakeModel(refuses={"json_schema": 400}) as model:
        variables = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": str(model.key), "OPENAI_MODEL": "small"}
        ended = digest("doctor", OPENAI_MODEL_DEEP="deep", **variables)
        assert [asked.model for asked in model.requests] == ["small", "small", "deep", "deep"]
    assert ended.code == DONE
    assert f"small at {model.url} answers" in ended.out
    assert "deep at" in ended.out
    assert "as JSON, with the schema in the prompt" in ended.out
    assert str(model.key) not in ended.out


@pytest.mark.parametrize(
    ("trouble", "remedy"),
    [(EXPIRED_KEY, "OPENAI_API_KEY"), (Failure(404, "<html>nginx</html>"), "OPENAI_MODEL"), (Failure(400, "?"), "/v1")],
)
def test_a_model_that_cannot_be_asked_is_told_with_the_remedy(digest: Command, trouble: Trouble, remedy: str):
    with FakeModel() as model:
        model.trouble(trouble, times=None)
        ended = digest("doctor", OPENAI_BASE_URL=model.url, OPENAI_API_KEY=str(model.key), OPENAI_MODEL="small")
    assert ended.code == UNREACHABLE
    (line,) = [line for line in ended.out.splitlines() if line.startswith("Model")]
    assert remedy in line
    assert str(model.key) not in ended.out
    assert "Traceback" not in ended.out + ended.err


def test_what_a_model_says_to_the_doctor_does_not_matter(digest: Command):
    with FakeModel(key=None) as model:
        model.trouble(NOT_JSON, times=None)
        ended = digest("doctor", OPENAI_BASE_URL=model.url, OPENAI_MODEL="small", LANG="zh_CN.UTF-8")
    assert ended.code == DONE
    assert "应答正常" in ended.out


# --- Slack --------------------------------------------------------------------------------------------------------


def slack_line(digest: Command, slack: FakeSlack, **given: str) -> str:
    """The line about Slack, with a workspace's keys or others in their place."""
    keys = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, **given}
    ended = digest("doctor", **keys)
    (line,) = [line for line in ended.out.splitlines() if line.startswith("Slack")]
    assert (ended.code == DONE) == line.startswith("Slack: ok")
    assert keys["SLACK_BOT_TOKEN"] not in ended.out or not keys["SLACK_BOT_TOKEN"]
    return line


def test_a_slack_that_works_is_said(digest: Command):
    with FakeSlack() as slack:
        line = slack_line(digest, slack)
    assert line.startswith("Slack: ok")
    assert "Acme" in line
    assert "Socket Mode works" in line


def test_what_is_wrong_with_slack_is_told_with_the_remedy(digest: Command):
    with FakeSlack() as slack:
        slack.workspace.scopes = "commands,chat:write"
        assert "users:read" in slack_line(digest, slack)
        assert "xapp-" in slack_line(digest, slack, SLACK_APP_TOKEN="xapp-wrong")
        assert "SLACK_SIGNING_SECRET" in slack_line(digest, slack, SLACK_APP_TOKEN="")
        assert "xoxb-..." in slack_line(digest, slack, SLACK_BOT_TOKEN="xoxb-wrong")
