"""A fake Redis for what conversation keeps."""

from __future__ import annotations

from collections.abc import Iterator

import fakeredis
import pytest
from redis import Redis


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client
