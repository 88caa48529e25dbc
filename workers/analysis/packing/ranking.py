"""Which hunks of a commit have the gravest consequences: what a model sees first."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from math import log2

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.hunks import Hunk
from workers.analysis.paths import Role, role_of
from workers.analysis.survey.exposure import is_aside, is_central, is_exposed, is_sensitive, is_tool_setting
from workers.analysis.survey.groups import OUTER_THINGS
from workers.model import FileChange, FileStatus, Side

TEXT_READ = 6000
"""Characters of a hunk that are searched for telling words."""

_ROLES: Mapping[Role, float] = {
    Role.SOURCE: 1.0,
    Role.SCHEMA: 1.5,
    Role.CONFIG: 1.0,
    Role.MANIFEST: 0.8,
    Role.BUILD: 0.5,
    Role.CI: 0.35,
    Role.DOCS: 0.3,
    Role.EXAMPLE: 0.25,
    Role.TEST: 0.25,
    Role.LOCALE: 0.1,
}
_ASIDE = 0.25
_TELLING_WORDS = (
    *("auth", "token", "passw", "secret", "permi", "crypt", "tls", "cert", "sanit", "escap", "unsafe", "acl"),
    *("lock", "mutex", "atomic", "synchroni", "thread", "race", "await", "concurren"),
    *("default", "timeout", "limit", "deprecat", "version", "migrat", "drop", "alter", "truncate"),
    *("throw", "raise", "panic", "abort", "error", "null", "free(", "close(", "delete"),
)
"""What lines on security, concurrency, defaults, stored data and failure have in them; looked for in lower case."""

_IDLE_ROW = re.compile(
    r"\s*(?:[{}()\[\];,]*|(?://|#(?!\[|define|if|include)|\*|/\*|--|<!--).*|(?:import|from|use|#include|using)\b.*)$"
)

FactLines = Mapping[Side, tuple[Sequence[int], Sequence[float]]]
"""By side: the lines at which facts of a file stand, in order, and how grave each is."""


def weight_of(file: FileChange) -> float:
    """How far a change of this file reaches, told from its path: 1 for ordinary code of the product."""
    path, role = file.path, role_of(file.path)
    weight = _ROLES.get(role, 0.05)
    if is_aside(path) or is_tool_setting(path):
        return min(weight, _ASIDE)
    if role is Role.SOURCE:
        weight *= (1.5 if is_exposed(path) else 1.0) * (1.2 if is_central(path) else 1.0)
        weight *= 1.5 if is_sensitive(path) else 1.0
    return weight


def fact_lines(facts: Iterable[Fact]) -> FactLines:
    """Where the facts of one file stand."""
    found: dict[Side, list[tuple[int, float]]] = {"old": [], "new": []}
    for fact in facts:
        grave = gravity(fact)
        for place in fact.evidence:
            found[place.side].append((place.start, grave))
    return {side: _columns(sorted(places)) for side, places in found.items()}


def _columns(places: Sequence[tuple[int, float]]) -> tuple[Sequence[int], Sequence[float]]:
    return [line for line, _ in places], [grave for _, grave in places]


def gravity(fact: Fact) -> float:
    """How much a fact matters to those who use or run the code."""
    if fact.deed is Deed.TOUCHED:
        return 0.2
    gone = fact.deed in (Deed.REMOVED, Deed.RENAMED, Deed.CHANGED)
    if fact.thing in OUTER_THINGS:
        grave = 6.0 if gone else 3.0
    elif fact.thing in (Thing.DEPENDENCY, Thing.SUBMODULE):
        grave = 1.5
    else:
        grave = 4.0 if gone else 2.0
    return grave if fact.public else grave * 0.3


def score(hunk: Hunk, file: FileChange, weight: float, lines: FactLines) -> float:
    """How much a hunk matters. Facts count most, then telling words and removed lines, then size, and that little."""
    changed = [row for row in hunk.rows if row[0] != " "]
    telling = [row for row in changed[:400] if not _IDLE_ROW.match(row, 1)]
    if not telling:
        return 0.05 * weight
    text = "\n".join(telling)[:TEXT_READ].lower()
    words = sum(word in text for word in _TELLING_WORDS)
    removed = 0 if file.status is FileStatus.DELETED else sum(row[0] == "-" for row in telling)
    facts = sum(_within(hunk, side, lines) for side in ("old", "new"))
    known = min(facts, 15.0) + 0.6 * min(words, 6)
    return weight * (0.5 + known + 0.1 * min(removed, 20) + 0.3 * log2(len(telling)))


def _within(hunk: Hunk, side: Side, lines: FactLines) -> float:
    starts, graves = lines[side]
    if not starts:
        return 0.0
    first = hunk.new_start if side == "new" else hunk.old_start
    other = "-" if side == "new" else "+"
    end = first + sum(row[0] != other for row in hunk.rows)
    return sum(graves[bisect_left(starts, first) : bisect_left(starts, end)])
