"""Texts cut into parts of a bounded size, where a sentence or a line ends, else where a word does; nothing is lost.

What "size" is, each platform tells: characters, UTF-16 units, bytes of a request. Every character has a size of 1 or
more, and that of a text is the sum of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

Leaf = TypeVar("Leaf")
Size = Callable[[str], int]

_ENDS = re.compile(r"[.!?…][)\"'”’]{0,3}\s+|[。！？；][）」』”’]{0,3}|\n+")
"""Where a sentence or a line ends."""
_WORDS = re.compile(r"\S*\s*")


@dataclass(frozen=True)
class Leaves(Generic[Leaf]):
    """How the leaves of a platform's rich text are measured and cut."""

    size: Callable[[Leaf], int]
    """What a leaf counts, whatever belongs to it."""
    text: Callable[[Leaf], str]
    """Its text; "" where it has none that could be cut."""
    text_size: Size
    with_text: Callable[[Leaf, str], Leaf]
    """The same leaf with another text."""
    is_ordinary: Callable[[Leaf], bool]
    """Whether it is a text without any style, in which sentences end."""


# --- texts ------------------------------------------------------------------------------------------------------


def clip(text: str, most: int, size: Size) -> str:
    """A text of at most `most` (and one for the mark where it was cut). Only for labels, which are whole elsewhere."""
    return text if size(text) <= most else _start(text, most - 1, size).rstrip() + "…"


def split_text(text: str, most: int, size: Size) -> list[str]:
    """A text in parts of at most `most`; joined they are the text."""
    parts: list[list[str]] = []
    used = most
    for sentence, _ in _cut(text):
        for piece in _by_words(sentence, most, size):
            if used + size(piece) > most:
                parts.append([])
                used = 0
            parts[-1].append(piece)
            used += size(piece)
    return ["".join(part) for part in parts]


def _cut(text: str) -> Iterator[tuple[str, bool]]:
    """The sentences of a text with the blanks after them, and whether each ends: the last may go on in another leaf."""
    begun = 0
    for match in _ENDS.finditer(text):
        yield text[begun : match.end()], True
        begun = match.end()
    if begun < len(text):
        yield text[begun:], text[begun:].endswith((".", "!", "?", "…"))


def _by_words(text: str, most: int, size: Size) -> Iterator[str]:
    if size(text) <= most:
        yield text
        return
    part, used = "", 0
    for word in _WORDS.findall(text):
        for piece in _chopped(word, most, size):
            if used + size(piece) > most:
                yield part
                part, used = "", 0
            part += piece
            used += size(piece)
    if part:
        yield part


def _chopped(word: str, most: int, size: Size) -> Iterator[str]:
    """A word in pieces of at most `most`."""
    begun = 0
    while begun < len(word):
        piece = _start(word[begun : begun + most], most, size)
        yield piece
        begun += len(piece)


def _start(text: str, most: int, size: Size) -> str:
    """The longest beginning of at most `most`; at least one character."""
    least, end = 1, min(len(text), most)
    if size(text[:end]) <= most:
        return text[:end]
    while least < end:
        middle = (least + end + 1) // 2
        least, end = (middle, end) if size(text[:middle]) <= most else (least, middle - 1)
    return text[:least]


# --- leaves -----------------------------------------------------------------------------------------------------


def split_leaves(all_leaves: Iterable[Leaf], most: int, kind: Leaves[Leaf]) -> Iterator[list[Leaf]]:
    """Leaves in parts of at most `most`; ordinary texts beside each other come as one leaf."""
    part: list[Leaf] = []
    used = 0
    for sentence in _sentences(all_leaves, most, kind):
        wanted = sum(map(kind.size, sentence))
        if part and used + wanted > most:
            yield merged(part, kind)
            part, used = [], 0
        part += sentence
        used += wanted
    if part:
        yield merged(part, kind)


def merged(part: Iterable[Leaf], kind: Leaves[Leaf]) -> list[Leaf]:
    """The leaves with ordinary texts beside each other as one."""
    found: list[Leaf] = []
    for ordinary, group in groupby(part, key=kind.is_ordinary):
        beside = list(group)
        found += [kind.with_text(beside[0], "".join(map(kind.text, beside)))] if ordinary else beside
    return found


def _sentences(all_leaves: Iterable[Leaf], most: int, kind: Leaves[Leaf]) -> Iterator[list[Leaf]]:
    """Leaves up to and with one that ends a sentence; a sentence that is too long comes in parts."""
    sentence: list[Leaf] = []
    used = 0
    for leaf in all_leaves:
        for piece, ends in _pieces(leaf, most, kind):
            if sentence and used + kind.size(piece) > most:
                yield sentence
                sentence, used = [], 0
            sentence.append(piece)
            used += kind.size(piece)
            if ends:
                yield sentence
                sentence, used = [], 0
    if sentence:
        yield sentence


def _pieces(leaf: Leaf, most: int, kind: Leaves[Leaf]) -> Iterator[tuple[Leaf, bool]]:
    """A leaf in pieces that are no longer than `most`, each with whether a sentence ends there."""
    text = kind.text(leaf)
    if kind.is_ordinary(leaf):
        for sentence, ends in _cut(text):
            parts = list(_by_words(sentence, most, kind.text_size))
            for number, part in enumerate(parts, start=1):
                yield kind.with_text(leaf, part), ends and number == len(parts)
    elif text and kind.size(leaf) > most:
        room = most - max(0, kind.size(leaf) - kind.text_size(text))
        yield from ((kind.with_text(leaf, part), False) for part in split_text(text, room, kind.text_size))
    else:
        yield leaf, False
