"""What may be asked of the files at one commit of a repository on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from workers.errors import DigestError
from workers.model import Side
from workers.sources.git.command import Git

PATIENCE = 4.0
"""Seconds that one question may take: a search of a repository of 100,000 files takes about one."""
BUDGET = 12.0
"""Seconds that all questions on one commit may take together; afterwards every answer is no."""
LONGEST = 300
"""Characters of a text or path that is looked for."""
_PLAINLY = ("--fixed-strings", "-I", "--no-textconv", "--no-recurse-submodules")

T = TypeVar("T")


class GitTree:
    """The files at a commit and at its first parent. See `workers.tree.Tree`. Answers are kept.

    What cannot be looked up (objects that are missing, time that ran out) is answered with no: nothing is true for
    want of a look.
    """

    def __init__(self, git: Git, sha: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._git = git.with_silence(PATIENCE)
        self._sha = sha
        self._clock = clock
        self._spent = 0.0
        self._known: dict[tuple[str, ...], Any] = {}
        self._revisions: tuple[str, ...] | None = None

    def has_path(self, path: str) -> bool:
        """See Tree."""
        clean = path.strip("/")
        return _is_askable(clean) and self._answer(("path", clean), lambda: self._look_up(clean), False)

    def holds(self, text: str) -> bool:
        """See Tree. Binary files are not searched."""
        return _is_askable(text) and self._answer(("text", text), lambda: self._search(text), False)

    def lines_with(self, text: str, path: str, side: Side) -> tuple[int, ...]:
        """See Tree."""
        if not (_is_askable(text) and _is_askable(path)):
            return ()
        return self._answer(("lines", text, path, side), lambda: self._search_file(text, path, side), ())

    def _answer(self, key: tuple[str, ...], look: Callable[[], T], otherwise: T) -> T:
        if key not in self._known:
            if self._spent >= BUDGET:
                return otherwise
            begun = self._clock()
            try:
                self._known[key] = look()
            except DigestError:
                self._known[key] = otherwise
            self._spent += self._clock() - begun
        found: T = self._known[key]
        return found

    def _look_up(self, path: str) -> bool:
        names = [f"{revision}:{path}" for revision in self._sides()]
        told = self._git.output("cat-file", "--batch-check=%(objecttype)", shas=names).decode("utf-8", "replace")
        return any(line in ("blob", "tree", "commit") for line in told.splitlines())

    def _search(self, text: str) -> bool:
        return self._git.answer("grep", "--quiet", *_PLAINLY, "-e", text, *self._sides(), "--") is not None

    def _search_file(self, text: str, path: str, side: Side) -> tuple[int, ...]:
        sides = self._sides()
        if side == "old" and len(sides) == 1:
            return ()
        words = ("--line-number", "--no-color", *_PLAINLY, "-h", "-e", text, sides[side == "old"])
        told = self._git.answer("grep", *words, "--", f":(top,literal){path}") or ""
        return tuple(int(row.split(":", 1)[0]) for row in told.split("\n") if row[:1].isdigit())

    def _sides(self) -> tuple[str, ...]:
        """The commit and, where it is there, its first parent."""
        if self._revisions is None:
            parent = self._git.answer("rev-parse", "--verify", "--quiet", f"{self._sha}^1^{{commit}}")
            self._revisions = (self._sha, parent) if parent else (self._sha,)
        return self._revisions


def _is_askable(text: str) -> bool:
    return bool(text) and len(text) <= LONGEST and text.isprintable()
