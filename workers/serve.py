"""Starting and supervising worker processes: forked from one parent that has imported everything once."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from workers.connection import connect
from workers.errors import AccessError, DigestError
from workers.forget import forget_abandoned, forget_queue
from workers.lifeline import die_with
from workers.worker import run_worker

log = logging.getLogger(__name__)

GRACE = 25.0
"""Seconds that running jobs are given when workers are stopped: container platforms kill after 30."""
LONGEST_PAUSE = 10.0
"""Seconds before a worker is started again that has died again and again; the first time, at once."""
FIRST_PAUSE = 0.1
LIVED = 60.0
"""Seconds of life after which a worker's death counts as its first."""
LOOK_SECONDS = 0.5
"""How often is looked for what no signal tells of."""
END_SECONDS = 5.0
"""How long the end of temporary workers is waited for; it takes some milliseconds."""

ENDS = (signal.SIGTERM, signal.SIGINT)
WATCHED = (*ENDS, signal.SIGCHLD)


@dataclass
class _Place:
    """One worker of the team: its queue, its process (0: none now), and when it is to be started again."""

    queue: str
    pid: int = 0
    began: float = 0.0
    pause: float = 0.0
    due: float = 0.0

    def note_death(self, now: float) -> None:
        """The first death is mended at once; after each further one twice as much time is let pass."""
        if now - self.began > LIVED:
            self.pause = 0.0
        self.pid, self.due = 0, now + self.pause
        self.pause = min(max(2 * self.pause, FIRST_PAUSE), LONGEST_PAUSE)


class Supervisor:
    """Keeps `processes` workers on each queue alive until it is told to end.

    `queue` is the name of one or several; a worker process has one queue, or else a job could be lost. `preload`
    imports what jobs need, in the parent, once. `grace` is how many seconds running jobs are given at the end; 0 kills
    them. Use it in a process that has no other thread.
    """

    def __init__(
        self,
        redis_url: str,
        queue: str | Sequence[str],
        processes: int,
        preload: Callable[[], None] = lambda: None,
        grace: float = GRACE,
    ) -> None:
        queues = [queue] if isinstance(queue, str) else queue
        self._redis_url = redis_url
        self._preload = preload
        self._grace = grace
        self._places = [_Place(name) for name in queues for _ in range(processes)]

    def run(self) -> None:
        """Works until SIGTERM or SIGINT, then lets running jobs end within the grace; a second signal kills them."""
        self._preload()
        gc.freeze()
        with _held_back():
            try:
                self._keep()
            finally:
                self._end()

    def stop(self) -> None:
        """Asks this process, which is in `run`, to end; for a signal handler or another thread."""
        os.kill(os.getpid(), signal.SIGTERM)

    def _keep(self) -> None:
        while True:
            now = time.monotonic()
            for place in self._places:
                if not place.pid and place.due <= now:
                    self._start(place)
            if _next_signal(self._idle_seconds(now)) in ENDS:
                return
            self._bury()

    def _idle_seconds(self, now: float) -> float:
        """Until a worker is due; for ever is an hour."""
        return min((max(place.due - now, 0.0) for place in self._places if not place.pid), default=3600.0)

    def _start(self, place: _Place) -> None:
        supervisor = os.getpid()
        place.began = time.monotonic()
        place.pid = os.fork()
        if place.pid == 0:
            os.setpgrp()
            _end_process_after(lambda: run_worker(connect(self._redis_url), place.queue, supervisor))

    def _bury(self) -> None:
        """Notes which workers have died."""
        for place in self._places:
            if place.pid and os.waitpid(place.pid, os.WNOHANG) != (0, 0):
                place.note_death(time.monotonic())

    def _end(self) -> None:
        self._tell(signal.SIGTERM)
        until = time.monotonic() + self._grace
        while self._alive() and (left := until - time.monotonic()) > 0:
            if _next_signal(left) in ENDS:
                break
            self._bury()
        self._tell(signal.SIGKILL)
        for place in self._alive():
            os.waitpid(place.pid, 0)
            place.pid = 0

    def _alive(self) -> list[_Place]:
        return [place for place in self._places if place.pid]

    def _tell(self, number: signal.Signals) -> None:
        for place in self._alive():
            os.kill(place.pid, number)


