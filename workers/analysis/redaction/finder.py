"""Finding the secrets of a text: a cheap search picks the lines that the rules then judge.

What a rule can match holds one of its gates, so judging only lines with a gate finds what judging all lines does;
`spans_by_rules` does the latter and is the yardstick.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from workers.analysis.redaction.fixed import FIXED
from workers.analysis.redaction.keys import key_spans
from workers.analysis.redaction.names import NAMED
from workers.analysis.redaction.rule import Family, Rule

RULES = (*FIXED, *NAMED)
_RANK = {rule: rank for rank, rule in enumerate(RULES)}


def _by_gate(folded: bool) -> dict[re.Pattern[str], list[Rule]]:
    gates: dict[re.Pattern[str], list[Rule]] = {}
    for rule in RULES:
        for gate in rule.gates if rule.folded is folded else ():
            gates.setdefault(gate, []).append(rule)
    return gates


_PLAIN, _FOLDED = _by_gate(False), _by_gate(True)


class Span(NamedTuple):
    """Where a secret stands in a text, and what it opens."""

    start: int
    end: int
    family: Family


def spans_in(text: str, path: str = "", *, marked: bool = False) -> list[Span]:
    """The secrets of a text in order, none touching another. `marked`: a patch, each line begins with a diff mark."""
    found = [*_judged(text, _gated(text), path, marked)]
    return _merged(found, text, marked)


def spans_by_rules(text: str, path: str = "", *, marked: bool = False) -> list[Span]:
    """What `spans_in` finds, by every rule on every line: slow, to compare with."""
    starts, at = [], 0
    while at <= len(text):
        starts.append(at)
        at = text.find("\n", at) + 1 or len(text) + 1
    return _merged(_judged(text, dict.fromkeys(starts, RULES), path, marked), text, marked)


def fixed_spans(text: str) -> list[Span]:
    """The secrets of a fixed form alone, for texts in which a name in front means nothing, such as paths."""
    return _merged((found for found in _judged(text, _gated(text), "", False) if found[2] < len(FIXED)), text, False)


_Found = tuple[int, int, int]  # start, end, rank of the rule; -1 is a key's body


def _gated(text: str) -> dict[int, set[Rule]]:
    """For each line that has a gate: where it starts, and the rules whose gate it is."""
    lines: dict[int, set[Rule]] = {}
    for subject, gates in ((text, _PLAIN), (folded(text), _FOLDED)):
        for gate, rules in gates.items():
            for start in _line_starts(subject, gate):
                lines.setdefault(start, set()).update(rules)
    return lines


def folded(text: str) -> str:
    """The text in lower case, every character at its place: the one letter whose lower case is longer stays as I."""
    return text.replace("\u0130", "I").lower()


def _line_starts(text: str, gate: re.Pattern[str]) -> Iterator[int]:
    found = gate.search(text)
    while found:
        yield text.rfind("\n", 0, found.start()) + 1
        stop = text.find("\n", found.end())
        if stop < 0:
            return
        found = gate.search(text, stop)


def _judged(text: str, lines: Mapping[int, Iterable[Rule]], path: str, marked: bool) -> Iterator[_Found]:
    for start, rules in lines.items():
        stop = text.find("\n", start)
        first = start + marked
        line = text[first : len(text) if stop < 0 else stop]
        for rule in rules:
            for begin, end in rule.spans(line, path):
                yield first + begin, first + end, _RANK[rule]


def _merged(found: Iterable[_Found], text: str, marked: bool) -> list[Span]:
    """Overlapping finds become one, under the family of the first rule among them."""
    keys = [(start, end, -1) for start, end in key_spans(text, marked)]
    spans: list[_Found] = []
    for start, end, rank in sorted([*found, *keys]):
        if spans and start < spans[-1][1]:
            before = spans[-1]
            spans[-1] = (before[0], max(before[1], end), min(before[2], rank))
        else:
            spans.append((start, end, rank))
    return [Span(start, end, Family.PRIVATE_KEY if rank < 0 else RULES[rank].family) for start, end, rank in spans]
