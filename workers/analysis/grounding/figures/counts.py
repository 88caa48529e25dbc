"""Counts of things ("three new tests", “两个文件”): computed from the diff where its facts tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workers.analysis.grounding.figures.lines import lines_hold
from workers.analysis.grounding.figures.tallies import (
    Counted,
    fact_counts,
    first_words,
    items_and_repeats,
    listed_on_lines,
    rows_of_tables,
    tally,
)
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.numerals import MEASURES, Figure, scale_of
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading, Sort
from workers.analysis.grounding.prose.texts import words_in

LENIENT = 3
"""Up to this a count of things that no rule knows passes: people count what they see as one, and no figure misleads."""


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted, as it stands in the text."""

    text: str
    sort: Counted


_SHOWN = r"(?:\w+ )?(?:text|output|input|logs?|context|data|history|stdout|stderr)\b"
"""What lines that a program reads or shows are said to be of: they are none of the diff."""
_SORTS = (
    (Counted.FILES, re.compile(r"\bfiles?\b|文件", re.IGNORECASE)),
    (Counted.LINES, re.compile(rf"\blines?\b(?! of {_SHOWN})|^行|行代码|代码行", re.IGNORECASE)),
    (Counted.COMMITS, re.compile(r"\bcommits?\b|提交$", re.IGNORECASE)),
    (Counted.ASSERTIONS, re.compile(r"\bassertions?\b|断言", re.IGNORECASE)),
    (
        Counted.TESTS,
        re.compile(
            r"\btests?\b(?! (?:suite|file|helper|class|module)s)|\b(?:test|new|more|further|extra) cases?\b"
            r"|\bdata sets?\b|测试|用例",
            re.IGNORECASE,
        ),
    ),
    (Counted.FUNCTIONS, re.compile(r"\b(?:functions?|methods?)\b|函数|方法", re.IGNORECASE)),
    (Counted.IMPORTS, re.compile(r"\b(?:imports?|includes?)\b|导入", re.IGNORECASE)),
)
_ENGLISH_NOUN = re.compile(
    rf"(?:\s*|-)(?:{N}\s+)?((?:[a-z][a-z-]*\s+){{0,3}}?(?:[a-z][a-z-]*(?:s|ren|data)|(?:file|line|commit|test|function|method|import)(?!\s+[a-z]+s\b)))\b",
    re.IGNORECASE,
)
_CHINESE_NOUN = re.compile(rf"\s*(?:[{MEASURES}]|行)?+\s*(?:(?:{N}|[A-Za-z][\w-]*)\s*的?)?\s*([\u4e00-\u9fff]{{1,9}})")
_NO_NOUN = re.compile(
    r"^(?:is|was|has|does|its|this|as|always|plus|times|less|unless|across|across|versus|via|thus|yes|ns"
    r"|ms|us|secs?|mins?"
    r"|replaces|becomes|comes|goes|supersedes|hours?|days?|weeks?|months?|years?|seconds?|minutes?|bytes|ones|others|bits?)$",
    re.IGNORECASE,
)


def counted_noun(figure: Figure, prose: str) -> Noun | None:
    """What a figure counts; None where it measures, names a version, or stands alone."""
    if figure.value is None or figure.value.denominator != 1 or prose[: figure.start].rstrip().endswith("第"):
        return None
    after = prose[figure.end : figure.end + 60]
    if named := re.match(r"\s+of (?:them|these|those)\b", after) and _NOUN_BEFORE.search(prose[: figure.start]):
        return _noun(named[1], named[1])
    chinese = re.match(rf"\s*(?:[{MEASURES}]|行|文件|测试|用例)", after)
    if chinese and not re.match(
        r"\s*(?:倍|份额|分之|位数|位(?:整数|系统|架构|宽)|行为|步骤?(?:号|数)|字节|次方|方)", after
    ):
        found = _CHINESE_NOUN.match(after)
        clause = re.split(r"[，。；、,.;:：]", prose[: figure.start])[-1]
        return _noun(found[1] if found and not _GOES_ON.match(found[1]) else _chinese_subject(clause, after), after)
    return None if scale_of(figure.unit) or figure.unit.lower() in _MEASURED else _english_noun(after)


