"""Takes everything out of Redis that RQ keeps for a queue that nobody needs any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from redis import Redis
from rq import Queue, Worker, worker_registration
from rq.executions import WORKER_EXECUTIONS_KEY_TEMPLATE, Execution
from rq.job import Job
from rq.registry import (
    BaseRegistry,
    CanceledJobRegistry,
    DeferredJobRegistry,
    FailedJobRegistry,
    FinishedJobRegistry,
    ReadyJobRegistry,
    ScheduledJobRegistry,
    StartedJobRegistry,
)
from rq.results import Result
from rq.serializers import JSONSerializer
from rq.utils import as_text
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from workers.store.faults import translated

REGISTRIES: tuple[type[BaseRegistry], ...] = (
    StartedJobRegistry,
    FinishedJobRegistry,
    FailedJobRegistry,
    DeferredJobRegistry,
    ReadyJobRegistry,
    ScheduledJobRegistry,
    CanceledJobRegistry,
)


@translated()
def forget_queue(redis: Redis, name: str) -> None:
    """Deletes a queue, its registries, its jobs with their results, and its workers' registrations.

    Nobody may work on it any more, or put jobs into it.
    """
    queue = Queue(name, connection=redis, serializer=JSONSerializer)
    registries = [registry(queue=queue) for registry in REGISTRIES]
    workers = sorted(worker_registration.get_keys(queue))
    executions = queue.started_job_registry.get_job_and_execution_ids(cleanup=False)
    pipeline = redis.pipeline()
    pipeline.srem(Queue.redis_queues_keys, queue.key)
    pipeline.delete(queue.key, queue.intermediate_queue_key, queue.registry_cleaning_key, WORKERS_BY_QUEUE_KEY % name)
    pipeline.delete(*(registry.key for registry in registries))
    for key in (*_job_keys(queue, _job_ids(queue, registries), executions), *_worker_keys(workers)):
        pipeline.delete(key)
    for worker in workers:
        pipeline.srem(REDIS_WORKER_KEYS, worker)
    pipeline.execute()


@translated()
def forget_abandoned(redis: Redis, prefix: str) -> None:
    """Forgets the queues of this prefix that had workers and have none alive, as after a loss of power.

    A worker's registration outlives its last sign of life by a minute: a queue that is worked on is never taken for
    abandoned, nor one whose workers are only about to start.
    """
    for key in sorted(as_text(key) for key in redis.smembers(Queue.redis_queues_keys)):
        name = key.removeprefix(Queue.redis_queue_namespace_prefix)
        if not name.startswith(prefix):
            continue
        workers = worker_registration.get_keys(Queue(name, connection=redis))
        if workers and not redis.exists(*workers):
            forget_queue(redis, name)


def _job_ids(queue: Queue, registries: Iterable[BaseRegistry]) -> set[str]:
    """The jobs that wait, that a worker has just been given, and that stand in a registry."""
    ids = {*queue.get_job_ids(), *queue.intermediate_queue.get_job_ids()}
    for registry in registries:
        ids.update(registry.get_job_ids(cleanup=False))
    return ids


def _job_keys(queue: Queue, ids: Iterable[str], executions: Iterable[tuple[str, str]]) -> Iterator[str]:
    for job_id in ids:
        job = Job(job_id, connection=queue.connection, serializer=JSONSerializer)
        yield from (job.key, job.dependents_key, job.dependencies_key, job.execution_registry.key)
        yield Result.get_key(job_id)
        yield queue.intermediate_queue.get_first_seen_key(job_id)
    for job_id, execution_id in executions:
        yield Execution(execution_id, job_id, queue.connection).key


def _worker_keys(workers: Iterable[str]) -> Iterator[str]:
    for key in workers:
        yield key
        yield WORKER_EXECUTIONS_KEY_TEMPLATE.format(key.removeprefix(Worker.redis_worker_namespace_prefix))
