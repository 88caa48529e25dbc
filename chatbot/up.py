"""`commit-digest up`: everything on this machine, as a tree of processes that lives and ends as a whole."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from chatbot.logs import log_to_stderr
from workers.connection import connect
from workers.lifeline import die_with
from workers.settings import load_settings
from workers.store.faults import ensure_usable
from workers.wiring import redis_address

log = logging.getLogger(__name__)

PARTS = ("worker", "schedule", "serve")
"""The commands that make up the whole, in the order in which they start."""
GRACE = 28.0
"""Seconds that the parts are given to end: workers let running jobs end within 25."""
LOOK_SECONDS = 0.2
LIVED = 60.0
"""Seconds of life after which a part's death counts as its first."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a part is started again: twice as long each time."""
GIVE_UP_AFTER = 5
"""Deaths at the start of one part after which all ends: somebody is to look at it."""
WRONG = (2, 3)
"""Exit codes of a part that was set up wrongly, where it has never worked: its words, a key or a server."""


class Part:
    """One part and its process."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._due = 0.0
        self.deaths = 0
        self.has_lived = False
        """Whether it has ever been alive for long: what ends it after that is not how it was set up."""

    def start(self, now: float) -> None:
        """Starts its process, which ends with ours however that ends."""
        tied: Callable[[], None] = partial(_tie, os.getpid())
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tied,  # noqa: PLW1509 - this process has no threads
        )
        self._began = now

    def look(self, now: float) -> int | None:
        """Starts it again where it has died and its pause is over; the exit code of a death just found."""
        if self._process is None:
            if now >= self._due:
                self.start(now)
            return None
        code = self._process.poll()
        if code is not None:
            self._process = None
            lived = now - self._began > LIVED
            self.has_lived = self.has_lived or lived
            self.deaths = 1 if lived else self.deaths + 1
            self._due = now + min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        return code

    def tell(self, number: signal.Signals) -> None:
        """Sends its process a signal."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def has_ended(self) -> bool:
        """Whether it has no process."""
        return self._process is None or self._process.poll() is not None

    def wait(self) -> None:
        """Until its process has ended."""
        if self._process is not None:
            self._process.wait()


def up() -> int:
    """Runs all parts until SIGTERM or SIGINT, or until one of them cannot be kept alive; then ends them all.

    Returns 0 when it was stopped, else the exit code of the part that failed.
    """
    log_to_stderr()
    settings = load_settings()
    with redis_address(settings) as url:
        with connect(url) as redis:
            ensure_usable(redis)
        environment = {**os.environ, "REDIS_URL": url}
        parts = [Part(name, [sys.executable, "-m", "chatbot", name], environment) for name in PARTS]
        try:
            return _keep(parts)
        except KeyboardInterrupt:
            return 0
        finally:
            _end(parts)


def _keep(parts: Sequence[Part]) -> int:
    while True:
        now = time.monotonic()
        for part in parts:
            code = part.look(now)
            if code is None:
                continue
            log.warning("%s ended with %s", part.name, code)
            if not part.has_lived and (code in WRONG or part.deaths >= GIVE_UP_AFTER):
                return code if code > 0 else 1
        time.sleep(LOOK_SECONDS)


def _end(parts: Sequence[Part]) -> None:
    """Ends all parts, those that take in first; kills what has not ended within the grace."""
    until = time.monotonic() + GRACE
    for part in reversed(parts):
        part.tell(signal.SIGTERM)
    while not all(part.has_ended() for part in parts) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS / 4)
    for part in parts:
        part.tell(signal.SIGKILL)
        part.wait()


def _tie(parent: int) -> None:
    die_with(parent, signal.SIGTERM)
