"""The words of vocabulary.toml: what each stands for, and which are near to one that stands for nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Group = Literal[
    "command", "option", "language", "tier", "day", "rhythm", "weekday", "quiet", "zone", "filler", "stop",
    "thanks", "console",
]  # fmt: skip

MOST_NEAR = 3
"""How many near words are told."""
NEAR_ENOUGH = 0.7
"""Likeness (difflib's ratio) from which a word counts as near: one slip in a word of four letters."""
NEAR_ENOUGH_HANZI = 0.5
"""The same for a word that is not ASCII: one character of two."""
LONGEST_COMPARED = 40
"""Characters of a word that are compared: more make no word of ours."""


@cache
def group(name: Group) -> Mapping[str, str]:
    """What each word of a group, case folded, stands for."""
    return {spelling: word for word, spellings in _table()[name].items() for spelling in spellings}


def meaning(name: Group, word: str) -> str | None:
    """What a word stands for in a group; None where the group does not have it."""
    return group(name).get(word.casefold())


def near(word: str, groups: Iterable[Group]) -> str:
    """The words of some groups that look most like `word`, best first, in a list for people; "" for none.

    A spelling of an English word is told as the word of INTERFACE, options with their `=`.
    """
    known: dict[str, str] = {}
    for name in groups:
        behind = "=" if name == "option" else ""
        known |= {one: (one if not one.isascii() else right) + behind for one, right in group(name).items()}
    cutoff = NEAR_ENOUGH if word.isascii() else NEAR_ENOUGH_HANZI
    found = get_close_matches(word.casefold()[:LONGEST_COMPARED], known, n=MOST_NEAR, cutoff=cutoff)
    return ", ".join(dict.fromkeys(known[spelling] for spelling in found))


@cache
def _table() -> Mapping[Group, Mapping[str, list[str]]]:
    text = (files("chatbot.commands") / "vocabulary.toml").read_text("utf-8")
    return cast(Mapping[Group, Mapping[str, list[str]]], tomllib.loads(text))
