"""Which rows of a hunk are shown, and how: runs that repeat themselves and rows beyond a limit give way to a mark."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from workers.analysis.hunks import Hunk
from workers.analysis.packing.marks import GAP, clipped, gap, visible
from workers.analysis.packing.tokens import estimate

CONTEXT = 3
"""Unchanged rows shown beside a change; `CONTEXT_TIGHT` where not all rows fit."""

CONTEXT_TIGHT = 1

ROW_LIMIT = 300
"""Characters of a row that are shown."""

ALIKE_SHOWN = 4
ALIKE_LEAST = 10
"""Of so many rows one below the other that differ in numbers and strings alone, the first `ALIKE_SHOWN` are shown, and
those about which a fact is known."""

GAP_LENGTH = 20
"""Characters of the mark for rows that are not shown, about."""

ROWS_READ = 4000
"""Rows of a hunk that are looked at: bounds the work on a file of many megabytes."""

_VARYING = re.compile(r"\d+|\"[^\"]*\"|'[^']*'")
_DECLARES = re.compile(
    r"\s*(?:pub(?:lic)?|export|protected|abstract|final|async|def|class|func|fn|function|interface|struct|enum|trait|impl|"
    r"type|const|static|typedef|namespace|module|message|service|rpc|create|alter|drop)\b"
    r"|\s*(?:@\w|#\[|#define\b)|#{1,4} |\[\[?\w|[\w.-]+\s*[:=]",
    re.IGNORECASE,
)
_IDLE = re.compile(r"\s*(?:[{}()\[\];,]*|(?://|\*|/\*|<!--).*)$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A hunk as it is shown: its text with the `@@` line, what it costs, how many bytes of the patch it shows, and
    whether it shows all of the hunk."""

    text: str
    tokens: int
    bytes: int
    whole: bool


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a hunk, read once, and shown in as many as there is room for. `telling` are rows about which a fact
    is known."""

    hunk: Hunk
    telling: frozenset[int]

    def shown(self, limit: int) -> Shown:
        """The hunk in about `limit` rows and the marks between them."""
        rows, total = self._read, len(self.hunk.rows)
        kept = self._kept if len(self._kept) <= limit else sorted(self._ranked[:limit])
        kept = _without_small_gaps(rows, kept)
        start = f"@@ -{self.hunk.old_start} +{self.hunk.new_start} @@ {clipped(self.hunk.header, ROW_LIMIT)}"
        header = visible(start).rstrip()
        text = "\n".join([header, *_lines(rows, kept, total)])
        seen = len(header) + 1 + sum(_bytes(rows[at][: ROW_LIMIT + 1]) + 1 for at in kept)
        whole = len(kept) == total and all(len(rows[at]) <= ROW_LIMIT + 1 for at in kept)
        return Shown(text, estimate(text) + 1, seen, whole)

    @cached_property
    def _read(self) -> tuple[str, ...]:
        return self.hunk.rows[:ROWS_READ]

    @cached_property
    def _kept(self) -> Sequence[int]:
        """The rows to be shown where there is room for all."""
        return _without_repetition(self._read, _near(self._read, CONTEXT), self.telling)

    @cached_property
    def _ranked(self) -> Sequence[int]:
        """The rows to be shown where there is not, those that tell most first."""
        near = set(_near(self._read, CONTEXT_TIGHT))
        return sorted((at for at in self._kept if at in near), key=lambda at: _grade(self._read, at, self.telling))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _near(rows: Sequence[str], reach: int) -> list[int]:
    """The rows that are changed or so near to one that is."""
    found: list[int] = []
    free = 0
    for at, row in enumerate(rows):
        if row[0] != " ":
            found.extend(range(max(free, at - reach), min(len(rows), at + reach + 1)))
            free = max(free, found[-1] + 1)
    return found


def _without_repetition(rows: Sequence[str], kept: Sequence[int], telling: Container[int]) -> list[int]:
    found: list[int] = []
    run: list[int] = []
    last = ""
    for at in kept:
        shape = rows[at][0] + _VARYING.sub("0", rows[at][1 : ROW_LIMIT + 1])
        if shape != last or (run and at != run[-1] + 1):
            found += _run(run, telling)
            run = []
        run.append(at)
        last = shape
    return found + _run(run, telling)


def _without_small_gaps(rows: Sequence[str], kept: Sequence[int]) -> list[int]:
    """The kept rows and those between them that are no longer than the mark that would stand for them."""
    found = list(kept[:1])
    for before, at in pairwise(kept):
        if sum(len(row) + 1 for row in rows[before + 1 : at]) <= GAP_LENGTH:
            found.extend(range(before + 1, at))
        found.append(at)
    return found


def _run(run: list[int], telling: Container[int]) -> list[int]:
    if len(run) < ALIKE_LEAST:
        return run
    return [*run[:ALIKE_SHOWN], *(at for at in run[ALIKE_SHOWN:] if at in telling)]


def _grade(rows: Sequence[str], at: int, telling: frozenset[int]) -> tuple[int, int]:
    """Sorts rows by how much they tell: facts, declarations, changed rows, idle ones, context; else by place."""
    row = rows[at]
    if row[0] == " ":
        return 4, at
    if at in telling:
        return 0, at
    if _IDLE.match(row, 1):
        return 3, at
    return (1 if _DECLARES.match(row, 1) else 2), at


def _lines(rows: Sequence[str], kept: Sequence[int], total: int) -> Iterator[str]:
    """The kept rows with marks between them. Unchanged rows at the ends of a hunk go without one."""
    expected = 0
    for at in kept:
        if at > expected:
            yield from _between(rows[expected:at], inside=expected > 0)
        yield rows[at][0] + visible(clipped(rows[at][1:], ROW_LIMIT))
        expected = at + 1
    if total > len(rows):
        yield gap(f"{total - expected} lines")
    elif expected < total:
        yield from _between(rows[expected:], inside=False)


def _between(hidden: Sequence[str], *, inside: bool) -> Iterator[str]:
    changed = sum(row[0] != " " for row in hidden)
    if changed:
        yield gap("1 changed line" if changed == 1 else f"{changed} changed lines")
    elif inside:
        yield GAP
