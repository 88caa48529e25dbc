"""A fake Feishu, and our way out to it. The SDK keeps tokens for the whole process: every test begins with none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakeredis import FakeStrictRedis
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.token import TokenManager

from chatbot.platforms.feishu.rooms import Rooms, open_rooms
from chatbot.platforms.feishu.sender import FeishuPlatform
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from workers.settings import Settings


@pytest.fixture
def feishu(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFeishu]:
    monkeypatch.setattr(TokenManager, "cache", LocalCache())
    with FakeFeishu() as server:
        yield server


@pytest.fixture
def redis() -> FakeStrictRedis:
    return FakeStrictRedis(version=7)


@pytest.fixture
def settings(feishu: FakeFeishu) -> Settings:
    return Settings(feishu_app_id=APP_ID, feishu_app_secret=APP_SECRET, feishu_domain=feishu.url)


@pytest.fixture
def rooms(settings: Settings, redis: FakeStrictRedis) -> Rooms:
    return open_rooms(settings, redis)


@pytest.fixture
def platform(rooms: Rooms) -> FeishuPlatform:
    return rooms.platform
