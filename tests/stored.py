"""Everything that a Redis holds, as plain bytes: what was compressed is read too."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from redis import Redis

MARKS = (0, 2)
"""Bytes before what was compressed: none, or the mark of our codec."""


def everything_in(redis: Redis) -> bytes:
    """All keys, fields and values, one below the other, each as it stands and unpacked."""
    return b"\n".join(text for key in redis.scan_iter(count=1000) for text in _texts(redis, key))


def _texts(redis: Redis, key: bytes) -> Iterator[bytes]:
    yield key
    for value in _values(redis, key):
        text = value if isinstance(value, bytes) else str(value).encode()
        yield text
        yield from _unpacked(text)


def _values(redis: Any, key: bytes) -> Iterable[Any]:
    kind = redis.type(key).decode()
    if kind == "hash":
        return [part for pair in redis.hgetall(key).items() for part in pair]
    if kind == "stream":
        return [part for _, fields in redis.xrange(key) for pair in fields.items() for part in pair]
    read = {
        "string": lambda: [redis.get(key)],
        "list": lambda: redis.lrange(key, 0, -1),
        "set": lambda: redis.smembers(key),
        "zset": lambda: redis.zrange(key, 0, -1),
        "none": list,  # it has expired meanwhile
    }
    return read[kind]()


def _unpacked(data: bytes) -> Iterator[bytes]:
    for start in MARKS:
        try:
            yield zlib.decompress(data[start:])
        except zlib.error:
            continue
