"""Which commits and which hunks a question is about, told by their words: BM25 of SQLite's full-text index."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from math import log
from typing import NamedTuple

from workers.analysis.hunks import Hunk, hunks_of
from workers.analysis.paths import Role, role_of
from workers.model import Commit, Entry
from workers.questions.terms import Concept, sought_in, terms_of

TOLD = (1.0, 0.8, 0.25)
"""How much it says that a term stands in a commit's subject, in its message, in what its analysis says."""
PATH = 0.7
"""The same of its paths."""
HUNK = (0.45, 0.8, 0.4)
"""The same of a hunk's path and enclosing function, its changed lines, the lines around them."""
AGAIN = 0.15
"""Share that a term counts in each further one of these."""
ASIDE: Mapping[Role, float] = {Role.TEST: 0.8, Role.DOCS: 0.85, Role.EXAMPLE: 0.75, Role.LOCALE: 0.6,
  Role.LOCK: 0.5, Role.GENERATED:0.7, Role.VENDORED: 0.8}
"""A question rarely is about the test where the code itself speaks of the same."""
SUBSTANCE = 0.15
LENGTH = 0.15
HB = 0.5
BREADTH = 0.15
LONG = 0.15
MANY = 0.5
POWER = 1.0
COORD = 0.0
HUNK_CHARS = 6_000
COMMIT_CHARS = 120_000
"""Characters that are read of one hunk and of the hunks of one commit."""
MESSAGE_CHARS = 20_000

