"""How often Feishu lets a thing be done: in a group, to a message, by our app. All our processes share what it lets."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from redis import Redis

from chatbot.pacing import Turn, paced
from chatbot.platforms.feishu.facts import PLATFORM
from workers.errors import TransientError
from workers.store.pace import Pace

T = TypeVar("T")

AT_A_PLACE = 5, timedelta(seconds=1.1)
"""Messages into one group, and changes of one message: five a second; and a little more time for the way."""
BY_THE_APP = (50, timedelta(seconds=1.1)), (1_000, timedelta(seconds=66))
"""Calls of one kind by the app in a tenant: fifty a second, a thousand a minute."""
OF_THE_APP = 99991400
"""The code of Feishu's with which it says that this last was too much; its other ones speak of the place."""


class Paces:
    """Calls that Feishu is spared until it takes them. `pause` waits for so many seconds."""

    def __init__(self, redis: Redis, pause: Callable[[float], None] = time.sleep) -> None:
        self._redis = redis
        self._pause = pause

    def do(self, place: str | None, kind: str, call: Callable[[], T]) -> T:
        """What `call` gives at its turn. `place`: the id of the chat or message that it changes, None for neither.

        TransientError("platform_busy") where the turn is far.
        """
        of_place = [Turn(Pace(self._redis, *AT_A_PLACE), f"{PLATFORM}:{place}")] if place else []
        of_app = [
            Turn(Pace(self._redis, *rate), f"{PLATFORM}::{kind}:{number}") for number, rate in enumerate(BY_THE_APP)
        ]
        turns = [*of_place, *of_app]

        def busy(error: TransientError) -> Turn:
            return of_app[0] if error.details.get("problem") == OF_THE_APP else turns[0]

        return paced(turns, call, self._pause, busy)
