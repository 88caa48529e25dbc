"""`python -m tests.faults [FIRST [LAST]] [--jobs N]`: runs of seeds, each told in a line; 1 where one of them is wrong.

Without numbers: as many as there are pairs of step and fault, and at least 200.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.nursery import nursery
from tests.faults.plan import MATRIX, Plan
from tests.faults.run import Outcome, run
from tests.faults.world import NURSED, build_repository

RUNS = max(200, len(MATRIX))


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.faults")
    words.add_argument("first", type=int, nargs="?")
    words.add_argument("last", type=int, nargs="?")
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="worlds at the same time")
    words.add_argument("--logs", type=Path, help="a folder for what our processes said in runs that went wrong")
    given = words.parse_args()
    first = given.first or 0
    last = next(one for one in (given.last, given.first, RUNS - 1) if one is not None)
    began, wrong = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="cd-") as folder, nursery(NURSED) as nursed:
        repository = build_repository(Path(folder) / "engine")

        def one(seed: int) -> None:
            try:
                outcome = run(Plan.of(seed), nursed, repository)
            except Exception:
                outcome = Outcome(Plan.of(seed), 0.0, 0, 0, ["the suite itself failed"], traceback.format_exc())
            print(outcome, flush=True)
            if outcome.wrong:
                wrong.append(seed)
            if outcome.wrong and given.logs:
                (given.logs / f"{seed}.log").write_text(outcome.log)

        with ThreadPoolExecutor(given.jobs) as pool:
            list(pool.map(one, range(first, last + 1)))
    print(f"{last - first + 1} runs in {time.monotonic() - began:.0f} s, wrong: {sorted(wrong) or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
