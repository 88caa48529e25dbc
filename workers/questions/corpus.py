"""The commits of one digest as a question looks at them: what is told of each, its patches, and an index of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from types import TracebackType
from typing import NamedTuple, Self

from workers.model import Commit, Digest, Entry
from workers.questions.naming import Titled
from workers.questions.ranking import Index
from workers.questions.values import CommitRef

INDEXED = 24_000_000
"""Bytes of patches that are indexed, the most important commits first; of the rest only what is told of them is."""

FindCommit = Callable[[CommitRef], Commit | None]


class Item(NamedTuple):
    """One commit of a digest."""

    ref: CommitRef
    entry: Entry


class Corpus:
    """The commits of a digest in its order, by number from 0.

    `sources` name the sources of the digest's repositories, in their order. `find` gives a commit with its patches,
    None where it is not at hand. A context: leaving it frees the index; should it
    be wanted again, it is made anew.
    """

    def __init__(self, digest: Digest, sources: Sequence[str], find: FindCommit) -> None:
        self._parts = tuple(zip(sources, digest.repositories, strict=True))
        self._find = find
        self._index: Index | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    def items(self) -> Iterator[Item]:
        """Every commit with what the digest tells of it, read as it is looked at."""
        for source, part in self._parts:
            for entry in part.commits:
                yield Item(CommitRef(source=source, sha=entry.sha), entry)

    @cached_property
    def refs(self) -> tuple[CommitRef, ...]:
        """The commits by their numbers."""
        return tuple(CommitRef(source=source, sha=sha) for source, part in self._parts for sha in part.shas())

    def titles(self) -> list[Titled]:
        """What names each commit."""
        return [
            Titled(number, item.entry.sha, item.entry.subject, item.entry.pull_request)
            for number, item in enumerate(self.items())
        ]

    def entry(self, ref: CommitRef) -> Entry | None:
        """What the digest tells of a commit; None for one that is not in it."""
        parts = (part for source, part in self._parts if source == ref.source)
        return next((entry for part in parts if (entry := part.entry(ref.sha)) is not None), None)

    def commit(self, ref: CommitRef) -> Commit | None:
        """A commit with its patches; None where they are not at hand."""
        return self._find(ref)

    def index(self) -> Index:
        """The words of all commits; made at first use."""
        if self._index is None:
            self._index = self._indexed()
        return self._index

    def _indexed(self) -> Index:
        index, room = Index(), INDEXED
        for number, item in enumerate(self.items()):
            index.add(number, item.entry)
        for number in self._by_weight():
            commit = self._find(self.refs[number])
            if commit is None:
                continue
            index.add_patches(number, commit)
            room -= sum(file.patch_bytes for file in commit.files)
            if room < 0:
                break
        return index

    def _by_weight(self) -> list[int]:
        ranks = [item.entry.tier.rank for item in self.items()]
        return sorted(range(len(ranks)), key=ranks.__getitem__)
