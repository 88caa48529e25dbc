"""From a person's words to a span of time, and what a span means: half-open, in a zone, right where clocks change."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from workers.errors import WordsError
from workers.model import Value, Window
from workers.request import Query

EARLIEST_YEAR, LATEST_YEAR = 1970, 9998
"""Dates outside are refused: git knows no time before 1970, Python none after 9999."""
MOST_DAYS = 3660
"""`3660d`, ten years, is the longest span that may be asked for by a number of days."""


class Asked(Value):
    """The part of a Query that says when: a span, a range, or (all None) the last day that has commits."""

    start: datetime | None = None
    end: datetime | None = None
    range: str | None = None


# --- zones and days -----------------------------------------------------------------------------------------------


def find_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name in any case. WordsError("unknown_zone") has the nearest names in `near`."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        known = {zone.casefold(): zone for zone in available_timezones()}
    if right := known.get(name.casefold()):
        return ZoneInfo(right)
    near = get_close_matches(name[:100].casefold(), known, n=3)
    raise WordsError("unknown_zone", zone=name, near=", ".join(known[zone] for zone in near))


def day_window(day: date, zone: str) -> Window:
    """The day from its first moment to the first of the next: 23 or 25 hours long where clocks change."""
    return days_window(day, day, zone)


def days_window(first: date, last: date, zone: str) -> Window:
    """The days from `first` to `last`, both included. WordsError("window_backwards") where last is before first."""
    found = find_zone(zone)
    if last < first:
        raise WordsError("window_backwards", start=first.isoformat(), end=last.isoformat())
    return Window(start=_day_start(first, found), end=_day_start(last + timedelta(days=1), found), timezone=found.key)


def span_window(start: datetime, end: datetime, zone: str) -> Window:
    """The span between two aware times, told in the zone. WordsError("window_backwards") where it would be empty."""
    found = find_zone(zone)
    if end.astimezone(UTC) <= start.astimezone(UTC):
        raise WordsError("window_backwards", start=start.isoformat(), end=end.isoformat())
    return Window(start=start.astimezone(found), end=end.astimezone(found), timezone=found.key)


def range_window(range_: str, moments: Iterable[datetime], zone: str, now: datetime) -> Window:
    """The window of a revision range from the times of its commits: oldest to one second after newest.

    A range without commits gets an empty window at `now`.
    """
    found = find_zone(zone)
    times = sorted(moment.astimezone(UTC) for moment in moments)
    start, end = (times[0], times[-1] + timedelta(seconds=1)) if times else (now, now)
    return Window(start=start.astimezone(found), end=end.astimezone(found), timezone=found.key, range=range_)


def window_of_query(query: Query) -> Window | None:
    """The window of a query that names a span; None for a range, and for a query that names no time."""
    if query.range is not None or query.start is None or query.end is None:
        find_zone(query.timezone)
        return None
    return span_window(query.start, query.end, query.timezone)


def day_of(moment: datetime, zone: str) -> date:
    """The date that an aware time has in a zone."""
    return moment.astimezone(find_zone(zone)).date()


def inside(window: Window, moment: datetime) -> bool:
    """Whether an aware time is in [start, end)."""
    # In one zone Python compares the clocks' faces, which is wrong in the hour that a clock repeats: compare in UTC.
    return window.start.astimezone(UTC) <= moment.astimezone(UTC) < window.end.astimezone(UTC)


def whole_seconds(window: Window) -> tuple[int, int]:
    """First and last second since 1970, both included: what [start, end) is for times that have whole seconds."""
    return math.ceil(window.start.timestamp()), math.ceil(window.end.timestamp()) - 1


def _day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day. Where a clock change skips midnight, that is the moment of the change."""
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR + 1:
        raise WordsError("unknown_date", text=day.isoformat())
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    late = midnight.astimezone(UTC)
    early = midnight.replace(fold=1).astimezone(UTC)
    if early >= late:
        return late.astimezone(zone)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
        early, late = (early, middle) if middle.astimezone(zone).date() >= day else (middle, late)
    return late.astimezone(zone)


# --- words --------------------------------------------------------------------------------------------------------

