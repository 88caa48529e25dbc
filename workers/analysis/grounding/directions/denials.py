"""What is said to be done now, of which the commit's own words say that it is not done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.phrases import stem, stems
from workers.analysis.grounding.prose.reading import Reading

SHARED = 2
"""Words that a claim and a denial have in common at least, besides what is done."""
OBJECT = 4
"""Words after a verb that tell what it is done to."""
ROWS = 2_000
"""Lines of prose that are read."""
PROSE = 5
"""Words of a line that is prose at least."""

_VERB = r"(?:\w+ly\s+)?(?P<verb>(?!\w+ed\b)[a-z]{3,})"
_WITHOUT = r"(?:without|avoids?|stops?)\s+(?P<doing>[a-z]{2,}ing)"
_DENIED = re.compile(rf"\b(?:(?:no longer|never)\s+{_VERB}|{_WITHOUT})", re.IGNORECASE)
"""As messages have it, in which "does not" may tell what was wrong."""
_DENIED_NOW = re.compile(
    rf"\b(?:(?:no longer|never|(?:do(?:es)?|must|should) not|(?:do(?:es)?|must|should)n['’]t)\s+{_VERB}|{_WITHOUT})",
    re.IGNORECASE,
)
"""As comments have it."""
_DOES = re.compile(r"\b(?:now (?:also )?(?P<now>[a-z]{3,})|(?P<does>[a-z]{2,}s))\b", re.IGNORECASE)
"""A verb that tells what is done now."""
_OF_BEFORE = re.compile(
    r"\b(?:used to|previously|formerly|currently|nowadays|before this|until now|would|was|were|had|issue|bug|problem"
    r"|wrong\w*|(?:make|makes|made|be|ensure) (?:sure|it))\b",
    re.IGNORECASE,
)
"""What tells of how it was, or of how somebody sees to it."""
_HINTS = ("no longer", "never", "without", "not ", "n't ", "n’t ", "avoid", "stop")
"""What a line has at least that denies something."""
_TURNED = re.compile(
    r"\b(?:no longer|not|never|without|instead of|rather than|avoid\w*|stop\w*|prevent\w*|fail\w* to"
    r"|keep\w* [^.;,]+ from|used to|previously|formerly|before|until|no|cannot|neither|nor|if|would|could)\b|n['’]t\b",
    re.IGNORECASE,
)
_BEYOND = re.compile(r"\b(?:on|in|of|for|from|to|with|when|at|by|into|as)\b")
_CLAUSE = re.compile(r"[.;:,](?=\s|$)|\b(?:and|but|so|while|which|where|because|instead)\b")
_COMMENT = re.compile(r"^\s*(?://+|/?\*+|#+|--|;+|<!--|[-*+] )?\s*")
_CODE = re.compile(r"[{}=;<>\[\]|]")


class _Denial(NamedTuple):
    """A deed that is not done: its verb, what it is done to, all words of its clause, and its line."""

    verb: str
    subject: frozenset[str]
    object: frozenset[str]
    words: frozenset[str]
    text: str


def denial_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Deeds that a statement tells as done, and the message or the comments of the diff as not done."""
    denials = ground.kept("denials", lambda: list(_denials(ground)))
    if not denials:
        return
    verbs = {denial.verb for denial in denials}
    for sentence in reading.sentences:
        for clause in _CLAUSE.split(sentence):
            deeds = {stem((match["now"] or match["does"]).lower()) for match in _DOES.finditer(clause)}
            if not deeds & verbs or _TURNED.search(told := reading.told(clause)):
                continue
            words = stems(told)
            for denial in denials:
                shared = (words & denial.words) - {denial.verb}
                meant = (
                    denial.verb in deeds and denial.object & shared and (not denial.subject or denial.subject & words)
                )
                if meant and len(shared) >= SHARED:
                    yield Fault(code="against_message", details={"what": denial.text})
                    return


def _denials(ground: Ground) -> Iterator[_Denial]:
    for row in filter(_hints, ground.told.replace("`", " ").split("\n")):
        yield from _denials_of(row, _DENIED)
    lines = (line for block in ground.blocks for line in block.new)
    for line in filter(_hints, islice(lines, ROWS)):
        text = _COMMENT.sub("", line)
        if not _CODE.search(text) and len(re.findall(r"[A-Za-z]{2,}", text)) >= PROSE:
            yield from _denials_of(text, _DENIED_NOW)


def _hints(line: str) -> bool:
    lowered = line.lower()
    return any(hint in lowered for hint in _HINTS)


def _denials_of(row: str, pattern: re.Pattern[str]) -> Iterator[_Denial]:
    if _OF_BEFORE.search(row):
        return
    for match in pattern.finditer(row):
        verb = stem((match["verb"] or match["doing"]).lower())
        start = max((found.end() for found in _CLAUSE.finditer(row, 0, match.start())), default=0)
        end = next((found.start() for found in _CLAUSE.finditer(row, match.end())), len(row))
        subject = stems(row[start : match.start()])
        yield _Denial(verb, subject, stems(_object(row[match.end() : end])), stems(row[start:end]), row.strip())


def _object(after: str) -> str:
    """The first words after a verb, up to where only circumstances follow."""
    return " ".join(_BEYOND.split(after)[0].split()[:OBJECT])
