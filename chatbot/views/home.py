"""What a person sees of the bot beside all channels: the subscriptions of their channels, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatbot.subscriptions import Subscription
from chatbot.views.help import examples
from chatbot.views.subscriptions import subscription_view
from chatbot.views.view import Block, Code, Heading, Paragraph, Section, Text, View
from chatbot.views.visible import one_line
from workers.words import Words

MOST_SHOWN = 15
"""Subscriptions on one home: what Slack has room for. How many more there are is said; the channels have them all."""


@dataclass(frozen=True, slots=True)
class Room:
    """One of the person's channels: its name (None: the talk with us) and its subscriptions, at least one."""

    name: str | None
    subscriptions: Sequence[Subscription]


def home_view(rooms: Sequence[Room], words: Words) -> View:
    """The subscriptions of a person's channels, each with its runs and buttons; without any, how to begin one."""
    title = words("home.title")
    return View(words.language, title, title, (Section(Heading(1, (Text(title),)), tuple(_blocks(rooms, words))),))


def _blocks(rooms: Sequence[Room], words: Words) -> Iterator[Block]:
    count = sum(len(room.subscriptions) for room in rooms)
    if not count:
        yield Paragraph((Text(words("home.none")), Code(examples("subscribe", words)[0])))
    left = MOST_SHOWN
    for room in rooms:
        if shown := room.subscriptions[:left]:
            left -= len(shown)
            name = words("home.direct") if room.name is None else f"#{one_line(room.name)}"
            yield Section(Heading(2, (Text(name),)), tuple(_one(one, words) for one in shown))
    if count > MOST_SHOWN:
        yield Paragraph((Text(words("home.more", n=count - MOST_SHOWN)),), role="note")
    yield Paragraph((Text(words("home.about")),), role="note")


def _one(subscription: Subscription, words: Words) -> Section:
    section = next(block for block in subscription_view(subscription, words).blocks if isinstance(block, Section))
    return replace(section, heading=replace(section.heading, level=3))
