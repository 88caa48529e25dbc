"""Where the quotes of evidence stand: at the lines they claim, or moved to others of the diff, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.texts import folded
from workers.analysis.grounding.sides import ChangedFile, HunkSides
from workers.model import Evidence, Side

_MARKED = re.compile(r"^[+-](?=.)", re.MULTILINE)
_CLIPPED = re.compile(r"\s*⋯ ?\d+ more characters\s*$")
"""What a pack writes at the end of a line that it cuts."""


def place(evidence: Evidence, ground: Ground) -> Evidence | None:
    """The evidence as it is, or moved to where its quote stands in that file's patch; None if nowhere.

    White space is folded. Lines 0 mean that the place is not known yet. A path may be an end of the file's path.
    A quote that was copied with the marks of the diff (`+`, `-`), or with that of a cut line, loses them.
    """
    given = _CLIPPED.sub("", evidence.quote)
    for quote in dict.fromkeys((given, _MARKED.sub("", given))):
        for file in ground.files_named(evidence.path):
            found = _place(evidence.model_copy(update={"quote": quote}), file)
            if found is not None:
                return found if found != evidence else evidence
    return _beyond(evidence, given, ground)


def _beyond(evidence: Evidence, quote: str, ground: Ground) -> Evidence | None:
    """The evidence if its quote, one line, stands at its line of a file of the commit, though the patch has it not.

    It is not looked for at other lines: what is quoted from elsewhere proves nothing of this commit.
    """
    line = quote.strip()
    if "\n" in line:
        return None
    for file in ground.files_named(evidence.path):
        path = file.file.path if evidence.side == "new" else file.paths[-1]
        if evidence.start in ground.tree_lines(line, path, evidence.side):
            return evidence.model_copy(update={"path": path, "quote": quote, "end": evidence.start})
    return None


def _place(evidence: Evidence, file: ChangedFile) -> Evidence | None:
    wanted = folded(evidence.quote)
    if not wanted or evidence.path.endswith("/"):
        return None
    path = evidence.path if evidence.path in file.paths else file.file.path
    sides = file.hunk_sides
    asked = evidence.model_copy(update={"path": path})
    if any(wanted in folded(hunk.text(asked.side, asked.start, asked.end)) for hunk in sides):
        return asked
    return _moved(asked, wanted, sides)


def _moved(evidence: Evidence, wanted: str, hunks: Sequence[HunkSides]) -> Evidence | None:
    sides: tuple[Side, ...] = ("new", "old") if evidence.side == "new" else ("old", "new")
    height = evidence.quote.strip("\n").count("\n") + 1
    for side in sides:
        starts = [start for hunk in hunks for start in hunk.starts_of(wanted, side, height)]
        if starts:
            start = min(starts, key=lambda line: abs(line - evidence.start))
            return evidence.model_copy(update={"side": side, "start": start, "end": start + height - 1})
    return None
