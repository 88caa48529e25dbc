"""Several schedulers over a real server, killed again and again: every due run is enqueued exactly once."""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
import time

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from tests.processes import line_of, program, wait_until
from tests.servers import redis_server
from tests.subscriptions import NOW, wish
from workers import queues
from workers.connection import connect
from workers.scheduling import subscription_of_run
from workers.store.subscriptions import SubscriptionStore

SUBSCRIPTIONS = 120

SCHEDULERS = """
import os, random, signal, sys, time
from datetime import timedelta
from redis.connection import AbstractConnection
from tests.subscriptions import NOW
from workers import scheduling
from workers.connection import connect
from workers.scheduling import FollowUps, Scheduler
from workers.store.runs import RunStore
from workers.store.schedules import Schedule

url, seed, deaths = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
scheduling.BATCH = 7
begun = time.monotonic()
random.seed(seed)

def now():
    # A minute passes in a tenth of a second: what a dead scheduler held comes back soon.
    return NOW + timedelta(hours=1, minutes=10 * (time.monotonic() - begun))

def die_at(count, is_sent):
    send, left = AbstractConnection.send_packed_command, [count]
    def sending(self, *given, **more):
        left[0] -= 1
        if left[0] == 0 and not is_sent:
            os.kill(os.getpid(), signal.SIGKILL)
        send(self, *given, **more)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    AbstractConnection.send_packed_command = sending

def work():
    redis = connect(url)
    runs = RunStore(redis, timedelta(days=1))
    scheduler = Scheduler(redis, Schedule(redis), runs, FollowUps(deliver="deliver", tell="tell"), timedelta())
    scheduler.run(now, lambda seconds: time.sleep(min(seconds, 0.01)))

def start(number):
    # Most points lie in the middle of a batch: a claim, seven runs, and the transaction that begins them.
    count, is_sent = random.randint(1, 60), random.random() < 0.5
    pid = os.fork()
    if pid == 0:
        if number < deaths:
            die_at(count, is_sent)
        work()
    return pid

number, alive = 0, set()
while number < deaths + 3:
    while len(alive) < 3:
        alive.add(start(number))
        number += 1
    if number < deaths + 3:
        alive.discard(os.wait()[0])
print("dead", deaths, flush=True)
sys.stdin.readline()
for pid in alive:
    os.kill(pid, signal.SIGKILL)
"""


@pytest.mark.parametrize("seed", range(3))
def test_killed_schedulers_enqueue_every_due_run_exactly_once(seed: int) -> None:
    with redis_server() as url, connect(url) as redis:
        store = SubscriptionStore(redis)
        wanted = [store.add(wish(f"C{number}"), NOW)[0].id for number in range(SUBSCRIPTIONS)]
        with program(SCHEDULERS, url, seed, 24) as schedulers:
            assert line_of(schedulers) == "dead 24"
            _wait_until_all_run(store)
            schedulers.communicate("\n")
        runs = _enqueued(redis)
        assert sorted(subscription_of_run(run) or "" for run in runs) == sorted(wanted)
        running = {one.id: one.running.run_id for one in store.all() if one.running}
        assert {subscription_of_run(run): run for run in runs} == running


def _wait_until_all_run(store: SubscriptionStore) -> None:
    wait_until(lambda: all(one.running for one in store.all()), seconds=20)


def _enqueued(redis: Redis) -> list[str]:
    waiting = Queue(queues.SCHEDULED, connection=redis, serializer=JSONSerializer).get_job_ids()
    return [Job.fetch(job_id, connection=redis, serializer=JSONSerializer).args[0] for job_id in waiting]


COMMAND = "import chatbot.cli, sys; sys.exit(chatbot.cli.main(['schedule']))"


def test_a_scheduler_that_waits_ends_at_once_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with redis_server() as url, connect(url) as redis:
        monkeypatch.setenv("REDIS_URL", url)
        with program(COMMAND) as scheduler:
            wait_until(lambda: "cmdstat_zrange" in redis.info("commandstats"))
            assert _seconds_to_end(scheduler) < 1


def test_a_scheduler_that_redis_does_not_answer_ends_at_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="cd-") as folder, socket.socket(socket.AF_UNIX) as silent:
        path = f"{folder}/redis.sock"
        silent.bind(path)
        silent.listen()
        monkeypatch.setenv("REDIS_URL", f"unix://{path}")
        with program(COMMAND) as scheduler:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(1), "it has asked something, and waits for the answer"
                assert _seconds_to_end(scheduler) < 1


def _seconds_to_end(scheduler: subprocess.Popen[str]) -> float:
    begun = time.monotonic()
    scheduler.send_signal(signal.SIGTERM)
    assert scheduler.wait(5) == 0, scheduler.stderr and scheduler.stderr.read()
    return time.monotonic() - begun
