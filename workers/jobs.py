"""RQ entry points, thin: collect -> analysis batches -> assemble -> follow-up.

Arguments are ids and small JSON. Every job may run twice (a worker may die after its last write): what is already in
the store is not done again. A job that fails tells its run, so that whoever waits is told.
"""

from __future__ import annotations

import gc
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from rq import get_current_job

from workers import assembly, collection, queues
from workers.errors import BrokenError, DigestError
from workers.wiring import Tools, build_tools

log = logging.getLogger(__name__)


def preload(github: bool, model: bool = False) -> None:
    """Imports what jobs will need beside this module, so that every forked job finds it there.

    PyGithub and the client of a model only where they are wanted: they cost 0.2 to 0.4 and 0.3 to 0.6 s.
    """
    import workers.sources.git.source  # noqa: PLC0415

    if github:
        import workers.sources.github.source  # noqa: F401, PLC0415
    if model:
        _import_for_model()


def _import_for_model() -> None:
    gc.disable()  # Going over what is here to stay, again and again, takes a fifth of the time.
    try:
        import workers.analysis.model_highlights  # noqa: PLC0415
        import workers.model_judging  # noqa: F401, PLC0415
        from workers.analysis.llm import wire  # noqa: PLC0415

        wire.preload()
    finally:
        gc.freeze()
        gc.enable()


def collect(run_id: str, follow_up: str | None = None) -> None:
    """Lists a run's commits, stores those that are not known, enqueues their analysis and then the assembly."""
    with _job(run_id) as (tools, queue):
        batches = list(_analyses(tools, queue, run_id))
        queues.enqueue(tools.redis, queue, assemble, [run_id, follow_up], f"{run_id}-assemble", depends_on=batches)


def analyse(run_id: str, source: str, shas: list[str]) -> None:
    """Judges one batch of a run's commits, which have been fetched, by rules."""
    from workers import judging  # noqa: PLC0415 - the worker has it: see queues.NEEDS

    with _job(run_id) as (tools, _):
        judging.judge_batch(tools, run_id, source, shas)


def analyse_by_model(run_id: str, source: str, shas: list[str], collector: str) -> None:
    """Judges one batch of a run's commits, which the job `collector` fetches meanwhile or has fetched, by a model."""
    _import_for_model()
    from workers import judging  # noqa: PLC0415

    with _job(run_id) as (tools, _):
        judging.judge_batch(tools, run_id, source, shas, collector, assembly.find_highlights_early)


def assemble(run_id: str, follow_up: str | None = None) -> None:
    """Puts a run's analyses together as its digest, then enqueues the job that `follow_up` names, with the run's id.

    That has a queue of its own: what is done is not to wait behind what is not begun.
    """
    with _job(run_id) as (tools, _):
        assembly.assemble(tools, run_id)
        if follow_up is not None:
            queues.enqueue(tools.redis, queues.POSTS, follow_up, [run_id], f"{run_id}-then")


def warm(run_id: str) -> None:
    """Fetches and judges a run's commits ahead of the digests that will want them; makes no digest itself."""
    with _job(run_id) as (tools, queue):
        for _ in _analyses(tools, queue, run_id):
            pass


def _analyses(tools: Tools, queue: str, run_id: str) -> Iterator[str]:
    """The ids of the jobs that judge a run's commits, each as soon as it is enqueued.

    A job that collects anew, after a death, enqueues others: those of before may be running.
    """
    attempt = secrets.token_hex(2)
    for number, (source, shas, by_model) in enumerate(collection.collect(tools, run_id)):
        job_id = f"{run_id}-analyse-{attempt}-{number}"
        if by_model:
            queues.enqueue(tools.redis, queue, analyse_by_model, [run_id, source, shas, tools.owner], job_id)
        else:
            queues.enqueue(tools.redis, queue, analyse, [run_id, source, shas], job_id)
        yield job_id


@contextmanager
def _job(run_id: str) -> Iterator[tuple[Tools, str]]:
    """What this job works with, and the name of its queue. A failure is told to the run and ends the job quietly.

    What is not one of our errors is a defect: it is logged with a reference that the person is given.
    """
    job = get_current_job()
    if job is None or job.connection is None:
        raise RuntimeError("to be run by an RQ worker")
    tools = build_tools(job.connection, owner=job.id)
    try:
        yield tools, str(job.origin)
    except DigestError as error:
        log.warning("run %s: %s", run_id, error)
        tools.runs.fail(run_id, error)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("run %s failed, reference %s", run_id, reference)
        tools.runs.fail(run_id, BrokenError("internal", reference=reference))
    finally:
        tools.close()
