"""Blocks put into as few messages as a platform allows, in their order, cut only between what belongs together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]
Cost = tuple[int, ...]
"""What something takes of each thing that a message has a limit for, such as characters, blocks, tables."""

FEWEST_ROWS = 5
"""Rows of a table that are worth beginning it at the end of a message."""


@dataclass(frozen=True)
class Form:
    """What a message of a platform holds, and what of it a block takes."""

    most: Cost
    heading: Cost
    """What headings take at most that are kept with what comes next."""
    rows: int
    """Rows of a table in one message, its head not counted."""
    cost: Callable[[Json], Cost]
    """Of a block; a table without rows too."""
    row_cost: Callable[[Any], Cost]

    def total(self, blocks: Iterable[Json]) -> Cost:
        """What the blocks take together."""
        return _plus((0,) * len(self.most), *map(self.cost, blocks))

    def holds(self, blocks: Iterable[Json]) -> bool:
        """Whether a message has room for the blocks."""
        return _within(self.total(blocks), self.most)


@dataclass(frozen=True)
class Unit:
    """Blocks that stay in one message, and after them perhaps a table, which may go on in the next with its head."""

    blocks: tuple[Json, ...]
    rows: tuple[Any, ...] = ()
    table: Callable[[Sequence[Any]], Json] = lambda _: {}
    """Makes the table of some of the rows."""
    leads: bool = False
    """Whether it is a heading, which stays with what comes next."""

    def after(self, heading: Unit) -> Unit:
        """The same with a heading before it."""
        return replace(self, blocks=(*heading.blocks, *self.blocks))


@dataclass
class _Page:
    form: Form
    most: Cost
    used: Cost
    blocks: list[Json] = field(default_factory=list)

    def takes(self, cost: Cost) -> bool:
        """Whether there is room for that."""
        return _within(_plus(self.used, cost), self.most)

    def put(self, blocks: Sequence[Json]) -> None:
        """Adds the blocks."""
        self.blocks += blocks
        self.used = _plus(self.used, self.form.total(blocks))


def pack(
    units: Iterable[Unit], form: Form, foot: Sequence[Json] = (), continued: Sequence[Json] = ()
) -> list[list[Json]]:
    """The blocks of each message. `foot` ends the first one, after `continued` where there are more."""
    nothing = form.total(())
    reserved = [*continued, *foot]
    room = tuple(most - wanted for most, wanted in zip(form.most, form.total(reserved), strict=True))
    pages = [_Page(form, room, nothing)]
    for unit in _with_headings(units, form):
        rest: Unit | None = unit
        while rest is not None:
            rest = _put(rest, pages)
    pages[0].blocks += reserved if len(pages) > 1 else foot
    return [page.blocks for page in pages]


def _with_headings(units: Iterable[Unit], form: Form) -> Iterable[Unit]:
    """Every heading together with what it heads; one that is as long as a text is left to itself."""
    held: Unit | None = None
    for unit in units:
        if held and not _within(form.total(held.blocks), form.heading):
            yield held
            held = None
        joined = unit.after(held) if held else unit
        held = joined if unit.leads else None
        if held is None:
            yield joined
    if held:
        yield held


def _put(unit: Unit, pages: list[_Page]) -> Unit | None:
    """Puts a unit on the last page or on a new one; what is left of its table, or None."""
    page = pages[-1]
    rows = _rows_that_fit(unit, page)
    enough = rows >= min(len(unit.rows), FEWEST_ROWS) and page.takes(page.form.total(unit.blocks))
    if not enough and page.blocks:
        pages.append(_Page(page.form, page.form.most, page.form.total(())))
        return unit
    rows = max(rows, min(1, len(unit.rows)))
    table = [unit.table(unit.rows[:rows])] if rows else []
    page.put([*unit.blocks, *table])
    return replace(unit, blocks=(), rows=unit.rows[rows:]) if rows < len(unit.rows) else None


def _rows_that_fit(unit: Unit, page: _Page) -> int:
    if not unit.rows:
        return 0
    cost = page.form.total((*unit.blocks, unit.table(())))
    rows = 0
    for row in unit.rows[: page.form.rows]:
        cost = _plus(cost, page.form.row_cost(row))
        if not page.takes(cost):
            break
        rows += 1
    return rows


def _plus(*costs: Cost) -> Cost:
    return tuple(map(sum, zip(*costs, strict=True)))


def _within(cost: Cost, most: Cost) -> bool:
    return all(wanted <= room for wanted, room in zip(cost, most, strict=True))
