"""The HTTP of the fake Slack: forms and JSON in, JSON out, and what can go wrong on the way."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.github_http import Dropped, Reply

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call of a method as it came. `method` is "" for what is no method, such as a response_url."""

    method: str
    path: str
    values: Mapping[str, Any]
    token: str
    status: int = 0

    def text(self, name: str) -> str:
        """A value as text; "" where it was not given."""
        value = self.values.get(name)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value)

    def flag(self, name: str) -> bool:
        """A value as yes or no."""
        return self.values.get(name) in (True, 1, "1", "true", "True")

    def json(self, name: str) -> Any:
        """A value that forms carry as JSON text; None where it was not given. ValueError for what is no JSON."""
        value = self.values.get(name)
        return json.loads(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Trouble:
    """What befalls a call: `do` gets the right answer, which was carried out first where `after` is set."""

    do: Callable[[Reply], Reply]
    after: bool = False


def dropped(after: bool = False) -> Trouble:
    """The connection ends without an answer, before the call is carried out or `after` it."""

    def do(reply: Reply) -> Reply:
        raise Dropped

    return Trouble(do, after)


def failing(status: int = 500, after: bool = False) -> Trouble:
    """A server error, before the call is carried out or `after` it."""
    return Trouble(lambda reply: Reply(status, b"upstream error", {"content-type": "text/plain"}), after)


def limited(retry_after: int = 1) -> Trouble:
    """Too many calls."""
    body = {"ok": False, "error": "ratelimited"}
    return Trouble(lambda reply: Reply(429, json.dumps(body).encode(), {"Retry-After": str(retry_after)}))


def refused(error: str, **more: Any) -> Trouble:
    """An error of the method's own."""
    return Trouble(lambda reply: Reply.ok({"ok": False, "error": error, **more}))


def held(until: threading.Event, after: bool = True, seconds: float = 20) -> Trouble:
    """The answer comes once the event is set."""

    def do(reply: Reply) -> Reply:
        until.wait(seconds)
        return reply

    return Trouble(do, after)


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

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        is_json = self.headers.get("content-type", "").startswith("application/json")
        self._answer(json.loads(body or b"{}") if is_json else dict(parse_qsl(body.decode())))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def _answer(self, values: Json) -> None:
        parts = urlsplit(self.path)
        given = {**dict(parse_qsl(parts.query)), **values}
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ").strip()
        method = parts.path.removeprefix("/api/") if parts.path.startswith("/api/") else ""
        reply = self.server.answer(Call(method, parts.path, given, bearer or str(given.get("token", ""))))
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        headers = {"content-type": "application/json; charset=utf-8", **reply.headers}
        for name, value in {**headers, "content-length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


@dataclass
class Plan:
    """A trouble that is still to come: for calls of a method and, if told, in one channel."""

    trouble: Trouble
    method: str
    channel: str | None
    times: int | None


@dataclass
class Quota:
    """At most `calls` of a method in `seconds`, over all channels or in each."""

    method: str
    calls: int
    seconds: float
    each: bool
    made: dict[str, list[float]] = field(default_factory=dict)

    def wait(self, call: Call, now: float) -> float:
        """Seconds until the call would be allowed; 0 when it is, and then it counts."""
        made = self.made.setdefault(call.text("channel") if self.each else "", [])
        made[:] = [at for at in made if now - at < self.seconds]
        if len(made) >= self.calls:
            return self.seconds - (now - made[0])
        made.append(now)
        return 0
