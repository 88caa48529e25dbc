"""`python -m bench.concurrency`: many questions to a model server at once, beside one after another, in the same run.

The server is a process of its own that takes its time over every reply. Slots are shared through a real Redis, as in
the product. The time of one after another is measured on fewer questions and told per question.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.slots import LocalSlots, Slots
from workers.analysis.llm.values import Question
from workers.connection import connect
from workers.embedded import Embedded
from workers.store.slots import RedisSlots

SCHEMA = {
    "type": "object",
    "properties": {"summary": {"type": "string"}, "risks": {"type": "array", "items": {"type": "string"}}},
    "required": ["summary", "risks"],
    "additionalProperties": False,
}
PROMPT = "+    a line of a diff that is about as long as lines of diffs are\n" * 180
"""About 12 kB: what a commit of a day weighs."""


@dataclass(frozen=True)
class Took:
    """Wall seconds, and seconds of our own processor time, of so many questions."""

    questions: int
    wall: float
    cpu: float

    def __str__(self) -> str:
        each = self.cpu / self.questions * 1000
        return f"{self.questions} questions in {self.wall:.2f} s, {each:.1f} ms of processor each"


async def ask_all(endpoint: Endpoint, slots: Slots, questions: int, at_once: bool) -> Took:
    """Asks them all, with a client that has asked before."""
    async with Llm(endpoint, slots, lambda text: len(text) // 3) as llm:
        await _ask(llm, 0)
        begun, spent = time.perf_counter(), time.process_time()
        if at_once:
            await asyncio.gather(*(_ask(llm, number) for number in range(questions)))
        else:
            for number in range(questions):
                await _ask(llm, number)
        return Took(questions, time.perf_counter() - begun, time.process_time() - spent)


async def _ask(llm: Llm, number: int) -> None:
    question = Question(
        name="bench", system="Judge.", content=f"{number}\n{PROMPT}", json_schema=SCHEMA, max_output=500
    )
    await llm.ask(question, lambda text, cut: (text, cut))


@contextmanager
def stub(latency: float) -> Iterator[str]:
    """The address of a model server that takes so many seconds over every reply."""
    command = [sys.executable, "-m", "tests.fakes.model", "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def main() -> None:
    """Runs the measurements."""
    words = argparse.ArgumentParser(prog="python -m bench.concurrency", description=__doc__)
    words.add_argument("--questions", type=int, default=200)
    words.add_argument("--one-by-one", type=int, default=20, help="questions asked one after another")
    words.add_argument("--latency", type=float, default=1.0)
    words.add_argument("--concurrency", type=int, default=32)
    words.add_argument("--most", type=int, help="what the concurrency may grow to; as it begins by default")
    given = words.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Embedded.open(Path(folder)) as server,
        connect(server.url) as redis,
        stub(given.latency) as url,
    ):
        measure(given, Endpoint(base_url=url, model="small", concurrency=given.concurrency), redis)


def measure(given: argparse.Namespace, endpoint: Endpoint, redis: Redis) -> None:
    """Prints what many at once and one after another took, and their ratio."""
    waves = math.ceil(given.questions / given.concurrency)
    ideal = given.questions / given.concurrency * given.latency
    print(f"{waves} waves of {given.concurrency}: {waves * given.latency:.2f} s")
    shared = RedisSlots(redis, endpoint.name, given.concurrency, given.most)
    for name, slots in (
        ("slots in Redis", shared),
        ("slots in the process", LocalSlots(given.concurrency, given.most)),
    ):
        took = asyncio.run(ask_all(endpoint, slots, given.questions, at_once=True))
        print(f"{name}: {took}; the ideal was {ideal:.2f} s", flush=True)
        if slots is shared:
            fast = took
    slow = asyncio.run(ask_all(endpoint, shared, given.one_by_one, at_once=False))
    ratio = (slow.wall / slow.questions) / (fast.wall / fast.questions)
    print(f"one after another: {slow}: {ratio:.1f} times as long for each")


if __name__ == "__main__":
    main()
