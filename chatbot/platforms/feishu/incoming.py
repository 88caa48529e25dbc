"""What Feishu sends, as a Message or a Press. Nothing in it is believed but ids, and those only to name things."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from chatbot.messaging import Channel, Incoming, Message, Person, Press, Receipt, Way
from chatbot.platforms.feishu.callbacks import Event

Payload = Mapping[str, Any]

_MENTION = re.compile(r"@_user_\d+")
_COMMAND = "/digest"


class Known(Protocol):
    """What must be known besides; see Facts."""

    def channel(self, tenant: str, chat: str) -> Channel: ...

    def direct(self, tenant: str, person: str, chat: str | None = None) -> Channel: ...

    def bot(self, tenant: str) -> str: ...

    def root(self, tenant: str, message: str) -> str | None: ...


def incoming_of(event: Event, known: Known) -> Incoming | None:
    """What an event says; None for one that is not meant for us, is of no kind that we know, or is no such event."""
    read = _READERS.get(event.kind)
    if read is None:
        return None
    try:
        return read(event, known)
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _message(event: Event, known: Known) -> Message | None:
    said: Payload = event.body["message"]
    sender: Payload = event.body["sender"]
    words = _words(said)
    if sender.get("sender_type") != "user" or words is None:
        return None
    person = _person(event.tenant, sender["sender_id"]["open_id"], sender.get("tenant_key"))
    chat, direct = _text(said["chat_id"]), said.get("chat_type") == "p2p"
    names = {_text(one["key"]): one for one in said.get("mentions") or ()}
    bot = "" if direct or not names else known.bot(event.tenant)
    mentioned = any(one["id"].get("open_id") == bot for one in names.values()) and not direct
    text = _MENTION.sub(lambda match: _name(names.get(match[0]), bot), words).strip()
    way = _way(text, direct, mentioned, bool(said.get("thread_id") or said.get("root_id")))
    if way is None or not text or (way == "reply" and names):  # a reply to somebody else is not for us
        return None
    channel = known.direct(event.tenant, person.id, chat) if direct else known.channel(event.tenant, chat)
    return Message(
        ids=(f"event:{event.id}", f"message:{_text(said['message_id'])}"),
        channel=channel,
        person=person,
        way=way,
        text=text,
        under=_under(channel, said.get("root_id"), said.get("thread_id")),
    )


def _press(event: Event, known: Known) -> Press | None:
    action, context = event.body["action"], event.body["context"]
    operator: Payload = event.body["operator"]
    value: Payload = action["value"]
    chosen = action.get("option") or value.get("value")
    channel = known.channel(event.tenant, _text(context["open_chat_id"]))
    message = _text(context["open_message_id"])
    root = known.root(event.tenant, message)
    return Press(
        ids=(f"event:{event.id}",),
        channel=channel,
        person=_person(event.tenant, operator["open_id"], operator.get("tenant_key")),
        kind=_text(value["kind"]),
        value=_text(chosen),
        on=Receipt(channel=channel, id=message),
        under=_under(channel, root, None),
    )


def _menu(event: Event, known: Known) -> Message:
    """An entry of the bot's menu: its key is a command, such as `help` or `list`."""
    operator: Payload = event.body["operator"]
    person = _person(event.tenant, operator["operator_id"]["open_id"], event.tenant)
    return Message(
        ids=(f"event:{event.id}",),
        channel=known.direct(event.tenant, person.id),
        person=person,
        way="command",
        text=_text(event.body["event_key"]),
    )


_READERS: Mapping[str, Callable[[Event, Known], Incoming | None]] = {
    "im.message.receive_v1": _message,
    "card.action.trigger": _press,
    "application.bot.menu_v6": _menu,
}


def _way(text: str, direct: bool, mentioned: bool, in_thread: bool) -> Way | None:
    """A command that was chosen from the list of native ones comes as ordinary words."""
    if text.partition(" ")[0].casefold() == _COMMAND and not mentioned:
        return "command"
    if direct or mentioned:
        return "direct" if direct else "mention"
    return "reply" if in_thread else None


def _words(said: Payload) -> str | None:
    """The words of a message; None for pictures and the like."""
    content: Payload = json.loads(said["content"])
    match said.get("message_type"):
        case "text":
            return _text(content["text"])
        case "post":
            return "\n".join("".join(_pieces(line)) for line in content["content"])
    return None


def _pieces(line: list[Payload]) -> Iterator[str]:
    for piece in line:
        if piece.get("tag") == "at":
            yield str(piece.get("user_id", ""))
        else:
            yield str(piece.get("text", ""))


def _name(mention: Payload | None, bot: str) -> str:
    if mention is None or mention["id"].get("open_id") == bot:
        return " "
    return f"@{mention.get('name', '')}"


def _person(tenant: str, identity: object, of: object) -> Person:
    return Person(id=_text(identity), is_outsider=of != tenant)


def _under(channel: Channel, root: object, thread: object) -> Receipt | None:
    if not root:
        return None
    return Receipt(channel=channel, id=_text(root), thread=_text(thread) if thread else None)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
