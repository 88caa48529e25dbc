"""What conversation and command line put into queues: a digest that is wanted, as a run with its first job."""

from __future__ import annotations

import secrets

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from workers import queues
from workers.request import DigestRequest
from workers.store.runs import RunStore

COLLECT = "workers.jobs.collect"
"""By name: whoever enqueues it need not import all that it needs."""


def new_run_id() -> str:
    """A name for one digest being made that nobody else has."""
    return secrets.token_hex(8)


def enqueue_digest(
    redis: Redis, runs: RunStore, queue: str, run_id: str, request: DigestRequest, follow_up: str | None = None
) -> None:
    """Starts a run: its digest is in the store when the run is done, then the job named `follow_up` is enqueued."""
    runs.create(run_id, request)
    queues.enqueue(redis, queue, COLLECT, [run_id, follow_up], f"{run_id}-collect")


def job_failed(redis: Redis, run_id: str) -> bool:
    """Whether a run can no longer end because its first or last job failed without telling the run."""
    return any(_status(redis, f"{run_id}-{step}") is JobStatus.FAILED for step in ("collect", "assemble"))


def _status(redis: Redis, job_id: str) -> JobStatus | None:
    try:
        return Job.fetch(job_id, connection=redis, serializer=JSONSerializer).get_status(refresh=False)
    except NoSuchJobError:
        return None
