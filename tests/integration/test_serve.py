"""Workers and those who keep them, as real processes on a real Redis, and their deaths."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq.job import Job

from tests.integration import sample_jobs
from tests.processes import children_of, is_running, line_of, program, wait_until
from tests.servers import redis_server
from workers import worker
from workers.connection import connect
from workers.queues import RETRIES, enqueue
from workers.serve import temporary_workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

QUEUE = "test:work"
RECOVERY = 15.0
"""Seconds within which a job is taken over: heartbeats lapse after 10 and are looked for every 2."""

SUPERVISE = """
    import logging, sys
    from tests.integration import sample_jobs
    from workers.serve import Supervisor
    logging.basicConfig(level=logging.WARNING)
    url, queue, processes, grace = sys.argv[1:]
    print("began", flush=True)
    Supervisor(url, queue, int(processes), grace=float(grace)).run()
    print("ended", flush=True)
"""
HASTE = """
    from workers import worker
    worker.HEARTBEAT_TTL, worker.JOB_MONITORING_INTERVAL = 2, 1
"""
COMMAND = """
    import signal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs have it ignored
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # so has what outlives its terminal
    import sys
    from tests.integration import sample_jobs
    from workers.serve import temporary_workers
    with temporary_workers(sys.argv[1], sys.argv[2], 2):
        print("began", flush=True)
        sys.stdin.readline()
    print("ended", flush=True)
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture
def redis(url: str) -> Iterator[Redis]:
    """A Redis with nothing in it."""
    with connect(url) as client:
        client.flushall()
        yield client


def put(redis: Redis, function: Callable[..., None], *arguments: str, after: list[str] | None = None) -> Job:
    job_id = "-".join([function.__name__, *arguments])
    return enqueue(redis, QUEUE, function, list(arguments), job_id, depends_on=after or [])


def told(redis: Redis) -> list[str]:
    return [text.decode() for text in redis.lrange("told", 0, -1)]


def holder(redis: Redis, name: str, time_around: int = 1, seconds: float = 10.0) -> tuple[int, int]:
    """The pids of horse and worker that hold a job for the so-manieth time."""

    def begun() -> list[list[str]]:
        return [text.split()[1:] for text in told(redis) if text.startswith(f"{name} ") and "ended" not in text]

    wait_until(lambda: len(begun()) >= time_around, seconds)
    horse, worker = begun()[time_around - 1]
    return int(horse), int(worker)


def let_go(redis: Redis, name: str) -> None:
    redis.rpush(f"let-go:{name}", "go")


def is_finished(job: Job) -> bool:
    return job.get_status() == "finished"


def workers_of(supervisor: int, count: int) -> list[int]:
    """The workers of a supervisor once there are so many."""
    wait_until(lambda: len(children_of(supervisor)) == count)
    return children_of(supervisor)


# Temporary workers, beside a command


def test_temporary_workers_do_jobs_and_leave_nothing(url: str, redis: Redis) -> None:
    first = put(redis, sample_jobs.tell, "first")
    with temporary_workers(url, QUEUE, 2):
        (supervisor,) = children_of(os.getpid())[-1:]
        second = put(redis, sample_jobs.tell, "second", after=[first.id])
        wait_until(lambda: is_finished(second))
        workers = workers_of(supervisor, 2)
    assert told(redis) == ["first", "second"]
    assert not any(is_running(pid) for pid in (supervisor, *workers))
    assert redis.keys() == [b"told"]


def test_a_job_that_waits_for_others_runs_after_them_even_when_they_fail(url: str, redis: Redis) -> None:
    failing = put(redis, sample_jobs.refuse)
    last = put(redis, sample_jobs.tell, "last", after=[failing.id])
    with temporary_workers(url, QUEUE, 1):
        wait_until(lambda: is_finished(last))
        assert failing.get_status() == "failed"


