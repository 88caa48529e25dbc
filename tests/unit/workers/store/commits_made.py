"""Commits made by hand for the store's tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from workers.model import Commit, FileChange, FileStatus, PatchGap, Person

AT = datetime(2026, 2, 21, 23, 40, 56, tzinfo=UTC)
AUTHOR = Person(name="赵晨阳", email="zhao@example.org")


def change(path: str, patch: str | None = "@@ -1 +1 @@\n-a\n+b", gap: PatchGap | None = None) -> FileChange:
    return FileChange(path=path, status=FileStatus.MODIFIED, additions=1, deletions=1, patch=patch, gap=gap)


def commit(number: int = 1, files: Sequence[FileChange] = (), message: str = "fix: 内存\n\nbody") -> Commit:
    return Commit(
        sha=f"{number:040x}",
        parents=("b" * 40,),
        author=AUTHOR,
        committer=AUTHOR,
        authored_at=AT,
        committed_at=AT,
        message=message,
        files=tuple(files),
    )
