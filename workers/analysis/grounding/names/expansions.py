"""Abbreviations that are spelled out: the expansion must stand in the commit or in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading, Sort

_SHORT = r"[a-z]?[A-Z][A-Za-z0-9]{0,2}[A-Z0-9][A-Za-z0-9]{0,4}"
_WORDS = r"[A-Za-z][A-Za-z0-9'’/]{0,30}(?:[ -]{1,2}[A-Za-z0-9&][A-Za-z0-9'’/]{0,30}){1,7}"
_HAN = r"(?:[A-Za-z0-9-]+ ?)?[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9 -]{1,15}"
_QUOTED = r"[`\"“‘*]{0,3}"
_AFTER = re.compile(
    rf"(?<![A-Za-z0-9])(?P<short>{_SHORT}|{N})(?P<cut>\s?[（(]{_QUOTED}(?:i\.e\.,? |short for |即|全称(?:是"
    rf"|为)?)?\s?(?P<long>{_WORDS}|{_HAN}){_QUOTED}(?:[，,][^)）]{{1,20}})?[)）])"
)
_BEFORE = re.compile(rf"(?<![A-Za-z0-9'’/-])(?P<long>{_WORDS})\s?[（(](?P<short>{_SHORT})[)）]")
_STANDS_FOR = re.compile(
    rf"(?<![A-Za-z0-9])(?P<short>{_SHORT}|{N})(?P<cut>,? (?:which )?(?:stands for|standing for|is short for|short for"
    rf"|meaning|means|denotes|abbreviates|i\.e\.,?) (?:the )?{_QUOTED}(?P<long>{_WORDS}){_QUOTED},?)"
)
_COMMA = re.compile(
    rf"(?<![A-Za-z0-9])(?P<short>{_SHORT})(?P<cut>(?:, | ?[—–] ?)(?:or |the )?"
    r"(?P<long>[A-Z]\w+(?:[ -][A-Z]\w+){1,5})(?: ?[—–]|,)?)"
)
_MEANS = re.compile(
    rf"(?<![A-Za-z0-9])(?P<short>{_SHORT}|{N})(?P<cut>\s?[，,]?\s?(?:即|指(?![标定向针令数示派明出引纹])(?:的是)?|是指|全称(?:是|为)?|也就是|代表"
    rf"|意为)\s?{_QUOTED}(?P<long>{_WORDS}|{_HAN}){_QUOTED})(?=[，。；,;)）]|$)"
)
_IS_ABBREVIATED = re.compile(
    rf"(?<![A-Za-z0-9])(?P<short>{_SHORT}|{N})\s?(?:是|为)\s?{_QUOTED}(?P<long>{_WORDS}|{_HAN}?){_QUOTED}\s?的(?:英文)?(?:缩写|简称|简写)"
)
_NUMERONYM = re.compile(
    rf"(?<![A-Za-z0-9-])(?P<short>[a-z]\d{{1,2}}[a-z])\s?[（(]{_QUOTED}(?P<long>{_WORDS}|[a-z]+-to-[a-z]+){_QUOTED}[)）]"
)
_NUMERONYMS = {"e2e": "end-to-end", "i18n": "internationali", "l10n": "locali", "k8s": "kubernetes", "a11y": "accessib"}
"""How words begin that are written as their first letter, a number, and their last."""
_UNITS = {
    "ns": ("nano", "纳秒"),
    "us": ("micro", "微秒"),
    "µs": ("micro", "微秒"),
    "ms": ("milli", "毫秒"),
    "kB": ("kilo", "千"),
    "KB": ("kilo", "千"),
    "MB": ("mega", "兆"),
    "GB": ("giga", "吉"),
    "KiB": ("kibi", "kilo", "千"),
    "MiB": ("mebi", "mega", "兆"),
    "GiB": ("gibi", "giga", "吉"),
}
"""How the names of units of time and size begin, by their signs (SI and IEC 80000-13)."""
_UNIT = re.compile(
    rf"(?<![A-Za-z])(?P<short>{'|'.join(_UNITS)}|MS|NS)"
    r"(?:\s?[（(]|,? (?:which )?(?:stands|is short) for |\s?(?:指|即|代表|表示)\s?)"
    r"(?P<long>[a-z]*(?:seconds?|bytes?|bits?)\b|[\u4e00-\u9fff]{1,2}(?:秒|字节))"
)
_SMALL = re.compile(
    rf"(?<![A-Za-z0-9])(?P<short>[a-z]{{2,5}})(?:\s?(?:指(?:的是)?|是指|即|代表|全称是?)\s?"
    rf"| (?:stands|is short) for (?:the )?|\s?[（(])"
    rf"{_QUOTED}(?P<long>{_WORDS})"
)
"""An abbreviation in small letters is only taken for one where the words begin with them."""
_NO_EXPANSION = re.compile(
    r"^(?:默认|包括|包含|例如|比如|如|见|参见|仅|即将|新增|原|约|仍|不|已|可|共|含|用于|在|由|从|以及|和"
    r"|或|等|对应|位于|详见|基于|现|旧|新|此前|之前|通过|需|无|未|非|每|第)"
    r"|^(?:default|including|includes?|e\.g|for example|such as|see|only|new|now|was|were|formerly"
    r"|previously|in|on|at|from|via|and|or|with|without|both|if|when|by|used|not|no|optional|required|the"
    r"|a|an|since|up to)\b",
    re.IGNORECASE,
)


class Expansion(NamedTuple):
    """An abbreviation, what it is said to mean, and the part of the prose that may be cut ("" where none can)."""

    short: str
    long: str
    cut: str


def expansions_in(reading: Reading) -> Iterator[Expansion]:
    """Every abbreviation that a text spells out."""
    prose = "".join(_plain(char, reading) for char in reading.prose)
    for pattern in (_AFTER, _STANDS_FOR, _MEANS, _COMMA):
        for match in pattern.finditer(prose):
            short, long = reading.told(match["short"]).strip("_"), _without_tail(match["long"])
            last = short.rsplit("_", 1)[-1]
            is_short = _is_short(short) or _initials(last, long) or _is_spelled_out(match["cut"], long)
            if is_short and _is_expansion(last, long, loose=pattern is not _COMMA):
                yield Expansion(short, reading.told(long), match["cut"])
    for match in _IS_ABBREVIATED.finditer(prose):
        yield Expansion(reading.told(match["short"]).strip("_"), reading.told(match["long"]).strip(), "")
    for match in _SMALL.finditer(prose):
        if _initials(match["short"], match["long"]) or _beginnings(match["short"], match["long"]):
            yield Expansion(match["short"], match["long"], "")
    yield from _told_before(prose)
    yield from _told_against_use(prose)


def _told_against_use(prose: str) -> Iterator[Expansion]:
    """Numeronyms and signs of units that are spelled out otherwise than everybody does."""
    for match in _NUMERONYM.finditer(prose):
        if not match["long"].lower().replace(" ", "-").startswith(_NUMERONYMS.get(match["short"], "")):
            yield Expansion(match["short"], match["long"], "")
    for match in _UNIT.finditer(prose):
        begins = _UNITS.get(match["short"]) or _UNITS[match["short"].lower()]
        if not match["long"].lower().startswith(begins):
            yield Expansion(match["short"], match["long"], "")


def _told_before(prose: str) -> Iterator[Expansion]:
    """Words with their abbreviation in brackets behind them."""
    for match in _BEFORE.finditer(prose):
        words = match["long"].split()
        spelled = " ".join(words[-len(match["short"]) :])
        fits = next(
            (" ".join(words[at:]) for at in range(len(words)) if _initials(match["short"], " ".join(words[at:]))), ""
        )
        titled = " ".join(_titled_tail(words))
        if fits or len(titled.split()) > 1:
            yield Expansion(match["short"], fits or titled or spelled, "")


def _without_tail(long: str) -> str:
    """Words written with capitals without what a sentence goes on with: "Time To Live" of "Time To Live and is set"."""
    titled = _TITLED.match(long)
    return titled[0] if titled and titled.end() < len(long) else long


_TITLED = re.compile(r"[A-Z][\w’'/-]*(?:[ -](?:(?:of|the|and|for|to|in) )?[A-Z][\w’'/-]*)+(?=\s[a-z])")


def _is_spelled_out(cut: str, long: str) -> bool:
    """Whether a name is plainly said to stand for some words: "SvcParamKey (short for Service Parameter Key)"."""
    return bool(_MARKED.match(cut)) and len(long.split()) > 1 and long[:1].isupper()


_MARKED = re.compile(r"\s?[（(]\W{0,3}(?:short for|即|全称)")


def _plain(char: str, reading: Reading) -> str:
    """A word of prose that happens to stand in the diff is a word here."""
    if FIRST <= ord(char) <= LAST and reading.name(char).sort is Sort.TERM:
        return reading.name(char).text
    return char


def _titled_tail(words: list[str]) -> list[str]:
    """The words at the end that are written with capitals."""
    at = len(words)
    while at and words[at - 1][0].isupper():
        at -= 1
    return words[at:]


def _is_short(text: str) -> bool:
    return bool(re.fullmatch(_SHORT, text)) and sum(char.isupper() or char.isdigit() for char in text) * 2 >= len(text)


SURE = 2
"""So many words may begin with the letters of an abbreviation by chance; more do not."""


def _is_expansion(short: str, long: str, loose: bool) -> bool:
    if any(FIRST <= ord(char) <= LAST for char in long):
        return False
    if (len(long.split()) == len(short) or len(long.split()) > SURE) and _initials(short, long):
        return True
    if _NO_EXPANSION.match(long):
        return False
    if re.search(r"[\u4e00-\u9fff]", long):
        return not re.search(r"\d{2,}|的|了|是|不|被|将", long)
    words = re.findall(r"[A-Za-z0-9]+", long)
    if _initials(short, long):
        return True
    return (
        loose
        and len(words) >= 2
        and (all(word[0].isupper() for word in words if len(word) > 3) or abs(len(words) - len(short)) <= 1)
    )


def _initials(short: str, long: str) -> bool:
    """Whether the letters of an abbreviation begin words of a text, in order, and no word is left over."""
    words = [
        word
        for word in re.findall(r"[A-Za-z0-9]+", long)
        if word.lower() not in ("of", "the", "and", "for", "to", "in", "a")
    ]
    letters = [char for char in short.lower() if char.isalnum()]
    return (
        len(words) > 1
        and [word[0].lower() for word in words] == letters[: len(words)]
        and len(words) >= len(letters) - 1
    )


def _beginnings(short: str, long: str) -> bool:
    """Whether an abbreviation is put together of how two or three words begin: "sdist" of "source distribution"."""
    words = re.findall(r"[a-z]+", long.lower())
    if not 2 <= len(words) <= 3:
        return False
    begins = "".join(rf"{word[0]}\w*?" for word in words[:-1])
    return any(re.fullmatch(begins + re.escape(words[-1][:count]), short) for count in range(2, len(short)))


def expansion_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Expansions that nothing supports, with the part to cut where it can be cut cleanly."""
    for expansion in expansions_in(reading):
        if not _stands(expansion.long, ground):
            details = {"what": f"{expansion.short}: {expansion.long}"}
            cut = reading.told_whole(expansion.cut)
            if cut and cut in reading.text:
                details["cut"] = cut
            yield Fault(code="expansion_unknown", details=details)


def _stands(long: str, ground: Ground) -> bool:
    joined = re.sub(r"[\s_-]+", "", long.lower())
    if joined in re.sub(r"[\s_-]+", "", ground.lowered):
        return True
    forms = dict.fromkeys(
        (
            long,
            long.lower(),
            long.capitalize(),
            long.title(),
            long.lower().replace(" ", "-"),
            long.lower().replace(" ", "_"),
        )
    )
    return any(ground.tree_holds(form) for form in forms)
