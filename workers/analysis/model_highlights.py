"""What a team must know of a window, in a model's words: sentences that cite their commits and hold against them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from prompts.prompts import load
from workers.analysis.grounding.fault import told_with_faults
from workers.analysis.grounding.grounding import Fault, Ground, faults_of
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.values import ModelFault, Question, Usage
from workers.analysis.packing.marks import FILE, MESSAGE, NOTE, clipped, visible
from workers.analysis.packing.tokens import estimate
from workers.analysis.replies.bearing import bears_of
from workers.analysis.replies.highlights import SHA_LEAST, highlights_reader, highlights_schema
from workers.analysis.replies.repairs import repairs_reader, repairs_schema
from workers.model import Commit, Entry, Grounding, Highlight, Language, Statement, Value

HIGHLIGHTS_MOST = 5
"""Sentences that are shown."""
ROOM = 2600
"""Tokens of what is told of the commits; those that do not fit, the least important, are not told."""
FOUND_TOLD = 3
LINE_LIMIT = 300
"""Statements that are told of a commit, and characters of a line."""
OUTPUT = 900
DIGITS = 10
"""Digits of a sha that stand for a commit."""

FindCommit = Callable[[str], Commit | None]


class Found(Value):
    """Highlights, the gravest first; how all sentences fared that were heard; by which model, and at what cost."""

    highlights: tuple[Highlight, ...]
    grounding: Grounding
    model: str
    usage: Usage


async def model_highlights(llm: Llm, language: Language, news: Sequence[Entry], find: FindCommit) -> Found:
    """At most five sentences over commits, the gravest first. `news` has the most important commits first.

    Each sentence is checked against the commits that it cites, which `find` gives by sha; a citation of a commit that
    has nothing of the sentence goes. What fails goes back once and is dropped if it fails again. ModelFault where the
    model gives nothing usable.
    """
    told = _told(news)
    prompt = load("highlights")
    question = Question(
        name="highlights",
        system=prompt.system(language),
        content=prompt.content(commits="\n".join(told.values())),
        json_schema=highlights_schema(),
        max_output=OUTPUT,
        deep=True,
    )
    answer = await llm.ask(question, highlights_reader(list(told)))
    said = answer.value
    checked = [await asyncio.to_thread(_checked, highlight, find) for highlight in said]
    wrong = {number: one.faults for number, one in enumerate(checked) if one.faults}
    answers, usage = await _mended(llm, language, said, wrong, told) if wrong else ({}, Usage())
    mended = {number: await asyncio.to_thread(_checked, new, find) for number, new in answers.items()}
    held = [mended.get(number, one).held for number, one in enumerate(checked)]
    return Found(
        highlights=tuple(one for one in held if one is not None)[:HIGHLIGHTS_MOST],
        grounding=_counted(said, held),
        model=answer.model,
        usage=answer.usage + usage,
    )


class _Checked(NamedTuple):
    """A sentence as far as it holds, with the commits that bear it; None and what is wrong where it does not."""

    held: Highlight | None
    faults: Sequence[Fault] = ()


def _checked(highlight: Highlight, find: FindCommit) -> _Checked:
    found = {sha: commit for sha in highlight.commits if (commit := find(sha)) is not None}
    borne = {sha: commit for sha, commit in found.items() if bears_of(highlight.text, Ground([commit]))}
    faults = faults_of(Statement(text=highlight.text), Ground(list((borne or found).values()))) if found else ()
    if faults or not borne:
        return _Checked(None, faults)
    return _Checked(highlight.model_copy(update={"commits": tuple(borne)}))


def _counted(said: Sequence[Highlight], held: Sequence[Highlight | None]) -> Grounding:
    supported = sum(one == as_said for one, as_said in zip(held, said, strict=True))
    removed = sum(one is None for one in held)
    return Grounding(checked=len(said), supported=supported, repaired=len(said) - supported - removed, removed=removed)


def _told(news: Iterable[Entry]) -> Mapping[str, str]:
    """What is told of each commit, by sha, as far as there is room."""
    told: dict[str, str] = {}
    room = ROOM
    for entry in news:
        text = _lines(entry)
        room -= estimate(text)
        if room < 0 and told:
            break
        told[entry.sha] = text
    return told


def _lines(entry: Entry) -> str:
    found = [statement.text for statement in (*entry.analysis.summary, *entry.analysis.impact, *entry.analysis.risks)]
    lines = [
        f"{FILE}{entry.sha[: max(DIGITS, SHA_LEAST)]} {entry.tier} {' '.join(entry.kinds)}",
        f"{MESSAGE}{_line(entry.subject)}",
        *(f"{NOTE}{_line(text)}" for text in (*entry.tier_reasons[:1], *found[:FOUND_TOLD])),
    ]
    return "\n".join(lines)


def _line(text: str) -> str:
    return visible(clipped(" ".join(text.split()), LINE_LIMIT))


async def _mended(
    llm: Llm,
    language: Language,
    said: Sequence[Highlight],
    wrong: Mapping[int, Sequence[Fault]],
    told: Mapping[str, str],
) -> tuple[Mapping[int, Highlight], Usage]:
    """New sentences for those that did not hold, by number, and what they cost; none for one that is given up."""
    prompt = load("repair")
    faulty = ((number + 1, said[number].text, faults) for number, faults in wrong.items())
    cited = dict.fromkeys(sha for number in wrong for sha in said[number].commits if sha in told)
    question = Question(
        name="repairs",
        system=prompt.system(language),
        content=prompt.content(statements=told_with_faults(faulty), commit="\n".join(told[sha] for sha in cited)),
        json_schema=repairs_schema(),
        max_output=OUTPUT,
    )
    try:
        told_anew = await llm.ask(question, repairs_reader())
    except ModelFault as fault:
        return {}, fault.usage
    answers = told_anew.value
    mended = {
        number: said[number].model_copy(update={"text": answer.text})
        for number in wrong
        if (answer := answers.get(number + 1)) is not None
    }
    return mended, told_anew.usage
