"""What is said to happen before what, held against the order that the message tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.lexicon import in_english
from workers.analysis.grounding.prose.orders import orders_told
from workers.analysis.grounding.prose.phrases import stems
from workers.analysis.grounding.prose.reading import Reading

SHARE = 0.3
"""Share of the words of the shorter one of two things that they have in common where they are the same."""
_PREFERRED = re.compile(
    r"\b(?:prefers?|preferring|prioriti[sz]es?)\b (?P<first>[^.;:，,\n]{3,50})"
    r"|(?P<subject>[^.;:，,\n]{3,50}?) (?:is|are) (?:now )?(?:preferred|prioriti[sz]ed)\b"
    r"|优先(?:使用|采用|当作|选用?|取|用|走|读取)?(?P<zh>[^，。；]{2,24})|(?P<zh_subject>[^，。；的]{2,16})的?优先级(?:更高|最高)",
    re.IGNORECASE,
)
"""What a statement says to be preferred, without what it is preferred to."""
_FORMER = re.compile(
    r"\b(?:instead of|rather than|replac\w+ the (?:former|old|previous)|used to|previously|formerly|in the past"
    r"|as before|than before|where )\b.*|(?:而不是|而非|此前|以前是|原先|原来|过去).*",
    re.IGNORECASE | re.DOTALL,
)
"""What was the order before, and is no claim of how it is."""
_NOW = re.compile(r".*(?:改成|改为|变成|变为|调整为)了?", re.DOTALL)


class _Order(NamedTuple):
    """The words of what comes first and of what comes then."""

    first: frozenset[str]
    then: frozenset[str]


def sequence_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Orders that the message tells the other way round."""
    told = ground.kept("orders", lambda: [(row, order) for row in ground.told.split("\n") for order in _orders(row)])
    if not told:
        return
    for sentence in reading.sentences:
        for order in _orders(_FORMER.sub("", reading.told(_NOW.sub("", sentence)))):
            against = next((row for row, other in told if _is_reverse(order, other)), None)
            if against is not None and not any(_is_alike(order, other) for _, other in told):
                yield Fault(code="against_message", details={"what": against.strip()})
                return
        for match in _PREFERRED.finditer(reading.told(sentence)):
            liked = _words(next(text for text in match.groups() if text))
            for row, other in told:
                if "prefer" in row.lower() and liked & other.then and not liked & other.first:
                    yield Fault(code="against_message", details={"what": row.strip()})
                    return


def _words(text: str) -> frozenset[str]:
    return stems(text) | in_english(text)


def _orders(text: str) -> Iterator[_Order]:
    for told in orders_told(text):
        first, then = _words(told.first), _words(told.then)
        if first and then:
            yield _Order(first - then, then - first)


def _is_alike(one: _Order, other: _Order) -> bool:
    """Whether both orders have something in common in what comes first and in what comes then."""
    return bool(one.first & other.first) and bool(one.then & other.then) and not _is_reverse(one, other)


def _is_reverse(one: _Order, other: _Order) -> bool:
    """Whether what comes first in one comes then in the other, and the other way round, and not as well the same."""
    crossed = (_common(one.first, other.then), _common(one.then, other.first))
    alike = (len(one.first & other.first), len(one.then & other.then))
    return all(crossed) and sum(crossed) > sum(alike)


def _common(one: frozenset[str], other: frozenset[str]) -> int:
    """How many words two things have in common; none where these are too few to take them for the same."""
    found = len(one & other)
    return found if found >= SHARE * min(len(one), len(other)) else 0
