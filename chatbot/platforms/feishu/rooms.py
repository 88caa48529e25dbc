"""The rooms of our Feishu app: what its parts work with, built from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis

from chatbot.platforms.feishu.calls import Calls
from chatbot.platforms.feishu.facts import PLATFORM, Facts
from chatbot.platforms.feishu.paces import Paces
from chatbot.platforms.feishu.sdk import new_client
from chatbot.platforms.feishu.sender import FeishuPlatform
from chatbot.platforms.feishu.streams import Entities
from workers.errors import RefusedError, WordsError
from workers.settings import Settings
from workers.store.notes import Notes


@dataclass(frozen=True)
class Rooms:
    """What the parts share."""

    facts: Facts
    platform: FeishuPlatform


def new_calls(settings: Settings) -> Calls:
    """Calls in the name of the app.

    RefusedError("no_platform") where it is not configured, WordsError("bad_setting") for a domain that is no origin.
    """
    if settings.feishu_app_id is None or settings.feishu_app_secret is None:
        raise RefusedError("no_platform", platform=PLATFORM)
    secret = settings.feishu_app_secret.get_secret_value()
    try:
        return Calls(new_client(settings.feishu_app_id, secret, settings.feishu_domain))
    except ValueError as error:
        raise WordsError("bad_setting", name="FEISHU_DOMAIN", problem=str(error)) from None


def open_rooms(settings: Settings, redis: Redis) -> Rooms:
    """RefusedError("no_platform") where the app is not configured."""
    calls = new_calls(settings)
    notes, paces = Notes(redis), Paces(redis)
    facts = Facts(calls, notes)
    return Rooms(facts, FeishuPlatform(calls, facts, paces, Entities(calls, paces, notes)))
