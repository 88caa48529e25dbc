"""The line in a digest's thread that says that one of its commits was reverted later."""

from __future__ import annotations

from chatbot.views.chat_item import MOST_OF_A_SUBJECT, clipped
from chatbot.views.commit import subject_text
from chatbot.views.links import commit_run
from chatbot.views.phrases import short
from chatbot.views.view import Facts, Paragraph, Runs, Strong, Text, View
from chatbot.views.visible import one_line
from workers.model import Entry
from workers.words import Words


def reverted_view(reverted: Entry, revert: Entry, words: Words) -> View:
    """That a commit of the digest was reverted, and by which."""
    title = words("chat.reverted")
    facts = (
        (words("column.commit"), _commit(reverted, words)),
        (words("fact.reverted_by"), (*_commit(revert, words), Text(f" · {one_line(revert.author)}"))),
    )
    fallback = f"{title}{words('mark.colon')}{clipped(subject_text(reverted, words), MOST_OF_A_SUBJECT)}"
    return View(words.language, title, fallback, (Paragraph((Strong(title),)), Facts(facts, words("mark.colon"))))


def _commit(entry: Entry, words: Words) -> Runs:
    subject = clipped(subject_text(entry, words), MOST_OF_A_SUBJECT)
    return (commit_run(short(entry.sha), entry.url), Text(f" {subject}"))
