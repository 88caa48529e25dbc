"""The HTTP of the fake Feishu: JSON in and out, what can go wrong on the way, and how often a thing may be asked."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.github_http import Reply
from tests.fakes.slack_http import Trouble

Json = dict[str, Any]

OPERATIONS = {
    "token": ("POST", "/open-apis/auth/v3/tenant_access_token/internal"),
    "message.create": ("POST", "/open-apis/im/v1/messages"),
    "message.list": ("GET", "/open-apis/im/v1/messages"),
    "message.reply": ("POST", "/open-apis/im/v1/messages/:message/reply"),
    "message.patch": ("PATCH", "/open-apis/im/v1/messages/:message"),
    "message.update": ("PUT", "/open-apis/im/v1/messages/:message"),
    "message.get": ("GET", "/open-apis/im/v1/messages/:message"),
    "message.delete": ("DELETE", "/open-apis/im/v1/messages/:message"),
    "chat.list": ("GET", "/open-apis/im/v1/chats"),
    "chat.get": ("GET", "/open-apis/im/v1/chats/:chat"),
    "chat.members": ("GET", "/open-apis/im/v1/chats/:chat/members"),
    "user.get": ("GET", "/open-apis/contact/v3/users/:user"),
    "bot.info": ("GET", "/open-apis/bot/v3/info"),
    "card.create": ("POST", "/open-apis/cardkit/v1/cards"),
    "card.update": ("PUT", "/open-apis/cardkit/v1/cards/:card"),
    "card.settings": ("PATCH", "/open-apis/cardkit/v1/cards/:card/settings"),
    "element.content": ("PUT", "/open-apis/cardkit/v1/cards/:card/elements/:element/content"),
    "slash.create": ("POST", "/open-apis/application/v7/app_slash_commands"),
    "slash.list": ("GET", "/open-apis/application/v7/app_slash_commands"),
    "slash.update": ("PATCH", "/open-apis/application/v7/app_slash_commands/:command"),
    "endpoint": ("POST", "/callback/ws/endpoint"),
    "webhook": ("POST", "/open-apis/bot/v2/hook/:hook"),
    "webhook.look": ("GET", "/open-apis/bot/v2/hook/:hook"),
}
"""What can be asked for: a name of ours, the method and the path; `:names` stand for one part of it."""

_PATTERNS = [
    (name, method, re.compile(re.sub(r":(\w+)", r"(?P<\1>[^/]+)", path) + "$"))
    for name, (method, path) in OPERATIONS.items()
]


@dataclass(frozen=True)
class Call:
    """A request as it came. `operation` is one of OPERATIONS or "", `parts` what its path names.

    `size` is that of the body in bytes, `status` what it was answered with; 0 where it was not.
    """

    operation: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    token: str = ""
    size: int = 0
    status: int = 0

    @classmethod
    def read(cls, method: str, target: str, body: bytes, token: str) -> Call:
        """ValueError for a body that is no JSON object."""
        place = urlsplit(target)
        found = ((name, pattern.match(place.path)) for name, verb, pattern in _PATTERNS if verb == method)
        name, match = next(((name, match) for name, match in found if match), ("", None))
        parts = {key: unquote(value) for key, value in match.groupdict().items()} if match else {}
        values = json.loads(body) if body else {}
        if not isinstance(values, dict):
            raise ValueError("no object")
        return cls(name, parts, dict(parse_qsl(place.query)), values, token, len(body))

    def text(self, name: str) -> str:
        """A value of the body as text; "" for any other."""
        value = self.body.get(name)
        return value if isinstance(value, str) else ""


class FeishuError(Exception):
    """A refusal in Feishu's words: its code, what it says, and the HTTP status."""

    def __init__(self, code: int, message: str, status: int = 400, **headers: str) -> None:
        super().__init__(code, message)
        self.code = code
        body = {"code": code, "msg": message, "error": {"log_id": "2026022100000000"}}
        self.reply = Reply(status, json.dumps(body, ensure_ascii=False).encode(), headers)


# --- troubles: see also slack_http's dropped, failing and held ----------------------------------------------------


def refused(code: int, message: str = "refused", status: int = 400) -> Trouble:
    """An error of Feishu's own."""
    return Trouble(lambda reply: FeishuError(code, message, status).reply)


def throttled(code: int, reset: int = 1) -> Trouble:
    """Too many calls, in the words of 230020, 99991400 or 11232; `reset`: seconds to wait, told where Feishu tells."""
    return Trouble(lambda reply: too_many(code, reset).reply)


def too_many(code: int, reset: int) -> FeishuError:
    """The refusal that belongs to a throttle code."""
    if code == 99991400:
        headers = {"x-ogw-ratelimit-limit": "50", "x-ogw-ratelimit-reset": str(reset)}
        return FeishuError(code, "request trigger frequency limit", 429, **headers)
    if code == 11232:
        return FeishuError(code, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]", 200)
    return FeishuError(code, "This operation triggers the frequency limit.", 400)


@dataclass
class Plan:
    """A trouble that is still to come: for calls of an operation and, if told, in one chat."""

    trouble: Trouble
    operation: str
    chat: str | None
    times: int | None


@dataclass
class Quota:
    """At most `calls` in `seconds` of those that `key` counts together; it gives None for calls that do not count."""

    calls: int
    seconds: float
    code: int
    key: Callable[[Call], str | None]
    made: dict[str, list[float]] = field(default_factory=dict)

    def wait(self, call: Call, now: float) -> float:
        """Seconds until the call would be allowed; 0 when it is, and then it counts."""
        key = self.key(call)
        if key is None:
            return 0
        made = self.made.setdefault(key, [])
        made[:] = [at for at in made if now - at < self.seconds]
        if len(made) >= self.calls:
            return self.seconds - (now - made[0])
        made.append(now)
        return 0


# --- the server ---------------------------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """Answers with what `answer` makes of a call; None drops the connection."""

    answer: Callable[[Call], Reply | None]
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            call = Call.read(self.command, self.path, body, token)
        except ValueError:
            self._send(FeishuError(9499, "Bad Request").reply)
            return
        reply = self.server.answer(call)
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._send(reply)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        headers = {"content-type": "application/json; charset=utf-8", **reply.headers}
        for name, value in {**headers, "content-length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
