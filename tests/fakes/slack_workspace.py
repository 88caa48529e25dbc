"""The workspaces of the fake Slack: people, channels, and what was posted in them, as a person sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

BOT_SCOPES = (
    "app_mentions:read,channels:history,channels:read,groups:history,groups:read,im:history,im:write,"
    "chat:write,commands,files:write,users:read"
)
BOT_TOKEN = "xoxb-right"


@dataclass
class Message:
    """One message. `thread_ts` is its parent's ts, None at the top; `to` is who alone sees it, None for everybody."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    to: str | None = None
    edits: int = 0
    streaming: bool = False
    unfurl: bool = True
    reactions: list[str] = field(default_factory=list)

    def json(self, with_metadata: bool = True) -> Json:
        """As the Web API gives it."""
        found: Json = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text, "blocks": self.blocks}
        found |= {"thread_ts": self.thread_ts} if self.thread_ts else {}
        found |= {"edited": {"user": self.user, "ts": self.ts}} if self.edits else {}
        found |= {"bot_id": f"B{self.user[1:]}", "app_id": "A1"} if self.user.startswith("UBOT") else {}
        return found | ({"metadata": self.metadata} if self.metadata and with_metadata else {})

    @property
    def shown(self) -> str:
        """What a person reads: the texts of the blocks, one a line, or the text where there are none."""
        return "\n".join(_shown(self.blocks)) if self.blocks else self.text

    def element(self, action: str) -> Json:
        """The first control whose action_id begins so; KeyError for none."""
        found = next((one for one in controls(self.blocks) if one["action_id"].startswith(action)), None)
        if found is None:
            raise KeyError(action)
        return found


def controls(value: object) -> Iterator[Json]:
    """Every element of the blocks that has an action_id."""
    if isinstance(value, dict):
        if "action_id" in value:
            yield value
        for part in value.values():
            yield from controls(part)
    elif isinstance(value, list):
        for part in value:
            yield from controls(part)


def _shown(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type", "").startswith("rich_text_") and value["type"] != "rich_text_list":
            yield "".join(leaf.get("text", leaf.get("url", "")) for leaf in value["elements"])
        else:
            own = value.get("text")
            yield from [own] if isinstance(own, str) else []
            for key, part in value.items():
                yield from _shown(part) if key != "options" else ()
    elif isinstance(value, list):
        for part in value:
            yield from _shown(part)


@dataclass
class Channel:
    """A channel, or a conversation with the bot alone. `shared`: with another organisation (Slack Connect)."""

    id: str
    name: str = "general"
    member: bool = True
    archived: bool = False
    private: bool = False
    shared: bool = False
    im: str | None = None
    absent: set[str] = field(default_factory=set)
    """People who are not in it."""
    messages: list[Message] = field(default_factory=list)
    tombstones: set[str] = field(default_factory=set)

    def json(self) -> Json:
        """As the Web API gives it."""
        flags = {"is_channel": not self.im, "is_private": self.private, "is_im": bool(self.im)}
        flags |= {"is_member": self.member, "is_archived": self.archived, "is_ext_shared": self.shared}
        return {"id": self.id, "name": self.name, **flags, **({"user": self.im} if self.im else {})}

    def find(self, ts: str) -> Message | None:
        """The message of that ts, those that only one person sees left out."""
        return next((one for one in self.messages if one.ts == ts and one.to is None), None)

    def top(self) -> list[Message]:
        """What stands in the channel itself, oldest first."""
        return [one for one in self.messages if one.thread_ts in (None, one.ts) and one.to is None]

    def replies(self, ts: str) -> list[Message]:
        """What stands in a thread below its parent, oldest first."""
        return [one for one in self.messages if one.thread_ts == ts and one.ts != ts and one.to is None]


@dataclass
class Person:
    """Somebody in a workspace. `restricted`: a guest; `team`: where they come from, None: this workspace."""

    id: str
    name: str = "wenqi"
    zone: str = "Asia/Shanghai"
    language: str = "zh-CN"
    restricted: bool = False
    team: str | None = None
    home: Json | None = None


class Workspace:
    """A workspace with the bot in it: channel C1, person U1. `token` is the bot's, "" once it is revoked.

    `began` is the second that its messages' ts count from.
    """

    def __init__(self, team: str = "T1", token: str = BOT_TOKEN, began: int = 1_771_718_400) -> None:
        self.team = team
        self.token = token
        self.bot = f"UBOT{team}"
        self.scopes = BOT_SCOPES
        self.channels = {"C1": Channel("C1")}
        self.people = {"U1": Person("U1")}
        self.refused: set[str] = set()
        """Block types that this workspace does not know yet."""
        self._began = began
        self._count = 0
        self._lock = threading.Lock()

    def next_ts(self) -> str:
        """A ts later than all before."""
        with self._lock:
            self._count += 1
            return f"{self._began + self._count}.{self._count:06}"

    def direct(self, user: str) -> Channel:
        """The conversation of the bot with a person."""
        return self.channels.setdefault(f"D{user}", Channel(f"D{user}", name="", im=user))

    def post(self, channel: str, text: str, user: str = "U1", thread_ts: str | None = None) -> Message:
        """A person writes."""
        message = Message(self.next_ts(), channel, user, text, thread_ts=thread_ts)
        self.channels[channel].messages.append(message)
        return message

    def remove(self, channel: str, ts: str) -> None:
        """Deletes a message: a parent with replies leaves a tombstone under which its thread goes on."""
        room = self.channels[channel]
        if room.replies(ts):
            room.tombstones.add(ts)
        room.messages = [one for one in room.messages if one.ts != ts]
