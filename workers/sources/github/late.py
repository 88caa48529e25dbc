"""What branches have gained since they were looked at, by GitHub's comparison of two commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from workers.model import CommitHead
from workers.sources.github.client import Client
from workers.sources.github.scans import Scan, compared


def tip_of(client: Client, branch: Mapping[str, str]) -> str:
    """The commit that a branch stands at; `branch` is the part of a query that names it. One request."""
    scan = Scan(client, {**branch, "per_page": "1"})
    scan.read_page()
    return scan.heads[0].sha


def gained(
    client: Client, before: Sequence[str], now: Sequence[str], counts: Callable[[CommitHead], bool]
) -> Iterator[CommitHead]:
    """The commits that count and that tips of now reach and none of those before, each once, branch by branch.

    `before` and `now` are of the same branches in the same order. One request for every 100 commits that a branch has
    gained; where some of them count, the same for each further branch. WordsError as `compared`.
    """
    seen: set[str] = set()
    for place, tip in enumerate(now):
        if tip in before:
            continue
        for head in _gained(client, [*before[place:], *before[:place]], tip, counts):
            if head.sha not in seen:
                seen.add(head.sha)
                yield head


def _gained(
    client: Client, before: Sequence[str], tip: str, counts: Callable[[CommitHead], bool]
) -> Iterator[CommitHead]:
    found = compared(client, f"{before[0]}..{tip}").where(counts)
    shas = {head.sha for head in found}
    for old in before[1:]:
        if not shas:
            return
        shas &= {head.sha for head in compared(client, f"{old}..{tip}")}
    yield from (head for head in found if head.sha in shas)
