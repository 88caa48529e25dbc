"""Which commits and which hunks a question is about, told by their words: BM25 of SQLite's full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from workers.analysis.hunks import Hunk, hunks_of
from workers.analysis.paths import Role, role_of
from workers.model import Commit, Entry
from workers.questions.terms import Sought, sought_in, terms_of

TITLE, MESSAGE, FOUND = 6.0, 2.0, 1.5
"""Weights of where a term of a commit stands: subject, message, what its analysis says."""
PLACE, CHANGED, AROUND = 2.0, 1.0, 0.3
"""The same of a hunk: path and enclosing function, changed lines, the lines around them."""
KIN = 0.35
"""Weight of terms that only mean the same as those of the question."""
PATH_SHARE, HUNK_SHARE = 0.6, 0.8
"""What the paths and the best hunk of a commit count beside what is told of it."""
ASIDE: Mapping[Role, float] = {Role.TEST: 0.75, Role.DOCS: 0.8, Role.EXAMPLE: 0.75, Role.LOCALE: 0.6}
"""A question rarely is about the test where the code itself speaks of the same."""
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


class Index:
    """The words of a digest's commits, in memory, until it is closed."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.executescript(_SCHEMA)
        self._spots: list[tuple[Spot, float]] = []

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

    def add_patches(self, number: int, commit: Commit) -> None:
        """Takes in the paths and hunks of a commit that `add` was given before."""
        paths = _spaced(file.path for file in commit.files)
        self._database.execute("insert into paths (rowid, path) values (?, ?)", (number, paths))
        room = COMMIT_CHARS
        for at, file in enumerate(commit.files):
            weight = ASIDE.get(role_of(file.path), 1.0)
            for hunk_number, hunk in enumerate(hunks_of(file.patch or "")):
                row = _hunk_row(file.path, hunk)
                room -= sum(map(len, row))
                if room < 0:
                    return
                self._spots.append((Spot(number, at, hunk_number), weight))
                self._database.execute(
                    "insert into hunks (rowid, place, changed, around) values (?, ?, ?, ?)", (len(self._spots), *row)
                )

    # --- asking -------------------------------------------------------------------------------------------------------

    def commits(self, question: str) -> list[Ranked]:
        """The commits that have to do with a question, best first."""
        sought = sought_in(question)
        scores = self._weighed("told", (TITLE, MESSAGE, FOUND), sought)
        for number, score in self._weighed("paths", (1.0,), sought).items():
            scores[number] = scores.get(number, 0.0) + PATH_SHARE * score
        best: dict[int, float] = {}
        for spot, score in self._hunks(sought):
            best[spot.commit] = max(best.get(spot.commit, 0.0), score)
        for number, score in best.items():
            scores[number] = scores.get(number, 0.0) + HUNK_SHARE * score
        ranked = (Ranked(number, score) for number, score in scores.items())
        return sorted(ranked, key=lambda item: (-item.score, item.commit))

    def hunks(self, question: str, among: Iterable[int]) -> list[tuple[Spot, float]]:
        """The hunks of some commits that have to do with a question, best first."""
        wanted = set(among)
        found = [(spot, score) for spot, score in self._hunks(sought_in(question)) if spot.commit in wanted]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _hunks(self, sought: Sought) -> Iterator[tuple[Spot, float]]:
        for row, score in self._weighed("hunks", (PLACE, CHANGED, AROUND), sought).items():
            spot, weight = self._spots[row - 1]
            yield spot, score * weight

    def _weighed(self, table: str, weights: Sequence[float], sought: Sought) -> dict[int, float]:
        scores = self._scores(table, weights, sought.own)
        for row, score in self._scores(table, weights, sought.kin).items():
            scores[row] = scores.get(row, 0.0) + KIN * score
        return scores

    def _scores(self, table: str, weights: Sequence[float], terms: Sequence[str]) -> dict[int, float]:
        if not terms:
            return {}
        query = " OR ".join(f'"{term}"' for term in terms)
        places = ", ".join(str(weight) for weight in weights)
        statement = f"select rowid, -bm25({table}, {places}) from {table} where {table} match ?"  # noqa: S608 - ours
        with closing(self._database.execute(statement, (query,))) as rows:
            return dict(rows)


def _hunk_row(path: str, hunk: Hunk) -> tuple[str, str, str]:
    rows = [row[:HUNK_CHARS] for row in hunk.rows]
    changed = (row[1:] for row in rows if row[0] != " ")
    around = (row[1:] for row in rows if row[0] == " ")
    return _spaced([path, hunk.header]), _spaced(changed), _spaced(around)


def _spaced(texts: Iterable[str]) -> str:
    """Terms as the index takes them. All of them are letters and digits: nothing in them means anything to it."""
    return " ".join(term for text in texts for term in terms_of(text))
