"""Feishu and Lark: mentions, direct talks, presses and the menu in; cards out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis import Redis

from chatbot.platforms.feishu.lean import keep_lean
from workers.settings import Settings

if TYPE_CHECKING:
    from chatbot.platforms.feishu.sender import FeishuPlatform

keep_lean()


def open_platform(settings: Settings, redis: Redis) -> FeishuPlatform:
    """The way out. RefusedError("no_platform") where the app's id and secret are not both set."""
    from chatbot.platforms.feishu.rooms import open_rooms  # noqa: PLC0415 - the SDK is imported where Feishu is used

    return open_rooms(settings, redis).platform
