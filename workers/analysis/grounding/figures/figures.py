"""Figures with units, versions and dates: in the commit, or exactly another figure of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from workers.analysis.grounding.directions.pairs import number_changes
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.figures.counts import LENIENT, count_holds, counted_noun, is_of_lines
from workers.analysis.grounding.figures.labels import is_not_of_now, label_faults
from workers.analysis.grounding.figures.partitions import parts_of
from workers.analysis.grounding.figures.tallies import Counted, tally
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.numerals import Figure, figures_in, plain_number, scale_of
from workers.analysis.grounding.prose.reading import N, Reading
from workers.analysis.grounding.prose.texts import folded, words_in

_ORDINAL = frozenset(words_in("st nd rd th"))
_LINE_BEFORE = re.compile(r"(?:\blines?|第|行|~|L)\s*$", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:^|\n)\s*$")
_FACTOR_UNITS = frozenset(words_in("x X × times fold 倍"))
_DIGITS = r"(?:(?<![\d.])|(?<=\.)(?=[A-Za-z]))(?<![A-Za-z])([A-Za-z]*){0}(?!\d|\.\d)(?![A-Za-z]*\d)"
"""A number in the text, with letters that it ends; what stands inside a sha or digest is none."""


_SHARE = re.compile(r"(?<![\w./])1/(?P<whole>\d{2,})(?![\w/])")
"""One part of many: the commit has the many."""


def figure_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Faults of the numbers in a statement's prose."""
    for share in _SHARE.finditer(reading.prose):
        if not _text_holds(share[0], ground) and not re.search(
            rf"(?<!\d){share['whole']}(?!\d)", ground.without_headers
        ):
            yield Fault(code="figure_unknown", details={"what": share[0]})
    figures = sorted(figures_in(reading.prose), key=lambda figure: figure.start)
    told = [(figure, _fault(figure, reading, ground)) for figure in figures]
    wrong = [fault for _, fault in told if fault is not None]
    if wrong:
        parts = parts_of([figure.value for figure, fault in told if fault is None], figures)
        yield from (
            fault
            for figure, fault in told
            if fault is not None and (figure.start not in parts or is_of_lines(figure, reading.prose))
        )
    yield from label_faults(reading, ground)


def _fault(figure: Figure, reading: Reading, ground: Ground) -> Fault | None:
    """What is wrong with one number."""
    if not _is_said(figure, reading.prose) or is_not_of_now(figure, reading.prose):
        return None
    noun = counted_noun(figure, reading.prose)
    if noun is None:
        what = figure.text + _shown_unit(figure)
        return None if _holds(figure, reading, ground) else Fault(code="figure_unknown", details={"what": what})
    if count_holds(figure, noun, reading, ground):
        return None
    return Fault(code="count_wrong", details={"what": f"{figure.text} {noun.text}".strip()})


def _shown_unit(figure: Figure) -> str:
    return figure.unit if scale_of(figure.unit) or figure.unit in _FACTOR_UNITS or figure.unit in "%％" else ""


_OF_BEFORE = re.compile(r"\b(?:used to be|had been) $|\bfrom (?:one|two|three|four|five) [a-z]+ to $", re.IGNORECASE)


def _is_said(figure: Figure, prose: str) -> bool:
    """Whether a number says something: no mark of a list, no ordinal, no "one of"."""
    before, after = prose[: figure.start], prose[figure.end :]
    if figure.spelled:
        return _is_said_in_words(figure, before, after)
    if figure.value == 1 and re.match(r"\s[a-z]+\b", after) and scale_of(figure.unit) is None:
        return False
    if figure.value == 1 and not figure.unit and re.match(r"\s*[，。；]", after):
        return False  # "it becomes two 1s" tells of digits
    if _LIST_MARK.search(before) and re.match(r"[.)、]\s", after):
        return False
    return figure.unit not in _ORDINAL


