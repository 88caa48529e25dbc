"""Calls of Slack's Web API, and what their failures mean: refused, not carried out, or unknown."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from chatbot.messaging import MessageRefusedError, Refusal, UnknownOutcomeError
from workers.errors import DigestError, TransientError

Json = dict[str, Any]

TIMEOUT_SECONDS = 10
HASTE_SECONDS = 1
"""The same for a call that somebody's command waits for: Slack gives up on its acknowledgement after 3."""
WAIT_MOST = 2
"""Seconds of `Retry-After` that a call waits by itself; with more, whoever called knows better what to do meanwhile."""

_REFUSALS: Mapping[Refusal, tuple[str, ...]] = {
    "not_in_channel": ("not_in_channel", "channel_not_found", "user_not_in_channel", "not_in_conversation"),
    "archived": ("is_archived",),
    "missing_scope": ("missing_scope", "not_allowed_token_type"),
    "token_revoked": (
        *("token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired", "org_login_required"),
        *("team_access_not_granted", "app_not_installed"),
    ),
    "gone": (
        *("message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed", "user_not_found"),
        *("users_not_found", "cannot_reply_to_message"),
    ),
    "too_large": (
        *("msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "no_text"),
        *("invalid_metadata_format", "metadata_too_large", "too_many_attachments"),
    ),
}
_CODES = {code: refusal for refusal, codes in _REFUSALS.items() for code in codes}
_PERHAPS_DONE = ("internal_error", "fatal_error", "request_timeout", "service_unavailable")
"""What Slack answers when a part of the call may have been carried out nevertheless."""
_BUSY = ("ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited")


def new_client(token: str | None, api_url: str, timeout: int = TIMEOUT_SECONDS) -> WebClient:
    """A client that repeats nothing by itself: the SDK's default one posts twice, and may sleep for an hour.

    `timeout`: seconds for each call.
    """
    base = api_url if api_url.endswith("/") else f"{api_url}/"
    return WebClient(token, base_url=base, timeout=timeout, retry_handlers=[])


def ask(method: Callable[..., SlackResponse], **arguments: object) -> Json:
    """What a method answers, at the second attempt where Slack asks to wait for a moment only. Raises as `ask_once`."""
    try:
        return ask_once(method, **arguments)
    except TransientError as error:
        seconds = error.retry_after
        if error.code != "platform_busy" or seconds is None or seconds > WAIT_MOST:
            raise
    time.sleep(seconds)
    return ask_once(method, **arguments)


def ask_once(method: Callable[..., SlackResponse], **arguments: object) -> Json:
    """What a method answers. MessageRefusedError, TransientError; UnknownOutcomeError where it may have been done."""
    try:
        answer = method(**arguments).data
    except SlackApiError as error:
        raise refusal_of(error) from None
    except URLError as error:
        raise _unreached(error.reason) from None
    except (OSError, HTTPException) as error:
        raise _unreached(error) from None
    return answer if isinstance(answer, dict) else {}


def refusal_of(error: SlackApiError) -> DigestError:
    """Our error for an answer of Slack's that is not ok."""
    answer = error.response
    status = getattr(answer, "status_code", 200)
    code = str(answer.get("error", ""))
    if status == 429 or code in _BUSY:
        return TransientError("platform_busy", retry_after=_retry_after(getattr(answer, "headers", {})))
    if status >= 500 or code in _PERHAPS_DONE:
        return UnknownOutcomeError()
    refusal = _CODES.get(code, "no_rights")
    if refusal == "missing_scope":
        scope = str(answer.get("needed", code))
        return MessageRefusedError(refusal, scope=scope, problem=scope)
    return MessageRefusedError(refusal, problem=code)


def _unreached(reason: object) -> DigestError:
    """A connection that was never made carried nothing; of any other nobody knows."""
    if isinstance(reason, ConnectionRefusedError | socket.gaierror):
        return TransientError("platform_unreachable")
    return UnknownOutcomeError()


def _retry_after(headers: Mapping[str, Any]) -> float:
    """Seconds; 1 where nobody tells. The SDK has values of headers as texts and as lists of them."""
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    text = found[0] if isinstance(found, list) else found
    return float(text) if str(text).isdecimal() else 1.0
