"""Commits that a question names itself: by sha, pull request or title; and words that point back at what was said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_SHA = re.compile(r"(?<![0-9A-Za-z_])[0-9a-fA-F]{7,40}(?![0-9A-Za-z_])")
_REQUEST = re.compile(
    r"(?:(?:^|[^\w/&])[#!]|/pull/|/merge_requests/|\b(?:PR|pull request|MR)\s*[#!]?\s*)(\d{1,7})\b", re.IGNORECASE
)
_QUOTED = re.compile(
    r"\"([^\"\n]+)\"|“([^”\n]+)”|「([^」\n]+)」|『([^』\n]+)』|《([^》\n]+)》|`([^`\n]+)`|(?<!\w)'([^'\n]+)'(?!\w)"
)
_TAIL = re.compile(r"\s*\(#\d+\)\s*$")

TITLE_LEAST = 12
"""Characters (a Chinese one counts double) that a part of a subject must have to stand for it."""

_BACK = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these)\b"
    r"(?!\s+(?:week|month|day|morning|repo|repository|project|release|digest|window|channel|thread|time)\b)"
    r"|它|[这那该](?=[个次条]?(?:提交|改动|变更|修改|补丁|更改|commit))|这样|那样|刚才|上面|前面",
    re.IGNORECASE,
)


class Titled(NamedTuple):
    """What names a commit: its place among all, sha, subject, pull request (None: none)."""

    number: int
    sha: str
    subject: str
    pull_request: int | None


class Named(NamedTuple):
    """Commits that a question names, by their places, each once; `unknown` are shas and requests that are not here."""

    numbers: tuple[int, ...]
    unknown: tuple[str, ...]


def named_in(question: str, commits: Sequence[Titled]) -> Named:
    """What a question names: shas and pull requests first; titles only where it has neither."""
    numbers: list[int] = []
    unknown: list[str] = []
    for name, found in _references(question, commits):
        numbers.extend(found)
        unknown.extend(() if found else (name,))
    if not numbers:
        numbers.extend(_titles(question, commits))
    return Named(tuple(dict.fromkeys(numbers)), tuple(dict.fromkeys(unknown)))


def points_back(question: str) -> bool:
    """Whether a question speaks of something said before ("it", "该提交")."""
    return _BACK.search(question) is not None


def _references(question: str, commits: Sequence[Titled]) -> Iterator[tuple[str, list[int]]]:
    for match in _SHA.finditer(question):
        sha = match[0].lower()
        found = [commit.number for commit in commits if commit.sha.startswith(sha)]
        if found or (any(letter.isdigit() for letter in sha) and not sha.isdigit()):
            yield match[0], found
    for match in _REQUEST.finditer(question):
        number = int(match[1])
        yield f"#{number}", [commit.number for commit in commits if commit.pull_request == number]


def _titles(question: str, commits: Sequence[Titled]) -> list[int]:
    """Commits whose subject the question quotes in part, or has in it whole."""
    quoted = [_folded(part) for match in _QUOTED.finditer(question) for part in match.groups() if part]
    parts = [part for part in quoted if _weight(part) >= TITLE_LEAST and not _is_name(part)]
    whole = _folded(question)
    return [commit.number for commit in commits if _is_titled(_folded(commit.subject), parts, whole)]


def _is_titled(subject: str, parts: Iterable[str], question: str) -> bool:
    bare = _TAIL.sub("", subject)
    return any(part in subject for part in parts) or (_weight(bare) >= TITLE_LEAST and bare in question)


def _is_name(part: str) -> bool:
    """One word is a name of the code, which several commits may have in their subjects."""
    return part.isascii() and " " not in part


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _weight(text: str) -> int:
    return sum(2 if letter >= "\u3400" else 1 for letter in text)
