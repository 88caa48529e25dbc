"""Commits that git dies of because objects are missing or corrupt: the rest goes on, and they give what they can."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from workers.errors import BrokenError, RefusedError
from workers.model import FileChange, PatchGap
from workers.sources.git.command import Git
from workers.sources.git.patches import DIFF_OPTIONS, RAW_OPTIONS, bare_change, split_commits, split_raw
from workers.sources.git.stream import RawEntry

MOST_EXCLUDED = 200
"""Files without content that are left out by name when a commit is asked for again; with more, none has a patch."""

Files = tuple[FileChange, ...]
Run = Callable[[Sequence[str]], Generator[tuple[str, Files], None, None]]
Mend = Callable[[str], Files | None]


def surviving(run: Run, mend: Mend, shas: Sequence[str]) -> Generator[tuple[str, Files | None], None, None]:
    """The files of each commit from `run`; where it dies, that commit's from `mend`, and `run` again for the rest.

    None stands for a commit of which not even the file names can be read. Errors that are not of one commit are raised.
    """
    left = list(shas)
    while left:
        done = 0
        try:
            with closing(run(left)) as found:
                for item in found:
                    yield item
                    done += 1
        except (RefusedError, BrokenError) as error:
            if error.code not in ("repository_broken", "git_output"):
                raise
            yield left[done], mend(left[done])
            done += 1
        left = left[done:]


def mend_commit(git: Git, sha: str) -> Files | None:
    """A commit's files, where those whose content is missing have no patch (`PatchGap.WITHHELD`)."""
    try:
        entries = _entries(git, "-m", "--root", sha)
    except (RefusedError, BrokenError):
        return None
    lost = _missing(git, entries)
    gone = [entry for entry in entries if {entry.old_object, entry.new_object} & lost]
    if len(gone) <= MOST_EXCLUDED:
        try:
            files = [*_without(git, sha, gone), *(bare_change(entry, PatchGap.WITHHELD) for entry in gone)]
            return tuple(sorted(files, key=lambda file: file.path))
        except (RefusedError, BrokenError):
            pass
    return tuple(bare_change(entry, PatchGap.WITHHELD) for entry in entries)


def mend_merge(git: Git, sha: str) -> Files | None:
    """The files of a merge that differ from every parent, without patches."""
    try:
        return tuple(bare_change(entry, PatchGap.WITHHELD) for entry in _entries(git, "-c", sha))
    except (RefusedError, BrokenError):
        return None


def _entries(git: Git, *arguments: str) -> list[RawEntry]:
    sha = arguments[-1]
    with git.reading("diff-tree", "--stdin", "--always", *RAW_OPTIONS, *arguments[:-1], shas=[sha]) as read:
        return next(split_raw(read, [sha]))[1]


def _missing(git: Git, entries: Sequence[RawEntry]) -> frozenset[str]:
    """Which of the entries' objects git does not have."""
    wanted = sorted({entry.old_object for entry in entries} | {entry.new_object for entry in entries})
    told = git.output("cat-file", "--batch-check=%(objectname)", shas=[name for name in wanted if name.strip("0")])
    words = (line.split() for line in told.decode().splitlines())
    return frozenset(word[0] for word in words if word[1:] == ["missing"])


def _without(git: Git, sha: str, gone: Sequence[RawEntry]) -> Files:
    excluded = [f":(exclude,literal){entry.path.decode('utf-8', 'surrogateescape')}" for entry in gone]
    with git.reading(
        "diff-tree", "--stdin", "--always", "--root", *DIFF_OPTIONS, "--", ".", *excluded, shas=[sha]
    ) as read:
        return next(split_commits(read, [sha]))[1]
