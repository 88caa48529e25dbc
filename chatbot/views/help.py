"""Help: what can be written, shown by examples."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.commands.command import COMMANDS, CommandName
from chatbot.views.view import Block, Bullet, Bullets, Code, Excerpt, Heading, Paragraph, Section, Text, View
from workers.words import Words


def help_view(topic: CommandName | None, words: Words) -> View:
    """Help on one command, or (None) on all: a line and an example each."""
    title = words("help.title") if topic is None else words("help.title_of", command=topic)
    blocks = tuple(_all(words)) if topic is None else tuple(_one(topic, words))
    return View(words.language, title, title, (Section(Heading(1, (Text(title),)), blocks),))


def examples(command: CommandName, words: Words) -> list[str]:
    """What may be written for a command, the plainest first."""
    return words(f"example.{command}").split("\n")


def _all(words: Words) -> Iterator[Block]:
    yield Paragraph((Text(words("help.about")),))
    colon = Text(words("mark.colon"))
    items = ((Code(examples(command, words)[0]), colon, Text(words(f"command.{command}"))) for command in COMMANDS)
    yield Bullets(tuple(Bullet(runs) for runs in items))
    yield Paragraph((Text(words("help.more")),), role="note")


def _one(topic: CommandName, words: Words) -> Iterator[Block]:
    yield Paragraph((Text(words(f"command.{topic}")),))
    yield Excerpt("\n".join(examples(topic, words)))
    if topic in ("digest", "subscribe"):
        yield Bullets(tuple(Bullet((Text(line),)) for line in words(f"help.{topic}").split("\n")))
