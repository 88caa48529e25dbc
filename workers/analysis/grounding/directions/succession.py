"""What is said to be done before what, held against the order of the lines that do it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.orders import orders_told
from workers.analysis.grounding.prose.reading import Reading, Sort
from workers.analysis.grounding.prose.texts import is_remark, places_of

_OTHER_TIME = re.compile(
    r"\b(?:used to|previously|formerly|earlier|until now|in the past|upgrad\w+|releas\w+|merg\w+|fix(?:ed|es)?|commit"
    r"|than|same|as)\b|此前|以前|过去|原先|原来|升级|发布|合入|修复|提交",
    re.IGNORECASE,
)
"""Where another order is told than that of the lines: how it was, or what people do."""


class _Place(NamedTuple):
    row: int
    column: int


def succession_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What is said to come before what, while in every hunk that has both it comes after it."""
    for sentence in reading.sentences:
        if _OTHER_TIME.search(sentence):
            continue
        for told in orders_told(sentence):
            ways = {way for hunk in _hunks(ground) for way in _ways(told.first, told.then, hunk, reading)}
            if ways == {False}:
                yield Fault(code="order_wrong", details={"what": reading.told(told.text)})
                return


def _hunks(ground: Ground) -> list[list[str]]:
    """The new sides of the hunks, row by row with their marks."""
    return ground.kept(
        "new rows of hunks",
        lambda: [[row for row in hunk.rows if row[0] != "-"] for file in ground.files for hunk in file.hunks],
    )


def _ways(first: str, then: str, rows: Sequence[str], reading: Reading) -> Iterator[bool]:
    """Whether what is said to come first does: True, False, or nothing where a hunk does not tell."""
    one, other = _places(first, rows, reading), _places(then, rows, reading)
    if one & other or not any(rows[place.row].startswith("+") for place in one | other):
        return
    if one and other:
        yield max(other) > min(one)


def _places(part: str, rows: Sequence[str], reading: Reading) -> set[_Place]:
    """Where the names of a part stand in rows."""
    names = [bare(name.text) for name in reading.names_in(part) if name.sort in (Sort.CODE, Sort.BARE)]
    return {
        _Place(number, column)
        for name in names
        for number, row in enumerate(rows)
        if name in row and not is_remark(row[1:])
        for column in places_of(name, row)
    }
