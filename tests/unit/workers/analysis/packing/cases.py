"""Commits made by hand to be packed, and what stands in a pack."""

from __future__ import annotations

from functools import cache

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.analyst import survey_of
from workers.analysis.packing.packing import Packed, pack
from workers.analysis.survey.survey import Survey
from workers.model import Commit, FileChange, FileStatus, Tier
from workers.words import load_words

EN, ZH = load_words("workers.analysis", "en"), load_words("workers.analysis", "zh")


def packed(one: Commit, tier: Tier = Tier.HIGH, ratio: float = 1.0) -> Packed:
    return pack(surveyed(one), tier, EN, ratio)


_SURVEYS: dict[int, tuple[Commit, Survey]] = {}


def surveyed(one: Commit) -> Survey:
    """The survey of a commit, made once for each."""
    if id(one) not in _SURVEYS:
        _SURVEYS[id(one)] = (one, survey_of(one))
    return _SURVEYS[id(one)][1]


def text_of(one: Commit, tier: Tier = Tier.HIGH) -> str:
    """The only part of a commit."""
    (part,) = packed(one, tier).parts
    return part


def code_file(path: str, functions: int, *, first: int = 0) -> FileChange:
    """A file in which every function's body changes, in a hunk of its own."""
    old = [_function(n, "old") for n in range(first, first + functions)]
    new = [_function(n, "new") for n in range(first, first + functions)]
    return changed(path, "\n".join(old), "\n".join(new))


def _function(number: int, word: str) -> str:
    lines = [f"    step_{number}_{line} = prepare({line}, 'text {line}')" for line in range(12)]
    return "\n".join([f"def work_{number}(a, b):", *lines, f"    return {word}_{number}(a + b)", "", ""])


@cache
def big_commit(files: int = 40, functions: int = 40) -> Commit:
    """A commit of product code that fits no single part."""
    return commit(
        "feat: rework the engine\n\nBecause it was slow.",
        *(code_file(f"engine/module_{n}.py", functions, first=1000 * n) for n in range(files)),
    )


def raw(path: str, patch: str, status: FileStatus = FileStatus.MODIFIED) -> FileChange:
    """A file with a patch as it is given."""
    rows = patch.split("\n")
    additions, deletions = (sum(row.startswith(mark) for row in rows) for mark in "+-")
    return FileChange(path=path, status=status, additions=additions, deletions=deletions, patch=patch)
