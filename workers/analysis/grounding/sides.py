"""One changed file by sides: what its patch adds, takes away and leaves."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from workers.analysis.grounding.prose.texts import folded
from workers.analysis.hunks import Hunk, hunks_of
from workers.model import FileChange, Side

READ_CHARACTERS = 2 << 20
"""Patches above this are searched for names as a whole, but not read line by line."""


class Block(NamedTuple):
    """Lines that change together: those taken away and those put in their place."""

    old: tuple[str, ...]
    new: tuple[str, ...]


class ChangedFile:
    """A file of a commit; its patch is read when it is first asked for."""

    def __init__(self, file: FileChange) -> None:
        self.file = file
        self.paths = tuple(path for path in (file.path, file.old_path) if path)

    @cached_property
    def hunks(self) -> tuple[Hunk, ...]:
        patch = self.file.patch or ""
        return tuple(hunks_of(patch)) if len(patch) <= READ_CHARACTERS else ()

    @cached_property
    def hunk_sides(self) -> tuple[HunkSides, ...]:
        return tuple(map(HunkSides, self.hunks))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The runs of changed lines."""
        found = []
        for hunk in self.hunks:
            old: list[str] = []
            new: list[str] = []
            for row in (*hunk.rows, " "):
                if row[0] == "-":
                    old.append(row[1:])
                elif row[0] == "+":
                    new.append(row[1:])
                elif old or new:
                    found.append(Block(tuple(old), tuple(new)))
                    old, new = [], []
        return tuple(found)

    @cached_property
    def new(self) -> str:
        """The lines that are put in."""
        return "\n".join(line for block in self.blocks for line in block.new)

    @cached_property
    def old(self) -> str:
        """The lines that are taken away."""
        return "\n".join(line for block in self.blocks for line in block.old)

    @cached_property
    def context(self) -> str:
        """The lines that stay, and what git says of where each hunk is."""
        lines = [row[1:] for hunk in self.hunks for row in hunk.rows if row[0] == " "]
        return "\n".join([*(hunk.header for hunk in self.hunks), *lines])

    def side(self, side: Side) -> str:
        return self.new if side == "new" else self.old


class HunkSides:
    """One hunk's text by side, split into sides only when asked."""

    def __init__(self, hunk: Hunk) -> None:
        self._hunk = hunk

    @cached_property
    def _lines(self) -> dict[Side, list[str]]:
        rows = self._hunk.rows
        return {"old": [row[1:] for row in rows if row[0] != "+"], "new": [row[1:] for row in rows if row[0] != "-"]}

    def _first(self, side: Side) -> int:
        return self._hunk.new_start if side == "new" else self._hunk.old_start

    def text(self, side: Side, start: int, end: int) -> str:
        """What stands at these lines, "" where they lie outside of the hunk."""
        first = self._first(side)
        if start < max(first, 1) or start - first > len(self._hunk.rows):
            return ""
        return "\n".join(self._lines[side][start - first : end - first + 1])

    def starts_of(self, wanted: str, side: Side, height: int) -> list[int]:
        """The lines at which a folded quote of so many lines begins on a side."""
        lines = self._lines[side]
        windows = ("\n".join(lines[at : at + height]) for at in range(len(lines) - height + 1))
        return [self._first(side) + at for at, window in enumerate(windows) if wanted in folded(window)]