@contextmanager
def temporary_workers(
    redis_url: str, queue: str, processes: int, preload: Callable[[], None] = lambda: None
) -> Iterator[Callable[[], bool]]:
    """Workers on a queue of this process's own, for as long as the context lasts; gives whether they are still kept.

    `queue` is `<kind>:<something that nobody else has>`; all queues of a kind are such private ones. `preload` imports
    what jobs need, in the parent of the workers. Enter the context before the process has other threads. However it is
    left, and however this process dies, the workers are killed and nothing of the queue stays in Redis; a job that is
    still running is lost.
    """
    sys.stdout.flush()
    parent = os.getpid()
    # A signal that came while we fork would be answered in a hook of Python's, which goes on as if there were none.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    supervisor = os.fork()
    if supervisor == 0:
        _end_process_after(lambda: _supervise(redis_url, queue, processes, preload, parent))
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield lambda: os.waitid(os.P_PID, supervisor, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    finally:
        if not _end_supervisor(supervisor):
            _tidy_up(redis_url, queue, supervisor)


def _supervise(redis_url: str, queue: str, processes: int, preload: Callable[[], None], parent: int) -> None:
    """The process between a command and its temporary workers, which outlives the command by what is to be tidied."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    with _held_back():
        die_with(parent, signal.SIGTERM)
        Supervisor(redis_url, queue, processes, preload, grace=0).run()
        _tidy_up(redis_url, queue, os.getpid())


def _tidy_up(redis_url: str, queue: str, supervisor: int) -> None:
    """Ends what jobs had started, then forgets the queue, and those of its kind whose commands were killed with
    everything of theirs.
    """
    _end_session(supervisor)
    kind, colon, _ = queue.partition(":")
    with suppress(AccessError), connect(redis_url) as redis:
        forget_queue(redis, queue)
        if colon:
            forget_abandoned(redis, kind + colon)


def _end_session(leader: int) -> None:
    """Kills what jobs had started, such as git, which they had no time to end; the workers are dead by now.

    Where processes are not listed in /proc, it ends by itself once it finds nobody to read what it writes.
    """
    for pid in (int(entry.name) for entry in Path("/proc").glob("[0-9]*")):
        with suppress(ProcessLookupError, PermissionError):
            if pid != leader and os.getsid(pid) == leader:
                os.kill(pid, signal.SIGKILL)


def _end_supervisor(pid: int) -> bool:
    """Ends the process of `_supervise`. False when it had not the time, or the life, to tidy up."""
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + END_SECONDS
    while (ended := os.waitpid(pid, os.WNOHANG)) == (0, 0):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)
    return ended[1] == 0


def _end_process_after(work: Callable[[], None]) -> None:
    """Does the work of a forked process, which never comes back into the frames that it was forked from."""
    status = 1
    try:
        work()
        status = 0
    except DigestError as error:
        log.warning("%s", error)
    except Exception:
        log.exception("a process of the workers failed")
    finally:
        sys.stderr.flush()
        os._exit(status)


@contextmanager
def _held_back() -> Iterator[None]:
    """The watched signals stay pending until they are waited for, here and in processes that are forked here."""
    handler = signal.signal(signal.SIGCHLD, lambda *_: None)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    try:
        yield
    finally:
        while _next_signal(0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGCHLD, handler)


def _next_signal(seconds: float) -> signal.Signals | None:
    """The next of the watched signals, at most so long waited for."""
    if sys.platform == "linux":
        found = signal.sigtimedwait(WATCHED, seconds)
        return signal.Signals(found.si_signo) if found else None
    until = time.monotonic() + seconds
    while not signal.sigpending() & set(WATCHED):
        if time.monotonic() >= until:
            return None
        time.sleep(min(LOOK_SECONDS, seconds) / 10)
    return signal.Signals(signal.sigwait(WATCHED))
