"""Parameters of a declaration: names and defaults out of the text between its parentheses."""

from __future__ import annotations

import re
from collections.abc import Mapping

_OPENERS, _CLOSERS = "([{<", ")]}>"
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_STRING = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_ARROWS = ("=>", "->", ">=", "<=")
PARAMETERS_LIMIT = 4000


def parameters_of(text: str, style: str) -> Mapping[str, str | None]:
    """Parameters by name, in order, each with its default (None without one).

    `style` says where the name is: "colon" before a colon or alone, "first" the first word, "last" the last word
    before a default. What cannot be read (destructuring, patterns) is left out.
    """
    found: dict[str, str | None] = {}
    for part in _split(text[:PARAMETERS_LIMIT]):
        head, default = _default_of(part)
        name = _name_of(head, style)
        if name is not None:
            found[name] = default
    return found


def _split(text: str) -> list[str]:
    """The comma-separated parts at depth 0, strings kept whole."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(text):
        char = text[at]
        if char in "'\"" and (string := _STRING.match(text, at)):
            at = string.end()
            continue
        if text[at : at + 2] in _ARROWS:
            at += 2
            continue
        if char in _OPENERS:
            depth += 1
        elif char in _CLOSERS:
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _default_of(part: str) -> tuple[str, str | None]:
    depth = 0
    for at, char in enumerate(part):
        if char in _OPENERS and part[at : at + 2] not in _ARROWS:
            depth += 1
        elif char in _CLOSERS and part[at - 1 : at + 1] not in _ARROWS:
            depth -= 1
        elif char == "=" and depth == 0 and part[at : at + 2] not in ("=>", "=="):
            return part[:at].strip(), " ".join(part[at + 1 :].split())
    return part, None


def _name_of(head: str, style: str) -> str | None:
    if style == "last":
        typed: list[str] = _WORD.findall(re.sub(r"\[[^\]]*\]|\([^)]*\)", " ", head))
        return typed[-1] if len(typed) > 1 else None
    before = head.split(":", 1)[0] if style == "colon" else head
    words: list[str] = _WORD.findall(before.lstrip("*&.# \t"))
    if not words or before.lstrip()[:1] in ("{", "[", "(", "@"):
        return None
    return words[-1] if style == "colon" else words[0]
