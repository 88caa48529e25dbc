"""A text as the terms by which it is found: words, parts of identifiers, pairs of Chinese characters."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise
from typing import NamedTuple

LONGEST = 64
"""Characters of a term: longer runs are hashes, keys and encoded data, which nobody asks for by heart."""

KINSHIP, TRANSLATION = 0.55, 1.0
"""What a word that means the same counts beside one of the question: in its language, in the other one."""

NAME, PART, PHRASE, VAGUE = 1.5, 0.8, 0.15, 0.9
"""What a name of code counts, a part of an identifier, two neighbouring words together, and a vague word."""
MOST = 48
"""Things that are looked for at most: who asks for more has pasted something."""

_CHINESE = r"\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CHINESE}]+|\d+(?:\.\d+)+|[^\W_{_CHINESE}]+(?:[_\-]+[^\W_{_CHINESE}]+)*")
_JOINT = re.compile(r"[_\-.]+")
_NAME = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}|[_\-.\d]")
"""What only names of code have, as far as one can tell from a word."""
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


class Meanings(NamedTuple):
    """What words of questions mean to a search.

    `idle` say nothing of what is looked for, `vague` little, `window` that the whole window is meant; `others` gives
    for a word or Chinese phrase what may stand in its place in either language. `longest` is in characters.
    """

    idle: frozenset[str]
    vague: frozenset[str]
    window: frozenset[str]
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
    idle, vague, window = (frozenset(" ".join(read[name].values()).split()) for name in ("idle", "vague", "window"))
    longest = max(len(word) for word in (*others, *idle, *vague, *window))
    return Meanings(idle, vague, window, {word: tuple(dict.fromkeys(found)) for word, found in others.items()}, longest)


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


class Concept(NamedTuple):
    """One thing that a question looks for: the terms that it is called by there, and others that mean the same.

    `kinship` is what these count beside the question's own, `weight` what it counts beside others. `of_window`: it only
    says that the whole window is meant.
    """

    own: tuple[str, ...]
    kin: tuple[str, ...] = ()
    kinship: float = KINSHIP
    weight: float = 1.0
    of_window: bool = False


class Sought(NamedTuple):
    """What a question looks for, each thing once, in the order of the question."""

    concepts: tuple[Concept, ...]

    @property
    def is_of_window(self) -> bool:
        """Whether the whole window is meant: nothing else is looked for."""
        return all(concept.of_window for concept in self.concepts)

    @property
    def terms(self) -> frozenset[str]:
        """All terms, those that mean the same among them."""
        return frozenset(term for concept in self.concepts for term in (*concept.own, *concept.kin))


def sought_in(question: str) -> Sought:
    """What the telling words of a question look for, at most MOST things."""
    runs = list(_RUN.finditer(unicodedata.normalize("NFKC", question)))
    has_chinese = any(_is_chinese(run[0]) for run in runs)
    found: dict[tuple[str, ...], Concept] = {}
    for run in runs:
        for concept in _of_chinese(run[0]) if _is_chinese(run[0]) else _of_word(run[0], has_chinese):
            found.setdefault(concept.own, concept)
    return Sought((*islice(found.values(), MOST), *islice(_phrases(runs), MOST)))


def _of_word(run: str, in_chinese: bool) -> Iterator[Concept]:
    """An identifier whole and in parts. Whoever leaves a word in English in a Chinese question means a name."""
    known = meanings()
    name = NAME if in_chinese or _NAME.search(run) else 1.0
    for at, term in enumerate(_identifier(run)):
        if term not in known.idle and len(term) > 1:
            weight = name * (PART if at else 1.0) * _telling(term)
            yield Concept((term,), _kin(term), KINSHIP, weight, term in known.window)


def _phrases(runs: Sequence[re.Match[str]]) -> Iterator[Concept]:
    """Neighbouring words, which say more together and may stand joined ("dev tools")."""
    known = meanings()
    for left, right in pairwise(runs):
        words = [_JOINT.sub("", run[0]).lower() for run in (left, right)]
        if right.start() - left.end() == 1 and not any(
            _is_chinese(word) or word in known.idle or word in known.window for word in words
        ):
            yield Concept((" ".join(words), "".join(words)), weight=PHRASE)


def _of_chinese(run: str) -> Iterator[Concept]:
    """Words that the catalogue knows count as themselves, idle ones not at all; the rest is taken in pairs."""
    known, start, rest = meanings(), 0, ""
    while start < len(run):
        word = _longest_known(run, start)
        if word is None:
            rest += run[start]
            start += 1
            continue
        yield from _of_unknown(rest)
        rest = ""
        if word not in known.idle:
            yield Concept(tuple(_pairs(word)), _kin(word), TRANSLATION, _telling(word), word in known.window)
        start += len(word)
    yield from _of_unknown(rest)


def _of_unknown(rest: str) -> Iterator[Concept]:
    if len(rest) > 1:
        yield from (Concept((pair,)) for pair in _pairs(rest))


def _telling(word: str) -> float:
    return VAGUE if word in meanings().vague else 1.0


def _kin(word: str) -> tuple[str, ...]:
    """The terms of the words that mean the same as one, without its own."""
    own = set(terms_of(word))
    terms = dict.fromkeys(term for other in meanings().others.get(word, ()) for term in terms_of(other))
    return tuple(term for term in terms if term not in own)


def _longest_known(run: str, start: int) -> str | None:
    known = meanings()
    for length in range(min(known.longest, len(run) - start), 0, -1):
        word = run[start : start + length]
        if any(word in words for words in (known.others, known.idle, known.vague, known.window)):
            return word
    return None
