"""Addresses of commits, pull requests and lines, on GitHub or a server like it, and anchors inside a view."""

from __future__ import annotations

import re

from chatbot.views.view import Code, Link, Run, Text
from workers.addresses import lines_url, pull_request_url
from workers.model import Evidence, RepositoryDigest

_NOT_IN_ANCHORS = re.compile(r"[^a-z0-9]+")

MAX_SLUG = 60
"""Characters that a name adds to an anchor: any repository's name, and not a whole sentence."""


class Anchors:
    """Names for places in one view: the same for the same input, never twice in one view, lower case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, prefix: str, name: str) -> str:
        """A free anchor such as `commit-1f0c2d3e4b5a`; a number is added where the name is taken."""
        slug = _NOT_IN_ANCHORS.sub("-", name.lower())[:MAX_SLUG].strip("-")
        base = "-".join(filter(None, (prefix, slug)))
        anchor, number = base, 2
        while anchor in self._taken:
            anchor, number = f"{base}-{number}", number + 1
        self._taken.add(anchor)
        return anchor


def commit_run(text: str, url: str | None) -> Run:
    """A sha that leads to its commit, where the source has pages."""
    return Link(text, url, code=True) if url else Code(text)


def pull_request_run(number: int, repository_url: str | None) -> Run:
    """`#12`, leading to the pull request where the source has pages."""
    return Link(f"#{number}", pull_request_url(repository_url, number)) if repository_url else Text(f"#{number}")


def evidence_label(evidence: Evidence) -> str:
    """`path:12` or `path:12-15`; a path alone where the evidence is the file as such (no lines)."""
    if evidence.start < 1:
        return evidence.path
    lines = str(evidence.start) if evidence.end <= evidence.start else f"{evidence.start}-{evidence.end}"
    return f"{evidence.path}:{lines}"


LONG_LABEL = 48
"""Characters above which a place inside a sentence is told by the end of its path."""


def brief_label(evidence: Evidence) -> str:
    """The label with the last folder and the name of its file alone, where it is long; the evidence has it whole."""
    label = evidence_label(evidence)
    parts = label.rsplit("/", 2)
    return f"…/{parts[-2]}/{parts[-1]}" if len(label) > LONG_LABEL and len(parts) > 2 else label


def lines_label(evidence: Evidence) -> str:
    """`L12` or `L12-L15`, for a sentence that names the file; the path where the evidence is the file as such."""
    return _span("L", evidence) or evidence.path


def evidence_run(evidence: Evidence, sha: str, repository: RepositoryDigest, label: str | None = None) -> Run:
    """Where a statement can be checked, leading to those lines where the source has pages. None: path and lines."""
    text = label or evidence_label(evidence)
    return Link(text, evidence_url(evidence, sha, repository.url), code=True) if repository.url else Code(text)


def evidence_url(evidence: Evidence, sha: str, repository_url: str) -> str:
    """The lines in the file after the commit; for the old side, which that file has not, in the commit's diff."""
    return lines_url(repository_url, sha, evidence.path, evidence.side, evidence.start, evidence.end)


def _span(mark: str, evidence: Evidence) -> str:
    if evidence.start < 1:
        return ""
    return f"{mark}{evidence.start}" + (f"-{mark}{evidence.end}" if evidence.end > evidence.start else "")
