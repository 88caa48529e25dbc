"""`python -m bench.schedules [--subscriptions N] [--runs N]`: subscriptions due in the same minute, three schedulers.

Claimed and enqueued by three processes at once, beside one process that does no more than enqueue as many jobs with
RQ, in turn in the same run. What is due is claimed once, or this fails.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from datetime import timedelta

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from chatbot.schedule import FOLLOW_UPS
from tests.servers import redis_server
from tests.subscriptions import NOW, wish
from workers import queues
from workers.connection import connect
from workers.scheduling import COLLECT, Scheduler, subscription_of_run
from workers.store.runs import RunStore
from workers.store.schedules import Schedule
from workers.store.subscriptions import SubscriptionStore

SCHEDULERS = 3
GOAL = 2.0
DUE = NOW + timedelta(hours=1)
KIB = 1024


def main() -> None:
    """Runs the measurement."""
    words = argparse.ArgumentParser(prog="python -m bench.schedules", description=__doc__)
    words.add_argument("--subscriptions", type=int, default=10_000)
    words.add_argument("--runs", type=int, default=3)
    given = words.parse_args()
    ratios, count = [], given.subscriptions
    with redis_server() as url, connect(url) as redis:
        for _ in range(given.runs):
            redis.execute_command("FLUSHALL", "SYNC")
            bare = enqueued(redis, count)
            redis.execute_command("FLUSHALL", "SYNC")
            before = memory(redis)
            ids = subscribed(redis, count)
            each = (memory(redis) - before) / count
            mine = scheduled(url)
            check(redis, ids)
            ratios.append(mine / bare)
            print(f"{SCHEDULERS} schedulers {mine:.1f} s, bare RQ {bare:.1f} s", flush=True)
            print(f"memory of Redis: {each / KIB:.1f} KiB a subscription that waits, ", end="")
            print(f"{(memory(redis) - before) / count / KIB:.1f} KiB with its run and job", flush=True)
    median, spread = statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"{count} due at once, each enqueued once: {median:.2f} times bare RQ ({spread}; goal: at most {GOAL:.0f})")


def enqueued(redis: Redis, count: int) -> float:
    """Seconds in which RQ alone enqueues so many jobs like ours."""
    queue = Queue("bare", connection=redis, serializer=JSONSerializer)
    began = time.perf_counter()
    for number in range(count):
        queue.enqueue_call(COLLECT, args=(f"run-{number}", FOLLOW_UPS.deliver), job_id=f"job-{number}")
    return time.perf_counter() - began


def subscribed(redis: Redis, count: int) -> set[str]:
    """The ids of so many subscriptions, each in a channel of its own."""
    store = SubscriptionStore(redis)
    return {store.add(wish(f"C{number}"), NOW)[0].id for number in range(count)}


def scheduled(url: str) -> float:
    """Seconds until the last of the schedulers has turned to all that is due."""
    began = time.perf_counter()
    started = [_forked(url) for _ in range(SCHEDULERS)]
    ended = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in started]
    took = time.perf_counter() - began
    if any(ended):
        raise RuntimeError(f"schedulers ended with {ended}")
    return took


def _forked(url: str) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with connect(url) as redis:
                runs = RunStore(redis, timedelta(days=1))
                Scheduler(redis, Schedule(redis), runs, FOLLOW_UPS, timedelta()).turn(DUE)
            status = 0
        finally:
            os._exit(status)
    return pid


def check(redis: Redis, ids: set[str]) -> None:
    """RuntimeError unless each subscription has one job, of the run that it notes."""
    names = Queue(queues.SCHEDULED, connection=redis, serializer=JSONSerializer).get_job_ids()
    jobs = Job.fetch_many(names, connection=redis, serializer=JSONSerializer)
    begun = [job.args[0] for job in jobs if job is not None]
    noted = [one.running.run_id for one in SubscriptionStore(redis).all() if one.running]
    if sorted(begun) != sorted(noted) or {subscription_of_run(run) for run in begun} != ids or len(begun) != len(ids):
        raise RuntimeError(f"{len(begun)} runs were enqueued and {len(noted)} noted for {len(ids)} subscriptions")


def memory(redis: Redis) -> int:
    """Bytes that Redis uses."""
    return int(redis.info("memory")["used_memory"])


if __name__ == "__main__":
    main()
