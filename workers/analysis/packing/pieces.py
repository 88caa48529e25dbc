"""A commit's hunks, each with how much it matters, and the files that have none to show."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workers.analysis.coverage import unread_because
from workers.analysis.facts import Deed, Fact
from workers.analysis.hunks import Hunk, hunks_of
from workers.analysis.packing.ranking import FactLines, fact_lines, gravity, score, weight_of
from workers.analysis.packing.rows import ROWS_READ, Rows, Shown
from workers.analysis.packing.tokens import ASCII_PER_TOKEN
from workers.analysis.paths import Role, role_of
from workers.analysis.symbols.symbols import MINIFIED_LINE
from workers.model import FileChange, FileStatus

FILE_READ = 1_000_000
COMMIT_READ = 4_000_000
"""Characters of one file's patch, and of all of a commit, from which hunks are taken; the rest counts as not shown."""

HUNKS_READ = 3000
"""Hunks of a commit that are ranked; the others count as not shown."""

DECREASE = 0.6
"""By how much the second, third ... hunk of a file matters less than the first: every file is to have its say."""

DELETED_ROWS = 40
"""Rows shown of a hunk of a deleted file: what is gone is told by its head and its declarations."""

TELLING_LEAST = 1.0
"""How grave a fact must be for its row to be kept before others."""

LINE_READ = 2000
"""Characters of a row in which names are looked for."""

_WRITTEN_BY_TOOL = re.compile(
    r"@generated\b|\bDO NOT EDIT\b|\bauto-?generated (?:by|from|file)\b|代码由.{0,20}生成", re.IGNORECASE
)
_FROM_TOP = re.compile(r"@@ -[01](?:,\d+)? ")
_HEAD = 600
"""Characters of a patch in which a file can say that a tool wrote it, if they are the file's own first lines."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One hunk of one file, by their numbers. `score` says how much it matters by itself; `priority` sorts pieces, the
    greatest first, and is less for every further hunk of a file."""

    file: int
    number: int
    hunk: Hunk
    score: float
    priority: float
    deleted: bool
    rows: Rows

    @property
    def tokens(self) -> int:
        """About what all of it would cost."""
        return round(sum(map(len, self.hunk.rows)) / ASCII_PER_TOKEN)

    def about(self, names: Collection[str]) -> tuple[Piece, int]:
        """The piece with rows that hold one of these names kept before others, and how many of the names it holds."""
        rows = [row[:LINE_READ] for row in self.hunk.rows[:ROWS_READ]]
        held = [name for name in names if any(name in row for row in rows)]
        telling = {at for at, row in enumerate(rows) if any(name in row for name in held)}
        return replace(self, rows=Rows(self.hunk, self.rows.telling | telling)), len(held)

    def shown(self, rows: int) -> Shown:
        """The hunk in at most so many rows."""
        return self.rows.shown(min(rows, DELETED_ROWS) if self.deleted else rows)


def unshown_because(file: FileChange) -> str | None:
    """The key, under `left_out` of the catalogue, of why a file's text is not worth showing; None when it is."""
    reason = unread_because(file)
    if reason or not file.patch:
        return reason
    if role_of(file.path) is Role.ASSET:
        return "asset"
    if len(file.patch) > MINIFIED_LINE * (file.patch.count("\n") + 10):
        return "minified"
    says_so = _FROM_TOP.match(file.patch) and _WRITTEN_BY_TOOL.search(file.patch, 0, _HEAD)
    return "generated" if says_so else None


def pieces_of(files: Sequence[FileChange], facts: Iterable[Fact]) -> list[Piece]:
    """The hunks of the files that are worth showing, the gravest first."""
    by_path: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_path[fact.path].append(fact)
    found: list[Piece] = []
    room = COMMIT_READ
    for number, file in enumerate(files):
        if file.patch and unshown_because(file) is None and room > 0 and len(found) < HUNKS_READ:
            text = _read(file.patch, min(room, FILE_READ))
            room -= len(text)
            found += _of_file(number, file, text, by_path[file.path])
    return sorted(found[:HUNKS_READ], key=lambda piece: (-piece.priority, piece.file, piece.number))


def _read(patch: str, limit: int) -> str:
    """The patch, or as many of its whole lines as the limit allows."""
    return patch if len(patch) <= limit else patch[: patch.rfind("\n", 0, limit) + 1]


def _of_file(number: int, file: FileChange, text: str, facts: Sequence[Fact]) -> Iterator[Piece]:
    weight, lines = weight_of(file), fact_lines(facts)
    grave = fact_lines(fact for fact in facts if gravity(fact) >= TELLING_LEAST and fact.deed is not Deed.TOUCHED)
    hunks = list(enumerate(hunks_of(text)))
    scored = sorted(
        ((score(hunk, file, weight, lines), at, hunk) for at, hunk in hunks), key=lambda one: (-one[0], one[1])
    )
    for place, (value, at, hunk) in enumerate(scored):
        deleted = file.status is FileStatus.DELETED
        yield Piece(number, at, hunk, value, value / (1 + DECREASE * place), deleted, Rows(hunk, _telling(hunk, grave)))


def _telling(hunk: Hunk, lines: FactLines) -> frozenset[int]:
    """The rows of a hunk at which a fact stands."""
    olds, news = set(lines["old"][0]), set(lines["new"][0])
    if not olds and not news:
        return frozenset()
    numbered = enumerate(hunk.lines())
    return frozenset(at for at, line in numbered if line.mark != " " and (line.new_no in news or line.old_no in olds))
