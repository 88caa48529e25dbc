"""Times commands as whole processes, beside a yardstick: A B A B ..., and the ratio pair by pair."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str]
Prepare = Callable[[], None]

UNITS_IN_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024
"""What `ru_maxrss` counts: bytes on macOS, KiB elsewhere (getrusage(2))."""


@dataclass(frozen=True)
class Run:
    """One finished run: wall seconds, and the peak memory in MiB of its largest single process."""

    seconds: float
    peak: float


@dataclass(frozen=True)
class Ratio:
    """Seconds of a command over seconds of its yardstick, pair by pair, and both medians in seconds."""

    median: float
    least: float
    most: float
    seconds: float
    yardstick: float

    def __str__(self) -> str:
        spread = f"{self.least:.2f} to {self.most:.2f}"
        return f"{self.median:.2f} times ({spread}); medians {self.seconds:.2f} s and {self.yardstick:.2f} s"


def run(command: Command, environment: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end, its output thrown away. RuntimeError where it fails."""
    begun = time.perf_counter()
    with Path(os.devnull).open("w") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=nothing, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"exit {process.returncode}: {' '.join(command)}")
    return Run(seconds, usage.ru_maxrss / UNITS_IN_MIB)


def paired(mine: Callable[[], Run], yardstick: Callable[[], Run], runs: int) -> Ratio:
    """Runs both in turn, once to warm up and `runs` times counted."""
    pairs = [(mine(), yardstick()) for _ in range(runs + 1)][1:]
    ratios = [one.seconds / other.seconds for one, other in pairs]
    return Ratio(
        median=statistics.median(ratios),
        least=min(ratios),
        most=max(ratios),
        seconds=statistics.median(one.seconds for one, _ in pairs),
        yardstick=statistics.median(other.seconds for _, other in pairs),
    )
