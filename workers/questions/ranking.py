"""Which commits and which hunks a question is about, told by their words: SQLite's full-text index finds them.

What a thing counts is as in BM25: the rarer among the commits, the more. Unlike there it counts once in a commit, at
the best place where it stands, and only one file of a commit is counted: else the largest commits would fit anything.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from math import log
from operator import itemgetter
from typing import NamedTuple

from workers.analysis.hunks import Hunk, hunks_of
from workers.analysis.paths import Role, role_of
from workers.model import Commit, Entry
from workers.questions.terms import Concept, Sought, sought_in, terms_of

TOLD = (1.0, 0.8, 0.45)
"""What a term counts in a commit's subject, in its message, in what its analysis says."""
PATH = 0.7
"""The same in its paths."""
HUNK = (0.45, 0.8, 0.4, 0.5)
"""The same in a hunk's path and enclosing function, in its changed lines, in the lines around them; and where it stands
more or less often than before."""
AGAIN = 0.25
"""Share that counts of each further place where a term stands."""
LONG, MANY, BREADTH = 0.15, 0.5, 0.15
"""How much long messages, many paths and many hunks, which have any word by chance, lower what is found in them."""
ASIDE: Mapping[Role, float] = {
    Role.TEST: 0.6,
    Role.DOCS: 0.85,
    Role.EXAMPLE: 0.75,
    Role.LOCALE: 0.6,
    Role.LOCK: 0.5,
    Role.GENERATED: 0.7,
    Role.VENDORED: 0.8,
}
"""A question rarely is about the test where the code itself speaks of the same."""
MEANT: Mapping[Role, frozenset[str]] = {
    Role.TEST: frozenset({"test", "tests"}),
    Role.DOCS: frozenset({"doc", "docs", "readme", "changelog"}),
    Role.EXAMPLE: frozenset({"example", "examples", "demo"}),
    Role.LOCALE: frozenset({"translation", "locale"}),
    Role.LOCK: frozenset({"lock", "lockfile"}),
}
"""Unless it says so by one of these."""
SUBSTANCE, SUBSTANCE_ROWS = 0.15, 30
"""What the changed rows of a hunk, at most so many, count for it: imports come behind what they are for."""
USUAL, LENGTH = 60, 0.1
"""Terms of a usual hunk, and how much longer ones are lowered."""
HUNK_CHARS = 20_000
COMMIT_CHARS = 200_000
"""Characters that are read of one hunk and of the hunks of one commit."""
MESSAGE_CHARS = 20_000

KEYED = 12
"""Terms of the longest row that is taken for a name with a value."""
_SCHEMA = """
create virtual table told using fts5(subject, message, found, tokenize = 'porter unicode61');
create virtual table paths using fts5(path, tokenize = 'porter unicode61');
create virtual table hunks using fts5(place, changed, around, turned, tokenize = 'porter unicode61');
"""


class Spot(NamedTuple):
    """A hunk of a commit: the commit's number in the index, the file's and the hunk's number in it."""

    commit: int
    file: int
    hunk: int


class Ranked(NamedTuple):
    """A commit by its number in the index, and how well it fits; higher is better, 0 not at all."""

    commit: int
    score: float


class _Row(NamedTuple):
    """What is known of a hunk beside its words: `briefness` is 1 for a usual one and less for longer ones."""

    spot: Spot
    role: Role
    changed: int
    briefness: float


class _FileAt(NamedTuple):
    """A file of a commit, by its number in it."""

    commit: int
    file: int
    role: Role


class _Shape(NamedTuple):
    """How much a commit's message, paths and hunks count, 1 at most: the larger, the less."""

    message: float = 1.0
    paths: float = 1.0
    hunks: float = 1.0


class _Hits(NamedTuple):
    """What one concept counts, by commit for what is told of it, and by row for hunks."""

    told: Mapping[int, float]
    hunks: Mapping[int, float]


