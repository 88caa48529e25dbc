"""Which commits a query lets through by who wrote them, and which files by their path; for sources of every kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from fnmatch import translate
from functools import cache

from workers.errors import WordsError
from workers.model import CommitHead, Person
from workers.request import Query

Passes = Callable[[CommitHead], bool]
Touches = Callable[[str], bool]


def author_filter(query: Query) -> Passes:
    """Whether a commit's author is wanted: matches one of `authors` (or there are none) and no `exclude_authors`."""
    wanted = [_person_pattern(text) for text in query.authors]
    unwanted = [_person_pattern(text) for text in query.exclude_authors]

    def passes(head: CommitHead) -> bool:
        person = _folded(head.author)
        if wanted and not any(pattern.search(person) for pattern in wanted):
            return False
        return not any(pattern.search(person) for pattern in unwanted)

    return passes


def path_filter(globs: Sequence[str]) -> Touches:
    """Whether a path is matched by one of the globs as git's `:(glob)` does; without globs every path is.

    `*` and `?` do not match `/`, `**` between slashes matches any folders, `/**` everything below; a path without
    wildcards may name a folder and means all below it. Takes no longer than glob length times path length.
    """
    patterns = [_path_pattern(glob) for glob in globs]
    return lambda path: not patterns or any(pattern(path.split("/")) for pattern in patterns)


def _folded(person: Person) -> str:
    return f"{person.name} <{person.email}>".casefold()


@cache
def _person_pattern(text: str) -> re.Pattern[str]:
    """A part of "Name <email>", or the whole of it as a glob where there is `*` or `?`."""
    folded = text.casefold()
    if "*" in folded or "?" in folded:
        return re.compile(r"\A" + translate(folded.replace("[", "[[]")))
    return re.compile(re.escape(folded))


def _path_pattern(glob: str) -> Callable[[Sequence[str]], bool]:
    parts = glob.strip("/").split("/")
    if not _WILDCARD.search(glob):
        return lambda path: list(path[: len(parts)]) == parts
    segments = [None if part == "**" else _segment_pattern(part) for part in parts]
    return lambda path: _segments_match(segments, path)


_WILDCARD = re.compile(r"[*?\[\\]")


@cache
def _segment_pattern(part: str) -> re.Pattern[str]:
    return re.compile(translate(_ESCAPED.sub(_literal, part.replace("[^", "[!"))))


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def _literal(escaped: re.Match[str]) -> str:
    """What `\\*` is for git, as fnmatch says it: `[*]`."""
    return f"[{escaped[1]}]" if escaped[1] in "*?[]\\" else escaped[1]


def _segments_match(segments: Sequence[re.Pattern[str] | None], path: Sequence[str]) -> bool:
    """Walks the glob's segments and keeps, for each, how many of the path's segments may be used up by then."""
    used = {0}
    for number, segment in enumerate(segments):
        if segment is None:
            least = min(used, default=len(path)) + (number == len(segments) - 1)
            used = set(range(least, len(path) + 1))
        else:
            used = {at + 1 for at in used if at < len(path) and segment.match(path[at])}
    return len(path) in used


def pathspecs(globs: Iterable[str]) -> tuple[str, ...]:
    """Git's pathspecs for the globs of a query. WordsError("unknown_path") for what is no path inside a repository."""
    return tuple(f":(top,glob){_inside(glob)}" for glob in globs)


def _inside(glob: str) -> str:
    path = glob.strip().lstrip("/").removeprefix("./")
    if not path or "\0" in path or ".." in path.split("/") or not path.isprintable():
        raise WordsError("unknown_path", path=glob)
    return path
