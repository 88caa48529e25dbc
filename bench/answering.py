"""`python -m bench.answering [--pace SECONDS]`: how long a person waits for the first sentence of an answer.

A fake model says its reply piece by piece, through the real SDK; the commit is real, in a repository of its own. Told
per question: until the commits are found, and from the model's first piece to the first checked sentence. That cannot
be less than the model takes to say the sentence, which is told beside it: the rest is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import fakeredis

from tests.asking import DOCS, RAISED, Engine, World, reply
from tests.fakes.model import FakeModel
from tests.fakes.model_protocol import PIECE
from workers.questions.answer import answer
from workers.questions.values import Found, Told


class Waited(NamedTuple):
    """Seconds of one question: until the commits are found; from the first piece to the first sentence."""

    found: float
    sentence: float


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m bench.answering", description=__doc__)
    words.add_argument("--pace", type=float, default=0.02, help="seconds between two pieces of the model's words")
    words.add_argument("--questions", type=int, default=10)
    given = words.parse_args()
    script = reply(RAISED, DOCS)
    with tempfile.TemporaryDirectory() as folder, FakeModel(lambda _: script, pace=given.pace) as model:
        world = World(Engine(Path(folder)), fakeredis.FakeStrictRedis(version=7), model.url)
        asyncio.run(_waited(world, model))  # what is imported and compiled once
        waited = [asyncio.run(_waited(world, model)) for _ in range(given.questions)]
    _tell(waited, given.pace * (len(reply(RAISED)) // PIECE))


async def _waited(world: World, model: FakeModel) -> Waited:
    model.begun.clear()
    begun, found, sentence = time.monotonic(), 0.0, 0.0
    async for event in answer(world.tools(), world.asked(), lambda _: True):
        if isinstance(event, Found):
            found = time.monotonic() - begun
        if isinstance(event, Told) and not sentence:
            sentence = time.monotonic() - model.begun[0]
    return Waited(found, sentence)


def _tell(waited: list[Waited], saying: float) -> None:
    sentence = statistics.median(one.sentence for one in waited)
    rows = (
        ("commits found", statistics.median(one.found for one in waited)),
        ("first piece to first sentence", sentence),
        ("of it the model's own saying, at least", saying),
        ("ours", sentence - saying),
        ("the slowest", max(one.sentence for one in waited)),
    )
    for name, seconds in rows:
        sys.stdout.write(f"{name:40} {seconds * 1000:7.0f} ms\n")


if __name__ == "__main__":
    main()
