"""The pauses between the attempts of a delivery."""

from __future__ import annotations

from collections.abc import Callable

from workers.errors import TransientError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before another attempt where the platform does not say: twice as long each time."""


class Waiting:
    """Pauses, at most `patience` seconds of them before each message. `pause` waits for so many seconds."""

    def __init__(self, pause: Callable[[float], None], patience: float) -> None:
        self._pause = pause
        self._patience = self._left = patience
        self._next = FIRST_PAUSE

    def wait(self, error: TransientError, most: float = LONGEST_PAUSE) -> None:
        """Pauses as the error says, else longer each time, up to `most`. Raises it where no patience is left."""
        seconds = min(self._next, most) if error.retry_after is None else error.retry_after
        self._next = min(2 * self._next, LONGEST_PAUSE)
        if seconds > self._left:
            raise error
        self._left -= seconds
        self._pause(seconds)

    def begin_anew(self) -> None:
        """Something stands: the next pause is a short one again, and there is patience for the next message."""
        self._next = FIRST_PAUSE
        self._left = self._patience