_SCHEMA = """
create virtual table told using fts5(subject, message, found, tokenize = 'porter unicode61');
create virtual table paths using fts5(path, tokenize = 'porter unicode61');
create virtual table hunks using fts5(place, changed, around, tokenize = 'porter unicode61');
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


class Hits(NamedTuple):
    """Where one concept stands: how much it says by commit (told or in paths) and by row of a hunk."""

    told: Mapping[int, float]
    hunks: Mapping[int, float]
    weight: float


class Index:
    """The words of a digest's commits, in memory, until it is closed."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.executescript(_SCHEMA)
        self._spots: list[tuple[Spot, Role, int]] = []
        self._files: dict[int, int] = {}
        self._lengths: list[int] = []
        self._told: dict[int, int] = {}
        self._commits = 0

    def close(self) -> None:
        """Frees what it holds."""
        self._database.close()

    def add(self, number: int, entry: Entry) -> None:
        """Takes in what a digest tells of a commit, under a number."""
        found = (statement.text for statement in entry.analysis.statements())
        row = (
            _spaced([entry.subject]),
            _spaced([entry.message[:MESSAGE_CHARS]]),
            _spaced([*found, *entry.tier_reasons]),
        )
        self._database.execute("insert into told (rowid, subject, message, found) values (?, ?, ?, ?)", (number, *row))
        self._commits += 1
        self._told[number] = len(row[1].split())

    def add_patches(self, number: int, commit: Commit) -> None:
        """Takes in the paths and hunks of a commit that `add` was given before."""
        paths = _spaced(file.path for file in commit.files)
        self._database.execute("insert into paths (rowid, path) values (?, ?)", (number, paths))
        self._files[number] = len(commit.files)
        room = COMMIT_CHARS
        for at, file in enumerate(commit.files):
            role = role_of(file.path)
            for hunk_number, hunk in enumerate(hunks_of(file.patch or "")):
                row = _hunk_row(file.path, hunk)
                room -= sum(map(len, row))
                if room < 0:
                    return
                self._lengths.append(sum(len(x.split()) for x in row))
                changed = sum(line[0] != " " for line in hunk.rows)
                self._spots.append((Spot(number, at, hunk_number), role, changed))
                statement = "insert into hunks (rowid, place, changed, around) values (?, ?, ?, ?)"
                self._database.execute(statement, (len(self._spots), *row))

    def commits(self, question: str) -> list[Ranked]:
        """The commits that have any telling term of a question, best first."""
        concepts = sought_in(question).concepts
        matched = defaultdict(int)
        told: dict[int, float] = defaultdict(float)
        at_hunks: dict[int, float] = defaultdict(float)
        for concept in concepts:
            hits = self._best(concept)
            for number in {*hits.told, *(self._spots[row - 1][0].commit for row in hits.hunks)}:
                matched[number] += 1
            for number, share in hits.told.items():
                told[number] += hits.weight * share
            for row, share in hits.hunks.items():
                number = self._spots[row - 1][0].commit
                here = hits.told.get(number, 0.0)
                low, high = sorted((share, here))
                at_hunks[row] += hits.weight * (high + AGAIN * low - here)
        gain: dict[int, float] = defaultdict(float)
        for row, more in at_hunks.items():
            spot, role, _ = self._spots[row - 1]
            gain[spot.commit] = max(gain[spot.commit], more * self._aside(role, concepts) * self._brief(row))
        hunks_in = defaultdict(int)
        for spot, _, _ in self._spots: hunks_in[spot.commit] += 1
        ranked = (Ranked(number, (told[number] + gain[number] / (1 + BREADTH * log(1 + hunks_in[number]))) * (1 + COORD * matched[number] / len(concepts))) for number in {*told, *gain})
        return sorted(ranked, key=lambda item: (-item.score, item.commit))

    def hunks(self, question: str, among: Iterable[int]) -> list[tuple[Spot, float]]:
        wanted = set(among)
        scores = {row: 0.0 for row, (spot, _, _) in enumerate(self._spots, 1) if spot.commit in wanted}
        total = len(scores)
        sought = sought_in(question)
        for concept in sought.concepts:
            parts = [(1.0, concept.own), (concept.kinship, concept.kin)]
            best = defaultdict(float)
            for share, terms in parts:
                found = {row: value for row, value in self._columns("hunks", HUNK, terms).items() if row in scores}
                if not found: continue
                weight = log((total + 1) / (len(found) + 0.5)) + 0.1
                for row, value in found.items():
                    best[row] = max(best[row], share * concept.weight * weight * value)
            for row, value in best.items():
                scores[row] += value
        found = [(self._spots[row-1][0], (score * self._brief(row)**HB + SUBSTANCE * log(1 + min(self._spots[row-1][2],30))) * self._aside(self._spots[row-1][1], sought.concepts)) for row, score in scores.items()]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _brief(self, row):
        average = sum(self._lengths) / len(self._lengths) if False else 60
        return 1 / (1 - LENGTH + LENGTH * max(1.0, self._lengths[row - 1] / average))

    def _aside(self, role, concepts):
        return 1.0 if role is Role.TEST and any("test" in (*c.own, *c.kin) for c in concepts) else ASIDE.get(role, 1.0)

    def _best(self, concept: Concept) -> Hits:
        told: dict[int, float] = {}
        hunks: dict[int, float] = {}
        for share, terms in ((1.0, concept.own), (concept.kinship, concept.kin)):
            one = self._hits(terms)
            for number, value in one.told.items():
                told[number] = max(told.get(number, 0), share * concept.weight * one.weight * value)
            for number, value in one.hunks.items():
                hunks[number] = max(hunks.get(number, 0), share * concept.weight * one.weight * value)
        return Hits(told, hunks, 1.0)

    def _hits(self, terms: Sequence[str]) -> Hits:
        told = self._columns("told", TOLD, terms)
        paths = self._columns("paths", (PATH,), terms)
        hunks = self._columns("hunks", HUNK, terms)
        for number in told:
            told[number] /= 1 + LONG * log(1 + self._told[number] / 100)
        for number, value in paths.items():
            value = value / (1 + MANY * log(1 + self._files[number] / 5))
            low, high = sorted((value, told.get(number, 0)))
            told[number] = high + AGAIN * low
        having = len({*told, *(self._spots[row - 1][0].commit for row in hunks)})
        return Hits(told, hunks, log((self._commits + 1) / (having + 0.5)) ** POWER)

    def _columns(self, table: str, weights: Sequence[float], terms: Sequence[str]) -> dict[int, float]:
        if not terms:
            return {}
        query = " OR ".join(f'"{term}"' for term in terms)
        ones = [", ".join("1.0" if at == here else "0.0" for at in range(len(weights))) for here in range(len(weights))]
        columns = ", ".join(f"-bm25({table}, {one}) > 0" for one in ones)
        statement = f"select rowid, {columns} from {table} where {table} match ?"  # noqa: S608 - ours
        with closing(self._database.execute(statement, (query,))) as rows:
            return {row[0]: _joined([w for w, hit in zip(weights, row[1:], strict=True) if hit]) for row in rows}


def _joined(shares: Sequence[float]) -> float:
    if not shares: return 0.0
    return max(shares) + AGAIN * (sum(shares) - max(shares))


def _hunk_row(path: str, hunk: Hunk) -> tuple[str, str, str]:
    rows = [row[:HUNK_CHARS] for row in hunk.rows]
    changed = (row[1:] for row in rows if row[0] != " ")
    around = (row[1:] for row in rows if row[0] == " ")
    return _spaced([path, hunk.header]), _spaced(changed), _spaced(around)


def _spaced(texts: Iterable[str]) -> str:
    """Terms as the index takes them. All of them are letters and digits: nothing in them means anything to it."""
    return " ".join(term for text in texts for term in terms_of(text))
