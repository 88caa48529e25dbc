"""What a person sees of the bot beside all channels: the subscriptions of their channels, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from chatbot.subscriptions import Subscription
from chatbot.views.help import examples
from chatbot.views.phrases import marked
from chatbot.views.subscriptions import subscription_view
from chatbot.views.view import Action, Actions, Block, Code, Heading, Paragraph, Section, Text, View
from chatbot.views.visible import one_line
from workers.words import Words

PAGE = 15
"""Subscriptions on one page of a home: what Slack has room for."""
TURN = "home"
"""The kind of the buttons that turn pages; what they send back is the number of a page, from 0."""


@dataclass(frozen=True, slots=True)
class Room:
    """One of the person's channels: its name (None: the talk with us) and its subscriptions, at least one."""

    name: str | None
    subscriptions: Sequence[Subscription]


def home_view(rooms: Sequence[Room], words: Words, page: int = 0, said: str = "") -> View:
    """The subscriptions of a person's channels, each with its runs and buttons; without any, how to begin one.

    `page` counts from 0; beyond the last one the last is shown. `said` is what became of what was pressed last.
    """
    title = words("home.title")
    blocks = [Paragraph(marked(said))] if said else []
    section = Section(Heading(1, (Text(title),)), (*blocks, *_blocks(rooms, page, words)))
    return View(words.language, title, title, (section,))


def _blocks(rooms: Sequence[Room], page: int, words: Words) -> Iterator[Block]:
    listed = [(room, subscription) for room in rooms for subscription in room.subscriptions]
    if not listed:
        yield Paragraph((Text(words("home.none")), Code(examples("subscribe", words)[0])))
    first = PAGE * max(0, min(page, (len(listed) - 1) // PAGE))
    for room, several in groupby(listed[first : first + PAGE], lambda one: one[0]):
        name = words("home.direct") if room.name is None else f"#{one_line(room.name)}"
        yield Section(Heading(2, (Text(name),)), tuple(_one(one, words) for _, one in several))
    if len(listed) > PAGE:
        yield from _turns(first, len(listed), words)
    yield Paragraph((Text(words("home.about")),), role="note")


def _turns(first: int, count: int, words: Words) -> Iterator[Block]:
    """Which of how many are shown, and the buttons to the pages beside."""
    end = min(first + PAGE, count)
    yield Paragraph((Text(words("home.place", first=first + 1, last=end, n=count)),), role="note")
    here = first // PAGE
    pages = ([("home.back", here - 1)] if here else []) + ([("home.next", here + 1)] if end < count else [])
    yield Actions(tuple(Action(TURN, words(label), value=str(to)) for label, to in pages))


def _one(subscription: Subscription, words: Words) -> Section:
    section = next(block for block in subscription_view(subscription, words).blocks if isinstance(block, Section))
    return replace(section, heading=replace(section.heading, level=3))
