"""One commit in a chat's digest: its subject with a button, a line on what it does, and a line of facts."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.views.commit import Place, other_commit, size, subject_text
from chatbot.views.links import commit_run, pull_request_run
from chatbot.views.phrases import joined, kinds_text, marked, short
from chatbot.views.view import Action, Actions, Block, Heading, Paragraph, Runs, Section, Text
from chatbot.views.visible import one_line
from workers.model import Entry
from workers.words import Words

MOST_OF_A_SUBJECT = 300
"""Characters of a subject in a list: any that a person wrote for others to read. The details have all of it."""
MOST_IN_A_ROW = 120
"""Characters of a subject in a row of a table."""
MOST_OF_A_LINE = 400
"""Characters of a sentence that can pass for the one line about a commit; a longer one is left to the details."""


def item(entry: Entry, place: Place, value: str) -> Section:
    """A commit of high or medium importance. `value` is what its button sends."""
    words = place.words
    blocks: list[Block] = []
    if line := _line(entry):
        blocks.append(Paragraph(marked(line)))
    if not entry.analysis.complete:
        blocks.append(Paragraph((Text(words("commit.incomplete")),), role="warning"))
    blocks.append(Paragraph(joined(_facts(entry, place), " · "), role="note"))
    blocks.append(Actions((Action("details", words("chat.details"), value=value),)))
    heading = Heading(4, (Text(clipped(subject_text(entry, words), MOST_OF_A_SUBJECT)),))
    return Section(heading, tuple(blocks), role="commit", tier=entry.tier)


def clipped(text: str, most: int) -> str:
    """The text, or its beginning with a mark that it goes on."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _line(entry: Entry) -> str:
    """What the commit does in a sentence, or else why it matters; "" where nothing short is known."""
    said = (statement.text.strip() for statement in entry.analysis.summary)
    return next((text for text in (*said, *entry.tier_reasons) if 0 < len(text) <= MOST_OF_A_LINE), "")


def _facts(entry: Entry, place: Place) -> Iterator[Runs]:
    words: Words = place.words
    yield (Text(kinds_text(entry.kinds, words)),)
    yield (Text(clipped(one_line(entry.author), MOST_IN_A_ROW)),)
    yield (Text(size(entry, words)),)
    yield (commit_run(short(entry.sha), entry.url),)
    if entry.pull_request is not None:
        yield (pull_request_run(entry.pull_request, place.repository.url),)
    for key, shas in (("reverts", entry.reverts), ("reverted_by", entry.reverted_by)):
        if shas:
            yield (Text(words(f"fact.{key}") + " "), *joined(((other_commit(sha, place),) for sha in shas), ", "))
