"""Counts as a row of bars that fits in a line of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chatbot.views.view import Bar, Chart, Meter

_NONE = "▁"
_BARS = "▂▃▄▅▆▇█"


def spark(counts: Iterable[int]) -> str:
    """One bar for each count, the greatest at full height; no count at all is the lowest bar and used for 0 only."""
    values = list(counts)
    most = max(values, default=0)
    return "".join(_BARS[(value * len(_BARS) - 1) // most] if value > 0 else _NONE for value in values)


def axis(labels: Sequence[str], each: int) -> str:
    """A line of labels under bars of `each` cells, as many as fit with two blanks between them; the first always."""
    longest = max((len(label) for label in labels), default=1)
    step = next(step for step in (1, 2, 3, 6, 7, 14, 31, 62) if step * each >= longest + 2)
    line = "".join(label.ljust(step * each) for label in labels[::step])
    return line[: max(len(labels) * each, longest)].rstrip()


def chart_lines(chart: Chart) -> Iterator[str]:
    """A chart where nothing can be drawn: what it shows in words, then each tier's bars and their sum."""
    yield f"{chart.title} · {chart.labels[0]} – {chart.labels[-1]} · {chart.note}"
    most = max((count for series in chart.series for count in series.counts), default=0)
    for series in chart.series:
        bars = spark([*series.counts, most])[: len(series.counts)]
        yield f"{bars} {series.name} {sum(series.counts):,}"


def meter_line(meter: Meter) -> str:
    """`By the hour ▁▂▅█ 00:00 – 23:00 · most at 21:00`."""
    bars = spark(point.count for point in meter.points)
    return f"{meter.label} {bars} {meter.points[0].label} – {meter.points[-1].label} · {meter.note}"


def bar_line(bar: Bar, cells: int = 20) -> str:
    """`Judging commits ██████░░░░ 3/5`; the label alone while the total is not known."""
    if bar.total is None:
        return bar.label
    full = cells if bar.done >= bar.total else cells * max(bar.done, 0) // bar.total
    return f"{bar.label} {'█' * full}{'░' * (cells - full)} {bar.done:,}/{bar.total:,}"
