"""Inline runs as GitHub-flavoured Markdown in which no text can be anything but text.

What was chosen, and why. GitHub looks for mentions, issue numbers, addresses and emoji after it has read backslashes
and entities, so that neither `\\@name` nor `&#64;name` keeps it from notifying a person. It looks within one text node
at a time, though: an empty comment (`@<!-- -->name`) ends the node, is never shown, and unlike a zero-width space is
not copied with the text. Dollar signs, which may begin mathematics, stand in a span as GitHub documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape as escape_html

from chatbot.render.addresses import web_address
from chatbot.views.view import Badge, Code, Emphasis, Jump, Link, Run, Runs, Strong, Text
from chatbot.views.visible import one_line
from workers.model import Tier

TIER_MARKS = {Tier.HIGH: "🔴", Tier.MEDIUM: "🟡", Tier.LOW: "🟢"}
BREAK = "<!-- -->"
"""Ends a text node on GitHub without being seen."""

_IN_TEXT = r"#(?=\d)|(?i:\bgh-)(?=\d)"
_ANYWHERE = r"@(?=\w)|:(?=(?!\d\d:)[\w+\-]+:|//)|(?i:\bwww)(?=\.)|(?i:\b(?:mailto|xmpp):)"
_ESCAPED = r"[\\`*\[\]|~]|(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])|!\Z"
_AS_ENTITY = r"<|&(?=[#A-Za-z])|\$"
_HOT = re.compile(f"{_ANYWHERE}|{_IN_TEXT}")
_SPECIAL = re.compile(f"(?P<escape>{_ESCAPED})|(?P<hot>{_ANYWHERE}|{_IN_TEXT})|{_AS_ENTITY}")
_SPECIAL_IN_LINK = re.compile(f"(?P<escape>{_ESCAPED})|(?P<hot>{_ANYWHERE})|{_AS_ENTITY}")
"""In the text of a link GitHub looks for no issue numbers, and people read many of them there."""
_ENTITIES = {"<": "&lt;", "&": "&amp;", "$": "<span>$</span>"}
_BLOCK_START = re.compile(r"#(?!<)|[>+\-]|(?P<number>\d{1,9})(?P<point>[.)])")
_BACKTICKS = re.compile(r"`+")


def inline(runs: Runs, cell: bool = False) -> str:
    """Runs in one line of Markdown. In a table cell (`cell`) a code run with a pipe needs another form."""
    out = ""
    for run in runs:
        piece = _code(run.text, cell) if isinstance(run, Code) else _WRITERS[type(run)](run)
        joins = out[-1:] in ("`", "*") and piece[:1] == out[-1:]
        out += BREAK + piece if joins else piece
    return out.strip(" \t")


def line(runs: Runs) -> str:
    """As `inline`, for the beginning of a block: what would begin a heading, list or quote is escaped."""
    text = inline(runs)
    start = _BLOCK_START.match(text)
    if start is None:
        return text
    at = start.start("point") if start["number"] else 0
    return f"{text[:at]}\\{text[at:]}"


def heading_line(runs: Runs) -> str:
    """As `inline`, for a heading, where number signs at the end would vanish."""
    text = inline(runs)
    return text[:-1] + "\\#" if text.endswith("#") else text


def summary(runs: Runs) -> str:
    """Runs as the HTML inside `<summary>`, where Markdown is not read but mentions are found."""
    return "".join(_summary_run(run) for run in runs)


def escape(text: str) -> str:
    """Text as Markdown that shows exactly this text, made visible, in one line."""
    return _SPECIAL.sub(_replace, one_line(text))


def fence(text: str) -> str:
    """A code fence longer than any row of backticks in the text."""
    longest = max((len(ticks) for ticks in _BACKTICKS.findall(text)), default=0)
    return "`" * max(3, longest + 1)


def _replace(match: re.Match[str]) -> str:
    found = match[0]
    if match["escape"]:
        return "".join(f"\\{char}" for char in found)
    return found + BREAK if match["hot"] else _ENTITIES[found]


def _code(text: str, cell: bool = False) -> str:
    text = one_line(text)
    if not text.strip():
        return ""
    if cell and "|" in text:
        return f"<code>{escape(text)}</code>"
    ticks = fence(text)[2:] if "`" not in text else _shortest(text)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _shortest(text: str) -> str:
    """The fewest backticks that do not stand in the text."""
    lengths = {len(ticks) for ticks in _BACKTICKS.findall(text)}
    return "`" * next(n for n in range(1, len(lengths) + 2) if n not in lengths)


def _wrapped(text: str, mark: str, tag: str) -> str:
    """Emphasised text; as a tag where its ends are no letters or digits, since marks do not hold there."""
    text = one_line(text).strip()
    if not text:
        return ""
    clear = text[0].isalnum() and text[-1].isalnum()
    return f"{mark}{escape(text)}{mark}" if clear else f"<{tag}>{escape(text)}</{tag}>"


def _linked(run: Link | Jump) -> str:
    return _code(run.text, cell=True) if run.code else _SPECIAL_IN_LINK.sub(_replace, one_line(run.text))


def _link(run: Link) -> str:
    text = _linked(run)
    url = web_address(run.url)
    return text if url is None or not text else f"[{text}]({url.replace('&', '&amp;')})"


def _jump(run: Jump) -> str:
    text = _linked(run)
    return f"[{text}](#{run.anchor})" if run.anchor and text else text


def _badge(run: Badge) -> str:
    return f"{TIER_MARKS[run.tier]} {escape(run.label)}"


def _summary_run(run: Run) -> str:
    said = run.label if isinstance(run, Badge) else run.text
    text = _HOT.sub(lambda match: match[0] + BREAK, escape_html(one_line(said), quote=False))
    if isinstance(run, Badge):
        return f"{TIER_MARKS[run.tier]} {text}"
    return f"<code>{text}</code>" if isinstance(run, Code) else text


_WRITERS: dict[type, Callable[..., str]] = {
    Text: lambda run: escape(run.text),
    Strong: lambda run: _wrapped(run.text, "**", "strong"),
    Emphasis: lambda run: _wrapped(run.text, "*", "em"),
    Link: _link,
    Jump: _jump,
    Badge: _badge,
}
