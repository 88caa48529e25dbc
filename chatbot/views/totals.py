"""What the commits of a digest come to, from going through them once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from chatbot.views.visible import one_line
from workers.model import Coverage, Engine, Entry, Grounding, Highlighting, Kind, Provenance, Value


@dataclass(slots=True)
class Totals:
    """Counts over commits: by main kind, author, engine, and by hour and day of the commit in a time zone.

    `coverage` leaves the files that were left out unnamed. `grounding` and tokens are of analyses and highlights;
    tokens are of those that were not known already.
    """

    commits: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    engines: Counter[Engine] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    coverage: Coverage = field(default_factory=Coverage)
    grounding: Grounding = field(default_factory=Grounding)
    cached: int = 0
    tokens_read: int = 0
    tokens_written: int = 0

    @classmethod
    def of(cls, entries: Iterable[Entry], timezone: str, highlightings: Iterable[Highlighting | None] = ()) -> Self:
        """The totals of commits, each of which is let go before the next. `timezone` is an IANA name."""
        totals, zone = cls(), ZoneInfo(timezone)
        coverage: Counter[str] = Counter()
        grounding: Counter[str] = Counter()
        for entry in entries:
            totals._add(entry, zone)
            _add_fields(coverage, entry.coverage, _COVERAGE)
            _add_fields(grounding, entry.grounding, _GROUNDING)
        for highlighting in filter(None, highlightings):
            totals._pay(highlighting.provenance)
            _add_fields(grounding, highlighting.grounding, _GROUNDING)
        totals.coverage, totals.grounding = Coverage(**coverage), Grounding(**grounding)
        return totals

    def _add(self, entry: Entry, zone: ZoneInfo) -> None:
        moment = entry.committed_at.astimezone(zone)
        self.commits += 1
        self.kinds.update(entry.kinds[:1])
        self.authors[one_line(entry.author)] += 1
        self.engines[entry.analysis.engine] += 1
        self.hours[moment.hour] += 1
        self.days[moment.date()] += 1
        self.cached += entry.provenance.cached
        self._pay(entry.provenance)

    def _pay(self, provenance: Provenance) -> None:
        if not provenance.cached:
            self.tokens_read += provenance.input_tokens
            self.tokens_written += provenance.output_tokens


_COVERAGE = ("files", "files_seen", "bytes", "bytes_seen")
_GROUNDING = tuple(Grounding.model_fields)


def _add_fields(sums: Counter[str], part: Value, names: Iterable[str]) -> None:
    for name in names:
        sums[name] += getattr(part, name)
