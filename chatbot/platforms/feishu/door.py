"""Feishu's way in: callbacks over HTTP where the app has an encrypt key, else the long connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import SecretStr
from starlette.routing import BaseRoute

from chatbot.answering import Answering
from chatbot.doors import House
from chatbot.platforms.feishu.callbacks import Keys
from chatbot.platforms.feishu.connection import LongConnection
from chatbot.platforms.feishu.events import Hearing
from chatbot.platforms.feishu.facts import PLATFORM
from chatbot.platforms.feishu.http import http_routes
from chatbot.platforms.feishu.rooms import open_rooms
from workers.settings import Settings


class FeishuDoor:
    """See Door."""

    def __init__(self, hearing: Hearing, routes: Sequence[BaseRoute], connection: LongConnection | None) -> None:
        self._hearing = hearing
        self._routes = routes
        self._connection = connection

    @property
    def name(self) -> str:
        """See Door."""
        return PLATFORM

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """See Door."""
        return self._routes

    def open(self) -> None:
        """See Door."""
        if self._connection is not None:
            self._connection.open()

    def close(self) -> None:
        """See Door."""
        if self._connection is not None:
            self._connection.close()
        self._hearing.close()

    def is_well(self) -> bool:
        """See Door."""
        return self._connection is None or self._connection.is_connected()


def open_door(house: House) -> FeishuDoor:
    """The door as the settings want it. RefusedError("no_platform") where the app is not configured."""
    settings, rooms = house.settings, open_rooms(house.settings, house.redis)
    answering = Answering(rooms.platform, house.redis)
    hearing = Hearing(house.conversation, answering, rooms.facts, settings.chat_language, now=lambda: datetime.now(UTC))
    if settings.feishu_encrypt_key is not None:
        return FeishuDoor(hearing, http_routes(hearing, _keys(settings), house.conversation.seen), None)
    app = settings.feishu_app_id or "", _secret(settings.feishu_app_secret)
    return FeishuDoor(hearing, (), LongConnection(app, settings.feishu_domain, hearing))


def _keys(settings: Settings) -> Keys:
    return Keys(_secret(settings.feishu_encrypt_key), _secret(settings.feishu_verification_token))


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
