"""RQ entry points, thin. Each may run twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from redis import Redis
from rq import get_current_job

from chatbot import answering
from chatbot.chat_jobs.names import WATCH
from chatbot.chat_jobs.pressed import Pressed
from chatbot.chat_jobs.watching import Watching
from chatbot.delivery.delivering import Clock
from chatbot.delivery.ledger import Ledger
from chatbot.delivery.opening import open_platform
from chatbot.messaging import Platform, Press
from chatbot.orders import OrderStore
from workers import queues
from workers.errors import DigestError
from workers.settings import Settings, load_settings
from workers.store.digests import DigestStore
from workers.store.runs import RunStore
from workers.store.threads import Topics

log = logging.getLogger(__name__)


def watch(run_id: str) -> None:
    """Shows how far a run is until its digest stands, or it has failed."""
    watching = _watching()
    if watching.watch(run_id):
        queues.enqueue(watching.redis, queues.CHAT, WATCH, [run_id], f"watch-{time.time_ns()}")


def after_delivery(run_id: str) -> None:
    """Tells those who ordered a digest and cannot get it."""
    _watching().tell_undelivered(run_id)


def details(digest_id: str, repository: str, sha: str, press: str) -> None:
    """Posts one commit's analysis in the thread of its digest."""
    _pressed().details(digest_id, int(repository), sha, Press.model_validate_json(press))


def page(digest_id: str, page: str, press: str) -> None:
    """Shows another page of a digest's menu."""
    _pressed().page(digest_id, int(page), Press.model_validate_json(press))


def reply(said: str) -> None:
    """Gives an answer that could not be given at once."""
    redis, settings, holder = around()
    wanted = answering.Reply.model_validate_json(said)
    try:
        answering.say_until_said(opener(redis, settings)(wanted.channel.platform), wanted, time.sleep)
    except DigestError as error:
        log.warning("reference %s: an answer in %s: %s", holder, wanted.channel.key, error)


def _watching() -> Watching:
    redis, settings, holder = around()
    return Watching(
        redis=redis,
        runs=RunStore(redis, settings.run_life),
        orders=OrderStore(redis, settings.digest_life),
        ledger=Ledger(redis, settings.digest_life),
        open_platform=opener(redis, settings),
        clock=clock(),
        holder=holder,
    )


def _pressed() -> Pressed:
    redis, settings, holder = around()
    return Pressed(
        digests=DigestStore(redis, settings.digest_life),
        orders=OrderStore(redis, settings.digest_life),
        ledger=Ledger(redis, settings.digest_life),
        open_platform=opener(redis, settings),
        clock=clock(),
        holder=holder,
        topics=Topics(redis, settings.digest_life),
    )


def around() -> tuple[Redis, Settings, str]:
    """What a job works with: its Redis, the settings of its process, and its id, in whose name it holds things."""
    job = get_current_job()
    if job is None or job.connection is None:
        raise RuntimeError("to be run by an RQ worker")
    return job.connection, load_settings(), str(job.id)


def opener(redis: Redis, settings: Settings) -> Callable[[str], Platform]:
    return cache(lambda name: open_platform(name, settings, redis))


def clock() -> Clock:
    return Clock(lambda: datetime.now(UTC), time.sleep)
