"""Which merges can be compared cheaply, without a search for renames.

To search one for renames costs some 30 ms, twenty times what the comparison itself does; only a file that one of the
parents does not have under its name can have been renamed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from workers.sources.git.command import Git
from workers.sources.git.damage import Files, surviving
from workers.sources.git.patches import RAW_OPTIONS, bare_change, split_raw

_RAW = ("diff-tree", "--stdin", "--always", "-c", *RAW_OPTIONS)


def without_renames(git: Git, shas: Sequence[str], paths: Sequence[str]) -> frozenset[str]:
    """Those merges in which every file that differs from all parents stands in all of them under its name.

    `paths` are git's pathspecs; none: anywhere.
    """

    def new_somewhere(some: Sequence[str]) -> Generator[tuple[str, Files], None, None]:
        with git.reading(*_RAW, "--", *paths, shas=some) as read:
            for sha, entries in split_raw(read, some):
                yield sha, tuple(bare_change(entry) for entry in entries if "A" in entry.letters)

    return frozenset(sha for sha, files in surviving(new_somewhere, lambda _: None, shas) if files == ())
