"""A process that has imported the whole product once and forks its commands, each in no time: `serve`, `worker`, ...

It reads requests from stdin, a JSON object a line, and answers with the pid. What it forks is the command itself, with
the spans after which it gives up shortened alike, so that a recovery takes seconds, and with the clock of its world.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.clock import WorldClock
from tests.processes import ROOT
from workers.lifeline import die_with

CLOCK, PLACE = "FAULTS_CLOCK", "FAULTS_PLACE"
"""Variables of a command: where the clock of its world is, and which place in it is its own."""
SHORT = timedelta(seconds=4)
"""What the product's leases of a minute are here."""


class Nursery:
    """Forks commands while the context lasts."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lock = threading.Lock()

    def start(self, argv: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """The pid of a new process that runs a command of ours with exactly this environment."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"argv": list(argv), "environment": dict(environment), "log": str(log)}
        with self._lock:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@contextmanager
def nursery(environment: Mapping[str, str]) -> Iterator[Nursery]:
    """A nursery; `environment` says which platforms its commands will need."""
    command = [sys.executable, "-m", "tests.faults.nursery"]
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


def main() -> None:
    _import_everything()
    _shorten()
    signal.signal(signal.SIGCHLD, _reap)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _run(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _reap(*_: object) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _import_everything() -> None:
    from chatbot import schedule, serve, work  # noqa: F401, PLC0415
    from chatbot.platforms.feishu import door, rooms  # noqa: F401, PLC0415
    from chatbot.platforms.slack import door as slack_door  # noqa: F401, PLC0415
    from workers.settings import load_settings  # noqa: PLC0415

    work.import_for_jobs(load_settings())


def _shorten() -> None:
    """What takes a minute takes seconds, all in about the same proportion."""
    from chatbot import schedule, work  # noqa: PLC0415
    from chatbot.delivery import delivering, jobs, posting, waiting  # noqa: PLC0415
    from chatbot.delivery.ledger import Ledger  # noqa: PLC0415
    from workers import scheduling, worker  # noqa: PLC0415
    from workers.store import schedules  # noqa: PLC0415

    _set(work, CHAT_PROCESSES=1, QUESTION_PROCESSES=1)
    _set(worker, HEARTBEAT_TTL=3, JOB_MONITORING_INTERVAL=1, MAINTENANCE_INTERVAL=1, UNTAKEN_SECONDS=1.5)
    _set(worker, MAINTENANCE_LOCK_SECONDS=2, WORKER_TTL=6)
    _set(scheduling, LOOK_EVERY=SHORT, LONGEST_WAIT=0.3)
    _set(schedules, FIRST_PAUSE=timedelta(seconds=2), LONGEST_PAUSE=SHORT)
    _set(delivering, SETTLING=timedelta(seconds=1.5))
    _set(waiting, FIRST_PAUSE=0.2, LONGEST_PAUSE=2.0)
    _set(delivering.Delivering.__init__, __defaults__=(8.0,))
    _set(jobs, Ledger=partial(Ledger, lease=SHORT))
    for module in (schedule, posting):
        _set(module, Schedule=partial(module.Schedule, lease=SHORT))


def _set(place: Any, **values: object) -> None:
    """Each of them is there already: a constant that has another name now is not passed over."""
    for name, value in values.items():
        assert hasattr(place, name), name
        setattr(place, name, value)


def _run(asked: Mapping[str, Any]) -> None:
    """The forked process; never returns, and dies with the nursery."""
    status = 1
    try:
        die_with(os.getppid(), signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setpgrp()
        os.environ.clear()
        os.environ.update(asked["environment"])
        log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for descriptor in (1, 2):
            os.dup2(log, descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _move_clocks(WorldClock(Path(os.environ[CLOCK])), int(os.environ.get(PLACE, "0")))
        from chatbot.cli import main as command  # noqa: PLC0415

        status = command(asked["argv"]) or 0
    finally:
        sys.stderr.flush()
        os._exit(status)


def _move_clocks(clock: WorldClock, place: int) -> None:
    """The edges where the product reads a clock read that of the world."""
    from chatbot import schedule  # noqa: PLC0415
    from chatbot.delivery import jobs  # noqa: PLC0415
    from chatbot.platforms.feishu import sender  # noqa: PLC0415
    from workers import wiring  # noqa: PLC0415
    from workers.store.schedules import Schedule  # noqa: PLC0415

    class Moved(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return clock.told(place).astimezone(tz)

    for module in (schedule, jobs, sender, wiring):
        _set(module, datetime=Moved)
    ask = Schedule.server_time

    def server_time(self: Schedule) -> datetime:
        ask(self)
        return clock.now()

    _set(Schedule, server_time=server_time)


if __name__ == "__main__":
    main()
