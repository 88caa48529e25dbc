"""Our RQ worker: one queue, quick to recover from a death, quick to stop, single-threaded, and never an orphan."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import time
from datetime import timedelta
from importlib import import_module

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq import Queue
from rq import Worker as RqWorker
from rq.exceptions import DequeueTimeout
from rq.executions import Execution
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import now
from rq.worker import WorkerStatus

from workers.errors import DigestError
from workers.lifeline import die_with
from workers.queues import NEEDS
from workers.store.counts import Counted, count
from workers.store.faults import translated

log = logging.getLogger(__name__)

WORKER_TTL = 17
JOB_MONITORING_INTERVAL = 3
MAINTENANCE_INTERVAL = 2
HEARTBEAT_TTL = 10
"""Seconds. With these a job whose worker and horse were killed runs again after about 10 s; with RQ's own, 808 s."""
UNTAKEN_SECONDS = 5
"""How long a job that a worker was given may stand in nobody's name. It is a millisecond, unless the worker died."""
MAINTENANCE_LOCK_SECONDS = 10
"""After how long another worker does the maintenance of one that died in it; with RQ's own value, 899."""
WAIT_SECONDS = 1
"""How long an idle worker waits for a job before it looks whether it is to stop."""
RECONNECT_SECONDS = 0.5
"""Between two attempts to reach a Redis that does not answer."""


class _IntermediateQueue(IntermediateQueue):
    """Jobs that were given to a worker and that it has not begun."""

    def should_be_cleaned_up(self, job_id: str) -> bool:
        first_seen = self.get_first_seen(job_id)
        return first_seen is not None and now() - first_seen > timedelta(seconds=UNTAKEN_SECONDS)


class _Queue(Queue):
    """A queue whose workers notice each other's deaths soon."""

    @property
    def intermediate_queue(self) -> IntermediateQueue:
        return _IntermediateQueue(self.key, connection=self.connection)

    def acquire_maintenance_lock(self) -> bool:
        return bool(self.connection.set(self.registry_cleaning_key, 1, nx=True, ex=MAINTENANCE_LOCK_SECONDS))


