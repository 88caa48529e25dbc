"""Notes on the parts of a commit, as lines for the call that combines them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workers.analysis.packing.files import brief_path
from workers.analysis.packing.marks import NOTE, clipped, visible
from workers.model import Evidence, Statement

TEXT_LIMIT = 400
QUOTE_LIMIT = 160
"""Characters of a note, and of each of its quotes, that are shown."""

QUOTES_SHOWN = 2
NOTES_SHOWN = 12
"""Quotes of a note, and notes on a part, that are shown."""


def note_lines(notes: Iterable[Statement]) -> Iterator[str]:
    """One line for each note, its quotes in brackets, so that they can be cited."""
    for note in list(notes)[:NOTES_SHOWN]:
        quotes = "; ".join(_quote(place) for place in note.evidence[:QUOTES_SHOWN])
        text = visible(clipped(" ".join(note.text.split()), TEXT_LIMIT))
        yield f"{NOTE}{text} [{quotes}]" if quotes else f"{NOTE}{text}"


def _quote(place: Evidence) -> str:
    quote = clipped(" ".join(place.quote.split()), QUOTE_LIMIT)
    return f"{brief_path(place.path)} {place.side}: {visible(quote)}"
