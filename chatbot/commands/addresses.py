"""Repositories and commits as people name them: `owner/repo`, a path, a link, `owner/repo@sha`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from workers.errors import WordsError
from workers.sources.github.access import is_repository_name

PAGES = "https://github.com"
"""Where people look at repositories; another address for GitHub Enterprise."""

_SHA = re.compile(r"[0-9a-f]{7,64}")
_SCP = re.compile(r"(?:ssh://)?git@([^:/]+)[:/](.+)")
_LEAST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Address:
    """A repository, and what of it was named: at most one of a commit, a branch and a range."""

    repository: str
    sha: str | None = None
    branch: str | None = None
    range: str | None = None


def find_address(text: str, pages: str) -> Address | None:
    """What a word names; None where it can be no address at all.

    WordsError("unknown_link") for a link to something else, ("bad_source") for what looks like an address and is none,
    ("bad_sha") for what stands behind `@` and is no sha.
    """
    link = _link(text, pages)
    if link is not None:
        return link
    if text.startswith("/"):
        return _path(text)
    if "/" not in text:
        return None
    name, at, sha = text.partition("@")
    name = name.rstrip("/").removesuffix(".git")
    if not is_repository_name(name):
        raise WordsError("bad_source", source=text)
    return Address(name, read_sha(sha) if at else None)


def is_link(text: str, pages: str) -> bool:
    """Whether a word is a link, to wherever."""
    return _parts(text, urlsplit(pages).netloc)[0] is not None


def read_sha(text: str) -> str:
    """A whole or shortened sha in lower case. WordsError("bad_sha") for anything else."""
    sha = text.casefold()
    if not _SHA.fullmatch(sha):
        raise WordsError("bad_sha", sha=text)
    return sha


def _path(text: str) -> Address | None:
    """An absolute path on the machine that the workers run on; None for one of a single name, such as `/help`."""
    parts = [part for part in text.split("/") if part and part != "."]
    if len(parts) < _LEAST_PARTS:
        return None
    if not text.isprintable() or ".." in parts:
        raise WordsError("bad_source", source=text)
    return Address("/" + "/".join(parts))


# --- links --------------------------------------------------------------------------------------------------------


def _link(text: str, pages: str) -> Address | None:
    """What a link leads to; None where the word is no link."""
    own = urlsplit(pages).netloc
    host, path = _parts(text, own)
    if host is None:
        return None
    parts = [unquote(part) for part in path.split("/") if part]
    name = "/".join(parts[:2]).removesuffix(".git")
    address = _place(name, parts[2:]) if host == own else None
    if address is None or not is_repository_name(name):
        raise WordsError("unknown_link", link=text, host=own)
    return address


def _parts(text: str, own: str) -> tuple[str | None, str]:
    """Host and path of a link, the host without `www.`; (None, "") where the word is no link."""
    text = text.strip("<>").partition("|")[0] if text.startswith("<") else text
    if match := _SCP.fullmatch(text):
        return match[1].casefold(), match[2]
    if text.casefold().startswith((f"{own}/", f"www.{own}/")):
        text = f"https://{text}"
    if not text.casefold().startswith(("http://", "https://")):
        return None, ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "", ""
    return parts.netloc.casefold().removeprefix("www."), parts.path


def _place(name: str, rest: list[str]) -> Address | None:
    """What the rest of a link's path names; None where it is something that we have no use for."""
    match rest:
        case []:
            return Address(name)
        case ["commit", sha] if _SHA.fullmatch(sha.casefold()):
            return Address(name, sha=sha.casefold())
        case ["pull", _, "commits" | "changes", sha] if _SHA.fullmatch(sha.casefold()):
            return Address(name, sha=sha.casefold())
        case ["tree" | "commits", branch]:
            return Address(name, branch=branch)
        case ["compare", *ends]:
            first, dots, last = "/".join(ends).partition("...")
            return Address(name, range=f"{first}..{last}") if dots and first and last else None
    return None
