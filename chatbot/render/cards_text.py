"""Runs as the Markdown of Feishu's cards in which no text can be anything but text, and what texts take of a request.

Where there is neither a link nor a style, a text is plain_text, in which Feishu reads nothing. Elsewhere every sign
that could act is a numeric entity, since backslashes are not honoured everywhere: a mention, a tag, a link, the name of
an emoji, a table or a list cannot begin without one of these signs. Inline code keeps Feishu neither from reading tags
nor from showing entities as they are written: what has such a sign in it is no code but text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeAlias

from chatbot.render import cutting
from chatbot.render.addresses import web_address
from chatbot.render.limits import Feishu
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.views.view import Badge, Code, Emphasis, Jump, Link, Run, Strong, Text
from chatbot.views.visible import one_line

Json = dict[str, Any]
Line: TypeAlias = Iterable[Run]
Leaf: TypeAlias = Text | Code | Strong | Emphasis | Link
"""A run as it is written: tiers have become text, and links lead somewhere."""

NEWLINE = Text("\n")
"""A line break between runs."""

_ACTING = re.compile(r"[&<>*_`\[\]()#:~\\|$!{}@^]")
_START = re.compile(r"[-+=]+|\d{1,9}[.]")
"""What would begin a list or a rule, at the beginning of a line."""
_STARTING = re.compile(r"[-+=.]")
_NO_CODE = re.compile(r"[<>&`\\]|\]\(|(?<!:):[\w+-]+:(?!:)|\*\*|~~|\A\s|\s\Z")


# --- what it takes ----------------------------------------------------------------------------------------------


def json_text(value: object) -> str:
    """JSON as it is sent: without blanks, and Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def card_bytes(value: object) -> int:
    """The bytes that a card, or a part of one, takes in a request, where it stands as JSON text inside JSON."""
    return len(json_text(json_text(value)).encode("utf-8", "replace")) - 2


def text_bytes(text: str) -> int:
    """The bytes of a visible text in a card, its quotes not counted: as `card_bytes`, and quick."""
    quoted = text.count('"') + text.count("\\")
    return len(text.encode("utf-8", "replace")) + 3 * quoted + 2 * (text.count("\n") + text.count("\t"))


# --- plain text -------------------------------------------------------------------------------------------------


def plain_text(text: str, **style: str) -> Json:
    """A text in which nothing is read as markup."""
    return {"tag": "plain_text", "content": text, **style}


def clip(text: str, most: int) -> str:
    """A text of at most `most` bytes, with a mark where it was cut. Only for labels, which are whole elsewhere."""
    return cutting.clip(text, most, text_bytes)


def split_text(text: str, most: int = Feishu.TEXT) -> list[str]:
    """A text in parts of at most `most` bytes, cut where lines or sentences end, else words; joined it is whole."""
    return cutting.split_text(text, most, text_bytes)


# --- Markdown ---------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Text as Markdown that shows exactly this text."""
    return _ACTING.sub(_entity, text)


def leaves(runs: Line) -> list[Leaf]:
    """Runs made visible, in one line each, without those that show nothing; links that lead nowhere are text."""
    return [leaf for run in runs for leaf in _leaves(run)]


def bold_leaves(runs: Line) -> list[Leaf]:
    """As `leaves`, with what is text in them strong."""
    plain = (Text(leaf.text) if isinstance(leaf, Strong) else leaf for leaf in leaves(runs))
    return [Strong(leaf.text) if isinstance(leaf, Text) else leaf for leaf in cutting.merged(plain, _LEAVES)]


def markdown(all_leaves: Iterable[Leaf]) -> str:
    """Leaves as Markdown."""
    out = ""
    found = list(all_leaves)
    for leaf, after in pairwise([*found, NEWLINE]):
        begins = out == "" or out.endswith("\n")
        piece = _write(leaf, out[-1:], after.text[:1])
        out += _at_start(piece) if begins else piece
    return out.strip()


def bold_markdown(bold: list[Leaf]) -> str:
    """Bold leaves as Markdown; a link that stands alone is bold too."""
    written = markdown(bold)
    return f"**{written}**" if len(bold) == 1 and isinstance(bold[0], Link) else written


def split_leaves(all_leaves: Iterable[Leaf], most: int = Feishu.TEXT) -> Iterator[list[Leaf]]:
    """Leaves in parts whose Markdown has at most `most` bytes, cut where sentences end."""
    return cutting.split_leaves(all_leaves, most, _LEAVES)


def is_ordinary(leaf: Leaf) -> bool:
    """Whether a leaf is text alone, so that plain_text can show it."""
    return isinstance(leaf, Text)


def _leaves(run: Run) -> Iterator[Leaf]:
    if isinstance(run, Badge):
        yield Text(f"{TIER_MARKS[run.tier]} ")
        run = Strong(run.label)
    text = run.text if run is NEWLINE else one_line(run.text)
    if not text:
        return
    if isinstance(run, Link):
        address = web_address(run.url)
        if address and len(address) <= Feishu.URL:
            yield Link(text, address)
            return
    if isinstance(run, Link | Jump):
        run = Code(text) if run.code else Text(text)
    yield replace(run, text=text)


def _write(leaf: Leaf, before: str = "", after: str = "") -> str:
    match leaf:
        case Link(text, url):
            return f"[{escape(text)}]({url.replace('&', '&amp;')})"
        case Code(text):
            return escape(text) if before == "`" or _NO_CODE.search(text) else f"`{text}`"
        case Strong(text):
            return _wrapped(text, "**", before, after)
        case Emphasis(text):
            return _wrapped(text, "*", before, after)
    return leaf.text if leaf == NEWLINE else escape(leaf.text)


def _wrapped(text: str, mark: str, before: str, after: str) -> str:
    """Emphasised text; as it is where the marks would be shown, which need a letter inside or a blank outside."""
    inner = text.strip()
    begun = text.index(inner)
    before, after = (" " if begun else before), (" " if text[begun + len(inner) :] else after)
    opens = inner[:1].isalnum() or not before.strip()
    closes = inner[-1:].isalnum() or not after.strip()
    if not inner or not opens or not closes or before == mark[0]:
        return escape(text)
    return f"{text[:begun]}{mark}{escape(inner)}{mark}{text[begun + len(inner) :]}"


def _at_start(piece: str) -> str:
    """A piece at the beginning of a line, where it begins no list, rule or code."""
    piece = piece.lstrip(" ")
    start = _START.match(piece)
    return piece if start is None else _STARTING.sub(_entity, piece[: start.end()]) + piece[start.end() :]


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


_LEAVES: cutting.Leaves[Leaf] = cutting.Leaves(
    size=lambda leaf: text_bytes(_write(leaf)),
    text=lambda leaf: leaf.text,
    text_size=lambda text: text_bytes(escape(text)),
    with_text=lambda leaf, text: replace(leaf, text=text),
    is_ordinary=is_ordinary,
)
