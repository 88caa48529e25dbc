"""What the processes of a command hold together, while it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
BETWEEN = 0.2
"""Seconds between two looks: a look goes through the page tables of every process, a millisecond or two each."""


class Together:
    """Looks at a process and all that descend from it, in a thread, while the context lasts.

    `peak` is MiB; pages that processes share, such as those of a parent and its forks, count once (`Pss` of Linux's
    `smaps_rollup`). None where the system does not tell.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.peak: float | None = None

    def __enter__(self) -> Together:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(BETWEEN):
            sizes = [size for pid in _family(self._pid) if (size := _share(pid)) is not None]
            self.peak = max(self.peak or 0.0, sum(sizes)) if sizes else self.peak


def _family(pid: int) -> Iterator[int]:
    """A process and its descendants, as far as they are still there."""
    yield pid
    for listed in (PROC / str(pid) / "task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _share(pid: int) -> float | None:
    """MiB of a process, with its part of what it shares."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
