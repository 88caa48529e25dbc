"""Commits and files as GitHub's JSON has them, as our values. Raises what `answers.reading` understands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workers.model import SUBMODULE_MODE, CommitHead, FileChange, FileStatus, PatchGap, Person
from workers.sources.base import MAX_COMMIT_PATCH, MAX_FILE_PATCH

Json = Mapping[str, Any]

FILES_A_PAGE = 300
MOST_FILES = 3_000
"""GitHub lists a commit's files in pages of 300, and no more than 3,000 ("Get a commit" in its reference)."""

_STATUSES = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.DELETED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
    "changed": FileStatus.TYPE_CHANGED,
}
_MOVED = (FileStatus.RENAMED, FileStatus.COPIED)
_EMPTY_BLOBS = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
_NO_FILE = "000000"
_SUBPROJECT = re.compile(r"(?:@@ [^\n]* @@(?:\n|\Z)|[-+]Subproject commit [0-9a-f]{40,64}(?:-dirty)?(?:\n|\Z))+")


def read_head(data: Json) -> CommitHead:
    """A commit without its files. GitHub's times are in UTC; the offset of the author's clock is lost.

    Where GitHub has no author or no committer, which its schema allows, the other stands for both.
    """
    commit = data["commit"]
    author = commit["author"] or commit["committer"]
    committer = commit["committer"] or author
    return CommitHead(
        sha=data["sha"],
        parents=tuple(parent["sha"] for parent in data["parents"]),
        author=_person(author),
        committer=_person(committer),
        authored_at=_time(author["date"]),
        committed_at=_time(committer["date"]),
        message=commit["message"],
    )


def read_files(pages: Sequence[Json]) -> tuple[tuple[FileChange, ...], bool]:
    """A commit's files from the pages that GitHub gives of them, and whether it left some out.

    Patches over our limits, for one file or for all of them together, are let go.
    """
    files: dict[str, FileChange] = {}
    room = MAX_COMMIT_PATCH
    for data in _changed_files(pages):
        file = _read_file(data, min(room, MAX_FILE_PATCH))
        room -= file.patch_bytes
        files.setdefault(file.path, file)
    found = tuple(files.values())
    return found, _is_cut(pages[0], found)


def paths_of(data: Json) -> list[str]:
    """The paths on one page of a commit's files."""
    return [file["filename"] for file in data["files"]]


def _person(data: Json) -> Person:
    return Person(name=data["name"] or "", email=data["email"] or "")


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _changed_files(pages: Iterable[Json]) -> Iterable[Json]:
    return (data for page in pages for data in page["files"] if data["status"] != "unchanged")


def _is_cut(data: Json, files: Sequence[FileChange]) -> bool:
    """Whether GitHub left files out: at its limit, or (older Enterprise servers) where the sums do not agree."""
    if len(files) < FILES_A_PAGE:
        return False
    listed = sum(file.additions + file.deletions for file in files)
    return len(files) >= MOST_FILES or listed < data["stats"]["total"]


def _read_file(data: Json, most: int) -> FileChange:
    status = _STATUSES.get(data["status"], FileStatus.MODIFIED)
    lines = data["additions"] + data["deletions"]
    patch, gap = data.get("patch"), None
    if patch is None:
        patch, gap = _without_patch(status, lines, data.get("sha"))
    elif len(patch) > most or len(patch.encode()) > most:
        patch, gap = None, PatchGap.TOO_LARGE
    modes = _modes(status) if patch and _SUBPROJECT.fullmatch(patch) else (None, None)
    return FileChange(
        path=data["filename"],
        old_path=data.get("previous_filename") if status in _MOVED else None,
        status=FileStatus.MODIFIED if gap is PatchGap.WITHHELD else status,
        additions=data["additions"],
        deletions=data["deletions"],
        old_mode=modes[0],
        new_mode=modes[1],
        patch=patch,
        gap=gap,
    )


def _without_patch(status: FileStatus, lines: int, blob: str | None) -> tuple[str | None, PatchGap | None]:
    """What it means that GitHub gives no patch.

    With counted lines: too large. Without: a mere rename or copy, an empty file, or a binary one; a modified file is
    binary or has only another mode, which GitHub does not tell.
    """
    if lines:
        return None, PatchGap.TOO_LARGE
    if status in _MOVED or blob in _EMPTY_BLOBS:
        return "", None
    if status in (FileStatus.ADDED, FileStatus.DELETED):
        return None, PatchGap.BINARY
    return None, PatchGap.WITHHELD


def _modes(status: FileStatus) -> tuple[str, str]:
    """Those of a submodule. GitHub tells no modes, but a submodule shows by its patch."""
    old = _NO_FILE if status is FileStatus.ADDED else SUBMODULE_MODE
    return old, _NO_FILE if status is FileStatus.DELETED else SUBMODULE_MODE