class Worker(RqWorker):
    """Takes jobs from one queue, each in a process of its own, forked from this one with all that is imported here.

    It hears no commands by pub/sub: that would be a second thread, and a fork beside threads is not safe. Stop it with
    SIGTERM: it finishes its job first. It ends by itself when its parent dies, and its job with it.
    """

    queue_class = _Queue

    def __init__(self, redis: Redis, queue: str) -> None:
        super().__init__(
            [queue],
            name=f"{socket.gethostname()}.{os.getpid()}.{secrets.token_hex(4)}",
            connection=redis,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL,
            job_monitoring_interval=JOB_MONITORING_INTERVAL,
            maintenance_interval=MAINTENANCE_INTERVAL,
            log_job_description=False,
        )
        self._parent = os.getppid()
        self._process = os.getpid()
        self._reaches_redis = True

    def bootstrap(self, *_: object, **__: object) -> None:
        """Registers, and says nothing of it."""
        self.log.setLevel(logging.WARNING)
        self.log.addFilter(_without_traceback)
        self.register_birth()  # type: ignore[no-untyped-call]
        self.set_state(WorkerStatus.STARTED)

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Seconds after which a job whose worker is silent is taken to be abandoned."""
        del job, working_time
        return HEARTBEAT_TTL

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """The next job; None when we are to stop. A job that Redis has given out is never dropped by a signal."""
        del timeout, max_idle_time
        while not self._stop_requested and os.getppid() == self._parent:
            try:
                found = self._next_job()
            except (RedisConnectionError, RedisTimeoutError) as error:
                self._note_outage(error)
                time.sleep(RECONNECT_SECONDS)
            else:
                self._reaches_redis = True
                if found is not None:
                    return found
        return None

    def prepare_execution(self, job: Job) -> Execution:
        """Puts the job in our name wholly before the fork: whoever dies when, it is found and runs again."""
        execution = super().prepare_execution(job)
        super().prepare_job_execution(job, remove_from_intermediate_queue=True)
        return execution

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """What RQ does after the fork; it is done."""

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """What jobs of this kind need is imported here, once, and not in each fork."""
        if needed := NEEDS.get(job.func_name or ""):
            import_module(needed)
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """The forked process: dies with the worker, or else the job would run twice at once."""
        die_with(self._process, signal.SIGKILL)
        super().main_work_horse(job, queue)

    def handle_exception(self, job: Job, *exc_info: object) -> None:
        """One line for an error of ours; for a defect the traceback as well."""
        error = exc_info[1]
        if isinstance(error, DigestError | RedisError):
            log.warning("job %s failed: %s", job.id, error)
        elif isinstance(error, BaseException):
            log.error("job %s failed", job.id, exc_info=error)

    def increment_successful_job_count(self, pipeline: Pipeline | None = None) -> None:
        """Counts for metrics as well: what RQ counts is gone with its worker."""
        self._count("jobs", "finished", pipeline=pipeline)
        super().increment_successful_job_count(pipeline)

    def increment_failed_job_count(self, pipeline: Pipeline | None = None) -> None:
        """As above."""
        self._count("jobs", "failed", pipeline=pipeline)
        super().increment_failed_job_count(pipeline)

    def increment_total_working_time(self, job_execution_time: timedelta, pipeline: Pipeline) -> None:
        """As above."""
        self._count("job_seconds", by=job_execution_time.total_seconds(), pipeline=pipeline)
        super().increment_total_working_time(job_execution_time, pipeline)

    def _count(self, name: Counted, *labels: str, by: float = 1, pipeline: Pipeline | None) -> None:
        """By queue. The private queue of a command, whose name has two parts, leaves nothing behind."""
        queue = self.queues[0].name
        if pipeline is not None and ":" not in queue:
            count(pipeline, name, queue, *labels, by=by)

    def clean_group_registries(self) -> None:
        """We use no groups of jobs."""

    def _shutdown(self) -> None:
        """What a first SIGTERM or SIGINT does. RQ would break off the wait for a job, and with it lose a job."""
        self._stop_requested = True

    def _install_signal_handlers(self) -> None:
        """From here on the signals can be answered that the supervisor held back when it forked us."""
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def _note_outage(self, error: RedisError) -> None:
        """Says once that Redis does not answer, however often it is tried."""
        if self._reaches_redis:
            log.warning("Redis does not answer, trying again: %s", error)
        self._reaches_redis = False

    def _next_job(self) -> tuple[Job, Queue] | None:
        """A job, with what is due beside it: heartbeat, and the recovery of jobs whose workers died."""
        self.set_state(WorkerStatus.IDLE)
        self.heartbeat()
        if self.should_run_maintenance_tasks:
            self.run_maintenance_tasks()  # type: ignore[no-untyped-call]
        try:
            found = self.queue_class.dequeue_any(
                self.queues, WAIT_SECONDS, self.connection, self.job_class, self.serializer, self.death_penalty_class
            )
        except DequeueTimeout:
            return None
        if found is not None:
            found[0].redis_server_version = self.get_redis_server_version()  # type: ignore[no-untyped-call]
        return found


def _without_traceback(record: logging.LogRecord) -> bool:
    """A Redis that is gone shows no place in our code: one line says it."""
    if record.exc_info and isinstance(record.exc_info[1], RedisError):
        record.msg, record.args, record.exc_info = f"{record.getMessage()}: {record.exc_info[1]}", (), None
    return True


def run_worker(redis: Redis, queue: str, supervisor: int) -> None:
    """Works until SIGTERM, or until the process `supervisor`, our parent, is dead.

    The parent may hold signals back in this process: they are let in as soon as they can be answered.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    die_with(supervisor, signal.SIGKILL)
    with translated():
        Worker(redis, queue).work()
