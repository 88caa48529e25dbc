"""Analyses -> Digest: order, statistics, highlights. Pure: no clients, no clock."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from workers.analysis.offline.author import adds_to, first_sentence
from workers.analysis.wording.bare import is_bare
from workers.messages import read_message
from workers.model import (
    Analysis,
    CommitHead,
    Digest,
    Entry,
    Highlight,
    Highlighting,
    Kind,
    Language,
    Listing,
    Problem,
    RepositoryDigest,
    Statistics,
    Tier,
    Window,
)
from workers.reverts import NO_LINKS, RevertLinks
from workers.words import Words, load_words

MAX_HIGHLIGHTS = 5
MAX_NEWS = 30
"""Commits among which a model may choose its highlights."""

MAX_QUOTED = 180
"""Longest sentence of an author that a highlight quotes, in characters."""


Judged = Iterable[tuple[CommitHead, Analysis]]
"""Commits with their analyses, newest first."""


def assemble_digest(
    windows: Sequence[Window], repositories: Iterable[RepositoryDigest], language: Language, problems: Iterable[Problem]
) -> Digest:
    """The digest of repositories, in the order given, over their windows together. ValueError without any window."""
    words = load_words("workers", language)
    window = _whole_window(windows)
    return Digest(
        language=language,
        title=title_of(window, words),
        window=window,
        repositories=tuple(repositories),
        problems=tuple(problems),
    )


def title_of(window: Window, words: Words) -> str:
    """What the digest is called: by its day, its days, or its range."""
    if window.range is not None:
        return words("title.range", range=window.range)
    zone = ZoneInfo(window.timezone)
    first = window.start.astimezone(zone).date()
    last = (window.end - timedelta(microseconds=1)).astimezone(zone).date()
    if last <= first:
        return words("title.day", day=first.isoformat())
    return words("title.span", start=first.isoformat(), end=last.isoformat())


def _whole_window(windows: Sequence[Window]) -> Window:
    first = windows[0]
    start = min(window.start for window in windows)
    end = max(window.end for window in windows)
    return first.model_copy(update={"start": start, "end": end})


class RepositoryGathering:
    """One repository's part of a digest while its commits go by: what they come to is kept, they are not."""

    def __init__(
        self, name: str, url: str | None, listing: Listing, links: Mapping[str, RevertLinks], words: Words
    ) -> None:
        self._name = name
        self._url = url
        self._listing = listing
        self._links = links
        self._words = words
        self._counts: Counter[str] = Counter()
        self._authors: set[str] = set()
        self._news: list[_News] = []

    def entries(self, judged: Judged, least_tier: Tier = Tier.LOW) -> Iterator[Entry]:
        """The commits as the digest lists them, each when it is asked for; those below `least_tier` are but counted."""
        zone = ZoneInfo(self._listing.window.timezone)
        for head, analysis in judged:
            entry = self._entry(head, analysis, zone)
            self._count(head, entry)
            if entry.tier.rank <= least_tier.rank:
                self._note(entry)
                yield entry

    def news(self) -> Sequence[Entry]:
        """The most important commits that went by, the most important first; at most MAX_NEWS."""
        return [entry for _, _, entry in self._news]

    def digest(
        self,
        commits: Sequence[Entry] = (),
        highlights: tuple[Highlight, ...] = (),
        highlighting: Highlighting | None = None,
    ) -> RepositoryDigest:
        """The part, once all commits have gone by; `commits` stand in it. Without `highlights` the rules' stand."""
        by_rules = (
            Highlight(text=_headline(entry, self._words), commits=(entry.sha,))
            for entry in self.news()[:MAX_HIGHLIGHTS]
        )
        return RepositoryDigest(
            name=self._name,
            url=self._url,
            statistics=Statistics(
                merges_left_out=self._listing.merges_left_out, authors=len(self._authors), **self._counts
            ),
            highlights=highlights or tuple(by_rules),
            highlighting=highlighting,
            commits=commits,
        )

    def _entry(self, head: CommitHead, analysis: Analysis, zone: ZoneInfo) -> Entry:
        message = read_message(head.message)
        links = self._links.get(head.sha, NO_LINKS)
        return Entry(
            sha=head.sha,
            url=f"{self._url}/commit/{head.sha}" if self._url else None,
            author=head.author.name,
            committed_at=head.committed_at.astimezone(zone),
            authored_at=head.authored_at.astimezone(zone),
            subject=message.subject,
            message=message.body,
            pull_request=message.pull_request,
            reverts=links.reverts,
            reverted_by=links.reverted_by,
            files=analysis.size.files,
            additions=analysis.size.additions,
            deletions=analysis.size.deletions,
            tier=analysis.tier,
            tier_reasons=analysis.tier_reasons,
            kinds=analysis.kinds,
            analysis=analysis.judgement,
            grounding=analysis.grounding,
            coverage=analysis.coverage,
            provenance=analysis.provenance,
        )

    def _count(self, head: CommitHead, entry: Entry) -> None:
        self._counts["commits"] += 1
        self._counts[entry.tier] += 1
        self._counts["additions"] += entry.additions
        self._counts["deletions"] += entry.deletions
        self._authors.add(head.author.email.casefold() or head.author.name)

    def _note(self, entry: Entry) -> None:
        """Keeps the most important commits; one that was reverted in the same window is no news."""
        if entry.tier is not Tier.LOW and not entry.reverted_by and entry.tier_reasons:
            insort(self._news, (_newsworthiness(entry, self._words), self._counts["commits"], entry))
            del self._news[MAX_NEWS:]


_NEWS = {Kind.FEATURE: 2, Kind.SECURITY: 2, Kind.FIX: 1, Kind.PERFORMANCE: 1}


_Worth = tuple[int, int, bool]
_News = tuple[_Worth, int, Entry]
"""A commit with what sorts it: its worth, and among equals its place, which no other has."""


def _newsworthiness(entry: Entry, words: Words) -> _Worth:
    """Sorts by tier, then by how much there is to tell: what is new, a telling reason, a risk; what is new first."""
    telling = not is_bare(entry.tier_reasons[0], load_words("workers.analysis", words.language))
    news = max((_NEWS.get(kind, 0) for kind in entry.kinds[:1]), default=0)
    return (entry.tier.rank, -(news + telling + bool(entry.analysis.risks)), Kind.FEATURE not in entry.kinds)


def _headline(entry: Entry, words: Words) -> str:
    """A subject and what it does not say: the first reason, else the author's own first sentence, if there is one."""
    if not is_bare(entry.tier_reasons[0], load_words("workers.analysis", words.language)):
        return words("highlight.entry", subject=entry.subject, reason=entry.tier_reasons[0])
    said = first_sentence(entry.message, MAX_QUOTED)
    if said is None or not adds_to(entry.subject, said):
        return entry.subject
    return words("highlight.quoted", subject=entry.subject, text=said)
