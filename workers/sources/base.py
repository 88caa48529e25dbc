"""The Source protocol: what collecting and assembling a digest ask of a repository, wherever it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from workers.errors import WordsError
from workers.model import Commit, CommitHead, Listing, Window
from workers.reading import Reading
from workers.request import Query
from workers.tree import Tree

MAX_FILE_PATCH = 2 << 20
"""Bytes of one file's patch; a longer one is counted and let go (`PatchGap.TOO_LARGE`)."""
MAX_COMMIT_PATCH = 16 << 20
"""Bytes of one commit's patches together; what does not fit is let go in the same way."""


_SHA = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)


def check_sha(text: str) -> str:
    """The text, which is a sha or the beginning of one. WordsError("unknown_commit") for any other."""
    if not _SHA.fullmatch(text):
        raise WordsError("unknown_commit", sha=text)
    return text


class Source(Protocol):
    """A repository that can be asked. Implementations raise only errors of `workers.errors`."""

    @property
    def name(self) -> str:
        """`owner/name` where it is known, else the name of the folder."""
        ...

    @property
    def url(self) -> str | None:
        """Address of the repository's page, without a trailing slash; None when it has none."""
        ...

    def listing(self, query: Query, now: datetime) -> Listing:
        """The commits that a query asks for. `now` (aware) decides nothing but what "the last day" may be."""
        ...

    def commits(self, heads: Sequence[CommitHead]) -> Iterator[Commit]:
        """These commits with their files, in any order, each as soon as it is there, holding few at a time."""
        ...

    def find_reverted(self, head: CommitHead) -> str | None:
        """The sha that a revert commit names, by sha or by quoted subject, if this repository has it."""
        ...

    def reverts_after(self, window: Window) -> Sequence[CommitHead]:
        """Revert commits of the default branch that are newer than a window; empty where that costs requests."""
        ...

    def tree(self, sha: str) -> Tree | None:
        """The files at a commit and at its first parent, to look names up in; None where that would cost requests."""
        ...

    def reading(self) -> Reading:
        """What may be read of the files of this repository, for answering questions; opening it asks for nothing."""
        ...

    def close(self) -> None:
        """Ends processes and connections. The source cannot be used afterwards."""
        ...
