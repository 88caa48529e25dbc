"""How the fake Slack reaches our bot: signed requests to its address, or Socket Mode over a real websocket."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the bot said to a request."""

    status: int
    body: str
    seconds: float


class HttpDoor:
    """Sends to the bot's address as Slack does: commands as forms, presses as a form around JSON, events as JSON."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret

    def send(self, kind: str, payload: Json, *, attempt: int = 0, **forged: str) -> Answer:
        """`attempt` counts retries; `forged` replaces headers: `signature`, `timestamp` or `secret` for signing."""
        body, content_type = _body(kind, payload)
        headers = self.signed(body, **forged) | {"Content-Type": content_type}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        return self.send_raw(body, headers)

    def signed(self, body: bytes, signature: str = "", timestamp: str = "", secret: str = "") -> dict[str, str]:
        """The headers that a body is signed with."""
        stamp = timestamp or str(int(time.time()))
        base = b"v0:" + stamp.encode() + b":" + body
        right = "v0=" + hmac.new((secret or self._secret).encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or right}

    def send_raw(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Any body with any headers."""
        request = urllib.request.Request(self._url, body, dict(headers), method="POST")  # noqa: S310 - our own
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return Answer(answer.status, answer.read().decode(), time.monotonic() - begun)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), time.monotonic() - begun)


def _body(kind: str, payload: Json) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    match kind:
        case "slash_commands":
            return urlencode(payload).encode(), form
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}).encode(), form
    return json.dumps(payload).encode(), "application/json"


# --- Socket Mode ------------------------------------------------------------------------------------------------


@dataclass
class Envelope:
    """Something sent over a socket; `acked` once the bot has said that it has it, and with what."""

    id: str
    kind: str
    payload: Json
    answer: Json | None = None
    acked: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float = 5) -> Json:
        """The payload of the acknowledgement; TimeoutError without one."""
        if not self.acked.wait(seconds):
            raise TimeoutError(self.kind)
        return self.answer or {}


class SocketDoor:
    """Socket Mode: every envelope goes to one of the open connections, as in Slack."""

    def __init__(self) -> None:
        self.connections: list[ServerConnection] = []
        self.opened = 0
        self.envelopes: dict[str, Envelope] = {}
        self.greets = threading.Event()
        """Cleared, a new connection waits for its hello."""
        self.greets.set()
        self._changed = threading.Condition()
        self._ids = itertools.count(1)
        self._server: Server = serve(self._serve, "127.0.0.1", 0, compression=None)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where apps.connections.open leads to."""
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link/?ticket={next(self._ids)}"

    def close(self) -> None:
        """Ends the server and its connections."""
        self.greets.set()
        self._server.shutdown()
        for connection in list(self.connections):
            connection.close()
        self._thread.join(5)

    def wait_connected(self, count: int = 1, seconds: float = 10, opened: int = 0) -> None:
        """Until `count` connections are open, and `opened` have been in all; TimeoutError otherwise."""
        with self._changed:
            if not self._changed.wait_for(
                lambda: len(self.connections) >= count and self.opened >= opened, timeout=seconds
            ):
                raise TimeoutError(f"{len(self.connections)} connections")

    def send(self, kind: str, payload: Json, *, attempt: int = 0) -> Envelope:
        """Sends to the newest connection; `attempt` counts retries, which have the same payload."""
        envelope = Envelope(f"env-{next(self._ids)}", kind, payload)
        self.envelopes[envelope.id] = envelope
        told: Json = {"envelope_id": envelope.id, "type": kind, "payload": payload}
        told |= {"accepts_response_payload": kind != "events_api"}
        if kind == "events_api":
            told |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        self.connections[-1].send(json.dumps(told))
        return envelope

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Asks the client to come back on another connection, and closes this one once it has, as Slack does."""
        old = self.connections[-1]
        old.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}}))
        with self._changed:
            self._changed.wait_for(lambda: self.connections[-1:] != [old] and bool(self.connections), timeout=10)
        old.close()

    def drop(self) -> None:
        """All connections end without a word."""
        for connection in list(self.connections):
            connection.socket.shutdown(socket.SHUT_RDWR)

    def _serve(self, connection: ServerConnection) -> None:
        self.greets.wait()
        with self._changed:
            self.connections.append(connection)
            self.opened += 1
            count = len(self.connections)
            self._changed.notify_all()
        hello = {"type": "hello", "num_connections": count, "connection_info": {"app_id": "A1"}}
        try:
            connection.send(json.dumps({**hello, "debug_info": {"host": "fake", "approximate_connection_time": 18060}}))
            for text in connection:
                self._acknowledged(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            with self._changed:
                self.connections.remove(connection)
                self._changed.notify_all()

    def _acknowledged(self, told: Json) -> None:
        envelope = self.envelopes.get(told.get("envelope_id", ""))
        if envelope:
            envelope.answer = told.get("payload")
            envelope.acked.set()
