"""People in the fake Slack."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from tests.drivers.driver import ALONE, GUEST, ME, OTHER, Closed, Posted, Sending
from tests.fakes.slack_http import Trouble, limited
from tests.fakes.slack_workspace import BOT_TOKEN, Channel, Message, Person, controls
from tests.integration.slack_bot import Bot, running_bot

METHODS = {"post": "chat.postMessage", "reply": "chat.postMessage", "edit": "chat.update"}
PEOPLE = {ME: "U1", OTHER: "U2", ALONE: "U3", GUEST: "U4"}
MENTIONS = ("broadcast", "user", "usergroup", "channel")


class SlackDriver:
    """See Driver."""

    name = "slack"

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.closed: Mapping[Closed, str] = {"absent": "not a member", "silenced": "archived"}
        self._slack = bot.slack
        self.redis, self.url, self.log = bot.redis, bot.url, bot.log
        self._numbers = itertools.count(100)
        self._answered: dict[tuple[str, str], list[Posted]] = {}
        for person, user in PEOPLE.items():
            self._slack.workspace.people[user] = Person(user, language="en-US", restricted=person == GUEST)

    def room(self, closed: Closed | None = None, is_shared: bool = False) -> str:
        name = f"C{next(self._numbers)}"
        absent, archived = closed == "absent", closed == "silenced"
        room = Channel(name, member=not absent, archived=archived, shared=is_shared)
        self._slack.workspace.channels[name] = room
        return name

    def write(self, text: str, room: str, person: str = ME, times: int = 1) -> None:
        command = self._slack.people.command(text, PEOPLE[person], room)
        for _ in range(times):
            answer = self._slack.socket.send(*command).wait()
            if answer:
                said = Message("0", room, "", answer["text"], answer.get("blocks", []))
                self._answered.setdefault((room, person), []).append(_posted(said))

    def write_directly(self, text: str, person: str = ME) -> str:
        self._slack.socket.send(*self._slack.people.direct(text, PEOPLE[person])).wait()
        return self._slack.workspace.direct(PEOPLE[person]).id

    def ask(self, text: str, posted: Posted, person: str = ME) -> None:
        message: Message = posted.message
        for event in self._slack.people.mention(text, PEOPLE[person], message.channel, message.ts):
            self._slack.socket.send(*event).wait()

    def press(self, posted: Posted, control: str, value: str | None = None, person: str = ME) -> None:
        self._slack.socket.send(*self._slack.people.press(posted.message, control, PEOPLE[person], value)).wait()

    def vote(self, posted: Posted, vote: Literal["up", "down"]) -> None:
        pair = posted.message.element("feedback")
        side = pair["positive_button" if vote == "up" else "negative_button"]
        self.press(posted, "feedback", side["value"])

    def posted(self, room: str) -> Sequence[Posted]:
        return [_posted(one) for one in self._slack.seen(room) if one.user == self._slack.workspace.bot]

    def thread(self, posted: Posted) -> Sequence[Posted]:
        return [_posted(one) for one in self._slack.thread(posted.message.ts, posted.message.channel)]

    def told(self, room: str, person: str = ME) -> Sequence[Posted]:
        alone = [_posted(one) for one in self._slack.private(PEOPLE[person], room)]
        return [*self._answered.get((room, person), []), *alone]

    def trouble(self, trouble: Trouble, on: Sending, room: str | None = None) -> None:
        self._slack.trouble(trouble, METHODS[on], room)

    def throttle(self, on: Sending, room: str) -> None:
        self._slack.trouble(limited(), METHODS[on], room)

    @contextmanager
    def enforce(self) -> Iterator[None]:
        for method in ("chat.postMessage", "chat.update"):
            self._slack.limit(method, 1, 1, each=True)
        try:
            yield
        finally:
            self._slack.calm()

    @contextmanager
    def without_permission(self) -> Iterator[str]:
        workspace, before = self._slack.workspace, self._slack.workspace.scopes
        workspace.scopes = before.replace("chat:write,", "")
        try:
            yield "chat:write"
        finally:
            workspace.scopes = before

    @contextmanager
    def revoked(self) -> Iterator[None]:
        self._slack.workspace.token = ""
        try:
            yield
        finally:
            self._slack.workspace.token = BOT_TOKEN

    def drop(self) -> None:
        opened = self._slack.socket.opened
        self._slack.socket.drop()
        self._slack.socket.wait_connected(opened=opened + 1, seconds=30)


@contextmanager
def slack(folder: Path, repositories: Path, **environment: str) -> Iterator[SlackDriver]:
    """The bot beside a fake Slack, until the context ends."""
    with running_bot(folder, repositories, **environment) as bot:
        yield SlackDriver(bot)


def _posted(message: Message) -> Posted:
    options = [one["options"] for one in controls(message.blocks) if "options" in one]
    menu = tuple(one["value"] for group in options for one in group)
    return Posted(message.shown, message.edits > 0, _mentions(message.blocks), menu, message)


def _mentions(value: Any) -> bool:
    if isinstance(value, dict):
        is_raw = value.get("type") == "mrkdwn" and any(mark in value.get("text", "") for mark in ("<!", "<@", "<#"))
        return is_raw or value.get("type") in MENTIONS or any(map(_mentions, value.values()))
    return isinstance(value, list) and any(map(_mentions, value))
