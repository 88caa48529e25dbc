"""A Redis for the store's tests: a fake one with Lua, as empty as a new one."""

from __future__ import annotations

from collections.abc import Iterator

import fakeredis
import pytest
from redis import Redis


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client
