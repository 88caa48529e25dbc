"""What is told to happen before what: the parts of a text that tell an order, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PART = r"[^.;:,，。；：\n]{2,80}"
_ENGLISH = (
    rf"(?P<first>{_PART}?)\b(?:before|ahead of|prior to|in advance of)\b(?P<then>{_PART})",
    rf"(?P<then>{_PART}?)\b(?:after|once|following)\b(?P<first>{_PART})",
    rf"\bprefer\w* (?P<first>{_PART}?) (?:over|to|instead of|rather than|before) (?P<then>{_PART})",
    rf"(?P<first>{_PART}?)(?<!the )(?<!its )(?<!a )(?<!at )\bfirst\b,?(?: and| then)*(?P<then>{_PART})",
)
_CHINESE = (
    r"先(?P<first>[^，、。；先]{2,20})[，、]?\s*(?:再|然后|随后|才)(?P<then>[^，、。；’”]{2,20})",
    r"(?:在|于)?(?P<then>[^，。；在]{1,24})(?:之前|以前|前)[，就先会已便]{0,2}(?P<first>[^，。；]{1,30})",
    r"(?:在|等)?(?P<first>[^，。；在等]{2,24})(?:之后|以后|后)[，才再会]{1,2}(?P<then>[^，。；]{2,30})",
)
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*_ENGLISH, *_CHINESE))
_HINTS = (
    "before",
    "ahead of",
    "prior to",
    "in advance",
    "after",
    "once",
    "following",
    "first",
    "prefer",
    "先",
    "前",
    "后",
)
"""What a text has at least that tells an order."""
_TURNED = re.compile(r"\b(?:not|never|no longer|without|n['’]t)\b|不再|不会|没有|不必|无需", re.IGNORECASE)


class Telling(NamedTuple):
    """What is told to come first and what then, as it stands in the text, and all of it."""

    first: str
    then: str
    text: str


def orders_told(text: str) -> Iterator[Telling]:
    """The orders that a text tells; not those of which it says that they are not so."""
    lowered = text.lower()
    if not any(word in lowered for word in _HINTS):
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not _TURNED.search(match[0]):
                yield Telling(match["first"], match["then"], match[0])
