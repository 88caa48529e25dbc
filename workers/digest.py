"""Analyses -> Digest: order, statistics, highlights. Pure: no clients, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from workers.analysis.offline.author import adds_to, first_sentence
from workers.analysis.triage import is_bare
from workers.messages import read_message
from workers.model import (
    Analysis,
    CommitHead,
    Digest,
    Entry,
    Highlight,
    Kind,
    Language,
    Listing,
    Problem,
    RepositoryDigest,
    Statistics,
    Tier,
    Value,
    Window,
)
from workers.reverts import NO_LINKS, RevertLinks
from workers.words import Words, load_words

MAX_HIGHLIGHTS = 5

MAX_QUOTED = 180
"""Longest sentence of an author that a highlight quotes, in characters."""


class Repository(Value):
    """One repository's part of a digest before it is ordered: what was listed and how each commit was judged.

    `analyses` has one for every head of the listing. `links` has the commits that revert or are reverted.
    """

    name: str
    url: str | None
    listing: Listing
    analyses: Mapping[str, Analysis]
    links: Mapping[str, RevertLinks]


def assemble_digest(
    repositories: Sequence[Repository], language: Language, problems: Sequence[Problem], least_tier: Tier = Tier.LOW
) -> Digest:
    """The digest of repositories, in the order given. Commits below `least_tier` are counted but not listed.

    The window is that of all of them together. ValueError without any repository.
    """
    words = load_words("workers", language)
    window = _whole_window([repository.listing.window for repository in repositories])
    return Digest(
        language=language,
        title=title_of(window, words),
        window=window,
        repositories=tuple(_repository(repository, words, least_tier) for repository in repositories),
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


def _repository(repository: Repository, words: Words, least_tier: Tier) -> RepositoryDigest:
    zone = ZoneInfo(repository.listing.window.timezone)
    entries = [_entry(repository, head, zone) for head in repository.listing.heads]
    shown = tuple(entry for entry in entries if entry.tier.rank <= least_tier.rank)
    return RepositoryDigest(
        name=repository.name,
        url=repository.url,
        statistics=_statistics(entries, repository.listing),
        highlights=_highlights(shown, words),
        commits=shown,
    )


def _entry(repository: Repository, head: CommitHead, zone: ZoneInfo) -> Entry:
    message = read_message(head.message)
    analysis = repository.analyses[head.sha]
    links = repository.links.get(head.sha, NO_LINKS)
    return Entry(
        sha=head.sha,
        url=f"{repository.url}/commit/{head.sha}" if repository.url else None,
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


def _statistics(entries: Sequence[Entry], listing: Listing) -> Statistics:
    tiers = [entry.tier for entry in entries]
    return Statistics(
        commits=len(entries),
        high=tiers.count(Tier.HIGH),
        medium=tiers.count(Tier.MEDIUM),
        low=tiers.count(Tier.LOW),
        merges_left_out=listing.merges_left_out,
        authors=len({head.author.email.casefold() or head.author.name for head in listing.heads}),
        additions=sum(entry.additions for entry in entries),
        deletions=sum(entry.deletions for entry in entries),
    )


def _highlights(entries: Iterable[Entry], words: Words) -> tuple[Highlight, ...]:
    """The most important commits in one sentence each; a commit that was reverted in the same window is no news."""
    told = [entry for entry in entries if entry.tier is not Tier.LOW and not entry.reverted_by and entry.tier_reasons]
    ranked = sorted(told, key=lambda entry: _newsworthiness(entry, words))[:MAX_HIGHLIGHTS]
    return tuple(Highlight(text=_headline(entry, words), commits=(entry.sha,)) for entry in ranked)


_NEWS = {Kind.FEATURE: 2, Kind.SECURITY: 2, Kind.FIX: 1, Kind.PERFORMANCE: 1}


def _newsworthiness(entry: Entry, words: Words) -> tuple[int, int, bool]:
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
