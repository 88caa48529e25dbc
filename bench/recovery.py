"""`python -m bench.recovery [--runs N] [--cap SECONDS]`: how soon the job of a killed worker runs again.

Horse, or worker and horse, are killed with signal 9 while they are at a job, and another worker of the queue stands by:
ours as `commit-digest worker` keeps them, beside RQ's own with all its defaults, in the same run. RQ's is waited for
`--cap` seconds; with more than its bound, which is worked out from its settings, it is measured to its end.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from redis import Redis
from rq import Queue, Retry, Worker
from rq.defaults import DEFAULT_JOB_MONITORING_INTERVAL
from rq.serializers import JSONSerializer

from tests.integration import sample_jobs
from tests.processes import ROOT, children_of, wait_until
from tests.servers import redis_server
from workers.connection import connect
from workers.queues import JOB_TIMEOUT, RETRIES, enqueue

QUEUE = "bench"
GOAL = 15.0
CAP = 30.0
LOCK_OF_RQ = 899
"""Seconds for which one worker of RQ keeps the others from maintenance (rq 3.0.0, Queue.acquire_maintenance_lock)."""
OURS = f"""
from tests.integration import sample_jobs
from workers.serve import Supervisor
import sys
Supervisor(sys.argv[1], "{QUEUE}", 2, grace=0).run()
"""
BARE = f"""
import sys
from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer
from tests.integration import sample_jobs
Worker(["{QUEUE}"], connection=Redis.from_url(sys.argv[1]), serializer=JSONSerializer).work(logging_level="ERROR")
"""


def main() -> None:
    """Runs the measurements."""
    words = argparse.ArgumentParser(prog="python -m bench.recovery", description=__doc__)
    words.add_argument("--runs", type=int, default=3)
    words.add_argument("--cap", type=float, default=CAP, help="how many seconds RQ's own is waited for")
    given = words.parse_args()
    for what, kill in (("the horse", _kill_horse), ("worker and horse", _kill_both)):
        took = [measured(kill, ours, 2 * GOAL) for _ in range(given.runs)]
        told = "never within the cap" if None in took else f"{_spread([one for one in took if one is not None])}"
        print(f"{what} killed, ours: running again after {told} (goal: {GOAL:.0f} s)", flush=True)
        own = measured(kill, bare, given.cap)
        told = f"{own:.1f} s" if own is not None else f"not within {given.cap:.0f} s"
        print(f"{what} killed, RQ's defaults: {told}", flush=True)
    beat = DEFAULT_JOB_MONITORING_INTERVAL + 60
    print(
        f"bound of RQ's defaults for worker and horse: {beat + LOCK_OF_RQ} s, heartbeat {beat} s and the lock of "
        f"maintenance {LOCK_OF_RQ} s"
    )


def measured(kill: Callable[[int, int], None], workers: Callable[[str], object], cap: float) -> float | None:
    """Seconds from the kill until the job runs again; None where it does not within `cap` seconds."""
    with redis_server() as url, connect(url) as redis, workers(url):  # type: ignore[attr-defined]
        wait_until(lambda: Worker.count(connection=redis) == 2, 20)
        _put(redis, own=workers is ours)
        (told,) = _told(redis, 1, 20.0)
        horse, worker = (int(pid) for pid in told.split()[1:])
        began = time.monotonic()
        kill(horse, worker)
        found = _told(redis, 2, cap)
        return time.monotonic() - began if found else None


def _put(redis: Redis, own: bool) -> None:
    if own:
        enqueue(redis, QUEUE, sample_jobs.hold, ["a"], "job")
    else:
        queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
        retry, timeout = Retry(max=RETRIES), int(JOB_TIMEOUT.total_seconds())
        queue.enqueue_call(sample_jobs.hold, args=("a",), retry=retry, timeout=timeout)


def _told(redis: Redis, count: int, seconds: float) -> list[str]:
    """What jobs told, once it is so much; nothing where that does not come."""
    until = time.monotonic() + seconds
    while redis.llen("told") < count:
        if time.monotonic() > until:
            return []
        time.sleep(0.02)
    return [str(text, "utf-8") for text in redis.lrange("told", 0, -1)]  # type: ignore[arg-type]  # we do not decode


@contextmanager
def _processes(code: str, count: int, url: str) -> Iterator[None]:
    """So many processes of a program; they and what they forked are killed at the end."""
    command, environment = [sys.executable, "-c", code, url], {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(count)]
    try:
        yield
    finally:
        for process in started:
            below = [] if process.poll() is not None else children_of(process.pid)
            process.kill()
            process.wait()
            for pid in below:
                _kill(pid)


ours = partial(_processes, OURS, 1)
bare = partial(_processes, BARE, 2)


def _kill_horse(horse: int, worker: int) -> None:
    del worker
    _kill(horse)


def _kill_both(horse: int, worker: int) -> None:
    _kill(worker)
    _kill(horse)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _spread(took: list[float]) -> str:
    return f"{statistics.median(took):.1f} s ({min(took):.1f} to {max(took):.1f})"


if __name__ == "__main__":
    main()
