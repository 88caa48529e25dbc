"""How GitHub is reached: address, keys, patience. Plain values; importing this does not import PyGithub."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from workers.errors import WordsError
from workers.model import CommitHead

PUBLIC_API = "https://api.github.com"

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True)
class GitHubAccess:
    """A token, or a GitHub App's id and private key (PEM), or neither for public repositories at 60 requests an hour.

    `api_url` is GitHub's or an Enterprise server's (`https://host/api/v3`). `max_wait`: seconds that one request may
    wait in all, for rate limits and between attempts. `timeout`: seconds without a byte after which an answer is given
    up. `attempts`: how often a request is made while the server fails. `concurrency`: requests under way at once.
    """

    token: str | None = field(default=None, repr=False)
    app_id: int | None = None
    private_key: str | None = field(default=None, repr=False)
    api_url: str = PUBLIC_API
    max_wait: float = 60.0
    timeout: int = 30
    attempts: int = 3
    concurrency: int = 16

    @property
    def pages_url(self) -> str:
        """Where people look at repositories, without a trailing slash."""
        parts = urlsplit(self.api_url)
        return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"


Clean = Callable[[CommitHead], CommitHead]
"""Takes out of a commit what must not be remembered."""


class ResponseMemory(Protocol):
    """Bytes by name, kept for some time; used for answers that GitHub may call unchanged, and for paths of commits."""

    def get(self, key: str) -> bytes | None:
        """What was set; None when nothing is there."""
        ...

    def set(self, key: str, value: bytes) -> None:
        """Keeps `value` in place of what was there."""
        ...


def is_repository_name(text: str) -> bool:
    """Whether a text can be the `owner/name` of a repository on GitHub."""
    return _NAME.fullmatch(text) is not None


def check_api_url(access: GitHubAccess) -> None:
    """WordsError("bad_setting") where the address of the API is none."""
    try:
        parts = urlsplit(access.api_url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise WordsError("bad_setting", name="GITHUB_API_URL", problem="it must begin with https://")
