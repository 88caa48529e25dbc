"""What is asked, what an answer is made of, and the events of one answering."""

from __future__ import annotations

from typing import Literal

from workers.model import Language, Side, Value

How = Literal["named", "focus", "found", "window", "none"]
"""How the commits of a question were found: it names them; the talk is about them; its words fit; the whole window is
meant; there are none."""

AnsweredBy = Literal["model", "passages"]


class CommitRef(Value):
    """A commit of a source, which is named as in the digest's request."""

    source: str
    sha: str


class Turn(Value):
    """An earlier turn of the thread: what was asked, what was answered, and the shas that it was about.

    `rivals` are those of which the person was asked which is meant, in the order in which they were told.
    """

    question: str
    answer: str
    commits: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


class Asked(Value):
    """A question in a thread of a digest.

    `sources` are those of the digest's repositories, in their order, as its request names them; (): ask its run.
    `focus` is the commit whose drill-down the thread is; None: the digest's own. `turns` are earlier ones,
    oldest first.
    """

    text: str
    language: Language
    digest_id: str
    sources: tuple[str, ...] = ()
    focus: CommitRef | None = None
    turns: tuple[Turn, ...] = ()


class About(Value):
    """The commits that an answer is about, best first, at most 5.

    `rivals` are two or more that fit equally well, so that the person is asked which is meant; else (). `unknown` are
    shas and requests (`#12`) that the question names and the digest does not have.
    """

    how: How
    commits: tuple[CommitRef, ...] = ()
    rivals: tuple[CommitRef, ...] = ()
    unknown: tuple[str, ...] = ()


class Passage(Value):
    """Rows of one file of a commit's diff, as they stand there, each behind its mark ("+", "-" or a blank).

    They are of one hunk or of several, with "⋯" between: `spans` are the lines of each on `side`, `start` the first
    and `end` the last of all.
    """

    commit: CommitRef
    path: str
    side: Side
    start: int
    end: int
    spans: tuple[tuple[int, int], ...] = ()
    text: str
    score: float
    url: str | None = None


class Citation(Value):
    """A numbered source of an answer.

    `number` counts from 1. `path` None: the commit's message, or the commit as a whole; then the lines are 0 and
    `quote` may be "". `commit` is where to look: for a line of the old side the lines are those of its parent. `url`
    leads to the lines; None where nobody serves the repository's pages.
    """

    number: int
    commit: CommitRef
    path: str | None = None
    side: Side = "new"
    start: int = 0
    end: int = 0
    quote: str = ""
    url: str | None = None


class Said(Value):
    """One sentence that held when it was checked, and the numbers of its citations.

    `proposed`: it suggests a name that does not exist yet.
    """

    text: str
    citations: tuple[int, ...] = ()
    proposed: bool = False


class Spent(Value):
    """What an answer cost. `cost` None: prices are not known, or no model was asked."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


class Answer(Value):
    """The whole answer.

    `said` are its sentences in order, all of which were told before. `passages` are set where no model answered: they
    are quotations, and no answer. `complete` is False where something is missing that the model meant to say, or
    could have looked at; `removed` counts sentences that nothing supported.

    `problems` are codes of what went wrong: `model_<code of a ModelFault>`, `cut` (the reply ended too early),
    `nothing_held` (no sentence of it was supported), the code of a DigestError, `internal:<reference into the log>`.
    No answer and no passages with `about.rivals`: the person is asked which is meant.
    """

    engine: AnsweredBy
    about: About
    said: tuple[Said, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    complete: bool = True
    problems: tuple[str, ...] = ()
    removed: int = 0
    spent: Spent = Spent()


class Found(Value):
    """First event: the commits, found without a model."""

    about: About


class Looking(Value):
    """A tool at work: its name, and what it looks at, as plain text without markup (a path, a search, a commit)."""

    tool: str
    what: str


class Told(Value):
    """A sentence that held when it was checked, and the citations that it is the first to have."""

    said: Said
    citations: tuple[Citation, ...] = ()


class Finished(Value):
    """Last event, always, whatever happened."""

    answer: Answer


Event = Found | Looking | Told | Finished
