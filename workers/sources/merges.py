"""What merge commits bring of their own: conflicts resolved by hand, and changes that neither side had.

A merge's own files are first sought among those that differ from every parent, which the trees alone tell. Then git
(2.35 or newer) merges the parents again and compares: what differs is the merge's own. With older git, and for merges
of more than two parents, `--cc` compares, which also shows places where both sides changed neighbouring lines.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path

from workers.model import CommitHead
from workers.sources.command import Git
from workers.sources.damage import Files, mend_merge, surviving
from workers.sources.patches import DIFF_OPTIONS, RAW_OPTIONS, bare_change, split_commits, split_raw

REMERGE_SINCE = (2, 35)
"""The version of git that can merge again."""
SHARES = 2
"""Git processes that merge again at once: more than half of what they cost is hidden where two processors are."""
MOST_REMEMBERED = 16 << 20
"""Bytes of patches kept between the listing of merges and the asking for their files."""

_COMBINED = ("diff-tree", "--stdin", "--always")
_AGAIN = ("log", "--stdin", "--no-walk=unsorted", "--remerge-diff", "--format=%H", "--no-decorate")


class Merges:
    """Compares merges of one repository. `objects` is the folder of its objects, which is never written to.

    `version` is git's, None to ask it.
    """

    def __init__(self, git: Git, objects: Path, *, version: tuple[int, ...] | None = None) -> None:
        self._git = git
        self._objects = objects
        self._given_version = version
        self._found: dict[str, Files] = {}
        self._room = MOST_REMEMBERED
        self._lock = threading.Lock()

    def own(self, merges: Sequence[CommitHead], paths: Sequence[str] = ()) -> frozenset[str]:
        """The shas of the merges that bring something of their own in the paths (git's pathspecs; none: anywhere).

        A merge that cannot be compared, because objects are missing, is taken to bring something.
        """
        shas = [head.sha for head in merges]
        differing = {sha for sha, files in surviving(partial(self._differing, paths), self._mend, shas) if files != ()}
        candidates = [head for head in merges if head.sha in differing]
        # To merge again is work for a processor, and one git process uses one.
        shares = [candidates[start::SHARES] for start in range(min(SHARES, len(candidates)))]
        with ThreadPoolExecutor(SHARES) as pool:
            return frozenset().union(*pool.map(partial(self._own_of, paths), shares))

    def files(
        self, merges: Sequence[CommitHead], paths: Sequence[str] = ()
    ) -> Generator[tuple[str, Files | None], None, None]:
        """What each merge itself brought; None where not even the names can be read."""
        known = {} if paths else {head.sha: self._found[head.sha] for head in merges if head.sha in self._found}
        yield from known.items()
        again = [head.sha for head in merges if head.sha not in known and self._can_merge_again(head)]
        others = [head.sha for head in merges if head.sha not in known and not self._can_merge_again(head)]
        yield from surviving(partial(self._merged_again, paths), self._mend, again)
        yield from surviving(partial(self._combined, paths), self._mend, others)

    def _own_of(self, paths: Sequence[str], merges: Sequence[CommitHead]) -> frozenset[str]:
        """As `own`, of merges that may bring something; what they bring is remembered, `files` will be asked for it."""
        own = set()
        for sha, files in self.files(merges, paths):
            if files != ():
                own.add(sha)
            if files and not paths:
                self._remember(sha, files)
        return frozenset(own)

    def _remember(self, sha: str, files: Files) -> None:
        size = sum(file.patch_bytes for file in files)
        with self._lock:
            if size <= self._room:
                self._room -= size
                self._found[sha] = files

    def _can_merge_again(self, head: CommitHead) -> bool:
        return len(head.parents) == 2 and self._version >= REMERGE_SINCE

    @cached_property
    def _version(self) -> tuple[int, ...]:
        if self._given_version is not None:
            return self._given_version
        return self._git.version()

    def _mend(self, sha: str) -> Files | None:
        return mend_merge(self._git, sha)

    def _differing(self, paths: Sequence[str], shas: Sequence[str]) -> Generator[tuple[str, Files], None, None]:
        with self._git.reading(*_COMBINED, "-c", *RAW_OPTIONS, "--", *paths, shas=shas) as read:
            for sha, entries in split_raw(read, shas):
                yield sha, tuple(bare_change(entry) for entry in entries)

    def _merged_again(self, paths: Sequence[str], shas: Sequence[str]) -> Generator[tuple[str, Files], None, None]:
        # The result of merging again is written as objects: they go to a folder that is thrown away.
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                "GIT_OBJECT_DIRECTORY": folder,
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": _listed(self._objects),
                # To be thrown away in a moment: neither worth packing nor bringing safely to the disk.
                "GIT_CONFIG_COUNT": "2",
                **{"GIT_CONFIG_KEY_0": "core.looseCompression", "GIT_CONFIG_VALUE_0": "0"},
                **{"GIT_CONFIG_KEY_1": "core.fsync", "GIT_CONFIG_VALUE_1": "none"},
            }
            with self._git.reading(*_AGAIN, *DIFF_OPTIONS, "--", *paths, shas=shas, environment=environment) as read:
                yield from split_commits(read, shas)

    def _combined(self, paths: Sequence[str], shas: Sequence[str]) -> Generator[tuple[str, Files], None, None]:
        with self._git.reading(*_COMBINED, "--cc", *DIFF_OPTIONS, "--", *paths, shas=shas) as read:
            yield from split_commits(read, shas)


def _listed(folder: Path) -> str:
    """A folder as an element of a list that `:` separates: quoted, as git reads it."""
    text = str(folder).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'
