"""Commits made by hand: files given as text before and after, patches made by difflib."""

from __future__ import annotations

import difflib
import hashlib
from datetime import UTC, datetime

from workers.model import Commit, FileChange, FileStatus, PatchGap, Person

AT = datetime(2026, 2, 21, 4, 30, tzinfo=UTC)
NOW = datetime(2026, 2, 22, 1, 0, tzinfo=UTC)


def patch_of(old: str, new: str) -> str:
    """What git's `-U3` shows of a change, without file header."""
    rows = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))[2:]
    return "\n".join(rows)


def changed(path: str, old: str, new: str, *, was: str | None = None) -> FileChange:
    """A file with its text before and after; "" before means added, "" after deleted, `was` its name before."""
    patch = patch_of(old, new)
    status = FileStatus.RENAMED if was else FileStatus.MODIFIED if old and new else FileStatus.ADDED
    rows = patch.split("\n")
    return FileChange(
        path=path,
        old_path=was,
        status=status if new else FileStatus.DELETED,
        additions=sum(row.startswith("+") for row in rows),
        deletions=sum(row.startswith("-") for row in rows),
        patch=patch,
    )


def added(path: str, text: str) -> FileChange:
    return changed(path, "", text)


def removed(path: str, text: str) -> FileChange:
    return changed(path, text, "")


def moved(old: str, new: str) -> FileChange:
    """A file that only has a new name."""
    return FileChange(path=new, old_path=old, status=FileStatus.RENAMED, patch="")


def unread(path: str, gap: PatchGap) -> FileChange:
    return FileChange(path=path, status=FileStatus.MODIFIED, patch=None, gap=gap)


def commit(message: str, *files: FileChange) -> Commit:
    """A commit whose sha follows from its message."""
    person = Person(name="Ada Example", email="ada@example.org")
    return Commit(
        sha=hashlib.sha1(message.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest(),
        parents=("0" * 40,),
        author=person,
        committer=person,
        authored_at=AT,
        committed_at=AT,
        message=message,
        files=files,
    )
