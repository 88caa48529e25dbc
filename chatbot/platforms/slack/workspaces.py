"""The workspaces that our app is installed in: their tokens, and clients that speak with those."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from slack_sdk import WebClient

from chatbot.messaging import MessageRefusedError
from chatbot.platforms.slack.calls import TIMEOUT_SECONDS, new_client


class Workspaces(Protocol):
    """Gives the client of a workspace."""

    def client(self, team: str) -> WebClient:
        """MessageRefusedError("token_revoked") where our app is not installed, or no longer."""
        ...


class ByToken:
    """Clients by the token that a workspace has; `token_of` gives None where there is none. `timeout`: of each call."""

    def __init__(self, token_of: Callable[[str], str | None], api_url: str, timeout: int = TIMEOUT_SECONDS) -> None:
        self._token_of = token_of
        self._api_url = api_url
        self._timeout = timeout
        self._clients: dict[str, WebClient] = {}

    def client(self, team: str) -> WebClient:
        """See Workspaces."""
        token = self._token_of(team)
        if token is None:
            raise MessageRefusedError("token_revoked")
        if token not in self._clients:
            self._clients[token] = new_client(token, self._api_url, self._timeout)
        return self._clients[token]