def _chinese_subject(clause: str, after: str) -> str:
    """What stands before a number that no noun follows; the measure word where a name follows, or a place stands."""
    said = after.strip()[:1]
    is_of_name = re.search(N, after[:4]) or re.search("[里中内上]", clause)
    return said if said == "行" or is_of_name else clause[-SUBJECT:] or said


_GOES_ON = re.compile(r"[减增变降升改扩缩到至]")
"""What no counted thing begins with, but what becomes of it (“从五个减到三个”)."""
SUBJECT = 8
"""Characters before a number in which a Chinese sentence may name what it counts (“测试用例新增四个”)."""


def _english_noun(after: str) -> Noun | None:
    """What a number counts by the words behind it."""
    if re.match(r"\s+more\b", after):
        return Noun("more", Counted.OTHER)
    english = _ENGLISH_NOUN.match(after)
    words = english[1].split() if english and after[:1] in " -" else []
    if english is None or not words or _STOPS.intersection(words) or _NO_NOUN.match(words[-1]):
        return None
    noun = _noun(english[1], re.sub(rf"^[\s-]*{N}\s+", "", after))
    return None if noun.sort is Counted.OTHER and re.match(rf"\s*{N}", after) else noun


_NOUN_BEFORE = re.compile(r"\b((?:[a-z]+ )?[a-z]{3,}s)\s*[,:–—-]\s*(?:all )?$", re.IGNORECASE)
"""What a number is of that follows it ("blank lines, seven of them")."""
_MEASURED = frozenset({"x", "times", "fold", "percent", "bit", "bits", "%", "％", "×", "倍"})
_STOPS = frozenset(
    words_in("is are was were to of in on for from by with and or as at the a an it when if than that which now")
)


def _noun(text: str, near: str) -> Noun:
    lead = re.split(r"[，。；、,.;:：(（]", near)[0].lstrip()[:24]
    of_what = re.match(r"\s+of (?:\w+ )?\w+", near.lstrip(" -")[len(text) :])
    for sort, pattern in _SORTS:
        told = text + of_what[0] if of_what and sort is Counted.LINES else text
        if pattern.search(told) or (sort is Counted.LINES and not text.isascii() and pattern.search(lead)):
            return Noun(text, sort)
    return Noun(text, Counted.OTHER)


def count_holds(figure: Figure, noun: Noun, reading: Reading, ground: Ground) -> bool:
    """Whether a count follows from the diff or stands in its text with the same noun."""
    number = int(figure.value or 0)
    sentence = _sentence_of(figure, reading.prose)
    if (noun.sort not in _EXACT or _ALIKE.search(noun.text)) and _is_rest(figure, reading.prose):
        return number <= ground.additions + ground.deletions + len(ground.files)
    if noun.sort is Counted.LINES and (held := lines_hold(figure, sentence, reading, ground)) is not None:
        return held
    return (
        number == 0
        or (_EXISTING.search(noun.text) is not None and number <= LENIENT)
        or (noun.sort in (Counted.OTHER, Counted.FUNCTIONS) and number <= LENIENT)
        or number in _listed(sentence, reading, noun.sort)
        or number in tally(noun.sort, ground)
        or _is_of_the_diff(number, noun, ground)
        or (noun.sort is Counted.FILES and number in _matching_files(sentence, reading, ground))
        or _in_text(figure, noun, ground)
        or (noun.sort is Counted.OTHER and _is_bound(figure, reading.prose, ground))
        or (noun.sort is Counted.OTHER and number in listed_on_lines(noun.text, ground))
        or (noun.sort is Counted.OTHER and f"[{number}]" in ground.lowered_new)  # an array of so many
        or _is_seen(number, noun, sentence, reading, ground)
    )


