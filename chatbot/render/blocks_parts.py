"""What Slack shows of the parts of a view that nobody can press: text, lists, tables, bars, charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chatbot.render.blocks_text import (
    Json,
    clip,
    leaf_size,
    leaves,
    newline,
    plain_text,
    size,
    split_leaves,
    split_text,
)
from chatbot.render.limits import Slack
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.render.packing import Unit
from chatbot.render.spark import bar_line, chart_lines, meter_line
from chatbot.views.view import (
    Badge,
    Bar,
    Bullets,
    Chart,
    Excerpt,
    Facts,
    Heading,
    Meter,
    Paragraph,
    Quote,
    Runs,
    Strong,
    Table,
    Text,
    plain,
)
from chatbot.views.visible import one_line, visible

NO_TEXT = "–"
"""What an empty cell shows: Slack refuses one without text."""

DIVIDER = Unit(({"type": "divider"},), leads=True)
"""A line across the message, which stays with what comes next."""


def rich(*elements: Json) -> Json:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(elements)}


def heading(block: Heading) -> Iterator[Unit]:
    """A header as far as one holds the text and there is no tier in it, else a bold line."""
    text = one_line(plain(block.runs)).strip()
    badge = any(isinstance(run, Badge) for run in block.runs)
    if block.level <= 2 and text and size(text) <= Slack.HEADER and not badge:
        yield Unit(({"type": "header", "text": plain_text(text)},), leads=True)
    else:
        yield from headline(block.runs)


def headline(runs: Runs) -> Iterator[Unit]:
    """A bold line, which stays with what comes next."""
    for part in split_leaves(leaves(runs, bold=True)):
        yield Unit((_section(part),), leads=True)


def paragraph(block: Paragraph) -> Iterator[Unit]:
    """A remark stands in small print where it is text alone: Slack's small print has no literal links."""
    if block.role == "note" and all(isinstance(run, Text | Badge) for run in block.runs):
        yield from (Unit((one,)) for one in note(plain(_with_marks(block.runs))))
    else:
        yield from (Unit((_section(part),)) for part in split_leaves(marked(block)))


def marked(block: Paragraph) -> list[Json]:
    """The leaves of a paragraph; a warning has its sign."""
    sign = [{"type": "emoji", "name": "warning"}, *leaves((Text(" "),))] if block.role == "warning" else []
    return [*sign, *leaves(block.runs)]


def note(text: str) -> list[Json]:
    """Small print."""
    parts = (part.strip() for part in split_text(one_line(text)))
    return [{"type": "context", "elements": [plain_text(part)]} for part in parts if part]


def bullets(block: Bullets) -> Iterator[Unit]:
    """A list in as many blocks as its length wants, each of whole items unless one is too long itself."""
    lists: list[Json] = []
    used = 0
    for indent, part in _items(block):
        wanted = sum(map(leaf_size, part))
        if lists and used + wanted > Slack.TEXT:
            yield Unit((rich(*lists),))
            lists, used = [], 0
        if not lists or lists[-1]["indent"] != indent:
            lists.append({"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": []})
        lists[-1]["elements"].append({"type": "rich_text_section", "elements": part})
        used += wanted
    if lists:
        yield Unit((rich(*lists),))


def facts(block: Facts) -> Iterator[Unit]:
    """A line for each fact."""
    lines: list[Json] = []
    for name, runs in block.pairs:
        lines += [*([newline()] if lines else []), *leaves((Strong(name), Text(block.colon), *runs))]
    yield from (Unit((_section(part),)) for part in split_leaves(lines))


def quote(block: Quote) -> Iterator[Unit]:
    """Text beside a bar."""
    for part in split_leaves(leaves(block.runs)):
        yield Unit((rich({"type": "rich_text_quote", "elements": part}),))


def excerpt(block: Excerpt) -> Iterator[Unit]:
    """Lines exactly as they are, cut between lines where there are too many."""
    yield from (Unit((_section(part),), leads=True) for part in split_leaves(leaves(block.caption)))
    for text in split_text(visible(block.text)):
        if shown := text.strip("\n"):
            element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": shown}]}
            yield Unit((rich(element),))


def table(block: Table) -> Iterator[Unit]:
    """A table that may go on in the next message."""
    if block.rows:
        wide = [{"is_wrapped": True} if n == block.wide else {} for n in range(len(block.rows[0]))]
        columns = [{**one, "align": "right" if n in block.numbers else "left"} for n, one in enumerate(wide)]
        head = [list(map(_cell, block.head))] if block.head else []

        def made(rows: Sequence[list[Json]]) -> Json:
            return {"type": "table", "rows": [*head, *rows], "column_settings": columns}

        yield Unit((), rows=tuple(list(map(_cell, row)) for row in block.rows), table=made)


def meter(block: Meter) -> Iterator[Unit]:
    """The bars in a line of small print."""
    yield from (Unit((one,)) for one in note(meter_line(block)))


def bar(block: Bar) -> Iterator[Unit]:
    """A line with a bar of characters."""
    yield Unit((_section(leaves((Text(bar_line(block)),))),))


def drawn(chart: Chart) -> Iterator[Unit]:
    """A chart that Slack draws."""
    labels = [clip(label, Slack.CHART_LABEL) for label in chart.labels[-Slack.CHART_POINTS :]]
    series = [
        {
            "name": clip(one.name, Slack.CHART_LABEL),
            "data": [
                {"label": label, "value": count}
                for label, count in zip(labels, one.counts[-len(labels) :], strict=True)
            ],
        }
        for one in chart.series
    ]
    yield Unit(
        (
            {
                "type": "data_visualization",
                "title": clip(chart.title, Slack.CHART_TITLE),
                "chart": {"type": "bar", "series": series, "axis_config": {"categories": labels}},
            },
        )
    )


def told(chart: Chart) -> Iterator[Unit]:
    """The same for a workspace that refuses charts: a line of bars for each tier, in small print."""
    text = "\n".join(map(one_line, chart_lines(chart)))
    yield Unit(({"type": "context", "elements": [plain_text(text)]},))


def _section(part: list[Json]) -> Json:
    return rich({"type": "rich_text_section", "elements": part})


def _with_marks(runs: Runs) -> Runs:
    return tuple(Text(f"{TIER_MARKS[run.tier]} {run.label}") if isinstance(run, Badge) else run for run in runs)


def _items(block: Bullets) -> Iterator[tuple[int, list[Json]]]:
    """The items with their indent; one that is too long for a block comes as several."""
    for item in block.items:
        for indent, runs in ((0, item.runs), *((1, child) for child in item.children)):
            yield from ((indent, part) for part in split_leaves(leaves(runs)))


def _cell(runs: Runs) -> Json:
    """A cell of a table: literal text, or rich text where it has links."""
    found: Iterable[Json] = leaves(runs)
    first, *more = [*split_leaves(found, Slack.TABLE_CELL - 1)] or [[]]
    if more:
        first = [*first, *leaves((Text("…"),))]
    if all(leaf["type"] == "text" and "style" not in leaf for leaf in first):
        return {"type": "raw_text", "text": "".join(leaf["text"] for leaf in first).strip() or NO_TEXT}
    return _section(first)
