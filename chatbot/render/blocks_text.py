"""Runs as the literal leaves of Slack's rich text, and texts cut at the ends of sentences to what Slack allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from chatbot.render import cutting
from chatbot.render.addresses import web_address
from chatbot.render.limits import Slack
from chatbot.views.view import Badge, Code, Emphasis, Jump, Link, Run, Runs, Strong
from chatbot.views.visible import one_line
from workers.model import Tier

Json = dict[str, Any]

TIER_EMOJI = {Tier.HIGH: "red_circle", Tier.MEDIUM: "large_yellow_circle", Tier.LOW: "large_green_circle"}


def size(text: str) -> int:
    """The length of a text in UTF-16 units, in which clients count."""
    return len(text) + sum(char > "\uffff" for char in text)


def clip(text: str, most: int) -> str:
    """A text of at most `most` units, with a mark where it was cut. Only for labels, which are whole elsewhere."""
    return cutting.clip(text, most, size)


def escaped(text: str) -> str:
    """A text for where Slack reads markup: it cannot mention anybody or make a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str) -> Json:
    """A text object in which nothing is read as markup or as the name of an emoji."""
    return {"type": "plain_text", "text": text, "emoji": False}


# --- leaves -----------------------------------------------------------------------------------------------------


def leaves(runs: Runs, bold: bool = False) -> list[Json]:
    """The leaves of a rich text; a run without text has none."""
    found: list[Json] = []
    for run in runs:
        found += _leaves(run, bold)
    return found


def _leaves(run: Run, bold: bool) -> Iterator[Json]:
    if isinstance(run, Badge):
        yield {"type": "emoji", "name": TIER_EMOJI[run.tier]}
        yield _leaf(f" {one_line(run.label)}", {"bold": True})
        return
    if text := one_line(run.text):
        style = _style(run) | ({"bold": True} if bold else {})
        address = web_address(run.url) if isinstance(run, Link) else None
        if address and len(address) <= Slack.LINK:
            yield {"type": "link", "url": address, "text": text, **({"style": style} if style else {})}
        else:
            yield _leaf(text, style)


def _style(run: Run) -> dict[str, bool]:
    if isinstance(run, Code) or (isinstance(run, Link | Jump) and run.code):
        return {"code": True}
    if isinstance(run, Strong):
        return {"bold": True}
    return {"italic": True} if isinstance(run, Emphasis) else {}


def _leaf(text: str, style: dict[str, bool] | None = None) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def leaf_size(leaf: Json) -> int:
    """What a leaf counts: its text, and its address, which Slack may count."""
    return size(leaf.get("text", "")) + len(leaf.get("url", "")) + len(leaf.get("name", ""))


def newline() -> Json:
    """A line break between leaves."""
    return _leaf("\n")


# --- cutting ----------------------------------------------------------------------------------------------------


def split_leaves(all_leaves: Iterable[Json], most: int = Slack.TEXT) -> Iterator[list[Json]]:
    """Leaves in parts of at most `most` units, cut where a sentence ends, or a word where a sentence is longer."""
    return cutting.split_leaves(all_leaves, most, _LEAVES)


def split_text(text: str, most: int = Slack.TEXT) -> list[str]:
    """A text in parts of at most `most` units, cut where lines or sentences end, else words; joined it is whole."""
    return cutting.split_text(text, most, size)


_LEAVES: cutting.Leaves[Json] = cutting.Leaves(
    size=leaf_size,
    text=lambda leaf: leaf.get("text", ""),
    text_size=size,
    with_text=lambda leaf, text: {**leaf, "text": text},
    is_ordinary=lambda leaf: leaf["type"] == "text" and "style" not in leaf,
)
