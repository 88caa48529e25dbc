"""Calls of a platform at the pace that it allows, shared among all our processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from workers.errors import TransientError
from workers.store.pace import Pace

T = TypeVar("T")

WAIT_MOST = timedelta(seconds=1.5)
"""How long a call waits for its turn by itself; with more, whoever called knows better what to do meanwhile."""


@dataclass(frozen=True)
class Turn:
    """A turn to be had: under a name, at a pace."""

    pace: Pace
    name: str


def paced(
    turns: Sequence[Turn],
    call: Callable[[], T],
    pause: Callable[[float], None],
    busy: Callable[[TransientError], Turn] | None = None,
) -> T:
    """What `call` gives, made when all of `turns` have come. TransientError("platform_busy") where that takes long.

    Where the platform says that it is busy nevertheless, nobody has that turn before the time is over that it tells:
    the first of `turns`, or that which `busy` tells by the error. A short time is waited for here, once.
    """
    for is_last in (False, True):
        if wait := max(turn.pace.turn(turn.name, WAIT_MOST) for turn in turns):
            pause(wait)
        try:
            return call()
        except TransientError as error:
            if error.code != "platform_busy":
                raise
            held, seconds = busy(error) if busy else turns[0], error.retry_after or 0.0
            held.pace.hold(held.name, seconds)
            if is_last or seconds > WAIT_MOST.total_seconds():
                raise
    raise AssertionError("the last attempt returns or raises")
