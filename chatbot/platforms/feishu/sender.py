"""The way out: views as cards, sent, changed, said to one person, and found again by their keys."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from lark_oapi.api.im.v1 import (
    CreateMessageRequest,
    CreateMessageRequestBody,
    GetMessageRequest,
    ListMessageRequest,
    PatchMessageRequest,
    PatchMessageRequestBody,
    ReplyMessageRequest,
    ReplyMessageRequestBody,
)

from chatbot.messaging import (
    Capabilities,
    Channel,
    MessageRefusedError,
    Part,
    Person,
    Receipt,
    Stream,
    UnknownOutcomeError,
)
from chatbot.platforms.feishu.calls import NO_THREADS, Calls
from chatbot.platforms.feishu.facts import PERSON, PLATFORM, Facts
from chatbot.platforms.feishu.paces import Paces
from chatbot.platforms.feishu.sdk import Thing
from chatbot.platforms.feishu.streams import Entities, FeishuStream
from chatbot.render.cards import feishu_messages
from chatbot.render.cards_text import Json, json_text
from chatbot.views.view import View
from workers.errors import DigestError

PAGE = 50
"""Messages that are looked through in one call."""
SAME_KEY = timedelta(hours=1)
EDITABLE = timedelta(days=14)


class FeishuPlatform:
    """See Platform. A part's payload has the `card`. `now` is aware."""

    def __init__(
        self,
        calls: Calls,
        facts: Facts,
        paces: Paces,
        entities: Entities,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._calls = calls
        self._messages = calls.client.im.v1.message
        self._facts = facts
        self._paces = paces
        self._entities = entities
        self._now = now

    @property
    def name(self) -> str:
        """See Platform."""
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        """See Platform. Nobody sees a card alone in a group: what is private is answered where it was asked."""
        return Capabilities(same_key_for=SAME_KEY, editable_for=EDITABLE, private=False)

    def render(self, view: View, key: str, channel: Channel) -> tuple[Part, ...]:
        """See Platform."""
        del key, channel
        return tuple(
            Part(payload={"card": message["card"]}, in_thread=message["thread"]) for message in feishu_messages(view)
        )

    def send(self, channel: Channel, part: Part, key: str, under: Receipt | None = None) -> Receipt:
        """See Platform. A group without threads has a plain reply instead."""
        content = json_text(_marked(part.payload["card"], key))
        if under is None:
            return self._receipt(channel, self._create(channel.id, content, key), None)
        return self._receipt(channel, self._answer(channel, content, key, under.id), under.id)

    def edit(self, receipt: Receipt, part: Part) -> None:
        """See Platform. A message that grew shows a card of CardKit, which is changed there."""
        if card_id := self._entities.of(receipt):
            self._entities.replace(card_id, part)
            return
        body = PatchMessageRequestBody.builder().content(json_text(part.payload["card"])).build()
        request = PatchMessageRequest.builder().message_id(receipt.id).request_body(body).build()
        self._paces.do(receipt.id, "patch", lambda: self._calls.ask(self._messages.patch, request))

    def tell(self, channel: Channel, person: Person, part: Part, under: Receipt | None = None) -> None:
        """See Platform. What can be pressed works only where its digest is, and is said there if that is possible."""
        key = secrets.token_hex(16)
        if channel.is_direct:
            self.send(channel, part, key, under)
            return
        if _can_be_pressed(part.payload["card"]):
            with suppress(MessageRefusedError):
                self.send(channel, part, key, under)
                return
        self.send(self._facts.direct(channel.workspace, person.id), part, key)

    def address(self, receipt: Receipt) -> str | None:
        """See Platform. Feishu has addresses of groups, none of a message."""
        del receipt
        return None

    def find(self, channel: Channel, key: str, since: datetime, under: Receipt | None = None) -> Receipt | None:
        """See Platform. In groups that takes the permission to read all their messages.

        Without it, None within the hour in which Feishu itself takes a second message with the key for the first.
        """
        try:
            return self._look(channel, key, since, under)
        except MessageRefusedError as error:
            if error.code == "missing_scope" and self._now() - since < SAME_KEY:
                return None
            raise

    def is_shared(self, channel: Channel) -> bool:
        """See Platform."""
        return not channel.is_direct and self._facts.is_shared(channel.workspace, channel.id)

    def stream(self, channel: Channel, person: Person, text: str, key: str, under: Receipt) -> Stream | None:
        """See Platform. The card is sent with its key, so that it is there once, however often that is tried."""
        del person
        card_id = self._entities.create(mark_of(key), text)
        content = json_text({"type": "card", "data": {"card_id": card_id}})
        try:
            message = self._answer(channel, content, key, under.id)
        except UnknownOutcomeError:
            message = self._answer(channel, content, key, under.id)
        receipt = self._receipt(channel, message, under.id)
        self._entities.keep(receipt, card_id)
        return FeishuStream(self._entities, receipt, card_id, text)

    # ------------------------------------------------------------------------------------------------------------------

    def _create(self, chat: str, content: str, key: str) -> Thing:
        body = CreateMessageRequestBody.builder().receive_id(chat).msg_type("interactive").content(content).uuid(key)
        request = CreateMessageRequest.builder().receive_id_type("open_id" if chat.startswith(PERSON) else "chat_id")
        asked = request.request_body(body.build()).build()
        return self._paces.do(chat, "create", lambda: self._calls.ask(self._messages.create, asked)).data

    def _answer(self, channel: Channel, content: str, key: str, under: str) -> Thing:
        if self._facts.has_threads(channel.workspace, channel.id):
            try:
                return self._reply(channel.id, content, key, under, in_thread=True)
            except MessageRefusedError as error:
                if error.details.get("problem") != NO_THREADS:
                    raise
            self._facts.keep_no_threads(channel.workspace, channel.id)
        return self._reply(channel.id, content, key, under, in_thread=False)

    def _reply(self, chat: str, content: str, key: str, under: str, in_thread: bool) -> Thing:
        body = ReplyMessageRequestBody.builder().msg_type("interactive").content(content).uuid(key)
        request = ReplyMessageRequest.builder().message_id(under)
        asked = request.request_body(body.reply_in_thread(in_thread).build()).build()
        return self._paces.do(chat, "reply", lambda: self._calls.ask(self._messages.reply, asked)).data

    def _receipt(self, channel: Channel, message: Thing, under: str | None) -> Receipt:
        if under is not None:
            with suppress(DigestError):
                self._facts.keep_root(channel.workspace, message.message_id, message.root_id or under)
        return Receipt(channel=channel, id=message.message_id, thread=message.thread_id)

    def _look(self, channel: Channel, key: str, since: datetime, under: Receipt | None) -> Receipt | None:
        thread = under and (under.thread or self._thread_of(under.id))
        mark = mark_of(key)
        for message in self._history(channel.id, since, thread or None):
            if not message.deleted and f'"{mark}"' in (message.body.content if message.body else ""):
                return self._receipt(channel, message, under.id if under else None)
        return None

    def _thread_of(self, message: str) -> str | None:
        """The thread that began with a message meanwhile."""
        items = self._calls.ask(self._messages.get, GetMessageRequest.builder().message_id(message).build()).data.items
        return items[0].thread_id if items else None

    def _history(self, chat: str, since: datetime, thread: str | None) -> Iterator[Thing]:
        """The messages of a chat since a time, or all of a thread (of which Feishu takes no times), newest first."""
        page = ""
        while True:
            request = ListMessageRequest.builder().container_id_type("thread" if thread else "chat")
            request = request.container_id(thread or chat).page_size(PAGE).sort_type("ByCreateTimeDesc")
            request = request.card_msg_content_type("user_card_content")
            request = request if thread else request.start_time(str(int(since.timestamp())))
            request = request.page_token(page) if page else request
            answer = self._paces.do(None, "list", partial(self._calls.ask, self._messages.list, request.build())).data
            yield from answer.items or []
            page = answer.page_token or ""
            if not answer.has_more or not page:
                return


def mark_of(key: str) -> str:
    """What a card with that key has as the id of its first element: shown nowhere, and told with its history."""
    return f"k{sha256(key.encode()).hexdigest()[:19]}"


def _marked(card: Mapping[str, Any], key: str) -> Json:
    body = card["body"]
    first, *rest = body["elements"] or [{"tag": "hr"}]
    return {**card, "body": {**body, "elements": [{**first, "element_id": mark_of(key)}, *rest]}}


def _can_be_pressed(card: object) -> bool:
    return '"type":"callback"' in json.dumps(card, separators=(",", ":"))
