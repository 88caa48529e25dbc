"""A text as the terms by which it is found: words, parts of identifiers, pairs of Chinese characters."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

LONGEST = 64
"""Characters of a term: longer runs are hashes, keys and encoded data, which nobody asks for by heart."""

_CHINESE = r"\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+(?:[_\-]+[^\W_{_CHINESE}]+)*")
_JOINT = re.compile(r"[_\-]+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


class Meanings(NamedTuple):
    """What words of questions mean to a search.

    `idle` say nothing of what is looked for; `others` gives for a word or Chinese phrase what may stand in its place
    in either language.
    """

    idle: frozenset[str]
    others: Mapping[str, tuple[str, ...]]
    longest: int


@cache
def meanings() -> Meanings:
    """The words of `terms.toml`."""
    read = tomllib.loads((files(__package__) / "terms.toml").read_text("utf-8"))
    others: dict[str, list[str]] = {}
    for group in read["same"]:
        words = group.split()
        for word in words:
            others.setdefault(word, []).extend(other for other in words if other != word)
    idle = frozenset(word for line in read["idle"].values() for word in line.split())
    longest = max(len(word) for word in (*others, *idle))
    return Meanings(idle, {word: tuple(dict.fromkeys(found)) for word, found in others.items()}, longest)


def terms_of(text: str) -> Iterator[str]:
    """The terms of a text, as often as they stand there, in lower case.

    An identifier gives itself without joints and its parts (`maxRetries`: maxretries, max, retries), a run of Chinese
    its pairs of neighbours, a lone character itself.
    """
    for match in _RUN.finditer(unicodedata.normalize("NFKC", text)):
        run = match[0]
        if _is_chinese(run):
            yield from _pairs(run)
        else:
            yield from _identifier(run)


def _is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff"


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for left, right in pairwise(run):
        yield left + right


def _identifier(run: str) -> Iterator[str]:
    whole = _JOINT.sub("", run).lower()
    if len(whole) <= LONGEST:
        yield whole
    parts = _HUMP.findall(run)
    if len(parts) > 1:
        yield from (part.lower() for part in parts if len(part) <= LONGEST)


class Sought(NamedTuple):
    """What a question looks for: its own terms, and others that mean the same, which weigh less."""

    own: tuple[str, ...]
    kin: tuple[str, ...]


def sought_in(question: str) -> Sought:
    """The telling terms of a question, each once."""
    known = meanings()
    own: list[str] = []
    kin: list[str] = []
    for match in _RUN.finditer(unicodedata.normalize("NFKC", question)):
        run = match[0]
        if _is_chinese(run):
            _chinese(run, own, kin)
            continue
        for term in _identifier(run):
            if term not in known.idle and (len(term) > 1 or term.isdigit()):
                own.append(term)
                kin.extend(known.others.get(term, ()))
    terms = dict.fromkeys(own)
    others = dict.fromkeys(part for word in kin for part in terms_of(word))
    return Sought(tuple(terms), tuple(term for term in others if term not in terms))


def _chinese(run: str, own: list[str], kin: list[str]) -> None:
    """Words that the catalogue knows count as themselves, idle ones not at all; the rest is taken in pairs."""
    known, start, rest = meanings(), 0, ""
    while start < len(run):
        word = _longest_known(run, start)
        if word is None:
            rest += run[start]
            start += 1
            continue
        own.extend(_pairs(rest) if len(rest) > 1 else ())
        rest = ""
        if word not in known.idle:
            own.extend(_pairs(word))
            kin.extend(known.others.get(word, ()))
        start += len(word)
    own.extend(_pairs(rest) if len(rest) > 1 else ())


def _longest_known(run: str, start: int) -> str | None:
    known = meanings()
    for length in range(min(known.longest, len(run) - start), 0, -1):
        word = run[start : start + length]
        if word in known.others or word in known.idle:
            return word
    return None
