"""Which commits undo which: pairs of a revert and what it reverts, over a window and what is known beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from workers.lazy import Compact
from workers.messages import Message, bare_subject, read_message
from workers.model import CommitHead, Value

FindReverted = Callable[[CommitHead], str | None]


class RevertLinks(Value):
    """For a commit of the window: the shas it reverts, and the shas of the commits that revert it."""

    reverts: tuple[str, ...] = ()
    reverted_by: tuple[str, ...] = ()


NO_LINKS = RevertLinks()


def link_reverts(
    heads: Sequence[CommitHead], later: Sequence[CommitHead], find: FindReverted
) -> Mapping[str, RevertLinks]:
    """Links for the commits of a window that have any, by sha.

    `later` are newer reverting commits outside the window; `find` looks further (the store, the repository) for what
    a revert names and the window does not have; it is asked only for commits of the window. Goes through `heads`
    twice and keeps of each but its sha.
    """
    reverting = Compact(CommitHead, filter(_is_revert, heads))
    targets = _Targets(heads, [read_message(head.message) for head in (*later, *reverting)])
    reverts: dict[str, list[str]] = defaultdict(list)
    reverted_by: dict[str, list[str]] = defaultdict(list)
    for head in (*later, *reverting):
        for sha in targets.of(head) or (_found(find(head)) if head.sha in targets.shas else ()):
            reverts[head.sha].append(sha)
            reverted_by[sha].append(head.sha)
    return {
        sha: RevertLinks(reverts=tuple(reverts[sha]), reverted_by=tuple(reverted_by[sha]))
        for sha in reverts.keys() | reverted_by.keys()
        if sha in targets.shas
    }


def _is_revert(head: CommitHead) -> bool:
    return read_message(head.message).is_revert


def _found(sha: str | None) -> tuple[str, ...]:
    return (sha,) if sha else ()


class _Target(NamedTuple):
    """A commit of the window that a revert may mean."""

    sha: str
    committed_at: datetime
    subject: str


class _Targets:
    """The window's commits by what these reverts call theirs."""

    def __init__(self, heads: Iterable[CommitHead], reverts: Sequence[Message]) -> None:
        self.shas: dict[str, None] = {}
        quoted = (revert.reverted_subject for revert in reverts)
        self._by_subject: dict[str, list[_Target]] = {bare_subject(text): [] for text in quoted if text is not None}
        self._by_number: dict[int, list[_Target]] = {
            revert.reverted_pull_request: [] for revert in reverts if revert.reverted_pull_request
        }
        for head in heads:
            self.shas[head.sha] = None
            message = read_message(head.message)
            target = _Target(head.sha, head.committed_at, message.subject)
            self._by_subject.get(bare_subject(message.subject), []).append(target)
            self._by_number.get(message.pull_request or 0, []).append(target)

    def of(self, revert: CommitHead) -> tuple[str, ...]:
        """What a revert names, by sha or else by the subject it quotes."""
        message = read_message(revert.message)
        named = [sha for short in message.reverted_shas for sha in self.shas if sha.startswith(short)]
        if named:
            return tuple(dict.fromkeys(named))
        older = [other for other in self._called(message) if other.committed_at <= revert.committed_at]
        return tuple(other.sha for other in older if other.sha != revert.sha)[:1]

    def _called(self, revert: Message) -> Sequence[_Target]:
        """The commits that a revert may mean by the subject it quotes or the pull request it names, likeliest first."""
        if revert.reverted_subject is not None:
            same = self._by_subject[bare_subject(revert.reverted_subject)]
            exact = [other for other in same if other.subject == revert.reverted_subject]
            return exact or same
        return self._by_number.get(revert.reverted_pull_request or 0, ())
