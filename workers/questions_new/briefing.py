"""What a model is shown with a question: earlier turns, the question, and of its commits what speaks of it most."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workers.analysis.analyst import survey_of
from workers.analysis.packing.budget import BUDGETS
from workers.analysis.packing.head import head_of
from workers.analysis.packing.layout import joined
from workers.analysis.packing.marks import FACT, FILE, NOTE, clipped, gap, visible
from workers.analysis.packing.packing import excerpt
from workers.analysis.packing.tokens import estimate
from workers.analysis.redaction.redaction import redact_text
from workers.analysis.survey.survey import Survey
from workers.model import Commit, Tier
from workers.questions.corpus import Corpus, FindCommit
from workers.questions.passages import passages
from workers.questions.values import Asked, CommitRef, Turn

QUESTION_MOST = 2_000
"""Characters of a question that are read."""
TALK_ROOM = 800
"""Tokens of earlier turns, the last first."""
ANSWER_MOST = 600
"""Characters of an earlier answer."""
ROOM = 4_500
"""Tokens of the diffs of all commits; each commit has its head besides."""
LINE_MOST = 300
TOLD_MOST, FILES_MOST = 4, 40
"""Statements of the analysis, and files, that are told of a commit."""
DIGITS = 12

_NAME = re.compile(r"[A-Za-z_$][\w$.-]{2,}\w")


class Brief(NamedTuple):
    """The parts of the prompt's data."""

    talk: str
    question: str
    commits: str

    def halved(self) -> Brief:
        """The same for a model that cannot take so much: no earlier turns, and the first half of the commits' lines."""
        rows = self.commits.split("\n")
        kept = rows[: max(1, len(rows) // 2)]
        return Brief("", self.question, "\n".join([*kept, gap(f"{len(rows) - len(kept)} more lines")]))


def brief(asked: Asked, refs: Sequence[CommitRef], corpus: Corpus, find: FindCommit) -> Brief:
    """What is shown of a question about these commits, secrets taken out."""
    question = question_of(asked)
    shown = [_commit(ref, commit, question, corpus, ROOM // len(refs)) for ref in refs if (commit := find(ref))]
    return Brief(talk="\n".join(_talk(asked.turns)), question=question, commits=joined(*shown))


def question_of(asked: Asked) -> str:
    """The question as it may leave the process."""
    return visible(clipped(" ".join(redact_text(asked.text).split()), QUESTION_MOST))


def _talk(turns: Sequence[Turn]) -> list[str]:
    """The last turns that there is room for, oldest first."""
    lines: list[str] = []
    room = TALK_ROOM
    for turn in reversed(turns):
        told = [f"? {_line(turn.question, LINE_MOST)}", f"! {_line(turn.answer, ANSWER_MOST)}"]
        room -= sum(map(estimate, told))
        if room < 0:
            break
        lines = told + lines
    return lines


def _line(text: str, most: int) -> str:
    return visible(clipped(" ".join(redact_text(text).split()), most))


def _commit(ref: CommitRef, commit: Commit, question: str, corpus: Corpus, room: int) -> str:
    survey = survey_of(commit)
    return joined(
        f"{FILE}commit {ref.sha[:DIGITS]}",
        head_of(survey, BUDGETS[Tier.MEDIUM]),
        *_analysis(ref, corpus),
        _files(commit),
        *_hunks(ref, survey, question, corpus, room),
    )


def _analysis(ref: CommitRef, corpus: Corpus) -> Iterator[str]:
    entry = corpus.entry(ref)
    for statement in entry.analysis.summary[:TOLD_MOST] if entry else ():
        yield NOTE + _line(statement.text, LINE_MOST)


def _files(commit: Commit) -> str:
    named = [f"{visible(file.path)} +{file.additions} -{file.deletions}" for file in commit.files[:FILES_MOST]]
    more = len(commit.files) - len(named)
    return f"{FACT}files: {', '.join(named)}" + (f" {gap(f'{more} more')}" if more else "")


def _hunks(ref: CommitRef, survey: Survey, question: str, corpus: Corpus, room: int) -> Iterator[str]:
    """The hunks that speak of the question, with half of the room, then the gravest of the other files."""
    names = tuple(dict.fromkeys(_NAME.findall(question)))
    telling = {passage.path for passage in passages(question, (ref,), corpus)}
    paths = [file.path for file in survey.commit.files]
    near = [path for path in paths if path in telling]
    others = [path for path in paths if path not in telling]
    if near:
        yield excerpt(survey, near, names, room // 2 if others else room)
    if others:
        yield excerpt(survey, others, names, room // 2 if near else room)
