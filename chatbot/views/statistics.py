"""What a repository's window comes to in numbers: tiers, kinds, authors, hours or days, coverage, grounding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from chatbot.views.phrases import badge, day_text, first_day, joined, last_day
from chatbot.views.remarks import coverage_text, grounding_text
from chatbot.views.view import Block, Facts, Meter, Paragraph, Point, Runs, Text
from chatbot.views.visible import one_line
from workers.model import Coverage, Entry, Grounding, RepositoryDigest, Statistics, Tier, Window
from workers.words import Words

MAX_AUTHORS = 12
"""Authors named with their counts; the rest are counted together."""

MAX_BARS = 62
"""Bars of a meter over days; a longer window has several days in each."""


def statistics_blocks(repository: RepositoryDigest, window: Window, words: Words) -> tuple[Block, ...]:
    """Counts, the course of the window, and how thoroughly its commits were looked at."""
    entries = repository.commits
    meter = meter_of(entries, window, words)
    return (
        Paragraph(tier_line(repository.statistics, words)),
        *((meter,) if meter else ()),
        Facts(tuple(_facts(repository, words)), words("mark.colon")),
    )


def tier_line(statistics: Statistics, words: Words) -> Runs:
    """`21 commits · high 6 · medium 5 · low 10`."""
    total: Runs = (Text(words("count.commits", n=statistics.commits)),)
    counts = ((Tier.HIGH, statistics.high), (Tier.MEDIUM, statistics.medium), (Tier.LOW, statistics.low))
    return joined((total, *((badge(tier, words), Text(f" {count:,}")) for tier, count in counts)), " · ")


def _facts(repository: RepositoryDigest, words: Words) -> Iterable[tuple[str, Runs]]:
    statistics, entries = repository.statistics, repository.commits
    lines = words("statistics.lines", additions=statistics.additions, deletions=statistics.deletions)
    yield words("fact.lines"), (Text(lines),)
    yield words("fact.kinds"), (Text(kind_counts(entries, words)),)
    yield words("fact.authors"), (Text(author_counts(entries, statistics.authors, words)),)
    if statistics.merges_left_out:
        yield words("fact.merges"), (Text(words("statistics.merges", n=statistics.merges_left_out)),)
    if hidden := statistics.commits - len(entries):
        yield words("fact.hidden"), (Text(words("statistics.hidden", n=hidden)),)
    for key, text in (
        ("coverage", coverage_text(total_coverage(entries), words)),
        ("grounding", grounding_text(total_grounding(entries), words)),
    ):
        if text:
            yield words(f"fact.{key}"), (Text(text),)


def kind_counts(entries: Iterable[Entry], words: Words) -> str:
    """Commits by their main kind, the most frequent first."""
    counts = Counter(entry.kinds[0] for entry in entries if entry.kinds)
    return words("mark.comma").join(f"{words(f'kind.{kind}')} {count:,}" for kind, count in counts.most_common())


def author_counts(entries: Iterable[Entry], authors: int, words: Words) -> str:
    """How many authors, then those with the most commits by name; who is not named is counted."""
    counts = Counter(one_line(entry.author) for entry in entries)
    named = [f"{name} {count:,}" for name, count in counts.most_common(MAX_AUTHORS)]
    if len(counts) > len(named):
        named.append(words("statistics.more_authors", n=len(counts) - len(named)))
    total = words("count.authors", n=authors)
    return words("mark.colon").join(filter(None, (total, words("mark.comma").join(named))))


def total_coverage(entries: Iterable[Entry]) -> Coverage:
    """The coverage of all commits together."""
    parts = [entry.coverage for entry in entries]
    return Coverage(
        files=sum(part.files for part in parts),
        files_seen=sum(part.files_seen for part in parts),
        bytes=sum(part.bytes for part in parts),
        bytes_seen=sum(part.bytes_seen for part in parts),
    )


def total_grounding(entries: Iterable[Entry]) -> Grounding:
    """The grounding of all commits together."""
    parts = [entry.grounding for entry in entries]
    return Grounding(
        checked=sum(part.checked for part in parts),
        supported=sum(part.supported for part in parts),
        repaired=sum(part.repaired for part in parts),
        removed=sum(part.removed for part in parts),
    )


def total_statistics(repositories: Iterable[RepositoryDigest]) -> Statistics:
    """The counts of all repositories together; `authors` stays 0, since one person may work in several."""
    parts = [repository.statistics for repository in repositories]
    names = [name for name in Statistics.model_fields if name != "authors"]
    return Statistics(**{name: sum(getattr(part, name) for part in parts) for name in names})


# --- meter ------------------------------------------------------------------------------------------------------


def meter_of(entries: Sequence[Entry], window: Window, words: Words) -> Meter | None:
    """Commits by the hour of a window of one day, by the day of a longer one; None without two commits."""
    if len(entries) < 2:
        return None
    zone = ZoneInfo(window.timezone)
    times = [entry.committed_at.astimezone(zone) for entry in entries]
    first, last = first_day(window), last_day(window)
    return _hours(times, words) if last <= first else _days(times, first, last, words)


def _hours(times: Iterable[datetime], words: Words) -> Meter:
    counts = Counter(time.hour for time in times)
    points = tuple(Point(f"{hour:02}:00", f"{hour:02}", counts[hour]) for hour in range(24))
    peak = max(points, key=lambda point: point.count)
    return Meter(words("meter.hours"), points, words("meter.peak", at=peak.label, n=peak.count))


def _days(times: Sequence[datetime], first: date, last: date, words: Words) -> Meter:
    """Bars from the first day to the last; commits outside (their author date counted) are in the bars at the ends."""
    step = ceil(((last - first).days + 1) / MAX_BARS)
    bars = ((last - first).days) // step + 1
    counts = Counter(min(max((time.date() - first).days // step, 0), bars - 1) for time in times)
    points = tuple(_bar(first + timedelta(days=step * bar), counts[bar], words) for bar in range(bars))
    peak = max(points, key=lambda point: point.count)
    label = words("meter.days", n=step)
    return Meter(label, points, words("meter.peak", at=peak.label, n=peak.count))


def _bar(day: date, count: int, words: Words) -> Point:
    return Point(day_text(day, words), f"{day.month}-{day.day}", count)
