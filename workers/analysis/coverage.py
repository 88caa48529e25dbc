"""What of a commit an analysis read, what it left out, and why."""

from __future__ import annotations

from collections.abc import Iterable

from workers.analysis.paths import Role, role_of
from workers.model import Commit, Coverage, FileChange, LeftOut
from workers.words import Words

NO_PATH = "…"
"""Stands for the path where an entry is about files that are not named."""

LEFT_OUT_SHOWN = 50
"""How many files that were left out are named; one more line counts the rest."""

UNREAD_ROLES = (Role.GENERATED, Role.LOCK, Role.VENDORED)
"""Files whose text a tool or somebody else wrote: what they mean for people stands in another file."""


def coverage_of(commit: Commit, words: Words) -> Coverage:
    """Coverage of an analysis that reads every patch except those of `UNREAD_ROLES`."""
    unread = [(file, reason) for file in commit.files if (reason := unread_because(file))]
    total = sum(file.patch_bytes for file in commit.files)
    named = left_out(((file.path, words(f"left_out.{reason}")) for file, reason in unread), words)
    return Coverage(
        files=len(commit.files),
        files_seen=len(commit.files) - len(unread),
        bytes=total,
        bytes_seen=total - sum(file.patch_bytes for file, _ in unread),
        left_out=(*unknown_files(commit, words), *named),
    )


def unknown_files(commit: Commit, words: Words) -> tuple[LeftOut, ...]:
    """The files that the source itself left out: nobody knows their names or their number."""
    if not commit.files_cut:
        return ()
    return (LeftOut(path=NO_PATH, reason=words("left_out.cut", n=len(commit.files))),)


def unread_because(file: FileChange) -> str | None:
    """The key, under `left_out` of the catalogue, of why a file is not read; None when it is."""
    if file.patch is None:
        return file.gap.value if file.gap else "withheld"
    role = role_of(file.path)
    return role.value if role in UNREAD_ROLES else None


def left_out(files: Iterable[tuple[str, str]], words: Words, most: int = LEFT_OUT_SHOWN) -> tuple[LeftOut, ...]:
    """Paths with reasons in words, at most `most` of them and then one entry that counts the rest."""
    every = list(files)
    shown = [LeftOut(path=path, reason=reason) for path, reason in every[:most]]
    rest = len(every) - len(shown)
    if rest:
        shown.append(LeftOut(path=NO_PATH, reason=words("left_out.more", n=rest)))
    return tuple(shown)
