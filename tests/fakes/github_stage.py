"""What tests on the fake GitHub share: time that passes only when it is slept, memory, a source on a server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from tests.repositories import START, RepositoryBuilder
from workers.errors import DigestError
from workers.model import Listing
from workers.request import Query
from workers.sources.github.access import GitHubAccess, ResponseMemory
from workers.sources.github.source import GitHubSource

NAME = "acme/engine"
NOW = datetime(2026, 2, 25, 12, tzinfo=UTC)
ALL = Query(timezone="UTC", start=datetime(2026, 1, 1, tzinfo=UTC), end=NOW)


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


def line_of_commits(path: Path, number: int, start: datetime = START) -> RepositoryBuilder:
    """A repository of one line of commits, a second apart, each named by its number."""
    built = RepositoryBuilder(path, bare=True)
    when = int(start.timestamp())
    lines = [
        f"commit refs/heads/main\nmark :{n}\ncommitter A <a@b> {when + n} +0000\ndata {len(str(n))}\n{n}\n"
        + (f"from :{n - 1}\n" if n > 1 else "")
        + f"M 100644 inline file{n % 7}\ndata {len(str(n))}\n{n}\n"
        for n in range(1, number + 1)
    ]
    built.git("fast-import", "--quiet", "--date-format=raw", given="".join(lines).encode())
    return built


def listing_of(hub: FakeGitHub, query: Query = ALL, time: Time | None = None, **access: Any) -> Listing:
    with source_on(hub, time=time, **access) as source:
        return source.listing(query, NOW)


def error_of(hub: FakeGitHub, query: Query = ALL, time: Time | None = None, **access: Any) -> DigestError:
    with pytest.raises(DigestError) as raised:
        listing_of(hub, query, time, **access)
    return raised.value


def kind(error: DigestError) -> tuple[type[DigestError], str]:
    return type(error), error.code
