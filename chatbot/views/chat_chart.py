"""Commits by importance over the last days, as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chatbot.views.view import Chart, Series
from workers.model import Tier
from workers.words import Words

MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    """The commits of one day by tier."""

    day: date
    high: int
    medium: int
    low: int

    @property
    def total(self) -> int:
        return self.high + self.medium + self.low


def chart_of(history: Sequence[Day], words: Words) -> Chart | None:
    """The last 14 days at most, oldest first; None for fewer than two days, or without any commit."""
    days = history[-MOST_DAYS:]
    if len(days) < 2 or not any(day.total for day in days):
        return None
    labels = tuple(_label(day) for day in days)
    peak = max(days, key=lambda day: day.total)
    series = tuple(Series(tier, words(f"tier.{tier}"), tuple(getattr(day, tier) for day in days)) for tier in Tier)
    return Chart(words("chart.title", n=len(days)), labels, series, words("chart.note", at=_label(peak), n=peak.total))


def _label(day: Day) -> str:
    return f"{day.day.month:02}-{day.day.day:02}"
