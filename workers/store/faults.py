"""What Redis says when something is wrong, in our errors, in one place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from workers.errors import AccessError, BrokenError, DigestError, RefusedError, TransientError

LOADING_PATIENCE = 60.0
"""Seconds that a server may take to read its data at its start before we give up."""
OLDEST = (6, 2)
"""The oldest server that RQ can recover jobs on: it needs BLMOVE."""

_REFUSALS: tuple[tuple[type[RedisError], str], ...] = (
    (AuthenticationError, "redis_refused"),
    (AuthorizationError, "redis_refused"),
    (NoPermissionError, "redis_refused"),
    (OutOfMemoryError, "redis_full"),
    (ReadOnlyError, "redis_read_only"),
)
_REFUSALS_BY_WORD = {"MISCONF": "redis_cannot_save", "OOM": "redis_full", "READONLY": "redis_read_only"}


@contextmanager
def translated() -> Iterator[None]:
    """Turns errors of Redis into ours; also a decorator: `@translated()`."""
    try:
        yield
    except RedisError as error:
        raise translate(error) from error


def translate(error: RedisError) -> DigestError:
    """Our error for one of Redis: TransientError, RefusedError, or BrokenError where we used Redis wrongly."""
    refusal = _refusal(error)
    if refusal is not None:
        return RefusedError(refusal)
    if isinstance(error, BusyLoadingError):
        return TransientError("redis_loading")
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        return TransientError("redis_unreachable")
    return BrokenError("redis_misused", problem=str(error))


def ensure_usable(redis: Redis, patience: float = LOADING_PATIENCE) -> None:
    """Waits for a server that is reading its data, at most `patience` seconds, and checks that it can be used.

    TransientError("redis_unreachable" or "redis_loading"), RefusedError("redis_refused", "redis_too_old").
    """
    version = _version_when_loaded(redis, time.monotonic() + patience)
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise RefusedError("redis_too_old", version=version)


def _version_when_loaded(redis: Redis, until: float) -> str:
    while True:
        try:
            with translated():
                redis.ping()
                return str(redis.info("server")["redis_version"])
        except AccessError as error:
            if error.code != "redis_loading" or time.monotonic() >= until:
                raise
            time.sleep(0.1)


def _refusal(error: RedisError) -> str | None:
    for kind, code in _REFUSALS:
        if isinstance(error, kind):
            return code
    if isinstance(error, ResponseError):
        return _REFUSALS_BY_WORD.get(str(error).partition(" ")[0])
    return None