def test_what_jobs_need_is_imported_once_for_all_workers(url: str, redis: Redis) -> None:
    with temporary_workers(url, QUEUE, 2, preload=lambda: connect(url).incr("imported")):
        jobs = [put(redis, sample_jobs.tell, str(number)) for number in range(4)]
        wait_until(lambda: all(map(is_finished, jobs)))
    assert redis.get("imported") == b"1"


def test_it_is_noticed_when_nobody_keeps_the_workers_any_more(url: str) -> None:
    with temporary_workers(url, QUEUE, 1, preload=lambda: os._exit(3)) as are_kept:
        wait_until(lambda: not are_kept())


def test_a_job_that_still_runs_is_taken_down_and_forgotten(url: str, redis: Redis) -> None:
    with temporary_workers(url, QUEUE, 1):
        put(redis, sample_jobs.hold, "a")
        put(redis, sample_jobs.tell, "never", after=["hold-a"])
        horse, worker = holder(redis, "a")
    wait_until(lambda: not is_running(horse))
    assert not is_running(worker)
    assert redis.keys() == [b"told"]


def test_what_a_job_has_started_ends_with_it(url: str, redis: Redis) -> None:
    with temporary_workers(url, QUEUE, 1):
        put(redis, sample_jobs.start, "a")
        started, _ = holder(redis, "a")
    wait_until(lambda: not is_running(started))


def test_a_signal_that_comes_while_the_workers_are_forked_is_heard(url: str) -> None:
    code = """
        import os, signal, sys
        from workers.serve import temporary_workers
        parent = os.getpid()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
        os.register_at_fork(before=lambda: os.getpid() == parent and os.kill(parent, signal.SIGTERM))
        with temporary_workers(sys.argv[1], sys.argv[2], 1):
            print("entered")
    """
    with program(code, url, QUEUE) as command:
        assert command.communicate(timeout=30) == ("", "")
    assert command.returncode == 7


