"""One run of a plan, from the first window that is due to the verdict."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.chaos import Chaos
from tests.faults.nursery import Nursery
from tests.faults.outside import GitHub
from tests.faults.plan import DAYS, Plan
from tests.faults.verdict import verdict
from tests.faults.wire import Wire
from tests.faults.world import DAY, SOURCE, World

PATIENCE = 120.0
"""Seconds that a day may take: a pause of Redis is 20 s of them, and a machine may have other things to do."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `wrong` is empty where all is right; `log` is what our processes said."""

    plan: Plan
    seconds: float
    struck: int
    messages: int
    wrong: list[str] = field(default_factory=list)
    log: str = ""

    def __str__(self) -> str:
        state = "\n    ".join(["WRONG", *self.wrong]) if self.wrong else "right"
        return f"{self.plan}: {self.struck} of {len(self.plan.strikes)} struck, {self.seconds:.1f} s, {state}"


def run(plan: Plan, nursery: Nursery, repository: Path) -> Outcome:
    """Runs a plan in a world of its own."""
    began = time.monotonic()
    chaos = Chaos(plan)
    with tempfile.TemporaryDirectory(prefix="cd-") as name, GitHub({SOURCE: repository}, chaos.reached) as github:
        folder = Path(name)
        world = chaos.world = World(folder, nursery, chaos.reached)
        wire = Wire(folder / "wire.sock", folder / "redis.sock", chaos.watch, chaos.wants_answer)
        with world.running(github, wire, plan.is_warm):
            wrong: list[str] = []
            for day in range(DAYS):
                if day:
                    chaos.begin_day(day)
                    world.clock.advance(DAY)
                wrong += _settle(world)
                if wrong:
                    break
            chaos.end()
            wrong += verdict(world)
            if plan.strikes[0] not in chaos.struck:
                wrong.append("what was planned first did not strike")
            messages = sum(len(one.messages) for one in world.slack.workspace.channels.values())
        log = world.log.read_text("utf-8", "replace") if world.log.exists() else ""
        return Outcome(plan, time.monotonic() - began, len(chaos.struck), messages, wrong, log)


def _settle(world: World) -> list[str]:
    """Waits until nothing is left to be done; what still is when there is no patience left."""
    until = time.monotonic() + PATIENCE
    while left := world.what_is_left():
        if time.monotonic() > until:
            return left
        time.sleep(0.1)
    return []
