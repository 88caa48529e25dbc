"""The rooms of our Slack app: what its parts work with, built from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis

from chatbot.platforms.slack.calls import HASTE_SECONDS
from chatbot.platforms.slack.facts import Facts
from chatbot.platforms.slack.installations import Installations, OneInstallation
from chatbot.platforms.slack.paces import Paces
from chatbot.platforms.slack.replies import ReplyUrls
from chatbot.platforms.slack.sender import SlackPlatform
from chatbot.platforms.slack.workspaces import ByToken, Workspaces
from workers.errors import RefusedError
from workers.settings import Settings
from workers.store.notes import Notes


@dataclass(frozen=True)
class Rooms:
    """What the parts share. `installations` says which bot is in a workspace."""

    installations: Installations | OneInstallation
    workspaces: Workspaces
    notes: Notes
    facts: Facts
    replies: ReplyUrls
    platform: SlackPlatform


def open_rooms(settings: Settings, redis: Redis) -> Rooms:
    """RefusedError("no_platform") where no token of Slack's is set, and no way to be given one."""
    notes = Notes(redis)
    installations = _installations(settings, notes)
    workspaces = ByToken(installations.token, settings.slack_api_url)
    replies = ReplyUrls(notes)
    return Rooms(
        installations=installations,
        workspaces=workspaces,
        notes=notes,
        facts=Facts(ByToken(installations.token, settings.slack_api_url, HASTE_SECONDS), notes),
        replies=replies,
        platform=SlackPlatform(workspaces, notes, replies, Paces(redis)),
    )


def _installations(settings: Settings, notes: Notes) -> Installations | OneInstallation:
    if settings.slack_bot_token is not None:
        return OneInstallation(settings.slack_bot_token.get_secret_value())
    if not settings.has_slack:
        raise RefusedError("no_platform", platform="slack")
    if settings.secret_key is None:
        raise RefusedError("no_secret_key")
    return Installations(notes, settings.secret_key.get_secret_value())
