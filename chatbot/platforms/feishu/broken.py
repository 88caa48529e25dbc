"""What a broken connection means for the request that was on it."""

from __future__ import annotations

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from chatbot.messaging import UnknownOutcomeError
from workers.errors import TransientError


def broken(error: requests.RequestException) -> TransientError:
    """A connection that was never made carried nothing; of any other nobody knows."""
    reason = error.args[0] if error.args else None
    never = isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
    if never or isinstance(error, requests.ConnectTimeout):
        return TransientError("platform_unreachable")
    return UnknownOutcomeError()
