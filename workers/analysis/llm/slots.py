"""How many calls may run at once: shared by every process that asks the same endpoint, and moved by what it answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, Protocol

from anyio import CapacityLimiter, WouldBlock

Outcome = Literal["served", "overloaded", "failed"]
"""How a call ended: with a reply; with 429 or a time-out; with anything else, which says nothing about the load."""

GiveBack = Callable[[Outcome], None]
"""Gives a slot back, at once. To be called once."""


class Slots(Protocol):
    """Slots for calls.

    Their number halves when calls end `overloaded`. It grows with every round that is `served`: to twice as many as
    long as there was no overload, by one after that.
    """

    async def take(self) -> GiveBack:
        """A slot, as soon as one is free; those who wait get theirs in turn."""

    async def aclose(self) -> None:
        """Gives up what this process has a right to. It may be used again afterwards."""


class LocalSlots:
    """The slots of one process that knows of no other.

    Their number begins at `start` and never grows beyond `most`; None: beyond `start`.
    """

    def __init__(self, start: int, most: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most or start
        self._limit = float(start)
        self._clock = clock
        self._cut_at = clock()
        self._was_cut = False
        self._limiter = CapacityLimiter(start)

    @property
    def limit(self) -> int:
        """How many may run at once just now."""
        return int(self._limit)

    async def take(self) -> GiveBack:
        """A slot, as soon as one is free."""
        slot = object()
        try:
            self._limiter.acquire_on_behalf_of_nowait(slot)
        except WouldBlock:
            await self._limiter.acquire_on_behalf_of(slot)
        begun = self._clock()

        def give_back(outcome: Outcome) -> None:
            self._learn(outcome, begun)
            self._limiter.release_on_behalf_of(slot)

        return give_back

    async def aclose(self) -> None:
        """Nothing is to be given up: nobody else is there."""

    def _learn(self, outcome: Outcome, begun: float) -> None:
        if outcome == "served":
            self._limit = min(self._most, self._limit + (1 / int(self._limit) if self._was_cut else 1))
        elif outcome == "overloaded" and begun >= self._cut_at:
            self._limit = max(1.0, self._limit / 2)
            self._cut_at = self._clock()
            self._was_cut = True
        self._limiter.total_tokens = int(self._limit)
