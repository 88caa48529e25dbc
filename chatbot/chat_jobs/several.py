"""Answering in several threads at the same time: what takes long is waiting for the model."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Threads of chats in which one process answers at the same time."""
TAKES_MORE = 300.0
"""Seconds in which a process takes on more: what it has grown to is given back after that, and its job has an end."""
LOOK_EVERY = 0.1
"""Seconds between two looks at what waits."""


class Waiting(NamedTuple):
    """A question that waits in the line of its thread."""

    channel: str
    root: str
    question_id: str

    @property
    def place(self) -> tuple[str, str]:
        """Its thread."""
        return self.channel, self.root


class Several:
    """Answers one question, and meanwhile those of other threads that wait.

    `answer` sees to one question. `waiting` gives questions by the ids of their jobs, without those ids that are known;
    the jobs stay where they are: begun later, they find their questions answered, and should this process die, they do
    its work. `seconds` is a clock that never goes back.
    """

    def __init__(
        self,
        answer: Callable[[Waiting], None],
        waiting: Callable[[Container[str]], Iterable[tuple[str, Waiting]]],
        seconds: Callable[[], float],
    ) -> None:
        self._answer = answer
        self._waiting = waiting
        self._seconds = seconds
        self._known: set[str] = set()
        self._running: dict[tuple[str, str], Future[None]] = {}

    def answer(self, own: Waiting) -> None:
        """Returns when the question and all that were taken on are answered; raises what failed of the own one."""
        until = self._seconds() + TAKES_MORE
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="thread") as pool:
            first = self._running[own.place] = pool.submit(self._answer, own)
            while self._running:
                if self._seconds() < until:
                    self._take_on(pool)
                wait(self._running.values(), timeout=LOOK_EVERY, return_when=FIRST_COMPLETED)
                self._let_go(first)
        first.result()

    def _take_on(self, pool: ThreadPoolExecutor) -> None:
        for job_id, asked in self._waiting(self._known):
            if len(self._running) >= AT_ONCE:
                return
            if asked.place not in self._running:
                self._known.add(job_id)
                self._running[asked.place] = pool.submit(self._answer, asked)

    def _let_go(self, own: Future[None]) -> None:
        """Forgets those that have ended. What failed of another's is left to its own job."""
        for place, future in list(self._running.items()):
            if future.done():
                del self._running[place]
                if future is not own and (error := future.exception()) is not None:
                    log.warning("a question in %s is left to its job", place[0], exc_info=error)
