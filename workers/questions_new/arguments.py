"""The arguments of a call of a tool: a model wrote them, so they may be anything."""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias

from workers.model import Commit
from workers.reading import CannotRead, checked_path

ARGUMENT_MOST = 200
"""Characters of a text that is searched for."""
LINE_MOST = 10_000_000

Given: TypeAlias = dict[str, Any]


class Wrong(Exception):
    """Raise for an argument that cannot be taken; the text tells the model how to write it."""


def given_of(arguments: str) -> Given:
    """The arguments of a call; none where they are no JSON object."""
    try:
        found = json.loads(arguments)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def path_of(given: Given, root: bool = False) -> str:
    """The path of a file or folder, "" for the top folder where `root` allows that."""
    path = given.get("path")
    if not isinstance(path, str):
        raise Wrong("path must be the path of a file from the top of the repository")
    try:
        return checked_path(path.strip(), root)
    except CannotRead:
        raise Wrong("path must be relative to the top of the repository, such as src/app.py") from None


def text_of(given: Given, name: str) -> str:
    """A text of one line, to be taken literally."""
    text = given.get(name)
    if not isinstance(text, str) or not 2 <= len(text.strip()) <= ARGUMENT_MOST or not text.isprintable():
        raise Wrong(f"{name} must be 2 to {ARGUMENT_MOST} characters of one line, taken literally")
    return text


def line_of(given: Given, name: str, default: int) -> int:
    """The number of a line."""
    number = given.get(name)
    if number is None:
        return default
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= LINE_MOST:
        raise Wrong(f"{name} must be the number of a line, from 1")
    return number


def side_of(commit: Commit, given: Given) -> str:
    """The sha of the commit, or of its first parent."""
    at = given.get("at") or "commit"
    if at == "commit":
        return commit.sha
    if at != "parent":
        raise Wrong('at must be "commit" or "parent"')
    if not commit.parents:
        raise Wrong("the commit has no parent")
    return commit.parents[0]


def number_of(given: Given, commit: Commit) -> int:
    """The number of a pull request, which the commit's message must name: no other one is of any concern."""
    number = given.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < LINE_MOST:
        raise Wrong("number must be the number of the pull request")
    if not re.search(rf"(?<!\d){number}(?!\d)", commit.message):
        raise Wrong(f"the commit does not name the pull request {number}")
    return number
