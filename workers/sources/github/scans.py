"""Lists of commits that are read as far as they are needed, and what it means when GitHub does not know their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from urllib.parse import quote

from workers.errors import RefusedError, TransientError, WordsError
from workers.lazy import Compact
from workers.model import CommitHead
from workers.sources.github.answers import reading
from workers.sources.github.client import PER_PAGE, Client
from workers.sources.github.pages import walk
from workers.sources.window import split_range

MOST_COMPARED = 10_000
"""Commits that GitHub's comparison of two revisions lists at most."""


class Scan:
    """One list of commits and what has been read of it. WordsError("unknown_branch") where the branch is not there."""

    def __init__(self, client: Client, query: Mapping[str, str]) -> None:
        self.heads = Compact(CommitHead)
        self.pages = 0
        self.is_ended = False
        self._client = client
        self._branch = query.get("sha")
        self._walk = walk(client, "/commits", query)

    def read_all(self) -> None:
        """Reads to the end."""
        while not self.is_ended:
            self.read_page()

    def read_page(self) -> None:
        """Reads one more page, of at most 100 commits."""
        try:
            page = next(self._walk)
        except RefusedError as error:
            if self._branch is None or not _is_unknown(error):
                raise
            near = _near(self._client, [self._branch])
            raise WordsError("unknown_branch", branch=self._branch, near=near) from error
        self.heads.extend(page.heads)
        self.pages += 1
        self.is_ended = page.next is None

    def is_past(self, floor: datetime | None) -> bool:
        """Whether what is left is older than `floor` (None: nothing is old enough): the last commit read is.

        Lists go from new to old, but for commits made with wrong clocks: one of those may stand anywhere.
        """
        return self.is_ended or (floor is not None and bool(self.heads) and self.heads[-1].committed_at < floor)


def merged(scans: Sequence[Scan]) -> Compact[CommitHead]:
    """The commits of all lists, each once: in GitHub's order where there is one list, else newest first."""
    if len(scans) == 1:
        return scans[0].heads
    found = Compact(CommitHead)
    times: dict[str, datetime] = {}
    for head in (head for scan in scans for head in scan.heads):
        if head.sha not in times:
            times[head.sha] = head.committed_at
            found.extend((head,))
    moments = list(times.values())
    return found.pick(sorted(range(len(found)), key=moments.__getitem__, reverse=True))


def compared(client: Client, text: str) -> Compact[CommitHead]:
    """The commits of a range `a..b`, newest first.

    WordsError("unknown_range") where GitHub does not know an end of it, or the two have no common history;
    WordsError("too_many_commits") where it has more than GitHub lists.
    """
    first, last = split_range(text)
    heads = Compact(CommitHead)
    total = 0
    try:
        for page in walk(client, f"/compare/{quote(first)}...{quote(last)}", {}):
            total = page.total or 0
            if total > MOST_COMPARED:
                raise WordsError("too_many_commits", limit=MOST_COMPARED)
            heads.extend(page.heads)
    except RefusedError as error:
        if not _is_unknown(error):
            raise
        raise WordsError("unknown_range", range=text, near=_near(client, [first, last])) from error
    if len(heads) < total:
        raise TransientError("source_misbehaves", asked=f"/compare/{first}...{last}")
    return heads.pick(reversed(range(len(heads))))


def branch_name(text: str) -> str:
    """A branch as the API wants it named."""
    name = text.strip().removeprefix("refs/heads/")
    if not name:
        raise WordsError("unknown_branch", branch=text, near="")
    return name


def _is_unknown(error: RefusedError) -> bool:
    """Whether GitHub means a name by its answer, or the whole repository: it says the same for both."""
    return error.details.get("status") in (404, 422)


def _near(client: Client, names: Sequence[str]) -> str:
    """Branches with names like these, by one request. RefusedError where it is the repository that is not there."""
    answer = client.get("/branches", {"per_page": str(PER_PAGE)})
    with reading(answer.asked):
        known = [str(branch["name"]) for branch in answer.json]
    found = dict.fromkeys(near for name in names if name not in known for near in get_close_matches(name[:200], known))
    return ", ".join(list(found)[:3])
