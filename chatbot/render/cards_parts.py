"""What Feishu shows of the parts of a view that nobody can press: text, lists, tables, bars, charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from chatbot.render.cards_text import (
    NEWLINE,
    Json,
    Leaf,
    Line,
    bold_leaves,
    bold_markdown,
    clip,
    is_ordinary,
    leaves,
    markdown,
    plain_text,
    split_leaves,
    split_text,
    text_bytes,
)
from chatbot.render.limits import Feishu
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.render.packing import Unit
from chatbot.render.spark import bar_line, chart_lines, meter_line
from chatbot.views.view import (
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
from workers.model import Tier

NO_TEXT = "–"
"""What an empty cell shows."""
WARNING = Text("⚠️ ")
TIER_COLOURS = {Tier.HIGH: "#F54A45", Tier.MEDIUM: "#FFC60A", Tier.LOW: "#34C724"}
"""Of a chart's bars; their names stand beside them."""

DIVIDER = Unit(({"tag": "hr"},), leads=True)
"""A line across the card, which stays with what comes next."""


# --- elements ---------------------------------------------------------------------------------------------------


def div(text: str, **style: str) -> Json:
    """Text in which nothing is read as markup."""
    return {"tag": "div", "text": plain_text(text, **style)}


def title(text: str) -> list[Json]:
    """The same, larger, and in as many elements as it wants."""
    return [div(part, text_size="heading") for part in split_text(text)]


def small(text: str) -> Json:
    """Text in small print in which nothing is read as markup."""
    return div(text, text_size="notation", text_color="grey")


def marked(content: str, **style: str) -> Json:
    """Markdown: what `markdown` has written, and markup of ours around it."""
    return {"tag": "markdown", "content": content, **style}


def columns(*columns_: Json, **style: str) -> Json:
    """Columns side by side."""
    return {"tag": "column_set", **style, "horizontal_spacing": "8px", "columns": list(columns_)}


def column(elements: Iterable[Json], weight: int = 0, **style: str) -> Json:
    """A column as wide as what is in it, or (with a weight) as there is room."""
    width: Json = {"width": "weighted", "weight": weight} if weight else {"width": "auto"}
    return {"tag": "column", **width, **style, "elements": list(elements)}


def said(runs: Line, note: bool = False) -> list[Json]:
    """Runs as one element or more: literal text where they are text alone."""
    cleaned = leaves(runs)
    if all(map(is_ordinary, cleaned)):
        parts = (part.strip() for part in split_text("".join(leaf.text for leaf in cleaned if isinstance(leaf, Text))))
        return [small(part) if note else div(part) for part in parts if part]
    style = {"text_size": "notation"} if note else {}
    return [marked(markdown(part), **style) for part in split_leaves(cleaned)]


def _each(elements: Iterable[Json], leads: bool = False) -> Iterator[Unit]:
    return (Unit((element,), leads=leads) for element in elements)


# --- text -------------------------------------------------------------------------------------------------------


def heading(block: Heading) -> Iterator[Unit]:
    """A line of a size by its level, which stays with what comes next."""
    return headline(block.runs, **({"text_size": "heading"} if block.level <= 2 else {}))


def headline(runs: Runs, **style: str) -> Iterator[Unit]:
    """A bold line, which stays with what comes next."""
    return _each((marked(bold_markdown(part), **style) for part in split_leaves(bold_leaves(runs))), leads=True)


def paragraph(block: Paragraph) -> Iterator[Unit]:
    """Text; a remark in small print, a warning with its sign."""
    return _each(paragraph_elements(block))


def paragraph_elements(block: Paragraph) -> list[Json]:
    """The elements of a paragraph."""
    return said((WARNING, *block.runs) if block.role == "warning" else block.runs, block.role == "note")


def note(text: str) -> list[Json]:
    """Small print."""
    return said((Text(text),), note=True)


def bullets(block: Bullets) -> Iterator[Unit]:
    """A list in as many elements as its length wants, each of whole items unless one is too long itself."""
    return _each(_lists((indent, part) for item in block.items for indent, part in _item(item.runs, item.children)))


def _item(runs: Runs, children: Iterable[Runs]) -> Iterator[tuple[int, list[Leaf]]]:
    for indent, each in ((0, runs), *((1, child) for child in children)):
        yield from ((indent, part) for part in split_leaves(leaves(each)))


def _lists(items: Iterable[tuple[int, list[Leaf]]]) -> Iterator[Json]:
    lines: list[str] = []
    used = 0
    for indent, part in items:
        line = f"{'    ' * indent}- {markdown(part)}"
        wanted = text_bytes(line + "\n")
        if lines and used + wanted > Feishu.TEXT:
            yield marked("\n".join(lines))
            lines, used = [], 0
        lines.append(line)
        used += wanted
    if lines:
        yield marked("\n".join(lines))


