"""Characters that act instead of being seen are made visible, whatever a view is shown on."""

from __future__ import annotations

import re

_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # unseen, bidi, line breaks
    "\U000e0000-\U000e007f"  # tags, which can hide a whole text
    "\ud800-\udfff]"  # halves of pairs, which no encoding accepts
)
_BREAKS = re.compile(r"\s*[\r\n]\s*")


def visible(text: str) -> str:
    """The text with control, bidi and unseen characters shown: `\\x1b` as `␛`, U+202E as `⟨U+202E⟩`.

    Newlines and tabs stay, `\\r\\n` becomes `\\n`, half a surrogate pair becomes `�`. Joiners inside emoji and
    scripts stay. A clean text comes back as it is.
    """
    return _ACTING.sub(_shown, text.replace("\r\n", "\n")) if _ACTING.search(text) else text


def one_line(text: str) -> str:
    """As `visible`, with every line break and the blanks around it as one space."""
    line = _BREAKS.sub(" ", text) if "\n" in text or "\r" in text else text
    return visible(line).replace("\t", " ")


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"⟨U+{code:04X}⟩"
