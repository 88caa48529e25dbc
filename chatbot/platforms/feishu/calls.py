"""Calls of Feishu's Open API, and what their failures mean: refused, not carried out, or unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import requests
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.exception import ObtainAccessTokenException
from lark_oapi.core.token import TokenManager

from chatbot.messaging import MessageRefusedError, Refusal, UnknownOutcomeError
from chatbot.platforms.feishu.broken import broken
from chatbot.platforms.feishu.sdk import Thing
from chatbot.views.visible import one_line
from workers.errors import DigestError, RefusedError, TransientError

BUSY = (230020, 99991400, 11232)
STALE_TOKEN = (99991661, 99991663, 99991664, 99991668)
NO_THREADS = 230071
SAID_MOST = 300
"""Characters of Feishu's words about a refusal that are kept: they may repeat what the card says."""
_PERHAPS_DONE = (2200, 230049)
"""An error inside of Feishu, and a message that is being sent."""
_WRONG = (230001, 9499)
"""A value that Feishu does not take: an id that names nothing, or a defect of ours."""
_REFUSALS: Mapping[Refusal, tuple[int, ...]] = {
    "not_in_channel": (230002, 232011),
    "missing_scope": (99991672, 99991679, 230027),
    "token_revoked": (99991662, *STALE_TOKEN),
    "gone": (230011, 230031, 230054, 230072, 230110, 232006, 232009),
    "too_large": (230025, 230099),
}
_CODES = {code: refusal for refusal, codes in _REFUSALS.items() for code in codes}
_SCOPE = re.compile(r"\b[a-z]+:[a-z_]+(?:[.:][a-z_]+)*\b")


class Calls:
    """Asks in the name of the app. `client` is the SDK's."""

    def __init__(self, client: Thing) -> None:
        self.client = client

    def ask(self, method: Callable[[Thing], Thing], request: Thing) -> Thing:
        """What a method of the SDK answers.

        MessageRefusedError, RefusedError("feishu_refused") for the app's id or secret, TransientError; among these
        UnknownOutcomeError where it may have been carried out.
        """
        answer = self._answer(method, request)
        if answer.code in STALE_TOKEN:
            TokenManager.cache = LocalCache()
            answer = self._answer(method, request)
        if answer.code != 0:
            raise refusal_of(answer.code, answer.msg or "", answer.raw.status_code, answer.raw.headers)
        return answer

    def _answer(self, method: Callable[[Thing], Thing], request: Thing) -> Thing:
        """The token is fetched first, so that what breaks there has certainly posted nothing."""
        try:
            TokenManager.get_self_tenant_token(self.client.im.v1.message.config)
        except ObtainAccessTokenException as error:
            if error.code in BUSY:
                raise TransientError("platform_busy", retry_after=1.0) from None
            raise RefusedError("feishu_refused", problem=str(error.code)) from None
        except (requests.RequestException, ValueError):
            raise TransientError("platform_unreachable") from None
        try:
            return method(request)
        except requests.RequestException as error:
            raise broken(error) from None
        except ValueError:
            raise UnknownOutcomeError from None


def refusal_of(code: int, said: str, status: int, headers: Mapping[str, str]) -> DigestError:
    """Our error for an answer of Feishu's that is no success."""
    if status == 429 or code in BUSY:
        return TransientError("platform_busy", retry_after=_retry_after(headers), problem=code)
    if status >= 500 or code in _PERHAPS_DONE:
        return UnknownOutcomeError()
    if code in _WRONG:
        return MessageRefusedError(
            "gone" if "receive_id" in said or "message_id" in said else "too_large", problem=code, said=_clipped(said)
        )
    refusal = _CODES.get(code, "no_rights")
    if refusal == "missing_scope":
        scope = " ".join(_SCOPE.findall(said)) or str(code)
        return MessageRefusedError(refusal, scope=scope, problem=scope)
    if refusal == "too_large":
        return MessageRefusedError(refusal, problem=code, said=_clipped(said))
    return MessageRefusedError(refusal, problem=code)


def _clipped(said: str) -> str:
    """What Feishu says of a card that it does not take, in a line: nothing else tells which of its rules was broken."""
    words = one_line(said).strip()
    return words if len(words) <= SAID_MOST else words[: SAID_MOST - 1] + "…"


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; 1 where nobody tells."""
    told = next((value for name, value in headers.items() if name.lower() == "x-ogw-ratelimit-reset"), "")
    return float(told) if told.isascii() and told.isdecimal() else 1.0
