"""What is said in the thread of a digest, or where somebody waits for one: details, progress, failures."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.views.commit import Place, aspects, commit_facts, statement_runs, subject_text
from chatbot.views.failure import failure_text
from chatbot.views.phrases import marked, short
from chatbot.views.progress import in_hand_text, stage_text
from chatbot.views.remarks import incomplete_text, remarks
from chatbot.views.view import (
    Bar,
    Block,
    Excerpt,
    Facts,
    Feedback,
    Fold,
    Heading,
    Link,
    Paragraph,
    Quote,
    Runs,
    Section,
    Strong,
    Text,
    View,
)
from chatbot.views.visible import one_line
from workers.errors import Detail
from workers.model import Entry, RepositoryDigest
from workers.store.runs import Progress
from workers.words import Words

MOST_LEFT_OUT = 10
"""Files that were not read and are named in a chat; more are counted by their reasons."""
MOST_PLACES = 20
"""Places shown beside a statement in a chat, which has no list of them below: more than any statement has."""


def details_view(entry: Entry, repository: RepositoryDigest, words: Words, value: str) -> View:
    """A commit's whole analysis. `value` comes back with feedback on it: `chat_values.commit_value`."""
    subject = subject_text(entry, words)
    place = Place(repository, {}, words, MOST_PLACES)
    blocks: list[Block] = [Facts(commit_facts(entry, place), words("mark.colon"))]
    if lacking := incomplete_text(entry.analysis, words):
        blocks.append(Paragraph((Text(lacking),), role="warning"))
    blocks += aspects(entry, place, 3)
    if entry.analysis.conclusion is not None:
        conclusion = statement_runs(entry.analysis.conclusion, entry, place)
        blocks.append(Quote((Strong(words("aspect.conclusion")), Text(words("mark.colon")), *conclusion)))
    remark, *left_out = remarks(entry, words)
    blocks.append(remark)
    blocks += (_brief(fold, entry) for fold in left_out)
    blocks.append(Feedback("feedback", value, words("chat.helpful"), words("chat.unhelpful")))
    blocks.append(Paragraph((Text(words("chat.ask")),), role="note"))
    if entry.message.strip():
        blocks.append(Fold((Text(words("commit.message")),), (Excerpt(entry.message.strip("\n")),)))
    section = Section(Heading(1, (Text(subject),)), tuple(blocks), role="commit", tier=entry.tier)
    return View(words.language, subject, f"{one_line(repository.name)}@{short(entry.sha)}: {subject}", (section,))


def _brief(left_out: Block, entry: Entry) -> Block:
    """The files that were not read, or where there are many the line that counts them."""
    if isinstance(left_out, Fold) and len(entry.coverage.left_out) > MOST_LEFT_OUT:
        return Paragraph(left_out.summary, role="note")
    return left_out


def seen_view(entry: Entry, words: Words, url: str | None = None) -> View:
    """The answer to who asks for details that the thread has already; `url` is where they are opened, if known."""
    text = words("chat.seen", commit=short(entry.sha))
    way: Runs = (Text(words("mark.sentence")), Link(words("chat.seen_open"), url)) if url else ()
    return View(words.language, text, text, (Paragraph((Text(text), *way)),))


def progress_view(names: str, progress: Progress, words: Words) -> View:
    """How far a digest of the repositories `names` is: what is fetched, what is judged, and what is in hand."""
    title = words("chat.progress", names=one_line(names))
    blocks: list[Block] = [Paragraph((Strong(title),))]
    if progress.listed:
        blocks.append(Bar(stage_text("fetching", words), progress.collect.done, progress.collect.total))
        blocks.append(Bar(stage_text("analysing", words), progress.analyse.done, progress.analyse.total))
    else:
        blocks.append(Bar(stage_text("starting" if progress.state == "queued" else "listing", words), 0, None))
    if thing := in_hand_text(progress.current):
        blocks.append(Paragraph((Text(thing),), role="note"))
    return View(words.language, title, title, tuple(blocks))


def failure_view(code: str, details: Mapping[str, Detail], words: Words, reference: str | None = None) -> View:
    """What went wrong and the remedy, as `failure_text`. Code in it is ours: backticks in a detail make none."""
    quoted = {name: value.replace("`", "'") if isinstance(value, str) else value for name, value in details.items()}
    text = failure_text(code, quoted, words, reference)
    return View(words.language, text, text, (Paragraph(marked(text), role="warning"),))
