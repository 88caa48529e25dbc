"""A view in a terminal: in colour on a screen, as bare lines everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table as Grid

from chatbot.render.addresses import web_address
from chatbot.render.plain import plain_text
from chatbot.render.prose import TIER_STYLES, Prose, prose
from chatbot.render.spark import axis, spark
from chatbot.views.view import (
    Actions,
    Block,
    Bullets,
    Contents,
    Excerpt,
    Facts,
    Fold,
    Heading,
    Meter,
    Paragraph,
    Quote,
    Section,
    Table,
    View,
)
from chatbot.views.visible import visible
from workers.model import Tier

BAR = "▎"
WIDE_ENOUGH = 36
"""Cells that a table's wide column should have before columns at its end are shown."""
WIDEST_MARGIN = 24
"""Cells that any other column takes at most."""
READABLE = 120
"""Cells of the widest line of text: longer lines are hard to follow."""

_ROLE_STYLES = {"text": "", "reason": "italic", "note": "dim", "warning": "yellow"}


def terminal(view: View, console: Console) -> None:
    """Prints a view: laid out for a screen that can show it, else plain text without colour, boxes or wrapping.

    What the encoding of the console's file cannot say is written as `?`.
    """
    if not console.is_terminal or console.is_dumb_terminal or not console.encoding.startswith("utf"):
        text = plain_text(view).encode(console.encoding, "replace")
        console.file.write(text.decode(console.encoding))
        return
    width = min(console.width, READABLE)
    for block in view.blocks:
        console.print(_block(block, width), width=width)


@dataclass(frozen=True, slots=True)
class Barred:
    """Something with a bar of a colour along its left side."""

    inside: RenderableType
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inner = options.update(width=max(1, options.max_width - 2), height=None)
        for line in console.render_lines(self.inside, inner, pad=False):
            yield Segment(f"{BAR} ", console.get_style(self.style))
            yield from line
            yield Segment.line()


def _block(block: Block, width: int) -> RenderableType:
    return _WRITERS[type(block)](block, width)


def _group(blocks: Iterable[Block], width: int) -> Group:
    return Group(*(_block(block, width) for block in blocks))


def _section(block: Section, width: int) -> RenderableType:
    if block.role == "commit":
        return _commit(block, width)
    parts = [_block(part, width) for part in block.blocks]
    if block.role == "tier":
        parts = list(_spaced(parts))
    elif block.heading.level == 1 and len(parts) > 1 and isinstance(block.blocks[-1], Paragraph):
        parts.insert(-1, "")
    return Group(*_heading_lines(block.heading, block.tier, width), *parts)


def _commit(block: Section, width: int) -> RenderableType:
    title = prose(block.heading.runs, "bold")
    return Barred(Group(title, _group(block.blocks, width - 2)), TIER_STYLES[block.tier or Tier.LOW])


def _spaced(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        yield from ("", part) if number else (part,)


def _heading(block: Heading, width: int) -> RenderableType:
    return Group(*_heading_lines(block, None, width))


def _heading_lines(heading: Heading, tier: Tier | None, width: int) -> Iterator[RenderableType]:
    match heading.level:
        case 1:
            yield prose(heading.runs, "bold")
        case 2:
            yield ""
            title = prose(heading.runs, "bold cyan")
            fits = title.cell_len + 4 < width
            yield Rule(title, align="left", style="cyan", characters="─") if fits else title
        case _:
            yield ""
            yield prose(heading.runs, f"bold {TIER_STYLES[tier]}" if tier else "bold")


def _paragraph(block: Paragraph, width: int) -> RenderableType:
    del width
    return prose(block.runs, _ROLE_STYLES[block.role])


def _bullets(block: Bullets, width: int) -> RenderableType:
    del width
    grid = _grid("•")
    for item in block.items:
        inner = _grid("–")
        for child in item.children:
            inner.add_row("–", prose(child))
        grid.add_row("•", Group(prose(item.runs), inner) if item.children else prose(item.runs))
    return grid


def _grid(mark: str) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=len(mark), style="dim", no_wrap=True)
    grid.add_column()
    return grid


def _facts(block: Facts, width: int) -> RenderableType:
    del width
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, runs in block.pairs:
        grid.add_row(name, prose(runs))
    return grid


def _table(block: Table, width: int) -> RenderableType:
    """A line for each row, or more where the wide column needs them; other columns are cut with a mark."""
    columns = _columns(block, width)
    table = Grid(box=None, show_header=bool(block.head), pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    for column in columns:
        head = prose(block.head[column]) if block.head else ""
        side: JustifyMethod = "right" if column in block.numbers else "left"
        ratio = 1 if column == block.wide else None
        most = None if ratio else WIDEST_MARGIN
        table.add_column(head, justify=side, ratio=ratio, no_wrap=not ratio, overflow="ellipsis", max_width=most)
    for row in block.rows:
        table.add_row(*(prose(row[column], "" if column == block.wide else "dim") for column in columns))
    return table


def _columns(block: Table, width: int) -> list[int]:
    """The columns that leave the wide one enough room: all of them, or fewer from the end."""
    count = len(block.rows[0]) if block.rows else len(block.head)
    sizes = [_column_width(block, column) + 2 for column in range(count)]
    columns = list(range(count))
    while columns[-1:] != [block.wide] and width - sum(sizes[c] for c in columns if c != block.wide) < WIDE_ENOUGH:
        columns.pop()
    return columns


def _column_width(block: Table, column: int) -> int:
    cells = (*((block.head[column],) if block.head else ()), *(row[column] for row in block.rows))
    return min(WIDEST_MARGIN, max((prose(cell).cell_len for cell in cells), default=0))


def _quote(block: Quote, width: int) -> RenderableType:
    del width
    return Barred(prose(block.runs), "dim")


def _excerpt(block: Excerpt, width: int) -> RenderableType:
    del width
    lines = Barred(Prose(visible(block.text).expandtabs(4)), "dim")
    return Group(prose(block.caption), lines) if block.caption else lines


def _meter(block: Meter, width: int) -> RenderableType:
    each = 2 if len(block.points) * 2 <= width - 2 else 1
    bars = Prose()
    for point, bar in zip(block.points, spark(point.count for point in block.points), strict=True):
        bars.append(bar * each, "cyan" if point.count else "dim")
    labels = Prose(axis([point.short for point in block.points], each), "dim")
    return Padding(Group(bars, labels, Prose(f"{block.label} · {block.note}", "dim")), (1, 0))


def _contents(block: Contents, width: int) -> RenderableType:
    """Nothing: a terminal has no place to jump to."""
    del block, width
    return Group()


def _actions(block: Actions, width: int) -> RenderableType:
    del width
    addresses = ((action.label, web_address(action.url)) for action in block.actions)
    return Group(*(Prose(f"{label}: {address}", "blue") for label, address in addresses if address))


def _fold(block: Fold, width: int) -> RenderableType:
    return Group(prose(block.summary, "dim"), Padding(_group(block.blocks, width - 2), (0, 0, 0, 2)))


_WRITERS: dict[type, Callable[..., RenderableType]] = {
    Section: _section,
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Facts: _facts,
    Table: _table,
    Quote: _quote,
    Excerpt: _excerpt,
    Meter: _meter,
    Contents: _contents,
    Actions: _actions,
    Fold: _fold,
}
