"""Which commits undo which: pairs of a revert and what it reverts, over a window and what is known beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

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
    a revert names and the window does not have; it is asked only for commits of the window.
    """
    targets = _Targets(heads)
    reverts: dict[str, list[str]] = defaultdict(list)
    reverted_by: dict[str, list[str]] = defaultdict(list)
    for head in [*later, *heads]:
        inside = head.sha in targets.by_sha
        for sha in targets.of(head) or (_found(find(head)) if inside and _is_revert(head) else ()):
            reverts[head.sha].append(sha)
            reverted_by[sha].append(head.sha)
    return {
        sha: RevertLinks(reverts=tuple(reverts[sha]), reverted_by=tuple(reverted_by[sha]))
        for sha in targets.by_sha
        if sha in reverts or sha in reverted_by
    }


def _is_revert(head: CommitHead) -> bool:
    return read_message(head.message).is_revert


def _found(sha: str | None) -> tuple[str, ...]:
    return (sha,) if sha else ()


class _Targets:
    """The window's commits by what a revert may call them."""

    def __init__(self, heads: Iterable[CommitHead]) -> None:
        self.by_sha = {head.sha: head for head in heads}
        self._by_subject: dict[str, list[CommitHead]] = defaultdict(list)
        self._by_number: dict[int, list[CommitHead]] = defaultdict(list)
        for head in self.by_sha.values():
            message = read_message(head.message)
            self._by_subject[bare_subject(message.subject)].append(head)
            self._by_number[message.pull_request or 0].append(head)

    def of(self, head: CommitHead) -> tuple[str, ...]:
        """What a revert names, by sha or else by the subject it quotes; () for other commits."""
        message = read_message(head.message)
        if not message.is_revert:
            return ()
        named = [sha for short in message.reverted_shas for sha in self.by_sha if sha.startswith(short)]
        if named:
            return tuple(dict.fromkeys(named))
        older = [other for other in self._called(message) if other.committed_at <= head.committed_at]
        return tuple(other.sha for other in older if other.sha != head.sha)[:1]

    def _called(self, revert: Message) -> list[CommitHead]:
        """The commits that a revert may mean by the subject it quotes or the pull request it names, likeliest first."""
        if revert.reverted_subject is not None:
            same = self._by_subject[bare_subject(revert.reverted_subject)]
            exact = [other for other in same if read_message(other.message).subject == revert.reverted_subject]
            return exact or same
        return self._by_number[revert.reverted_pull_request] if revert.reverted_pull_request else []
