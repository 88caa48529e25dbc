"""What may be read of a repository at one commit: files, searches, who wrote a line. Read-only, bounded, untrusted.

Texts come as they are in the repository: whoever shows them takes secrets out first (`workers.analysis.redaction`).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

MOST_FILE = 1 << 20
"""Bytes of a file that is read; a larger one is `too_large`."""
MOST_LISTED = 400
"""Names of a folder, and files of a search, that are given at most."""
MOST_BLAMED = 200
"""Lines that one question may ask the authors of."""
LONGEST_PATH = 1024
"""Characters of a path that is looked up."""


class CannotRead(Exception):
    """Why something cannot be read; raised besides the errors of `workers.errors`, never told to a person as it is.

    `code`: `no_commit`, `no_file`, `bad_path`, `folder`, `symlink`, `submodule`, `binary`, `too_large`, `not_offered`
    (this source has no such thing).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Holding(NamedTuple):
    """The files in which a text stands. `looked_at` None: all files were looked through, else only so many were."""

    paths: tuple[str, ...]
    looked_at: int | None = None


class Blame(NamedTuple):
    """Lines (from 1, both included) that one commit brought, with its author, day (ISO) and subject."""

    start: int
    end: int
    sha: str
    author: str
    day: str
    subject: str


class PullRequest(NamedTuple):
    """What is written in a pull request."""

    number: int
    title: str
    body: str
    author: str
    state: str


class Reading(Protocol):
    """One repository. `sha` is always a whole one. Symbolic links and submodules are never followed."""

    def file(self, sha: str, path: str) -> str:
        """A file's text; what is no UTF-8 in it is replaced. CannotRead where there is none."""
        ...

    def folder(self, sha: str, path: str) -> tuple[str, ...]:
        """The names in a folder ("": the root), those of folders with a slash at their end; at most MOST_LISTED."""
        ...

    def holding(self, sha: str, text: str, near: tuple[str, ...] = ()) -> Holding:
        """The files that hold exactly this text on one line, at most MOST_LISTED.

        A source that cannot search looks through some files, those with or beside the paths `near` first.
        """
        ...

    def blame(self, sha: str, path: str, start: int, end: int) -> tuple[Blame, ...]:
        """Who brought lines of a file, in their order; at most MOST_BLAMED of them."""
        ...

    def pull_request(self, number: int) -> PullRequest:
        """A pull request of this repository."""
        ...


def checked_path(path: str, root: bool = False) -> str:
    """A path as git has it: relative to the top, without empty parts. CannotRead("bad_path") for any other.

    No `.`, `..` or `.git` may be in it, nothing that acts, and it begins with neither `/`, `-` nor `:`. `root`: "" and
    "." and "/" mean the top folder.
    """
    bare = path.removesuffix("/")
    if root and bare in ("", "."):
        return ""
    parts = bare.split("/")
    if not bare or len(bare) > LONGEST_PATH or bare[0] in "/-:~" or "\\" in bare or not bare.isprintable():
        raise CannotRead("bad_path")
    if any(part in ("", ".", "..") or part.casefold() == ".git" for part in parts):
        raise CannotRead("bad_path")
    return bare
