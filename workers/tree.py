"""What may be asked of the files of a repository at one commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol


class Tree(Protocol):
    """The files at a commit and at its first parent. No answer raises: what cannot be looked up is False."""

    def has_path(self, path: str) -> bool:
        """Whether a file or folder has this path at that commit or at its first parent."""
        ...

    def holds(self, text: str) -> bool:
        """Whether exactly this text stands on one line of some file at that commit or at its first parent."""
        ...

    def lines_with(self, text: str, path: str, side: Literal["new", "old"]) -> Sequence[int]:
        """The lines, from 1, of one file at that commit (new) or at its first parent (old) that have this text."""
        ...
