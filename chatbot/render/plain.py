"""A view as bare lines of text, for files and pipes: no colour, no boxes, a line for each thing however long it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from chatbot.render.spark import bar_line, chart_lines
from chatbot.views.view import (
    Actions,
    Bar,
    Block,
    Bullets,
    Chart,
    Contents,
    Excerpt,
    Facts,
    Feedback,
    Fold,
    Foot,
    Heading,
    Menu,
    Meter,
    Paragraph,
    Quote,
    Runs,
    Section,
    Table,
    View,
    plain,
)
from chatbot.views.visible import one_line, visible


def plain_text(view: View) -> str:
    """The whole view; contents are left out, since nothing can be followed."""
    return "".join(plain_lines(view))


def plain_lines(view: View) -> Iterator[str]:
    """The same line by line, each with its end."""
    for number, line in enumerate(_blocks(view.blocks)):
        if number or line:
            yield f"{line}\n"


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    return chain.from_iterable(_WRITERS[type(block)](block) for block in blocks)


def _line(runs: Runs) -> str:
    return one_line(plain(runs)).strip()


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" if line else "" for line in lines)


def _section(block: Section) -> Iterator[str]:
    yield from _heading(block.heading)
    for number, part in enumerate(block.blocks):
        if block.heading.level == 1 and number and isinstance(part, Paragraph):
            yield ""
        lines = _blocks((part,))
        yield from _indented(lines) if block.role == "commit" else lines


def _heading(block: Heading) -> Iterator[str]:
    yield ""
    yield _line(block.runs)


def _paragraph(block: Paragraph) -> Iterator[str]:
    yield _line(block.runs)


def _bullets(block: Bullets) -> Iterator[str]:
    for item in block.items:
        yield f"- {_line(item.runs)}"
        yield from (f"  - {_line(child)}" for child in item.children)


def _facts(block: Facts) -> Iterator[str]:
    yield from (f"{one_line(name)}{block.colon}{_line(runs)}" for name, runs in block.pairs)


def _table(block: Table) -> Iterator[str]:
    rows = chain((block.head,) if block.head else (), block.rows)
    yield from ("  ".join(filter(None, map(_line, row))) for row in rows)


def _quote(block: Quote) -> Iterator[str]:
    yield _line(block.runs)


def _excerpt(block: Excerpt) -> Iterator[str]:
    if block.caption:
        yield _line(block.caption)
    yield from _indented(visible(block.text).split("\n"))


def _meter(block: Meter) -> Iterator[str]:
    counts = " ".join(f"{point.short}×{point.count:,}" for point in block.points if point.count)
    yield f"{block.label} · {block.note} · {counts}"


def _nothing(block: Block) -> Iterator[str]:
    del block
    return iter(())


def _chart(block: Chart) -> Iterator[str]:
    return map(one_line, chart_lines(block))


def _bar(block: Bar) -> Iterator[str]:
    yield one_line(bar_line(block))


def _foot(block: Foot) -> Iterator[str]:
    return _blocks(block.blocks)


def _actions(block: Actions) -> Iterator[str]:
    yield from (f"{action.label}: {one_line(action.url)}" for action in block.actions if action.url)


def _fold(block: Fold) -> Iterator[str]:
    yield _line(block.summary)
    yield from _indented(_blocks(block.blocks))


_WRITERS: dict[type, Callable[..., Iterator[str]]] = {
    Section: _section,
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Facts: _facts,
    Table: _table,
    Quote: _quote,
    Excerpt: _excerpt,
    Meter: _meter,
    Contents: _nothing,
    Actions: _actions,
    Fold: _fold,
    Chart: _chart,
    Bar: _bar,
    Foot: _foot,
    Menu: _nothing,
    Feedback: _nothing,
}
