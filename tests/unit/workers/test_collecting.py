"""How those who judge see the job that fetches: running, at its end, or dead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import fakeredis
import pytest
from redis import Redis
from rq.job import Job, JobStatus
from rq.utils import now

from workers import queues
from workers.collecting import SILENCE, Collecting, Collector


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client


@pytest.fixture
def job(redis: Redis) -> Job:
    """One that has been begun and was heard of."""
    made = queues.enqueue(redis, "test", "workers.jobs.collect", ["r1", None], "r1-collect")
    made.set_status(JobStatus.STARTED)
    made.heartbeat(now(), 10)
    return made


def test_a_job_that_was_begun_is_running(redis: Redis, job: Job) -> None:
    assert Collector(redis, job.id).state() is Collecting.RUNNING


@pytest.mark.parametrize("status", [JobStatus.FINISHED, JobStatus.FAILED, JobStatus.STOPPED])
def test_a_job_that_came_to_an_end_has_ended(redis: Redis, job: Job, status: JobStatus) -> None:
    job.set_status(status)
    assert Collector(redis, job.id).state() is Collecting.ENDED


def test_where_there_is_no_job_or_no_more_of_it_it_has_ended(redis: Redis) -> None:
    assert Collector(redis, None).state() is Collecting.ENDED
    assert Collector(redis, "gone").state() is Collecting.ENDED


def test_a_job_that_waits_to_run_again_has_died(redis: Redis, job: Job) -> None:
    collector = Collector(redis, job.id)
    job.set_status(JobStatus.QUEUED)
    assert collector.state() is Collecting.DIED
    job.set_status(JobStatus.STARTED)
    assert collector.state() is Collecting.DIED
    assert Collector(redis, job.id).state() is Collecting.RUNNING


def test_a_job_that_falls_silent_has_died_by_our_own_clock(redis: Redis, job: Job) -> None:
    time = [100.0]
    collector = Collector(redis, job.id, clock=lambda: time[0])
    assert collector.state() is Collecting.RUNNING
    time[0] += SILENCE - 1
    assert collector.state() is Collecting.RUNNING
    job.heartbeat(now() + timedelta(hours=9), 10)  # another machine's clock
    time[0] += 2
    assert collector.state() is Collecting.RUNNING
    time[0] += SILENCE
    assert collector.state() is Collecting.DIED
