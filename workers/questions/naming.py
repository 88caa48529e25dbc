"""Commits that a question names itself: by sha, pull request or title; and words that point back at what was said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_SHA = re.compile(r"(?<![0-9A-Za-z_])[0-9a-fA-F]{7,40}(?![0-9A-Za-z_])")
_REQUEST = re.compile(
    r"(?:(?<![0-9A-Za-z_/&])[#＃]|(?<![\w/&])!|/pull/|/merge_requests/"
    r"|(?<![0-9A-Za-z_])(?:GH-|(?:PR|MR|(?:pull|merge) request)\s{0,3}[-#!]?)\s{0,3}"
    r"|(?:合并|拉取)请求\s{0,3}[#!]?\s{0,3})"
    r"(\d{1,7})(?![0-9A-Za-z_])"
    r"|(?<![0-9A-Za-z_])(\d{1,7})\s{0,3}号\s{0,3}(?:PR|MR|(?:合并|拉取)请求)",
    re.IGNORECASE,
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
    r"|\btell me more\b|\bmore details?\b|\b(?:go on|explain more|elaborate)\b"
    r"|再(?:详细|具体|展开|多说|说|讲|解释)|(?:详细|具体)(?:一点|一些|些|点|说|讲)|展开(?:说|讲)"
    r"|它|[这那该](?=[个次条]?(?:提交|改动|变更|修改|补丁|更改|commit))|这样|那样|刚才|上面|前面",
    re.IGNORECASE,
)


_WHICH = re.compile(
    r"\b(?:which|what) (?:commit|change|merge|pull request|PR)s?\b(?! (?:is|was) (?:this|that|it)\b)"
    r"|哪(?:一?[个些次条项]|几[个条项])?\s?(?:提交|改动|变更|修改|PR|commit)",
    re.IGNORECASE,
)

_DIGEST = re.compile(
    r"\b(?:of|in|from|for) (?:this|the|today's) (?:digest|report|window)\b|(?:这份|本|整份|今天的)(?:摘要|日报)[里中]?",
    re.IGNORECASE,
)
_PLACES = (("1", "1st", "first", "一"), ("2", "2nd", "second", "二"), ("3", "3rd", "third", "三"),
           ("4", "4th", "fourth", "四"), ("5", "5th", "fifth", "五"))  # fmt: skip
_PLACE_OF = {word: place for place, words in enumerate(_PLACES) for word in words} | {"last": -1, "最后一": -1}
_CHOICE = re.compile(
    rf"(?:the|number|no\.|第)?\s?({'|'.join(sorted(_PLACE_OF, key=len, reverse=True))})\s?"
    r"(?:one|commit|change|个提交|个|条|项)?",
    re.IGNORECASE,
)


class Titled(NamedTuple):
    """What names a commit: its place among all, sha, subject, pull request (None: none)."""

    number: int
    sha: str
    subject: str
    pull_request: int | None


class Named(NamedTuple):
    """Commits that a question names, by their places, each once; `unknown` are shas and requests that are not here.

    `is_shared`: it names them by one title, which all of them have.
    """

    numbers: tuple[int, ...]
    unknown: tuple[str, ...]
    is_shared: bool = False


def named_in(question: str, commits: Sequence[Titled]) -> Named:
    """What a question names: shas and pull requests first; titles only where it has neither."""
    numbers: list[int] = []
    unknown: list[str] = []
    for name, found in _references(question, commits):
        numbers.extend(found)
        unknown.extend(() if found else (name,))
    titled = () if numbers else _titles(question, commits)
    subjects = {_bare(commits[number].subject) for number in titled}
    places = tuple(dict.fromkeys([*numbers, *titled]))
    return Named(places, tuple(dict.fromkeys(unknown)), len(titled) > 1 and len(subjects) == 1)


def without_names(question: str) -> str:
    """A question without the shas and pull requests that it names."""
    rest = _REQUEST.sub(" ", question)
    return _SHA.sub(lambda match: " " if any(letter.isdigit() for letter in match[0]) else match[0], rest)


def asks_which(question: str) -> bool:
    """Whether a question looks for commits ("which commit", "哪个提交")."""
    return _WHICH.search(question) is not None


def without_digest(question: str) -> str:
    """A question without the words that say it is one about the digest ("of this digest")."""
    return _DIGEST.sub(" ", question)


def chosen_place(text: str) -> int | None:
    """The place in a list that a text stands for and nothing else ("the second one", "第二个"); -1 is the last."""
    match = _CHOICE.fullmatch(text.strip(" \t\n.,!?。，！？"))
    return _PLACE_OF[match[1].casefold()] if match else None


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
        number = int(match[1] or match[2])
        yield f"#{number}", [commit.number for commit in commits if commit.pull_request == number]


def _titles(question: str, commits: Sequence[Titled]) -> list[int]:
    """Commits whose subject the question quotes in part, or has in it whole."""
    quoted = [_folded(part) for match in _QUOTED.finditer(question) for part in match.groups() if part]
    parts = [part for part in quoted if _weight(part) >= TITLE_LEAST and not _is_name(part)]
    whole = _folded(question)
    return [commit.number for commit in commits if _is_titled(_folded(commit.subject), parts, whole)]


def _is_titled(subject: str, parts: Iterable[str], question: str) -> bool:
    bare = _bare(subject)
    return any(part in subject for part in parts) or (_weight(bare) >= TITLE_LEAST and bare in question)


def _bare(subject: str) -> str:
    return _TAIL.sub("", _folded(subject))


def _is_name(part: str) -> bool:
    """One word is a name of the code, which several commits may have in their subjects."""
    return part.isascii() and " " not in part


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _weight(text: str) -> int:
    return sum(2 if letter >= "\u3400" else 1 for letter in text)
