"""What tests need to know of processes: which run, which ended, and waiting for either without sleeping for luck."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
_PROGRESS = re.compile("Working on the digest of|正在生成")

T = TypeVar("T")


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return not Path("/proc").is_dir() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def parent_of(pid: int) -> int:
    """The pid of a process's parent."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children_of(pid: int) -> list[int]:
    """The running children of a process, oldest first."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found if is_running(int(child))]


def wait_until(condition: Callable[[], T | None], seconds: float = 10.0) -> T:
    """What the condition gives as soon as it holds; AssertionError when it does not in time."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.002)
    return found


def first_with(text: str, told: Callable[[], Iterable[T]], shown: Callable[[T], str], seconds: float) -> T:
    """The first of some messages that shows a text, once it is there; what only tells of progress does not count.

    Progress names the commit that is looked at: its text may be there before the digest.
    """

    def found() -> T | None:
        return next((one for one in told() if text in shown(one) and not _PROGRESS.search(shown(one))), None)

    return wait_until(found, seconds)


@contextmanager
def program(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A Python program of its own with our modules; it is killed at the end, should it still run."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that a program prints; AssertionError with what it complained of when it ended instead."""
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return line.strip()
