"""An answer to a question, while it grows and when it is done: what it is about, its sentences, where to check them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatbot.views.failure import failure_text
from chatbot.views.links import commit_run, evidence_label
from chatbot.views.phrases import joined, marked, short
from chatbot.views.view import (
    Block,
    Bullet,
    Bullets,
    Code,
    Excerpt,
    Feedback,
    Fold,
    Link,
    Paragraph,
    Run,
    Runs,
    Text,
    View,
    plain,
)
from chatbot.views.visible import one_line, visible
from workers.model import Digest, Entry, Evidence
from workers.questions.values import (
    About,
    Answer,
    Citation,
    CommitRef,
    Event,
    Finished,
    Found,
    Looking,
    Passage,
    Said,
    Spent,
    Told,
)
from workers.words import Words

MOST_NAMED = 3
"""Commits named in the line that says what an answer is about; how many more there are is said."""
SUBJECT_MOST = 100
QUOTE_MOST = 160
"""Characters of a subject and of a quoted line."""

_UNHELD = "nothing_held"
"""The problem of an answer of which no sentence is supported."""

NOTHING = About(how="none")
UNSPENT = Spent()


@dataclass(frozen=True, slots=True)
class Draft:
    """As much of an answer as there is, and what it cost as far as is known.

    `sources` are the digest's repositories as its request names them.
    """

    sources: Sequence[str]
    digest: Digest
    about: About = NOTHING
    looking: Looking | None = None
    said: tuple[Said, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    spent: Spent = UNSPENT
    is_stopped: bool = False

    def with_event(self, event: Event) -> Draft:
        """With what an event brings."""
        match event:
            case Found():
                return replace(self, about=event.about)
            case Looking():
                return replace(self, looking=event)
            case Told():
                more = (*self.citations, *event.citations)
                return replace(self, said=(*self.said, event.said), citations=more, looking=None)
            case Finished():
                whole = event.answer
                known = replace(self, about=whole.about, said=whole.said, citations=whole.citations)
                return replace(known, answer=whole, spent=whole.spent, looking=None)

    def stopped(self) -> Draft:
        """As it is, since somebody had it end."""
        return replace(self, is_stopped=True, answer=None, looking=None)

    @property
    def is_done(self) -> bool:
        return self.is_stopped or self.answer is not None

    @property
    def asked_back(self) -> tuple[CommitRef, ...]:
        """The commits of which the person is asked which is meant; () where that is not asked."""
        return self.about.rivals if self.answer is not None and not self.said else ()

    @property
    def text(self) -> str:
        """What was said, as plain text."""
        return " ".join(said.text for said in self.said)

    def entry(self, ref: CommitRef) -> Entry | None:
        """What the digest tells of a commit."""
        known = zip(self.sources, self.digest.repositories, strict=False)
        parts = (part for source, part in known if source == ref.source)
        return next((entry for part in parts if (entry := part.entry(ref.sha)) is not None), None)


def answer_view(draft: Draft, question_id: str, words: Words) -> View:
    """An answer as far as it goes. `question_id` comes back with feedback on it."""
    blocks = [*_about(draft, words), *_said(draft, words), *_state(draft, words)]
    if draft.is_done:
        blocks += [*_passages(draft, words), *_sources(draft, words), *_remarks(draft, words)]
        if draft.said or (draft.answer is not None and draft.answer.passages):
            blocks.append(Feedback("answered", question_id, words("chat.helpful"), words("chat.unhelpful")))
    title = words("reply.title")
    first = plain(_sentence(draft.said[0], words)) if draft.said else ""
    return View(words.language, title, first or title, tuple(blocks))


def opening_text(words: Words) -> str:
    """What a growing answer begins with, before anything is known."""
    return words("reply.thinking")


def grown_text(shown: Draft | None, draft: Draft, words: Words) -> str:
    """What is new in an answer since it was last shown, as plain lines at its end; "" for nothing."""
    lines = []
    if draft.about != (shown.about if shown else NOTHING):
        lines += [plain(block.runs) for block in _about(draft, words) if isinstance(block, Paragraph)]
    for said in draft.said[len(shown.said) if shown else 0 :]:
        numbers = "".join(f" [{number}]" for number in said.citations)
        lines.append(plain(_sentence(said, words)) + numbers)
    return "".join(f"\n\n{line}" for line in lines)


def looked_text(shown: Draft | None, draft: Draft, words: Words) -> str:
    """What has been begun to be looked at since it was last shown, as one more line; "" for nothing.

    It is for messages that grow until the whole answer, which has no such lines, takes their place.
    """
    if draft.looking is None or (shown is not None and draft.looking == shown.looking):
        return ""
    return f"\n\n{doing_text(draft, words)}"


def rest_view(draft: Draft, words: Words) -> View:
    """What `grown_text` does not tell of an answer that is done."""
    blocks = (*_which(draft, words), *_state(draft, words), *_passages(draft, words), *_sources(draft, words))
    return View(words.language, words("reply.title"), "", (*blocks, *_remarks(draft, words)))


def doing_text(draft: Draft, words: Words) -> str:
    """What is being done just now."""
    return _doing(draft.looking, words)


# --- what it is about -------------------------------------------------------------------------------------------------


def _about(draft: Draft, words: Words) -> Iterator[Block]:
    about = draft.about
    if about.unknown:
        names = words("mark.comma").join(map(one_line, about.unknown))
        yield Paragraph((Text(words("reply.unknown", names=names)),), role="warning")
    if draft.asked_back:
        yield from _which(draft, words)
    elif about.how == "window":
        yield Paragraph((Text(words("reply.about_window")),), role="note")
    elif about.commits:
        named = [_named(ref, draft, words) for ref in about.commits[:MOST_NAMED]]
        more = len(about.commits) - len(named)
        tail: Runs = (Text(words("reply.more", n=more)),) if more else ()
        start: Runs = (Text(words("reply.about") + words("mark.colon")),)
        yield Paragraph((*start, *joined(named, words("mark.semicolon")), *tail), role="note")


def _which(draft: Draft, words: Words) -> Iterator[Block]:
    """Asks back, where several commits fit equally well."""
    if draft.asked_back:
        yield Paragraph((Text(words("reply.which")),))
        yield Bullets(tuple(Bullet(_named(ref, draft, words)) for ref in draft.asked_back))


def _named(ref: CommitRef, draft: Draft, words: Words) -> Runs:
    entry = draft.entry(ref)
    if entry is None:
        return (Code(short(ref.sha)),)
    subject = one_line(entry.subject)[:SUBJECT_MOST] or words("commit.no_subject")
    return (commit_run(short(entry.sha), entry.url), Text(f" {subject}"))


# --- what it says -----------------------------------------------------------------------------------------------------


def _said(draft: Draft, words: Words) -> Iterator[Block]:
    citations = {citation.number: citation for citation in draft.citations}
    for said in draft.said:
        numbers = [citations[number] for number in said.citations if number in citations]
        marks = [run for citation in numbers for run in (Text(" "), _mark(citation))]
        yield Paragraph((*_sentence(said, words), *marks))


def _sentence(said: Said, words: Words) -> Runs:
    """A sentence; behind a proposal stands that it is one, since nothing of the commits is its proof."""
    mark = (Text(words("commit.proposed")),) if said.proposed else ()
    return (*marked(one_line(said.text)), *mark)


def _mark(citation: Citation) -> Run:
    text = f"[{citation.number}]"
    return Link(text, citation.url) if citation.url else Text(text)


def _state(draft: Draft, words: Words) -> Iterator[Block]:
    """What is being done, or why nothing is said."""
    if not draft.is_done:
        yield Paragraph((Text(_doing(draft.looking, words)),), role="note")
    elif draft.is_stopped:
        yield Paragraph((Text(words("reply.stopped")),), role="note")
    elif not draft.said and not draft.about.rivals and not (draft.answer and draft.answer.passages):
        yield Paragraph((Text(words("reply.nothing" if draft.about.commits else "reply.not_found")),))


def _doing(looking: Looking | None, words: Words) -> str:
    if looking is None:
        return words("reply.thinking")
    try:
        return words(f"looking.{looking.tool}", what=one_line(looking.what)[:QUOTE_MOST])
    except KeyError:
        return words("reply.thinking")


def _passages(draft: Draft, words: Words) -> Iterator[Block]:
    if draft.answer is None or not draft.answer.passages:
        return
    yield Paragraph((Text(words(f"reply.passages_{_cause(draft.answer)}")),), role="warning")
    for passage in draft.answer.passages:
        yield Excerpt(visible(passage.text), (*_place_of(passage), Text(f" {short(passage.commit.sha)}")))


def _cause(answer: Answer) -> str:
    """Why there are passages and no answer."""
    if _UNHELD in answer.problems:
        return "unheld"
    return "failed" if answer.problems else "alone"


def _place_of(passage: Passage) -> Runs:
    label = evidence_label(_evidence(passage, ""))
    return (Link(label, passage.url, code=True) if passage.url else Code(label),)


# --- where to check it ------------------------------------------------------------------------------------------------


def _sources(draft: Draft, words: Words) -> Iterator[Block]:
    if draft.citations:
        items = tuple(Bullet(_source(citation, words)) for citation in draft.citations)
        yield Fold((Text(words("reply.sources", n=len(items))),), (Bullets(items),))


def _source(citation: Citation, words: Words) -> Runs:
    if citation.path is None:
        label = words("reply.message_of", commit=short(citation.commit.sha))
        place: Run = Link(label, citation.url) if citation.url else Text(label)
    else:
        label = evidence_label(_evidence(citation, citation.quote))
        place = Link(label, citation.url, code=True) if citation.url else Code(label)
    quote = one_line(citation.quote).strip()[:QUOTE_MOST]
    return (Text(f"[{citation.number}] "), place, *((Text(" "), Code(quote)) if quote else ()))


def _evidence(place: Citation | Passage, quote: str) -> Evidence:
    return Evidence(path=place.path or "", side=place.side, start=place.start, end=place.end, quote=quote)


def _remarks(draft: Draft, words: Words) -> Iterator[Block]:
    answer = draft.answer
    if answer is None:
        return
    told = {_UNHELD} if answer.passages else set()
    for problem in (one for one in answer.problems if one not in told):
        yield Paragraph((Text(_problem(problem, words)),), role="warning")
    if answer.said and not answer.complete:
        yield Paragraph((Text(words("reply.incomplete")),), role="warning")
    checked = sum(not said.proposed for said in answer.said)
    counted = {"checked": checked, "removed": answer.removed}
    if answer.engine == "model" and any(counted.values()):
        texts = [words(f"reply.{name}", n=n) for name, n in counted.items() if n]
        yield Paragraph((Text(words("mark.semicolon").join(texts)),), role="note")


def _problem(problem: str, words: Words) -> str:
    """A code, and behind a colon the reference into the log where it has one."""
    code, _, reference = problem.partition(":")
    try:
        return words(f"reply_problem.{code}")
    except KeyError:
        return plain(marked(failure_text(code, {}, words, reference or None)))
