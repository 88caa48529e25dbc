"""What of Feishu's limits an element takes: bytes of the request, elements, tables, charts."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.render.cards_text import Json, card_bytes
from chatbot.render.limits import Feishu
from chatbot.render.packing import Cost, Form

_MANY = 1_000_000


def form(size: int, elements: int, tables: int = Feishu.TABLES) -> Form:
    """What holds so many bytes and elements: a card without its frame, or a panel, in which there are no tables."""
    return Form(
        most=(size, elements, tables, Feishu.CHARTS),
        heading=(Feishu.TEXT, elements // 4, 0, 0),
        rows=_MANY,
        cost=cost,
        row_cost=lambda row: (card_bytes(row) + 1, 0, 0, 0),
    )


def cost(element: Json) -> Cost:
    """What an element takes with all that is in it, and the comma after it."""
    tags = list(_tags(element))
    return card_bytes(element) + 1, len(tags), tags.count("table"), tags.count("chart")


def _tags(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "tag" in value:
            yield value["tag"]
        for part in value.values():
            yield from _tags(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _tags(part)
