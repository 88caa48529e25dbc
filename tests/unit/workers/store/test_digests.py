"""The store of digests, and the memory of responses."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from tests.unit.workers.store.test_runs import WINDOW
from workers.model import Digest
from workers.store import keys
from workers.store.digests import DigestStore
from workers.store.responses import ResponseMemory

LIFE = timedelta(days=3)
DIGEST = Digest(language="zh", title="每日更新报告", window=WINDOW, repositories=())


def test_a_digest_comes_back_as_it_was_and_lives_as_long_as_it_should(redis: Redis) -> None:
    store = DigestStore(redis, LIFE)
    store.put("d:1", DIGEST)
    assert store.get("d:1") == DIGEST
    assert redis.ttl(keys.digest("d:1")) == LIFE.total_seconds()


def test_a_digest_that_is_not_here_or_of_another_version_is_none(redis: Redis) -> None:
    redis.set(keys.digest("old"), b'1j{"version": 0}')
    assert DigestStore(redis, LIFE).get("old") is None
    assert DigestStore(redis, LIFE).get("none") is None


def test_a_response_is_remembered_by_its_address_however_long(redis: Redis) -> None:
    memory = ResponseMemory(redis, LIFE)
    address = "https://api.github.com/repos/acme/engine/commits?" + "x" * 9000
    memory.set(address, b"\0etag")
    assert memory.get(address) == b"\0etag"
    assert memory.get(address + "y") is None
    assert redis.ttl(keys.response(address)) == LIFE.total_seconds()