def _is_said_in_words(figure: Figure, before: str, after: str) -> bool:
    if figure.value is not None and figure.value <= 1:
        return (
            bool(re.match(r"\s*(?:second|minute|hour|day|week|month|秒|分钟|小时|天|周)", after))
            and figure.text != "one"
        )
    small = figure.value is not None and figure.value <= LENIENT and scale_of(figure.unit) is None
    if _OF_BEFORE.search(before) or (small and re.match(rf"\s*(?:{N}|of\b|in\b|for\b)", after)):
        return False  # "two in `a`", "one where there used to be two": people count what they see as one
    if re.match(r"[个条项处种次]?(?:都|均)", after) and figure.text in before:
        return False  # it was told of what
    return not re.match(r"[\s-]+(?:or|to)[\s-]+(?:more)", after)


def _holds(figure: Figure, reading: Reading, ground: Ground) -> bool:
    if figure.spelled:
        if figure.value in _times_named(figure, reading, ground) or _is_side(figure, reading.prose, ground):
            return True
        if not figure.unit and _stands_alone(figure, reading.prose, ground):
            return True
        value, scale = figure.value or Fraction(), scale_of(figure.unit)
        if scale is not None and _measure_holds(value, scale, ground):
            return True
        return _stands_in_words(figure, ground) or _stands(plain_number(value), ground)
    if _LINE_BEFORE.search(reading.prose[: figure.start]) and _is_line(figure, ground):
        return True
    return (
        _text_holds(figure.text, ground)
        if figure.value is None
        else _value_holds(figure, figure.value, reading, ground)
    )


def _value_holds(figure: Figure, value: Fraction, reading: Reading, ground: Ground) -> bool:
    if figure.unit in _FACTOR_UNITS:
        return _factor_holds(figure, ground)
    if figure.unit in ("%", "％", "percent"):
        return _percent_holds(figure, ground)
    scale = scale_of(figure.unit)
    if scale is not None:
        return _measure_holds(value, scale, ground)
    if reading.prose[figure.start + len(figure.text) :].startswith(".x"):
        return bool(re.search(rf"(?<![\d.]){re.escape(figure.text)}\.(?:\d|x)", ground.text))
    sizes = {ground.additions, ground.deletions, len(ground.files)}
    named = [file for name in reading.names for file in ground.files_named(name.text)]
    sizes |= {size for file in named for size in (file.file.additions, file.file.deletions)}
    return _text_holds(figure.text, ground) or value in sizes


def _text_holds(text: str, ground: Ground) -> bool:
    bare = text.lstrip("vV")
    if _stands(bare, ground) or _stands(bare.replace(",", ""), ground):
        return True
    if re.fullmatch(r"\d{5,}", bare) and _stands(f"{int(bare):,}", ground):
        return True
    if any(bare in day for day in ground.moments()):
        return True
    value = bare.replace(",", "")
    return value.isdigit() and (_stands(f"{int(value):_}", ground) or _stands(hex(int(value)), ground))


def _stands(number: str, ground: Ground) -> bool:
    if not number:
        return False
    found = re.finditer(_DIGITS.format(re.escape(number)), ground.without_headers)
    return any(not match[1] or re.search(r"[^A-Fa-f]", match[1]) for match in found)


_SIDE = re.compile(r"\s+(?:(?P<new>added|inserted)|(?P<old>removed|deleted))\b", re.IGNORECASE)


def _is_side(figure: Figure, prose: str, ground: Ground) -> bool:
    """Whether a number is of lines that come or go, as its next word says ("six lines added and four removed")."""
    told = _SIDE.match(prose, figure.end)
    if told is None:
        return False
    sides = [(file.file.additions, file.file.deletions) for file in ground.files]
    sums = [ground.additions if told["new"] else ground.deletions, *(side[0 if told["new"] else 1] for side in sides)]
    return figure.value in sums


def _stands_alone(figure: Figure, prose: str, ground: Ground) -> bool:
    """Whether a number without a noun ("a block with four: ...") is that of the tests, functions or assertions."""
    ends = re.match(r"\s*(?:[:.;,：。；，]|$)", prose[figure.end :])
    return bool(ends) and any(figure.value in tally(sort, ground) for sort in _TOLD_BARE)


_TOLD_BARE = (Counted.TESTS, Counted.FUNCTIONS, Counted.ASSERTIONS)
_NAMED_NEXT = re.compile(rf"\s*(?:处|个|次)?\s*(?:of the )?({N})")


