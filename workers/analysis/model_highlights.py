"""What a team must know of a window, in a model's words: sentences that cite their commits and hold against them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from prompts.prompts import load
from workers.analysis.grounding.fault import told_with_faults
from workers.analysis.grounding.grounding import Fault, Ground, faults_of
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.values import ModelFault, Question
from workers.analysis.packing.marks import FILE, MESSAGE, NOTE, clipped, visible
from workers.analysis.packing.tokens import estimate
from workers.analysis.replies.highlights import SHA_LEAST, highlights_reader, highlights_schema
from workers.analysis.replies.repairs import repairs_reader, repairs_schema
from workers.model import Commit, Entry, Highlight, Language, Statement

ROOM = 2600
"""Tokens of what is told of the commits; those that do not fit, the least important, are not told."""
FOUND_TOLD = 3
LINE_LIMIT = 300
"""Statements that are told of a commit, and characters of a line."""
OUTPUT = 900
DIGITS = 10
"""Digits of a sha that stand for a commit."""

FindCommit = Callable[[str], Commit | None]


async def model_highlights(
    llm: Llm, language: Language, news: Sequence[Entry], find: FindCommit
) -> tuple[Highlight, ...]:
    """At most five sentences over commits, the gravest first. `news` has the most important commits first.

    Each sentence is checked against the commits that it cites, which `find` gives by sha; what fails goes back once
    and is dropped if it fails again. ModelFault where the model gives nothing usable.
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
    said = (await llm.ask(question, highlights_reader(list(told)))).value
    faults = [await asyncio.to_thread(_faults, highlight, find) for highlight in said]
    wrong = {number: found for number, found in enumerate(faults) if found}
    mended = await _mended(llm, language, said, wrong, told) if wrong else {}
    held: list[Highlight] = []
    for number, highlight in enumerate(said):
        if number not in wrong:
            held.append(highlight)
        elif (new := mended.get(number)) and not await asyncio.to_thread(_faults, new, find):
            held.append(new)
    return tuple(held)


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


def _faults(highlight: Highlight, find: FindCommit) -> tuple[Fault, ...]:
    commits = [commit for sha in highlight.commits if (commit := find(sha)) is not None]
    return faults_of(Statement(text=highlight.text), Ground(commits))


async def _mended(
    llm: Llm,
    language: Language,
    said: Sequence[Highlight],
    wrong: Mapping[int, Sequence[Fault]],
    told: Mapping[str, str],
) -> Mapping[int, Highlight]:
    """New sentences for those that did not hold, by number; none for one that is given up."""
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
        answers = (await llm.ask(question, repairs_reader())).value
    except ModelFault:
        return {}
    return {
        number: said[number].model_copy(update={"text": answer.text})
        for number in wrong
        if (answer := answers.get(number + 1)) is not None
    }
