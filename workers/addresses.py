"""Addresses of pages of a repository, on GitHub or a server like it: lines of a file, and pull requests."""

from __future__ import annotations

import hashlib
from typing import Literal
from urllib.parse import quote

_RENDERED = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".org", ".ipynb")
"""Files that GitHub shows as pages without line numbers, unless asked for their plain text."""


def lines_url(
    repository_url: str, sha: str, path: str, side: Literal["new", "old"] = "new", start: int = 0, end: int = 0
) -> str:
    """Lines of a file at a commit; for the old side, which that file has not, in the commit's diff.

    `start` 0: the file as such. GitHub's diff anchors are the SHA-256 of the path with `L` for old, `R` for new lines.
    """
    stored = path.encode("utf-8", "surrogatepass")
    place = _span(start, end)
    if side == "old":
        return f"{repository_url}/commit/{sha}#diff-{hashlib.sha256(stored).hexdigest()}{place}"
    source = "?plain=1" if place and path.lower().endswith(_RENDERED) else ""
    return f"{repository_url}/blob/{sha}/{quote(stored)}{source}{'#' + place if place else ''}"


def pull_request_url(repository_url: str, number: int) -> str:
    """The page of a pull request."""
    return f"{repository_url}/pull/{number}"


def _span(start: int, end: int) -> str:
    if start < 1:
        return ""
    return f"L{start}" + (f"-L{end}" if end > start else "")
