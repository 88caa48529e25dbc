"""Waiting for a server: for its rate limits, in all threads together, and between attempts; never for too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from workers.errors import TransientError

FIRST_PAUSE = 1.0
"""Seconds before the second attempt; before each further one twice as long."""

T = TypeVar("T")


class Patience:
    """At most `attempts` per request while the server fails, and at most `max_wait` seconds of waiting in all.

    A rate limit is no failed attempt: no thread asks again before its end. `sleep` waits some seconds; None means
    waiting that `end` ends. `clock` tells seconds since 1970.
    """

    def __init__(
        self,
        max_wait: float,
        attempts: int,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self._max_wait = max_wait
        self._attempts = attempts
        self._ended = threading.Event()
        self._sleep = sleep or self._ended.wait
        self._closed_until = 0.0

    def with_retries(self, ask: Callable[[], T]) -> T:
        """What `ask` gives; while it raises TransientError, again, until patience is at its end and that is raised."""
        failures, waited = 0, 0.0
        while True:
            self._wait_for_the_limit()
            try:
                return ask()
            except TransientError as error:
                limited = error.code == "rate_limited"
                failures += not limited
                pause = error.retry_after if error.retry_after is not None else FIRST_PAUSE * 2 ** (failures - 1)
                waited += pause
                if failures >= self._attempts or waited > self._max_wait:
                    raise
            if limited:
                self._closed_until = max(self._closed_until, self.clock() + pause)
            else:
                self._sleep(pause)

    def end(self) -> None:
        """Ends the waiting of all threads; whoever asks from now on is refused."""
        self._ended.set()

    def _wait_for_the_limit(self) -> None:
        while (left := self._closed_until - self.clock()) > 0 and not self._ended.is_set():
            self._sleep(left)
        if self._ended.is_set():
            raise TransientError("source_unreachable")
