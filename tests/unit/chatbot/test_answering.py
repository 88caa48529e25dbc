"""An answer reaches who asked: at once, or by a job, and once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fakeredis import FakeStrictRedis
from rq import Queue
from rq.serializers import JSONSerializer

from chatbot.answering import Answering, Reply, say_until_said
from chatbot.messaging import Answer, MessageRefusedError
from chatbot.platforms.slack.rooms import open_rooms
from chatbot.platforms.slack.sender import SlackPlatform
from chatbot.views.view import Paragraph, Text, View
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_http import dropped, limited, refused
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from tests.unit.chatbot.rooms import message
from workers import queues
from workers.errors import TransientError
from workers.settings import Settings

NOW = datetime.now(UTC)
VIEW = View("en", "hello", "hello", (Paragraph((Text("hello"),)),))
TOLD, SAID = Answer(VIEW), Answer(VIEW, is_private=False)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(Workspace(began=int(time.time()))) as server:
        yield server


@pytest.fixture
def redis() -> FakeStrictRedis:
    return FakeStrictRedis()


@pytest.fixture
def platform(slack: FakeSlack, redis: FakeStrictRedis) -> SlackPlatform:
    return open_rooms(Settings(slack_bot_token=BOT_TOKEN, slack_api_url=slack.api_url), redis).platform


def left(redis: FakeStrictRedis) -> list[Reply]:
    """What is left to jobs."""
    queue = Queue(queues.CHAT, connection=redis, serializer=JSONSerializer)
    return [Reply.model_validate_json(job.args[0]) for job in queue.jobs]


def test_a_private_answer_is_seen_by_one_and_a_public_one_by_all(
    slack: FakeSlack, platform: SlackPlatform, redis: FakeStrictRedis
) -> None:
    answering = Answering(platform, redis)
    answering.give(message("x"), TOLD, NOW)
    assert slack.seen() == []
    answering.give(message("x"), SAID, NOW)
    assert len(slack.private()) == len(slack.seen()) == 1
    assert left(redis) == []


@pytest.mark.parametrize("answer", [TOLD, SAID])
@pytest.mark.parametrize("arrived", [True, False])
def test_what_did_not_surely_arrive_is_said_by_a_job(
    slack: FakeSlack, platform: SlackPlatform, redis: FakeStrictRedis, answer: Answer, arrived: bool
) -> None:
    for method in ("chat.postMessage", "chat.postEphemeral"):
        slack.trouble(dropped(after=arrived), on=method)
    Answering(platform, redis).give(message("x"), answer, NOW)
    (reply,) = left(redis)
    say_until_said(platform, reply, lambda seconds: None)
    assert len(slack.seen()) == (0 if answer.is_private else 1)
    assert slack.private() or not answer.is_private


def test_the_job_waits_as_the_platform_says_and_gives_up_in_the_end(
    slack: FakeSlack, platform: SlackPlatform, redis: FakeStrictRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    # The clock of Redis, by which a turn is held: it goes on by what is waited, and however long the test takes.
    monkeypatch.setattr(time, "time", lambda: NOW.timestamp() + sum(waited))
    slack.trouble(limited(retry_after=7), times=None)
    Answering(platform, redis).give(message("x"), SAID, NOW)
    with pytest.raises(TransientError):
        say_until_said(platform, left(redis)[0], waited.append)
    assert set(waited) == {7.0}


def test_a_refusal_is_logged_with_a_reference(
    slack: FakeSlack, platform: SlackPlatform, redis: FakeStrictRedis, caplog: pytest.LogCaptureFixture
) -> None:
    slack.trouble(refused("restricted_action"), times=None)
    Answering(platform, redis).give(message("x"), SAID, NOW)
    assert "reference" in caplog.text
    assert "restricted_action" in caplog.text
    with pytest.raises(MessageRefusedError):
        say_until_said(
            platform,
            Reply.model_validate(
                {
                    "channel": message("x").channel,
                    "person": message("x").person,
                    "part": platform.render(VIEW, "k", message("x").channel)[0],
                    "key": "k",
                    "asked_at": NOW,
                    "is_private": False,
                }
            ),
            lambda seconds: None,
        )
