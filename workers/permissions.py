"""Patterns of who may see what: `acme/*@slack:T1:C2`, a repository and the places where it may be read.

    ALLOWED_REPOSITORIES   rule, rule, ...     a rule is <repository>@<place>; commas, blanks or line breaks part them
    ADMINS                 place, place, ...   here a place names people: <platform>:<workspace>:<person>

A repository is `owner/name` (in any case) or an absolute path on the workers' machine; `*` stands for any characters
but `/`, and `/**` at the end of a path for everything below it. A place is `platform:workspace:channel`; parts left
out at its end mean all of them, and `*` alone means everywhere. In a part `*` stands for any characters but `:`.
Nothing is allowed that no rule allows.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from workers.model import Value

PLACE_PARTS = 3
_SEPARATORS = re.compile(r"[\s,]+")
_NAME = re.compile(r"[A-Za-z0-9*][A-Za-z0-9_.*-]*/[A-Za-z0-9_.*-]+")
_PATH = re.compile(r"(?:/[^/\s,@?\[\]]+)+")
_PLACE = re.compile(r"[a-z*][a-z0-9_*-]*(?::[^\s:,@?\[\]]+){0,2}")
_BELOW = "/**"


class Permission(Value):
    """One rule: a pattern of repositories, and a pattern of the places where they may be read."""

    repository: str
    place: str

    def allows(self, repository: str, place: str) -> bool:
        """Whether a repository (`owner/name`, or a path without `..`) may be read in a place."""
        return repository_matches(self.repository, repository) and place_matches(self.place, place)


def read_permissions(text: str) -> tuple[Permission, ...]:
    """The rules of a text. ValueError, which says how to write it, for the first that is none."""
    return tuple(_permission(rule) for rule in _SEPARATORS.split(text) if rule)


def read_people(text: str) -> tuple[str, ...]:
    """The patterns of people of a text. ValueError for one that leaves a part out: that would be too many people."""
    found = tuple(pattern for pattern in _SEPARATORS.split(text) if pattern)
    for pattern in found:
        if not _PLACE.fullmatch(pattern) or pattern.count(":") != PLACE_PARTS - 1:
            raise ValueError(f"{pattern} names no person; write it as slack:T0123:U0123")
    return found


def repository_matches(pattern: str, repository: str) -> bool:
    """Whether a pattern means a repository. Names match in any case, paths exactly; one never matches the other."""
    if pattern.startswith("/") != repository.startswith("/"):
        return False
    if not pattern.startswith("/"):
        return _matches(pattern.casefold(), repository.casefold(), "/")
    above = pattern.removesuffix(_BELOW)
    if above == pattern:
        return _matches(pattern, repository, "/")
    beginning = "/".join(repository.split("/")[: len(above.split("/"))])
    return beginning != repository and _matches(above, beginning, "/")


def place_matches(pattern: str, place: str) -> bool:
    """Whether a pattern means a place (`platform:workspace:id`)."""
    parts = pattern.split(":")
    whole = ":".join([*parts, *["*"] * (PLACE_PARTS - len(parts))])
    return _matches(whole, place, ":")


def _permission(rule: str) -> Permission:
    repository, at, place = rule.rpartition("@")
    if not at:
        raise ValueError(f"{rule} does not say where; write it as {rule}@slack:T0123:C0123, or {rule}@* for everywhere")
    path = repository.removesuffix(_BELOW)
    is_path = _PATH.fullmatch(path) and "**" not in path and ".." not in path.split("/")
    if not (is_path or _NAME.fullmatch(repository)):
        raise ValueError(f"{repository or rule} names no repository; write it as owner/name, owner/* or /path/**")
    if not _PLACE.fullmatch(place):
        raise ValueError(f"{place or rule} is no place; write it as slack:T0123:C0123, slack:T0123, slack or *")
    return Permission(repository=repository, place=place)


def _matches(pattern: str, text: str, separator: str) -> bool:
    """Part by part, so that `*` ends at the separator. Patterns that were read have no other wildcard of fnmatch."""
    patterns, parts = pattern.split(separator), text.split(separator)
    return len(patterns) == len(parts) and all(map(fnmatchcase, parts, patterns))
