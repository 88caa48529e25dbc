"""`python -m bench.handler REPOSITORY`: how soon commands are acknowledged while digests are made, and the memory.

`serve` and `worker` run as in the product, beside a fake Slack on this machine; commands come over HTTP, signed, at a
steady pace, of every kind; every so many of them orders a digest of REPOSITORY, a git repository. Each is timed from
the moment when it was due, so that what waits in a queue counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fakes.slack_people import Payload
from tests.integration.slack_bot import Bot, running_bot
from workers.store import keys

COMMITS = 200
"""In each digest that is ordered; no commit is in two of them."""
GOAL_MILLISECONDS, GOAL_MIB = 150, 130
WORDS = ("help", "list", "status", "settings", "help digest", "subscrbe acme/api")


def main() -> None:
    """Runs the measurement."""
    words = argparse.ArgumentParser(prog="python -m bench.handler", description=__doc__)
    words.add_argument("repository", type=Path)
    words.add_argument("--rate", type=float, default=50.0, help="commands a second")
    words.add_argument("--seconds", type=float, default=20.0)
    words.add_argument("--digest-every", type=int, default=50, help="every so many commands one orders a digest")
    words.add_argument("--workers", type=int, default=2, help="worker processes that make digests")
    given = words.parse_args()
    repository = given.repository.resolve()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bot(Path(folder), repository.parent, WORKER_PROCESSES=str(given.workers)) as bot,
    ):
        started = memory_of(bot.serve.pid)
        for text in WORDS:
            bot.door.send(*bot.slack.people.command(text))
        count = round(given.rate * given.seconds)
        sent = commands(bot, repository, count, given.digest_every)
        worked = seconds_of(bot.serve.pid)
        took = paced(bot, sent, given.rate)
        worked = seconds_of(bot.serve.pid) - worked
        orders, judged = count // given.digest_every, len(bot.redis.keys(f"{keys.PREFIX}:analysis:*"))
        print(f"{count} commands at {given.rate:.0f} a second, {orders} of them orders of {COMMITS} commits each")
        print(f"commits judged by the end: {judged}, by {given.workers} processes on the same machine")
        print(f"acknowledged: {summary(took)} (goal: 99th percentile under {GOAL_MILLISECONDS} ms)")
        print(f"processor time of the handler: {1000 * worked / count:.1f} ms a command")
        print(
            f"memory of the handler: {started:.0f} MiB at its start, {memory_of(bot.serve.pid):.0f} MiB now, "
            f"at most {memory_of(bot.serve.pid, 'VmHWM'):.0f} MiB (goal: under {GOAL_MIB} MiB)"
        )


def commands(bot: Bot, repository: Path, count: int, digest_every: int) -> list[Payload]:
    """So many commands, of every kind in turn."""
    listing = ["git", "-C", str(repository), "rev-list", "--first-parent", "HEAD"]
    shas = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split()
    found = []
    for number in range(count):
        text = WORDS[number % len(WORDS)]
        if number % digest_every == 0:
            newest = number // digest_every * COMMITS
            text = f"{repository} {shas[newest + COMMITS]}..{shas[newest]}"
        found.append(bot.slack.people.command(text))
    return found


def paced(bot: Bot, payloads: Sequence[Payload], rate: float) -> list[float]:
    """Milliseconds from when each was due to its acknowledgement."""
    door, begun = bot.door, time.perf_counter()

    def send(number: int) -> float:
        answer = door.send(*payloads[number])
        assert answer.status == 200, answer
        return (time.perf_counter() - begun - number / rate) * 1000

    with ThreadPoolExecutor(32) as pool:
        futures = []
        for number in range(len(payloads)):
            time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            futures.append(pool.submit(send, number))
        return [future.result() for future in futures]


def summary(took: Sequence[float]) -> str:
    """Median, percentiles and the longest."""
    cuts = statistics.quantiles(took, n=100)
    return f"median {cuts[49]:.0f} ms, 95th {cuts[94]:.0f} ms, 99th {cuts[98]:.0f} ms, longest {max(took):.0f} ms"


def seconds_of(pid: int) -> float:
    """Seconds that a process has worked, in all its threads, as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int, name: str = "VmRSS") -> float:
    """MiB of a process that are in memory, as Linux counts them."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


if __name__ == "__main__":
    main()
