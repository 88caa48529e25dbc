"""How many commits of each tier the days of a repository had: counted while a digest goes by, and told later."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from workers.model import Tier, Window
from workers.request import DigestRequest, Query
from workers.sources.window import day_of, day_window, inside
from workers.store.history import MOST_DAYS, Day, HistoryStore, Piece


class DayTally:
    """Counts the commits of a window, day by day, for the last MOST_DAYS of those that it holds whole or in part.

    What was not over yet at `now` (aware) is not told.
    """

    def __init__(self, window: Window, now: datetime) -> None:
        self.zone = window.timezone
        self._window = window
        self._now = now.astimezone(UTC)
        self._counts: Counter[tuple[date, Tier]] = Counter()

    def count(self, committed_at: datetime, tier: Tier) -> None:
        """Adds a commit; one from outside the window, as what arrived late, is let go."""
        if inside(self._window, committed_at):
            self._counts[day_of(committed_at, self.zone), tier] += 1

    def pieces(self) -> Iterator[Piece]:
        """The days as far as the window holds them, oldest first; one without commits is among them."""
        start, end = self._window.start.astimezone(UTC), self._window.end.astimezone(UTC)
        last = day_of(end, self.zone)
        first = max(day_of(start, self.zone), last - timedelta(days=MOST_DAYS))
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            began, ended = _span(day, self.zone)
            part = max(began, start), min(ended, end)
            if part[0] < part[1] <= self._now:
                counts = {tier.value: self._counts[day, tier] for tier in Tier}
                yield Piece(day=day, start=_second(part[0]), end=_second(part[1]), **counts)


def tells_days(request: DigestRequest) -> bool:
    """Whether a request lets through all that its days had on the default branch, by the time of committing."""
    query = request.query
    return query == Query(timezone=query.timezone, start=query.start, end=query.end, tips=query.tips)


def days_until(history: HistoryStore, repositories: Sequence[str], timezone: str, end: datetime) -> list[Day]:
    """Of the last MOST_DAYS days that are over at `end` (aware) those that are known of all repositories, by date.

    Their commits are added up. `repositories` are named by their `repository_key`.
    """
    last = day_of(end, timezone)
    wanted = [last - timedelta(days=ago) for ago in reversed(range(1, MOST_DAYS + 1))]
    found: dict[date, Day] = {}
    for number, repository in enumerate(dict.fromkeys(repositories)):
        pieces = history.get(repository, timezone, wanted)
        days = zip(wanted, pieces, strict=True)
        known = {day: one for day, some in days if some and (one := _joined(day, some, timezone))}
        if number:
            known = {day: found[day].with_those_of(one) for day, one in known.items() if day in found}
        found = known
    return list(found.values())


def _joined(day: date, pieces: Iterable[Piece], timezone: str) -> Day | None:
    """The day from pieces that follow on each other from its beginning to its end; None where some of it is lacking.

    Of pieces that begin together the longest is taken.
    """
    began, ended = _span(day, timezone)
    until = {_second(began): Day(day=day)}
    for piece in sorted(pieces, key=lambda one: (one.start, -one.end)):
        if piece.start in until and piece.end not in until:
            until[piece.end] = until[piece.start].with_those_of(piece)
    return until.get(_second(ended))


def _second(moment: datetime) -> int:
    """The first whole second that is not before a moment: commits have whole seconds."""
    return math.ceil(moment.timestamp())


def _span(day: date, timezone: str) -> tuple[datetime, datetime]:
    window = day_window(day, timezone)
    return window.start.astimezone(UTC), window.end.astimezone(UTC)
