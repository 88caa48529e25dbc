"""Both totals of a diff told in one sentence: what it puts in and what it takes away must not be told as the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.numerals import Figure, figures_in
from workers.analysis.grounding.prose.reading import Reading

_LINES = re.compile(r"\blines?\b|行")
_OF_LINES = re.compile(
    r"\s*(?:(?:more |new )?lines?\b|行|(?:are |were |was |is )?(?:add|insert|delet|remov|dropp)ed\b)", re.I
)
"""What follows a number of lines, also where the word is left out: "eight lines added and one removed"."""
_IN = r"(?:add|insert|introduc|gain)\w*|新增|增加|添加|加入|加了?"
_OUT = r"(?:delet|remov|drop|los)\w*|删除|删去|删掉|移除|减少|去掉|删了?"
_WAY = re.compile(rf"(?P<puts_in>{_IN})|(?P<takes_out>{_OUT})", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\s*(?:(?:more |new )?lines?|行)?\s*(?:are |were |was |is |被|已)?(?:(?P<puts_in>{_IN})|(?P<takes_out>{_OUT}))",
    re.IGNORECASE,
)
NEAR = 16
"""Characters before a number in which the verb stands that tells its way."""


def balance_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """The two totals of the lines of a diff, both told as put in, or both as taken away."""
    for sentence in reading.sentences:
        if not _LINES.search(sentence):
            continue
        figures = [figure for figure in figures_in(sentence) if figure.value and _OF_LINES.match(sentence, figure.end)]
        told = [(int(figure.value or 0), _way(figure, sentence)) for figure in figures]
        ways = {way for _, way in told}
        if sorted(number for number, _ in told) != sorted((ground.additions, ground.deletions)) or None in ways:
            continue
        if len(ways) == 1:
            yield Fault(code="count_wrong", details={"what": reading.told(sentence)})


def _way(figure: Figure, sentence: str) -> bool | None:
    """Whether a number of lines is told as put in: by the verb behind it, else by the last one before it."""
    behind = _BEHIND.match(sentence, figure.end)
    before = list(_WAY.finditer(sentence, max(0, figure.start - NEAR), figure.start))
    found = behind or (before[-1] if before else None)
    return None if found is None else found["puts_in"] is not None
