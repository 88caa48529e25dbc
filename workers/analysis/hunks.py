"""Walking a unified diff into hunks and numbered lines.

Reads what `FileChange.patch` holds: text from the first `@@` line on. Lines end at `\\n` alone: a carriage return, a
form feed or U+2028 is part of a line's text, as it is for git. Truncated patches give what is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_HEADER = re.compile(r"@@ -(\d{1,9})(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@ ?(.*)", re.DOTALL)
_COMBINED_HEADER = re.compile(
    r"(@@@+) -(\d{1,9})(?:,\d{1,9})? (?:-\S+ )+\+(\d{1,9})(?:,\d{1,9})? @@@+ ?(.*)", re.DOTALL
)
_MARKS = frozenset(" +-")


class Line(NamedTuple):
    """One line of a hunk: `mark` is " ", "+" or "-"; a number is None on the side where the line is not."""

    mark: str
    old_no: int | None
    new_no: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """One `@@` section. `header` is the text after the second `@@`, by which git names the enclosing function.

    `rows` are the lines as they stand in the diff, mark first, without notes such as "No newline at end of file".
    """

    old_start: int
    new_start: int
    header: str
    rows: tuple[str, ...]

    def lines(self) -> Iterator[Line]:
        """The rows with their numbers on both sides."""
        old, new = self.old_start, self.new_start
        for row in self.rows:
            mark = row[0]
            if mark == "+":
                yield Line(mark, None, new, row[1:])
                new += 1
            elif mark == "-":
                yield Line(mark, old, None, row[1:])
                old += 1
            else:
                yield Line(mark, old, new, row[1:])
                old, new = old + 1, new + 1


def hunks_of(patch: str) -> Iterator[Hunk]:
    """The hunks of one file's patch, in order. Text that is not a unified diff gives none; nothing is raised.

    A combined diff of a merge (`@@@`) is read as the difference from the first parent.
    """
    rows = patch.split("\n")
    if rows[-1] == "":
        rows.pop()
    starts = [number for number, row in enumerate(rows) if row.startswith("@@")]
    for start, stop in pairwise([*starts, len(rows)]):
        hunk = _hunk(rows[start], rows[start + 1 : stop])
        if hunk is not None:
            yield hunk


def _hunk(head: str, body: list[str]) -> Hunk | None:
    found = _HEADER.match(head)
    if found is not None:
        return Hunk(int(found[1]), int(found[2]), found[3], _plain_rows(body))
    combined = _COMBINED_HEADER.match(head)
    if combined is None:
        return None
    rows = tuple(_against_first_parent(body, len(combined[1]) - 1))
    return Hunk(int(combined[2]), int(combined[3]), combined[4], rows)


def _plain_rows(body: list[str]) -> tuple[str, ...]:
    # Some tools strip the blank of an empty context line, hence "" is one.
    return tuple([row or " " for row in body if not row or row[0] in _MARKS])


def _against_first_parent(body: list[str], parents: int) -> Iterator[str]:
    for row in body:
        columns, text = row[:parents], row[parents:]
        if row.startswith("\\"):
            continue
        if "-" in columns:
            if columns[0] == "-":
                yield "-" + text
        else:
            yield ("+" if columns[:1] == "+" else " ") + text
