"""The tenant of the fake Feishu: its app, people and chats, and what was posted in them, as a person sees it."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.feishu_markup import links_in, mentions_in, tagged

Json = dict[str, Any]

APP_ID, APP_SECRET = "cli_right", "app-secret"
SCOPES = {
    "im:message:send_as_bot",
    "im:message:readonly",
    "im:message.group_msg",
    "im:chat:readonly",
    "contact:user.base:readonly",
    "cardkit:card:write",
    "application:app_slash_command:read",
    "application:app_slash_command:write",
}


@dataclass
class CardEntity:
    """A card of CardKit. `sent`: a message has it already; `streaming`: its elements may grow."""

    id: str
    card: Json
    created: float
    sequence: int = 0
    streaming: bool = False
    sent: bool = False

    def element(self, element_id: str) -> Json | None:
        """The element of that id."""
        return next((one for one in tagged(self.card) if one.get("element_id") == element_id), None)


@dataclass
class Message:
    """One message. `root`: the message that was first answered, `thread`: the id of the thread it stands in."""

    id: str
    chat: str
    sender: str
    kind: str
    content: Json
    created: float
    root: str | None = None
    parent: str | None = None
    thread: str | None = None
    entity: CardEntity | None = None
    edits: int = 0
    deleted: bool = False

    @property
    def card(self) -> Json:
        """The card as it stands now; {} where the message is none."""
        return self.entity.card if self.entity else self.content if self.kind == "interactive" else {}

    @property
    def shown(self) -> str:
        """What a person reads, one text a line, folded panels unfolded."""
        return "\n".join(_texts(self.card)) if self.card else "\n".join(_texts(self.content))

    @property
    def mentions(self) -> list[str]:
        """Whom it mentions: "all" or ids of people. Markdown is not read inside fences."""
        return list(mentions_in(self.card or self.content, self.kind == "text"))

    @property
    def links(self) -> list[str]:
        """Where it leads, addresses in plain text left out."""
        return list(links_in(self.card or self.content))

    def control(self, wanted: str, option: str | None = None) -> Json:
        """The first control whose element_id, or a text in whose callback value, begins so; KeyError for none.

        With an `option`, the first menu of these that offers it, else the first of them.
        """
        named = [one for one in tagged(self.card) if any(name.startswith(wanted) for name in _names(one))]
        menus = [one for one in named if any(offer["value"] == option for offer in one.get("options", []))]
        control = next(iter(menus or named), None)
        if control is None:
            raise KeyError(wanted)
        return control

    def json(self, as_sent: bool = False) -> Json:
        """As the API gives it. A card is told as its texts only, as Feishu does, or `as_sent`."""
        texts = {"title": "", "elements": [[{"tag": "text", "text": self.shown}]]}
        told = texts if self.card and not as_sent else self.card or self.content
        is_app = self.sender.startswith("cli_")
        by = {"id": self.sender, "id_type": "app_id" if is_app else "open_id"}
        ids = {"message_id": self.id, "chat_id": self.chat, "root_id": self.root, "parent_id": self.parent}
        return {
            **{name: value for name, value in {**ids, "thread_id": self.thread}.items() if value},
            "msg_type": self.kind,
            "create_time": str(int(self.created * 1000)),
            "update_time": str(int(self.created * 1000) + self.edits),
            "deleted": self.deleted,
            "updated": self.edits > 0,
            "sender": {**by, "sender_type": "app" if is_app else "user", "tenant_key": "t1"},
            "body": {"content": json.dumps(told, ensure_ascii=False)},
        }


@dataclass
class Chat:
    """A group, or the talk of one person with the bot (`person`). `external`: people of other tenants are in it.

    `threads`: replies may make threads; `at_all`: the bot may mention everybody; `muted`: it may not speak.
    """

    id: str
    name: str = "研发群"
    person: str | None = None
    member: bool = True
    dissolved: bool = False
    external: bool = False
    threads: bool = True
    at_all: bool = True
    muted: bool = False
    messages: list[Message] = field(default_factory=list)

    def json(self) -> Json:
        """As the API gives it."""
        kind = {"chat_mode": "p2p" if self.person else "group", "chat_type": "private"}
        state = {"external": self.external, "chat_status": "dissolved" if self.dissolved else "normal"}
        return {
            "chat_id": self.id,
            "name": self.name,
            "tenant_key": "t1",
            "group_message_type": "chat",
            **kind,
            **state,
        }

    def top(self) -> list[Message]:
        """What stands in the chat itself, oldest first: thread roots and what is in no thread."""
        return [one for one in self.messages if not one.deleted and (one.thread is None or one.root is None)]

    def replies(self, message: str) -> list[Message]:
        """What stands in the thread under a message, oldest first."""
        return [one for one in self.messages if one.root == message and one.thread and not one.deleted]


@dataclass
class Person:
    """Somebody. `tenant`: where they come from; `available`: the app may write to them."""

    id: str
    name: str = "文琪"
    tenant: str = "t1"
    available: bool = True


@dataclass
class CustomBot:
    """A custom bot: the chat it posts to, its secret ("": none), a keyword that posts must have ("": none).

    `lets_in`: posts from here are on its IP whitelist.
    """

    chat: str
    secret: str = ""
    keyword: str = ""
    lets_in: bool = True


class Tenant:
    """A tenant with the app in it: group oc_1, person ou_1. `clock` gives the time in seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.app, self.secret, self.bot = APP_ID, APP_SECRET, "ou_bot"
        self.active = True
        self.tokens: set[str] = set()
        self.scopes = set(SCOPES)
        self.chats = {"oc_1": Chat("oc_1")}
        self.people = {"ou_1": Person("ou_1")}
        self.cards: dict[str, CardEntity] = {}
        self.commands: list[Json] = []
        self.hooks: dict[str, CustomBot] = {}
        """Custom bots by the key in their address."""
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def number(self) -> int:
        """One more than before."""
        with self._lock:
            return next(self._numbers)

    def find(self, message: str) -> Message | None:
        """The message of that id, deleted or not."""
        return next((one for chat in self.chats.values() for one in chat.messages if one.id == message), None)

    def direct(self, person: str) -> Chat:
        """The talk of the bot with a person."""
        return self.chats.setdefault(f"oc_{person}", Chat(f"oc_{person}", name="", person=person, threads=True))

    def post(
        self, chat: str, sender: str, kind: str, content: Json, under: Message | None = None, in_thread: bool = False
    ) -> Message:
        """Puts a message into a chat, as a reply where `under` is given."""
        message = Message(f"om_{self.number()}", chat, sender, kind, content, self.clock())
        if under:
            message.parent, message.root = under.id, under.root or under.id
            root = self.find(message.root)
            if root and in_thread and not root.thread:
                root.thread = f"omt_{root.id[3:]}"
            message.thread = root.thread if root and (in_thread or under.thread) else None
        self.chats[chat].messages.append(message)
        return message


def _names(element: Json) -> Iterator[str]:
    behaviors = [one for one in element.get("behaviors", []) if one.get("type") == "callback"]
    if behaviors:
        yield str(element.get("element_id", ""))
        yield from (value for value in behaviors[0]["value"].values() if isinstance(value, str))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("content", "text", "title", "display_name") and isinstance(part, str):
                yield part
            elif key == "rows" and isinstance(part, list):
                yield from (" | ".join(map(str, row.values())) for row in part)
            elif key not in ("behaviors", "chart_spec", "config", "tag"):
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
