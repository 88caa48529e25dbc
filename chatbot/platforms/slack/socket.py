"""Socket Mode: a websocket that we open, so that nobody needs to reach us."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from chatbot.platforms.slack.calls import refusal_of
from workers.errors import RefusedError, TransientError

log = logging.getLogger(__name__)

CONCURRENCY = 10
"""Envelopes that are heard at once."""
PING_SECONDS = 3.0
"""Between two looks at the connection: the SDK opens another after five that fail, or four without an answer."""


class Socket:
    """The connection of one app. The SDK keeps it open, and opens it again when Slack or the network end it."""

    def __init__(self, app: App, token: str) -> None:
        self._handler = SocketModeHandler(app, token, concurrency=CONCURRENCY, ping_interval=PING_SECONDS)

    def open(self) -> None:
        """Connects. RefusedError("slack_socket_refused") for a token that is wrong, TransientError."""
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            refused = refusal_of(error)
            if isinstance(refused, TransientError):
                raise refused from None
            raise RefusedError("slack_socket_refused", problem=str(error.response.get("error", ""))) from None
        except OSError:
            raise TransientError("platform_unreachable") from None
        log.info("connected to Slack by Socket Mode")

    def close(self) -> None:
        """Ends the connection; nothing opens it again."""
        client = self._handler.client
        client.auto_reconnect_enabled = False
        session = client.current_session
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)  # else closing waits 3 s for what is being read
        self._handler.close()  # type: ignore[no-untyped-call]

    def is_connected(self) -> bool:
        """Whether it is open."""
        return bool(self._handler.client.is_connected())
