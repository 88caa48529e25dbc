"""Marks of writing that are said to come or go by their names ("a missing comma", “去掉了分号”)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import Reading

_MARKS = {
    r"\b": r"word[- ]boundar(?:y|ies)|单词边界|词边界",
    ";": r"semi-?colons?|分号",
    ",": r"commas?|逗号",
    "^": r"carets?|脱字符|插入符",
    "~": r"tildes?|波浪号",
    "*": r"asterisks?|wildcards?|星号|通配符",
    "\\": r"back-?slash(?:es)?|反斜[杠线]",
    "!": r"exclamation marks?|叹号|感叹号",
    "?": r"question marks?|问号",
    "&": r"ampersands?",
    "|": r"(?:vertical bar|pipe (?:sign|character))s?|竖线",
    "@": r"at[- ]signs?",
    "`": r"back-?ticks?|反引号",
    "(": r"parenthes[ie]s|(?:圆|小)?括号",
}
"""How marks are called, in both languages."""
_COME = (
    r"(?:add(?:s|ed)?|insert(?:s|ed)?|append(?:s|ed)?|gain(?:s|ed)?|puts? (?:in|back)|introduc(?:es|ed)"
    r"|补上|加上|添加|新增|增加|补了)"
)
_GO = r"(?:remov(?:es|ed)|drop(?:s|ped)|delet(?:es|ed)|los(?:es|t)|taken out|去掉|删除|删掉|移除|去除)"


def _said(verb: str) -> re.Pattern[str]:
    """A verb with the mark that it governs in one of the groups."""
    named = "|".join(f"({words})" for words in _MARKS.values())
    ways = (
        rf"\b{verb}\b[^.;,]{{0,30}}?\b(?:{named})(?![a-z])",
        rf"{verb}了?[^，。；]{{0,10}}?(?:{named})(?![a-z])",
        rf"\b(?:{named}) (?:is|are|was|were|has been|have been) {verb}\b",
    )
    return re.compile("|".join(ways), re.IGNORECASE)


_SAID = ((True, _said(_COME)), (False, _said(_GO)))


def mark_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Marks of which the diff has fewer though they are said to come, or more though they are said to go."""
    for sentence in reading.sentences:
        for comes, pattern in _SAID:
            for match in pattern.finditer(sentence):
                gain = _gain(_mark_of(match), ground)
                if gain < 0 if comes else gain > 0:
                    yield Fault(code="not_added" if comes else "not_removed", details={"what": reading.told(match[0])})


def _mark_of(match: re.Match[str]) -> str:
    """The mark that a match names: its group, of as many for each of the ways to say it."""
    number = next(at for at, found in enumerate(match.groups()) if found)
    return list(_MARKS)[number % len(_MARKS)]


def _gain(mark: str, ground: Ground) -> int:
    """How often a mark comes more often than it goes, over lines that change into others."""
    blocks = (block for block in ground.blocks if block.old and block.new)
    return sum("\n".join(block.new).count(mark) - "\n".join(block.old).count(mark) for block in blocks)
