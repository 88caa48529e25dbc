"""Sentences that say in which file something lives or happens."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import N
from workers.analysis.grounding.prose.texts import stands
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.grounding.whereabouts.things import Thing, is_within
from workers.analysis.paths import Role, role_of
from workers.model import Statement

_LOCATED = re.compile(
    rf"(?:\b(?:lives?|resides?|sits?|happen(?:s|ed)|takes? place|(?:is|are|was|were|has been|have been)(?: now)?"
    rf"(?: carried out|defined|declared|implemented|placed|located|added|done|made|introduced|put|written|removed"
    rf"|dropped)?)"
    rf"(?: only)? (?:in|inside|into|within|from) (?:the )?"
    rf"|(?:放|定义|写|位|加|落|实现|新增|声明|添加|改)(?:在|于|到)了?\s*)({N})"
)
"""A file in which something is said to live or happen."""
_TAKEN_OUT_OF = re.compile(rf"从\s*({N})\s*(?:文件|模块)?\s*(?:中|里)?\s*(?:被)?(?:移除|删除|去掉|删掉|拿掉)")
_LEFT = re.compile(
    rf"\bno longer (?:lives?|resides?|sits?|(?:is |are )?(?:defined|declared|located|kept|found)) in (?:the )?({N})"
    rf"|不再(?:位于|放在|定义在|存放在|写在|在)\s*({N})"
)
_OF_TESTS = re.compile(
    r"test|assert|spec\b|case|fixture|mock|stub|snapshot|helper|expect|verif|cover|example|测试|断言|用例|夹具|模拟|快照|验证|覆盖",
    re.IGNORECASE,
)
_CLASS = re.compile(r"\bclass(?:es)?\b|类(?!似|型)", re.IGNORECASE)
_DECLARES = re.compile(r"^\s*(?:[\w@]+ )*(?:class|interface|trait|struct|enum|record) \w", re.MULTILINE)


def mislocated(
    sentence: str,
    named: Mapping[str, tuple[ChangedFile, ...]],
    things: Sequence[Thing],
    statement: Statement,
    ground: Ground,
) -> str | None:
    """The mark of a file in which a sentence says that something lives or happens, and it does not, or the contrary."""
    for match in _LEFT.finditer(sentence):
        place = named.get(match[1] or match[2], ())
        left = [thing for thing in things if thing.mark in sentence[: match.start()] and len(thing.mark) == 1]
        if any(stands(thing.name, file.new) and not stands(thing.name, file.old) for thing in left for file in place):
            return match[1] or match[2]
    for match in (*_LOCATED.finditer(sentence), *_TAKEN_OUT_OF.finditer(sentence)):
        if match[1] not in named:
            continue
        files = _listed(match, sentence, named)
        clause = re.split(r"[,;，；。:：]", sentence[: match.start()])[-1]
        here = [thing for thing in things if thing.mark in clause and len(thing.mark) == 1]
        if here:
            wrong = not any(is_within(thing, files) for thing in here)
        else:
            wrong = _is_shown_elsewhere(files, statement) or _is_no_place_for(clause, files, ground)
        if wrong:
            return match[1]
    return None


def _listed(
    match: re.Match[str], sentence: str, named: Mapping[str, tuple[ChangedFile, ...]]
) -> tuple[ChangedFile, ...]:
    """The files of the name that was found and of those that are listed behind it."""
    run = _RUN.match(sentence, match.end())
    marks = [match[1], *(char for char in (run[0] if run else "") if char in named)]
    return tuple(file for mark in marks for file in named[mark])


_RUN = re.compile(rf"(?:\s*(?:[、,，和与及]|and)\s*{N})*")


def _is_shown_elsewhere(files: Sequence[ChangedFile], statement: Statement) -> bool:
    shown = {item.path for item in statement.evidence}
    return bool(shown) and not any(path in shown for file in files for path in file.paths)


def _is_no_place_for(said: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    """Whether what is said to live in files can be no part of them: product code in tests, a class where none is."""
    others = [file for file in ground.files if file not in files]
    if all(role_of(file.file.path) is Role.TEST for file in files):
        return not _OF_TESTS.search(said) and any(role_of(file.file.path) is Role.SOURCE for file in others)
    return bool(_CLASS.search(said)) and not _declare(files) and _declare(others)


def _declare(files: Sequence[ChangedFile]) -> bool:
    """Whether any of these files puts a class in."""
    return any(_DECLARES.search(file.new) for file in files)
