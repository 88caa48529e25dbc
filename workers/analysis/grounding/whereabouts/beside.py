"""Sentences that name files and things beside them: where a sentence places a thing, there it has to stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workers.analysis.grounding.prose.reading import N
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.grounding.whereabouts.things import Thing, is_referred_to, is_within

_ADVISED = re.compile(
    r"(?:需要?|应当|应该|可以|请)[^，。；]{0,6}$|\b(?:should|need to|have to|can) (?:\w+ ){0,2}$", re.IGNORECASE
)
"""What comes before that which others are to use or do: it need not be in the file."""


def is_advised(before: str) -> bool:
    """Whether what follows is for others to use or do, by what stands before it."""
    return _ADVISED.search(before) is not None


def misplaced(sentence: str, named: Mapping[str, tuple[ChangedFile, ...]], things: Sequence[Thing]) -> str | None:
    """The mark of a file in which a sentence places things that stand in others; None where there is none.

    `named` has the files of the sentence by their marks.
    """
    if re.search(r"\bamong them\b|后者|前者|\bthe (?:latter|former)\b|等\s*\S{0,4}\s*个文件", sentence):
        return None
    everywhere = {file for files in named.values() for file in files}
    things = [thing for thing in things if not is_advised(sentence[: sentence.index(thing.mark)])]
    here = [thing for thing in things if is_within(thing, everywhere)]
    placed = [
        mark
        for mark in named
        if not is_referred_to(sentence[: sentence.index(mark)]) and _shares_part(sentence, mark, things)
    ]
    if not placed:
        return None
    if not here or (len(named) == 1 and _has_stranger(sentence, placed[0], things, everywhere)):
        return placed[0]
    for mark, own in named.items():
        files = {
            file for other, files in named.items() if _listed_together(sentence, mark, other) for file in files
        } | set(own)
        linked = _linked(sentence, mark, [thing for thing in things if len(thing.mark) == 1])
        if mark in placed and linked and not any(is_within(thing, files) for thing in linked):
            return mark
    return None


def _shares_part(sentence: str, mark: str, things: Sequence[Thing]) -> bool:
    """Whether a file behind a comma has a name beside it there; one that opens a sentence speaks for all of it."""
    parts = re.split(r"[，,；;]\s*", sentence)
    if mark in parts[0]:
        return True
    return any(thing.mark in part for part in parts if mark in part for thing in things)


def _has_stranger(sentence: str, mark: str, things: Sequence[Thing], files: set[ChangedFile]) -> bool:
    """Whether a name of the same clause stands nowhere in the one file that a sentence names, but does in others."""
    clauses = [
        part
        for part in re.split(r"[;；]|\bso that\b|\bwhich\b|\bbecause\b|以便|从而|供|因为", sentence)
        if mark in part
    ]
    near = clauses[0] if clauses else sentence
    found = [thing for thing in things if thing.mark in near]
    return any(len(thing.name) > 3 and not is_within(thing, files) for thing in found) and len(files) == 1


def _listed_together(sentence: str, one: str, other: str) -> bool:
    """Whether two names stand in one list, with nothing between them but names and what joins them."""
    start, end = sorted((sentence.index(one), sentence.index(other)))
    return bool(re.fullmatch(rf"(?:{N}|[\s,、，和与及]|and)*", sentence[start:end]))


def _linked(sentence: str, mark: str, things: Sequence[Thing]) -> list[Thing]:
    """The names that a sentence places in a file: those just before "in FILE", or those after “在 FILE 中”."""
    at = sentence.index(mark)
    marks = {thing.mark: thing for thing in things}
    before, after = sentence[:at], sentence[at + 1 :]
    if re.search(r"(?:^|[，。；;,:：]\s*|并|同时)\s*(?:在|为|给|于)?\s*$", before) and re.match(
        r"\s*(?:中|里|内|的|新增|移除|添加|删除|增加|：|:)", after
    ):
        reach = re.split(r"[。；;]|在\s*" + N, after)[0]
        return [marks[char] for char in reach if char in marks]
    if re.search(r"(?:^|[.;]\s+)(?:In|Within|Inside)\s+(?:the\s+)?$", before):
        reach = re.split(r"[.;]\s|\bin\s+" + N, after)[0]
        return [marks[char] for char in reach if char in marks]
    match = re.search(
        rf"({N}(?:(?:\s*(?:,|、|和|与|及)\s*|,?\s+and\s+){N})*)\s*(?:\w+\s+)?(?:in|within|inside|[(（])\s*"
        rf"(?:the\s+)?(?:file\s+)?$",
        before,
    )
    return [marks[char] for char in match[1] if char in marks] if match else []
