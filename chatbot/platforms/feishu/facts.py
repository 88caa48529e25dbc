"""What Feishu is asked about groups and about the bot, remembered for a while."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lark_oapi.api.im.v1 import GetChatRequest

from chatbot.messaging import Channel
from chatbot.platforms.feishu.calls import Calls
from chatbot.platforms.feishu.sdk import new_request
from workers.errors import DigestError
from workers.store.notes import Notes

log = logging.getLogger(__name__)

PLATFORM = "feishu"
LIFE = timedelta(minutes=10)
"""How long a group that was opened to others may pass for what it was."""
BOT_LIFE = timedelta(days=1)
THREAD_LIFE = timedelta(days=30)
"""How long presses come on a card in a thread: twice as long as it can be changed."""
PERSON = "ou_"
"""What ids of people begin with, and those of chats do not."""


class Facts:
    """Groups, direct talks and threads by id."""

    def __init__(self, calls: Calls, notes: Notes) -> None:
        self._calls = calls
        self._notes = notes

    def channel(self, tenant: str, chat: str) -> Channel:
        """What that is. A group of which nothing can be found out counts as shared with others."""
        found = self._asked(tenant, chat)
        if found is None:
            return Channel(platform=PLATFORM, workspace=tenant, id=chat, is_shared=True)
        return Channel(
            platform=PLATFORM, workspace=tenant, id=chat, is_direct=found["direct"], is_shared=found["shared"]
        )

    def direct(self, tenant: str, person: str, chat: str | None = None) -> Channel:
        """The talk of a person with us: `chat`, or the last that was told, or the person's own id, which will do."""
        if chat is not None:
            self._notes.put(chat, THREAD_LIFE, PLATFORM, tenant, "direct", person)
        known = chat or self._notes.get(PLATFORM, tenant, "direct", person) or person
        return Channel(platform=PLATFORM, workspace=tenant, id=known, is_direct=True)

    def bot(self, tenant: str) -> str:
        """Our own id among the people of a tenant."""
        known = self._notes.get(PLATFORM, tenant, "bot")
        if known is None:
            known = str(bot_of(self._calls)["open_id"])
            self._notes.put(known, BOT_LIFE, PLATFORM, tenant, "bot")
        return known

    def root(self, tenant: str, message: str) -> str | None:
        """The first message of the thread that a message of ours stands in; None where it stands in none."""
        return self._notes.get(PLATFORM, tenant, "root", message)

    def keep_root(self, tenant: str, message: str, root: str) -> None:
        """Keeps in whose thread a message of ours stands: a press on it does not tell."""
        self._notes.put(root, THREAD_LIFE, PLATFORM, tenant, "root", message)

    def has_threads(self, tenant: str, chat: str) -> bool:
        """Whether a group takes replies in threads, as far as is known."""
        return self._notes.get(PLATFORM, tenant, "no-threads", chat) is None

    def keep_no_threads(self, tenant: str, chat: str) -> None:
        """Keeps that a group refused a reply in a thread; after a day it is asked again."""
        self._notes.put("refused", BOT_LIFE, PLATFORM, tenant, "no-threads", chat)

    def is_shared(self, tenant: str, chat: str) -> bool:
        """Whether people of other organisations read there. Raises what Feishu refuses to tell."""
        return self._look(tenant, chat)["shared"]

    def _asked(self, tenant: str, chat: str) -> dict[str, bool] | None:
        try:
            return self._look(tenant, chat)
        except DigestError as error:
            log.warning("nothing is known of %s: %s", chat, error)
            return None

    def _look(self, tenant: str, chat: str) -> dict[str, bool]:
        find: Callable[[Any], Any] = self._calls.client.im.v1.chat.get
        text = self._notes.get(PLATFORM, tenant, "chat", chat)
        if text is None:
            told = self._calls.ask(find, GetChatRequest.builder().chat_id(chat).build()).data
            text = json.dumps({"direct": told.chat_mode == "p2p", "shared": bool(told.external)})
            self._notes.put(text, LIFE, PLATFORM, tenant, "chat", chat)
        found: dict[str, bool] = json.loads(text)
        return found


def bot_of(calls: Calls) -> dict[str, Any]:
    """What Feishu tells of our bot: `app_name`, `open_id`."""
    answer = calls.ask(calls.client.request, new_request("GET", "/open-apis/bot/v3/info"))
    found: dict[str, Any] = json.loads(answer.raw.content).get("bot") or {}
    return found
