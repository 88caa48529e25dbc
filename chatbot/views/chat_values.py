"""What a press in a chat sends back: which digest, which commit of it, which page of its menu."""

from __future__ import annotations

from typing import NamedTuple

SHA_DIGITS = 16
"""Digits of a sha that tell the commits of one digest apart; a whole sha leaves a menu's value no room for the rest."""


class Pressed(NamedTuple):
    """A commit of a digest: the digest's id, the number of the repository in it (from 0), the start of the sha."""

    digest_id: str
    repository: int
    sha: str


class Turned(NamedTuple):
    """A page (from 0) of the menu of a digest's commits."""

    digest_id: str
    page: int


def commit_value(digest_id: str, repository: int, sha: str) -> str:
    """At most 75 characters, what Slack allows an option, for a digest id of at most 50, in which there is no colon."""
    return f"{digest_id}:{repository}:{sha[:SHA_DIGITS]}"


def page_value(digest_id: str, page: int) -> str:
    """What the button sends that leads to a page of the menu."""
    return f"{digest_id}:{page}"


def read_commit(value: str) -> Pressed | None:
    """None for what `commit_value` did not write: a value comes back from outside."""
    digest_id, repository, sha = ([*value.rsplit(":", 2), "", ""])[:3]
    known = (
        ":" not in digest_id
        and _is_number(repository)
        and len(sha) == SHA_DIGITS
        and all(digit in "0123456789abcdef" for digit in sha)
    )
    return Pressed(digest_id, int(repository), sha) if known else None


def read_page(value: str) -> Turned | None:
    """None for what `page_value` did not write."""
    digest_id, colon, page = value.rpartition(":")
    return Turned(digest_id, int(page)) if colon and ":" not in digest_id and _is_number(page) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
