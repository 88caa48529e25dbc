"""What tests on the fake GitHub share: time that passes only when it is slept, memory, a source on a server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from workers.sources.github import GitHubSource
from workers.sources.github_access import GitHubAccess, ResponseMemory

NAME = "acme/engine"


class Time:
    """A clock that stands at `now` until somebody sleeps; what was slept is in `slept`."""

    def __init__(self, now: float = 1_771_660_800.0) -> None:
        self.now = now
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        """Passes at once."""
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds

    def clock(self) -> float:
        """Seconds since 1970."""
        return self.now


class Memory(dict[str, bytes]):
    """A ResponseMemory that forgets nothing."""

    def set(self, key: str, value: bytes) -> None:
        """Keeps `value`."""
        self[key] = value


@contextmanager
def source_on(
    hub: FakeGitHub,
    memory: ResponseMemory | None = None,
    time: Time | None = None,
    name: str = NAME,
    **access: Any,
) -> Iterator[GitHubSource]:
    """A source on the fake, with the right token unless told otherwise, that never really sleeps."""
    time = time or Time()
    given = {"token": RIGHT_TOKEN, "api_url": hub.url, **access}
    source = GitHubSource(name, GitHubAccess(**given), memory, sleep=time.sleep, clock=time.clock)
    try:
        yield source
    finally:
        source.close()


def count(hub: FakeGitHub, work: Callable[[], object]) -> int:
    """How many requests a piece of work makes."""
    before = len(hub.requests)
    work()
    return len(hub.requests) - before