def test_what_ends_the_command_ends_the_workers(url: str, redis: Redis) -> None:
    with pytest.raises(KeyboardInterrupt), temporary_workers(url, QUEUE, 1):
        put(redis, sample_jobs.hold, "a")
        horse, _ = holder(redis, "a")
        raise KeyboardInterrupt
    wait_until(lambda: not is_running(horse))
    assert redis.keys() == [b"told"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_command_that_is_killed_leaves_no_process_and_no_key(number: int, url: str, redis: Redis) -> None:
    put(redis, sample_jobs.hold, "a")
    with program(COMMAND, url, QUEUE) as command:
        line_of(command)
        horse, worker = holder(redis, "a")
        (supervisor,) = children_of(command.pid)
        command.send_signal(number)
        command.wait()
    wait_until(lambda: not any(is_running(pid) for pid in (horse, worker, supervisor)))
    assert redis.keys() == [b"told"]


def test_what_was_left_of_a_command_that_died_with_everything_is_forgotten_by_the_next(url: str, redis: Redis) -> None:
    with program(COMMAND, url, "test:lost") as command:
        line_of(command)
        enqueue(redis, "test:lost", sample_jobs.hold, ["a"], "lost-job")
        holder(redis, "a")
        (supervisor,) = children_of(command.pid)
        workers = workers_of(supervisor, 2)
        os.kill(supervisor, signal.SIGSTOP)
        command.kill()
        os.kill(supervisor, signal.SIGKILL)
    wait_until(lambda: not any(is_running(pid) for pid in workers))
    for registration in redis.smembers("rq:workers"):
        redis.delete(registration)  # as they do by themselves after a minute
    with temporary_workers(url, QUEUE, 1):
        job = put(redis, sample_jobs.tell, "x")
        wait_until(lambda: is_finished(job))
    assert redis.keys() == [b"told"]


def test_the_queues_of_other_commands_that_run_or_are_about_to_stay(url: str, redis: Redis) -> None:
    waiting = enqueue(redis, "test:about-to-start", sample_jobs.tell, ["x"], "waiting-job")
    with program(COMMAND, url, "test:other") as other:
        line_of(other)
        held = enqueue(redis, "test:other", sample_jobs.hold, ["a"], "held-job")
        holder(redis, "a")
        with temporary_workers(url, QUEUE, 1):
            wait_until(lambda: redis.scard(f"rq:workers:{QUEUE}") == 1)
        assert held.get_status() == "started"
        assert waiting.get_status() == "queued"


@pytest.mark.parametrize("milliseconds", [0, 1, 3, 6, 12, 25])
def test_a_command_that_is_killed_while_its_workers_start_leaves_nothing(
    milliseconds: int, url: str, redis: Redis
) -> None:
    put(redis, sample_jobs.tell, "x")
    with program(COMMAND, url, QUEUE) as command:
        line_of(command)
        processes = children_of(command.pid)
        time.sleep(milliseconds / 1000)
        processes += [worker for pid in processes for worker in children_of(pid)]
        command.kill()
        command.wait()
    wait_until(lambda: not any(is_running(pid) for pid in processes))
    assert set(redis.keys()) <= {b"told"}


def test_a_command_whose_supervisor_is_killed_tidies_up_itself(url: str, redis: Redis) -> None:
    put(redis, sample_jobs.hold, "a")
    with program(COMMAND, url, QUEUE) as command:
        line_of(command)
        horse, worker = holder(redis, "a")
        (supervisor,) = children_of(command.pid)
        os.kill(supervisor, signal.SIGKILL)
        wait_until(lambda: not is_running(horse) and not is_running(worker))
        command.communicate("\n")
        assert command.returncode == 0
    assert redis.keys() == [b"told"]


def test_the_keys_of_other_queues_stay(url: str, redis: Redis) -> None:
    other = enqueue(redis, "other", sample_jobs.tell, ["x"], "other-job")
    with temporary_workers(url, QUEUE, 1):
        job = put(redis, sample_jobs.tell, "x")
        wait_until(lambda: is_finished(job))
    assert other.get_status() == "queued"
    assert redis.smembers("rq:queues") == {b"rq:queue:other"}


# Deaths of those who work


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that notice deaths after 2 seconds: only one test needs to wait as long as it takes."""
    monkeypatch.setattr(worker, "HEARTBEAT_TTL", 2)
    monkeypatch.setattr(worker, "JOB_MONITORING_INTERVAL", 1)
    monkeypatch.setattr(worker, "MAINTENANCE_INTERVAL", 0)
    monkeypatch.setattr(worker, "UNTAKEN_SECONDS", 1)


def test_a_killed_horse_is_replaced_at_once(url: str, redis: Redis) -> None:
    job = put(redis, sample_jobs.hold, "a")
    with temporary_workers(url, QUEUE, 1):
        horse, worker = holder(redis, "a")
        os.kill(horse, signal.SIGKILL)
        _, again = holder(redis, "a", 2, seconds=2.0)
        assert again == worker
        let_go(redis, "a")
        wait_until(lambda: is_finished(job))


def test_a_job_that_kills_its_horse_every_time_is_given_up(url: str, redis: Redis) -> None:
    job = put(redis, sample_jobs.hold, "a")
    with temporary_workers(url, QUEUE, 1):
        for time_around in (1, 2, 3):
            os.kill(holder(redis, "a", time_around)[0], signal.SIGKILL)
        wait_until(lambda: job.get_status() == "failed")


def test_the_job_of_a_killed_worker_dies_with_it_and_is_done_by_another(url: str, redis: Redis) -> None:
    job = put(redis, sample_jobs.hold, "a")
    with temporary_workers(url, QUEUE, 1):
        horse, worker = holder(redis, "a")
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: not is_running(horse), 1.0)
        _, successor = holder(redis, "a", 2, seconds=RECOVERY)
        assert successor != worker
        let_go(redis, "a")
        wait_until(lambda: is_finished(job))
    assert told(redis).count("a ended") == 1


@pytest.mark.usefixtures("hasty")
def test_the_job_of_a_worker_and_horse_killed_together_is_done_by_another(url: str, redis: Redis) -> None:
    job = put(redis, sample_jobs.hold, "a")
    with temporary_workers(url, QUEUE, 2):
        horse, worker = holder(redis, "a")
        os.kill(worker, signal.SIGSTOP)
        os.kill(horse, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)
        holder(redis, "a", 2, seconds=RECOVERY)
        let_go(redis, "a")
        wait_until(lambda: is_finished(job))


@pytest.mark.usefixtures("hasty")
def test_a_job_that_a_worker_died_with_before_it_began_it_is_done_by_another(url: str, redis: Redis) -> None:
    job = put(redis, sample_jobs.tell, "x")
    redis.lmove(f"rq:queue:{QUEUE}", f"rq:queue:{QUEUE}:intermediate")
    with temporary_workers(url, QUEUE, 1):
        wait_until(lambda: is_finished(job), RECOVERY)
    assert told(redis) == ["x"]


@pytest.mark.usefixtures("hasty")
def test_maintenance_that_was_begun_by_a_dead_worker_is_done_by_another(url: str, redis: Redis) -> None:
    redis.set(f"rq:clean_registries:{QUEUE}", 1, ex=1)
    job = put(redis, sample_jobs.tell, "x")
    redis.lmove(f"rq:queue:{QUEUE}", f"rq:queue:{QUEUE}:intermediate")
    with temporary_workers(url, QUEUE, 1):
        wait_until(lambda: is_finished(job), RECOVERY)


def test_a_failure_of_ours_is_one_line_and_a_defect_shows_its_place(url: str, redis: Redis) -> None:
    failing = [put(redis, sample_jobs.refuse), put(redis, sample_jobs.break_down)]
    with program(SUPERVISE, url, QUEUE, 1, 5) as supervisor:
        line_of(supervisor)
        wait_until(lambda: all(job.get_status() == "failed" for job in failing))
        supervisor.terminate()
        out, complaints = supervisor.communicate()
    assert out == "ended\n"
    tries = RETRIES + 1
    assert complaints.count("job refuse failed: refused_by_test") == tries
    assert complaints.count("job break_down failed") == complaints.count("Traceback") == tries


# The long-running supervisor


def test_a_supervisor_keeps_so_many_workers(url: str, redis: Redis) -> None:
    with program(SUPERVISE, url, QUEUE, 2, 5) as supervisor:
        line_of(supervisor)
        first, second = workers_of(supervisor.pid, 2)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not is_running(first))
        assert first not in workers_of(supervisor.pid, 2)
        assert second in workers_of(supervisor.pid, 2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_supervisor_that_is_told_to_end_lets_the_running_job_end(number: int, url: str, redis: Redis) -> None:
    job, waiting = put(redis, sample_jobs.hold, "a"), put(redis, sample_jobs.tell, "later")
    with program(SUPERVISE, url, QUEUE, 1, 20) as supervisor:
        line_of(supervisor)
        holder(redis, "a")
        supervisor.send_signal(number)
        wait_until(lambda: redis.hget(f"rq:worker:{redis_worker(redis)}", "state") == b"busy")
        let_go(redis, "a")
        assert line_of(supervisor) == "ended"
        assert supervisor.wait() == 0
    assert is_finished(job)
    assert waiting.get_status() == "queued"
    assert redis.smembers("rq:workers") == set()


def redis_worker(redis: Redis) -> str:
    (key,) = redis.smembers("rq:workers")
    return key.decode().removeprefix("rq:worker:")


def test_idle_workers_end_within_two_seconds(url: str, redis: Redis) -> None:
    with program(SUPERVISE, url, QUEUE, 2, 20) as supervisor:
        line_of(supervisor)
        wait_until(lambda: redis.scard("rq:workers") == 2)
        supervisor.terminate()
        supervisor.wait(2.0)
        assert supervisor.returncode == 0


@pytest.mark.usefixtures("hasty")
def test_a_job_longer_than_the_grace_is_killed_and_done_by_the_next(url: str, redis: Redis) -> None:
    job = put(redis, sample_jobs.hold, "a")
    with program(HASTE + SUPERVISE, url, QUEUE, 1, 0.2) as supervisor:
        line_of(supervisor)
        horse, worker = holder(redis, "a")
        supervisor.terminate()
        assert supervisor.wait(5.0) == 0
    wait_until(lambda: not is_running(horse) and not is_running(worker))
    with temporary_workers(url, QUEUE, 1):
        holder(redis, "a", 2, seconds=RECOVERY)
        let_go(redis, "a")
        wait_until(lambda: is_finished(job))


def test_a_second_signal_ends_the_grace(url: str, redis: Redis) -> None:
    put(redis, sample_jobs.hold, "a")
    with program(SUPERVISE, url, QUEUE, 1, 60) as supervisor:
        line_of(supervisor)
        horse, worker = holder(redis, "a")
        supervisor.terminate()
        wait_until(lambda: not pending(supervisor.pid, signal.SIGTERM))
        supervisor.terminate()
        assert supervisor.wait(5.0) == 0
    wait_until(lambda: not is_running(horse) and not is_running(worker))


def pending(pid: int, number: int) -> bool:
    """Whether a signal waits to be taken by a process; two that wait are one."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    masks = [line.split()[1] for line in status if line.startswith(("SigPnd", "ShdPnd"))]
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)


