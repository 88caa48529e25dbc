"""A view as Slack messages: Block Kit within Slack's limits, in which no text of others is read as anything but text.

Texts of views stand in rich text, in tables and in plain text alone, never in mrkdwn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from chatbot.render import blocks_parts as parts
from chatbot.render.blocks_controls import Controls
from chatbot.render.blocks_pack import MESSAGE
from chatbot.render.blocks_text import (
    Json,
    clip,
    escaped,
    leaves,
    newline,
    plain_text,
    split_leaves,
    split_text,
)
from chatbot.render.limits import Slack
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
    Text,
    View,
    plain,
    walk,
)
from chatbot.views.visible import one_line

PART_EVENT = "digest_part"
"""The event_type of a message's metadata."""


def slack_messages(view: View, *, thread: bool = False, charts: bool = True, key: str = "") -> list[Json]:
    """The messages to send, in order: `{"text", "blocks", "thread"}`, and with a `key` its `metadata`.

    The first stands in the channel (in the thread, if `thread`), the others in the thread. `charts` is False for a
    workspace that refuses data_visualization: they are told in text then. The metadata of each message has the key,
    its number and how many there are, so that it can be found again. To switch unfurling off is up to the sender.
    """
    foot = next((block for block in walk(view.blocks) if isinstance(block, Foot)), None)
    writer = _Writer(charts)
    units = list(writer.units(view.blocks))
    ending = [block for unit in writer.units(foot.blocks) for block in unit.blocks] if foot else []
    continued = parts.note(foot.continued) if foot else []
    pages = pack(units, MESSAGE, ending, continued)
    return [_message(view, blocks, (number, len(pages)), thread, key) for number, blocks in enumerate(pages, start=1)]


def _message(view: View, blocks: list[Json], part: tuple[int, int], thread: bool, key: str) -> Json:
    number, count = part
    place = f" ({number}/{count})" if count > 1 else ""
    text = clip(one_line(view.summary).strip() or view.title, Slack.NOTIFICATION) + place
    message: Json = {"text": escaped(text), "blocks": blocks, "thread": thread or number > 1}
    if key:
        payload = {"key": key, "part": number, "parts": count}
        message["metadata"] = {"event_type": PART_EVENT, "event_payload": payload}
    return message


class _Writer:
    """Makes units of the blocks of one view; `charts`: whether Slack may draw them."""

    def __init__(self, charts: bool) -> None:
        self._controls = Controls()
        self._writers: dict[type, Callable[..., Iterator[Unit]]] = {
            Heading: parts.heading,
            Paragraph: parts.paragraph,
            Bullets: parts.bullets,
            Facts: parts.facts,
            Table: parts.table,
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
            yield self._item(section)
        else:
            if section.role == "tier":
                yield parts.DIVIDER
            yield from parts.heading(section.heading)
            yield from self.units(section.blocks)

    def _item(self, section: Section) -> Unit:
        """A commit in a list: its subject with its button beside it, and what is said of it set off below."""
        mark = f"{TIER_MARKS[section.tier]} " if section.tier else ""
        subject, *more = split_text(mark + one_line(plain(section.heading.runs)))
        said = [leaves((Text(text),)) for text in more]
        said += [parts.marked(block) for block in section.blocks if isinstance(block, Paragraph)]
        actions = [action for block in section.blocks if isinstance(block, Actions) for action in block.actions]
        head: Json = {"type": "section", "text": plain_text(subject)}
        if buttons := self._controls.buttons(actions[:1], about=subject):
            head["accessory"] = buttons[0]
        lines = [leaf for line in said for leaf in (*line, newline())][:-1]
        quotes = (parts.rich({"type": "rich_text_quote", "elements": part}) for part in split_leaves(lines))
        return Unit((head, *quotes, *self._controls.rows(actions[1:])))

    def _actions(self, block: Actions) -> Iterator[Unit]:
        return (Unit((row,)) for row in self._controls.rows(block.actions))

    def _menu(self, menu: Menu) -> Iterator[Unit]:
        return (Unit((row,)) for row in self._controls.menus(menu))

    def _feedback(self, feedback: Feedback) -> Iterator[Unit]:
        yield Unit((self._controls.feedback(feedback),))

    def _fold(self, fold: Fold) -> Iterator[Unit]:
        """A message has nothing that opens: what is folded stands under its summary."""
        yield from parts.headline(fold.summary)
        yield from self.units(fold.blocks)


def _nothing(block: Block) -> Iterator[Unit]:
    """Contents lead nowhere in a chat; the Foot has its own place."""
    del block
    return iter(())
