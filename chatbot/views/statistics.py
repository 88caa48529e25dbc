"""What a repository's window comes to in numbers: tiers, kinds, authors, hours or days, coverage, grounding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil

from chatbot.views.phrases import badge, day_text, first_day, joined, last_day
from chatbot.views.remarks import coverage_text, grounding_text
from chatbot.views.totals import Totals
from chatbot.views.view import Block, Facts, Meter, Paragraph, Point, Runs, Text
from workers.model import RepositoryDigest, Statistics, Tier, Window
from workers.words import Words

MAX_AUTHORS = 12
"""Authors named with their counts; the rest are counted together."""

MAX_BARS = 62
"""Bars of a meter over days; a longer window has several days in each."""


def statistics_blocks(repository: RepositoryDigest, totals: Totals, window: Window, words: Words) -> tuple[Block, ...]:
    """Counts, the course of the window, and how thoroughly its commits were looked at."""
    meter = meter_of(totals, window, words)
    return (
        Paragraph(tier_line(repository.statistics, words)),
        *((meter,) if meter else ()),
        Facts(tuple(_facts(repository, totals, words)), words("mark.colon")),
    )


def tier_line(statistics: Statistics, words: Words) -> Runs:
    """`21 commits · high 6 · medium 5 · low 10`."""
    total: Runs = (Text(words("count.commits", n=statistics.commits)),)
    counts = ((Tier.HIGH, statistics.high), (Tier.MEDIUM, statistics.medium), (Tier.LOW, statistics.low))
    return joined((total, *((badge(tier, words), Text(f" {count:,}")) for tier, count in counts)), " · ")


def _facts(repository: RepositoryDigest, totals: Totals, words: Words) -> Iterable[tuple[str, Runs]]:
    statistics = repository.statistics
    lines = words("statistics.lines", additions=statistics.additions, deletions=statistics.deletions)
    yield words("fact.lines"), (Text(lines),)
    yield words("fact.kinds"), (Text(kind_counts(totals, words)),)
    yield words("fact.authors"), (Text(author_counts(totals, statistics.authors, words)),)
    if statistics.merges_left_out:
        yield words("fact.merges"), (Text(words("statistics.merges", n=statistics.merges_left_out)),)
    if hidden := statistics.commits - totals.commits:
        yield words("fact.hidden"), (Text(words("statistics.hidden", n=hidden)),)
    for key, text in (
        ("coverage", coverage_text(totals.coverage, words)),
        ("grounding", grounding_text(totals.grounding, words)),
    ):
        if text:
            yield words(f"fact.{key}"), (Text(text),)


def kind_counts(totals: Totals, words: Words) -> str:
    """Commits by their main kind, the most frequent first."""
    counts = totals.kinds.most_common()
    return words("mark.comma").join(f"{words(f'kind.{kind}')} {count:,}" for kind, count in counts)


def author_counts(totals: Totals, authors: int, words: Words) -> str:
    """How many authors, then those with the most commits by name; who is not named is counted."""
    counts = totals.authors
    named = [f"{name} {count:,}" for name, count in counts.most_common(MAX_AUTHORS)]
    if len(counts) > len(named):
        named.append(words("statistics.more_authors", n=len(counts) - len(named)))
    total = words("count.authors", n=authors)
    return words("mark.colon").join(filter(None, (total, words("mark.comma").join(named))))


def total_statistics(repositories: Iterable[RepositoryDigest]) -> Statistics:
    """The counts of all repositories together; `authors` stays 0, since one person may work in several."""
    parts = [repository.statistics for repository in repositories]
    names = [name for name in Statistics.model_fields if name != "authors"]
    return Statistics(**{name: sum(getattr(part, name) for part in parts) for name in names})


# --- meter ------------------------------------------------------------------------------------------------------


def meter_of(totals: Totals, window: Window, words: Words) -> Meter | None:
    """Commits by the hour of a window of one day, by the day of a longer one; None without two commits."""
    if totals.commits < 2:
        return None
    first, last = first_day(window), last_day(window)
    return _hours(totals.hours, words) if last <= first else _days(totals.days, first, last, words)


def _hours(counts: Counter[int], words: Words) -> Meter:
    points = tuple(Point(f"{hour:02}:00", f"{hour:02}", counts[hour]) for hour in range(24))
    return Meter(words("meter.hours"), points, _peak(points, words))


def _days(days: Counter[date], first: date, last: date, words: Words) -> Meter:
    """Bars from the first day to the last; commits outside (their author date counted) are in the bars at the ends."""
    step = ceil(((last - first).days + 1) / MAX_BARS)
    bars = ((last - first).days) // step + 1
    counts: Counter[int] = Counter()
    for day, count in days.items():
        counts[min(max((day - first).days // step, 0), bars - 1)] += count
    points = tuple(_bar(first + timedelta(days=step * bar), counts[bar], words) for bar in range(bars))
    return Meter(words("meter.days", n=step), points, _peak(points, words))


def _peak(points: Sequence[Point], words: Words) -> str:
    """The highest bar and where it stands; where all are as high, none is named."""
    peak = max(points, key=lambda point: point.count)
    counts = [point.count for point in points if point.count]
    return (
        words("meter.level", n=peak.count)
        if len(counts) > 1 and len(set(counts)) == 1
        else words("meter.peak", at=peak.label, n=peak.count)
    )


def _bar(day: date, count: int, words: Words) -> Point:
    return Point(day_text(day, words), f"{day.month}-{day.day}", count)
