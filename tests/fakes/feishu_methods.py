"""The Open API of the fake Feishu on one tenant: who may call what, and sending.

Codes are those of the vendor's pages; where these are silent (a stopped app) the nearest one.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from typing import Any

from tests.fakes.feishu_cardkit import CardKit
from tests.fakes.feishu_cards import CardError, check_card
from tests.fakes.feishu_http import Call, FeishuError
from tests.fakes.feishu_markup import mentions_in
from tests.fakes.feishu_reading import Reading
from tests.fakes.feishu_tenant import CardEntity, Chat, Message, Tenant

Json = dict[str, Any]

KB = 1_024
MOST_OF_A_TEXT, MOST_OF_A_CARD = 150 * KB, 30 * KB
"""Bytes of the request's body."""
UUID_MOST, UUID_SECONDS = 50, 3_600
EDITABLE_SECONDS = 14 * 24 * 3_600
TOKEN_SECONDS = 7_200


class Methods:
    """Answers calls with a token of the tenant's app."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.cardkit = CardKit(tenant)
        self.reading = Reading(tenant)
        self._sent: dict[str, tuple[float, Message]] = {}
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> Json:
        """The answer. FeishuError for one that is refused."""
        if call.operation == "token":
            return self.token(call)
        if not self.tenant.active:
            raise FeishuError(99991662, "the app is not available in this tenant")
        if call.token not in self.tenant.tokens:
            raise FeishuError(99991663, "Invalid access token for authorization.")
        scope, answer = self._operation(call.operation)
        if scope and scope not in self.tenant.scopes:
            raise FeishuError(99991672, f"Access denied. One of the following scopes is required: [{scope}].")
        try:
            with self._lock:
                return {"code": 0, "msg": "success", **answer(call)}
        except CardError as error:
            words = "; ".join(error.faults)
            raise FeishuError(
                230099, f"Failed to create card content, ext=ErrCode: {error.code}; ErrMsg: {words}; "
            ) from None

    def chat_of(self, call: Call) -> str | None:
        """The chat that a call is about; None for none."""
        message = self.tenant.find(call.parts.get("message", ""))
        if message:
            return message.chat
        receiver = call.text("receive_id")
        if receiver in self.tenant.people:
            return self.tenant.direct(receiver).id
        return call.parts.get("chat") or receiver or call.query.get("container_id")

    def _operation(self, name: str) -> tuple[str, Callable[[Call], Json]]:
        send, read, chats, cards = (
            "im:message:send_as_bot",
            "im:message:readonly",
            "im:chat:readonly",
            "cardkit:card:write",
        )
        known: dict[str, tuple[str, Callable[[Call], Json]]] = {
            "message.create": (send, self.create),
            "message.reply": (send, self.reply),
            "message.patch": (send, self.patch),
            "message.update": (send, self.update),
            "message.delete": (send, self.delete),
            "message.get": (read, self.reading.get),
            "message.list": (read, self.reading.list),
            "chat.get": (chats, self.reading.chat),
            "chat.list": (chats, self.reading.chats),
            "chat.members": (chats, self.reading.members),
            "user.get": ("contact:user.base:readonly", self.reading.user),
            "bot.info": ("", self.reading.bot),
            "slash.create": ("application:app_slash_command:write", self.slash),
            "slash.list": ("application:app_slash_command:read", self.slashes),
            "slash.update": ("application:app_slash_command:write", self.slash_again),
            "card.create": (cards, self.cardkit.create),
            "card.update": (cards, self.cardkit.update),
            "card.settings": (cards, self.cardkit.settings),
            "element.content": (cards, self.cardkit.content),
        }
        if name not in known:
            raise FeishuError(99991201, "path not found", 404)
        return known[name]

    def token(self, call: Call) -> Json:
        """A tenant_access_token for the app's own secret."""
        if call.text("app_id") != self.tenant.app or not self.tenant.active:
            raise FeishuError(10003, "invalid param", 200)
        if call.text("app_secret") != self.tenant.secret:
            raise FeishuError(10014, "app secret invalid", 200)
        token = f"t-{secrets.token_hex(8)}"
        self.tenant.tokens.add(token)
        return {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": TOKEN_SECONDS}

    # --- sending --------------------------------------------------------------------------------------------------

    def create(self, call: Call) -> Json:
        kind, receiver = call.query.get("receive_id_type"), call.text("receive_id")
        if kind == "open_id":
            person = self.tenant.people.get(receiver)
            if person is None:
                raise FeishuError(230001, "Your request contains an invalid request parameter, ext=invalid receive_id")
            if not person.available:
                raise FeishuError(230013, "Bot has NO availability to this user.")
            return self._post(call, self.tenant.direct(receiver), None)
        if kind != "chat_id" or receiver not in self.tenant.chats:
            raise FeishuError(230001, "Your request contains an invalid request parameter, ext=invalid receive_id")
        return self._post(call, self.tenant.chats[receiver], None)

    def reply(self, call: Call) -> Json:
        under = self.reading.message(call)
        chat = self.tenant.chats[under.chat]
        if call.body.get("reply_in_thread") and not chat.threads:
            raise FeishuError(230071, "The aggregated ID of the thread does not support replies in this chat.")
        return self._post(call, chat, under)

    def _post(self, call: Call, chat: Chat, under: Message | None) -> Json:
        self._writable(chat)
        before = self._before(call.text("uuid"))
        if before:
            return {"data": before.json()}
        kind = call.text("msg_type")
        content, entity = self._content(call, kind, chat)
        message = self.tenant.post(
            chat.id, self.tenant.app, kind, content, under, bool(call.body.get("reply_in_thread"))
        )
        if entity:
            message.entity, entity.sent = entity, True
        if call.text("uuid"):
            self._sent[call.text("uuid")] = (self.tenant.clock(), message)
        return {"data": message.json()}

    def _before(self, uuid: str) -> Message | None:
        """What was posted with the same uuid within the hour."""
        if len(uuid) > UUID_MOST:
            raise FeishuError(230001, "Your request contains an invalid request parameter, ext=uuid is too long")
        at, message = self._sent.get(uuid, (0, None))
        return message if self.tenant.clock() - at < UUID_SECONDS else None

    def _content(self, call: Call, kind: str, chat: Chat) -> tuple[Json, CardEntity | None]:
        """The checked content of a message, and the card of CardKit that it shows."""
        most = MOST_OF_A_TEXT if kind == "text" else MOST_OF_A_CARD
        if call.size > most:
            raise FeishuError(230025, "The length of the message content reaches its limit.")
        content = _json(call.text("content"))
        if kind == "interactive" and content.get("type") == "card":
            return {}, self.cardkit.sendable(str(content.get("data", {}).get("card_id")))
        people = {*self.tenant.people, *(["all"] if chat.at_all else [])}
        if kind == "interactive":
            check_card(content, people)
        elif kind == "text" and not isinstance(content.get("text"), str):
            raise FeishuError(230001, "Your request contains an invalid request parameter, ext=text is required")
        elif kind not in ("text", "post"):
            raise FeishuError(230001, "Your request contains an invalid request parameter, ext=invalid msg_type")
        elif not people.issuperset(mentions_in(content, kind == "text")):
            raise FeishuError(230001, "Your request contains an invalid request parameter, ext=invalid at")
        return content, None

    def patch(self, call: Call) -> Json:
        message = self._own(call)
        if message.kind != "interactive":
            raise FeishuError(230054, "This operation is not supported for this message type.")
        if self.tenant.clock() - message.created > EDITABLE_SECONDS:
            raise FeishuError(230031, "The message has exceeded the time limit for editing.")
        message.content, message.entity = self._content(call, "interactive", self.tenant.chats[message.chat])
        message.edits += 1
        return {"data": {}}

    def update(self, call: Call) -> Json:
        message = self._own(call)
        if message.kind == "interactive" or call.text("msg_type") not in ("text", "post"):
            raise FeishuError(230054, "This operation is not supported for this message type.")
        if message.edits >= 20:
            raise FeishuError(230072, "The message has reached the number of times it can be edited.")
        message.content, _ = self._content(call, call.text("msg_type"), self.tenant.chats[message.chat])
        message.kind, message.edits = call.text("msg_type"), message.edits + 1
        return {"data": message.json()}

    def delete(self, call: Call) -> Json:
        self._own(call).deleted = True
        return {"data": {}}

    def slash(self, call: Call) -> Json:
        name, about = call.text("command"), call.body.get("description")
        if not name or name.startswith("/") or not isinstance(about, dict) or not about.get("default_value"):
            raise FeishuError(230001, "invalid command")
        if any(one["command"] == name for one in self.tenant.commands):
            raise FeishuError(40000032, "the command exists already")
        self.tenant.commands.append({**call.body, "command_id": f"cmd-{self.tenant.number()}"})
        return {"data": {"command_id": self.tenant.commands[-1]["command_id"]}}

    def slashes(self, call: Call) -> Json:
        del call
        return {"data": {"items": self.tenant.commands, "has_more": False}}

    def slash_again(self, call: Call) -> Json:
        for known in self.tenant.commands:
            if known["command_id"] == call.parts["command"]:
                known.update(call.body)
                return {"data": {}}
        raise FeishuError(40000033, "the command does not exist")

    def _own(self, call: Call) -> Message:
        message = self.reading.message(call)
        self._writable(self.tenant.chats[message.chat])
        if message.sender != self.tenant.app:
            raise FeishuError(230027, "Lack of necessary permissions, ext=not the sender")
        return message

    def _writable(self, chat: Chat) -> None:
        if chat.dissolved:
            raise FeishuError(232009, "Your request specifies a chat which has already been dissolved.")
        self.reading.member(chat)
        if chat.muted:
            raise FeishuError(230018, "These operations are NOT allowed at current group settings.")


def _json(text: str) -> Json:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise FeishuError(
            230001, "Your request contains an invalid request parameter, ext=content is not a string in json format"
        )
    return value
