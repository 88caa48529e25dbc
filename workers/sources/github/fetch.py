"""Commits with their files, many requests at once, few commits held; one that cannot be had keeps no other back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from workers.errors import DigestError, PartialError, TransientError
from workers.model import Commit, CommitHead
from workers.sources.github.answers import reading
from workers.sources.github.client import Client
from workers.sources.github.values import MOST_FILES, paths_of, read_files

ENDING = ("rate_limited", "bad_credentials", "access_refused")
"""Codes of errors after which asking for the other commits is of no use."""


def fetch(client: Client, heads: Sequence[CommitHead], concurrency: int) -> Iterator[Commit]:
    """These commits, each as soon as it is there, in any order. At most `concurrency` are asked for or held at once.

    After the last, PartialError names those that could not be had, with the code and details of the first reason.
    It ends early at a rate limit that is too long, at a refused key, and where the server fails `concurrency` times
    in a row; if no commit had come by then, the reason itself is raised.
    """
    fetching = _Fetching(client, heads, concurrency)
    try:
        yield from fetching.run()
    finally:
        fetching.pool.shutdown(wait=False, cancel_futures=True)


class _Fetching:
    """What is still to be asked for, what is under way, and what went wrong."""

    def __init__(self, client: Client, heads: Sequence[CommitHead], concurrency: int) -> None:
        self.pool = ThreadPoolExecutor(concurrency, thread_name_prefix="github")
        self._client = client
        self._concurrency = concurrency
        self._heads = heads
        places = {head.sha: place for place, head in enumerate(heads)}
        self._missing = dict.fromkeys(places)
        self._waiting = deque(places.values())
        self._running: set[Future[Commit]] = set()
        self._reasons: list[DigestError] = []
        self._failures_in_a_row = 0
        self._is_over = False
        self._has_given = False

    def run(self) -> Iterator[Commit]:
        self._start_more()
        while self._running:
            for future in wait(self._running, return_when=FIRST_COMPLETED).done:
                self._running.remove(future)
                commit = self._outcome(future)
                self._start_more()
                if commit is not None:
                    yield commit
        if self._missing:
            raise self._verdict()

    def _start_more(self) -> None:
        while self._waiting and len(self._running) < self._concurrency and not self._is_over:
            head = self._heads[self._waiting.popleft()]
            self._running.add(self.pool.submit(_fetch_one, self._client, head))

    def _outcome(self, future: Future[Commit]) -> Commit | None:
        try:
            commit = future.result()
        except DigestError as error:
            self._reasons.append(error)
            self._failures_in_a_row += isinstance(error, TransientError)
            self._is_over |= error.code in ENDING or self._failures_in_a_row >= self._concurrency
            return None
        self._failures_in_a_row = 0
        self._has_given = True
        del self._missing[commit.sha]
        return commit

    def _verdict(self) -> DigestError:
        ending = next((reason for reason in self._reasons if reason.code in ENDING), None)
        reason = ending or self._reasons[0]
        if self._is_over and (not self._has_given or not isinstance(reason, TransientError)):
            return reason
        partial = PartialError(reason.code, tuple(self._missing), **reason.details)
        partial.retry_after = reason.retry_after if isinstance(reason, TransientError) else None
        return partial


def _fetch_one(client: Client, head: CommitHead) -> Commit:
    """One commit: one request, and one more for each further 300 files."""
    below = f"/commits/{head.sha}"
    answer = client.get(below)
    pages = [answer.json]
    with reading(below):
        if pages[0]["sha"] != head.sha:
            raise ValueError(pages[0]["sha"])
        paths = set(paths_of(pages[0]))
    while len(paths) < MOST_FILES and (following := answer.next_page(client.host)) is not None:
        answer = client.get(below, following)
        with reading(below):
            fresh = set(paths_of(answer.json)) - paths
            if not fresh:
                raise ValueError(following)
        paths |= fresh
        pages.append(answer.json)
    with reading(below):
        files, cut = read_files(pages)
        return Commit(**dict(head), files=files, files_cut=cut)
