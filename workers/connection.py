"""One way to a Redis: from any of the addresses that REDIS_URL may hold."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from redis import Redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry
from redis.sentinel import Sentinel

from workers.errors import WordsError

CONNECT_SECONDS = 5
HASTE_SECONDS = 1.0
"""How long who is waited for by a person waits for a connection, and for each answer."""
SENTINEL_PORT = 26379


def connect(url: str, in_haste: bool = False) -> Redis:
    """A client for `redis://`, `rediss://`, `unix://`, or `redis+sentinel://[:password@]host[:port],.../service[/db]`.

    Connects at the first command. Answers are bytes, as RQ needs them. A broken connection is tried three times, so
    that a Redis that restarts goes unnoticed. WordsError("bad_redis_url") for any other address.

    `in_haste`: for who must have answered within three seconds. A connection that has broken is made once more, what
    does not answer within HASTE_SECONDS counts as unreachable; nothing that blocks for longer can be asked.
    """
    options = _in_haste if in_haste else _with_patience
    parts = urlsplit(url)
    try:
        if parts.scheme == "redis+sentinel":
            return _by_sentinel(url, options())
        return Redis.from_url(url, **options())
    except (ValueError, KeyError) as error:
        raise WordsError("bad_redis_url", url=without_password(url)) from error


def without_password(url: str) -> str:
    """The address with its password left out, fit to be shown."""
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=hosts, query="").geturl()


def _with_patience() -> dict[str, object]:
    return {
        "socket_connect_timeout": CONNECT_SECONDS,
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=3),
        "retry_on_error": [RedisConnectionError, RedisTimeoutError],
    }


def _in_haste() -> dict[str, object]:
    return {
        "socket_connect_timeout": HASTE_SECONDS,
        "socket_timeout": HASTE_SECONDS,
        "retry": Retry(NoBackoff(), retries=1, supported_errors=(RedisConnectionError,)),
    }


def _by_sentinel(url: str, options: dict[str, object]) -> Redis:
    parts = urlsplit(url)
    credentials, _, hosts = parts.netloc.rpartition("@")
    service, _, database = parts.path.strip("/").partition("/")
    if not service or not hosts:
        raise ValueError(url)
    addresses = [_address(host) for host in hosts.split(",")]
    user, _, password = credentials.partition(":")
    sentinel = Sentinel(addresses, sentinel_kwargs={"socket_timeout": options["socket_connect_timeout"]})
    client: Redis = sentinel.master_for(
        service,
        db=int(database or 0),
        username=unquote(user) or None,
        password=unquote(password) or None,
        **options,
    )
    return client


def _address(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    return name, int(port or SENTINEL_PORT)
