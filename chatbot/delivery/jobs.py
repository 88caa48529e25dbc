"""RQ entry points of delivery, thin. Each may run twice, and at the same time as the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache

from redis import Redis
from rq import get_current_job

from chatbot.beside import open_beside
from chatbot.commands.access import Access
from chatbot.delivery.delivering import Clock
from chatbot.delivery.ledger import Ledger
from chatbot.delivery.opening import open_platform
from chatbot.delivery.posting import Posting
from chatbot.delivery.reverting import Reverting
from chatbot.delivery.told import ToldStore
from chatbot.messaging import Channel, Person, Platform
from chatbot.orders import OrderStore
from workers.settings import Settings, load_settings
from workers.store.channels import ChannelStore
from workers.store.digests import DigestStore
from workers.store.runs import RunStore
from workers.store.threads import Topics

_CLOCK = Clock(lambda: datetime.now(UTC), time.sleep)


def deliver(run_id: str) -> None:
    """Delivers the digest of a run that is done to all who wait for it."""
    _posting().deliver(run_id)


def tell(subscription_id: str) -> None:
    """Tells those concerned what is wrong with a subscription, unless they were told."""
    _posting().tell(subscription_id)


def tell_reverts(digest_id: str) -> None:
    """Tells what a digest reverts where that was told before, unless it was told so."""
    redis, settings, holder = _around()
    access, channels = Access(settings.allowed_repositories), ChannelStore(redis)

    def sees(channel: Channel, sources: Sequence[str]) -> bool:
        return access.sees(channel, Person(id=""), sources, channels.get(channel.key).repositories)

    Reverting(
        digests=DigestStore(redis, settings.digest_life),
        orders=OrderStore(redis, settings.digest_life),
        ledger=Ledger(redis, settings.digest_life),
        told=ToldStore(redis, settings.digest_life),
        open_platform=_opener(redis, settings),
        sees=sees,
        clock=_CLOCK,
        holder=holder,
        beside=open_beside(settings, redis, _CLOCK.now),
    ).tell(digest_id)


def _posting() -> Posting:
    redis, settings, holder = _around()
    return Posting(
        redis=redis,
        digests=DigestStore(redis, settings.digest_life),
        runs=RunStore(redis, settings.run_life),
        orders=OrderStore(redis, settings.digest_life),
        ledger=Ledger(redis, settings.digest_life),
        open_platform=_opener(redis, settings),
        clock=_CLOCK,
        holder=holder,
        topics=Topics(redis, settings.digest_life),
        told=ToldStore(redis, settings.digest_life),
        beside=open_beside(settings, redis, _CLOCK.now),
    )


def _around() -> tuple[Redis, Settings, str]:
    """What a job works with: its Redis, the settings of its process, and its id, in whose name it holds things."""
    job = get_current_job()
    if job is None or job.connection is None:
        raise RuntimeError("to be run by an RQ worker")
    return job.connection, load_settings(), str(job.id)


def _opener(redis: Redis, settings: Settings) -> Callable[[str], Platform]:
    return cache(lambda name: open_platform(name, settings, redis))
