"""`python -m bench.report REPOSITORY`: a digest that a model judges, from command to digest, as a whole process.

A model server of its own process takes a second over every reply, and says what is right and dull. Measured in one run:
the newest 200 commits of REPOSITORY with dozens of calls at once, beside the newest 20 one after another; what the
processes of the command hold; how many calls there were; and the same digest again, which is to ask nothing.

The ideal is commits / concurrency x latency. It may be beaten: calls at once grow to twice OPENAI_CONCURRENCY while all
succeed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measure import UNITS_IN_MIB
from bench.memory import Together

MOST_OF_IDEAL, LEAST_FASTER, MOST_MEMORY = 1.15, 20, 200
"""The goals: times the ideal, times faster than one after another, MiB of one process."""


@dataclass(frozen=True)
class Made:
    """One digest: wall seconds from command to digest, its commits, the model calls that it took, and memory in MiB:
    the peak of the largest process, and of all processes together (None: the system does not tell)."""

    seconds: float
    commits: int
    calls: int
    largest: float
    together: float | None


class Maker:
    """Makes digests of a repository, judged by the model server at an address."""

    def __init__(self, repository: Path, data: Path, url: str) -> None:
        self._repository = repository
        self._data = data
        self._url = url

    def made(self, commits: int, concurrency: int) -> Made:
        """The digest of the newest commits, from what the data folder knows."""
        asked = self._asked()
        output = self._data.parent / "digest.json"
        words = ["--range", f"{newest(self._repository, commits)}..HEAD", "--judge", "model", "--format", "json"]
        command = [sys.executable, "-m", "chatbot", "report", str(self._repository), *words, "--output", str(output)]
        settings = {"OPENAI_BASE_URL": self._url, "OPENAI_MODEL": "small", "OPENAI_CONCURRENCY": str(concurrency)}
        environment = {**os.environ, **settings, "DATA_DIR": str(self._data)}
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        with Together(process.pid) as memory:
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        told = json.loads(output.read_text())
        if process.returncode:
            raise RuntimeError(f"exit {process.returncode}: {told['problems'][:3]}")
        commits = told["repositories"][0]["statistics"]["commits"]
        return Made(seconds, commits, self._asked() - asked, usage.ru_maxrss / UNITS_IN_MIB, memory.peak)

    def forget(self) -> None:
        """Empties the data folder."""
        shutil.rmtree(self._data, ignore_errors=True)

    def _asked(self) -> int:
        with urllib.request.urlopen(self._url.removesuffix("/v1") + "/told") as answer:  # noqa: S310 - our own server
            return int(json.load(answer)["requests"])


def newest(repository: Path, commits: int) -> str:
    """A commit of the main line since which there were at least so many that are no merges."""
    words = ["git", "-C", str(repository), "rev-list"]
    line = _lines([*words, "--first-parent", f"--max-count={4 * commits}", "HEAD"])
    low, high = 0, len(line) - 1
    while low < high:
        middle = (low + high) // 2
        enough = int(_lines([*words, "--no-merges", "--count", f"{line[middle]}..HEAD"])[0]) >= commits
        low, high = (low, middle) if enough else (middle + 1, high)
    return line[low]


def _lines(command: list[str]) -> list[str]:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


@contextmanager
def model_server(latency: float) -> Iterator[str]:
    """The address of a model server that takes so many seconds over every reply."""
    command = [sys.executable, "-m", "tests.fakes.model", "--latency", str(latency), "--judging"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def measure(maker: Maker, given: argparse.Namespace) -> None:
    """Prints what it took, and the goals."""
    maker.forget()
    many = maker.made(given.commits, given.concurrency)
    again = maker.made(given.commits, given.concurrency)
    maker.forget()
    slow = maker.made(given.one_by_one, 1)
    ideal = many.commits / given.concurrency * given.latency
    each = (slow.seconds - again.seconds) / slow.commits  # without what a digest takes that asks nothing
    after_another = again.seconds + each * many.commits
    print(
        f"{many.commits} commits, {given.concurrency} calls at once, {given.latency} s each: the ideal is {ideal:.2f} s"
    )
    print(
        f"from command to digest: {many.seconds:.2f} s, {many.seconds / ideal:.2f} times the ideal "
        f"(goal: at most {MOST_OF_IDEAL})"
    )
    print(
        f"one after another: {slow.commits} commits in {slow.seconds:.1f} s, which is {after_another:.0f} s for "
        f"{many.commits}: {after_another / many.seconds:.1f} times as long (goal: at least {LEAST_FASTER})"
    )
    together = "not told by this system" if many.together is None else f"{many.together:.0f} MiB"
    print(f"memory: largest process {many.largest:.0f} MiB (goal: at most {MOST_MEMORY}), all together {together}")
    print(f"model calls: {many.calls}; for the same digest again, in {again.seconds:.2f} s: {again.calls} (goal: 0)")


def main() -> None:
    """Runs the measurement as often as is wanted."""
    words = argparse.ArgumentParser(prog="python -m bench.report", description=__doc__)
    words.add_argument("repository", type=Path)
    words.add_argument("--commits", type=int, default=200)
    words.add_argument("--one-by-one", type=int, default=20, help="commits judged one after another")
    words.add_argument("--latency", type=float, default=1.0)
    words.add_argument("--concurrency", type=int, default=32)
    words.add_argument("--runs", type=int, default=1)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, model_server(given.latency) as url:
        for _ in range(given.runs):
            measure(Maker(given.repository.resolve(), Path(folder) / "data", url), given)


if __name__ == "__main__":
    main()
