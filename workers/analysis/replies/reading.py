"""A reply's text as the JSON object in it: whole, or as far as it came.

Servers and models wrap JSON in fences, in prose, and in their thoughts. A reply that was cut gives what stands in it
whole: a string, a statement or a section that was being said when it ended is dropped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jiter

from workers.analysis.llm.values import ReplyFault
from workers.analysis.replies.said import items

REPLY_LIMIT = 400_000
"""Characters of a reply above which it is no reply to any of our questions."""

_THOUGHTS = re.compile(r"\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_START = re.compile(r'\{\s*"')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class Said:
    """The object that was said. `cut` names the key whose value was cut, None where none was."""

    values: dict[str, Any]
    cut: str | None = None


def read(text: str, cut: bool) -> Said:
    """The object of a reply. ReplyFault("empty" | "not_json") where there is none."""
    text = _THOUGHTS.sub("", text[:REPLY_LIMIT], count=1).strip()
    if not text:
        raise ReplyFault("empty", "there was no text")
    start = _START.search(text)
    if start is None:
        raise ReplyFault("not_json", "the reply must be one JSON object and nothing else")
    found = _whole(text, start.start())
    if found is not None:
        return Said(found)
    if cut:
        return _partial(text[start.start() :])
    raise ReplyFault("not_json", "the JSON object of the reply is broken")


def list_in(text: str, cut: bool, name: str) -> Sequence[Any]:
    """The list of this name in a reply that has no other section; of a cut one the items that came whole."""
    values = keyed(read(text, cut).values)
    if name not in values:
        raise ReplyFault("wrong_schema", f"there is no {name}")
    return items(values[name], name)


def keyed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by keys in lower case with underscores; where a model wrapped all in one object, those inside."""
    found = {key.strip().lower().replace(" ", "_").replace("-", "_"): value for key, value in values.items()}
    inner = next(iter(found.values()), None)
    return keyed(inner) if len(found) == 1 and isinstance(inner, dict) and "text" not in inner else found


def _whole(text: str, start: int) -> dict[str, Any] | None:
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and value else None


def _partial(text: str) -> Said:
    try:
        value = jiter.from_json(text.encode("utf-8", "replace"), partial_mode=True)
    except ValueError as error:
        raise ReplyFault("not_json", str(error)[:200]) from error
    return _without_open(value, _depth(text))


def _depth(text: str) -> int:
    """How many brackets are open at the end."""
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += token[0] in "{["
        depth -= token[0] in "}]"
    return depth


def _without_open(values: dict[str, Any], depth: int) -> Said:
    """The object without the innermost statement that is still open; `depth` counts the brackets that are.

    The open ones are the last values on each level: the object, a section's list, a statement (or an insight, its
    list, and a statement in that), its evidence. An insight keeps the statements that were said whole.
    """
    if depth < 2 or not values:
        return Said(values)
    name = next(reversed(values))
    section = values[name]
    if isinstance(section, dict):
        return Said({key: value for key, value in values.items() if key != name}, name)
    if depth > 2 and isinstance(section, list) and section:
        last = section.pop()
        if isinstance(last, dict) and isinstance(last.get("statements"), list):
            if depth > 4 and last["statements"]:
                last["statements"].pop()
            section.append(last)
    return Said(values, name)
