"""Commits that arrived late: older than a window, and in the branches only since the window before it was looked at.

A window goes by the time that a commit says of itself. A branch that is merged, or pushed the day after, brings
commits whose window is over: they are told with the next one, or nobody ever would.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from heapq import nlargest

from workers.model import CommitHead, Notice, Window

MOST_LATE = 500
"""Commits that are told late at once, the newest of them: a branch that was written anew may bring all of its past."""

UNKNOWN = Notice(code="late_unknown")
"""What the branches have gained cannot be told: the commits that they stood at are gone, or too much came since."""


def newest(late: Iterable[CommitHead]) -> tuple[list[CommitHead], tuple[Notice, ...]]:
    """As many of the commits as are told, newest first; and a notice where there are more."""
    found = nlargest(MOST_LATE + 1, late, key=lambda head: head.committed_at)
    cut = (Notice(code="late_cut", details={"n": MOST_LATE}),) if len(found) > MOST_LATE else ()
    return found[:MOST_LATE], cut


def is_before(window: Window, head: CommitHead) -> bool:
    """Whether a commit is older than a window, by committer time."""
    return head.committed_at.astimezone(UTC) < window.start.astimezone(UTC)
