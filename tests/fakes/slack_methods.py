"""The Web API's methods on a workspace of the fake Slack."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.fakes.slack_blocks import BlocksError, check_message, check_view
from tests.fakes.slack_http import Call
from tests.fakes.slack_workspace import Channel, Message, Workspace

Json = dict[str, Any]
MOST_OF_A_STREAM = 10_600
"""UTF-8 bytes that one stream carries, as was measured."""
MOST_AT_ONCE = 12_000


class SlackError(Exception):
    """A method's refusal: its code, and what else the answer says."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.answer = {"ok": False, "error": code, **more}


class Methods:
    """Answers calls with the bot token of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> Json:
        """The answer. SlackError for one that is refused."""
        if call.method not in _METHODS:
            raise SlackError("unknown_method", req_method=call.method)
        scope, answer = _METHODS[call.method]
        if scope and scope not in self.workspace.scopes.split(","):
            raise SlackError("missing_scope", needed=scope, provided=self.workspace.scopes)
        try:
            with self._lock:
                return {"ok": True, **answer(self, call)}
        except BlocksError as error:
            messages = [f"[ERROR] {fault}" for fault in error.faults]
            raise SlackError(error.code, errors=error.faults, response_metadata={"messages": messages}) from None

    # --- messages -------------------------------------------------------------------------------------------------

    def post(self, call: Call) -> Json:
        channel = self._writable(call)
        message = self._message(call, channel, self._parent(call, channel))
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": message.json()}

    def ephemeral(self, call: Call) -> Json:
        channel = self._writable(call)
        if call.text("user") not in self.workspace.people:
            raise SlackError("user_not_in_channel")
        message = self._message(call, channel, call.text("thread_ts") or None)
        message.to = call.text("user")
        channel.messages.append(message)
        return {"message_ts": message.ts}

    def update(self, call: Call) -> Json:
        channel = self._writable(call)
        old = self._own(call, channel)
        new = self._message(call, channel, old.thread_ts)
        old.text, old.blocks, old.edits = new.text, new.blocks, old.edits + 1
        old.metadata = new.metadata or old.metadata
        return {"channel": channel.id, "ts": old.ts, "text": old.text, "message": old.json()}

    def delete(self, call: Call) -> Json:
        channel = self._channel(call)
        message = self._own(call, channel)
        self.workspace.remove(channel.id, message.ts)
        return {"channel": channel.id, "ts": message.ts}

    def permalink(self, call: Call) -> Json:
        channel = self._channel(call)
        if channel.find(call.text("message_ts")) is None:
            raise SlackError("message_not_found")
        place = f"{channel.id}/p{call.text('message_ts').replace('.', '')}"
        return {"channel": channel.id, "permalink": f"https://acme.slack.com/archives/{place}"}

    def react(self, call: Call) -> Json:
        channel = self._writable(call)
        message = channel.find(call.text("timestamp"))
        if message is None:
            raise SlackError("message_not_found")
        if call.text("name") in message.reactions:
            raise SlackError("already_reacted")
        message.reactions.append(call.text("name"))
        return {}

    def _message(self, call: Call, channel: Channel, thread_ts: str | None) -> Message:
        text, blocks, metadata = call.text("text"), _json(call, "blocks") or [], _json(call, "metadata")
        if not text.strip():
            raise SlackError("no_text")
        if len(text) > 40_000:
            raise SlackError("msg_too_long")
        check_message(blocks, self.workspace.refused)
        if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
            raise SlackError("invalid_metadata_format")
        unfurl = call.values.get("unfurl_links") is not False and not call.flag("unfurl_links")
        ts, bot = self.workspace.next_ts(), self.workspace.bot
        return Message(ts, channel.id, bot, text, blocks, thread_ts, metadata, unfurl=unfurl)

    def _parent(self, call: Call, channel: Channel) -> str | None:
        """The thread that is answered in. Slack answers in the channel itself, silently, where that thread is gone."""
        wanted = call.text("thread_ts")
        there = channel.find(wanted) or channel.replies(wanted) or wanted in channel.tombstones
        return wanted if wanted and there else None

    def _own(self, call: Call, channel: Channel) -> Message:
        message = channel.find(call.text("ts"))
        if message is None:
            raise SlackError("message_not_found")
        if message.user != self.workspace.bot:
            raise SlackError("cant_update_message" if call.method == "chat.update" else "cant_delete_message")
        return message

    def _channel(self, call: Call) -> Channel:
        wanted = call.text("channel")
        if wanted in self.workspace.people:
            return self.workspace.direct(wanted)
        channel = self.workspace.channels.get(wanted)
        if channel is None or (channel.private and not channel.member):
            raise SlackError("channel_not_found")
        return channel

    def _writable(self, call: Call) -> Channel:
        channel = self._channel(call)
        if channel.archived:
            raise SlackError("is_archived")
        if not channel.member:
            raise SlackError("not_in_channel")
        return channel

    # --- conversations and people ---------------------------------------------------------------------------------

    def history(self, call: Call) -> Json:
        channel = self._channel(call)
        if not channel.member:
            raise SlackError("not_in_channel")
        return self._page(call, list(reversed(channel.top())))

    def replies(self, call: Call) -> Json:
        channel = self._channel(call)
        ts = call.text("ts")
        parent = channel.find(ts)
        if parent is None and ts not in channel.tombstones:
            raise SlackError("thread_not_found")
        return self._page(call, [*([parent] if parent else []), *channel.replies(ts)])

    def _page(self, call: Call, messages: list[Message]) -> Json:
        oldest, latest = float(call.text("oldest") or 0), float(call.text("latest") or "inf")
        inside = call.flag("inclusive")
        found = [
            one for one in messages if oldest < float(one.ts) < latest or (inside and float(one.ts) in (oldest, latest))
        ]
        start, size = int(call.text("cursor") or 0), int(call.text("limit") or 100)
        more = start + size < len(found)
        shown = [one.json(call.flag("include_all_metadata")) for one in found[start : start + size]]
        metadata = {"response_metadata": {"next_cursor": str(start + size)}} if more else {}
        return {"messages": shown, "has_more": more, **metadata}

    def info(self, call: Call) -> Json:
        return {"channel": self._channel(call).json()}

    def of_person(self, call: Call) -> Json:
        """The channels that both the bot and a person are in."""
        user = call.text("user")
        rooms = [one for one in self.workspace.channels.values() if one.member and not one.im]
        shown = [
            one for one in rooms if user not in one.absent and not (one.archived and call.flag("exclude_archived"))
        ]
        return {"channels": [one.json() for one in shown]}

    def join(self, call: Call) -> Json:
        channel = self._channel(call)
        if channel.archived:
            raise SlackError("is_archived")
        if channel.private or channel.im:
            raise SlackError("method_not_supported_for_channel_type")
        channel.member = True
        return {"channel": channel.json()}

    def open(self, call: Call) -> Json:
        user = call.text("users")
        if user not in self.workspace.people:
            raise SlackError("users_not_found")
        return {"channel": self.workspace.direct(user).json()}

    def person(self, call: Call) -> Json:
        person = self.workspace.people.get(call.text("user"))
        if person is None:
            raise SlackError("user_not_found")
        team = person.team or self.workspace.team
        flags = {"is_restricted": person.restricted, "is_stranger": team != self.workspace.team, "is_bot": False}
        words = {"tz": person.zone, "locale": person.language}
        return {"user": {"id": person.id, "team_id": team, "name": person.name, **words, **flags}}

    def publish(self, call: Call) -> Json:
        person = self.workspace.people.get(call.text("user_id"))
        if person is None:
            raise SlackError("user_not_found")
        person.home = _json(call, "view")
        check_view(person.home)
        return {"view": {"id": f"V{person.id}", **(person.home or {})}}

    def open_view(self, call: Call) -> Json:
        if not call.text("trigger_id"):
            raise SlackError("invalid_trigger_id")
        view = _json(call, "view")
        check_view(view)
        return {"view": {"id": "V1", **view}}

    def whoami(self, call: Call) -> Json:
        names = {"team": "Acme", "user": "commit-digest", "url": "https://acme.slack.com/"}
        ids = {"team_id": self.workspace.team, "user_id": self.workspace.bot, "bot_id": f"B{self.workspace.bot[1:]}"}
        return names | ids

    def revoke(self, call: Call) -> Json:
        self.workspace.token = ""
        return {"revoked": True}

    # --- streams --------------------------------------------------------------------------------------------------

    def start_stream(self, call: Call) -> Json:
        channel = self._writable(call)
        if not self._parent(call, channel):
            raise SlackError("invalid_arguments")
        message = Message(
            self.workspace.next_ts(), channel.id, self.workspace.bot, "", thread_ts=call.text("thread_ts")
        )
        message.streaming = True
        channel.messages.append(message)
        self._stream(call, message)
        return {"channel": channel.id, "ts": message.ts}

    def append_stream(self, call: Call) -> Json:
        message = self._streamed(call)
        self._stream(call, message)
        return {"channel": message.channel, "ts": message.ts}

    def stop_stream(self, call: Call) -> Json:
        message = self._streamed(call)
        blocks = _json(call, "blocks") or []
        check_message(blocks, self.workspace.refused)
        self._stream(call, message)
        message.blocks, message.metadata, message.streaming = blocks, _json(call, "metadata"), False
        return {"channel": message.channel, "ts": message.ts, "message": message.json()}

    def _streamed(self, call: Call) -> Message:
        message = self._own(call, self._channel(call))
        if not message.streaming:
            raise SlackError("message_not_in_streaming_state")
        return message

    def _stream(self, call: Call, message: Message) -> None:
        text = call.text("markdown_text")
        for chunk in _json(call, "chunks") or []:
            text += chunk.get("text", "") if chunk.get("type") == "markdown_text" else ""
        if len(text) > MOST_AT_ONCE or len((message.text + text).encode()) > MOST_OF_A_STREAM:
            raise SlackError("msg_too_long")
        message.text += text


def _json(call: Call, name: str) -> Any:
    try:
        return call.json(name)
    except ValueError:
        raise SlackError("invalid_json" if name != "blocks" else "invalid_blocks_format") from None


_METHODS: dict[str, tuple[str, Callable[[Methods, Call], Json]]] = {
    "auth.test": ("", Methods.whoami),
    "auth.revoke": ("", Methods.revoke),
    "chat.postMessage": ("chat:write", Methods.post),
    "chat.postEphemeral": ("chat:write", Methods.ephemeral),
    "chat.update": ("chat:write", Methods.update),
    "chat.delete": ("chat:write", Methods.delete),
    "chat.getPermalink": ("", Methods.permalink),
    "chat.startStream": ("chat:write", Methods.start_stream),
    "chat.appendStream": ("chat:write", Methods.append_stream),
    "chat.stopStream": ("chat:write", Methods.stop_stream),
    "conversations.history": ("channels:history", Methods.history),
    "conversations.replies": ("channels:history", Methods.replies),
    "conversations.info": ("channels:read", Methods.info),
    "conversations.join": ("channels:join", Methods.join),
    "conversations.open": ("im:write", Methods.open),
    "reactions.add": ("reactions:write", Methods.react),
    "users.conversations": ("channels:read", Methods.of_person),
    "users.info": ("users:read", Methods.person),
    "views.publish": ("", Methods.publish),
    "views.open": ("", Methods.open_view),
}
