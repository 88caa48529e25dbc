"""The HTTP of a fake API: requests as values, answers as values, a server on loopback between them."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Query = Mapping[str, str]


class Dropped(Exception):
    """Raised by a trouble: the connection ends without an answer."""


@dataclass(frozen=True)
class Request:
    """A request as it came, and the status it was answered with; 0 where it was not."""

    method: str
    path: str
    query: Query
    headers: Mapping[str, str]
    status: int = 0

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True)
class Reply:
    """An answer before it is sent. `length` is told instead of the body's, to break off in the middle."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None

    @classmethod
    def ok(cls, value: object, status: int = 200) -> Reply:
        return cls(status, b"").with_json(value)

    def with_json(self, value: object) -> Reply:
        return replace(self, body=json.dumps(value).encode())

    def json(self) -> Any:
        return json.loads(self.body)


Trouble = Callable[[Reply], Reply]
"""What becomes of a right answer."""


class Server(ThreadingHTTPServer):
    """Answers with what `answer` makes of a request; None drops the connection."""

    answer: Callable[[Request], Reply | None]
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers))
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        given = {"content-type": "application/json; charset=utf-8", **reply.headers}
        for name, value in {**given, "content-length": str(reply.length or len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = self.close_connection or reply.length is not None
