"""Statements that failed their check and were sent back once: corrected, or given up."""

from __future__ import annotations

from collections.abc import Mapping

from workers.analysis.llm.values import Reader
from workers.analysis.replies.reading import list_in
from workers.analysis.replies.said import statement
from workers.analysis.replies.schemas import SAID, Schema, list_of, object_of
from workers.model import Statement


def repairs_schema() -> Schema:
    """The schema of corrected statements, by number; an empty text gives one up."""
    return object_of({"repairs": list_of(object_of({"number": {"type": "integer"}, **SAID}))})


def repairs_reader() -> Reader[Mapping[int, Statement | None]]:
    """The reader of corrections, by the numbers that the prompt gave, from 1; None is one given up.

    A number that the reply does not speak of is not in the mapping; of two with one number the first stands.
    """
    return _repairs


def _repairs(text: str, cut: bool) -> Mapping[int, Statement | None]:
    found: dict[int, Statement | None] = {}
    for item in list_in(text, cut, "repairs"):
        number = _number(item.get("number")) if isinstance(item, dict) else 0
        if number > 0:
            found.setdefault(number, statement({**item, "text": item.get("text") or ""}, "repairs"))
    return found


def _number(value: object) -> int:
    """A number, also one written as text; 0 for what is none."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:6])
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