def test_workers_and_horses_die_with_their_supervisor(url: str, redis: Redis) -> None:
    put(redis, sample_jobs.hold, "a")
    with program(SUPERVISE, url, QUEUE, 2, 20) as supervisor:
        line_of(supervisor)
        workers = workers_of(supervisor.pid, 2)
        horse, _ = holder(redis, "a")
        supervisor.kill()
        supervisor.wait()
    wait_until(lambda: not any(is_running(pid) for pid in (*workers, horse)), 1.0)


def test_workers_outlive_a_redis_that_goes_and_comes_back(url: str, redis: Redis) -> None:
    with program(SUPERVISE, url, QUEUE, 1, 5) as supervisor:
        line_of(supervisor)
        wait_until(lambda: redis.scard("rq:workers") == 1)
        (worker,) = workers_of(supervisor.pid, 1)
        redis.client_kill_filter(_type="normal", skipme=True)
        job = put(redis, sample_jobs.tell, "after")
        wait_until(lambda: is_finished(job))
        assert is_running(worker)


def test_without_a_redis_a_supervisor_tries_again_with_pauses_and_ends_when_told() -> None:
    with program(SUPERVISE, "unix:///nowhere/redis.sock", QUEUE, 1, 5) as supervisor:
        line_of(supervisor)
        assert supervisor.stderr is not None
        assert "redis_unreachable" in supervisor.stderr.readline()
        assert "redis_unreachable" in supervisor.stderr.readline()
        supervisor.terminate()
        assert supervisor.wait(5.0) == 0
        assert "Traceback" not in supervisor.stderr.read()


def test_a_redis_that_dies_under_a_job_is_told_in_lines_without_tracebacks() -> None:
    with redis_server() as url, connect(url) as redis:
        put(redis, sample_jobs.hold, "a")
        with program(SUPERVISE, url, QUEUE, 2, 0.5) as supervisor:
            line_of(supervisor)
            holder(redis, "a")
            redis.shutdown(nosave=True)
            assert supervisor.stderr is not None
            told = ""
            # A worker that dies of it may speak first.
            while "Redis does not answer" not in told and "redis_unreachable" not in told:
                line = supervisor.stderr.readline()
                assert line, told
                told += line
            supervisor.terminate()
            _, rest = supervisor.communicate()
    assert "Traceback" not in told + rest
