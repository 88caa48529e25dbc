"""What may be read of a repository on GitHub at one commit: trees and blobs by sha, so that nothing is followed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from mimetypes import guess_type
from posixpath import dirname
from typing import Any, NamedTuple

from workers.errors import DigestError
from workers.reading import MOST_FILE, MOST_LISTED, Blame, CannotRead, Holding, PullRequest, checked_path
from workers.sources.github.answers import reading
from workers.sources.github.client import Client

LOOKED_AT = 20
"""Files that a search reads: GitHub's own search knows the default branch alone, and each file is a request."""
_NO_TEXT = ("image/", "audio/", "video/", "font/", "application/zip", "application/pdf", "application/java-archive")
"""Kinds of files that a search does not spend a request on."""
SEARCHED_FILE = 200_000
"""Bytes of a file above which a search passes it over."""

_GONE = (404, 409, 422)


class _Entry(NamedTuple):
    path: str
    kind: str
    sha: str
    size: int


_KINDS = {"040000": "folder", "120000": "symlink", "160000": "submodule"}


class GitHubReading:
    """See `workers.reading.Reading`. Folders and files that were read are kept as long as it lives."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._folders: dict[str, tuple[_Entry, ...]] = {}
        self._cut: set[str] = set()
        self._texts: dict[str, str] = {}

    def file(self, sha: str, path: str) -> str:
        """See Reading. One request for each folder on the way and one for the file."""
        *folders, name = checked_path(path).split("/")
        entry = self._within(self._folder(sha, folders), name)
        if entry.kind != "file":
            raise CannotRead(entry.kind)
        return self._text(entry)

    def folder(self, sha: str, path: str) -> tuple[str, ...]:
        """See Reading."""
        clean = checked_path(path, root=True)
        entries = self._folder(sha, clean.split("/") if clean else [])
        return tuple(entry.path + "/" * (entry.kind == "folder") for entry in entries[:MOST_LISTED])

    def holding(self, sha: str, text: str, near: tuple[str, ...] = ()) -> Holding:
        """See Reading: it looks through LOOKED_AT files. Of a very large tree GitHub lists the first part alone."""
        every = f"/git/trees/{sha}"
        entries = _nearest(self._entries(every, {"recursive": "1"}), near)
        read = [(entry.path, self._text_or_nothing(entry)) for entry in entries[:LOOKED_AT]]
        found = tuple(path for path, held in read if any(text in line for line in held.split("\n")))
        is_all = len(entries) <= LOOKED_AT and f"{every}?" not in self._cut
        return Holding(found, None if is_all else len(read))

    def blame(self, sha: str, path: str, start: int, end: int) -> tuple[Blame, ...]:
        """None: the REST API does not tell."""
        del sha, path, start, end
        raise CannotRead("not_offered")

    def pull_request(self, number: int) -> PullRequest:
        """See Reading. One request."""
        data = self._get(f"/pulls/{number}", {}, "no_file")
        with reading(f"/pulls/{number}"):
            return PullRequest(
                number=number,
                title=str(data["title"]),
                body=str(data["body"] or ""),
                author=str((data["user"] or {}).get("login", "")),
                state=str(data["state"]),
            )

    def _folder(self, sha: str, parts: Sequence[str]) -> tuple[_Entry, ...]:
        """The entries of a folder, walked to from the commit."""
        entries = self._entries(f"/git/trees/{sha}", {})
        for part in parts:
            entry = self._within(entries, part)
            if entry.kind != "folder":
                raise CannotRead("no_file")
            entries = self._entries(f"/git/trees/{entry.sha}", {})
        return entries

    def _within(self, entries: Sequence[_Entry], name: str) -> _Entry:
        found = next((entry for entry in entries if entry.path == name), None)
        if found is None:
            raise CannotRead("no_file")
        return found

    def _entries(self, below: str, query: dict[str, str]) -> tuple[_Entry, ...]:
        key = below + ("?" if query else "")
        if key not in self._folders:
            data = self._get(below, query, "no_commit")
            with reading(below):
                self._folders[key] = tuple(_entry(one) for one in data["tree"])
                if data.get("truncated"):
                    self._cut.add(key)
        return self._folders[key]

    def _text(self, entry: _Entry) -> str:
        if entry.size > MOST_FILE:
            raise CannotRead("too_large")
        if entry.sha not in self._texts:
            data = self._get(f"/git/blobs/{entry.sha}", {}, "no_file")
            with reading(entry.path):
                content = base64.b64decode(data["content"])
            if b"\0" in content[:8000]:
                raise CannotRead("binary")
            self._texts[entry.sha] = content[:MOST_FILE].decode("utf-8", "replace")
        return self._texts[entry.sha]

    def _text_or_nothing(self, entry: _Entry) -> str:
        try:
            return self._text(entry)
        except CannotRead:
            return ""

    def _get(self, below: str, query: dict[str, str], missing: str) -> dict[str, Any]:
        try:
            answer = self._client.get(below, query)
        except DigestError as error:
            if error.details.get("status") in _GONE:
                raise CannotRead(missing) from error
            raise
        with reading(below):
            found: dict[str, Any] = dict(answer.json)
        return found


def _entry(data: dict[str, Any]) -> _Entry:
    mode, size = str(data["mode"]), data.get("size", 0)
    return _Entry(str(data["path"]), _KINDS.get(mode, "file"), str(data["sha"]), size if isinstance(size, int) else 0)


def _nearest(entries: Sequence[_Entry], near: Sequence[str]) -> list[_Entry]:
    """The files that may be searched, those of `near` first, then those beside them, then the others."""
    files = [entry for entry in entries if entry.kind == "file" and 0 < entry.size <= SEARCHED_FILE]
    files = [entry for entry in files if not (guess_type(entry.path)[0] or "").startswith(_NO_TEXT)]
    folders = {dirname(path) for path in near}
    return sorted(files, key=lambda entry: (entry.path not in near, dirname(entry.path) not in folders, entry.path))