def _is_of_the_diff(number: int, noun: Noun, ground: Ground) -> bool:
    """Whether so many lines come or go, as git's own summary puts it ("12 insertions, 3 deletions")."""
    told = _SUMMED.search(noun.text)
    return told is not None and number == (ground.additions if told["come"] else ground.deletions)


_SUMMED = re.compile(r"\b(?:(?P<come>insertion|addition)|deletion)s?\b", re.IGNORECASE)


def is_of_lines(figure: Figure, prose: str) -> bool:
    """Whether a number counts lines: these a diff has exactly."""
    noun = counted_noun(figure, prose)
    return noun is not None and noun.sort is Counted.LINES


_EXISTING = re.compile(r"\bexisting\b|现有|已有|既有")
"""Of what is there, a diff shows no more than it touches."""
_ROWS = re.compile(r"用例|\b(?:cases?|rows|data sets?)\b", re.IGNORECASE)
"""Tests that may be the rows of a table."""
_LOOSE = frozenset({Counted.OTHER, Counted.ASSERTIONS})
_EXACT = frozenset({Counted.FILES, Counted.LINES, Counted.COMMITS})


def _is_seen(number: int, noun: Noun, sentence: str, reading: Reading, ground: Ground) -> bool:
    """Whether the facts of the diff, or what its lines repeat, come to a number."""
    of_facts = noun.sort in (Counted.FILES, Counted.FUNCTIONS, Counted.OTHER)
    if of_facts and number in ground.kept("facts", lambda: fact_counts(ground)):
        return True
    if noun.sort in _EXACT:
        return False
    return number in set(_occurrences(noun, sentence, reading, ground))


_ALIKE = re.compile(r"同样|相同|类似")
"""What further lines are said to be: they are told by one of them."""


def _is_rest(figure: Figure, prose: str) -> bool:
    """Whether a count follows names of which it is the rest or the total ("and 3 more", “等 5 处”)."""
    return bool(
        re.match(r"\s+(?:more|others?)\b", prose[figure.end :])
        or re.search(r"(?:等|另有|还有)\s*$", prose[: figure.start])
    )


def _sentence_of(figure: Figure, prose: str) -> str:
    start = max(prose.rfind(mark, 0, figure.start) for mark in "。；\n") + 1
    ends = [at for mark in "。；\n" if (at := prose.find(mark, figure.end)) >= 0]
    return prose[start : min(ends, default=len(prose))]


def _listed(sentence: str, reading: Reading, sort: Counted) -> set[int]:
    """How many things a sentence lists: names, and the parts of what stands in brackets or after a colon."""
    names = [char for char in sentence if FIRST <= ord(char) <= LAST]
    runs = re.findall(
        rf"[{chr(FIRST)}-{chr(LAST)}](?:(?:\s*[,、，和与及/]\s*|,?\s+and\s+|\s+to\s+)+[{chr(FIRST)}-{chr(LAST)}])*",
        sentence,
    )
    found = {sum(FIRST <= ord(char) <= LAST for char in run) for run in runs}
    if sort not in (Counted.FILES, Counted.LINES, Counted.COMMITS):
        found |= {len(names), len({reading.name(char).text for char in names})}
        for part in re.findall(r"[(（:：—–]([^()（）:：]+)", sentence):
            found.add(len([one for one in re.split(r"[,，、;；]|\band\b|\bor\b|和|与|以及|及", part) if one.strip()]))
        for part in re.split(r"[，,。；;：:]", sentence):
            if "、" in part:
                found |= {part.count("、") + 1, len(re.split(r"、|以及|和|与|及", part))}
    return {number for number in found if number > 1}


def _matching_files(sentence: str, reading: Reading, ground: Ground) -> set[int]:
    """How many files a folder of the sentence holds, or hold a name of it."""
    found: set[int] = set()
    for name in reading.names_in(sentence):
        found.add(len(ground.files_named(name.text)))
        found.add(sum(name.text in file.new or name.text in file.old for file in ground.files))
    return found


