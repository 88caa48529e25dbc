"""Finding names in text: whole words only, counted, at a cost that grows with the text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator


def places_of(name: str, text: str) -> Iterator[int]:
    """Where a name stands in a text as a whole: no letter, digit or underscore goes on before or after it."""
    if not name:
        return
    opens, closes = _is_word(name[0]), _is_word(name[-1])
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        before = opens and at > 0 and _is_word(text[at - 1])
        after = closes and end < len(text) and _is_word(text[end])
        if not before and not after:
            yield at
        at = text.find(name, at + 1)


def stands(name: str, text: str) -> bool:
    """Whether a name stands in a text as a whole."""
    return name in text and next(places_of(name, text), None) is not None


def count(name: str, text: str) -> int:
    """How often a name stands in a text as a whole."""
    return sum(1 for _ in places_of(name, text)) if name in text else 0


def words_in(text: str) -> list[str]:
    """The words of a text that white space parts."""
    return text.split()


def folded(text: str) -> str:
    """Text with every run of white space as one blank."""
    return " ".join(text.split())


_REMARK = re.compile(r"\s*(?://|#|/?\*|--|<!--|;|%)")


def is_remark(line: str) -> bool:
    """Whether a line of code opens as a comment does, in any of the usual languages."""
    return _REMARK.match(line) is not None


def _is_word(char: str) -> bool:
    # Letters of other scripts end a name: Chinese stands right beside code.
    return char == "_" or (char.isascii() and char.isalnum())
