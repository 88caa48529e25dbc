"""Commits without their files: what `git log` tells of each."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from workers.model import CommitHead, Person
from workers.sources.git.command import Git, Read
from workers.sources.git.texts import decode_text

_FIELDS = ("%H", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%B")
LOG = ("log", "-z", "-s", "--no-color", "--no-decorate", "--date=raw", "--format=" + "%x00".join(_FIELDS))
"""The beginning of a command line whose output `read_heads` reads."""

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a commit has no time or one that no calendar knows."""


def list_heads(git: Git, *arguments: str) -> Generator[CommitHead, None, None]:
    """The commits that `git log` lists for the arguments, in its order, as it prints them."""
    with git.reading(*LOG, *arguments) as read:
        yield from read_heads(read)


def read_heads(read: Read) -> Iterator[CommitHead]:
    """The commits of an output made with LOG. Messages and names hold no NUL: git ends them there."""
    rest = b""
    fields: list[bytes] = []
    while chunk := read():
        *complete, rest = (rest + chunk).split(b"\0")
        fields += complete
        whole = len(fields) - len(fields) % len(_FIELDS)
        for start in range(0, whole, len(_FIELDS)):
            yield _head(fields[start : start + len(_FIELDS)])
        del fields[:whole]


def _head(fields: list[bytes]) -> CommitHead:
    sha, parents, author, author_email, authored, committer, committer_email, committed, message = fields
    return CommitHead(
        sha=sha.decode(),
        parents=tuple(parents.decode().split()),
        author=Person(name=decode_text(author), email=decode_text(author_email)),
        committer=Person(name=decode_text(committer), email=decode_text(committer_email)),
        authored_at=_time(authored),
        committed_at=_time(committed),
        message=decode_text(message),
    )


def _time(raw: bytes) -> datetime:
    """`1700000000 +0800` as an aware time."""
    seconds, _, offset = raw.decode("ascii", "replace").partition(" ")
    try:
        return datetime.fromtimestamp(int(seconds), _offset(offset))
    except (ValueError, OverflowError, OSError):
        return NO_TIME


@cache
def _offset(text: str) -> timezone:
    """A fixed offset; UTC where it is none that clocks can have."""
    try:
        minutes = int(text[-4:-2]) * 60 + int(text[-2:])
        return timezone((-1 if text[0] == "-" else 1) * timedelta(minutes=minutes))
    except (ValueError, IndexError):
        return UTC
