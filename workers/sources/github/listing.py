"""The commits that a query lets through, found with as few requests as GitHub's API allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain

from workers.errors import RefusedError, WordsError
from workers.lazy import Compact
from workers.model import CommitHead, Listing, Notice, Window
from workers.request import Query
from workers.sources.base import check_sha
from workers.sources.filters import author_filter
from workers.sources.github.answers import reading
from workers.sources.github.client import Client
from workers.sources.github.late import gained, tip_of
from workers.sources.github.paths import TouchFilter, asked_paths
from workers.sources.github.scans import Scan, branch_name, compared, merged
from workers.sources.github.values import read_head
from workers.sources.late import UNKNOWN, is_before, newest
from workers.sources.window import day_of, day_window, find_zone, inside, range_window, whole_seconds, window_of_query

AUTHOR_SLACK = timedelta(days=1)
"""How far an author's clock may be ahead of the committer's: GitHub filters by committer time only."""
SEARCHED_PAGES = 20
"""Pages that are searched for the last day with commits: 2,000 commits."""
UNPROCESSABLE = 422
"""How GitHub answers where it has no such commit, or several."""


class Lister:
    """Lists for one query. Requests: one for every 100 commits of each branch and path, begun hundreds included.

    By committer time that is ceil(n / 100) for n commits of the window (merges counted), at least one. By author time
    everything since the window's start is listed. Without a time the list is read from its newest commit until one
    is older than the day that was found. Globs that are no plain paths cost one request for each commit under their
    fixed beginning, see TouchFilter; so does any path together with a range. Where tips are asked for, one for each
    branch and those of `gained`.

    Merges are left out and counted: what a merge brings of its own, GitHub does not tell. It compares a merge with its
    first parent, and so shows what was merged. Merges whose messages list conflicts are told in a notice.
    """

    def __init__(self, client: Client, query: Query, touching: TouchFilter) -> None:
        self._client = client
        self._query = query
        self._passes = author_filter(query)
        self._touching = touching
        self._paths, self._is_exact = asked_paths(query.paths)
        self._slack = AUTHOR_SLACK if query.time == "author" else timedelta(0)
        self._zone = find_zone(query.timezone).key

    def listing(self, now: datetime) -> Listing:
        """See Source."""
        if self._query.commits:
            return self._named(now)
        window = window_of_query(self._query)
        if self._query.range is not None:
            return self._range(self._query.range, now)
        return self._span(window) if window else self._last_day(day_of(now, self._zone))

    # --- a span ---------------------------------------------------------------------------------------------------

    def _span(self, window: Window) -> Listing:
        first, last = whole_seconds(window)
        if last < max(first, 0):
            return Listing(window=window, heads=())
        tips = self._tips()
        scans = self._scans(self._bounds(first, last), tips)
        for scan in scans:
            scan.read_all()
        return self._with_late(self._within(window, scans), tips)

    def _bounds(self, first: int, last: int) -> dict[str, str]:
        """GitHub's `since` and `until` are both inclusive, and whole seconds of UTC."""
        since = {"since": _utc(max(0, first - int(self._slack.total_seconds())))}
        return since if self._query.time == "author" else {**since, "until": _utc(last)}

    def _branches(self) -> list[dict[str, str]]:
        """Each branch (none: the default one) as a query names it."""
        return [{"sha": branch_name(name)} for name in self._query.branches] or [{}]

    def _scans(self, bounds: Mapping[str, str], tips: Sequence[str] = ()) -> list[Scan]:
        """One for every branch, as far as its tip where that is known, with every path."""
        branches = [{"sha": tip} for tip in dict.fromkeys(tips)] or self._branches()
        paths = [{"path": path} if path else {} for path in self._paths]
        return [Scan(self._client, {**bounds, **branch, **path}) for branch in branches for path in paths]

    def _within(self, window: Window, scans: Sequence[Scan]) -> Listing:
        heads = merged(scans).where(lambda head: inside(window, self._moment(head)))
        kept, merges = self._select(heads, self._is_exact)
        return _listing(window, kept, merges)

    # --- what arrived late ----------------------------------------------------------------------------------------

    def _tips(self) -> tuple[str, ...]:
        """Where the branches stand; () where the query does not ask."""
        return () if self._query.tips is None else tuple(tip_of(self._client, branch) for branch in self._branches())

    def _with_late(self, listing: Listing, tips: tuple[str, ...]) -> Listing:
        """The listing with its tips, and what the branches have gained since those of the query, and is older."""
        before, window = self._query.tips or (), listing.window
        if len(before) != len(tips):
            return listing.model_copy(update={"tips": tips})
        try:
            found = Compact(CommitHead, gained(self._client, before, tips, partial(is_before, window)))
        except WordsError:
            return listing.model_copy(update={"tips": tips, "notices": (*listing.notices, UNKNOWN)})
        kept, merges = self._select(found, is_exact=not self._query.paths)
        late, cut = newest(kept)
        whole = Compact(CommitHead, chain(listing.heads, late))
        merges_left_out = listing.merges_left_out + len(merges)
        notices = (*listing.notices, *cut)
        return Listing(window=window, heads=whole, merges_left_out=merges_left_out, notices=notices, tips=tips)

    def _select(self, heads: Compact[CommitHead], is_exact: bool) -> tuple[Compact[CommitHead], Compact[CommitHead]]:
        """What the filters let through, and the merges among it, which are left out."""
        passing = heads.where(self._passes)
        kept = passing.where(lambda head: not head.is_merge)
        merges = passing.where(lambda head: head.is_merge)
        return (kept if is_exact else self._touching.touching(kept)), merges

    def _moment(self, head: CommitHead) -> datetime:
        return head.authored_at if self._query.time == "author" else head.committed_at

    # --- the last day ---------------------------------------------------------------------------------------------

    def _last_day(self, today: date) -> Listing:
        """The last day up to today that has a commit; today, empty, where there is none."""
        scans = self._scans({})
        before = today + timedelta(days=1)
        while (day := self._newest_day(scans, before, first=before > today)) is not None:
            listing = self._within(day_window(day, self._zone), scans)
            if listing.heads:
                return listing
            before = day
        searched = sum(len(scan.heads) for scan in scans)
        stopped = Notice(code="search_stopped", details={"n": searched})
        notices = () if all(scan.is_ended for scan in scans) else (stopped,)
        return Listing(window=day_window(today, self._zone), heads=(), notices=notices)

    def _newest_day(self, scans: Sequence[Scan], before: date, first: bool) -> date | None:
        """The last day before a date with a commit that may count, once everything of that day has been read.

        None where there is none within SEARCHED_PAGES. The `first` day found is read to its end, however long it is.
        """
        behind = [scan for scan in scans if not scan.pages]
        while True:
            for scan in behind:
                scan.read_page()
            day = max(self._days(scans, before), default=None)
            floor = day_window(day, self._zone).start - self._slack if day else None
            behind = [scan for scan in scans if not scan.is_past(floor)]
            if not behind:
                return day
            if not (day and first) and sum(scan.pages for scan in scans) >= SEARCHED_PAGES * len(scans):
                return None

    def _days(self, scans: Sequence[Scan], before: date) -> Iterator[date]:
        heads = (head for scan in scans for head in scan.heads if not head.is_merge and self._passes(head))
        days = (day_of(self._moment(head), self._zone) for head in heads)
        return (day for day in days if day < before)

    # --- single commits -------------------------------------------------------------------------------------------

    def _named(self, now: datetime) -> Listing:
        """One request for each commit."""
        heads = [self._commit(sha) for sha in self._query.commits]
        window = range_window(" ".join(self._query.commits), map(self._moment, heads), self._zone, now)
        return Listing(window=window, heads=tuple(heads))

    def _commit(self, sha: str) -> CommitHead:
        try:
            answer = self._client.get(f"/commits/{check_sha(sha)}")
        except RefusedError as error:
            if error.details.get("status") == UNPROCESSABLE:
                raise WordsError("unknown_commit", sha=sha) from error
            raise
        with reading(answer.asked):
            return self._client.clean(read_head(answer.json))

    # --- a range --------------------------------------------------------------------------------------------------

    def _range(self, text: str, now: datetime) -> Listing:
        kept, merges = self._select(compared(self._client, text), is_exact=not self._query.paths)
        window = range_window(text, map(self._moment, kept), self._zone, now)
        return _listing(window, kept, merges)


def _listing(window: Window, kept: Sequence[CommitHead], merges: Sequence[CommitHead]) -> Listing:
    resolved = sum(_CONFLICTS.search(head.message) is not None for head in merges)
    notices = (Notice(code="merges_unread", details={"n": resolved}),) if resolved else ()
    return Listing(window=window, heads=kept, merges_left_out=len(merges), notices=notices)


_CONFLICTS = re.compile(r"^(?:# ?)?conflicts:", re.IGNORECASE | re.MULTILINE)


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
