"""One world's clock: real time moved by an offset that the test sets, and each part's error on top of it.

It is a file, so that every process of the world reads the same. RQ's own times are not moved: they are real.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

EVERYBODY = 0
"""The place of the error that all of our processes have, as where a machine's clock is wrong."""
PLACES = 8


class WorldClock:
    """The clock of a world, kept at a path. Places from 1 are those of parts with an error of their own."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(struct.pack(f"{PLACES + 1}d", *[0.0] * (PLACES + 1)))
        with path.open("r+b") as file:
            self._seconds = mmap.mmap(file.fileno(), 0)

    def now(self) -> datetime:
        """What time it is in the world: what platforms and Redis go by."""
        return datetime.now(UTC) + timedelta(seconds=self._get(PLACES))

    def told(self, place: int = EVERYBODY) -> datetime:
        """What the clock of one of our processes says."""
        error = self._get(EVERYBODY) + (self._get(place) if place else 0)
        return self.now() + timedelta(seconds=error)

    def set(self, moment: datetime) -> None:
        """Puts the world's time."""
        self._put(PLACES, (moment - datetime.now(UTC)).total_seconds())

    def advance(self, span: timedelta) -> None:
        """Lets time pass at once, for everybody."""
        self._put(PLACES, self._get(PLACES) + span.total_seconds())

    def err(self, span: timedelta, place: int = EVERYBODY) -> None:
        """By how much our clocks, or that of one part, are wrong from now on."""
        self._put(place, span.total_seconds())

    def _get(self, place: int) -> float:
        return float(struct.unpack_from("d", self._seconds, 8 * place)[0])

    def _put(self, place: int, seconds: float) -> None:
        struct.pack_into("d", self._seconds, 8 * place, seconds)
