"""How a job is put into a queue: serializer, life, time-out, retries and ids, in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast

from redis import Redis
from redis.client import Pipeline
from rq import Queue, Retry
from rq.exceptions import NoSuchJobError
from rq.job import Dependency, Job
from rq.serializers import JSONSerializer

DIGESTS = "digests"
"""Queue of the long-running workers for everything that makes a digest."""
CHAT = "chat"
"""Queue of what people wait for in a chat: seconds, and never behind a digest."""
QUESTIONS = "questions"
"""Queue of answers to questions: a model may think for a minute, and what people press is not to wait behind it."""
POSTS = "posts"
"""Queue of what posts digests that were due: as many at once as there are channels, with a pause where one is slow."""
SCHEDULED = "scheduled"
"""Queue of what makes digests that are due: many at the same minute, so that digests asked for have their own."""
WARM = "warm"
"""Queue of what nobody waits for: commits that are fetched and judged ahead."""

JOB_TIMEOUT = timedelta(minutes=30)
"""A job that runs longer is stopped: the longest honest one fetches thousands of commits from GitHub."""
RESULT_LIFE = timedelta(minutes=10)
FAILURE_LIFE = timedelta(days=2)
RETRIES = 2
"""How often a job is run again after its worker died. Failures of other kinds are told, not retried."""

NEEDS = {"workers.jobs.analyse": "workers.judging"}
"""What jobs of a kind need that takes long to import (0.2 s) and that others do not: a digest whose commits are all
judged already never waits for it. A worker imports it before it forks for the first of these jobs. What a model needs
takes so long that a busy worker would be taken for dead meanwhile: each of the few jobs with a model imports it."""

JobArgument = str | int | None | list[str]

Function = Callable[..., None] | str


def enqueue(
    redis: Redis,
    queue: str,
    function: Function,
    arguments: Sequence[JobArgument],
    job_id: str,
    depends_on: Sequence[str] = (),
) -> Job:
    """Puts a job into a queue. The same `job_id` replaces the job that has it.

    With `depends_on` (job ids) it waits for all of these to have ended, well or not.
    """
    dependency = Dependency(jobs=list(depends_on), allow_failure=True) if depends_on else None
    return _queue(redis, queue).enqueue_call(**_call(function, arguments, job_id), depends_on=dependency)


def add_to(
    pipeline: Pipeline, redis: Redis, queue: str, function: Function, arguments: Sequence[JobArgument], job_id: str
) -> None:
    """As `enqueue`, at the moment when a transaction on the same server is executed."""
    _queue(redis, queue).enqueue_call(**_call(function, arguments, job_id), pipeline=pipeline)


def waiting(redis: Redis, queue: str) -> int:
    """How many jobs wait in a queue that no worker has begun."""
    return _queue(redis, queue).count


def waiting_ids(redis: Redis, queue: str) -> list[str]:
    """The ids of the jobs that wait in a queue, the next first."""
    return _queue(redis, queue).job_ids


def arguments_of(redis: Redis, job_id: str, function: Function) -> tuple[JobArgument, ...] | None:
    """The arguments of a job; None where it is gone, or is another function's."""
    try:
        job = Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
    except NoSuchJobError:
        return None
    return tuple(job.args) if job.func_name == function else None


def _queue(redis: Redis, name: str) -> Queue:
    return Queue(name, connection=redis, serializer=JSONSerializer)


def _call(function: Function, arguments: Sequence[JobArgument], job_id: str) -> dict[str, Any]:
    return {
        "func": cast(Callable[..., None], function),
        "args": tuple(arguments),
        "job_id": job_id,
        "timeout": int(JOB_TIMEOUT.total_seconds()),
        "result_ttl": int(RESULT_LIFE.total_seconds()),
        "failure_ttl": int(FAILURE_LIFE.total_seconds()),
        "retry": Retry(max=RETRIES),
    }
