"""Whether a request over HTTP is Slack's, fresh and new. Our own check: Bolt answers a malformed one with 500, and
writes what it refuses into the log.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal

BODY_MOST = 1_048_576
"""Bytes of a request's body; Slack's largest, a press on a full message, has some 100,000."""
AGE_MOST = timedelta(minutes=5)
"""How far a timestamp may be from now, either way, as Slack advises."""

Reason = Literal["too_large", "unsigned", "malformed", "stale", "forged", "replayed"]
First = Callable[[str, timedelta], bool]
"""Whether a name is seen for the first time within a life, remembering it; may raise TransientError."""


class SignatureError(Exception):
    """Raise for a request that is answered with 401 whatever is wrong with it; `reason` is for the log alone."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def check(body: bytes, headers: Mapping[str, str], secret: str, now: datetime, first: First) -> str:
    """The name under which the request is remembered, once it is certain that Slack sent it, lately and for once.

    `headers`: names in lower case, or a mapping that does not mind. `now` is aware. `first` is asked last, so that
    strangers cannot fill its memory. A delivery that Slack repeats is signed anew. SignatureError.
    """
    if len(body) > BODY_MOST:
        raise SignatureError("too_large")
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not stamp or not signature:
        raise SignatureError("unsigned")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise SignatureError("malformed")
    if abs(now.timestamp() - int(stamp)) > AGE_MOST.total_seconds():
        raise SignatureError("stale")
    signed = b"v0:" + stamp.encode() + b":" + body
    right = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
        raise SignatureError("forged")
    name = f"slack:request:{right}"
    if not first(name, 2 * AGE_MOST):
        raise SignatureError("replayed")
    return name
