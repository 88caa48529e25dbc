"""What stands in the cards that the renderer of Feishu makes, and that Feishu would accept them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from chatbot.render.cards_text import json_text
from chatbot.render.limits import Feishu
from tests.fakes.feishu_cards import check_card
from tests.fakes.feishu_markup import tagged

Json = dict[str, Any]
ENVELOPE = {"receive_id": "oc_" + "a" * 32, "msg_type": "interactive", "uuid": "u" * 50, "reply_in_thread": True}


def body_bytes(card: Json) -> int:
    """The bytes of a request with a card, as lark-oapi writes it."""
    return len(json.dumps({**ENVELOPE, "content": json_text(card)}, ensure_ascii=False).encode())


def checked(messages: list[Json]) -> list[Json]:
    """The messages, all of which Feishu would accept."""
    for message in messages:
        check_card(message["card"], people=())
        assert body_bytes(message["card"]) <= Feishu.REQUEST_BYTES
        assert message["card"]["config"]["summary"]["content"].strip()
    return messages


def texts(value: object) -> Iterator[str]:
    """Every text that is shown, in order; Markdown as it is written."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("content", "display_name") and isinstance(part, str):
                yield part
            elif key == "rows":
                yield from (cell for row in part for cell in row.values())
            elif key not in ("options", "chart_spec", "config"):
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def shown(messages: list[Json]) -> str:
    """The first headline and all elements with their entities read and the marks of their styles left out."""
    parts = [messages[0]["card"].get("header", {}), *map(elements, messages)]
    return "".join(map(read, texts(parts)))


def read(written: str) -> str:
    return unescape(re.sub(r"\*\*|`|(?m:^(?: {4})?- |^> )|\]\(http[^)]*\)|\[", "", written))


def elements(message: Json) -> list[Json]:
    return message["card"]["body"]["elements"]


def nodes(value: object, tag: str) -> list[Json]:
    return [node for node in tagged(value) if node["tag"] == tag]


def values(messages: list[Json]) -> list[Json]:
    """What every button and menu sends back."""
    acting = (act for node in tagged(messages) for act in node.get("behaviors", []))
    return [act["value"] for act in acting if act["type"] == "callback"]


def lines(messages: list[Json]) -> str:
    """JSON with a line for each element, so that a golden file can be read and compared."""
    parts = []
    for message in messages:
        card = {key: value for key, value in message["card"].items() if key != "body"}
        inside = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in elements(message))
        rest = {key: value for key, value in message.items() if key != "card"}
        spacing = message["card"]["body"]["vertical_spacing"]
        head = json.dumps(card, ensure_ascii=False)[:-1]
        body = f'"body": {{"vertical_spacing": "{spacing}", "elements": [\n{inside}]}}'
        parts.append(f'{{"card": {head}, {body}}}, {json.dumps(rest, ensure_ascii=False)[1:]}')
    return "[" + ",\n".join(parts) + "]\n"