def _occurrences(noun: Noun, sentence: str, reading: Reading, ground: Ground) -> Iterator[int]:
    """How often the names of the sentence and the words of the noun stand on each side, and how many places change."""
    if noun.sort in (Counted.TESTS, Counted.IMPORTS):
        if _ROWS.search(noun.text):
            yield from ground.kept("first words", lambda: first_words(ground))
            yield from ground.kept("rows", lambda: rows_of_tables(ground))
        return
    yield len(ground.blocks)
    yield len(ground.files)
    for name in reading.names_in(sentence):
        if name.sort in (Sort.CODE, Sort.BARE, Sort.QUOTE):
            presence = ground.presence(name.text.split("(")[0])
            yield from (presence.new, presence.old, presence.new + presence.old, presence.new - presence.old)
    yield from ground.kept("first words", lambda: first_words(ground))
    yield from ground.kept("items", lambda: items_and_repeats(ground))
    for stem in _stems(noun.text.lower()):
        yield from (ground.lowered_new.count(stem), ground.lowered_old.count(stem))


def _stems(noun: str) -> Iterator[str]:
    """The words of a noun as code may have them."""
    if re.search(r"regular expression|正则", noun):
        yield "new regexp"
        yield "re.compile"
    for word in re.findall(r"[a-z]{4,}", noun):
        yield word[:-1] if word.endswith("s") else word


def _in_text(figure: Figure, noun: Noun, ground: Ground) -> bool:
    """Whether the commit itself counts so: the number near the noun's last word, or for other things anywhere."""
    number = str(int(figure.value or 0))
    if not figure.spelled and figure.text != number and figure.text in ground.message:
        return True  # as the author writes it: 100,000
    spelled = figure.text.lower() if figure.spelled and figure.text.isascii() else _ENGLISH_NUMBERS.get(number, number)
    forms = "|".join({re.escape(number), re.escape(spelled)})
    message = _TRAILER.sub("", ground.message).lower()
    if noun.sort in _LOOSE and int(number) > 9:
        lines = f"{ground.lowered_new}\n{ground.lowered_old}\n{message}"
        return bool(re.search(rf"(?<![\w.#]){number}(?![\w.])", lines))
    last = re.findall(r"[a-z]+", noun.text.lower())[-1:] or [noun.sort.value]
    stem = re.escape(last[0].rstrip("s"))
    if re.search(rf"(?<![\w.])(?:{forms})(?:[ -]+[\w-]+){{0,3}}?[ -]+{stem}", ground.lowered):
        return True
    return noun.sort in _LOOSE and bool(re.search(rf"(?<![\w.#])(?:{forms})\b(?![.\d])", message))


_TRAILER = re.compile(r"^[A-Za-z-]+-by:.*$", re.MULTILINE | re.IGNORECASE)
"""Who worked on a commit, with the numbers of machines among them."""


_BOUND = re.compile(
    r"(?:最多|至多|至少|最少|上限|下限|不超过|超过|限制|at most|at least|up to|no more than|maximum|minimum"
    r"|limit\w*)\D{0,16}$",
    re.IGNORECASE,
)


def _is_bound(figure: Figure, prose: str, ground: Ground) -> bool:
    """Whether a number that is told as a limit stands on a changed line where something is compared or set to it."""
    number = int(figure.value or 0)
    lines = f"{ground.lowered_new}\n{ground.lowered_old}"
    limits = rf"[=<>(:,] ?{number}(?![\w.])|\[{number + 1}\]"  # a text in an array is one shorter
    return bool(_BOUND.search(prose[: figure.start]) and re.search(limits, lines))


_ENGLISH_NUMBERS = {
    str(number): word for number, word in enumerate(words_in("zero one two three four five six seven eight nine ten"))
}
