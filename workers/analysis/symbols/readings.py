"""A file's patch made ready to be read: its role, its language, both sides of each hunk."""

from __future__ import annotations

from dataclasses import dataclass

from workers.analysis.hunks import hunks_of
from workers.analysis.paths import Role, role_of
from workers.analysis.symbols.language import Language
from workers.analysis.symbols.languages import COMPONENT_ENDINGS, ending_of, language_of
from workers.analysis.symbols.sides import SideText, side_of
from workers.model import FileChange


@dataclass(frozen=True, slots=True)
class Reading:
    """One file of a commit. `hunks` holds the old and the new side of each; `language` is None where none is known."""

    path: str
    role: Role
    language: Language | None
    hunks: tuple[tuple[SideText, SideText], ...]

    def olds(self) -> tuple[SideText, ...]:
        return tuple(old for old, _ in self.hunks)

    def news(self) -> tuple[SideText, ...]:
        return tuple(new for _, new in self.hunks)


def read_patch(file: FileChange) -> Reading:
    """Reads a file's patch; without one there are no hunks."""
    language = language_of(file.path)
    component = ending_of(file.path) in COMPONENT_ENDINGS
    hunks = tuple(
        (side_of(hunk, "old", language, component=component), side_of(hunk, "new", language, component=component))
        for hunk in hunks_of(file.patch or "")
    )
    return Reading(file.path, role_of(file.path), language, hunks)
