"""Lines that were replaced by lines which differ in numbers or switches alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.numerals import value_of

_NUMBER = re.compile(r"(?<![A-Za-z_\d.])v?(\d[\d_,]*(?:\.\d+)*)")
_TRUE = re.compile(r"\b(true|on|yes|enabled?|1)\b", re.IGNORECASE)
_FALSE = re.compile(r"\b(false|off|no|disabled?|0|never)\b", re.IGNORECASE)
_SWITCH = re.compile(rf"{_TRUE.pattern}|{_FALSE.pattern}", re.IGNORECASE)
MOST_BLOCKS = 4000
NEAR = 8
"""Where a block has not as many lines on both sides, each of its first lines is held against each."""


class NumberChange(NamedTuple):
    """A number that became another one on a line that stayed the same otherwise. Versions are compared as values."""

    old: Fraction
    new: Fraction
    old_text: str
    new_text: str
    line: str
    rises: bool


class Flip(NamedTuple):
    """A switch that was turned: the new line, and whether it is on now."""

    line: str
    is_on: bool


def number_changes(ground: Ground) -> list[NumberChange]:
    """Every number that changes on lines that pair up."""
    return ground.kept("number_changes", lambda: list(_number_changes(ground)))


def flips(ground: Ground) -> list[Flip]:
    """Every switch that changes on lines that pair up."""
    return ground.kept("flips", lambda: list(_flips(ground)))


def paired_lines(ground: Ground) -> Iterator[tuple[str, str]]:
    """Lines taken away with those put in at the same place of their block."""
    for block in ground.blocks[:MOST_BLOCKS]:
        if len(block.old) == len(block.new):
            yield from zip(block.old, block.new, strict=True)
        else:
            for old in block.old[:NEAR]:
                yield from ((old, new) for new in block.new[:NEAR])


def _number_changes(ground: Ground) -> Iterator[NumberChange]:
    for old, new in paired_lines(ground):
        olds, news = _NUMBER.findall(old), _NUMBER.findall(new)
        if olds and len(olds) == len(news) and olds != news and _shape(old) == _shape(new):
            for before, after in zip(olds, news, strict=True):
                if before != after:
                    yield _change(before, after, new)


def _shape(line: str) -> str:
    """A line without its numbers and without the operators that tell how far a range of versions goes."""
    return re.sub(r"[\s<>=~^]", "", _NUMBER.sub("0", line))


def _change(before: str, after: str, line: str) -> NumberChange:
    quoted = re.search(rf"[\"'][\^~<>=v ]*{re.escape(after)}", line)  # as manifests have versions
    rises = is_more(after, before, as_version="ersion" in line or quoted is not None)
    return NumberChange(value_of(before) or Fraction(0), value_of(after) or Fraction(0), before, after, line, rises)


def is_more(number: str, other: str, as_version: bool = False) -> bool:
    """Whether a number is above another one. With two points or more, or on request, they are versions."""
    one, two = value_of(number), value_of(other)
    if one is None or two is None or (as_version and "." in number and "." in other):
        return version_key(number) > version_key(other)
    return one > two


def version_key(number: str) -> tuple[int, ...]:
    """The parts of a version, for comparing."""
    parts = re.findall(r"\d+", number.replace(",", "").replace("_", ""))
    return tuple(int(part[:30]) for part in parts)


def _flips(ground: Ground) -> Iterator[Flip]:
    for old, new in paired_lines(ground):
        if _SWITCH.sub("?", "".join(_spaced(old))) != _SWITCH.sub("?", "".join(_spaced(new))) or old == new:
            continue
        olds, news = _SWITCH.findall(old), _SWITCH.findall(new)
        for (was_on, was_off), (is_on, is_off) in zip(olds, news, strict=False):
            if was_off and is_on:
                yield Flip(new, True)
            elif was_on and is_off:
                yield Flip(new, False)


def _spaced(line: str) -> str:
    return " ".join(line.split())
