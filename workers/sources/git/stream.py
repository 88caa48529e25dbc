"""A pipe of git's diffs, taken apart into raw entries and files' pieces without holding more than one piece."""

from __future__ import annotations

import re
from typing import NamedTuple

from workers.errors import BrokenError
from workers.model import FileStatus
from workers.sources.git.command import Read

_STATUSES = {
    "A": FileStatus.ADDED,
    "C": FileStatus.COPIED,
    "D": FileStatus.DELETED,
    "M": FileStatus.MODIFIED,
    "R": FileStatus.RENAMED,
    "T": FileStatus.TYPE_CHANGED,
}


class RawEntry(NamedTuple):
    """One file as `--raw` tells it. Of a merge's combined diff, the old side is that of the first parent."""

    status: FileStatus
    old_mode: str
    new_mode: str
    old_object: str
    new_object: str
    old_path: bytes
    path: bytes
    letters: str
    """What was done to it, a letter for each parent."""

    @property
    def combined(self) -> bool:
        """Whether it is of a merge's combined diff."""
        return len(self.letters) > 1

    @property
    def title(self) -> bytes:
        """The line that begins this file's piece of the patch."""
        if self.combined:
            return b"diff --cc " + _quoted(self.path)
        return b"diff --git %s %s" % (_quoted(b"a/" + self.old_path), _quoted(b"b/" + self.path))


class Piece(NamedTuple):
    """One file's part of a patch. `hunks` is None when they were too large to be kept; the counts are right anyway."""

    header: bytes
    hunks: bytes | None
    additions: int
    deletions: int

    @property
    def title(self) -> bytes:
        return self.header.partition(b"\n")[0]


class DiffStream:
    """The bytes of a pipe with the look-ahead that taking apart needs; what has been passed is dropped.

    Nothing inside a patch can be taken for the beginning of the next commit or file: git puts a space, `+`, `-`, `\\`
    or `@` before every line of content, and quotes paths. BrokenError("git_output") where the form is another.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._data = b""
        self._at = 0

    def raw_entries(self, sha: str) -> list[RawEntry]:
        """Passes a commit's id and its raw entries, up to its patch."""
        if self._token() != sha.encode():
            raise BrokenError("git_output", object=sha)
        entries = []
        while self._starts(b":"):
            entries.append(self._raw_entry())
        if entries and self._starts(b"\0"):
            self._at += 1
        return entries

    def at_piece(self) -> bool:
        """Whether a file's piece of the patch comes next."""
        return self._starts(b"diff --")

    def piece(self, limit: int) -> Piece:
        """Passes one file's piece; hunks of more than `limit` bytes are let go."""
        searched = self._at
        while (stop := self._mark(searched)) < 0:
            if len(self._data) - self._at > limit + _LONGEST_HEADER:
                return self._counted()
            passed, searched = self._at, max(self._at, len(self._data) - _LONGEST_MARK)
            if not self._fill():
                stop = len(self._data) - self._data.endswith(b"\n")
                break
            searched -= passed
        hunks = self._hunks(stop)
        kept = self._data[hunks + 1 : stop] if stop - hunks <= limit else None
        piece = Piece(self._data[self._at : hunks], kept, *self._counts(hunks, stop))
        self._at = stop + 1
        return piece

    def _counted(self) -> Piece:
        """Passes hunks that are too large to be kept and counts their lines as they come."""
        hunks = self._hunks(len(self._data))
        header, self._at = self._data[self._at : hunks], hunks
        additions = deletions = 0
        more = True
        while more:
            stop = self._mark(self._at)
            upto = stop if stop >= 0 else max(self._at, len(self._data) - _LONGEST_MARK)
            added, deleted = self._counts(self._at, upto)
            additions, deletions, self._at = additions + added, deletions + deleted, upto
            more = stop < 0 and self._fill()
        if stop < 0:
            added, deleted = self._counts(self._at, len(self._data))
            additions, deletions, self._at = additions + added, deletions + deleted, len(self._data)
        self._at += stop >= 0
        return Piece(header, None, additions, deletions)

    def _hunks(self, stop: int) -> int:
        """Where the newline before the first hunk is; `stop` where there is none."""
        found = self._data.find(b"\n@@", self._at, stop)
        return found if found >= 0 else stop

    def _counts(self, start: int, stop: int) -> tuple[int, int]:
        """Lines added and deleted among those whose preceding newline is in [start, stop)."""
        return self._data.count(b"\n+", start, stop + 1), self._data.count(b"\n-", start, stop + 1)

    def _mark(self, start: int) -> int:
        """Where the newline before the next file or commit is; -1 where there is none yet."""
        found = _MARK.search(self._data, start)
        return found.start() if found else -1

    def _raw_entry(self) -> RawEntry:
        words = self._token().split()
        parents = words[0].count(b":")
        fields = [word.decode().lstrip(":") for word in words]
        path = self._token()
        letter = fields[-1][:1]
        if len(fields) != 2 * parents + 3 or letter not in _STATUSES:
            raise BrokenError("git_output", object=" ".join(fields)[:200])
        return RawEntry(
            status=_STATUSES[letter],
            old_mode=fields[0],
            new_mode=fields[parents],
            old_object=fields[parents + 1],
            new_object=fields[2 * parents + 1],
            old_path=path,
            path=self._token() if letter in "RC" and parents == 1 else path,
            letters="".join(re.findall("[A-Z]", fields[-1])) if parents > 1 else letter,
        )

    def _token(self) -> bytes:
        searched = self._at
        while (stop := self._data.find(b"\0", searched)) < 0:
            searched = len(self._data) - self._at
            if not self._fill():
                raise BrokenError("git_output", object="")
        token = self._data[self._at : stop]
        self._at = stop + 1
        return token

    def _starts(self, prefix: bytes) -> bool:
        while len(self._data) - self._at < len(prefix) and self._fill():
            pass
        return self._data.startswith(prefix, self._at)

    def _fill(self) -> bool:
        """Drops what has been passed and adds what comes next; False at the end.

        It adds half of what is there already, at least: so a long piece is not copied once for every few bytes.
        """
        parts = [self._data[self._at :]]
        wanted = len(parts[0]) // 2
        while wanted >= 0 and (chunk := self._read()):
            parts.append(chunk)
            wanted -= len(chunk)
        self._data = b"".join(parts)
        self._at = 0
        return len(parts) > 1


_LONGEST_HEADER = 64 << 10  # a path has at most 4,096 bytes, quoted four times as many, and stands there six times
_LONGEST_MARK = 80  # newline, 64 hex digits, NUL
_MARK = re.compile(rb"\n(?:diff --|(?:[0-9a-f]{40}|[0-9a-f]{64})\0)")

_ESCAPES = dict(zip(b'\a\b\t\n\v\f\r"\\', b'abtnvfr"\\', strict=True))
_MUST_QUOTE = re.compile(rb'[\x00-\x1f\x7f"\\]')


def _quoted(path: bytes) -> bytes:
    """A path as git writes it in a patch with core.quotePath=false."""
    if not _MUST_QUOTE.search(path):
        return path
    return b'"%s"' % _MUST_QUOTE.sub(_escaped, path)


def _escaped(match: re.Match[bytes]) -> bytes:
    byte = ord(match[0])
    return b"\\%c" % _ESCAPES[byte] if byte in _ESCAPES else b"\\%03o" % byte
