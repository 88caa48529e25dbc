"""Saying what a conversation answers: at once, or by a job where the platform cannot be reached just now."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from redis import Redis

from chatbot.chat_jobs.names import REPLY
from chatbot.messaging import Answer, Channel, Incoming, Part, Person, Platform, Receipt, key_of_part
from workers import queues
from workers.errors import DigestError, TransientError
from workers.model import Value

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(minutes=5)
"""By how much a platform's clock may be behind ours."""
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds before each further attempt of the job, where the platform does not say."""


class Reply(Value):
    """One message of an answer. `key` finds it again; `asked_at` (aware) is since when it may stand."""

    channel: Channel
    person: Person
    part: Part
    key: str
    asked_at: datetime
    is_private: bool
    under: Receipt | None = None


class Answering:
    """Answers over one platform."""

    def __init__(self, platform: Platform, redis: Redis) -> None:
        self._platform = platform
        self._redis = redis

    def parts(self, incoming: Incoming, answer: Answer) -> tuple[Part, ...]:
        """The messages of an answer."""
        return self._platform.render(answer.view, _key(incoming), incoming.channel)

    def give(self, incoming: Incoming, answer: Answer, now: datetime) -> None:
        """Says an answer where the words were written. Raises nothing: what was refused is logged with a reference."""
        try:
            for number, part in enumerate(self.parts(incoming, answer)):
                reply = Reply(
                    channel=incoming.channel,
                    person=incoming.person,
                    part=part,
                    key=key_of_part(_key(incoming), number),
                    asked_at=now,
                    is_private=answer.is_private,
                    under=incoming.under,
                )
                self._give(reply)
        except DigestError as error:
            log.warning("reference %s: an answer in %s: %s", secrets.token_hex(4), incoming.channel.key, error)

    def _give(self, reply: Reply) -> None:
        try:
            say(self._platform, reply)
        except TransientError as error:
            log.info("an answer in %s is left to a job: %s", reply.channel.key, error)
            queues.enqueue(self._redis, queues.CHAT, REPLY, [reply.model_dump_json()], f"reply-{reply.key}")


def say(platform: Platform, reply: Reply) -> None:
    """Says it once: to one person, or to all. UnknownOutcomeError where it may have been said."""
    if reply.is_private and platform.capabilities.private:
        platform.tell(reply.channel, reply.person, reply.part, reply.under)
    else:
        platform.send(reply.channel, reply.part, reply.key, reply.under)


def say_until_said(platform: Platform, reply: Reply, pause: Callable[[float], None]) -> None:
    """Says what may have been said before, unless it stands: tries again as long as it is worth. RefusedError."""
    for seconds in (*PAUSES, None):
        try:
            since = reply.asked_at - LOOK_BACK
            if not reply.is_private and platform.find(reply.channel, reply.key, since, reply.under) is not None:
                return
            say(platform, reply)
            return
        except TransientError as error:
            if seconds is None:
                raise
            pause(seconds if error.retry_after is None else min(error.retry_after, PAUSES[-1]))


def _key(incoming: Incoming) -> str:
    return sha256("\n".join(incoming.ids).encode()).hexdigest()[:32]
