"""Functions of which a statement says what only others do: what is said of one must stand in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading, Sort
from workers.analysis.grounding.prose.texts import stands
from workers.analysis.symbols.declarations import header_scope
from workers.analysis.symbols.enclosing import enclosing
from workers.analysis.symbols.languages import language_of
from workers.analysis.symbols.sides import side_of
from workers.model import Side

_VERB = (
    r"(?:calls?|uses?|invokes?|returns?|takes?|accepts?|counts?|formats?|reads?|writes?|sets?|checks?|raises?|throws?"
    r"|logs?|passes|builds?|creates?|falls? back to|increments?|decrements?|delegates? to|wraps?|allocates?|frees?"
    r"|releases?|iterates?(?: over)?|skips?|sends?|emits?|stores?|loads?|parses?|converts?|clears?|resets?|closes?"
    r"|opens?|compares?|copies|handles?|computes?|awaits?|yields?|switch(?:es)? to|relies on|goes through)"
)
_ENGLISH = re.compile(
    rf"(?:^|[,;:]\s|\band\s)(?:[Tt]he |[Ii]n \w+, |[Nn]ow )?(?:function |method |helper )?(?P<doer>{N})"
    rf"(?: function| method| helper)? (?:now |also |no longer |instead |then |itself |first |directly )*{_VERB} "
    r"(?P<rest>[^,;.]*)"
)
_CHINESE = re.compile(
    rf"(?:^|[，,；;：])\s*(?:函数|方法|现在|新增的|新的)?\s*(?P<doer>{N})\s*(?:函数|方法)?\s*(?:现在|中?现|改为|也|会|则|不再|直接|内部|中)*\s*"
    r"(?:调用|使用|返回|读取|写入|设置|检查|抛出|记录|传入|传递|创建|累加|递增|递减|格式化|采用|借助|通过|用|接收|接受|解析|转换|清空|重置|比较|复制)了?"
    r"(?P<rest>[^，,；;。]*)"
)
_BY = re.compile(
    rf"(?P<rest>{N})(?: field| counter| value)? (?:is|are|gets?) (?:now )?(?!replaced|superseded|succeeded)\w+ed "
    rf"(?:by|in|inside|within) (?P<doer>{N})"
)

Bodies = Mapping[str, list[str]]
"""By function, all lines that stand in it, on either side."""


def doer_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Functions that are said to do what stands in others alone."""
    for sentence in reading.sentences:
        for pattern in (_ENGLISH, _CHINESE, _BY):
            for match in pattern.finditer(sentence):
                doer = reading.name(match["doer"])
                if doer.sort is Sort.CODE and _is_elsewhere(_bare(doer.text), match["rest"], reading, ground):
                    yield Fault(code="wrong_doer", details={"what": doer.text})


def _is_elsewhere(doer: str, rest: str, reading: Reading, ground: Ground) -> bool:
    """Whether every name of the rest stands in known functions, and none of them in the doer."""
    bodies, loose = ground.kept("bodies", lambda: _bodies(ground))
    if doer not in bodies:
        return False
    names = [reading.name(char) for char in rest if FIRST <= ord(char) <= LAST]
    said = [_bare(name.text) for name in names if name.sort is Sort.CODE and len(_bare(name.text)) > 2]
    found = [name for name in said if any(stands(name, line) for lines in bodies.values() for line in lines)]
    if not found or any(stands(name, line) for name in said for line in loose):
        return False
    return not any(stands(name, line) for name in found for line in bodies[doer])


def _bodies(ground: Ground) -> tuple[Bodies, list[str]]:
    """The lines of each function, and those of which nobody knows where they are."""
    bodies: dict[str, list[str]] = defaultdict(list)
    loose: list[str] = []
    for file in ground.files:
        language = language_of(file.file.path)
        for hunk in file.hunks:
            for side in _SIDES:
                text = side_of(hunk, side, language)
                if language is None:
                    loose += text.lines
                    continue
                if (header := header_scope(text.header, language)) is not None:
                    bodies.setdefault(_bare(header.name), [])
                for line, names in enclosing(text, language, file.file.path):
                    for name in names:
                        bodies[name].append(line)
                    if not names:
                        loose.append(line)
    return bodies, loose


_SIDES: tuple[Side, ...] = ("old", "new")


def _bare(text: str) -> str:
    return re.split(r"::|->|\.|#", bare(text))[-1]
