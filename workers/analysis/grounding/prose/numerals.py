"""Numbers in prose: in digits, in English words, in Chinese numerals, with what they count or measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from workers.analysis.grounding.prose.texts import words_in

_WORDS = {
    word: value
    for value, word in enumerate(
        words_in(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
            " sixteen seventeen eighteen nineteen twenty"
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12}
_HAN = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}

MEASURES = "个处项种次行份组条类步层位段款张遍套部对批台片枚轮例字环方子"
"""Chinese measure words after which a numeral counts something."""

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.$/#@])(?<![A-Za-z]-)(?<!--)"
    r"(?!0x[0-9A-Fa-f])(?!(?<=\d-)[0-9]*[a-f][0-9a-f]{5,})(?P<number>v?\d[\d,_]*(?:\.\d+)*(?:-(?:alpha|beta|rc|pre|dev|canary|next|preview)[\w.]*)?|v\d[\w.-]*)"
    r"(?P<gap>\s?-?)(?P<unit>%|％|°|×|[A-Za-zµμ]+(?![A-Za-zµμ\d])|毫秒|微秒|纳秒|秒|分钟|小时|天|周|字节|倍)?"
)
_ONES, _TENS = "one|two|three|four|five|six|seven|eight|nine", "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ENGLISH = re.compile(
    rf"(?<![A-Za-z-])((?:{_TENS})[ -](?:{_ONES})|(?:an?|{_ONES}) hundred|{'|'.join(_WORDS)})(?![A-Za-z])",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    rf"(?<![第一二三四五六七八九十百千零几数多半])([一二两三四五六七八九十百千零]+)(?=[{MEASURES}倍秒分小天周月年])(?!分[号比之])"
)

_CHINESE_UNIT = re.compile("毫秒|微秒|纳秒|秒|分钟|小时|天|周|字节|倍")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the text. `text` as it stands there; `value` None for versions and dates; `unit` what follows it.

    `start` and `end` are its place in the prose. `spelled` says that it stands in words.
    """

    text: str
    value: Fraction | None
    unit: str
    start: int
    end: int
    spelled: bool = False


def figures_in(prose: str) -> Iterator[Figure]:
    """Every number of a piece of prose."""
    for match in _NUMBER.finditer(prose):
        number = match["number"].rstrip(",_.")
        unit = (match["unit"] or "").strip()
        yield Figure(number, value_of(number), unit, match.start("number"), match.start("number") + len(number))
    for match in _ENGLISH.finditer(prose):
        after = re.match(r"[\s-]*([A-Za-z]+)", prose[match.end() :])
        unit = after[1] if after else ""
        yield Figure(match[1], Fraction(_english(match[1].lower())), unit, match.start(), match.end(), True)
    for match in _CHINESE.finditer(prose):
        value = _chinese(match[1])
        if value is not None:
            unit = _CHINESE_UNIT.match(prose, match.end())
            yield Figure(match[1], Fraction(value), unit[0] if unit else "", *match.span(1), True)


def value_of(number: str) -> Fraction | None:
    """The value of a plain number; None for versions such as 1.2.3 and what is no number."""
    bare = number.replace(",", "").replace("_", "")
    return Fraction(bare) if re.fullmatch(r"\d+(?:\.\d+)?", bare) and len(bare) < 40 else None


def _english(text: str) -> int:
    first, *rest = re.split("[ -]", text)
    return 100 * _WORDS.get(first, 1) if rest == ["hundred"] else _WORDS[first] + sum(_WORDS[word] for word in rest)


def _chinese(text: str) -> int | None:
    total, digit = 0, None
    for char in text:
        if char in _HAN_UNITS:
            total += (1 if digit is None else digit) * _HAN_UNITS[char]
            digit = None
        elif digit:
            return None
        else:
            digit = _HAN[char]
    return total + (digit or 0)


_SCALES: dict[str, tuple[str, Fraction]] = {}
for _dimension, _units in {
    "time": {
        "ns 纳秒 nanosecond nanoseconds": "1/1000000000",
        "us µs μs 微秒 microsecond microseconds": "1/1000000",
        "ms msec millis 毫秒 millisecond milliseconds": "1/1000",
        "s sec secs second seconds 秒 秒钟": "1",
        "m min mins minute minutes 分钟 分": "60",
        "h hr hrs hour hours 小时": "3600",
        "d day days 天 日": "86400",
        "w week weeks 周 星期": "604800",
    },
    "size": {
        "b byte bytes 字节": "1",
        "k kb kib": "1024",
        "mb mib m": "1048576",
        "gb gib g": "1073741824",
        "tb tib": "1099511627776",
    },
}.items():
    for _names, _factor in _units.items():
        for _name in _names.split():
            _SCALES.setdefault(_name, (_dimension, Fraction(_factor)))


def scale_of(unit: str) -> tuple[str, Fraction] | None:
    """What a unit measures (time in seconds, size in bytes) and its factor; None for other units."""
    return _SCALES.get(unit) or _SCALES.get(unit.lower())


def plain_number(value: Fraction) -> str:
    """A value as code writes it; "" where that is endless."""
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.10f}".rstrip("0")
    return text if Fraction(text) == value else ""
