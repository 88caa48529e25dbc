"""What Slack sends, as a Message or a Press. Nothing in it is believed but ids, and those only to name things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any, Protocol

from chatbot.messaging import Channel, Message, Person, Press, Receipt

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]*)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|?([^>]*)>")
_SPOKEN = (None, "thread_broadcast", "file_share", "me_message")
"""Subtypes of messages that are words of a person; all others tell of edits, joins and the like."""

Payload = Mapping[str, Any]


class Known(Protocol):
    """Tells who people are and what channels are."""

    def person(self, team: str, user: str, name: str = "") -> Person: ...

    def channel(self, team: str, channel: str, shared: bool = False) -> Channel: ...


def command_message(body: Payload, known: Known) -> Message:
    """What a slash command says."""
    team = str(body["team_id"])
    return Message(
        ids=(f"trigger:{body['trigger_id']}",),
        channel=known.channel(team, str(body["channel_id"])),
        person=known.person(team, str(body["user_id"]), str(body.get("user_name", ""))),
        way="command",
        text=plain(str(body.get("text", ""))),
    )


def event_message(body: Payload, bot: str, known: Known) -> Message | None:
    """What an event about a message says; None for one that is not meant for us.

    A mention in a channel comes as `app_mention` and as `message`: both give the same words under a common id. `bot`
    is our id as a person of the workspace.
    """
    event: Payload = body["event"]
    if event.get("bot_id") or event.get("subtype") not in _SPOKEN or not event.get("user") or event["user"] == bot:
        return None
    team, text = str(body["team_id"]), str(event.get("text", ""))
    direct = event.get("channel_type") == "im"
    names = _MENTION.findall(text)
    mentioned = event["type"] == "app_mention" or bot in names
    thread = thread_of(event.get("thread_ts"), event.get("ts"))
    if not (direct or mentioned or (thread and not names)):  # a reply to somebody else is not for us
        return None
    channel = known.channel(team, str(event["channel"]), bool(body.get("is_ext_shared_channel")))
    return Message(
        ids=(f"event:{body['event_id']}", f"message:{event['channel']}:{event['ts']}"),
        channel=channel,
        person=known.person(team, str(event["user"])),
        way="direct" if direct else "mention" if mentioned else "reply",
        text=plain(_MENTION.sub(lambda match: " " if match[1] == bot else f"@{match[1]}", text)),
        under=Receipt(channel=channel, id=thread, thread=thread) if thread else None,
    )


def press_of(body: Payload, known: Known) -> Press | None:
    """What was pressed in a message; None for what sends nothing back, such as a link."""
    action: Payload = body["actions"][0]
    value = value_of(action)
    place = (body.get("channel") or {}).get("id")
    if value is None or not place:
        return None
    user: Payload = body["user"]
    team = str(body["team"]["id"])
    channel = known.channel(team, str(place))
    container: Payload = body.get("container", {})
    thread = thread_of(container.get("thread_ts"), container.get("message_ts"))
    stands = container.get("type") == "message" and not container.get("is_ephemeral")
    return Press(
        ids=(f"trigger:{body['trigger_id']}",),
        channel=channel,
        person=known.person(team, str(user["id"]), str(user.get("name", ""))),
        kind=kind_of(action),
        value=value,
        on=Receipt(channel=channel, id=str(container["message_ts"]), thread=thread) if stands else None,
        under=Receipt(channel=channel, id=thread, thread=thread) if thread else None,
    )


def kind_of(action: Payload) -> str:
    """The kind of an Action of a view, from an action_id that our renderer wrote."""
    return str(action.get("action_id", "")).rpartition(".")[0]


def value_of(action: Payload) -> str | None:
    """What a button, a menu or a pair of buttons sends back; None for nothing."""
    chosen = action.get("selected_option") or action
    value = chosen.get("value")
    return value if isinstance(value, str) and value else None


def thread_of(thread: object, message: object) -> str | None:
    """The ts of the first message of a thread; None for a message that is that itself, or in no thread."""
    return str(thread) if thread and thread != message else None


def plain(text: str) -> str:
    """The words that a person saw: Slack's marks for links and channels taken out, its escapes undone."""
    return unescape(_CHANNEL.sub(r"#\1", _LINK.sub(r"\1", text))).strip()
