"""What a team must know of a window, each sentence with its commits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from workers.analysis.llm.values import Reader
from workers.analysis.replies.reading import list_in
from workers.analysis.replies.said import items, line, statement
from workers.analysis.replies.schemas import STRING, Schema, list_of, object_of
from workers.model import Highlight

HEARD_MOST = 12
"""Sentences that are heard and checked, before those that hold are cut to what is shown."""

COMMITS_MOST = 30
"""Commits that one sentence may cite."""

SHA_LEAST = 7
"""Digits of a sha that must be given at least, as many as the prompt shows."""


def highlights_schema() -> Schema:
    """The schema of highlights."""
    return object_of({"highlights": list_of(object_of({"text": STRING, "commits": list_of(STRING)}))})


def highlights_reader(shas: Sequence[str]) -> Reader[tuple[Highlight, ...]]:
    """The reader of highlights over the commits with these full shas. A sentence that cites none of them has none."""
    return partial(_highlights, tuple(shas))


def _highlights(shas: Sequence[str], text: str, cut: bool) -> tuple[Highlight, ...]:
    found: list[Highlight] = []
    for item in list_in(text, cut, "highlights"):
        said = statement(item, "highlights")
        cited = items(item.get("commits"), "commits") if isinstance(item, dict) else ()
        commits = tuple(dict.fromkeys(sha for one in cited for sha in _meant(one, shas)))
        if said is not None:
            found.append(Highlight(text=said.text, commits=commits[:COMMITS_MOST]))
    return tuple(found[:HEARD_MOST])


def _meant(value: object, shas: Sequence[str]) -> Sequence[str]:
    """The commit that the beginning of a sha means, if it means one alone."""
    prefix = line(value).lower()
    found = [sha for sha in shas if len(prefix) >= SHA_LEAST and sha.startswith(prefix)]
    return found if len(found) == 1 else ()
