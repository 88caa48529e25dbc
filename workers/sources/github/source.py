"""Commits of a repository on GitHub or a GitHub Enterprise server, read through its REST API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from workers.errors import RefusedError, TransientError, WordsError
from workers.lazy import Compact
from workers.messages import read_message
from workers.model import Commit, CommitHead, Listing, Window
from workers.reading import Reading
from workers.request import Query
from workers.sources.github.access import Clean, GitHubAccess, ResponseMemory, is_repository_name
from workers.sources.github.answers import reading
from workers.sources.github.client import Client
from workers.sources.github.fetch import fetch
from workers.sources.github.listing import Lister
from workers.sources.github.paths import TouchFilter, clean_globs
from workers.sources.github.patience import Patience
from workers.sources.github.reading import GitHubReading

MOST_KEPT = 32 << 20
"""Bytes of patches of commits that a listing had to fetch and that `commits` will be asked for."""
FULL_SHA = 40


class GitHubSource:
    """The repository `owner/name`. See `workers.sources.base.Source`, and Lister for what a listing costs.

    `memory` None means that no answers are remembered; `clean` is what commits of lists go through before they are.
    `sleep` and `clock` are those of Patience.

    Errors: WordsError("bad_source" | "bad_setting" | "empty_repository" | "unknown_branch" | "unknown_range" |
    "unknown_commit" | "unknown_path" | "unknown_zone" | "too_many_commits"), RefusedError("repository_not_found" |
    "repository_blocked" | "bad_credentials" | "access_refused" | "source_misbehaves"),
    TransientError("rate_limited" | "source_unreachable" | "source_misbehaves"), PartialError with one of these
    codes.
    """

    def __init__(
        self,
        repository: str,
        access: GitHubAccess | None = None,
        memory: ResponseMemory | None = None,
        *,
        clean: Clean = lambda head: head,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not is_repository_name(repository):
            raise WordsError("bad_source", source=repository)
        self._repository = repository
        self._access = access or GitHubAccess()
        self._memory = memory
        self._client = _client(repository, self._access, memory, clean, sleep, clock)
        self._kept: dict[str, Commit] = {}
        self._room = MOST_KEPT

    @property
    def name(self) -> str:
        """`owner/name` as it was given."""
        return self._repository

    @property
    def url(self) -> str:
        """The repository's page."""
        return f"{self._access.pages_url}/{self._repository}"

    def listing(self, query: Query, now: datetime) -> Listing:
        """See Source. Notices: "merges_unread" (`n` merges resolved conflicts by hand; GitHub does not tell how),

        "search_stopped" (there may be commits, but none among the `n` newest that were searched for the last day).
        """
        globs = clean_globs(query.paths)
        name = f"{self._client.host}:{self._repository.casefold()}"
        touching = TouchFilter(globs, self._fetch, self._keep, self._memory, name)
        return Lister(self._client, query.model_copy(update={"paths": globs}), touching).listing(now)

    def commits(self, heads: Sequence[CommitHead]) -> Iterator[Commit]:
        """See Source. One request a commit, and one more for each further 300 files."""
        here = self._kept.keys() & {head.sha for head in heads}
        for sha in here:
            yield self._take(sha)
        yield from self._fetch(Compact(CommitHead, (head for head in heads if head.sha not in here)) if here else heads)

    def find_reverted(self, head: CommitHead) -> str | None:
        """The sha that the message names, taken at its word when it is a whole one; else looked up, by one request.

        None where only a subject or a pull request is named: searching the history costs too many requests. None too
        where GitHub cannot be asked just now. What was looked up is remembered.
        """
        named = next(iter(read_message(head.message).reverted_shas), None)
        if named is None or len(named) >= FULL_SHA:
            return named
        name = f"sha:{self._client.host}:{self._repository.casefold()}:{named}"
        kept = self._memory.get(name) if self._memory is not None else None
        try:
            found = self._full_sha(named) if kept is None else kept.decode()
        except (TransientError, UnicodeDecodeError):
            return None
        if self._memory is not None and kept is None:
            self._memory.set(name, found.encode())
        return found or None

    def reverts_after(self, window: Window) -> Sequence[CommitHead]:
        """None: looking for them costs requests."""
        del window
        return ()

    def tree(self, sha: str) -> None:
        """None: looking into files costs requests."""
        del sha

    def reading(self) -> Reading:
        """See Source. Every question costs requests."""
        return GitHubReading(self._client)

    def close(self) -> None:
        """Ends waiting and connections."""
        self._client.close()

    def _full_sha(self, named: str) -> str:
        """The sha that an abbreviation stands for, "" where GitHub knows none or the name is a branch's."""
        try:
            answer = self._client.get("/commits", {"sha": named, "per_page": "1"})
        except (RefusedError, WordsError):
            return ""
        with reading(answer.asked):
            found = str(answer.json[0]["sha"])
        return found if found.startswith(named) else ""

    def _fetch(self, heads: Sequence[CommitHead]) -> Iterator[Commit]:
        return fetch(self._client, heads, self._access.concurrency)

    def _keep(self, commit: Commit) -> None:
        size = _patch_bytes(commit)
        if size <= self._room and commit.sha not in self._kept:
            self._room -= size
            self._kept[commit.sha] = commit

    def _take(self, sha: str) -> Commit:
        commit = self._kept.pop(sha)
        self._room += _patch_bytes(commit)
        return commit


def _patch_bytes(commit: Commit) -> int:
    return sum(file.patch_bytes for file in commit.files)


def requests_left(access: GitHubAccess) -> tuple[int, int]:
    """How many requests the key has left in this hour, and how many an hour has. Raises as GitHubSource does."""
    client = _client("", access, None, lambda head: head, None, time.time)
    try:
        return client.rate_limit()
    finally:
        client.close()


def _client(
    repository: str,
    access: GitHubAccess,
    memory: ResponseMemory | None,
    clean: Clean,
    sleep: Callable[[float], object] | None,
    clock: Callable[[], float],
) -> Client:
    patience = Patience(access.max_wait, access.attempts, sleep, clock)
    return Client(repository, access, memory, patience, clean)
