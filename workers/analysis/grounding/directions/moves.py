"""What is said to be done earlier or later than before, held against the lines that move within their file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.phrases import stems
from workers.analysis.grounding.prose.reading import Reading
from workers.analysis.grounding.sides import ChangedFile

SHORTEST = 8
"""Characters of a line that can be told from others when it moves."""
LINES = 2_000
"""Lines of a side of a file that are looked for on the other."""

_MOVED = (
    r"(?:moved|pushed|shifted|relocated|postponed|deferred|delayed|brought|pulled|emitted|run|executed|called|done)"
)
_LATER = r"(?:down(?:wards?)?|later|after|below|behind|to the end)"
_EARLIER = r"(?:up(?:wards?)?|earlier|before|ahead of|above|in front of|to the (?:top|beginning|start))"
_WHAT = r"(?P<what>[^.;，。；\n]{3,90}?)"


def _said(way: str, way_zh: str) -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"{_WHAT}\b(?:is|are|was|were|now) (?:now )?{_MOVED} (?:\w+ )?{way}\b", re.IGNORECASE),
        re.compile(rf"\bmov(?:es|ed|ing) {_WHAT} {way}\b", re.IGNORECASE),
        re.compile(rf"{_WHAT}(?:被|改为|改成|也|都|则)?(?:{way_zh})"),
        re.compile(rf"[把将]{_WHAT}(?:{way_zh})"),
    )


_PUT = r"(?:移|挪|放|调整|搬|改)(?:动)?(?:到|至|在)了?"
_SAID = (
    (True, _said(_LATER, rf"(?:推迟|延后|延迟|后移)(?:到|至)|{_PUT}[^，。；]{{1,40}}?(?:之后|以后|后面|下方|下面)")),
    (
        False,
        _said(
            _EARLIER, rf"提前(?:到|至)|前移到|提到[^，。；]{{1,40}}?前|{_PUT}[^，。；]{{1,40}}?(?:之前|以前|前面|上方)"
        ),
    ),
)


class _Move(NamedTuple):
    """A line that stands elsewhere now: whether further down, and its words."""

    down: bool
    words: frozenset[str]


def move_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What is said to move down or up, while its lines all move the other way."""
    if not _moves(ground):
        return
    for sentence in reading.sentences:
        for down, patterns in _SAID:
            for match in (found for pattern in patterns if (found := pattern.search(sentence))):
                words = stems(reading.told(match["what"]))
                ways = {move.down for move in _moves(ground) if move.words & words}
                if ways == {not down}:
                    yield Fault(code="not_moved", details={"what": reading.told(match[0])})
                    return


def _moves(ground: Ground) -> list[_Move]:
    return ground.kept("moved lines", lambda: [move for file in ground.files for move in _moved_in(file)])


def _moved_in(file: ChangedFile) -> Iterator[_Move]:
    """The lines that one block of changes of a file loses and another gains, each once."""
    went, came = _once(file, old=True), _once(file, old=False)
    for line in islice(went, LINES):
        if line in came and came[line] != went[line]:
            yield _Move(came[line] > went[line], stems(line))


def _once(file: ChangedFile, old: bool) -> dict[str, int]:
    """The lines that a side has only once, each with the number of its block."""
    found: dict[str, int] = {}
    again: set[str] = set()
    for number, block in enumerate(file.blocks):
        for line in map(str.strip, block.old if old else block.new):
            if line in found:
                again.add(line)
            found[line] = number
    return {line: number for line, number in found.items() if line not in again and len(line) >= SHORTEST}