def facts(block: Facts) -> Iterator[Unit]:
    """A line for each fact."""
    lines: list[Leaf] = []
    for name, runs in block.pairs:
        lines += [*([NEWLINE] if lines else []), *leaves((Strong(name), Text(block.colon), *runs))]
    return _each(marked(markdown(part)) for part in split_leaves(lines))


def quote(block: Quote) -> Iterator[Unit]:
    """Text beside a bar."""
    return _each(marked(f"> {markdown(part)}") for part in split_leaves(leaves(block.runs)))


def excerpt(block: Excerpt) -> Iterator[Unit]:
    """Lines exactly as they are on a grey ground, cut between lines where there are too many.

    Not in a fence: what ends one is up to the client.
    """
    for element in said(block.caption):
        yield Unit((element,), leads=True)
    for text in split_text(visible(block.text)):
        if shown := text.strip("\n"):
            yield Unit((columns(column([div(shown)], weight=1, background_style="grey", padding="8px 12px 8px 12px")),))


# --- tables -----------------------------------------------------------------------------------------------------


def table(block: Table) -> Iterator[Unit]:
    """A table that may go on in the next card; a list where it has more columns than a table may have."""
    if not block.rows or len(block.rows[0]) > Feishu.TABLE_COLUMNS:
        yield from listed(block)
        return
    rich = [_is_rich(block.rows, n) for n in range(len(block.rows[0]))]
    head = [_column(n, block, is_rich) for n, is_rich in enumerate(rich)]
    rows = tuple({f"c{n}": _cell(runs, rich[n]) for n, runs in enumerate(row)} for row in block.rows)
    yield Unit((), rows=rows, table=partial(_table, head))


def listed(block: Table) -> Iterator[Unit]:
    """A table where none can stand: an item for each row."""
    rows = (_joined(row) for row in block.rows)
    return _each(_lists((0, part) for row in rows for part in split_leaves(leaves(row))))


def _joined(row: Sequence[Runs]) -> Line:
    for number, cell in enumerate(row):
        yield from (*((Text(" · "),) if number else ()), *cell)


def _is_rich(rows: Iterable[Sequence[Runs]], number: int) -> bool:
    return any(not isinstance(run, Text) for row in rows for run in leaves(row[number]))


def _column(number: int, block: Table, is_rich: bool) -> Json:
    return {
        "name": f"c{number}",
        "display_name": one_line(plain(block.head[number])) if block.head else "",
        "data_type": "markdown" if is_rich else "text",
        "width": "auto",
        "horizontal_align": "right" if number in block.numbers else "left",
        "vertical_align": "top",
    }


def _cell(runs: Runs, is_rich: bool) -> str:
    first, *more = [*split_leaves(leaves(runs), Feishu.TABLE_CELL)] or [[]]
    whole = [*first, Text("…")] if more else first
    text = markdown(whole) if is_rich else plain(tuple(whole)).strip()
    return text or NO_TEXT


def _table(head: list[Json], rows: Sequence[Json]) -> Json:
    return {
        "tag": "table",
        "page_size": max(1, min(len(rows), Feishu.TABLE_PAGE)),
        "row_height": "auto",
        "row_max_height": "124px",
        "header_style": {"background_style": "grey", "bold": True},
        "columns": head,
        "rows": list(rows),
    }


# --- pictures ---------------------------------------------------------------------------------------------------


def meter(block: Meter) -> Iterator[Unit]:
    """The bars in a line of small print."""
    return _each(note(meter_line(block)))


def bar(block: Bar) -> Iterator[Unit]:
    """A line with a bar of characters."""
    return _each(said((Text(bar_line(block)),)))


def drawn(chart: Chart) -> Iterator[Unit]:
    """A chart that Feishu draws, and below it in words what it shows."""
    values = [
        {"day": label, "tier": f"{TIER_MARKS[one.tier]} {one.name}", "n": count}
        for one in chart.series
        for label, count in [*zip(chart.labels, one.counts, strict=True)][-Feishu.CHART_POINTS :]
    ]
    spec: Json = {
        "type": "bar",
        "title": {"text": chart.title},
        "data": {"values": values},
        "xField": "day",
        "yField": "n",
        "seriesField": "tier",
        "stack": True,
        "color": [TIER_COLOURS[one.tier] for one in chart.series],
        "legends": {"visible": True, "orient": "bottom"},
    }
    yield Unit(({"tag": "chart", "aspect_ratio": "16:9", "chart_spec": spec}, *note(chart.note)))


def told(chart: Chart) -> Iterator[Unit]:
    """The same where no charts are drawn: a line of bars for each tier, in small print."""
    text = "\n".join(map(one_line, chart_lines(chart)))
    yield Unit((small(clip(text, Feishu.TEXT)),))
