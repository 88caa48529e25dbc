"""One digest on this machine from beginning to end: Redis, worker processes of its own, the run, the waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from redis import Redis

from chatbot.enqueue import enqueue_digest, job_failed, new_run_id
from workers.connection import connect
from workers.errors import BrokenError, error_of
from workers.model import Digest
from workers.request import DigestRequest
from workers.serve import temporary_workers
from workers.settings import Settings
from workers.store.digests import DigestStore
from workers.store.faults import ensure_usable, translated
from workers.store.runs import Progress, RunStore
from workers.wiring import is_local, redis_address

LOOK_SECONDS = 0.1
"""Between two looks at how far a run is, for the bar; its end is known at once."""
LOOK_AT_JOB_EVERY = 20
"""Every so many looks the jobs themselves are asked, in case a worker died so hard that the run was not told."""

Show = Callable[[Progress], None]


@dataclass(frozen=True)
class Made:
    """A digest, with the run that made it and the Redis that keeps it."""

    run_id: str
    digest: Digest
    redis: Redis


@contextmanager
def making_digest(
    settings: Settings, request: DigestRequest, show: Show, meanwhile: Callable[[], object] = lambda: None
) -> Iterator[Made]:
    """Makes a digest in worker processes that end with its making; `show` is told how far it is.

    The digest reads its commits from the store when they are looked at, and so only within the context. `meanwhile`
    is called once while the workers start: whatever is needed afterwards can be made ready there.

    Raises the error that ended the run. Whatever ends the context, no process and no queue stays behind, and what was
    judged is kept.
    """
    run_id = new_run_id()
    queue = f"report:{run_id}"
    with redis_address(settings) as url, connect(url) as redis, translated():
        ensure_usable(redis)
        runs = RunStore(redis, settings.run_life)
        enqueue_digest(redis, runs, queue, run_id, request)
        imports = partial(_import_for_jobs, not all(map(is_local, request.sources)))
        with temporary_workers(url, queue, settings.worker_processes, imports) as are_kept:
            meanwhile()
            _wait(redis, runs, run_id, show, are_kept)
        digest = DigestStore(redis, settings.digest_life).get(run_id)
        if digest is None:
            raise BrokenError("store_lost", key=run_id)
        yield Made(run_id, digest, redis)


def _import_for_jobs(github: bool) -> None:
    """In the parent of the workers, so that it goes on beside what this process does.

    Not what a model needs, which takes longer than all else: a worker imports it once it is known to be needed.
    """
    from workers.jobs import preload  # noqa: PLC0415

    preload(github)


def _wait(redis: Redis, runs: RunStore, run_id: str, show: Show, are_kept: Callable[[], bool]) -> None:
    """Until the run is done. Raises what ended it otherwise."""
    looks = 0
    while not runs.wait_end(run_id, LOOK_SECONDS):
        show(runs.progress(run_id))
        looks += 1
        if not are_kept() or (looks % LOOK_AT_JOB_EVERY == 0 and job_failed(redis, run_id)):
            raise BrokenError("worker_died")
    progress = runs.progress(run_id)
    show(progress)
    if progress.failure is not None:
        raise error_of(progress.failure.fault, progress.failure.code, progress.failure.details)
