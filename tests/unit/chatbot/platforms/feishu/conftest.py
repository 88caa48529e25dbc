"""A fake Feishu, our way out to it, and a conversation.

The SDK keeps tokens for the whole process: every test begins with none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from fakeredis import FakeStrictRedis
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.token import TokenManager
from redis import Redis

from chatbot.answering import Answering
from chatbot.commands.access import Access
from chatbot.commands.digests import digest_commands
from chatbot.commands.status import help_commands
from chatbot.commands.subscriptions import subscription_commands
from chatbot.commands.table import joined
from chatbot.conversation import Conversation
from chatbot.platforms.feishu.events import Hearing
from chatbot.platforms.feishu.paces import Paces
from chatbot.platforms.feishu.rooms import Rooms, open_rooms
from chatbot.platforms.feishu.sender import FeishuPlatform
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from tests.unit.chatbot.rooms import NOW, ListedSubscriptions, NotingDesk, NotingFeedback, NotingQuestions
from workers.settings import Settings
from workers.store.channels import ChannelStore
from workers.store.seen import Seen

T = TypeVar("T")


class Unpaced(Paces):
    """Feishu takes everything at once."""

    def do(self, place: str | None, kind: str, call: Callable[[], T]) -> T:
        return call()


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


@pytest.fixture
def desk() -> NotingDesk:
    return NotingDesk()


@pytest.fixture
def subscriptions() -> ListedSubscriptions:
    return ListedSubscriptions()


@pytest.fixture
def conversation(desk: NotingDesk, subscriptions: ListedSubscriptions, redis: Redis) -> Conversation:
    access = Access((), ())
    return Conversation(
        table=joined(digest_commands(desk, access), subscription_commands(subscriptions, access), help_commands()),
        access=access,
        desk=desk,
        channels=ChannelStore(redis),
        seen=Seen(redis),
        questions=NotingQuestions(),
        feedback=NotingFeedback(),
    )


@pytest.fixture
def hearing(conversation: Conversation, rooms: Rooms, redis: Redis) -> Iterator[Hearing]:
    found = Hearing(conversation, Answering(rooms.platform, redis), rooms.facts, "en", lambda: NOW)
    yield found
    found.close()
