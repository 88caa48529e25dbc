"""Posting: a digest that is due is posted once, its marker moves, and what fails is said once."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from chatbot.delivery.ledger import Ledger
from chatbot.delivery.opening import open_platform
from chatbot.delivery.posting import Posting, channel_of, delivery_name
from chatbot.delivery.told import ToldStore
from chatbot.messaging import Channel, Person
from chatbot.orders import Order, OrderStore
from tests import samples
from tests.fakes.platform import MemoryPlatform
from tests.subscriptions import NOW, wish
from tests.unit.chatbot.delivery.conftest import Time
from workers import queues
from workers.cadence import due_window
from workers.errors import RefusedError, TransientError
from workers.model import Digest, Listing, Window
from workers.settings import Settings
from workers.store import keys
from workers.store.digests import DigestStore
from workers.store.runs import RunStore
from workers.store.schedules import FIRST_PAUSE, Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.store.threads import Topics
from workers.subscription import Paused, Running, Subscriber, Subscription

LIFE = timedelta(days=90)
DUE = NOW.replace(hour=9, minute=0)
ERROR = RefusedError("repository_missing", repository="acme/engine")


class Office:
    """A subscription whose run is done, and what posts it."""

    def __init__(self, redis: Redis, time: Time, digest: Digest | None, days: int = 1, **fields: object) -> None:
        time.at = DUE + timedelta(days=days - 1)
        self.redis, self.time = redis, time
        self.store, self.schedule, self.orders = SubscriptionStore(redis), Schedule(redis), OrderStore(redis, LIFE)
        self.platform = MemoryPlatform(time.now)
        self.digests, self.ledger = DigestStore(redis, LIFE), Ledger(redis, LIFE)
        self.runs = RunStore(redis, LIFE)
        added, _ = self.store.add(wish(**fields), NOW)
        window = due_window(added.wish.cadence, added.marker, time.at)
        self.run_id = f"{added.id}-1771664400-1"
        self.running = Running(run_id=self.run_id, window=window, begun_at=time.at)
        (claimed,) = self.schedule.claim(time.at, 1)
        assert self.schedule.begin(claimed, self.running, lambda *_: None, time.at + timedelta(minutes=1))
        self.id = added.id
        if digest is not None:
            self.digests.put(self.run_id, digest)

    @property
    def posting(self) -> Posting:
        return Posting(
            redis=self.redis,
            digests=self.digests,
            runs=self.runs,
            orders=self.orders,
            ledger=self.ledger,
            open_platform=self._open,
            clock=self.time.clock,
            holder="job",
            topics=Topics(self.redis, LIFE),
            told=ToldStore(self.redis, LIFE),
        )

    @property
    def subscription(self) -> Subscription:
        found = self.store.get(self.id)
        assert found is not None
        return found

    def fail(self, times: int, keeps_run: bool = True) -> None:
        for _ in range(times):
            self.schedule.fail(self.subscription, self.run_id, ERROR, self.time.now(), keeps_run=keeps_run)

    def _open(self, name: str) -> MemoryPlatform:
        if name != "memory":
            raise RefusedError("no_platform", platform=name)
        return self.platform


@pytest.fixture
def office(redis, time):
    return lambda digest, **given: Office(redis, time, digest, **given)


def test_a_digest_is_posted_and_its_marker_moves(office) -> None:
    one = office(samples.busy())
    one.posting.deliver(one.run_id)
    assert len(one.platform.posted) > 1
    found = one.subscription
    assert (found.marker, found.last.outcome, found.running) == (DUE, "delivered", None)


def test_a_run_is_posted_once_however_often_its_job_runs(office) -> None:
    one = office(samples.busy())
    one.posting.deliver(one.run_id)
    texts = list(one.platform.texts)
    one.posting.deliver(one.run_id)
    assert one.platform.texts == texts


def test_a_death_between_the_last_message_and_the_marker_posts_nothing_twice(office, redis) -> None:
    one = office(samples.busy())
    before = redis.dump(keys.subscription(one.id))
    one.posting.deliver(one.run_id)
    texts = list(one.platform.texts)
    redis.restore(keys.subscription(one.id), 0, before, replace=True)
    one.posting.deliver(one.run_id)
    assert (one.platform.texts, one.subscription.marker) == (texts, DUE)


def test_buttons_of_a_digest_that_was_due_know_its_channel(office) -> None:
    one = office(samples.busy())
    one.posting.deliver(one.run_id)
    order = one.orders.get(one.run_id, channel_of(wish().place))
    assert (order.person, order.sources) == (None, ("acme/engine",))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_digest_of_several_runs_says_which_time_it_covers(office, language) -> None:
    digest = samples.busy(language)
    one = office(digest, days=4, language=language)
    one.posting.deliver(one.run_id)
    assert one.running.window.is_catch_up
    first = one.platform.texts[0]
    assert {"en": "covers all of it", "zh": "一并涵盖"}[language] in first
    assert "21" in first


@pytest.mark.parametrize("language", ["en", "zh"])
def test_after_more_than_a_month_what_is_in_no_digest_is_said_with_how_to_ask_for_it(office, language) -> None:
    one = office(samples.busy(language), days=70, language=language)
    one.posting.deliver(one.run_id)
    first = one.platform.texts[0]
    assert {"en": "the last of it", "zh": "其中最近的部分"}[language] in first
    assert "/digest " in first
    assert "2026-02-20..2026-03-31" in first


def test_where_the_branches_stood_is_kept_with_what_was_told(office) -> None:
    one = office(samples.busy())
    window = Window(start=DUE, end=DUE, timezone="UTC")
    one.runs.put_listing(one.run_id, "acme/engine", Listing(window=window, heads=(), tips=("a" * 40,)))
    one.posting.deliver(one.run_id)
    assert one.subscription.last.tips == {"acme/engine": ("a" * 40,)}


def test_a_silent_day_is_said_in_one_line(office) -> None:
    one = office(samples.empty())
    one.posting.deliver(one.run_id)
    assert len(one.platform.posted) == 1
    assert one.subscription.last.outcome == "empty"


def test_a_quiet_subscription_says_nothing_of_a_silent_day(office) -> None:
    one = office(samples.empty(), quiet=True)
    one.posting.deliver(one.run_id)
    assert (one.platform.posted, one.subscription.marker) == ([], DUE)


def test_what_could_not_be_looked_at_is_no_silent_day(office) -> None:
    digest = samples.empty().model_copy(update={"problems": samples.with_problems().problems})
    one = office(digest, quiet=True)
    one.posting.deliver(one.run_id)
    assert one.platform.posted != []


def test_a_removed_subscription_is_not_posted(office) -> None:
    one = office(samples.busy())
    one.store.remove(one.subscription)
    one.posting.deliver(one.run_id)
    assert one.platform.posted == []


def test_what_was_due_before_a_pause_is_still_posted(office) -> None:
    one = office(samples.busy())
    one.store.pause(one.id, Paused(at=DUE, by=Subscriber(id="U1")))
    one.posting.deliver(one.run_id)
    assert one.platform.posted != []
    assert one.subscription.next_look is None


def test_a_refused_digest_is_kept_and_tried_again(office, redis) -> None:
    one = office(samples.empty())
    text = _text_of(one)
    one.platform.refusals = {text: "archived"}
    one.posting.deliver(one.run_id)
    found = one.subscription
    assert (found.failing.reason.code, found.running.run_id) == ("archived", one.run_id)
    assert found.next_look == DUE + FIRST_PAUSE
    assert Queue(queues.POSTS, connection=redis, serializer=JSONSerializer).get_job_ids() == [f"{one.id}-tell"]
    one.platform.refusals.clear()
    one.posting.deliver(one.run_id)
    assert (one.platform.texts, one.subscription.failing) == ([text], None)


def _text_of(one: Office) -> str:
    from chatbot.delivery.content import scheduled_view  # noqa: PLC0415

    view = scheduled_view(one.digests.get(one.run_id), one.running)
    return one.platform.render(view, "k", channel_of(wish().place))[0].payload["text"]


def test_a_delivery_that_another_is_at_is_no_failure(office) -> None:
    one = office(samples.busy())
    name = delivery_name(one.subscription, one.running)
    hold = one.ledger.take(name, "another", one.time.now() + timedelta(days=1))
    one.posting.deliver(one.run_id)
    assert (one.subscription.failing, one.platform.posted) == (None, [])
    one.ledger.leave(hold)
    one.posting.deliver(one.run_id)
    assert one.subscription.marker == DUE


def test_a_lost_digest_is_made_anew(office) -> None:
    one = office(None)
    one.posting.deliver(one.run_id)
    found = one.subscription
    assert (found.failing.reason.code, found.running) == ("store_lost", None)


def test_what_is_planned_needs_no_digest(office, redis) -> None:
    one = office(samples.busy())
    name = delivery_name(one.subscription, one.running)
    hold = one.ledger.take(name, "job", one.time.now())
    one.ledger.plan(hold, one.platform.render(SimpleNamespace(blocks=(), title="kept"), "k", None))
    redis.delete(keys.digest(one.run_id))
    row = one.ledger.row(name, 0).sending(one.time.now(), "", is_certain=True)
    one.ledger.write(hold, 0, row, one.time.now())
    one.posting.deliver(one.run_id)
    assert (one.platform.texts, one.subscription.marker) == (["kept"], DUE)


def test_a_platform_that_is_not_set_up_is_a_failure(office, time, redis) -> None:
    one = office(samples.busy(), place=wish().place.model_copy(update={"platform": "pigeons"}))
    one.posting.deliver(one.run_id)
    assert one.subscription.failing.reason.code == "no_platform"


def test_a_failing_subscription_says_so_once_and_not_at_its_first_failure(office) -> None:
    one = office(None)
    one.fail(1)
    one.posting.tell(one.id)
    assert one.platform.posted == []
    for _ in range(3):
        one.fail(1)
        one.posting.tell(one.id)
    (text,) = one.platform.texts
    assert "acme/engine" in text
    assert "2026-02-20 09:00" in text, "from where the next one begins"


def test_a_subscription_that_gave_up_tells_its_channel_and_who_subscribed(office) -> None:
    one = office(None)
    one.fail(9)
    one.time.pause(8 * 86_400)
    one.fail(1)
    assert one.subscription.paused.by is None
    for _ in range(3):
        one.posting.tell(one.id)
    (text,) = one.platform.texts
    assert "/digest resume 1" in text
    assert one.platform.told == [text]


def test_who_paused_a_failing_subscription_is_told_nothing(office) -> None:
    one = office(None)
    one.fail(3)
    one.store.pause(one.id, Paused(at=DUE, by=Subscriber(id="U1")))
    one.posting.tell(one.id)
    assert one.platform.posted == []


def test_a_digest_is_posted_to_all_who_ordered_it(office) -> None:
    one = office(None)
    one.digests.put("asked", samples.busy())
    for name in ("C1", "C2"):
        channel = Channel(platform="memory", workspace="T1", id=name)
        person = Person(id="U1")
        order = Order(channel=channel, language="en", sources=("acme/engine",), public_only=False, person=person)
        one.orders.put("asked", order)
    one.posting.deliver("asked")
    count = len(one.platform.posted)
    assert count % 2 == 0
    assert one.platform.texts[: count // 2] == one.platform.texts[count // 2 :]


def test_one_channel_that_cannot_be_reached_holds_up_no_other(office) -> None:
    one = office(None)
    one.digests.put("asked", samples.empty())
    for name in ("C1", "C2"):
        channel = Channel(platform="memory", workspace="T1", id=name)
        one.orders.put("asked", Order(channel=channel, language="en", sources=("a/b",), public_only=False))
    one.platform.troubles = dict.fromkeys(range(1, 42), "throttled")
    with pytest.raises(TransientError, match="rate_limited"):
        one.posting.deliver("asked")
    assert len(one.platform.posted) == 1, "the other one"
    one.posting.deliver("asked")
    assert len(one.platform.posted) == 2


@pytest.mark.parametrize("is_there", [True, False])
def test_one_commit_of_a_digest_is_posted_or_said_to_be_unknown(office, is_there) -> None:
    one = office(None)
    digest = samples.busy()
    commit = digest.repositories[0].commits[0]
    one.digests.put("asked", digest)
    sha = commit.sha[:7] if is_there else "0" * 7
    channel = Channel(platform="memory", workspace="T1", id="C1")
    one.orders.put("asked", Order(channel=channel, language="en", sources=("a/b",), public_only=False, sha=sha))
    one.posting.deliver("asked")
    assert ("0000000" in one.platform.texts[0]) is not is_there


@pytest.mark.parametrize("name", ["pigeons", "../slack", "os", ""])
def test_an_unknown_platform_is_refused_in_words(name, redis) -> None:
    with pytest.raises(RefusedError, match="no_platform"):
        open_platform(name, Settings(), redis)


def test_a_private_digest_is_not_posted_where_others_read_by_now(office) -> None:
    one = office(samples.busy(), public_only=False)
    one.platform.shared.add("C1")
    one.posting.deliver(one.run_id)
    assert one.platform.posted == []
    assert one.subscription.failing.reason.code == "channel_shared"


def test_a_public_digest_is_posted_where_others_read(office) -> None:
    one = office(samples.busy(), public_only=True)
    one.platform.shared.add("C1")
    one.posting.deliver(one.run_id)
    assert one.platform.posted
