"""A subscription whose digests cannot be made or posted is never silent, on Slack as on Feishu."""

from __future__ import annotations

import logging
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.token import TokenManager
from redis import Redis

from chatbot.delivery.ledger import Ledger
from chatbot.delivery.posting import Posting
from chatbot.delivery.told import ToldStore
from chatbot.messaging import Platform
from chatbot.orders import OrderStore
from chatbot.platforms.feishu import rooms as feishu_rooms
from chatbot.platforms.slack import rooms as slack_rooms
from tests import samples
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from tests.subscriptions import NOW, wish
from tests.unit.chatbot.delivery.conftest import Time
from workers.cadence import due_window
from workers.errors import RefusedError
from workers.settings import Settings
from workers.store.digests import DigestStore
from workers.store.runs import RunStore
from workers.store.schedules import Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.store.threads import Topics
from workers.subscription import Place, Running, Subscriber, Subscription

LIFE = timedelta(days=90)
DUE = NOW.replace(hour=9, minute=0)
MISSING = RefusedError("repository_missing", repository="acme/engine")


@dataclass
class Town:
    """A fake platform with a channel in it and somebody who subscribed there. `spoil(how)` puts it into a state."""

    platform: Platform
    place: Place
    by: str
    spoil: Callable[[str], None]
    channel: Callable[[], list[str]]
    direct: Callable[[], list[str]]


@pytest.fixture
def slack(redis: Redis) -> Iterator[Town]:
    with FakeSlack(Workspace(began=int(clock.time()))) as fake:
        settings = Settings(slack_bot_token=BOT_TOKEN, slack_api_url=fake.api_url)
        workspace = fake.workspace
        workspace.direct("U1")

        def spoil(how: str) -> None:
            match how:
                case "archived":
                    workspace.channels["C1"].archived = True
                case "not in channel":
                    workspace.channels["C1"].member = False
                case "missing scope":
                    workspace.scopes = workspace.scopes.replace("chat:write,", "")
                case "revoked":
                    workspace.token = "xoxb-another"

        yield Town(
            slack_rooms.open_rooms(settings, redis).platform,
            Place(platform="slack", workspace="T1", channel="C1"),
            "U1",
            spoil,
            lambda: [one.shown for one in fake.seen()],
            lambda: [one.shown for one in fake.seen("DU1")],
        )


@pytest.fixture
def feishu(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(TokenManager, "cache", LocalCache())
    with FakeFeishu() as fake:
        settings = Settings(feishu_app_id=APP_ID, feishu_app_secret=APP_SECRET, feishu_domain=fake.url)

        def spoil(how: str) -> None:
            match how:
                case "archived":
                    fake.tenant.chats["oc_1"].dissolved = True
                case "not in channel":
                    fake.tenant.chats["oc_1"].member = False
                case "missing scope":
                    fake.tenant.scopes.discard("im:message:send_as_bot")
                case "revoked":
                    fake.tenant.active = False

        yield Town(
            feishu_rooms.open_rooms(settings, redis).platform,
            Place(platform="feishu", workspace="t1", channel="oc_1"),
            "ou_1",
            spoil,
            lambda: [one.shown for one in fake.seen()],
            lambda: [one.shown for one in fake.direct()],
        )


@pytest.fixture(params=["slack", "feishu"])
def town(request: pytest.FixtureRequest) -> Town:
    found: Town = request.getfixturevalue(request.param)
    return found


class Office:
    """A run that is due in the town, and what posts it."""

    def __init__(self, redis: Redis, time: Time, town: Town) -> None:
        time.at = DUE
        self.redis, self.time, self.town = redis, time, town
        self.store, self.schedule = SubscriptionStore(redis), Schedule(redis)
        added, _ = self.store.add(wish(place=town.place, by=Subscriber(id=town.by, name="Ada"), language="en"), NOW)
        window = due_window(added.wish.cadence, added.marker, DUE)
        assert window is not None
        self.id, self.run_id = added.id, f"{added.id}-1771664400-1"
        (claimed,) = self.schedule.claim(DUE, 1)
        running = Running(run_id=self.run_id, window=window, begun_at=DUE)
        assert self.schedule.begin(claimed, running, lambda *_: None, DUE + timedelta(minutes=1))
        self.digests = DigestStore(redis, LIFE)
        self.digests.put(self.run_id, samples.busy())

    @property
    def subscription(self) -> Subscription:
        found = self.store.get(self.id)
        assert found is not None
        return found

    @property
    def posting(self) -> Posting:
        return Posting(
            redis=self.redis,
            digests=self.digests,
            runs=RunStore(self.redis, LIFE),
            orders=OrderStore(self.redis, LIFE),
            ledger=Ledger(self.redis, LIFE),
            open_platform=lambda name: self.town.platform,
            clock=self.time.clock,
            holder="job",
            topics=Topics(self.redis, LIFE),
            told=ToldStore(self.redis, LIFE),
        )

    def deliver(self, times: int) -> None:
        """So many attempts, after each of which those concerned are told."""
        for _ in range(times):
            self.posting.deliver(self.run_id)
            self.posting.tell(self.id)

    def fail(self, times: int) -> None:
        """So many attempts that do not come as far."""
        for _ in range(times):
            self.schedule.fail(self.subscription, self.run_id, MISSING, self.time.now(), keeps_run=True)
            self.posting.tell(self.id)


@pytest.fixture
def office(redis: Redis, time: Time, town: Town) -> Office:
    return Office(redis, time, town)


def test_what_is_wrong_with_a_repository_is_said_in_the_channel_once(office: Office, town: Town) -> None:
    office.fail(5)
    (text,) = town.channel()
    assert "acme/engine" in text
    assert town.direct() == []


@pytest.mark.parametrize(
    ("how", "remedy"), [("archived", ("archived", "exists")), ("not in channel", ("not a member", "Invite"))]
)
def test_where_the_channel_cannot_be_written_in_who_subscribed_is_told_directly_once(
    office: Office, town: Town, how: str, remedy: tuple[str, ...]
) -> None:
    town.spoil(how)
    office.deliver(5)
    (text,) = town.direct()
    assert any(word in text for word in remedy)
    assert office.subscription.failing is not None
    assert office.subscription.marker < DUE, "the digest is still to come"


@pytest.mark.parametrize("how", ["missing scope", "revoked"])
def test_where_nobody_can_be_told_it_is_logged_and_tried_again(
    office: Office, town: Town, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    town.spoil(how)
    with caplog.at_level(logging.WARNING):
        office.deliver(3)
    assert town.channel() == town.direct() == []
    assert f"run {office.run_id} could not be delivered" in caplog.text
    assert "could not be said to who subscribed" in caplog.text


def test_after_a_week_it_pauses_and_tells_its_channel_and_who_subscribed(
    office: Office, town: Town, time: Time
) -> None:
    office.fail(10)
    time.pause(8 * 86_400)
    office.fail(1)
    office.posting.tell(office.id)
    assert office.subscription.paused is not None
    assert [("/digest resume 1" in text) for text in town.channel()] == [False, True]
    (text,) = town.direct()
    assert "/digest resume 1" in text


def test_after_a_week_in_a_channel_that_is_shut_who_subscribed_is_told_that_it_paused(
    office: Office, town: Town, time: Time
) -> None:
    town.spoil("archived")
    office.deliver(10)
    time.pause(8 * 86_400)
    office.deliver(2)
    assert office.subscription.paused is not None
    first, last = town.direct()
    assert "/digest resume 1" not in first
    assert "/digest resume 1" in last
    assert town.channel() == []
