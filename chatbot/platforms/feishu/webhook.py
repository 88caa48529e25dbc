"""Custom bots: an address to post to, signed, for groups that cannot have an app. Nothing comes back from them.

Does not import the SDK.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import requests
from pydantic import SecretStr

from chatbot.messaging import (
    Capabilities,
    Channel,
    MessageRefusedError,
    Part,
    Person,
    Receipt,
    Refusal,
    Stream,
    UnknownOutcomeError,
)
from chatbot.platforms.feishu.broken import broken
from chatbot.render.cards import feishu_messages
from chatbot.render.cards_text import json_text
from chatbot.views.view import View
from workers.errors import DigestError, TransientError
from workers.store.pace import Pace

log = logging.getLogger(__name__)

NAME = "feishu_webhook"
TIMEOUT_SECONDS = 10
RATE, RATE_SPAN = 5, timedelta(seconds=1.1)
WAIT_MOST = timedelta(seconds=3)
_BUSY = 11232
_REFUSALS: Mapping[int, Refusal] = {19001: "gone", 19021: "token_revoked", 11246: "too_large", 9499: "too_large"}
_REMEDIES = {
    19001: "its address is wrong, or somebody removed it from the group: copy the address into FEISHU_WEBHOOKS again",
    19021: "its secret is wrong (behind the # of its address in FEISHU_WEBHOOKS), or this machine's clock is off",
    19022: "it takes posts from some IP addresses alone: add this machine's to its IP whitelist, or sign instead",
    19024: "it takes posts with its keywords alone: take the keywords out of its security settings, and sign instead",
}
"""What is to be done about a refusal: nobody in the group can be told, so it is for the log."""


class WebhookPlatform:
    """See Platform. `webhooks`: the channel's id -> the address of its bot, its secret behind a `#`.

    There are no threads, edits, keys or history: what may have arrived and was not answered is posted again.
    """

    def __init__(
        self,
        webhooks: Mapping[str, SecretStr],
        pace: Pace,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._webhooks = webhooks
        self._pace = pace
        self._clock = clock
        self._pause = pause

    @property
    def name(self) -> str:
        """See Platform."""
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        """See Platform."""
        return Capabilities(editable_for=timedelta(), threads=False, private=False)

    def render(self, view: View, key: str, channel: Channel) -> tuple[Part, ...]:
        """See Platform."""
        del key, channel
        return tuple(Part(payload={"card": message["card"]}) for message in feishu_messages(view, webhook=True))

    def send(self, channel: Channel, part: Part, key: str, under: Receipt | None = None) -> Receipt:
        """See Platform. MessageRefusedError("gone") for a name that the settings do not have."""
        del under
        found = self._webhooks.get(channel.id)
        if found is None:
            raise MessageRefusedError("gone")
        seconds = self._pace.turn(f"{NAME}:{channel.id}", WAIT_MOST)
        if seconds:
            self._pause(seconds)
        address, _, secret = found.get_secret_value().partition("#")
        body = {"msg_type": "interactive", "card": part.payload["card"], **signed(secret, int(self._clock()))}
        _post(address, body, channel.id)
        return Receipt(channel=channel, id=key)

    def edit(self, receipt: Receipt, part: Part) -> None:
        """See Platform. What stands stays as it is: MessageRefusedError("gone")."""
        del receipt, part
        raise MessageRefusedError("gone")

    def tell(self, channel: Channel, person: Person, part: Part, under: Receipt | None = None) -> None:
        """See Platform. Nobody can be told anything alone."""
        del channel, person, part, under
        raise MessageRefusedError("no_rights")

    def address(self, receipt: Receipt) -> str | None:
        """See Platform. Feishu has addresses of groups, none of a message."""
        del receipt
        return None

    def find(self, channel: Channel, key: str, since: datetime, under: Receipt | None = None) -> Receipt | None:
        """Always None: a custom bot cannot look, and twice is better than never."""
        del channel, key, since, under
        return None

    def is_shared(self, channel: Channel) -> bool:
        """See Platform. Whoever configured the hook knows who reads there; nobody else can be asked."""
        return channel.is_shared

    def stream(self, channel: Channel, person: Person, text: str, key: str, under: Receipt) -> Stream | None:
        """See Platform. Nobody can ask anything there."""
        del channel, person, text, key, under
        return None


def signed(secret: str, seconds: int) -> dict[str, str]:
    """What shows that a request is ours, at a time in seconds since 1970; nothing without a secret."""
    if not secret:
        return {}
    digest = hmac.new(f"{seconds}\n{secret}".encode(), digestmod=hashlib.sha256).digest()
    return {"timestamp": str(seconds), "sign": base64.b64encode(digest).decode()}


def _post(address: str, body: Mapping[str, Any], name: str) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        answer = requests.post(address, json_text(body).encode(), headers=headers, timeout=TIMEOUT_SECONDS)
        code = int(answer.json()["code"])
    except requests.RequestException as error:
        raise broken(error) from None
    except (ValueError, LookupError, TypeError):
        raise UnknownOutcomeError from None
    if code != 0:
        if code in _REMEDIES:
            log.warning("the custom bot %s refuses a post (%s): %s", name, code, _REMEDIES[code])
        raise _refusal(code, answer.status_code)


def _refusal(code: int, status: int) -> DigestError:
    if status == 429 or code == _BUSY:
        return TransientError("platform_busy", retry_after=1.0)
    return MessageRefusedError(_REFUSALS.get(code, "no_rights"), problem=code)
