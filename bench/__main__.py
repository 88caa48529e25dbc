"""`python -m bench REPOSITORY [--runs N]`: the performance goals, each beside its yardstick in the same run.

REPOSITORY is a git repository of 10,000 commits or more. "A month" is its newest 1,000 commits that are no merges, "a
day" the last one that has commits.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.large import large_commit, long_history, many_files
from bench.measure import Run, paired, run
from workers.embedded import Embedded

MONTH = 1000
MONTHS = 4
"""How many months the longer of the two windows has whose peak memory is compared."""
MOST_GROWTH = 1.1
"""Memory grows with the largest commit, not with the window: where commits are alike, not at all."""
FORMS = ("terminal", "markdown", "html", "json")
LIBRARIES = (
    "click, pydantic, pydantic_settings, platformdirs, tzlocal, redis, rq, rich.console, rich.progress, rich.table"
)
PYTHON = sys.executable
COLLECT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from workers.request import Query
from workers.sources.git.source import GitSource
source = GitSource(Path(sys.argv[1]))
listing = source.listing(Query(timezone="UTC", range=sys.argv[2]), datetime.now(UTC))
print(sum(len(commit.files) for commit in source.commits(listing.heads)))
"""


class Bench:
    """The measurements on one repository, each run in a data folder of its own."""

    def __init__(self, repository: Path, folder: Path, runs: int) -> None:
        self._repository = repository
        self._data = folder / "data"
        self._runs = runs
        self._range = f"{self._month_start()}..HEAD"

    def all(self) -> None:
        """Prints every measurement with its goal."""
        self._say("collect a month", "2 times git log -p -M", paired(self._collect, self._git_log, self._runs))
        self._say("report of a month", "8 times git log -p -M", paired(self._report_month, self._git_log, self._runs))
        self._say("cold report of a day", "4 times the imports", paired(self._cold_day, self._imports, self._runs))
        self._forget()
        with Embedded.open(self._data):
            self._say("the same again", "2 times the imports", paired(self._warm_day, self._imports, self._runs))
        self._peaks()

    def _say(self, what: str, goal: str, measured: object) -> None:
        print(f"{what}: {measured} (goal: at most {goal})", flush=True)

    def _git_log(self) -> Run:
        return run(["git", "-C", str(self._repository), "log", "-p", "-M", "--no-merges", self._range])

    def _collect(self) -> Run:
        return run([PYTHON, "-c", COLLECT, str(self._repository), self._range])

    def _report_month(self) -> Run:
        self._forget()
        return self._report("--range", self._range, "--format", "json")

    def _cold_day(self) -> Run:
        self._forget()
        return self._report()

    def _warm_day(self) -> Run:
        return self._report()

    def _imports(self) -> Run:
        return run([PYTHON, "-c", f"import {LIBRARIES}"])

    def _report(self, *options: str, repository: Path | None = None) -> Run:
        command = [PYTHON, "-m", "chatbot", "report", str(repository or self._repository), *options]
        return run(command, {"DATA_DIR": str(self._data), "WORKER_PROCESSES": "2"})

    def _peaks_of(self, repository: Path, window: str) -> dict[str, float]:
        """Peaks in MiB of a window's report, from cold and then from the cache in each form."""
        self._forget()
        options = ("--range", window, "--format")
        peaks = {"from cold": self._report(*options, "json", repository=repository).peak}
        for form in FORMS:
            peaks[f"{form} from the cache"] = self._report(*options, form, repository=repository).peak
        return peaks

    def _forget(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)

    def _month_start(self, commits: int = MONTH) -> str:
        command = ["git", "-C", str(self._repository), "rev-list", "--no-merges", f"--max-count={commits}", "HEAD"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]

    def _peaks(self) -> None:
        """Peak memory of the largest process, for windows of two lengths and for extreme commits."""
        alike = long_history(self._data.parent / "alike", MONTHS * MONTH + 1)
        short, long = (self._peaks_of(alike, f"HEAD~{months * MONTH}..HEAD") for months in (1, MONTHS))
        for how, peak in long.items():
            what = f"peak memory, {MONTHS * MONTH} commits that are alike, {how}"
            ratio = peak / short[how]
            goal = f"{MOST_GROWTH} times that of {MONTH} of them"
            self._say(what, goal, f"{ratio:.2f} times; {peak:.0f} MiB and {short[how]:.0f} MiB")
        for months in (1, MONTHS):
            peaks = self._peaks_of(self._repository, f"{self._month_start(months * MONTH)}..HEAD")
            told = ", ".join(f"{peak:.0f} MiB {how}" for how, peak in peaks.items())
            print(f"peak memory, {months * MONTH} commits of the repository: {told}", flush=True)
        for name, make in (("a patch of 17 MB", large_commit), ("3,000 files", many_files)):
            self._forget()
            finished = self._report("--format", "json", repository=make(self._data.parent / name))
            print(f"peak memory, a commit of {name}: {finished.peak:.0f} MiB in {finished.seconds:.1f} s", flush=True)


def main() -> None:
    """Runs all measurements."""
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("repository", type=Path)
    words.add_argument("--runs", type=int, default=5)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Bench(given.repository.resolve(), Path(folder), given.runs).all()


if __name__ == "__main__":
    main()
