"""Real git repositories for tests: built commit by commit, with the same shas on every machine."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

START = datetime(2026, 2, 21, 8, 0, tzinfo=UTC)
"""The time of the first commit that is not given one; each further commit is a minute later."""
REGULAR, EXECUTABLE, SYMLINK, SUBMODULE = "100644", "100755", "120000", "160000"


class Identity(NamedTuple):
    """A name and an e-mail address."""

    name: str
    email: str


class Entry(NamedTuple):
    """What stands at a path: a mode, and content (of a symlink its target, of a submodule its sha)."""

    mode: str
    content: bytes


ADA = Identity("Ada Lovelace", "ada@example.com")
Content = bytes | str | Entry | None
"""Of a regular file; None deletes it."""
Files = Mapping[str | bytes, Content]


def executable(content: bytes | str) -> Entry:
    return Entry(EXECUTABLE, _bytes(content))


def symlink(target: bytes | str) -> Entry:
    return Entry(SYMLINK, _bytes(target))


def submodule(sha: str) -> Entry:
    return Entry(SUBMODULE, sha.encode())


class RepositoryBuilder:
    """A git repository at `path`, bare or with a (never filled) work tree, whose HEAD is `branch`.

    Nothing of the user's or the system's git settings reaches it. Where a method takes a `branch`, None is the
    branch of HEAD; it is made where it does not exist. Revisions are anything git knows: branches, tags, shas.
    """

    def __init__(self, path: Path, *, bare: bool = False, branch: str = "main") -> None:
        self.path = path
        self._branch = branch
        self._clock = START - timedelta(minutes=1)
        self._tips: dict[str, str] = {}
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", f"--initial-branch={branch}", *(["--bare"] if bare else []))

    def commit(
        self,
        message: bytes | str = "A change",
        files: Files | None = None,
        *,
        author: Identity = ADA,
        committer: Identity | None = None,
        at: datetime | None = None,
        authored_at: datetime | None = None,
        parents: Sequence[str] | None = None,
        branch: str | None = None,
    ) -> str:
        """Adds a commit to a branch and gives its sha. `at` is the committer's time, and the author's unless given.

        Without `parents` the branch's last commit is the parent; the files are changes to the tree of the first
        parent. The committer is the author unless given.
        """
        self._clock = self._clock + timedelta(minutes=1)
        at = at or self._clock
        reference = f"refs/heads/{branch or self._branch}"
        before = [self._tips[reference]] if reference in self._tips else []
        first, *others = [self.sha(parent) for parent in (before if parents is None else parents)] or [""]
        lines = [
            f"commit {reference}\nmark :1".encode(),
            _signature("author", author, authored_at or at),
            _signature("committer", committer or author, at),
            _data(_bytes(message)),
            *([f"from {first}".encode()] if first else []),
            *(f"merge {other}".encode() for other in others),
            *(_change(path, content) for path, content in (files or {}).items()),
        ]
        # Without a `from`, fast-import would begin with the branch's tree; a root commit begins with none.
        begin = [] if first else [f"reset {reference}".encode()]
        script = b"\n".join([*begin, *lines, b"get-mark :1", b"done", b""])
        told = self.git("fast-import", "--quiet", "--force", "--done", "--date-format=raw", given=script)
        self._tips[reference] = told.decode().strip()
        return self._tips[reference]

    def merge(
        self,
        other: str,
        message: bytes | str = "Merge",
        files: Files | None = None,
        *,
        into: str | None = None,
        at: datetime | None = None,
    ) -> str:
        """Merges a revision into a branch: its changes since the merge base, file by file, and then `files` on top."""
        ours, theirs = self.sha(into or self._branch), self.sha(other)
        base = self.git("merge-base", ours, theirs).decode().strip()
        changes: dict[str | bytes, Content] = {**dict(self._changes(base, theirs)), **(files or {})}
        return self.commit(message, changes, parents=[ours, theirs], branch=into, at=at)

    def raw_commit(self, data: bytes, branch: str | None = None) -> str:
        """Stores a commit object as it is given, however malformed, and moves a branch to it."""
        sha = self.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=data).decode().strip()
        self.branch(branch or self._branch, sha)
        return sha

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Makes or moves a branch."""
        sha = self.sha(at)
        path = self.folder / "refs" / "heads" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sha + "\n")  # not by update-ref, which refuses malformed commits
        self._tips[f"refs/heads/{name}"] = sha

    def tag(self, name: str, at: str = "HEAD") -> None:
        """Makes a lightweight tag."""
        self.git("update-ref", f"refs/tags/{name}", self.sha(at))

    def sha(self, revision: str) -> str:
        """The sha of a revision."""
        if _SHA.fullmatch(revision):
            return revision
        if sha := self._tips.get(f"refs/heads/{revision}"):
            return sha
        return self.git("rev-parse", "--verify", "--end-of-options", revision + "^{commit}").decode().strip()

    @property
    def folder(self) -> Path:
        """The git directory."""
        return self.path / ".git" if (self.path / ".git").exists() else self.path

    def object_file(self, name: str) -> Path:
        """Where a loose object is stored, to be damaged."""
        return self.folder / "objects" / name[:2] / name[2:]

    def git(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git prints. CalledProcessError with its words where it fails."""
        command = ["git", "-C", str(self.path), "-c", "core.fsync=none", *arguments]
        ended = subprocess.run(command, input=given, capture_output=True, check=False, env=_environment())
        if ended.returncode:
            raise subprocess.CalledProcessError(ended.returncode, command, ended.stdout, ended.stderr)
        return ended.stdout

    def _changes(self, base: str, other: str) -> list[tuple[bytes, Content]]:
        told = self.git("diff-tree", "-r", "-z", "--no-renames", base, other).split(b"\0")
        changes: list[tuple[bytes, Content]] = []
        for meta, path in zip(told[0:-1:2], told[1::2], strict=True):
            _, mode, _, name, status = meta.decode().split()
            blob = name.encode() if mode == SUBMODULE else self.git("cat-file", "-p", name) if status != "D" else b""
            changes.append((path, None if status == "D" else Entry(mode, blob)))
        return changes


_SHA = re.compile(r"[0-9a-f]{40}")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _signature(role: str, who: Identity, at: datetime) -> bytes:
    offset = at.strftime("%z")[:5]
    return f"{role} {who.name} <{who.email}> {int(at.timestamp())} {offset}".encode()


def _data(content: bytes) -> bytes:
    return b"data %d\n%s" % (len(content), content)


def _change(path: bytes | str, content: Content) -> bytes:
    where = b'"%s"' % b"".join(b"\\%03o" % byte for byte in _bytes(path))
    if content is None:
        return b"D " + where
    mode, data = content if isinstance(content, Entry) else Entry(REGULAR, _bytes(content))
    if mode == SUBMODULE:
        return b"M %s %s %s" % (mode.encode(), data, where)
    return b"M %s inline %s\n%s" % (mode.encode(), where, _data(data))
