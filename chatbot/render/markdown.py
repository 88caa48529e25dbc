"""A view as GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from chatbot.render.addresses import web_address
from chatbot.render.markdown_text import BREAK, fence, heading_line, inline, line, summary
from chatbot.render.spark import bar_line, chart_lines, spark
from chatbot.views.view import (
    Actions,
    Bar,
    Block,
    Bullet,
    Bullets,
    Chart,
    Contents,
    Excerpt,
    Facts,
    Feedback,
    Fold,
    Foot,
    Heading,
    Link,
    Menu,
    Meter,
    Paragraph,
    Quote,
    Runs,
    Section,
    Strong,
    Table,
    Text,
    View,
)
from chatbot.views.visible import visible


def markdown(view: View) -> str:
    """The whole view. Places that are linked to have an anchor of their own (`<a id>`), which GitHub resolves."""
    return "".join(markdown_pieces(view))


def markdown_pieces(view: View) -> Iterator[str]:
    """The same bit by bit."""
    between = ""
    for part in _blocks(view.blocks):
        yield "\n" if isinstance(part, _Line) else between
        yield part
        between = "\n\n"
    yield "\n"


class _Line(str):
    """A further line of the part before it, so that a long list or table is not one text."""

    __slots__ = ()


def _lines(lines: Iterable[str]) -> Iterator[str]:
    """A part of several lines."""
    for number, text in enumerate(lines):
        yield _Line(text) if number else text


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """The parts of a document, with blank lines between; a comment keeps two lists from being one."""
    before = ""
    for block in blocks:
        for part in _WRITERS[type(block)](block):
            if not isinstance(part, _Line):
                if before == part[:2] == "- ":
                    yield BREAK
                before = part[:2]
            yield part


def _heading(block: Heading) -> Iterator[str]:
    anchor = f'<a id="{block.anchor}"></a>' if block.anchor else ""
    yield f"{'#' * min(block.level, 6)} {anchor}{heading_line(block.runs)}"


def _paragraph(block: Paragraph) -> Iterator[str]:
    if block.role == "warning":
        yield f"> ⚠️ {inline(block.runs)}"
    elif text := line(block.runs):
        yield f"<sub>{inline(block.runs)}</sub>" if block.role == "note" else text


def _bullets(block: Bullets) -> Iterator[str]:
    return _lines(text for item in block.items for text in _bullet(item))


def _bullet(item: Bullet) -> Iterator[str]:
    yield f"- {line(item.runs)}"
    yield from (f"  - {line(child)}" for child in item.children)


def _facts(block: Facts) -> Iterator[str]:
    if block.pairs:
        yield "\n".join(f"- {line((Strong(name), Text(block.colon), *runs))}" for name, runs in block.pairs)


def _table(block: Table) -> Iterator[str]:
    rules = ("---:" if column in block.numbers else "---" for column in range(len(block.head)))
    return _lines(chain((_row(block.head), f"| {' | '.join(rules)} |"), map(_row, block.rows)))


def _row(cells: tuple[Runs, ...]) -> str:
    return f"| {' | '.join(inline(cell, cell=True) for cell in cells)} |"


def _quote(block: Quote) -> Iterator[str]:
    yield f"> {line(block.runs)}"


def _excerpt(block: Excerpt) -> Iterator[str]:
    if block.caption:
        yield line(block.caption)
    text = visible(block.text)
    ticks = fence(text)
    yield f"{ticks}text\n{text}\n{ticks}"


def _contents(block: Contents) -> Iterator[str]:
    return _lines(f"{'  ' * entry.level}- {_entry(entry.runs, entry.anchor)}" for entry in block.entries)


def _entry(runs: Runs, anchor: str) -> str:
    return f"[{inline(tuple(Text(run.text) if isinstance(run, Link) else run for run in runs))}](#{anchor})"


def _meter(block: Meter) -> Iterator[str]:
    """The picture as a row of bars in code, its first and last label, and in words what it shows."""
    bars = spark(point.count for point in block.points)
    ends = f"{block.points[0].label} – {block.points[-1].label}"
    yield f"{inline((Strong(block.label),))} `{bars}` {inline((Text(f'{ends} · {block.note}'),))}"


def _actions(block: Actions) -> Iterator[str]:
    links = (Link(action.label, action.url) for action in block.actions if web_address(action.url))
    text = " · ".join(inline((link,)) for link in links)
    if text:
        yield text


def _fold(block: Fold) -> Iterator[str]:
    yield f"<details{' open' if block.open else ''}>\n<summary>{summary(block.summary)}</summary>"
    yield from _blocks(block.blocks)
    yield "</details>"


def _chart(block: Chart) -> Iterator[str]:
    yield "  \n".join(inline((Text(text),)) for text in chart_lines(block))


def _bar(block: Bar) -> Iterator[str]:
    yield inline((Text(bar_line(block)),))


def _foot(block: Foot) -> Iterator[str]:
    return _blocks(block.blocks)


def _nothing(block: Menu | Feedback) -> Iterator[str]:
    """Nothing can be sent back from a file."""
    del block
    return iter(())


def _section(block: Section) -> Iterator[str]:
    yield from _heading(block.heading)
    yield from _blocks(block.blocks)


_WRITERS: dict[type, Callable[..., Iterator[str]]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Facts: _facts,
    Table: _table,
    Quote: _quote,
    Excerpt: _excerpt,
    Contents: _contents,
    Meter: _meter,
    Actions: _actions,
    Fold: _fold,
    Section: _section,
    Chart: _chart,
    Bar: _bar,
    Foot: _foot,
    Menu: _nothing,
    Feedback: _nothing,
}
