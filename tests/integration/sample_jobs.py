"""Jobs that tests put into queues. They tell what they do in the list `told`, and end when they are let go."""

from __future__ import annotations

import os
import subprocess

from redis import Redis
from rq import get_current_job

from workers.errors import RefusedError


def _redis() -> Redis:
    job = get_current_job()
    assert job is not None
    assert job.connection is not None
    return job.connection


def tell(text: str) -> None:
    """Tells a text."""
    _redis().rpush("told", text)


def hold(name: str) -> None:
    """Tells `<name> <pid> <pid of the worker>`, waits for an element in `let-go:<name>`, then tells `<name> ended`."""
    redis = _redis()
    redis.rpush("told", f"{name} {os.getpid()} {os.getppid()}")
    while redis.blpop([f"let-go:{name}"], 1) is None:
        pass
    redis.rpush("told", f"{name} ended")


def start(name: str) -> None:
    """As `hold`, and the first pid is that of a program which it started and which says nothing."""
    redis = _redis()
    with subprocess.Popen(["sleep", "600"]) as program:
        redis.rpush("told", f"{name} {program.pid} {os.getppid()}")


def refuse() -> None:
    """Fails with an error of ours."""
    raise RefusedError("refused_by_test")


def break_down() -> None:
    """Fails with a defect."""
    raise ZeroDivisionError
