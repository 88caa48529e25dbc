"""Files set against each other: "X sits in A, while B merely …", and what no file of its sort can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading
from workers.analysis.grounding.prose.texts import count, stands
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.paths import Role, role_of
from workers.model import Statement

_CLAUSE = re.compile(r"[;；，]|,? (?:while|whereas|but|unlike|whilst)\b|, (?:and|with)\b|,\s", re.IGNORECASE)
_MERELY = re.compile(
    rf"(?P<file>{N})(?:\s+(?:itself|was|were|is|has|had|then))?\s*(?:merely|only|just|simply|仅仅|只是|仅|只)(?!\s*(?:在"
    rf"|当|when\b|if\b))",
    re.IGNORECASE,
)
_SPARED = re.compile(
    rf"(?P<file>{N})\s*(?:文件)?\s*(?:没有涉及|并?未涉及|没有动|没有改动|未改动|未动|并未修改|没有修改"
    r"|(?:was|is|were) (?:not touched|untouched|left alone|not changed|not modified)|stays? untouched"
    r"|remains? untouched)",
    re.IGNORECASE,
)
_PLACED = re.compile(
    rf"(?:\b(?:sits?|lives?|resides?|happens?|happened|implemented|declared|defined|defaulted|performed|carried out"
    rf"|located|added|introduced|made|placed|removed|done|handled|found|inserted|dropped|changed|fixed"
    rf"|put)\b[\w\s]{{0,12}}?"
    rf"\b(?:in|inside|within|into|to|from)\s+(?:the\s+)?"
    rf"|(?:写|放|加|定义|位于|落|实现|发生|声明|改|修|加入|引入|处理|完成)了?(?:在|到|进|于)了?\s*|(?:位于|处于)\s*)(?P<file>{N})",
    re.IGNORECASE,
)
_CHECKS = re.compile(
    r"test|spec\b|assert|expect|verif|cover|exercis|fixture|snapshot|mock|\bcases?\b|bench|check(?:s|ed) that|suite"
    r"|测试|用例|断言|覆盖|验证|样例|基准|快照|校验了",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"doc|readme|changelog|example|sample|describ|explain|mention|\bnot(?:e|es|ed)\b|entry|section|release|guide"
    r"|list|table"
    r"|文档|说明|示例|样例|变更|记录|日志|描述|介绍|条目|章节|注明|列",
    re.IGNORECASE,
)
_ASIDE = frozenset({Role.TEST, Role.DOCS, Role.EXAMPLE, Role.LOCALE, Role.LOCK, Role.GENERATED, Role.ASSET})


def contrast_faults(statement: Statement, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Files of which a statement says what the sizes, sorts and names of the changed files speak against."""
    if len(ground.files) < 2:
        return
    for sentence in reading.sentences:
        marks = [char for char in sentence if FIRST <= ord(char) <= LAST and _one(char, reading, ground)]
        wrong = _of_sort(sentence, statement, reading, ground) or _lesser(sentence, marks, reading, ground)
        wrong = wrong or _spared(sentence, reading, ground) or _unlike(sentence, marks, reading, ground)
        if wrong:
            yield Fault(code="wrong_file", details={"what": reading.name(wrong).text})


def _one(mark: str, reading: Reading, ground: Ground) -> ChangedFile | None:
    """The one changed file that a mark names."""
    name = reading.name(mark).text
    found = ground.files_named(name) if "." in name else ()
    return found[0] if len(found) == 1 else None


def _of_sort(sentence: str, statement: Statement, reading: Reading, ground: Ground) -> str:
    """A file of tests or prose in which the code itself is said to be, while code of the commit lies elsewhere."""
    for clause in _CLAUSE.split(sentence):
        for match in _PLACED.finditer(clause):
            file = _one(match["file"], reading, ground)
            if file is None:
                continue
            role = role_of(file.file.path)
            fitting = {Role.TEST: _CHECKS, Role.DOCS: _TELLS}.get(role)
            plain = fitting is not None and not fitting.search(clause) and not _names_within(clause, file, reading)
            if plain and not _shown(file, statement) and _has_code(ground):
                return match["file"]
    return ""


def _names_within(clause: str, file: ChangedFile, reading: Reading) -> bool:
    names = [bare(name.text) for name in reading.names_in(clause)]
    return any(stands(name, file.new + file.old) for name in names if name not in file.file.path)


def _shown(file: ChangedFile, statement: Statement) -> bool:
    return any(item.path in file.paths for item in statement.evidence)


def _has_code(ground: Ground) -> bool:
    return any(role_of(file.file.path) not in _ASIDE for file in ground.files)


def _lesser(sentence: str, marks: Sequence[str], reading: Reading, ground: Ground) -> str:
    """The file that is told as the main one, where another that "merely" got something is changed more."""
    match = _MERELY.search(sentence)
    minor = _one(match["file"], reading, ground) if match else None
    if match is None or minor is None or role_of(minor.file.path) in _ASIDE:
        return ""
    others = [mark for mark in marks if mark != match["file"]]
    if len(others) != 1 or sentence.index(others[0]) > match.start():
        return ""
    main = _one(others[0], reading, ground)
    return others[0] if main is not None and main is not minor and _size(minor) > _size(main) else ""


def _size(file: ChangedFile) -> int:
    return file.file.additions + file.file.deletions


def _spared(sentence: str, reading: Reading, ground: Ground) -> str:
    """A file of the commit that is said not to be touched."""
    for match in _SPARED.finditer(sentence):
        file = _one(match["file"], reading, ground)
        if file is not None and _size(file):
            return match["file"]
    return ""


def _unlike(sentence: str, marks: Sequence[str], reading: Reading, ground: Ground) -> str:
    """The file that is said to get, unlike another, what only the other gets."""
    if len(marks) != 2 or not re.search(r"\bunlike\b|不同于|不像", sentence, re.IGNORECASE):
        return ""
    one, other = (_one(mark, reading, ground) for mark in marks)
    names = [bare(name.text) for name in reading.names_in(sentence)]
    for name in names:
        if one is not None and other is not None and _gain(name, one) <= 0 < _gain(name, other):
            return marks[0]
    return ""


def _gain(name: str, file: ChangedFile) -> int:
    return count(name, file.new) - count(name, file.old)
