"""How often Slack lets a method be called: in a channel, in a workspace. All our processes together keep to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from redis import Redis
from slack_sdk.web import SlackResponse

from chatbot.pacing import Turn, paced
from chatbot.platforms.slack.calls import Json, ask_once
from chatbot.platforms.slack.facts import PLATFORM
from workers.store.pace import Pace

POST = "chat_postMessage"
IN_A_CHANNEL = 3, timedelta(seconds=3.3)
"""Messages into one channel: one a second, a few at once; and a little more time for the way."""
IN_A_WORKSPACE = 300, timedelta(seconds=66)
"""Messages into all channels of a workspace: "several hundred" a minute."""
TIER_2, TIER_3, TIER_4 = ((calls, timedelta(seconds=66)) for calls in (20, 50, 100))
"""Calls of one method in a workspace; Slack's documentation names the tier of each."""
_TIERS = {
    "chat_postEphemeral": TIER_4,
    "chat_startStream": TIER_2,
    "chat_appendStream": TIER_4,
    "chat_stopStream": TIER_2,
}


class Paces:
    """Calls that a workspace is spared until it takes them. `pause` waits for so many seconds."""

    def __init__(self, redis: Redis, pause: Callable[[float], None] = time.sleep) -> None:
        self._redis = redis
        self._pause = pause

    def ask(self, team: str, method: Callable[..., SlackResponse], **arguments: object) -> Json:
        """What a method answers at its turn. As `ask_once`; TransientError("platform_busy") where the turn is far."""
        turns = self._turns(team, method.__name__, str(arguments.get("channel")))
        return paced(turns, lambda: ask_once(method, **arguments), self._pause)

    def _turns(self, team: str, method: str, channel: str) -> list[Turn]:
        of_all = f"{PLATFORM}:{team}:{method}"
        if method == POST:
            in_channel = Turn(Pace(self._redis, *IN_A_CHANNEL), f"{of_all}:{channel}")
            return [in_channel, Turn(Pace(self._redis, *IN_A_WORKSPACE), of_all)]
        return [Turn(Pace(self._redis, *_TIERS.get(method, TIER_3)), of_all)]
