"""The line of commits that wait to be judged: those that matter first, and then those that were put off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import count

_FIRST, _LATER, _END = range(3)


class Line:
    """Shas in the order in which they come, for several who take from it; a sha may be put off once."""

    def __init__(self) -> None:
        self._waiting: asyncio.PriorityQueue[tuple[int, int, str]] = asyncio.PriorityQueue()
        self._number = count()
        self._first = 0
        self._later: set[str] = set()
        self._was_put_off: set[str] = set()

    def add(self, shas: Iterable[str]) -> None:
        """Puts shas at the end of the line."""
        for sha in shas:
            self._first += 1
            self._waiting.put_nowait((_FIRST, next(self._number), sha))

    def may_put_off(self, sha: str) -> bool:
        """Whether others wait that may go before, and it was not put off before."""
        return bool(self._first) and sha not in self._was_put_off

    def put_off(self, sha: str) -> bool:
        """Lets those who are not put off go before; False where that may not be."""
        if not self.may_put_off(sha):
            return False
        self._was_put_off.add(sha)
        self._later.add(sha)
        self._waiting.put_nowait((_LATER, next(self._number), sha))
        return True

    def comes_again(self, sha: str) -> bool:
        """Whether a sha was put off and waits for its second turn."""
        return sha in self._later

    def close(self) -> None:
        """Says that no more will be added: those who take go home when the line is empty."""
        self._end()

    def _end(self) -> None:
        self._waiting.put_nowait((_END, next(self._number), ""))

    async def turns(self) -> AsyncIterator[str]:
        """One sha after another, as they come, until the line is closed and empty."""
        while True:
            rank, _, sha = await self._waiting.get()
            if rank == _END:
                self._end()  # for the next who takes
                return
            self._first -= rank == _FIRST
            self._later.discard(sha)
            yield sha
