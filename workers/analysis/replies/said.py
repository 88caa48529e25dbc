"""What a model said, made into statements: tolerant of shapes, strict in what is kept.

A text longer than its limit, or without anything to say, is dropped whole: nothing is cut within a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from workers.analysis.llm.values import ReplyFault
from workers.model import Evidence, Side, Statement

TEXT_LIMIT = 800
QUOTE_LIMIT = 400
PATH_LIMIT = 1024
"""Characters of a statement, a quote and a path. A longer quote is clipped: its beginning is a quote too."""

EVIDENCE_MOST = 4

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_OLD = frozenset({"old", "-", "removed", "deleted", "before", "left"})
_TRUE = ("true", "yes", "1", "是")


def items(value: object, what: str) -> Sequence[Any]:
    """The items of a list; one item alone counts as a list of it, null as none. ReplyFault for anything else."""
    if value is None:
        return ()
    if isinstance(value, list):
        return value
    if isinstance(value, str | dict):
        return (value,)
    raise ReplyFault("wrong_schema", f"{what} must be a list")


def line(value: object, limit: int = TEXT_LIMIT) -> str:
    """Text on one line without characters that control, hide or reorder it; "" for what is none, or is too long."""
    if not isinstance(value, str) or len(value) > 4 * limit:
        return ""
    text = " ".join(_UNSEEN.sub("", value).split())
    return text if len(text) <= limit else ""


def statements(value: object, what: str, most: int) -> tuple[Statement, ...]:
    """The statements of a section, at most so many."""
    found = (statement(item, what) for item in items(value, what))
    return tuple(one for one in found if one is not None)[:most]


def statement(value: object, what: str) -> Statement | None:
    """One statement; a bare text is one without evidence. None where nothing is said. ReplyFault for a wrong shape."""
    if isinstance(value, str):
        value = {"text": value}
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise ReplyFault("wrong_schema", f'each item of {what} must be {{"text", "evidence", "proposed"}}')
    text = line(value["text"])
    if not text:
        return None
    evidence = tuple(_evidence(value.get("evidence")))[:EVIDENCE_MOST]
    return Statement(text=text, evidence=evidence, proposed=is_true(value.get("proposed")))


def is_true(value: object) -> bool:
    """Whether a flag is set, in whatever form."""
    return value is True or (isinstance(value, str) and value.strip().lower() in _TRUE)


def _evidence(value: object) -> Iterator[Evidence]:
    """The places that name a path and a quote. Their lines are not known yet: grounding finds them."""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        path, quote = line(item.get("path"), PATH_LIMIT), _quote(item.get("quote"))
        if path and quote:
            side: Side = "old" if line(item.get("side")).lower() in _OLD else "new"
            yield Evidence(path=path, side=side, start=0, end=0, quote=quote)


def _quote(value: object) -> str:
    return _UNSEEN.sub("", value[: 2 * QUOTE_LIMIT])[:QUOTE_LIMIT].strip("\n") if isinstance(value, str) else ""
