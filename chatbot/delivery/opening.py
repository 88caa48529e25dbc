"""The platform of a name: its folder is `chatbot.platforms.<name>`, and knows how to open itself."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from redis import Redis

from chatbot.messaging import Platform
from workers.errors import RefusedError
from workers.settings import Settings


def open_platform(name: str, settings: Settings, redis: Redis) -> Platform:
    """Opens a platform by its `open_platform(settings, redis)`. RefusedError("no_platform") for an unknown one."""
    try:
        if not name.isidentifier():
            raise ModuleNotFoundError(name=f"chatbot.platforms.{name}")
        module = import_module(f"chatbot.platforms.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"chatbot.platforms.{name}":
            raise
        raise RefusedError("no_platform", platform=name) from None
    return cast(Platform, module.open_platform(settings, redis))
