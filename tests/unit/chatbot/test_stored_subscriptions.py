"""Subscriptions as people in a channel see them, over the store of the scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import fakeredis
import pytest
from redis import Redis

from chatbot.commands.command import Options, Schedule, SubscribeCommand, canonical
from chatbot.messaging import Channel, Person
from chatbot.orders import Order
from chatbot.stored_subscriptions import StoredSubscriptions
from chatbot.views.subscriptions import change_view
from tests.subscriptions import NOW
from workers.errors import RefusedError, WordsError
from workers.model import Tier
from workers.request import DigestRequest
from workers.store.schedules import Schedule as Timetable
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Paused, Subscriber
from workers.words import load_words

CHANNEL = Channel(platform="slack", workspace="T1", id="C1")
ADA = Person(id="U1", name="Ada")
DUE = NOW.replace(hour=9, minute=0)
COMMAND = SubscribeCommand(
    repository="acme/engine",
    schedule=Schedule(rhythm="daily", clock="09:00", timezone="UTC"),
    options=Options(branches=("main",), paths=("src",), language="zh", tier=Tier.MEDIUM),
    quiet=True,
)


class Desk:
    """Keeps what was ordered."""

    def __init__(self) -> None:
        self.orders: list[tuple[DigestRequest, Order]] = []

    def order(self, request: DigestRequest, order: Order) -> str:
        self.orders.append((request, order))
        return "id"


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def subscriptions(redis, desk) -> StoredSubscriptions:
    return StoredSubscriptions(redis, desk)


def test_a_subscription_comes_back_in_the_words_it_was_made_with(subscriptions) -> None:
    added = subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    assert canonical(added.command) == canonical(COMMAND)
    assert (added.number, added.by, added.is_paused, added.next_run) == (1, "Ada", False, DUE)
    assert (added.last_run, added.last_outcome) == (None, None)
    assert subscriptions.of(CHANNEL) == [added] == [subscriptions.get(CHANNEL, 1)]


def test_subscribing_twice_is_subscribing_once(subscriptions) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    assert subscriptions.add(CHANNEL, Person(id="U2"), COMMAND, True, NOW).number == 1


def test_a_subscription_is_paused_and_resumed(subscriptions) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    paused = subscriptions.pause(CHANNEL, 1, ADA, NOW)
    assert (paused.is_paused, paused.next_run) == (True, None)
    resumed = subscriptions.resume(CHANNEL, 1, NOW + timedelta(days=3))
    assert (resumed.is_paused, resumed.next_run) == (False, DUE + timedelta(days=3))
    assert resumed.told_until == DUE + timedelta(days=2), "what was due within the pause is not told"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "committed from 2026-02-23 09:00 (UTC) on"), ("zh", "自 2026-02-23 09:00 (UTC) 起")]
)
def test_who_resumes_a_subscription_is_told_from_when_on_it_tells(subscriptions, language: str, words: str) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    subscriptions.pause(CHANNEL, 1, ADA, NOW)
    resumed = subscriptions.resume(CHANNEL, 1, NOW + timedelta(days=3))
    assert words in str(change_view("resumed", resumed, load_words("chatbot.views", language)))


def test_who_paused_a_subscription_is_known(subscriptions, redis) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    subscriptions.pause(CHANNEL, 1, Person(id="U2", name="Bo"), NOW)
    (stored,) = SubscriptionStore(redis).all()
    assert stored.paused == Paused(at=NOW, by=Subscriber(id="U2", name="Bo"))


def test_a_removed_subscription_is_gone(subscriptions) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    assert subscriptions.remove(CHANNEL, 1).number == 1
    assert subscriptions.of(CHANNEL) == []


@pytest.mark.parametrize(("act", "more"), [("get", ()), ("pause", (ADA, NOW)), ("resume", (NOW,)), ("remove", ())])
def test_a_number_that_a_channel_does_not_have_is_told_with_those_it_has(subscriptions, act, more) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    with pytest.raises(WordsError, match="no_subscription") as caught:
        getattr(subscriptions, act)(CHANNEL, 7, *more)
    assert caught.value.details == {"number": 7, "near": "1"}


def test_another_channel_has_other_subscriptions(subscriptions) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    other = CHANNEL.model_copy(update={"id": "C2"})
    assert subscriptions.of(other) == []
    with pytest.raises(WordsError):
        subscriptions.get(other, 1)


def test_a_run_by_hand_is_beside_the_schedule(subscriptions, desk) -> None:
    added = subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    assert subscriptions.run(CHANNEL, 1, Person(id="U2"), NOW) == added
    ((request, order),) = desk.orders
    assert (request.query.start, request.query.end) == (NOW - timedelta(days=1), NOW)
    assert (request.query.branches, request.query.paths, request.least_tier) == (("main",), ("src",), Tier.MEDIUM)
    assert (request.public_only, order.public_only, order.person.id, order.language) == (True, True, "U2", "zh")


def test_how_the_last_run_ended_is_told(subscriptions, redis) -> None:
    subscriptions.add(CHANNEL, ADA, COMMAND, True, NOW)
    store, timetable = SubscriptionStore(redis), Timetable(redis)
    (stored,) = store.of(CHANNEL.key)
    timetable.fail(stored, None, RefusedError("repository_missing"), DUE)
    told = subscriptions.get(CHANNEL, 1)
    assert (told.last_run, told.last_outcome) == (DUE, "failed")
