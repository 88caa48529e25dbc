"""What the model is told: one Markdown file per task, read, checked and hashed here.

A file has front matter in TOML between lines of `+++` and the sections `# System` and `# Content`, texts with
`${places}`. `shared.md` has the paragraphs that several tasks share, which stand at the place of the same name. The
system text is the same for every question of a task and language, so that servers can keep it in their cache; what
differs stands in the content, with data between marks that it cannot contain.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Literal

Language = Literal["zh", "en"]

TASKS = ("high", "medium", "low", "part", "repair", "highlights", "question")

_SHARED = "shared"
_FENCE = "+++\n"
_MARK_DIGITS = 12


class PromptError(Exception):
    """A file that cannot be used as a prompt: a defect of the installation. Says which, and what is wrong."""


@dataclass(frozen=True)
class Prompt:
    """What one task tells the model. `version` is raised by hand when the meaning of a file changes."""

    name: str
    version: int
    _system: Mapping[str, str]
    _content: Template
    _data: frozenset[str]

    def system(self, language: Language) -> str:
        """The part that is the same for every question of this task in a language."""
        return self._system[language]

    def content(self, **values: str) -> str:
        """The part that differs. Each value that the file calls data is fenced, all with one mark.

        TypeError unless exactly the places of the file are given.
        """
        places = set(self._content.get_identifiers())
        if places != values.keys():
            raise TypeError(f"{self.name} takes {', '.join(sorted(places))}, not {', '.join(sorted(values))}")
        mark = nonce_for(*values.values())
        fenced = {name: fence(mark, value) if name in self._data else value for name, value in values.items()}
        return self._content.substitute(fenced)


def fence(nonce: str, text: str) -> str:
    """Text between two lines that bear the nonce. ValueError where the text contains it: it could end the fence."""
    if nonce in text:
        raise ValueError("the nonce stands in the text")
    return f"<data {nonce}>\n{text}\n</data {nonce}>"


def nonce_for(*texts: str) -> str:
    """A mark that occurs in none of the texts, always the same for the same texts: nobody can write a text that
    contains the hash of the text, and if one did, another mark is taken."""
    whole = "\0".join(texts).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(whole)
    while any((mark := digest.hexdigest()[:_MARK_DIGITS]) in text for text in texts):
        digest.update(b"again")
    return mark


@cache
def load(name: str) -> Prompt:
    """The prompt of one of TASKS. PromptError for any other name and for a file that is not as it should be."""
    if name not in TASKS:
        raise PromptError(f"no such task: {name}")
    front, sections = _read(name)
    common, paragraphs = _read(_SHARED)
    missing = {"system", "content"} - sections.keys()
    if missing:
        raise PromptError(f"{name}.md: no section {', '.join(sorted(missing))}")
    try:
        system = {
            language: _filled(sections["system"], {**paragraphs, "language": text})
            for language, text in common["languages"].items()
        }
    except (KeyError, ValueError) as error:
        raise PromptError(f"{name}.md: a place cannot be filled: {error}") from error
    content = Template(sections["content"])
    data = frozenset(front.get("data", ()))
    if not content.is_valid() or not data or not data <= set(content.get_identifiers()):
        raise PromptError(f"{name}.md: the places of its content are not right")
    return Prompt(name, front["version"], system, content, data)


def fingerprint(*names: str) -> str:
    """The highest version among these tasks and a hash of the files behind them, such as `1-3fa9c1d2`."""
    version = max(load(name).version for name in names)
    digest = hashlib.sha256()
    for name in (*sorted(set(names)), _SHARED):
        text = _text(name).encode()
        digest.update(f"{name} {len(text)}\n".encode() + text)
    return f"{version}-{digest.hexdigest()[:8]}"


def _filled(text: str, values: Mapping[str, str]) -> str:
    return Template(text).substitute(values)


def _read(name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The front matter, and the sections by the lower-cased words of their headings."""
    _, front, body = _parts(name)
    try:
        matter = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{name}.md: {error}") from error
    if not isinstance(matter.get("version"), int):
        raise PromptError(f"{name}.md: no version")
    sections = (section.partition("\n") for section in f"\n{body}".split("\n# ")[1:])
    return matter, {heading.strip().lower(): text.strip() for heading, _, text in sections}


def _parts(name: str) -> tuple[str, str, str]:
    parts = _text(name).split(_FENCE, 2)
    if len(parts) != 3 or parts[0]:
        raise PromptError(f"{name}.md: no front matter")
    return parts[0], parts[1], parts[2]


@cache
def _text(name: str) -> str:
    return (files(__package__) / f"{name}.md").read_text("utf-8")
