"""A view in a terminal: in colour on a screen, as bare lines everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table as Grid

from chatbot.render.addresses import web_address
from chatbot.render.plain import plain_lines
from chatbot.render.prose import TIER_STYLES, Prose, prose
from chatbot.render.spark import axis, bar_line, chart_lines, spark
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
)
from chatbot.views.visible import one_line, visible
from workers.model import Tier

BAR = "▎"
WIDE_ENOUGH = 36
"""Cells that a table's wide column should have before columns at its end are shown."""
PAGE = 100
"""Rows of a table, or items of a list, that are laid out at once."""
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
        for line in plain_lines(view):
            console.file.write(line.encode(console.encoding, "replace").decode(console.encoding))
        return
    width = min(console.width, READABLE)
    for block in view.blocks:
        for piece in _pieces(block, width):
            console.print(Group(piece), width=width)


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


def _pieces(block: Block, width: int) -> Iterator[RenderableType]:
    """A block in pieces of which each can be printed, and forgotten, before the next is made."""
    if type(block) in _IN_PIECES:
        yield from _IN_PIECES[type(block)](block, width)
    else:
        yield _WHOLE[type(block)](block, width)


def _group(blocks: Iterable[Block], width: int) -> Group:
    return Group(*(piece for block in blocks for piece in _pieces(block, width)))


def _section(block: Section, width: int) -> Iterator[RenderableType]:
    if block.role == "commit":
        yield _commit(block, width)
        return
    yield from _heading_lines(block.heading, block.tier, width)
    last = len(block.blocks) - 1
    ends_with_note = block.heading.level == 1 and isinstance(block.blocks[-1], Paragraph)
    for number, part in enumerate(block.blocks):
        if number and (block.role == "tier" or (ends_with_note and number == last)):
            yield ""
        yield from _pieces(part, width)


def _commit(block: Section, width: int) -> RenderableType:
    title = prose(block.heading.runs, "bold")
    return Barred(Group(title, _group(block.blocks, width - 2)), TIER_STYLES[block.tier or Tier.LOW])


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


def _bullets(block: Bullets, width: int) -> Iterator[RenderableType]:
    del width
    items = iter(block.items)
    while page := list(islice(items, PAGE)):
        grid = _grid("•")
        for item in page:
            inner = _grid("–")
            for child in item.children:
                inner.add_row("–", prose(child))
            grid.add_row("•", Group(prose(item.runs), inner) if item.children else prose(item.runs))
        yield grid


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


def _table(block: Table, width: int) -> Iterator[RenderableType]:
    """A line for each row, or more where the wide column needs them; other columns are cut with a mark.

    Comes in pages that have the same columns, each as wide as in the page that needs it widest.
    """
    sizes = _sizes(block)
    columns = _columns(block, sizes, width)
    rows = iter(block.rows)
    head: tuple[Runs, ...] = block.head
    while (page := list(islice(rows, PAGE))) or head:
        table = Grid(box=None, show_header=bool(head), pad_edge=False, padding=(0, 2, 0, 0), expand=True)
        for column in columns:
            side: JustifyMethod = "right" if column in block.numbers else "left"
            title = prose(head[column]) if head else ""
            if column == block.wide:
                table.add_column(title, justify=side, ratio=1, overflow="ellipsis")
            else:
                table.add_column(title, justify=side, width=sizes[column], no_wrap=True, overflow="ellipsis")
        for row in page:
            table.add_row(*(prose(row[column], "" if column == block.wide else "dim") for column in columns))
        yield table
        head = ()


def _sizes(block: Table) -> list[int]:
    """How many cells each column takes, if it is not the wide one."""
    sizes: list[int] = []
    for row in chain((block.head,) if block.head else (), block.rows):
        widths = (min(WIDEST_MARGIN, prose(cell).cell_len) for cell in row)
        sizes = [max(pair) for pair in zip_longest(sizes, widths, fillvalue=0)]
    return sizes


def _columns(block: Table, sizes: Sequence[int], width: int) -> list[int]:
    """The columns that leave the wide one enough room: all of them, or fewer from the end."""
    columns = list(range(len(sizes)))
    while columns[-1:] != [block.wide] and width - sum(sizes[c] + 2 for c in columns if c != block.wide) < WIDE_ENOUGH:
        columns.pop()
    return columns


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


def _chart(block: Chart, width: int) -> RenderableType:
    del width
    return Group(*(Prose(one_line(line), "dim") for line in chart_lines(block)))


def _bar(block: Bar, width: int) -> RenderableType:
    del width
    return Prose(one_line(bar_line(block)))


def _foot(block: Foot, width: int) -> RenderableType:
    return _group(block.blocks, width)


def _nothing(block: Contents | Menu | Feedback, width: int) -> RenderableType:
    """A terminal has no place to jump to and nothing to press."""
    del block, width
    return Group()


def _actions(block: Actions, width: int) -> RenderableType:
    del width
    addresses = ((action.label, web_address(action.url)) for action in block.actions)
    return Group(*(Prose(f"{label}: {address}", "blue") for label, address in addresses if address))


def _fold(block: Fold, width: int) -> RenderableType:
    return Group(prose(block.summary, "dim"), Padding(_group(block.blocks, width - 2), (0, 0, 0, 2)))


_IN_PIECES: dict[type, Callable[..., Iterator[RenderableType]]] = {
    Section: _section,
    Bullets: _bullets,
    Table: _table,
}
_WHOLE: dict[type, Callable[..., RenderableType]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Facts: _facts,
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
