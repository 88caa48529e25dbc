"""What may be asked of the files of a repository at one commit."""

from __future__ import annotations

from typing import Protocol


class Tree(Protocol):
    """The files at a commit and at its first parent. No answer raises: what cannot be looked up is False."""

    def has_path(self, path: str) -> bool:
        """Whether a file or folder has this path at that commit or at its first parent."""
        ...

    def holds(self, text: str) -> bool:
        """Whether exactly this text stands on one line of some file at that commit or at its first parent."""
        ...