class Index:
    """The words of a digest's commits, in memory, until it is closed."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.executescript(_SCHEMA)
        self._rows: list[_Row] = []
        self._shapes: dict[int, _Shape] = {}

    def close(self) -> None:
        """Frees what it holds."""
        self._database.close()

    def add(self, number: int, entry: Entry) -> None:
        """Takes in what a digest tells of a commit, under a number."""
        found = (statement.text for statement in entry.analysis.statements())
        message = _spaced([entry.message[:MESSAGE_CHARS]])
        row = (_spaced([entry.subject]), message, _spaced([*found, *entry.tier_reasons]))
        self._database.execute("insert into told (rowid, subject, message, found) values (?, ?, ?, ?)", (number, *row))
        self._shapes[number] = _Shape(message=_lowered(LONG, message.count(" ") / 100))

    def add_patches(self, number: int, commit: Commit) -> None:
        """Takes in the paths and hunks of a commit that `add` was given before."""
        paths = _spaced(file.path for file in commit.files)
        self._database.execute("insert into paths (rowid, path) values (?, ?)", (number, paths))
        before = len(self._rows)
        self._add_hunks(number, commit)
        self._shapes[number] = self._shapes[number]._replace(
            paths=_lowered(MANY, len(commit.files) / 5), hunks=_lowered(BREADTH, len(self._rows) - before)
        )

    def _add_hunks(self, number: int, commit: Commit) -> None:
        room = COMMIT_CHARS
        for at, file in enumerate(commit.files):
            role = role_of(file.path)
            for hunk_number, hunk in enumerate(hunks_of(file.patch or "")):
                if not hunk.rows:
                    continue
                row = _hunk_row(file.path, hunk)
                room -= sum(map(len, row))
                if room < 0:
                    return
                terms = sum(text.count(" ") for text in row[:3])
                briefness = 1 / (1 + LENGTH * max(0.0, terms / USUAL - 1))
                changed = sum(line[0] != " " for line in hunk.rows)
                self._rows.append(_Row(Spot(number, at, hunk_number), role, changed, briefness))
                statement = "insert into hunks (rowid, place, changed, around, turned) values (?, ?, ?, ?, ?)"
                self._database.execute(statement, (len(self._rows), *row))

    def commits(self, question: str) -> list[Ranked]:
        """The commits that have any telling term of a question, best first."""
        sought = sought_in(question)
        told: dict[int, float] = defaultdict(float)
        more: dict[_FileAt, float] = defaultdict(float)
        for concept in sought.concepts:
            hits = self._best_of(concept, self._hits)
            for number, value in hits.told.items():
                told[number] += value
            for file, value in self._by_file(hits).items():
                more[file] += value
        gains = self._gains(more, sought)
        ranked = (Ranked(number, told[number] + gains[number]) for number in {*told, *gains})
        return sorted(ranked, key=lambda item: (-item.score, item.commit))

    def _by_file(self, hits: _Hits) -> dict[_FileAt, float]:
        """What a concept adds to what is told of its commits, by file: what it adds at the file's best hunk."""
        best: dict[_FileAt, float] = defaultdict(float)
        for number, value in hits.hunks.items():
            row = self._rows[number - 1]
            file = _FileAt(row.spot.commit, row.spot.file, row.role)
            best[file] = max(best[file], _gain(value, hits.told.get(row.spot.commit, 0.0)) * row.briefness)
        return best

    def _gains(self, more: Mapping[_FileAt, float], sought: Sought) -> dict[int, float]:
        """What the best file of each commit adds to what is told of it."""
        gains: dict[int, float] = defaultdict(float)
        for file, value in more.items():
            share = _aside(file.role, sought) * self._shapes[file.commit].hunks
            gains[file.commit] = max(gains[file.commit], value * share)
        return gains

    def hunks(self, question: str, among: Iterable[int]) -> list[tuple[Spot, float]]:
        """The hunks of some commits, those first that have most to do with a question, then those that change most."""
        wanted = set(among)
        rows = {number: row for number, row in enumerate(self._rows, 1) if row.spot.commit in wanted}
        sought = sought_in(question)
        scores = dict.fromkeys(rows, 0.0)
        for concept in sought.concepts:
            for number, value in self._best_of(concept, lambda terms: self._hits_among(terms, rows)).hunks.items():
                scores[number] += value
        found = [
            (row.spot, (scores[number] * row.briefness + _substance(row)) * _aside(row.role, sought))
            for number, row in rows.items()
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _best_of(self, concept: Concept, hits_of: Callable[[Sequence[str]], _Hits]) -> _Hits:
        """What a concept counts where it is called by its own terms, or less by others."""
        own, kin = hits_of(concept.own), hits_of(concept.kin)
        told, hunks = (_highest(mine, _scaled(others, concept.kinship)) for mine, others in zip(own, kin, strict=True))
        return _Hits(_scaled(told, concept.weight), _scaled(hunks, concept.weight))

    def _hits(self, terms: Sequence[str]) -> _Hits:
        """What terms count where any of them stands, by how rare that is among the commits."""
        told = self._standing("told", TOLD, terms)
        for number in told:
            told[number] *= self._shapes[number].message
        for number, value in self._standing("paths", (PATH,), terms).items():
            told[number] = _joined([told.get(number, 0.0), value * self._shapes[number].paths])
        hunks = self._standing("hunks", HUNK, terms)
        having = {*told, *(self._rows[row - 1].spot.commit for row in hunks)}
        weight = _rarity(len(having), len(self._shapes))
        return _Hits(_scaled(told, weight), _scaled(hunks, weight))

    def _hits_among(self, terms: Sequence[str], rows: Mapping[int, _Row]) -> _Hits:
        """The same by how rare that is among some hunks."""
        found = {row: value for row, value in self._standing("hunks", HUNK, terms).items() if row in rows}
        return _Hits({}, _scaled(found, _rarity(len(found), len(rows))))

    def _standing(self, table: str, shares: Sequence[float], terms: Sequence[str]) -> dict[int, float]:
        """The rows of a table that have any of some terms, and what that counts by the columns that have it."""
        if not terms:
            return {}
        query = " OR ".join(f'"{term}"' for term in terms)
        columns = ", ".join(_has_column(table, at, len(shares)) for at in range(len(shares)))
        statement = f"select rowid, {columns} from {table} where {table} match ?"  # noqa: S608 - ours
        with closing(self._database.execute(statement, (query,))) as rows:
            return {
                number: _joined([share for share, has in zip(shares, found, strict=True) if has])
                for number, *found in rows
            }


def _has_column(table: str, at: int, columns: int) -> str:
    """SQL that tells whether the match stands in a column: its BM25 where no other column counts."""
    weights = ", ".join("1.0" if column == at else "0.0" for column in range(columns))
    return f"-bm25({table}, {weights}) > 0"


def _rarity(having: int, of: int) -> float:
    return log((of + 1) / (having + 0.5))


def _lowered(share: float, size: float) -> float:
    return 1 / (1 + share * log(1 + size))


def _joined(values: Sequence[float]) -> float:
    best = max(values, default=0.0)
    return best + AGAIN * (sum(values) - best)


def _gain(hunk: float, told: float) -> float:
    """What a hunk adds to what is told of its commit."""
    return _joined([hunk, told]) - told


def _scaled(values: Mapping[int, float], weight: float) -> dict[int, float]:
    return {at: weight * value for at, value in values.items()}


def _highest(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    return {at: max(one.get(at, 0.0), other.get(at, 0.0)) for at in {*one, *other}}


def _aside(role: Role, sought: Sought) -> float:
    return 1.0 if MEANT.get(role, frozenset()) & sought.terms else ASIDE.get(role, 1.0)


def _substance(row: _Row) -> float:
    return SUBSTANCE * log(1 + min(row.changed, SUBSTANCE_ROWS))


def _hunk_row(path: str, hunk: Hunk) -> tuple[str, str, str, str]:
    rows = list(_read(hunk.rows))
    gone, come, around = ([term for row in rows if row[0] == mark for term in terms_of(row[1:])] for mark in "-+ ")
    before, after = Counter(gone), Counter(come)
    turned = [term for term in {**before, **after} if before[term] != after[term]]
    return (
        _spaced([path, hunk.header]),
        " ".join([*gone, *come]),
        " ".join(around),
        " ".join(dict.fromkeys([*turned, *_keys(rows)])),
    )


def _keys(rows: Sequence[str]) -> Iterator[str]:
    """The terms of rows of which only a part was changed, such as a value: what stays says what it is the value of."""
    gone: list[str] = []
    for mark, run in groupby(rows, key=itemgetter(0)):
        if mark == "+":
            for old, new in zip(gone, run, strict=False):
                yield from _kept(set(terms_of(old[1:])), set(terms_of(new[1:])))
        gone = list(run) if mark == "-" else []


def _kept(before: set[str], after: set[str]) -> set[str]:
    """What a row that was changed in part has kept; nothing of one that was not, or is as good as new."""
    kept = before & after
    is_value = before != after and 2 * len(kept) >= max(len(before), len(after)) and len(after) <= KEYED
    return kept if is_value else set()


def _read(rows: Iterable[str]) -> Iterator[str]:
    """Rows up to HUNK_CHARS together, the last one cut."""
    room = HUNK_CHARS
    for row in rows:
        if room <= 0:
            return
        yield row[:room]
        room -= len(row)


def _spaced(texts: Iterable[str]) -> str:
    """Terms as the index takes them. All of them are letters and digits: nothing in them means anything to it."""
    return " ".join(term for text in texts for term in terms_of(text))
