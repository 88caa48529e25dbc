"""What may be read of a repository on disk at one commit, by the git command alone: no work tree, nothing followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from workers.errors import DigestError, RefusedError
from workers.reading import (
    MOST_BLAMED,
    MOST_FILE,
    MOST_LISTED,
    Blame,
    CannotRead,
    Holding,
    PullRequest,
    checked_path,
)
from workers.sources.git.command import Git, Read
from workers.sources.git.texts import decode_path, decode_text

PATIENCE = 10.0
"""Seconds without a byte after which an answer is not waited for."""
LONGEST_TEXT = 200
"""Characters of a text that is searched for."""

_SHA = re.compile(r"[0-9a-f]{40,64}")
_KINDS = {"040000": "folder", "120000": "symlink", "160000": "submodule"}
_BARE_BLAME = ("-c", "mailmap.file=/dev/null")
"""A file of this machine that a repository's own settings could name."""


class GitReading:
    """See `workers.reading.Reading`."""

    def __init__(self, git: Git) -> None:
        self._git = git.with_silence(PATIENCE)

    def file(self, sha: str, path: str) -> str:
        """See Reading."""
        entry = self._entry(sha, checked_path(path))
        if entry.size > MOST_FILE:
            raise CannotRead("too_large")
        return _text(self._git.output("cat-file", "blob", entry.sha))

    def folder(self, sha: str, path: str) -> tuple[str, ...]:
        """See Reading."""
        clean = checked_path(path, root=True)
        place = f"{self._commit(sha)}:{clean}"
        if clean and self._kind(place) != "tree":
            raise CannotRead("no_file")
        entries = _entries(self._git.output("ls-tree", "-z", "--long", place))
        named = (entry.path + "/" * (entry.kind == "folder") for entry in entries)
        return tuple(islice(named, MOST_LISTED))

    def holding(self, sha: str, text: str, near: tuple[str, ...] = ()) -> Holding:
        """See Reading. Binary files are not searched."""
        del near
        if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
            raise CannotRead("bad_path")
        words = ("--fixed-strings", "-I", "--name-only", "-z", "--no-textconv", "--no-recurse-submodules", "-e", text)
        with self._git.reading("grep", *words, self._commit(sha), "--") as read:
            named = (decode_path(name).partition(":")[2] for name in _until_zero(read))
            return Holding(tuple(islice(named, MOST_LISTED)))

    def blame(self, sha: str, path: str, start: int, end: int) -> tuple[Blame, ...]:
        """See Reading."""
        clean = checked_path(path)
        self._entry(sha, clean)
        last = min(end, start + MOST_BLAMED - 1)
        words = ("blame", "--porcelain", "--no-textconv", "-L", f"{start},{last}", self._commit(sha), "--", clean)
        try:
            told = self._git.output(*_BARE_BLAME, *words)
        except DigestError as error:
            if "has only" in str(error.details.get("said", "")):
                raise CannotRead("no_file") from error
            raise
        return tuple(_joined(_blamed(told.decode("utf-8", "replace"))))

    def pull_request(self, number: int) -> PullRequest:
        """None is in a repository on disk."""
        del number
        raise CannotRead("not_offered")

    def _entry(self, sha: str, path: str) -> _Entry:
        """A regular file; CannotRead for what is none."""
        # Pathspecs are literal, and a file is named by its whole path.
        told = self._git.output("--literal-pathspecs", "ls-tree", "-z", "--long", self._commit(sha), "--", path)
        entry = next((entry for entry in _entries(told) if entry.path == path), None)
        if entry is None:
            raise CannotRead("no_file")
        if entry.kind != "file":
            raise CannotRead(entry.kind)
        return entry

    def _kind(self, name: str) -> str:
        told = self._git.output("cat-file", "--batch-check=%(objecttype)", shas=[name])
        return told.decode("utf-8", "replace").strip()

    def _commit(self, sha: str) -> str:
        if not _SHA.fullmatch(sha) or self._kind(sha) != "commit":
            raise CannotRead("no_commit")
        return sha


class _Entry:
    """One entry of a folder."""

    def __init__(self, line: bytes) -> None:
        head, _, path = line.partition(b"\t")
        mode, _, sha, size = head.split()
        self.kind, self.sha, self.path = _KINDS.get(mode.decode(), "file"), sha.decode(), decode_path(path)
        self.size = int(size) if size.isdigit() else 0


def _entries(told: bytes) -> Iterator[_Entry]:
    return (_Entry(line) for line in told.split(b"\0") if line)


def _until_zero(read: Read) -> Iterator[bytes]:
    rest = b""
    while chunk := _next(read):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole


def _next(read: Read) -> bytes:
    """The next bytes; none where git found nothing, which it says by failing without a word."""
    try:
        return read()
    except RefusedError as error:
        if error.code == "git_failed" and not error.details.get("said"):
            return b""
        raise


def _text(data: bytes) -> str:
    if b"\0" in data[:8000]:  # as git tells a binary file
        raise CannotRead("binary")
    return decode_text(data)


def _blamed(told: str) -> Iterator[Blame]:
    """A Blame for every line. What a commit is, is told with its first line."""
    facts: dict[str, dict[str, str]] = {}
    sha, line = "", 0
    for row in told.split("\n"):
        head = re.match(r"([0-9a-f]{40,64}) \d+ (\d+)", row)
        if row.startswith("\t"):
            known = facts[sha]
            when = datetime.fromtimestamp(int(known.get("author-time", "0")), UTC).date().isoformat()
            yield Blame(line, line, sha, known.get("author", ""), when, known.get("summary", ""))
        elif head:
            sha, line = head[1], int(head[2])
            facts.setdefault(sha, {})
        else:
            key, _, value = row.partition(" ")
            facts.get(sha, {})[key] = value


def _joined(lines: Iterator[Blame]) -> Iterator[Blame]:
    """Neighbours of one commit as one."""
    last: Blame | None = None
    for blame in lines:
        if last is not None and last.sha == blame.sha and blame.start == last.end + 1:
            last = last._replace(end=blame.end)
            continue
        if last is not None:
            yield last
        last = blame
    if last is not None:
        yield last
