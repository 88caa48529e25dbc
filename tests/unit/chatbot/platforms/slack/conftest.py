"""A fake Slack with the messages of now, and our way out to it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fakeredis import FakeStrictRedis

from chatbot.platforms.slack.rooms import Rooms, open_rooms
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from workers.settings import Settings


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(Workspace(began=int(time.time()))) as server:
        yield server


@pytest.fixture
def redis() -> FakeStrictRedis:
    return FakeStrictRedis()


@pytest.fixture
def settings(slack: FakeSlack) -> Settings:
    return Settings(slack_bot_token=BOT_TOKEN, slack_api_url=slack.api_url)


@pytest.fixture
def rooms(settings: Settings, redis: FakeStrictRedis) -> Rooms:
    return open_rooms(settings, redis)
