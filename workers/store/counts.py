"""Counts of what happened, that only grow, of all processes together: metrics tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from redis import Redis
from redis.client import Pipeline

from workers.store import keys
from workers.store.faults import translated

Counted = Literal["jobs", "job_seconds", "completed", "failed", "delivered"]
"""What is counted, each by labels of its own.

`jobs` and `job_seconds` by queue, jobs with how they ended as well; `completed` runs of subscriptions by their outcome,
`failed` ones by the code of the error; `delivered` digests, without a label.
"""


def count(pipeline: Pipeline, name: Counted, *labels: str, by: float = 1) -> None:
    """Adds to a count at the moment when a pipeline is executed."""
    pipeline.hincrbyfloat(keys.COUNTS, field(name, *labels), by)


def field(name: Counted, *labels: str) -> str:
    """Where a count stands in the hash, for scripts that add to it. Labels hold no colon."""
    return ":".join((name, *labels))


class Counts:
    """All counts."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @translated()
    def all(self) -> Mapping[tuple[str, ...], float]:
        """Each count by its name and labels; what never happened is not there."""
        found: Mapping[bytes, bytes] = self._redis.hgetall(keys.COUNTS)  # type: ignore[assignment]  # we do not decode
        return {tuple(name.decode().split(":")): float(value) for name, value in found.items()}
