"""Sentences of a language, from a TOML file; plurals by the value `n`. Both floors keep their own catalogues.

A catalogue is a TOML file of tables of texts with `{name}` places. Where English needs a singular, the entry is a
table with `one` and `other`, chosen by the value given as `n`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from workers.model import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Words:
    """One language's catalogue. `words("failure.no_branch", branch="x")` gives the sentence."""

    def __init__(self, language: Language, table: Mapping[str, Any]) -> None:
        self.language = language
        self._table = table

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a dotted key with its places filled. KeyError for a key or a place that is not there."""
        entry = self._find(key)
        if isinstance(entry, Mapping):
            entry = entry["one" if values.get("n") == 1 and "one" in entry else "other"]
        return str(entry).format_map(values)

    def has(self, key: str) -> bool:
        """Whether the catalogue has this dotted key."""
        try:
            self._find(key)
        except KeyError:
            return False
        return True

    def keys(self) -> frozenset[str]:
        """Every dotted key; a plural entry counts once."""
        return frozenset(_dotted(self._table))

    def _find(self, key: str) -> object:
        entry: object = self._table
        for part in key.split("."):
            if not isinstance(entry, Mapping):
                raise KeyError(key)
            entry = entry[part]
        return entry


def _dotted(table: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, entry in table.items():
        if isinstance(entry, Mapping) and "other" not in entry:
            found += _dotted(entry, f"{prefix}{name}.")
        else:
            found.append(prefix + name)
    return found


@cache
def load_words(package: str, language: Language) -> Words:
    """The catalogue `words.<language>.toml` beside the modules of a package, read once per process."""
    text = (files(package) / f"words.{language}.toml").read_text("utf-8")
    return Words(language, tomllib.loads(text))
