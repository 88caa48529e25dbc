"""Slack: commands, mentions, presses and the App Home in; messages out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis import Redis

from workers.settings import Settings

if TYPE_CHECKING:
    from chatbot.platforms.slack.sender import SlackPlatform


def open_platform(settings: Settings, redis: Redis) -> SlackPlatform:
    """The way out. RefusedError("no_platform", "no_secret_key") where Slack's keys are not all set."""
    from chatbot.platforms.slack.rooms import open_rooms  # noqa: PLC0415 - the SDK is imported where Slack is used

    return open_rooms(settings, redis).platform
