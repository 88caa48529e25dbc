"""Commits by importance over the last days, as a chart."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.views.view import Chart, Series
from workers.model import Tier
from workers.store.history import MOST_DAYS, Day
from workers.words import Words


def chart_of(history: Sequence[Day], words: Words) -> Chart | None:
    """The last MOST_DAYS at most, oldest first; None for fewer than two days, or without any commit."""
    days = history[-MOST_DAYS:]
    if len(days) < 2 or not any(day.total for day in days):
        return None
    labels = tuple(_label(day) for day in days)
    peak = max(days, key=lambda day: day.total)
    series = tuple(Series(tier, words(f"tier.{tier}"), tuple(getattr(day, tier) for day in days)) for tier in Tier)
    return Chart(words("chart.title", n=len(days)), labels, series, words("chart.note", at=_label(peak), n=peak.total))


def _label(day: Day) -> str:
    return f"{day.day.month:02}-{day.day.day:02}"
