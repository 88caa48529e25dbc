"""Addresses of Redis."""

import pytest
from redis import Redis
from redis.sentinel import SentinelConnectionPool

from workers.connection import connect, without_password
from workers.errors import WordsError


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/3", "rediss://127.0.0.1:1", "unix:///tmp/no-such.sock"])
def test_every_plain_address_gives_a_client_without_connecting(url: str):
    assert isinstance(connect(url), Redis)


def test_a_sentinel_address_names_its_hosts_service_and_database():
    client = connect("redis+sentinel://user:p%40ss@127.0.0.1:1,127.0.0.1/mymaster/2")
    pool = client.connection_pool
    assert isinstance(pool, SentinelConnectionPool)
    assert pool.service_name == "mymaster"
    assert [node.connection_pool.connection_kwargs["port"] for node in pool.sentinel_manager.sentinels] == [1, 26379]
    assert pool.connection_kwargs["db"] == 2
    assert pool.connection_kwargs["password"] == "p@ss"


@pytest.mark.parametrize("url", ["http://x", "localhost:6379", "redis+sentinel://host", "redis://h:port"])
def test_any_other_address_is_refused_without_its_password(url: str):
    with pytest.raises(WordsError) as wrong:
        connect(url)
    assert wrong.value.code == "bad_redis_url"


def test_a_shown_address_has_no_password():
    assert without_password("redis://me:secret@h:1/0?password=secret") == "redis://h:1/0"
