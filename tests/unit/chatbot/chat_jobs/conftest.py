"""Runs and orders in memory, a clock that passes only when it is waited for, and a fake Slack."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fakeredis import FakeStrictRedis

from chatbot.chat_jobs.pressed import Pressed
from chatbot.chat_jobs.watching import Watching
from chatbot.delivery.delivering import Clock
from chatbot.delivery.ledger import Ledger
from chatbot.messaging import Channel, Person
from chatbot.orders import Order, OrderStore
from chatbot.platforms.slack.rooms import open_rooms
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from workers.request import DigestRequest, Query
from workers.settings import Settings
from workers.store.digests import DigestStore
from workers.store.runs import RunStore
from workers.store.threads import Topics

LIFE = timedelta(hours=1)
C1 = Channel(platform="slack", workspace="T1", id="C1")
ADA = Person(id="U1", name="Ada", language="en")


class Stage:
    """What chat jobs work with, and what a test does meanwhile: `script` is called at every wait."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.redis = FakeStrictRedis()
        self.runs = RunStore(self.redis, LIFE)
        self.orders = OrderStore(self.redis, LIFE)
        self.digests = DigestStore(self.redis, LIFE)
        self.ledger = Ledger(self.redis, LIFE)
        self.platform = open_rooms(
            Settings(slack_bot_token=BOT_TOKEN, slack_api_url=slack.api_url), self.redis
        ).platform
        self.now = datetime.now(UTC)
        self.script: Callable[[], object] = lambda: None
        self.clock = Clock(lambda: self.now, self._pause)

    def _pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.script()

    def watching(self, holder: str = "job") -> Watching:
        return Watching(
            redis=self.redis,
            runs=self.runs,
            orders=self.orders,
            ledger=self.ledger,
            open_platform=lambda name: self.platform,
            clock=self.clock,
            holder=holder,
        )

    def pressed(self) -> Pressed:
        return Pressed(
            digests=self.digests,
            orders=self.orders,
            ledger=self.ledger,
            open_platform=lambda name: self.platform,
            clock=self.clock,
            holder="job",
            topics=Topics(self.redis, LIFE),
        )

    def order(self, run_id: str, channel: Channel = C1, **given: object) -> None:
        """As if somebody had ordered a digest of acme/api there."""
        query = Query(timezone="UTC")
        self.runs.create(run_id, DigestRequest(asked_at=self.now, sources=("acme/api",), query=query, language="en"))
        fields = {"channel": channel, "language": "en", "sources": ("acme/api",), "public_only": True, "person": ADA}
        self.orders.put(run_id, Order.model_validate({**fields, **given}))


@pytest.fixture
def stage() -> Iterator[Stage]:
    with FakeSlack(Workspace(began=int(time.time()))) as slack:
        yield Stage(slack)
