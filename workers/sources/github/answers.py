"""What an answer of GitHub's API is, and what its status means when it is not the one that was hoped for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from github.Requester import Requester

from workers.errors import DigestError, RefusedError, TransientError, WordsError

SECONDARY_WAIT = 60.0
"""Seconds to wait for a secondary limit that names none: "at least one minute", as GitHub's rate limit page says."""
LONGEST_SAID = 200
"""Characters of the server's own words that an error carries."""

OK, NOT_MODIFIED = 200, 304


@dataclass(frozen=True)
class Answer:
    """Status, headers by lower-case name, and body of one response to `asked` (path and query)."""

    asked: str
    status: int
    headers: Mapping[str, str]
    body: str

    @cached_property
    def json(self) -> Any:  # noqa: ANN401 - it may be anything
        """The body's JSON. TransientError("source_misbehaves") where it is none."""
        with reading(self.asked):
            content = json.loads(self.body)
            if "\\ud" in self.body or "\\uD" in self.body:
                # Half of a surrogate pair is a str that cannot be written anywhere: no text, so no answer.
                json.dumps(content, ensure_ascii=False).encode()
            return content

    def next_page(self, host: str) -> dict[str, str] | None:
        """The query of the next page; None on the last. A link to another host is a lie: "source_misbehaves"."""
        for link in self.headers.get("link", "").split(","):
            address, _, rest = link.partition(";")
            if 'rel="next"' not in rest:
                continue
            with reading(self.asked):
                parts = urlsplit(address.strip().strip("<>"))
                if parts.netloc.lower() != host.lower():
                    raise ValueError(parts.netloc)
                return dict(parse_qsl(parts.query, strict_parsing=True))
        return None


@contextmanager
def reading(asked: str) -> Iterator[None]:
    """Turns the errors of reading what is not as it should be into TransientError("source_misbehaves")."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise TransientError("source_misbehaves", asked=asked) from error


def error_of_answer(answer: Answer, repository: str, now: float) -> DigestError:
    """Our error for an answer with status 400 or more; `now` is in seconds since 1970.

    Its `status` detail lets a caller tell what else a 404 or 422 may mean.
    """
    limited = _rate_limited(answer, now)
    if limited is not None:
        return limited
    if answer.status >= 500:
        wait = _retry_after(answer, now)
        return TransientError("source_unreachable", retry_after=wait, status=answer.status, asked=answer.asked)
    kind, code = _MEANINGS.get(answer.status, (RefusedError, "source_misbehaves"))
    said = _said(answer)[:LONGEST_SAID]
    return kind(code, repository=repository, status=answer.status, asked=answer.asked, said=said)


_MEANINGS: Mapping[int, tuple[type[DigestError], str]] = {
    401: (RefusedError, "bad_credentials"),
    403: (RefusedError, "access_refused"),
    404: (RefusedError, "repository_not_found"),
    409: (WordsError, "empty_repository"),
    410: (RefusedError, "repository_not_found"),
    451: (RefusedError, "repository_blocked"),
}


def _rate_limited(answer: Answer, now: float) -> TransientError | None:
    """The error of a rate limit, with how long to wait, as GitHub's "Rate limits for the REST API" tells; else None."""
    if answer.status not in (403, 429):
        return None
    wait = _retry_after(answer, now)
    reset = _number(answer.headers.get("x-ratelimit-reset"))
    if wait is None and answer.headers.get("x-ratelimit-remaining") == "0" and reset is not None:
        wait = reset - now + 1
    if wait is None and answer.status == 403 and not Requester.isRateLimitError(_said(answer)):
        return None
    wait = max(1.0, SECONDARY_WAIT if wait is None else wait)
    limit = int(_number(answer.headers.get("x-ratelimit-limit")) or 0)
    return TransientError("rate_limited", retry_after=wait, reset=_iso(now + wait), limit=limit)


def _retry_after(answer: Answer, now: float) -> float | None:
    text = answer.headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or not text:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    """A number of a header that is finite and not negative; None for anything else."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _said(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["message"])
    except (LookupError, RecursionError, TypeError, ValueError):
        return ""


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(min(seconds, _LATEST), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
