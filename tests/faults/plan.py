"""What befalls one run, all of it from its seed: which fault strikes at which step, and when."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

from tests.faults.steps import STEPS

FAULTS = (
    "horse",
    "worker",
    "machine",
    "scheduler",
    "web",
    "redis restart",
    "redis pause",
    "dropped",
    "limited",
    "failing",
    "model busy",
    "model hang",
    "clock",
)
"""`horse` is the process of one job, `worker` its parent, `machine` a whole `commit-digest worker`: all by kill -9."""
CALM = tuple(fault for fault in FAULTS if fault != "redis pause")
"""Those that take no 20 seconds."""
MATRIX = tuple(product(STEPS, FAULTS))
DAYS = 2
"""How many windows become due in a run."""


@dataclass(frozen=True)
class Strike:
    """One fault: on which day, at which step, which, and a number from which the rest follows."""

    day: int
    step: str
    fault: str
    luck: int


@dataclass(frozen=True)
class Plan:
    """One run. `is_warm`: commits are fetched ahead."""

    seed: int
    strikes: tuple[Strike, ...]
    is_warm: bool

    @classmethod
    def of(cls, seed: int) -> Plan:
        """The plan of a seed. As many seeds in a row as MATRIX is long strike at every step with every fault."""
        luck = random.Random(seed)
        step, fault = MATRIX[seed % len(MATRIX)]
        first = Strike(0, step, fault, luck.randrange(1 << 30))
        others = [
            Strike(luck.randrange(DAYS), luck.choice(list(STEPS)), luck.choice(CALM), luck.randrange(1 << 30))
            for _ in range(luck.randrange(1, 4))
        ]
        return cls(seed, (first, *others), luck.random() < 0.25)

    def __str__(self) -> str:
        struck = ", ".join(f"day {one.day} {one.step}: {one.fault}" for one in self.strikes)
        return f"seed {self.seed} ({'warm' if self.is_warm else 'cold'}; {struck})"
