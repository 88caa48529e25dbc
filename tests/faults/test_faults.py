"""A few runs of the suite; all of them by `make faults`. And that its verdict and its plans are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.__main__ import RUNS
from tests.faults.nursery import Nursery, nursery
from tests.faults.plan import FAULTS, Plan, Strike
from tests.faults.run import run
from tests.faults.steps import STEPS
from tests.faults.verdict import Said, wrong_messages, wrong_windows
from tests.faults.world import DAY, DUE, NURSED, build_repository

FEW = (
    (("accepted", "horse"), ("accepted", "dropped")),
    (("between parts", "machine"), ("claimed", "scheduler")),
    (("completed", "redis restart"), ("analyse", "worker")),
)
"""What strikes on the days of each run."""


def test_the_runs_strike_at_every_step_with_every_fault() -> None:
    first = {(plan.strikes[0].step, plan.strikes[0].fault) for plan in map(Plan.of, range(RUNS))}
    assert first == {(step, fault) for step in STEPS for fault in FAULTS}
    assert RUNS >= 200


def test_a_seed_is_always_the_same_plan() -> None:
    assert [Plan.of(seed) for seed in range(RUNS)] == [Plan.of(seed) for seed in range(RUNS)]


@pytest.fixture(scope="module")
def nursed() -> Iterator[Nursery]:
    with nursery(NURSED) as one:
        yield one


@pytest.mark.timeout(300)
def test_every_window_stands_in_its_channel_once_whatever_dies(nursed: Nursery, tmp_path: Path) -> None:
    repository = build_repository(tmp_path / "engine")
    plans = [Plan(0, tuple(Strike(day, *pair, luck=1) for day, pair in enumerate(days)), is_warm=False) for days in FEW]
    with ThreadPoolExecutor(len(plans)) as pool:
        outcomes = list(pool.map(lambda plan: run(plan, nursed, repository), plans))
    assert not [str(outcome) + outcome.log for outcome in outcomes if outcome.wrong]
    assert [outcome.struck for outcome in outcomes] == [len(plan.strikes) for plan in plans]


# The verdict

KNOWN = {"a": ("s-1-2", 0), "a.1": ("s-1-2", 1), "a.2": ("s-1-2", 2)}
FIRST, SECOND, THIRD = Said("a", "1", None, "x"), Said("a.1", "2", "1", "y"), Said("a.2", "3", "1", "z")


def test_messages_in_order_are_right() -> None:
    assert not list(wrong_messages([FIRST, SECOND, THIRD], KNOWN))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ([FIRST, FIRST], "stands there 2 times"),
        ([FIRST, THIRD, SECOND], "part 2 of s-1-2 comes after part 0"),
        ([FIRST, Said("a.1", "2", None, "y")], "in another thread"),
        ([FIRST, Said("b", "2", None, "y")], "nobody knows 'y'"),
    ],
)
def test_a_message_that_is_wrong_is_found(said: list[Said], complaint: str) -> None:
    assert any(complaint in one for one in wrong_messages(said, KNOWN))


def test_windows_that_leave_a_gap_or_overlap_are_found() -> None:
    start = int((DUE - DAY).timestamp())
    middle, end = start + 86_400, start + 172_800
    right = [f"s-{start}-{middle}", f"s-{middle}-{end}"]
    assert not list(wrong_windows(right, end))
    assert list(wrong_windows(right[1:], end)), "the first is lost"
    assert list(wrong_windows([right[0], *right], end)), "the first stands there twice"
    assert list(wrong_windows(right[:1], end)), "the last was never told"
