"""People in the fake Feishu."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tests.drivers.driver import ALONE, GUEST, ME, OTHER, Closed, Posted, Sending
from tests.fakes.feishu_http import throttled
from tests.fakes.feishu_markup import tagged
from tests.fakes.feishu_tenant import APP_ID, Message, Person
from tests.fakes.slack_http import Trouble
from tests.integration.feishu_bot import Bot, running_bot

OPERATIONS = {"post": "message.create", "reply": "message.reply", "edit": "message.patch"}
PEOPLE = {ME: "ou_1", OTHER: "ou_2", ALONE: "ou_3", GUEST: "ou_4"}
SEND = "im:message:send_as_bot"


class FeishuDriver:
    """See Driver."""

    name = "feishu"

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.closed: Mapping[Closed, str] = {"absent": "not a member", "silenced": "may not post here"}
        self._feishu = bot.feishu
        self.redis, self.url, self.log = bot.redis, bot.url, bot.log
        self._numbers = itertools.count(100)
        self._toasts: dict[tuple[str, str], list[Posted]] = {}
        for person, user in PEOPLE.items():
            self._feishu.tenant.people[user] = Person(user, tenant="t2" if person == GUEST else "t1")

    def room(self, closed: Closed | None = None, is_shared: bool = False) -> str:
        name = f"oc_{next(self._numbers)}"
        state = {"member": closed != "absent", "muted": closed == "silenced", "external": is_shared}
        return self._feishu.chat(name, **state).id

    def write(self, text: str, room: str, person: str = ME, times: int = 1) -> None:
        mention = self._feishu.people.mention(f"/digest {text}", PEOPLE[person], room)
        for _ in range(times):
            self._feishu.socket.send(mention).wait()

    def write_directly(self, text: str, person: str = ME) -> str:
        self._feishu.socket.send(self._feishu.people.direct(text, PEOPLE[person])).wait()
        return self._feishu.tenant.direct(PEOPLE[person]).id

    def ask(self, text: str, posted: Posted, person: str = ME) -> None:
        message: Message = posted.message
        mention = self._feishu.people.mention(text, PEOPLE[person], message.chat, message)
        self._feishu.socket.send(mention).wait()

    def press(self, posted: Posted, control: str, value: str | None = None, person: str = ME) -> None:
        chosen = {} if value is None else {"option": value}
        pressed = self._feishu.people.press(posted.message, control, PEOPLE[person], **chosen)
        answer = self._feishu.socket.send(pressed).wait()
        said = Message("0", posted.message.chat, APP_ID, "text", {"text": answer["toast"]["content"]}, 0)
        self._toasts.setdefault((posted.message.chat, person), []).append(_posted(said))

    def vote(self, posted: Posted, vote: Literal["up", "down"]) -> None:
        self.press(posted, f"{vote}:")

    def posted(self, room: str) -> Sequence[Posted]:
        return [_posted(one) for one in self._feishu.seen(room) if one.sender == APP_ID]

    def thread(self, posted: Posted) -> Sequence[Posted]:
        return [_posted(one) for one in self._feishu.thread(posted.message.id)]

    def told(self, room: str, person: str = ME) -> Sequence[Posted]:
        direct = self._feishu.direct(PEOPLE[person])
        return [*self._toasts.get((room, person), []), *(_posted(one) for one in direct if one.sender == APP_ID)]

    def trouble(self, trouble: Trouble, on: Sending, room: str | None = None) -> None:
        self._feishu.trouble(trouble, OPERATIONS[on], room)

    def throttle(self, on: Sending, room: str) -> None:
        self._feishu.trouble(throttled(230020), OPERATIONS[on], room)

    @contextmanager
    def enforce(self) -> Iterator[None]:
        self._feishu.enforce()
        try:
            yield
        finally:
            self._feishu.calm()

    @contextmanager
    def without_permission(self) -> Iterator[str]:
        self._feishu.tenant.scopes.remove(SEND)
        try:
            yield SEND
        finally:
            self._feishu.tenant.scopes.add(SEND)

    @contextmanager
    def revoked(self) -> Iterator[None]:
        """The app is stopped, and its tokens with it."""
        self._feishu.tenant.active = False
        self._feishu.tenant.tokens.clear()
        try:
            yield
        finally:
            self._feishu.tenant.active = True

    def drop(self) -> None:
        opened = self._feishu.socket.opened
        self._feishu.socket.drop()
        self._feishu.socket.wait_connected(opened=opened + 1)


@contextmanager
def feishu(folder: Path, repositories: Path, **environment: str) -> Iterator[FeishuDriver]:
    """The bot beside a fake Feishu, until the context ends."""
    with running_bot(folder, repositories, **environment) as bot:
        yield FeishuDriver(bot)


def _posted(message: Message) -> Posted:
    menus = [one["options"] for one in tagged(message.card) if "options" in one]
    menu = tuple(one["value"] for options in menus for one in options)
    return Posted(message.shown, message.edits > 0, bool(message.mentions), menu, message)
