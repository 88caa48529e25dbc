"""What a failed call means: whose words an error has, whether it may pass, and what of the request it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from workers.analysis.llm.dialect import Blame

SAID_MOST = 200
"""Characters kept of what a server says: enough for a cause, too few for a prompt."""
ECHO = 24
"""Characters in a row that a server's words and a prompt must not share: then they quote it, and are dropped."""

_TOO_LONG = re.compile(
    r"context.?(length|window|size)|maximum (input|context)|too many (input )?tokens|(prompt|input|request) is too long"
    r"|reduce the length|range of input length|exceeds? the available",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content.?(filter|management|policy|exists.risk)|data_inspection_failed|moderation", re.IGNORECASE
)
_NO_MODEL = re.compile(r"model.{0,80}(not (found|exist)|does not exist)|model_not_found", re.IGNORECASE)
_NO_CREDIT = re.compile(
    r"insufficient.?(quota|balance|funds|credit)|exceeded your current quota|arrearage", re.IGNORECASE
)
_MEANINGS: tuple[tuple[str, tuple[int, ...], re.Pattern[str] | None], ...] = (
    ("no_credit", (402,), None),
    ("no_credit", (403, 429), _NO_CREDIT),
    ("key_refused", (401, 403), None),
    ("busy", (429, 529), None),
    ("timeout", (408, 504), None),
    ("too_long", (413,), None),
    ("too_long", (400, 422, 500), _TOO_LONG),
    ("unknown_model", (404,), None),
    ("unknown_model", (400,), _NO_MODEL),
    ("refused", (400, 422), _FILTERED),
)
"""Codes by status and, where that says too little, by the server's words. The first that fits counts."""
_PASSING = ("busy", "timeout", "refused")
_LIMIT = re.compile(r"max_(completion_)?tokens", re.IGNORECASE)


@dataclass(eq=False)
class CallFault(Exception):
    """One call without a reply.

    `code` is as in ModelFault. `again`: it may pass by itself. `blame`: what to leave out at the next try; for a status
    that may have other causes (500) it says what could be meant. `said` is the server's own words, cleaned.
    `retry_after` is seconds, None where the server does not tell.
    """

    code: str
    status: int | None = None
    said: str = ""
    again: bool = False
    blame: Blame | None = None
    retry_after: float | None = None


def fault_of_status(status: int, body: object, headers: Mapping[str, str], now: datetime) -> CallFault:
    """The meaning of an HTTP status with a body. `said` is the server's words as they are: see `cleaned`."""
    said = _words_of(body)
    telling = f"{said} {_field(body, 'code')} {_field(body, 'type')}"
    code, again = _code_of(status, telling)
    blame = _blame_of(status, telling, _field(body, "param")) if code == "server" else None
    return CallFault(code, status, said, again, blame, retry_after(headers, now))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a server asks to wait, from `retry-after-ms` or `retry-after` (seconds, or a date)."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    told = headers.get("retry-after", "")
    seconds = _number(told)
    if seconds is not None:
        return seconds
    until, since = _date(told), _date(headers.get("date", ""))
    return max(0.0, (until - (since or now)).total_seconds()) if until else None


def cleaned(said: str, key: str | None, prompt: str) -> str:
    """A server's words as one short line without the key; nothing where they quote the prompt."""
    text = said.replace(key, "***") if key else said
    text = "".join(mark if mark.isprintable() else " " for mark in text)
    text = " ".join(text.split())
    text = text if len(text) <= SAID_MOST else text[: SAID_MOST - 1] + "…"
    quoted = any(text[at : at + ECHO] in prompt for at in range(len(text) - ECHO + 1))
    return "" if quoted else text


def _code_of(status: int, telling: str) -> tuple[str, bool]:
    """The fault's code, and whether it may pass by itself."""
    for code, statuses, words in _MEANINGS:
        if status in statuses and (words is None or words.search(telling)):
            return code, code in _PASSING
    return "server", status >= 500 or status == 409


def _blame_of(status: int, telling: str, param: str) -> Blame | None:
    if status not in (400, 422, 500, 501):
        return None
    if param == "temperature" or (not param and "temperature" in telling.casefold()):
        return "temperature"
    if _LIMIT.search(param or telling):
        return "limit"
    return "rung"


def _words_of(body: object, depth: int = 0) -> str:
    """The message in an error's body: servers put it in different places, never deep."""
    if depth > 4:
        return ""
    if isinstance(body, str):
        return re.sub(r"<[^>]*>", " ", body)
    if isinstance(body, list):
        return "; ".join(_words_of(inner, depth + 1) for inner in body[:3])
    if not isinstance(body, Mapping):
        return ""
    found = next((body[name] for name in ("message", "msg", "detail", "error") if body.get(name)), "")
    return _words_of(found, depth + 1)


def _field(body: object, name: str) -> str:
    value: Any = body.get(name) if isinstance(body, Mapping) else None
    return str(value) if isinstance(value, str | int) else ""


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII) else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
