"""Delivering: every message once and in order, whatever dies at whatever step and whatever the platform answers."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import fakeredis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis

from chatbot.delivery.delivering import Delivered, Delivering, key_of
from chatbot.delivery.ledger import Hold, Ledger, Row
from chatbot.messaging import Channel, MessageRefusedError
from chatbot.views.view import View
from tests.fakes.platform import TROUBLES, Died, MemoryPlatform, Trouble, keys_of, paragraphs
from tests.unit.chatbot.delivery.conftest import Time
from workers.errors import RefusedError, TransientError

CHANNEL = Channel(platform="memory", workspace="T1", id="C1")
TEXTS = ["parent", "one", "two"]
NAME = "s1-1771664400"


class MortalLedger(Ledger):
    """A ledger whose user dies at its `last` write, before or after it has happened."""

    def __init__(self, redis: Redis, last: int, is_written: bool) -> None:
        super().__init__(redis, timedelta(days=1))
        self.left, self.is_written = last, is_written

    def write(self, hold: Hold, number: int, row: Row, now: datetime) -> Row:
        self.left -= 1
        if self.left == 0 and self.is_written:
            super().write(hold, number, row, now)
        if self.left == 0:
            raise Died
        return super().write(hold, number, row, now)

    def leave(self, hold: Hold) -> None:
        """The dead leave nothing."""
        if not isinstance(sys.exc_info()[1], Died):
            super().leave(hold)


class Bench:
    """Deliverers, one after the other, over one Redis, platform and clock."""

    def __init__(self, redis: Redis, time: Time, troubles: dict[int, Trouble] | None = None, **has: object) -> None:
        self.redis, self.time = redis, time
        self.platform = MemoryPlatform(time.now, dict(troubles or {}), **has)  # type: ignore[arg-type]
        self.made = 0

    def make(self) -> View:
        self.made += 1
        return paragraphs(*TEXTS)

    def deliver(self, ledger: Ledger | None = None, holder: str = "job", patience: float = 120.0) -> Delivered:
        ledger = ledger or Ledger(self.redis, timedelta(days=1))
        return Delivering(ledger, self.platform, self.time.clock, holder, patience).deliver(NAME, CHANNEL, self.make)

    def deliver_until_done(self, deaths: list[tuple[int, bool]], most: int = 40) -> None:
        """As a job that is run again whenever it died, was refused or could not finish."""
        for number in range(most):
            last, is_written = deaths[number] if number < len(deaths) else (0, False)
            try:
                if self.deliver(MortalLedger(self.redis, last, is_written), f"job-{number % 2}").is_done:
                    return
            except Died:
                pass
            except TransientError:
                self.time.pause(60)
        raise AssertionError("it was never done")


@pytest.fixture
def bench(redis: Redis, time: Time) -> Callable[..., Bench]:
    return lambda *given, **has: Bench(redis, time, *given, **has)


def test_messages_arrive_once_and_in_order(bench) -> None:
    one = bench()
    assert one.deliver().state == "delivered"
    assert one.platform.texts == TEXTS
    assert [message.key for message in one.platform.posted] == keys_of(key_of(NAME), 3)
    assert {message.thread for message in one.platform.posted} == {"1"}


def test_what_was_delivered_is_not_made_again(bench) -> None:
    one = bench()
    first = one.deliver().first
    assert one.deliver().first == first
    assert (one.made, one.platform.texts) == (1, TEXTS)


@pytest.mark.parametrize("knows_keys", [False, True])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_at_each_message_leaves_every_message_once(bench, trouble, call, knows_keys) -> None:
    one = bench({call: trouble}, knows_keys=knows_keys)
    one.deliver_until_done([])
    assert one.platform.texts == TEXTS
    assert one.made == 1 or trouble.startswith("die")


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("last", range(1, 7))
@pytest.mark.parametrize("trouble", [None, *TROUBLES])
def test_each_death_between_steps_leaves_every_message_once(bench, trouble, last, is_written) -> None:
    one = bench({2: trouble} if trouble else {})
    one.deliver_until_done([(last, is_written)])
    assert one.platform.texts == TEXTS


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.integers(1, 9), st.sampled_from(TROUBLES), max_size=6),
    st.lists(st.tuples(st.integers(1, 8), st.booleans()), max_size=5),
    st.booleans(),
)
def test_any_number_of_deaths_and_troubles_leaves_every_message_once(troubles, deaths, knows_keys) -> None:
    with fakeredis.FakeStrictRedis(version=7) as redis:
        one = Bench(redis, Time(), troubles, knows_keys=knows_keys)
        one.deliver_until_done(deaths)
        assert one.platform.texts == TEXTS


def test_a_message_that_may_still_appear_is_waited_for(bench, time) -> None:
    one = bench({1: "late"})
    begun = time.now()
    one.deliver()
    assert one.platform.texts == TEXTS
    assert time.now() - begun >= timedelta(seconds=25)


def test_what_cannot_be_looked_up_is_not_sent_again(bench) -> None:
    one = bench({1: "lost answer"})

    def refuse() -> None:
        raise MessageRefusedError("missing_scope", scope="channels:history")

    one.platform.finds = refuse
    outcome = one.deliver()
    assert (outcome.state, outcome.error.code) == ("refused", "missing_scope")
    one.platform.finds = lambda: None
    assert one.deliver().state == "delivered"
    assert one.platform.texts == TEXTS


def test_a_throttled_attempt_does_not_make_an_earlier_one_certain(bench, time) -> None:
    one = bench({1: "lost answer", 2: "throttled"}, knows_keys=True)
    assert one.deliver(patience=2).state == "unfinished"
    time.pause(2 * 3600)
    one.platform.knows_keys = False
    assert one.deliver().state == "delivered"
    assert one.platform.texts == TEXTS


def test_without_its_parent_nothing_of_a_thread_is_sent(bench) -> None:
    one = bench(refusals={"parent": "archived"})
    outcome = one.deliver()
    assert (outcome.state, outcome.error.code, one.platform.posted) == ("refused", "archived", [])


def test_what_was_refused_can_be_delivered_later(bench) -> None:
    one = bench(refusals={"one": "archived"})
    assert one.deliver().state == "refused"
    assert one.platform.texts == ["parent"]
    one.platform.refusals.clear()
    assert one.deliver().state == "delivered"
    assert (one.platform.texts, one.made) == (TEXTS, 1)


@pytest.mark.parametrize(("refusal", "texts"), [("too_large", ["parent", "two"]), ("gone", ["parent", "two"])])
def test_a_message_that_can_never_be_sent_does_not_hold_up_the_others(bench, refusal, texts) -> None:
    one = bench(refusals={"one": refusal})
    assert one.deliver().state == "partly"
    assert one.platform.texts == texts
    assert one.deliver().state == "delivered", "nothing is left to be sent"


def test_pauses_grow_and_end(bench, time) -> None:
    one = bench(dict.fromkeys(range(1, 100), "dropped"))
    begun = time.now()
    assert one.deliver(patience=300).state == "unfinished"
    assert timedelta(seconds=200) < time.now() - begun <= timedelta(seconds=300)
    assert one.platform.calls < 12


def test_a_platform_says_how_long_to_wait(bench, time) -> None:
    begun = time.now()
    bench({1: "throttled"}).deliver()
    assert time.now() - begun == timedelta(seconds=3)


def test_two_cannot_deliver_at_once(bench, redis, time) -> None:
    one = bench()
    ledger = Ledger(redis, timedelta(days=1))
    assert ledger.take(NAME, "another", time.now()) is not None
    with pytest.raises(TransientError, match="delivery_held"):
        one.deliver(patience=10)
    assert one.platform.posted == []


def test_a_holder_that_was_taken_for_dead_sends_nothing_more(bench, redis, time) -> None:
    one = bench()
    rival = Delivering(Ledger(redis, timedelta(days=1)), one.platform, time.clock, "rival")

    class Slow(Ledger):
        """Falls asleep before its second message, until another has delivered everything."""

        def row(self, name: str, number: int) -> Row:
            found = super().row(name, number)
            if number == 1 and found.state == "planned":
                time.pause(61)
                rival.deliver(NAME, CHANNEL, one.make)
            return found

    with pytest.raises(TransientError, match="delivery_lost"):
        one.deliver(Slow(redis, timedelta(days=1)))
    assert one.platform.texts == TEXTS


def test_progress_becomes_the_digest(bench, redis, time) -> None:
    one = bench()
    watcher = Delivering(Ledger(redis, timedelta(days=1)), one.platform, time.clock, "watch")
    for text in ("10 %", "50 %", "50 %"):
        assert watcher.announce(NAME, CHANNEL, paragraphs(text)) is not None
        assert one.platform.texts == [text]
    assert one.deliver().state == "delivered"
    assert watcher.announce(NAME, CHANNEL, paragraphs("90 %")) is None
    assert one.platform.texts == TEXTS


@pytest.mark.parametrize("knows_keys", [False, True])
@pytest.mark.parametrize("trouble", ["lost answer", "late", "die after"])
def test_progress_of_which_nobody_knows_whether_it_arrived_becomes_the_digest(
    bench, redis, time, trouble, knows_keys
) -> None:
    one = bench({1: trouble}, knows_keys=knows_keys)
    ledger = MortalLedger(redis, 0, is_written=False)
    watcher = Delivering(ledger, one.platform, time.clock, "watch", patience=0)
    with pytest.raises((TransientError, Died)):
        watcher.announce(NAME, CHANNEL, paragraphs("10 %"))
    one.deliver_until_done([])
    assert one.platform.texts == TEXTS


def _announced(bench, redis, time) -> Bench:
    """Progress stands that somebody deleted."""
    one = bench()
    watcher = Delivering(Ledger(redis, timedelta(days=1)), one.platform, time.clock, "watch")
    watcher.announce(NAME, CHANNEL, paragraphs("10 %"))
    one.platform.posted.clear()
    with pytest.raises(RefusedError, match="gone"):
        watcher.announce(NAME, CHANNEL, paragraphs("50 %"))
    assert one.platform.posted == [], "progress that somebody deleted does not come again"
    return one


@pytest.mark.parametrize("knows_keys", [False, True])
def test_a_digest_whose_progress_somebody_deleted_is_posted_anew(bench, redis, time, knows_keys) -> None:
    one = _announced(bench, redis, time)
    one.platform.knows_keys = knows_keys
    assert one.deliver().state == "delivered"
    assert one.platform.texts == TEXTS
    assert {message.thread for message in one.platform.posted} == {one.platform.posted[0].id}
    one.deliver()
    assert one.platform.texts == TEXTS


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("last", range(1, 5))
@pytest.mark.parametrize("trouble", TROUBLES)
def test_it_is_posted_anew_once_whatever_dies_meanwhile(bench, redis, time, trouble, last, is_written) -> None:
    one = _announced(bench, redis, time)
    one.platform.troubles = {2: trouble}
    one.deliver_until_done([(last, is_written)])
    assert one.platform.texts == TEXTS


def test_a_delivery_in_a_thread_stays_there(bench, redis, time) -> None:
    one = bench()
    elsewhere = one.platform.send(CHANNEL, one.platform.render(paragraphs("question"), "q", CHANNEL)[0], "q")
    deliverer = Delivering(Ledger(redis, timedelta(days=1)), one.platform, time.clock, "job")
    deliverer.deliver(NAME, CHANNEL, one.make, under=elsewhere)
    assert {message.thread for message in one.platform.posted} == {elsewhere.thread}


def test_keys_are_short_and_differ(bench) -> None:
    names = [f"{a}-{b}" for a, b in itertools.product("ab", "cd")]
    assert len({key_of(name) for name in names}) == 4
    assert all(len(key) <= 40 for key in keys_of(key_of("x" * 500), 10))