_DAYS = re.compile(r"([0-9]{1,5})d")
_REVISION = re.compile(
    r"(?![-.])(?!.*\.\.)[^\x00-\x20\x7f?*:\[\\~^{}]+"  # a name, as git check-ref-format has it, or a sha
    r"(?:~[0-9]{0,9}|\^[0-9]{0,9}|\^\{[a-z]*\}|(?<=@)\{-?[0-9a-z]{1,20}\})*"  # and what of it: ~2, ^, ^{}, @{1}
)
_LONGEST_REVISION = 255
"""Characters: as long as the name of a file, which a branch may be."""
_THREE_DOTS = re.compile(r"(?<!\.)\.\.\.(?!\.)")


def read_date(text: str, zone: str, now: datetime) -> date:
    """`2026-02-21`, `today` or `yesterday` in the zone. WordsError("unknown_date") for anything else."""
    word = text.strip().casefold()
    if word in ("today", "yesterday"):
        return day_of(now, zone) - timedelta(days=word == "yesterday")
    try:
        found = date.fromisoformat(word.upper())
    except ValueError:
        raise WordsError("unknown_date", text=text) from None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise WordsError("unknown_date", text=text)
    return found


def read_time(text: str, zone: str, now: datetime) -> datetime:
    """A moment, in the zone: ISO 8601, where no offset means the zone's clock and a mere date its first moment.

    `now`, `today` and `yesterday` are understood too. WordsError("unknown_time") for anything else.
    """
    found = find_zone(zone)
    word = text.strip()
    if word.casefold() == "now":
        return now.astimezone(found)
    try:
        return _day_start(read_date(word, zone, now), found)
    except WordsError:
        pass
    try:
        moment = datetime.fromisoformat(word)
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValueError(word)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=found)
        return aware.astimezone(UTC).astimezone(found)
    except ValueError:
        raise WordsError("unknown_time", text=text) from None


def ask_day(text: str, zone: str, now: datetime) -> Asked:
    """What `--date D` asks for."""
    return _asked(day_window(read_date(text, zone, now), zone))


def ask_span(since: str, until: str | None, zone: str, now: datetime) -> Asked:
    """What `--since T [--until T]` asks for; without `until`, up to now and the second of now included."""
    start = read_time(since, zone, now)
    end = read_time(until, zone, now) if until is not None else now.replace(microsecond=0) + timedelta(seconds=1)
    return _asked(span_window(start, end, zone))


def ask_range(text: str) -> Asked:
    """What `--range A..B` asks for."""
    first, last = split_range(text)
    return Asked(range=f"{first}..{last}")


def ask(text: str, zone: str, now: datetime) -> Asked:
    """What one word asks for: `today`, `2026-02-21`, `2026-02-01..2026-02-21` (both days included), `7d`, `v1..v2`.

    `7d` is today and the six days before it. Two dates make days, anything else around `..` a revision range.
    """
    if match := _DAYS.fullmatch(text.strip().casefold()):
        return _ask_days(int(match[1]), text, zone, now)
    first, dots, last = text.partition("..")
    if not dots:
        return ask_day(text, zone, now)
    try:
        days = read_date(first, zone, now), read_date(last, zone, now)
    except WordsError as error:
        if error.code != "unknown_date":
            raise
        return ask_range(text)
    return _asked(days_window(*days, zone))


def split_range(text: str) -> tuple[str, str]:
    """The two revisions of `a..b`; nothing after the dots means HEAD.

    Each is a name or a sha, with what git understands behind it: `HEAD~2`, `v1.0^`, `v1.0^{}`, `main@{1}`. Only the
    shape is checked. What git would take for an option, a file or a search of messages is refused:
    WordsError("unknown_range"), and ("three_dots") with the `right` words.
    """
    words = text.strip()
    if _THREE_DOTS.search(words):
        raise WordsError("three_dots", range=text, right=_THREE_DOTS.sub("..", words))
    first, dots, last = words.partition("..")
    last = last or "HEAD"
    for revision in (first, last):
        if not dots or len(revision) > _LONGEST_REVISION or not _REVISION.fullmatch(revision):
            raise WordsError("unknown_range", range=text)
    return first, last


def _ask_days(count: int, text: str, zone: str, now: datetime) -> Asked:
    if not 1 <= count <= MOST_DAYS:
        raise WordsError("unknown_date", text=text)
    today = day_of(now, zone)
    return _asked(days_window(today - timedelta(days=count - 1), today, zone))


def _asked(window: Window) -> Asked:
    return Asked(start=window.start, end=window.end)
