"""What people do in the fake Feishu, as the events that Feishu sends of it."""

from __future__ import annotations

import itertools
import json
from typing import Any

from tests.fakes.feishu_tenant import Chat, Message, Tenant

Json = dict[str, Any]

VERIFICATION_TOKEN = "verification-token"
_numbers = itertools.count(1)


class People:
    """Makes the events of one tenant; each can be sent over the long connection and over HTTP."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def mention(self, text: str, user: str = "ou_1", chat: str = "oc_1", under: Message | None = None) -> Json:
        """Somebody mentions the bot in a group, in the thread of `under` if told."""
        return self.say(f"@_user_1 {text}", user, chat, under, [self._mention(self.tenant.bot, "摘要")])

    def direct(self, text: str, user: str = "ou_1", under: Message | None = None) -> Json:
        """Somebody writes to the bot alone."""
        return self.say(text, user, self.tenant.direct(user).id, under)

    def say(
        self,
        text: str,
        user: str = "ou_1",
        chat: str = "oc_1",
        under: Message | None = None,
        mentions: list[Json] | None = None,
    ) -> Json:
        """Somebody writes, mentioning nobody unless told; in groups the bot hears that with im:message.group_msg."""
        message = self.tenant.post(chat, user, "text", {"text": text}, under, in_thread=bool(under and under.thread))
        return self.said(message, mentions)

    def said(self, message: Message, mentions: list[Json] | None = None) -> Json:
        """The event of a message of any kind."""
        ids = {"message_id": message.id, "root_id": message.root, "parent_id": message.parent}
        told = {name: value for name, value in {**ids, "thread_id": message.thread}.items() if value}
        stamp = str(int(message.created * 1000))
        kind = "p2p" if self.tenant.chats[message.chat].person else "group"
        about = {"create_time": stamp, "update_time": stamp, "chat_id": message.chat, "chat_type": kind}
        said = {"message_type": message.kind, "content": json.dumps(message.content, ensure_ascii=False)}
        event = {**told, **about, **said, **({"mentions": mentions} if mentions else {})}
        person = self.tenant.people[message.sender]
        sender = {"sender_id": _ids(person.id), "sender_type": "user", "tenant_key": person.tenant}
        return self.event("im.message.receive_v1", {"sender": sender, "message": event})

    def press(self, message: Message, wanted: str, user: str = "ou_1", **forged: Any) -> Json:
        """Somebody presses the control that `Message.control` finds, or chooses `option` of its menu.

        `forged` replaces parts of the action, such as `value`. KeyError where the message has no such control,
        ValueError where it does not offer that option.
        """
        control = message.control(wanted, forged.get("option"))
        value = next(one["value"] for one in control["behaviors"] if one["type"] == "callback")
        if "option" in forged and forged["option"] not in [one["value"] for one in control["options"]]:
            raise ValueError(forged["option"])
        action = {"value": value, "tag": control["tag"], "timezone": "Asia/Shanghai", **forged}
        where = {"open_message_id": message.id, "open_chat_id": message.chat}
        operator = {"tenant_key": self.tenant.people[user].tenant, **_ids(user)}
        body = {"operator": operator, "token": f"c-{next(_numbers)}", "action": action, "host": "im_message"}
        return self.event("card.action.trigger", {**body, "context": where})

    def menu(self, key: str, user: str = "ou_1") -> Json:
        """Somebody chooses an entry of the bot's menu."""
        operator = {"operator_name": self.tenant.people[user].name, "operator_id": _ids(user)}
        return self.event("application.bot.menu_v6", {"operator": operator, "event_key": key, "timestamp": 1771718400})

    def removed(self, chat: Chat, user: str = "ou_1") -> Json:
        """Somebody removes the bot from a group."""
        chat.member = False
        return self._about_the_bot("im.chat.member.bot.deleted_v1", chat, user)

    def added(self, chat: Chat, user: str = "ou_1") -> Json:
        """Somebody adds the bot to a group."""
        chat.member = True
        return self._about_the_bot("im.chat.member.bot.added_v1", chat, user)

    def recalled(self, message: Message) -> Json:
        """A message is withdrawn."""
        message.deleted = True
        ids = {"message_id": message.id, "chat_id": message.chat}
        return self.event(
            "im.message.recalled_v1", {**ids, "recall_time": "1771718400", "recall_type": "message_owner"}
        )

    def event(self, kind: str, body: Json, **header: Any) -> Json:
        """An event in its envelope, with an id of its own; `header` replaces parts of its head."""
        number = next(_numbers)
        ids = {
            "event_id": f"ev-{number:08}",
            "token": VERIFICATION_TOKEN,
            "tenant_key": "t1",
            "app_id": self.tenant.app,
        }
        return {
            "schema": "2.0",
            "header": {**ids, "event_type": kind, "create_time": str(int(self.tenant.clock() * 1000)), **header},
            "event": body,
        }

    def _about_the_bot(self, kind: str, chat: Chat, user: str) -> Json:
        body = {"chat_id": chat.id, "operator_id": _ids(user), "name": chat.name, "external": chat.external}
        return self.event(kind, {**body, "operator_tenant_key": self.tenant.people[user].tenant})

    def _mention(self, person: str, name: str, key: str = "@_user_1") -> Json:
        return {"key": key, "id": _ids(person), "name": name, "tenant_key": "t1"}


def _ids(person: str) -> Json:
    return {"open_id": person, "union_id": f"on_{person[3:]}", "user_id": f"u_{person[3:]}"}
