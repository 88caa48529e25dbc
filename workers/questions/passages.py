"""The hunks of commits that speak most of what a question asks, as they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from workers.analysis.hunks import Hunk, Line, hunks_of
from workers.model import Side
from workers.questions.corpus import Corpus
from workers.questions.ranking import Spot
from workers.questions.terms import sought_in, terms_of
from workers.questions.values import CommitRef, Passage

MOST = 3
FOLLOWING = 0.4
"""What a hunk of the second commit counts beside one of the first, that of the third beside the second's."""
LINES, ROWS = 10, 30
"""Rows of a hunk that are quoted, those around the one that fits best; and of all hunks of a file together."""
BETWEEN = "⋯"
"""Stands between two hunks of a passage."""
LINE_CHARS = 300


def passages(question: str, among: Sequence[CommitRef], corpus: Corpus, most: int = MOST) -> tuple[Passage, ...]:
    """What fits a question in some commits of a digest, best first: of a file its best hunks together.

    Where none of them is in the index: the first hunks of the first commit that has some.
    """
    refs = corpus.refs
    wanted = {number: refs[number] for number in range(len(refs)) if refs[number] in among}
    ranked = _ranked(question, among, wanted, corpus) or _first(among, wanted, corpus, most)
    files: dict[tuple[int, int], list[tuple[Spot, float]]] = {}
    for spot, score in ranked:
        files.setdefault((spot.commit, spot.file), []).append((spot, score))
    terms = sought_in(question).terms
    best = islice(files.items(), most)
    found = (_passage(wanted[number], file, spots, corpus, terms) for (number, file), spots in best)
    return tuple(passage for passage in found if passage is not None)


def _ranked(
    question: str, among: Sequence[CommitRef], wanted: Mapping[int, CommitRef], corpus: Corpus
) -> list[tuple[Spot, float]]:
    """The hunks of all, those of a commit that fits less well behind those of one that fits better."""
    shares = {ref: FOLLOWING**place for place, ref in enumerate(among)}
    found = corpus.index().hunks(question, wanted)
    weighed = [(spot, score * shares[wanted[spot.commit]]) for spot, score in found]
    return sorted(weighed, key=lambda item: -item[1])


def _first(
    among: Sequence[CommitRef], wanted: Mapping[int, CommitRef], corpus: Corpus, most: int
) -> list[tuple[Spot, float]]:
    numbers = {ref: number for number, ref in wanted.items()}
    for ref in (ref for ref in among if ref in numbers):
        commit = corpus.commit(ref)
        spots = (
            (Spot(numbers[ref], at, number), 0.0)
            for at, file in enumerate(commit.files if commit else ())
            for number, hunk in enumerate(hunks_of(file.patch or ""))
            if hunk.rows
        )
        if found := list(islice(spots, most)):
            return found
    return []


def _passage(
    ref: CommitRef, number: int, spots: Sequence[tuple[Spot, float]], corpus: Corpus, terms: Collection[str]
) -> Passage | None:
    commit = corpus.commit(ref)
    if commit is None:
        return None
    file = commit.files[number]
    hunks = _quoted([spot.hunk for spot, _ in spots], list(hunks_of(file.patch or "")), terms)
    rows = [row for hunk in hunks for row in hunk]
    side: Side = "new" if any(row.mark == "+" for row in rows) or all(row.mark == " " for row in rows) else "old"
    spans = tuple((min(lines), max(lines)) for hunk in hunks if (lines := _numbers(hunk, side)))
    text = f"\n{BETWEEN}\n".join("\n".join(f"{row.mark}{row.text[:LINE_CHARS]}" for row in hunk) for hunk in hunks)
    return Passage(
        commit=ref,
        path=file.old_path or file.path if side == "old" else file.path,
        side=side,
        start=spans[0][0],
        end=spans[-1][1],
        spans=spans,
        text=text,
        score=spots[0][1],
    )


def _quoted(best: Sequence[int], hunks: Sequence[Hunk], terms: Collection[str]) -> list[Sequence[Line]]:
    """What is quoted of the best hunks of a file, as many as there is room for, in the order of the file."""
    room, found = ROWS, dict[int, Sequence[Line]]()
    for number in best:
        rows = _telling(hunks[number], terms)
        if not found or len(rows) <= room:
            found[number] = rows
            room -= len(rows)
    return [found[number] for number in sorted(found)]


def _numbers(rows: Sequence[Line], side: Side) -> list[int]:
    return [number for row in rows if (number := row.new_no if side == "new" else row.old_no) is not None]


def _telling(hunk: Hunk, terms: Collection[str]) -> Sequence[Line]:
    """The rows around the one that has most of the terms; a changed row before one that only stands by."""
    rows = list(hunk.lines())
    best = max(range(len(rows)), key=lambda at: (_worth(rows[at], terms), -at))
    start = max(0, min(best - LINES // 3, len(rows) - LINES))
    return rows[start : start + LINES]


def _worth(row: Line, terms: Collection[str]) -> float:
    found = len(set(terms_of(row.text[:LINE_CHARS])) & set(terms))
    return found * (0.5 if row.mark == " " else 1.0) + (0.25 if row.mark != " " else 0.0)
