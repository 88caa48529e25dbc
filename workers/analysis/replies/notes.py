"""Notes on one part of a commit that is too large for one call."""

from __future__ import annotations

from workers.analysis.llm.values import Reader
from workers.analysis.replies.reading import list_in
from workers.analysis.replies.said import statements
from workers.analysis.replies.schemas import STATEMENT, Schema, list_of, reply_of
from workers.model import Statement

NOTES_MOST = 12
"""Notes on a part that are kept: as many as the prompt asks for."""


def notes_schema() -> Schema:
    """The schema of the notes on a part."""
    return reply_of({"notes": list_of(STATEMENT)})


def notes_reader() -> Reader[tuple[Statement, ...]]:
    """The reader of the notes on a part; of a cut reply the notes that came whole."""
    return _notes


def _notes(text: str, cut: bool) -> tuple[Statement, ...]:
    return statements(list_in(text, cut, "notes"), "notes", NOTES_MOST)
