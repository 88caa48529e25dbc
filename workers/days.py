"""How many commits of each tier each day of a window had, counted while they go by. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from workers.model import Tier, Window
from workers.request import DigestRequest, Query
from workers.sources.window import day_of, day_window
from workers.store.history import MOST_DAYS, Day


class DayTally:
    """Counts for the days of a window that are over at `now` (aware) and lie in it whole: its last MOST_DAYS."""

    def __init__(self, window: Window, now: datetime) -> None:
        self.zone = window.timezone
        self._days = tuple(_whole_days(window, now))
        self._counts: Counter[tuple[date, Tier]] = Counter()

    def count(self, committed_at: datetime, tier: Tier) -> None:
        """Adds a commit; one of another day is let go."""
        self._counts[day_of(committed_at, self.zone), tier] += 1

    def days(self) -> list[Day]:
        """The days, oldest first; one without commits is among them."""
        return [Day(day=day, **{tier.value: self._counts[day, tier] for tier in Tier}) for day in self._days]


def tells_days(request: DigestRequest) -> bool:
    """Whether a request lets through all that its days had on the default branch, by the time of committing."""
    query = request.query
    everything = Query(timezone=query.timezone, start=query.start, end=query.end, tips=query.tips)
    return query == everything


def _whole_days(window: Window, now: datetime) -> Iterator[date]:
    """Oldest first."""
    end = min(window.end.astimezone(UTC), now.astimezone(UTC))
    last = day_of(end, window.timezone)
    first = max(day_of(window.start, window.timezone), last - timedelta(days=MOST_DAYS))
    for number in range((last - first).days):
        day = first + timedelta(days=number)
        if day_window(day, window.timezone).start.astimezone(UTC) >= window.start.astimezone(UTC):
            yield day
