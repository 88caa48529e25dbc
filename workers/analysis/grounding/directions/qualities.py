"""How a name is said to be declared (optional, private, asynchronous ...), held against the lines that declare it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading, Sort
from workers.analysis.grounding.prose.texts import is_remark, places_of

_AFTER = 80
"""Characters behind a name in which its type and default stand."""


class _Quality(NamedTuple):
    """What a declaration may be called, and the marks of it on the line, before the name and after it."""

    words: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


_OPTIONAL = _Quality(
    r"optional|nullable|可选|选填|可空",
    None,
    re.compile(
        r"^\s*\?|[:\s](?:Option|Optional|Maybe)[<\[]|\|\s*(?:None|null|undefined)\b|:\s*\?\w|^\s*:[^,)]*=|omitempty"
    ),
)
_REQUIRED = _Quality(
    r"required|mandatory|compulsory|必填|必选|必需|必要",
    None,
    re.compile(r"^\s*!\s*:|\brequired\s*[:=]\s*[Tt]rue|^\s*:\s*(?:str|int|bool|string|number|boolean)\s*[,;)]"),
)
_PRIVATE = _Quality(r"private|私有", re.compile(r"\b(?:private|protected|fileprivate)\b[^(;={]*$|[#_]$"), None)
_PUBLIC = _Quality(r"public|公开|公有|公共", re.compile(r"\b(?:public|pub|export|open)\b(?!\()[^(;={]*$"), None)
_ASYNC = _Quality(
    r"async(?:hronous)?|异步", re.compile(r"\b(?:async|suspend)\b[^(;={]*$"), re.compile(r"^\s*[=:]\s*async\b")
)
_SYNC = _Quality(
    r"sync(?:hronous)?|同步",
    re.compile(r"^(?!.*\b(?:async|suspend)\b).*\b(?:def|fn|fun|function)\s+$"),
    None,
)
_PAIRS = ((_OPTIONAL, _REQUIRED), (_PRIVATE, _PUBLIC), (_ASYNC, _SYNC))


def _said(words: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{words})\b(?:,?\s+(?!and\b|or\b|but\b|to\b|of\b|for\b|in\b|by\b|from\b|as\b|is\b)[a-z-]+){{0,3}},?\s+(?P<one>{N})"
        rf"|(?P<two>{N})\s+(?:is|are|becomes?|stays?|remains?|was made|is made)\s+(?:now\s+|an?\s+)?(?:{words})\b"
        rf"|(?:{words})的?(?:[\u4e00-\u9fff]{{0,6}})\s*(?P<three>{N})"
        rf"|(?P<four>{N})[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,8}}?(?:改为|变为|变成|设为|成为|是|为)(?:{words})",
        re.IGNORECASE,
    )


_SAID = tuple((_said(own.words), own, other) for pair in _PAIRS for own, other in (pair, pair[::-1]))


def quality_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Names that are called what no line has them declared as, while lines declare them as the contrary."""
    for sentence in reading.sentences:
        for pattern, own, other in _SAID:
            for match in pattern.finditer(sentence):
                if re.search(other.words, sentence, re.IGNORECASE):
                    continue
                name = reading.name(next(group for group in match.groups() if group))
                if name.sort is Sort.CODE and _is_declared_as(bare(name.text), own, other, ground):
                    yield Fault(code="quality_wrong", details={"what": reading.told(match[0])})


def _is_declared_as(name: str, own: _Quality, other: _Quality, ground: Ground) -> bool:
    """Whether lines of the diff declare a name as the contrary, and none as it is called."""
    lines = [line for file in ground.files for text in (file.new, file.old, file.context) for line in text.split("\n")]
    named = [line for line in lines if name in line and not is_remark(line)]
    return any(_shows(other, name, line) for line in named) and not any(_shows(own, name, line) for line in named)


def _shows(quality: _Quality, name: str, line: str) -> bool:
    for at in places_of(name, line):
        before, after = line[:at], line[at + len(name) : at + len(name) + _AFTER]
        if quality.before is not None and quality.before.search(before):
            return True
        if quality.after is not None and quality.after.search(after):
            return True
    return False
