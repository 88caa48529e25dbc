"""What in a message is live: whom it mentions and where it leads, as Feishu reads its Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

FENCES = re.compile(r"^(?P<fence>```+|~~~+).*?(?:^(?P=fence)|\Z)", re.MULTILINE | re.DOTALL)
AT = re.compile(r"""<at\s+(?:user_id|ids?|email)\s*=\s*["']?([^"'>]*)["']?\s*/?>""", re.IGNORECASE)
IMAGE = re.compile(r"!\[[^\]]*\]\(\s*([^)\s]*)")
LINKS = (
    re.compile(r"(?<!!)\[[^\]]*\]\(\s*<?([^)\s>]+)"),
    re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE),
    re.compile(r"""<(?:link|number_tag)\s[^>]*?\burl\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE),
    re.compile(r"<((?:https?|mailto):[^\s<>]+)>"),
)
MARKDOWN = ("markdown", "lark_md", "md")


def tagged(value: object) -> Iterator[Json]:
    """Every object of a card that has a tag, outer ones first."""
    if isinstance(value, dict):
        if "tag" in value:
            yield value
        for part in value.values():
            yield from tagged(part)
    elif isinstance(value, list):
        for part in value:
            yield from tagged(part)


def markdown_in(value: object) -> Iterator[str]:
    """The Markdown of a card or a post, without its fenced code: inline code shields nothing."""
    for node in tagged(value):
        if node["tag"] in MARKDOWN:
            texts = [node.get("content", node.get("text", "")), *node.get("i18n_content", {}).values()]
            yield from (FENCES.sub("", text) for text in texts if isinstance(text, str))
        if node["tag"] == "table":
            live = {one.get("name") for one in node.get("columns", []) if one.get("data_type") in MARKDOWN}
            cells = (row.get(name) for row in node.get("rows", []) if isinstance(row, dict) for name in live)
            yield from (FENCES.sub("", cell) for cell in cells if isinstance(cell, str))


def mentions_in(value: object, is_text: bool = False) -> Iterator[str]:
    """Whom a card, a post or (`is_text`) a text message mentions: "all" or ids of people."""
    for node in tagged(value):
        if node["tag"] == "at":
            yield str(node.get("user_id"))
    for text in [value["text"]] if is_text and isinstance(value, dict) else markdown_in(value):
        for ids in AT.findall(text):
            yield from (one.strip() for one in ids.split(","))


def links_in(value: object) -> Iterator[str]:
    """Where a card or a post leads, but for addresses in plain text."""
    for node in tagged(value):
        yield from (one["default_url"] for one in node.get("behaviors", []) if "default_url" in one)
        if node["tag"] == "a":
            yield str(node.get("href"))
    for text in markdown_in(value):
        for pattern in LINKS:
            yield from pattern.findall(text)