def _times_named(figure: Figure, reading: Reading, ground: Ground) -> set[int]:
    """How often a name that follows a number at once ("three `f` calls") stands on either side."""
    found = _NAMED_NEXT.match(reading.prose, figure.end)
    if found is None:
        return set()
    presence = ground.presence(reading.name(found[1]).text)
    return {presence.new, presence.old, abs(presence.new - presence.old)}


def _stands_in_words(figure: Figure, ground: Ground) -> bool:
    return bool(re.search(rf"\b{re.escape(figure.text.lower())}\b", ground.lowered))


def _is_line(figure: Figure, ground: Ground) -> bool:
    line = int(figure.value or 0)
    hunks = (hunk for file in ground.files for hunk in file.hunks)
    return any(
        start - 1 <= line <= start + len(hunk.rows) for hunk in hunks for start in (hunk.old_start, hunk.new_start)
    )


def _measure_holds(value: Fraction, scale: tuple[str, Fraction], ground: Ground) -> bool:
    """Whether a quantity stands in the commit, in this unit or exactly converted to another."""
    dimension, factor = scale
    found = False
    for match in re.finditer(_QUANTITY, ground.without_headers):
        number = Fraction(match["number"].replace("_", "").replace(",", ""))
        other = scale_of(match["unit"] or "")
        if other is not None and match["unit"]:
            if other[0] == dimension and number * other[1] == value * factor:
                return True
            if match["gap"] == "":
                continue  # such as 30s where 30 ms is claimed
        if dimension == "size" and (match["unit"] or "").lower() in ("bit", "bits"):
            continue
        if number == value:
            found = found or _may_be(dimension, factor, match)
        elif (number == value * factor * 1000 and dimension == "time" and number >= 10) or (
            number == value * factor and number >= 60
        ):
            return True
    if found:
        return True
    product = _PRODUCTS.findall(folded(ground.text)) if value > 0 else []
    amounts = {_product(left, operator, right) for left, operator, right in product}
    return bool(amounts & {value * factor, value * factor * 1000})


def _may_be(dimension: str, factor: Fraction, number: re.Match[str]) -> bool:
    """Whether a number without a unit may be of this one: of many bytes, where its surroundings speak of such."""
    near = number.string[max(0, number.start() - NEAR) : number.end() + NEAR]
    return dimension != "size" or factor <= 1 or _SIZE.search(near) is not None


NEAR = 80
"""Characters on either side of a number in which a word may tell what it counts."""
_SIZE = re.compile(r"(?<![a-z])[kmg]i?b(?![a-z])|mem|size|cache|heap|disk|quota|storage|limit", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?<![\w.])(?P<number>\d{1,15}(?:[_,]\d{3})*(?:\.\d{1,9})?)(?P<gap>[ -]?)(?P<unit>[A-Za-zµμ]{1,12}"
    r"|[\u4e00-\u9fff]{1,2})?"
)
_PRODUCTS = re.compile(r"(?<![\w.])(\d{1,9})[uUlL]* ?(\*|<<) ?(\d{1,9})")


def _product(left: str, operator: str, right: str) -> Fraction:
    if operator == "*":
        return Fraction(int(left) * int(right))
    return Fraction(int(left) << int(right)) if int(right) < 64 else Fraction(0)


def _factor_holds(figure: Figure, ground: Ground) -> bool:
    number = re.escape(figure.text)
    if re.search(rf"(?<![\d.]){number}\s?-?(?:x\b|×|times|fold|倍)", ground.message, re.IGNORECASE):
        return True
    wanted = figure.value or Fraction(0)
    changes = number_changes(ground)
    return any(
        change.old * wanted == change.new or change.new * wanted == change.old for change in changes if wanted > 0
    )


def _percent_holds(figure: Figure, ground: Ground) -> bool:
    number = re.escape(figure.text)
    if re.search(rf"(?<![\d.]){number}\s?(?:%|％|percent)", ground.text):
        return True
    wanted = figure.value or Fraction(0)
    return any(
        change.old and abs(change.new - change.old) / change.old * 100 == wanted for change in number_changes(ground)
    )
