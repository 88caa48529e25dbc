"""What the Open API of the fake Feishu tells of messages, chats, people and the bot."""

from __future__ import annotations

from typing import Any

from tests.fakes.feishu_http import Call, FeishuError
from tests.fakes.feishu_tenant import Chat, Message, Tenant

Json = dict[str, Any]

MOST_PER_PAGE = 50


class Reading:
    """Reads a tenant as its app may."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def get(self, call: Call) -> Json:
        message = self.message(call, even_deleted=True)
        self._readable(self.tenant.chats[message.chat])
        return {"data": {"items": [message.json(_as_sent(call))]}}

    def list(self, call: Call) -> Json:
        query = call.query
        found = self._in_container(query.get("container_id_type", ""), query.get("container_id", ""))
        start, end = int(query.get("start_time", "0")), int(query.get("end_time", "99999999999"))
        found = [one for one in found if start <= one.created < end + 1]
        if query.get("sort_type", "ByCreateTimeAsc") == "ByCreateTimeDesc":
            found.reverse()
        return {"data": _page(call, [one.json(_as_sent(call)) for one in found])}

    def _in_container(self, kind: str, name: str) -> list[Message]:
        if kind == "thread":
            chats = [one for one in self.tenant.chats.values() if any(said.thread == name for said in one.messages)]
            return [said for chat in chats if self._readable(chat) for said in chat.messages if said.thread == name]
        chat = self._chat(name, 230001)
        self._readable(chat)
        return [one for one in chat.messages if one.thread is None or one.root is None]

    def chat(self, call: Call) -> Json:
        chat = self._chat(call.parts["chat"])
        if not chat.member:
            raise FeishuError(232011, "Operator can NOT be out of the chat.")
        return {"data": chat.json()}

    def chats(self, call: Call) -> Json:
        mine = [one.json() for one in self.tenant.chats.values() if one.member and not one.person]
        return {"data": _page(call, mine)}

    def members(self, call: Call) -> Json:
        chat = self._chat(call.parts["chat"])
        if not chat.member:
            raise FeishuError(232011, "Operator can NOT be out of the chat.")
        people = [self.tenant.people[chat.person]] if chat.person else self.tenant.people.values()
        told = [
            {"member_id_type": "open_id", "member_id": one.id, "name": one.name, "tenant_key": one.tenant}
            for one in people
        ]
        return {"data": {**_page(call, told), "member_total": len(told)}}

    def user(self, call: Call) -> Json:
        person = self.tenant.people.get(call.parts["user"])
        if person is None or not person.available:
            raise FeishuError(41050, "no user authority error")
        return {"data": {"user": {"open_id": person.id, "name": person.name, "status": {"is_activated": True}}}}

    def bot(self, call: Call) -> Json:
        return {"msg": "ok", "bot": {"activate_status": 2, "app_name": "摘要", "open_id": self.tenant.bot}}

    def message(self, call: Call, even_deleted: bool = False) -> Message:
        """The message that a call names; FeishuError where there is none."""
        message = self.tenant.find(call.parts["message"])
        if message is None:
            raise FeishuError(230001, "Your request contains an invalid request parameter, ext=invalid message_id")
        if message.deleted and not even_deleted:
            raise FeishuError(230011, "The message was withdrawn.")
        return message

    def member(self, chat: Chat) -> bool:
        """True; FeishuError where the bot is not in a chat."""
        if not chat.member:
            raise FeishuError(230002, "Bot/User can NOT be out of the chat.")
        return True

    def _readable(self, chat: Chat) -> bool:
        """True; FeishuError where the bot may not read: in groups that takes a scope of its own."""
        if not chat.person and "im:message.group_msg" not in self.tenant.scopes:
            raise FeishuError(230027, "Lack of necessary permissions, ext=need scope: im:message.group_msg")
        return self.member(chat)

    def _chat(self, name: str, code: int = 232006) -> Chat:
        if name not in self.tenant.chats:
            raise FeishuError(code, "Your request specifies a chat_id which is invalid.")
        return self.tenant.chats[name]


def _as_sent(call: Call) -> bool:
    return call.query.get("card_msg_content_type") == "user_card_content"


def _page(call: Call, items: list[Json]) -> Json:
    size, at = min(int(call.query.get("page_size", "20")), MOST_PER_PAGE), int(call.query.get("page_token") or "0")
    more = at + size < len(items)
    return {"items": items[at : at + size], "has_more": more, "page_token": str(at + size) if more else ""}
