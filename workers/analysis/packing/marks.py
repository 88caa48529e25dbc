"""The lines of ours in what a model is shown, and text made fit to stand in a line.

Every line begins with a mark: those of the diff with `+`, `-` or a blank, the author's message with `|`, ours with
`=`, `@@`, `*`, `•` or `⋯`. No text of a commit can begin a line, so none can pass for a line of ours.
"""

from __future__ import annotations

import re

FILE = "= "
MESSAGE = "| "
FACT = "* "
NOTE = "• "
GAP = "⋯"

_ACTING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f"  # control characters but the tab, line ends among them
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # unseen, bidi, line breaks
    "\U000e0000-\U000e007f"  # tags, which can hide a whole text
    "\ud800-\udfff]"  # halves of pairs
)


def visible(text: str) -> str:
    """Text that stays within its line: characters that control, hide or break it become `\\xNN` or `\\uNNNN`."""
    return _ACTING.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    char = ord(found[0])
    return f"\\x{char:02x}" if char < 0x100 else f"\\u{char:04x}"


def clipped(text: str, limit: int) -> str:
    """At most `limit` characters of a text, with a visible mark where it is cut."""
    return text if len(text) <= limit else f"{text[:limit]}{GAP}{len(text) - limit} more characters"


def gap(what: str) -> str:
    """A line of ours that says what is not shown."""
    return f"{GAP} {what}"
