"""Slots of one process: halved by strain once per round, grown back by success."""

from __future__ import annotations

import asyncio

from workers.analysis.llm.slots import LocalSlots


def after(slots: LocalSlots, *rounds: list[str]) -> list[int]:
    """The limit after each round of calls that begin together and end in these ways."""

    async def run() -> list[int]:
        limits = []
        for outcomes in rounds:
            given = [await slots.take() for _ in outcomes]
            for give_back, outcome in zip(given, outcomes, strict=True):
                give_back(outcome)  # type: ignore[arg-type]
            limits.append(slots.limit)
        return limits

    return asyncio.run(run())


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_calls_that_failed_together_halve_it_once() -> None:
    slots = LocalSlots(16, clock=Clock())
    assert after(slots, ["overloaded"] * 10, ["overloaded"], ["overloaded"]) == [8, 4, 2]


def test_it_never_falls_below_one() -> None:
    assert after(LocalSlots(2, clock=Clock()), *[["overloaded"]] * 4)[-1] == 1


def test_a_round_of_successes_adds_one_up_to_the_most() -> None:
    rounds = [["overloaded"], *(["served"] * count for count in (3, 1, 5, 6, 7, 8))]
    assert after(LocalSlots(8, clock=Clock()), *rounds) == [4, 4, 5, 6, 7, 8, 8]


def test_it_may_grow_beyond_its_start_where_it_is_told_so() -> None:
    rounds = [["served"] * count for count in (4, 8)]
    assert after(LocalSlots(4, most=10, clock=Clock()), *rounds) == [8, 10]


def test_other_failures_say_nothing_of_the_load() -> None:
    assert after(LocalSlots(8, clock=Clock()), ["failed"] * 8) == [8]


def test_a_slot_that_was_cut_is_not_given_out_again() -> None:
    async def run() -> list[bool]:
        slots = LocalSlots(4, clock=Clock())
        given = [await slots.take() for _ in range(4)]
        waiting = asyncio.create_task(slots.take())
        await asyncio.sleep(0)
        found = []
        for give_back in given[:3]:
            give_back("overloaded")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            found.append(waiting.done())
        await waiting
        return found

    assert asyncio.run(run()) == [False, False, True]
