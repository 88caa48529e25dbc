"""Addresses of Redis."""

import socket

import pytest
from redis import Redis
from redis.sentinel import SentinelConnectionPool

from tests.servers import redis_server
from workers.connection import HASTE_SECONDS, connect, without_password
from workers.errors import TransientError, WordsError
from workers.store.faults import translated


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


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1", "unix:///tmp/no-such.sock", "redis+sentinel://127.0.0.1:1/mymaster"]
)
def test_who_is_in_haste_waits_shortly_for_a_connection_and_for_every_answer(url: str):
    options = connect(url, in_haste=True).connection_pool.connection_kwargs
    assert (options["socket_connect_timeout"], options["socket_timeout"]) == (HASTE_SECONDS, HASTE_SECONDS)
    assert options["retry"].get_retries() == 1


def test_in_haste_a_connection_that_has_broken_is_made_again():
    with redis_server() as url, connect(url) as other, connect(url, in_haste=True) as redis:
        redis.set("key", "value")
        other.client_kill_filter(_type="normal", skipme=True)
        assert redis.get("key") == b"value"


def test_in_haste_a_server_that_says_nothing_is_unreachable():
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        connect(f"redis://127.0.0.1:{silent.getsockname()[1]}", in_haste=True) as redis,
        pytest.raises(TransientError, match="redis_unreachable"),
        translated(),
    ):
        redis.get("key")


def test_a_shown_address_has_no_password():
    assert without_password("redis://me:secret@h:1/0?password=secret") == "redis://h:1/0"
