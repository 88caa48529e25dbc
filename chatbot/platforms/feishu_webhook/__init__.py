"""Custom bots of Feishu and Lark: digests out, nothing in. See chatbot.platforms.feishu.webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis import Redis

from workers.settings import Settings
from workers.store.pace import Pace

if TYPE_CHECKING:
    from chatbot.platforms.feishu.webhook import WebhookPlatform


def open_platform(settings: Settings, redis: Redis) -> WebhookPlatform:
    """The way out, to the bots that FEISHU_WEBHOOKS names."""
    from chatbot.platforms.feishu.webhook import RATE, RATE_SPAN, WebhookPlatform  # noqa: PLC0415 - where it is used

    return WebhookPlatform(settings.feishu_webhooks, Pace(redis, RATE, RATE_SPAN))
