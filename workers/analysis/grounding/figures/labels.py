"""Numbers with a name before them ("Node 20"): the commit writes numbers with that name, and not this one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.numerals import Figure, figures_in
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading, Sort

_RISES = (
    r"(?:(?:is|was|are|were|has been|now) )?(?:moves?|goes|rises|bumped|raised|updated|upgraded|pinned|set)"
    r" (?:up )?to\s"
    r"|(?:被)?(?:升级?|更新|提升|固定)(?:到|至|为)\s?"
)
_LABEL = re.compile(
    rf"(?:(?<![\w.@/-])((?-i:[A-Z])[A-Za-z+#]*)(?:\.js)?|({N}))\s(?:version |releases? |版本 ?|{_RISES})?$",
    re.IGNORECASE,
)
_VERSION = re.compile(r"[\^~=<>]*v?(\d+(?:\.\d+)+)")
_NUMBER_AFTER = (
    r"(?<![A-Za-z0-9-]){0}(?![a-z]|-[a-z]+-?[a-z]* ?=)"
    r"(?:[-_.]?(?:js)?[-_]?version)?[^\w\n]{{1,6}}(?:npm:[^\w\n]{{0,2}}|\n?.?\s*\"?version[^\w\n]{{1,5}}|v)?(\d+(?:\.\d+)*)"
)
_NOT_NOW = re.compile(
    r"日后|将来|以后|未来|假如|假设|\b(?:in (?:the )?future|later (?:on|mov|migrat|upgrad)\w*|some ?day|eventually)\b",
    re.IGNORECASE,
)


def label_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Faults of numbers that stand in the commit, though never with the name that the statement gives them."""
    for figure in figures_in(reading.prose):
        label = None if figure.spelled or is_not_of_now(figure, reading.prose) else _label_before(figure.start, reading)
        if label and not _goes_with(label, figure.text.lstrip("v"), ground):
            yield Fault(code="figure_unknown", details={"what": f"{label} {figure.text}"})
    for at, char in enumerate(reading.prose):
        if FIRST <= ord(char) <= LAST and (version := _VERSION.fullmatch(reading.name(char).text)):
            label = _label_before(at, reading)
            if label and not _goes_with(label, version[1], ground):
                yield Fault(code="figure_unknown", details={"what": f"{label} {version[0]}"})


def _label_before(at: int, reading: Reading) -> str | None:
    """The name right before a number: a word with a capital, or one that is marked as code."""
    found = _LABEL.search(reading.prose[:at])
    if found is None:
        return None
    if found[1]:
        opens = not reading.prose[: found.start()].strip()
        return None if opens and len(found[1]) < 2 else found[1]
    name = reading.name(found[2])
    return name.text if name.sort is Sort.CODE and re.fullmatch(r"@?(?=.*[A-Za-z])[\w./-]+", name.text) else None


def _goes_with(label: str, number: str, ground: Ground) -> bool:
    """Whether the commit has a number with its label; so too where it has no numbers with that label."""
    written = set(re.findall(_NUMBER_AFTER.format(re.escape(label)), ground.without_headers, re.IGNORECASE))
    if not written or any(_agree(number, one) for one in written):
        return True
    low, rows = label.lower(), ground.without_headers.lower().split("\n")
    names = _ALSO.get(low, (low,))
    near = (_with_list(rows[at : at + REACH]) for at, row in enumerate(rows) if any(name in row for name in names))
    short = rf"{re.escape(low[:2])}[a-z]*{number.replace('.', '')}(?!\d)"  # py312
    return any(re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)|{short}", text) for text in near)


REACH = 12
"""Lines from a label on in which its numbers may be listed."""
_ITEM = re.compile(r"[-+ ]?\s*(?:- |[\"'\d\[\]])[^:]*$")


def _with_list(rows: Sequence[str]) -> str:
    """A line with the items of the list that it opens."""
    return "\n".join([rows[0], *takewhile(_ITEM.match, rows[1:])])


_ALSO = {"java": ("java", "jdk"), "jdk": ("java", "jdk"), "go": ("go", "golang"), "python": ("python", "py")}
"""Other names under which commits write the versions of the same thing."""


def _agree(number: str, other: str) -> bool:
    """Whether two versions are the same as far as both are told."""
    pairs = zip(number.split("."), other.split("."), strict=False)
    return all(one == two for one, two in pairs)


def is_not_of_now(figure: Figure, prose: str) -> bool:
    """Whether a number is of a future that is thought of ("once it moves to Vue 3 some day"), which no commit has."""
    start = max(prose.rfind(mark, 0, figure.start) for mark in "。；.;\n") + 1
    return bool(_NOT_NOW.search(prose[start : figure.end + 20]))
