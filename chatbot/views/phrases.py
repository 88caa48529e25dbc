"""Dates, times, spans, sizes and lists as the language writes them, and backticks turned into code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chatbot.views.view import Badge, Code, Run, Runs, Text
from workers.model import Kind, Tier, Window
from workers.words import Words

SHORT_SHA = 7
"""Digits of a sha that people are shown; git's own default."""

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def marked(text: str) -> Runs:
    """A statement's text with `backticked` parts as code; a backtick without its pair stays as it is."""
    runs: list[Run] = []
    end = 0
    for match in _CODE.finditer(text):
        if match.start() > end:
            runs.append(Text(text[end : match.start()]))
        runs.append(Code(match[2].strip() or match[2]))
        end = match.end()
    return (*runs, Text(text[end:])) if end < len(text) else tuple(runs)


def badge(tier: Tier, words: Words) -> Badge:
    """A tier's name."""
    return Badge(tier, words(f"tier.{tier}"))


def kinds_text(kinds: Iterable[Kind], words: Words) -> str:
    """`fix / performance`, the main kind first."""
    return " / ".join(words(f"kind.{kind}") for kind in kinds)


def short(sha: str) -> str:
    """The digits of a sha that people are shown."""
    return sha[:SHORT_SHA]


def joined(parts: Iterable[Sequence[Run]], separator: str) -> Runs:
    """Runs with a separator between them; empty parts are left out."""
    found: list[Run] = []
    for part in parts:
        if part and found:
            found.append(Text(separator))
        found.extend(part)
    return tuple(found)


def day_text(day: date, words: Words) -> str:
    """`Saturday 21 February 2026`, `2026-02-21（周六）`."""
    return words(
        "date.day",
        iso=day.isoformat(),
        weekday=words("date.weekdays").split()[day.weekday()],
        month=words("date.months").split()[day.month - 1],
        day=day.day,
        year=day.year,
    )


def moment_text(moment: datetime) -> str:
    """`2026-02-21 23:40:56`, in the zone the time stands in; the same in every language."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def last_day(window: Window) -> date:
    """The last day that the window reaches into, in its zone."""
    return (window.end - timedelta(microseconds=1)).astimezone(ZoneInfo(window.timezone)).date()


def first_day(window: Window) -> date:
    """The day the window starts on, in its zone."""
    return window.start.astimezone(ZoneInfo(window.timezone)).date()


def is_whole_days(window: Window) -> bool:
    """Whether the window starts and ends at midnight of its zone, and so is named by its days alone."""
    zone = ZoneInfo(window.timezone)
    return all(edge.astimezone(zone).time() == datetime.min.time() for edge in (window.start, window.end))


def window_text(window: Window, words: Words) -> str:
    """The window in a sentence: its day, its days, its exact times where they are no midnights, or its range."""
    if window.range is not None:
        return words("window.range", range=window.range)
    first, last = first_day(window), last_day(window)
    if not is_whole_days(window):
        zone = ZoneInfo(window.timezone)
        start, end = (moment_text(edge.astimezone(zone)) for edge in (window.start, window.end))
        return words("window.times", start=start, end=end, zone=window.timezone)
    if first >= last:
        return words("window.day", day=day_text(first, words), zone=window.timezone)
    days = (last - first).days + 1
    return words("window.days", first=day_text(first, words), last=day_text(last, words), n=days, zone=window.timezone)


def size_text(count: int, words: Words) -> str:
    """A number of bytes in bytes, kB or MB (of 1,000), as people read it."""
    if count < 1_000:
        return words("size.bytes", n=count)
    unit, scale = ("kilobytes", 1_000) if count < 999_950 else ("megabytes", 1_000_000)
    return words(f"size.{unit}", size=f"{count / scale:,.1f}")
