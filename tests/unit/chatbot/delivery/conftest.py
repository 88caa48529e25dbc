"""A clock that only pauses move, a fake Redis, and a deliverer that can die at any step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import fakeredis
import pytest
from redis import Redis

from chatbot.delivery.delivering import Clock


class Time:
    """A clock that stands until somebody waits."""

    def __init__(self) -> None:
        self.at = datetime(2026, 2, 21, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pause(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.pause)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client


@pytest.fixture
def time() -> Time:
    return Time()
