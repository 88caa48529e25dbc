"""The job that fetches commits, as it is seen by those who judge them meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from workers.store.faults import translated

SILENCE = 30.0
"""Seconds without a heartbeat after which the job is taken for dead: its worker tells one every few seconds."""


class Collecting(Enum):
    """How far it is. `DIED`: it will run again, and then hand on anew what it had handed on."""

    RUNNING = auto()
    ENDED = auto()
    DIED = auto()


class Collector:
    """The job with an id; None: there is none, all commits were there before."""

    def __init__(self, redis: Redis, job_id: str | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._job_id = job_id
        self._clock = clock
        self._died = False
        self._heard: datetime | None = None
        self._heard_at = clock()

    def state(self) -> Collecting:
        """How far the job is just now; once it was seen to be dead, it stays so, though it runs again."""
        found = Collecting.DIED if self._died else self._look()
        self._died = found is Collecting.DIED
        return found

    @translated()
    def _look(self) -> Collecting:
        try:
            job = Job.fetch(self._job_id or "", connection=self._redis, serializer=JSONSerializer)
        except NoSuchJobError:
            return Collecting.ENDED
        status = job.get_status(refresh=False)
        if status in (JobStatus.FINISHED, JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED):
            return Collecting.ENDED
        return Collecting.RUNNING if status is JobStatus.STARTED and self._is_alive(job) else Collecting.DIED

    def _is_alive(self, job: Job) -> bool:
        """Whether its worker was heard of lately, by our own clock: the worker's may be another machine's."""
        if job.last_heartbeat != self._heard:
            self._heard, self._heard_at = job.last_heartbeat, self._clock()
        return self._clock() - self._heard_at < SILENCE
