"""Globs of a query on GitHub: what its listing can be asked for, and what only the files of the commits tell."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence

from workers.errors import PartialError, TransientError
from workers.lazy import Compact
from workers.model import Commit, CommitHead, FileStatus
from workers.sources.filters import path_filter, pathspecs
from workers.sources.github.access import ResponseMemory
from workers.sources.github.fetch import ENDING

_WILDCARD = re.compile(r"[*?\[\\]")

Fetch = Callable[[Sequence[CommitHead]], Iterator[Commit]]


def clean_globs(globs: Sequence[str]) -> tuple[str, ...]:
    """The globs as paths from the repository's top. WordsError("unknown_path") for what leads out of it."""
    return tuple(spec.removeprefix(":(top,glob)").rstrip("/") for spec in pathspecs(globs))


def asked_paths(globs: Sequence[str]) -> tuple[tuple[str | None, ...], bool]:
    """The paths to ask lists of commits for (None: no path), and whether such lists are already what the globs mean.

    GitHub's `path` is one file or folder, not a glob. A glob's part before its first wildcard narrows the list;
    `folder/**` is the folder itself. Without globs: no path, and exact.
    """
    prefixes = [_prefix(glob) for glob in globs]
    exact = all(is_exact for _, is_exact in prefixes)
    paths = dict.fromkeys(path for path, _ in prefixes)
    return ((None,) if None in paths or not paths else tuple(paths)), exact


def _prefix(glob: str) -> tuple[str | None, bool]:
    parts = glob.split("/")
    fixed = next((at for at, part in enumerate(parts) if _WILDCARD.search(part)), len(parts))
    return "/".join(parts[:fixed]) or None, fixed > 0 and parts[fixed:] in ([], ["**"])


class TouchFilter:
    """Which commits touch the globs, by their files. That costs one request a commit, the one that would fetch it.

    What was fetched is handed to `keep`, so that it need not be fetched again; the paths of each commit are
    remembered, so that a later listing asks for none.
    """

    def __init__(
        self,
        globs: Sequence[str],
        fetch: Fetch,
        keep: Callable[[Commit], None],
        memory: ResponseMemory | None,
        name: str,
    ) -> None:
        self._touches = path_filter(globs)
        self._fetch = fetch
        self._keep = keep
        self._memory = memory
        self._name = name

    def touching(self, heads: Compact[CommitHead]) -> Compact[CommitHead]:
        """Those that touch a glob. A commit whose files cannot be had, or not all of them, stays: it may."""
        known = {head.sha: self._known(head) for head in heads}
        elsewhere = {sha for sha, touches in known.items() if touches is False}
        try:
            for commit in self._fetch(heads.where(lambda head: known[head.sha] is None)):
                found = None if commit.files_cut else _touched(commit)
                self._remember(commit, found)
                if self._may_touch(found):
                    self._keep(commit)
                else:
                    elsewhere.add(commit.sha)
        except PartialError as error:
            if error.code in ENDING:
                raise TransientError(error.code, retry_after=error.retry_after, **error.details) from error
        return heads.where(lambda head: head.sha not in elsewhere)

    def _known(self, head: CommitHead) -> bool | None:
        """Whether the commit touches a glob, as far as is remembered; None where nothing is."""
        paths = self._recall(head)
        return None if paths is None else self._may_touch(paths)

    def _may_touch(self, paths: Sequence[str] | None) -> bool:
        return paths is None or any(map(self._touches, paths))

    def _recall(self, head: CommitHead) -> Sequence[str] | None:
        kept = self._memory.get(self._key(head)) if self._memory is not None else None
        try:
            return [str(path) for path in json.loads(zlib.decompress(kept))] if kept else None
        except (TypeError, ValueError, zlib.error):
            return None

    def _remember(self, commit: Commit, paths: Sequence[str] | None) -> None:
        if self._memory is not None and paths is not None:
            self._memory.set(self._key(commit), zlib.compress(json.dumps(paths).encode()))

    def _key(self, head: CommitHead) -> str:
        return f"paths:{self._name}:{head.sha}"


def _touched(commit: Commit) -> list[str]:
    """Every path that the commit changed, those that files were moved away from included."""
    left = [file.old_path for file in commit.files if file.old_path and file.status is FileStatus.RENAMED]
    return [*(file.path for file in commit.files), *left]
