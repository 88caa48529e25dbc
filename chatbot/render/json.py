"""A digest as the published JSON document, bit by bit: byte for byte what `Digest.model_dump_json(indent=2)` gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workers.model import Digest, Entry, RepositoryDigest

_NO_COMMITS = '\n      "commits": []\n'
"""How a repository without commits ends; what a text says cannot look like it, since line breaks in it are escaped."""
_INDENT = "\n" + " " * 8


def json_pieces(digest: Digest) -> Iterator[str]:
    """The document and a last line break. Commits are taken one at a time."""
    bare = (RepositoryDigest(**{**dict(part), "commits": ()}) for part in digest.repositories)
    frame = digest.model_copy(update={"repositories": tuple(bare)}).model_dump_json(indent=2)
    start, *ends = frame.split(_NO_COMMITS)
    yield start
    for part, end in zip(digest.repositories, ends, strict=True):
        yield from _commits(part.commits)
        yield end
    yield "\n"


def _commits(entries: Iterable[Entry]) -> Iterator[str]:
    """The commits of one repository, as they stand within the document."""
    between = '\n      "commits": ['
    for entry in entries:
        yield between + _INDENT + entry.model_dump_json(indent=2).replace("\n", _INDENT)
        between = ","
    yield "\n      ]\n" if between == "," else _NO_COMMITS
