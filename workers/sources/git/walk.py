"""The commits that a query lets through, found by time."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from typing import NamedTuple

from workers.lazy import Compact
from workers.model import CommitHead, TimeBasis, Window
from workers.sources.filters import Passes
from workers.sources.git.command import Git
from workers.sources.git.heads import list_heads
from workers.sources.window import day_of, day_window, inside, whole_seconds


class Walk(NamedTuple):
    """A walk of git from `revisions` through the commits that touch `paths` (pathspecs) and that `passes` lets through.

    With paths, git is told not to simplify history, so that no commit is hidden behind a merge that undid it.
    """

    git: Git
    revisions: tuple[str, ...]
    paths: tuple[str, ...]
    passes: Passes
    time: TimeBasis

    def heads(self, *bounds: str) -> Generator[CommitHead, None, None]:
        """In the order of `git log`; `bounds` are its options `--max-age` and `--min-age`."""
        history = ("--full-history",) if self.paths else ()
        with closing(list_heads(self.git, *bounds, *history, *self.revisions, "--", *self.paths)) as found:
            yield from filter(self.passes, found)

    def all(self) -> Compact[CommitHead]:
        """Every commit of the walk."""
        return Compact(CommitHead, self.heads())

    def within(self, window: Window) -> Compact[CommitHead]:
        """The commits of a span, as `git log --since --until` has them.

        Author times follow no order along the history, so by them the whole of it is walked.
        """
        if self.time == "author":
            return Compact(CommitHead, (head for head in self.heads() if inside(window, head.authored_at)))
        first, last = whole_seconds(window)
        found = self.heads(f"--max-age={max(first, 0)}", f"--min-age={max(last, 0)}") if last >= 0 else ()
        return Compact(CommitHead, found)

    def newest_day(self, before: date, zone: str) -> date | None:
        """The last day before a date on which `git log` finds a commit; None if there is none."""
        if self.time == "author":
            return max(self._days(self.heads(), before, zone), default=None)
        until = f"--min-age={whole_seconds(day_window(before, zone))[0] - 1}"
        with closing(self.heads(until)) as heads:
            return next(self._days(heads, before, zone), None)

    def moment(self, head: CommitHead) -> datetime:
        """The commit's time that the query is about."""
        return head.authored_at if self.time == "author" else head.committed_at

    def _days(self, heads: Iterable[CommitHead], before: date, zone: str) -> Iterator[date]:
        days = (day_of(self.moment(head), zone) for head in heads)
        return (day for day in days if day < before)
