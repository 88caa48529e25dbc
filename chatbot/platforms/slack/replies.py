"""The addresses that Slack gives with a command or a press, to answer its author even where we may not write."""

from __future__ import annotations

import logging
from datetime import timedelta
from http.client import HTTPException

from slack_sdk.webhook import WebhookClient

from chatbot.messaging import Channel, Person
from chatbot.platforms.slack.calls import Json
from chatbot.platforms.slack.facts import PLATFORM
from workers.store.notes import Notes

log = logging.getLogger(__name__)

LIFE = timedelta(minutes=29)
"""Slack takes answers for 30 minutes, five of them."""


class ReplyUrls:
    """The last address for each person and channel."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def keep(self, channel: Channel, person: Person, url: str) -> None:
        """Keeps the address that came with what a person wrote or pressed."""
        self._notes.put(url, LIFE, *_name(channel, person))

    def say(self, channel: Channel, person: Person, said: Json) -> bool:
        """Says something to the person alone; whether Slack took it."""
        url = self._notes.get(*_name(channel, person))
        if url is None:
            return False
        return say_at(url, said)


def say_at(url: str, said: Json) -> bool:
    """Says something at such an address, to the person alone; whether Slack took it."""
    answer = {**said, "response_type": "ephemeral", "replace_original": False}
    try:
        status = WebhookClient(url, timeout=10, retry_handlers=[]).send_dict(answer).status_code
    except (OSError, HTTPException) as error:
        log.warning("an answer did not arrive: %s", type(error).__name__)
        return False
    return status == 200


def _name(channel: Channel, person: Person) -> tuple[str, ...]:
    return PLATFORM, channel.workspace, "reply-url", channel.id, person.id
