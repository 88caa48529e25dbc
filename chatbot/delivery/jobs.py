"""RQ entry points of delivery, thin. Both may run twice, and at the same time as each other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

from rq import get_current_job

from chatbot.beside import open_beside
from chatbot.delivery.delivering import Clock
from chatbot.delivery.ledger import Ledger
from chatbot.delivery.opening import open_platform
from chatbot.delivery.posting import Posting
from chatbot.messaging import Platform
from chatbot.orders import OrderStore
from workers.settings import load_settings
from workers.store.digests import DigestStore
from workers.store.runs import RunStore
from workers.store.threads import Topics


def deliver(run_id: str) -> None:
    """Delivers the digest of a run that is done to all who wait for it."""
    with _posting() as posting:
        posting.deliver(run_id)


def tell(subscription_id: str) -> None:
    """Tells those concerned what is wrong with a subscription, unless they were told."""
    with _posting() as posting:
        posting.tell(subscription_id)


@contextmanager
def _posting() -> Iterator[Posting]:
    """What posts, over the Redis of the job that runs here."""
    job = get_current_job()
    if job is None or job.connection is None:
        raise RuntimeError("to be run by an RQ worker")
    redis, settings = job.connection, load_settings()

    @cache
    def opened(name: str) -> Platform:
        return open_platform(name, settings, redis)

    clock = Clock(lambda: datetime.now(UTC), time.sleep)
    yield Posting(
        redis=redis,
        digests=DigestStore(redis, settings.digest_life),
        runs=RunStore(redis, settings.run_life),
        orders=OrderStore(redis, settings.digest_life),
        ledger=Ledger(redis, settings.digest_life),
        open_platform=opened,
        clock=clock,
        holder=str(job.id),
        topics=Topics(redis, settings.digest_life),
        beside=open_beside(settings, redis, clock.now),
    )
