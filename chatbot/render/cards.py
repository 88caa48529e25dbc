"""A view as Feishu messages: Card JSON 2.0 within its limits, in which no text of others is anything but text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from chatbot.messaging import key_of_part
from chatbot.render import cards_parts as parts
from chatbot.render.cards_controls import buttons, feedback, menus, rows
from chatbot.render.cards_frame import Frame, frame_of
from chatbot.render.cards_pack import form
from chatbot.render.cards_text import Json, card_bytes, clip, plain_text, split_text
from chatbot.render.limits import Feishu
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.render.packing import Unit, pack
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
    Section,
    Table,
    View,
    plain,
    walk,
)
from chatbot.views.visible import one_line

TURNS = "menu"
"""The kind of the buttons that lead to another page of a menu, and stay with it."""


def feishu_messages(
    view: View, *, thread: bool = False, charts: bool = True, key: str = "", webhook: bool = False
) -> list[Json]:
    """The messages to send, in order: `{"card", "thread"}`, and with a `key` the `uuid` of each.

    The first stands in the group (in the thread, if `thread`), the others in the thread. `charts` is False for clients
    that draw none: they are told in text then. `webhook`: for a custom bot, which takes less and hears of no press.
    """
    frame = frame_of(view, Feishu.WEBHOOK_BYTES if webhook else Feishu.REQUEST_BYTES)
    writer = _Writer(charts=charts, callbacks=not webhook)
    foot = next((block for block in walk(view.blocks) if isinstance(block, Foot)), None)
    ending, moved = _ending(writer, foot) if foot else ([], [])
    continued = parts.note(foot.continued) if foot else []
    units = [*map(_unit, frame.first), *writer.units(frame.blocks), *moved]
    pages = pack(units, frame.form, ending, continued)
    return [
        _message(frame, elements, (number, len(pages)), thread, key) for number, elements in enumerate(pages, start=1)
    ]


def _message(frame: Frame, elements: list[Json], part: tuple[int, int], thread: bool, key: str) -> Json:
    number = part[0]
    message: Json = {"card": frame.card(elements, part), "thread": thread or number > 1}
    return {**message, "uuid": key_of_part(key, number - 1)} if key else message


def _unit(element: Json) -> Unit:
    return Unit((element,))


# --- the end of the first card ----------------------------------------------------------------------------------


def _ending(writer: _Writer, foot: Foot) -> tuple[list[Json], list[Unit]]:
    """What ends the first card, and what of it is too large for that and goes last."""
    room = form(Feishu.FOOT, Feishu.FOOT_ELEMENTS, 0)
    kept: list[Json] = []
    moved: list[Unit] = []
    for block in _with_turns(foot.blocks):
        units = list(writer.units(block))
        elements = [element for unit in units for element in unit.blocks]
        if any(unit.rows for unit in units) or not room.holds([*kept, *elements]):
            moved += units
        else:
            kept += elements
    return kept, moved


def _with_turns(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """The blocks; a menu together with the buttons that turn its pages."""
    turning = [action for block in blocks if isinstance(block, Actions) for action in block.actions]
    turns = Actions(tuple(action for action in turning if action.kind == TURNS))
    has_menu = any(isinstance(block, Menu) for block in blocks)
    for block in blocks:
        if isinstance(block, Menu):
            yield (block, turns)
        elif isinstance(block, Actions) and has_menu:
            yield (Actions(tuple(action for action in block.actions if action.kind != TURNS)),)
        else:
            yield (block,)


# --- the blocks -------------------------------------------------------------------------------------------------


class _Writer:
    """Makes units of the blocks of one view. `depth`: how many panels it is in."""

    def __init__(self, *, charts: bool, callbacks: bool, depth: int = 0) -> None:
        self._charts, self._callbacks, self._depth = charts, callbacks, depth
        self._aspects = 0
        self._writers: dict[type, Callable[..., Iterator[Unit]]] = {
            Heading: parts.heading,
            Paragraph: parts.paragraph,
            Bullets: parts.bullets,
            Facts: parts.facts,
            Table: parts.listed if depth else parts.table,
            Quote: parts.quote,
            Excerpt: parts.excerpt,
            Meter: parts.meter,
            Bar: parts.bar,
            Chart: parts.drawn if charts else parts.told,
            Contents: _nothing,
            Foot: _nothing,
            Actions: self._actions,
            Menu: self._menu,
            Feedback: self._feedback,
            Fold: self._fold,
            Section: self._section,
        }

    def units(self, blocks: Iterable[Block]) -> Iterator[Unit]:
        """The blocks in reading order, the Foot left out."""
        for block in blocks:
            yield from self._writers[type(block)](block)

    def _section(self, section: Section) -> Iterator[Unit]:
        if section.role == "commit" and section.heading.level > 1:
            yield from self._item(section)
        elif section.role == "aspect" and self._depth < Feishu.PANELS:
            yield from self._aspect(section)
        else:
            if section.role == "tier":
                yield parts.DIVIDER
            yield from parts.heading(section.heading)
            yield from self.units(section.blocks)

    def _item(self, section: Section) -> Iterator[Unit]:
        """A commit in a list: its subject and what is said of it, and its button beside them."""
        mark = f"{TIER_MARKS[section.tier]} " if section.tier else ""
        lines = [
            parts.div(text, text_size="heading") for text in split_text(mark + one_line(plain(section.heading.runs)))
        ]
        for block in section.blocks:
            lines += parts.paragraph_elements(block) if isinstance(block, Paragraph) else []
        actions = [action for block in section.blocks if isinstance(block, Actions) for action in block.actions]
        made = buttons(actions, self._callbacks, "small")
        beside = _fitting(lines)
        text = parts.column(lines[:beside], weight=1, vertical_spacing="4px")
        row = parts.columns(text, *(parts.column([button]) for button in made[:1]))
        yield Unit((row, *rows(made[1:])))
        yield from (Unit((line,)) for line in lines[beside:])

    def _actions(self, block: Actions) -> Iterator[Unit]:
        return map(_unit, rows(buttons(block.actions, self._callbacks)))

    def _menu(self, menu: Menu) -> Iterator[Unit]:
        return map(_unit, menus(menu) if self._callbacks else ())

    def _feedback(self, block: Feedback) -> Iterator[Unit]:
        return map(_unit, (feedback(block),) if self._callbacks else ())

    # --- what folds ---

    def _aspect(self, section: Section) -> Iterator[Unit]:
        """A part of an analysis, the first one open; closed ones say how much is in them."""
        self._aspects += 1
        count = sum(len(block.items) for block in section.blocks if isinstance(block, Bullets))
        title = one_line(plain(section.heading.runs)) + (f" · {count}" if count else "")
        yield from self._panel(title, section.blocks, self._aspects == 1)

    def _fold(self, fold: Fold) -> Iterator[Unit]:
        if self._depth < Feishu.PANELS:
            yield from self._panel(one_line(plain(fold.summary)), fold.blocks, fold.open)
        else:
            yield from parts.headline(fold.summary)
            yield from self.units(fold.blocks)

    def _panel(self, title: str, blocks: Sequence[Block], is_open: bool) -> Iterator[Unit]:
        """A folding panel, or several where it would be too long; a title that is too long stands in it."""
        inside = _Writer(charts=self._charts, callbacks=self._callbacks, depth=self._depth + 1)
        room = form(Feishu.PANEL * (3 - self._depth) // 3, Feishu.PANEL_ELEMENTS * (3 - self._depth) // 3, 0)
        label = clip(title, Feishu.LABEL)
        whole = [parts.div(text) for text in split_text(title)] if label != title else []
        pages = pack([*map(_unit, whole), *inside.units(blocks)], room)
        for number, elements in enumerate(pages, start=1):
            place = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
            if elements:
                yield Unit((_panel(label + place, elements, is_open),))


def _fitting(lines: list[Json]) -> int:
    """How many of the lines of a commit stand beside its button: at least one."""
    used = 0
    for number, line in enumerate(lines):
        used += card_bytes(line)
        if number and used > Feishu.TEXT * 2:
            return number
    return len(lines)


def _panel(title: str, elements: list[Json], is_open: bool) -> Json:
    icon = {"tag": "standard_icon", "token": "down-small-ccm_outlined", "size": "16px 16px"}
    look = {"icon": icon, "icon_position": "right", "icon_expanded_angle": -180, "padding": "4px 0px 4px 8px"}
    return {
        "tag": "collapsible_panel",
        "expanded": is_open,
        "header": {"title": plain_text(title or parts.NO_TEXT), "vertical_align": "center", **look},
        "border": {"color": "grey", "corner_radius": "5px"},
        "vertical_spacing": "8px",
        "padding": "8px 8px 8px 8px",
        "elements": elements,
    }


def _nothing(block: Block) -> Iterator[Unit]:
    """Contents lead nowhere in a chat; the Foot has its own place."""
    del block
    return iter(())
