"""A revert is told where what it undoes was told: a line in the thread, once, and a mark at the entry."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from chatbot.delivery.ledger import Hold, Ledger, Row
from chatbot.delivery.posting import Posting
from chatbot.delivery.reverting import TELL_REVERTS, Reverting
from chatbot.delivery.told import Told, ToldStore
from chatbot.messaging import Channel, Part, Receipt
from chatbot.orders import Order, OrderStore
from tests.fakes.platform import Died, MemoryPlatform, Trouble
from tests.samples import digest, entry, repository
from tests.unit.chatbot.delivery.conftest import Time
from workers import queues
from workers.errors import TransientError
from workers.model import Digest, Entry, Tier
from workers.store.digests import DigestStore
from workers.store.leaving import forget_workspace
from workers.store.runs import RunStore
from workers.store.threads import Topics

LIFE = timedelta(days=90)
C1 = Channel(platform="memory", workspace="T1", id="C1")
C2 = C1.model_copy(update={"id": "C2"})
REVERTED = "was reverted"


def news(subject: str = "feat: a new wheel", **given: object) -> Entry:
    return entry(subject, "09:00", tier=Tier.HIGH, **given)


def reverting(*undone: Entry) -> Entry:
    made = news("Revert the wheel")
    return made.model_copy(update={"reverts": tuple(one.sha for one in undone)})


def made_of(*entries: Entry) -> Digest:
    return digest(repository(list(entries)))


class Rows(Ledger):
    """Dies at its `last` write, before or after it has happened."""

    def __init__(self, redis: Redis, last: int, is_written: bool) -> None:
        super().__init__(redis, LIFE)
        self.left, self.is_written = last, is_written

    def write(self, hold: Hold, number: int, row: Row, now: object) -> Row:  # type: ignore[override]
        self.left -= 1
        if self.left == 0 and self.is_written:
            super().write(hold, number, row, now)  # type: ignore[arg-type]
        if self.left == 0:
            raise Died
        return super().write(hold, number, row, now)  # type: ignore[arg-type]

    def leave(self, hold: Hold) -> None:
        if not isinstance(sys.exc_info()[1], Died):
            super().leave(hold)


class Town:
    """Digests that are delivered, and what tells their reverts."""

    def __init__(self, redis: Redis, time: Time) -> None:
        self.redis, self.time = redis, time
        self.platform = MemoryPlatform(time.now)
        self.digests, self.orders = DigestStore(redis, LIFE), OrderStore(redis, LIFE)
        self.told = ToldStore(redis, LIFE)
        self.sees = True

    def deliver(self, digest_id: str, made: Digest, *channels: Channel, public_only: bool = True) -> None:
        self.digests.put(digest_id, made)
        for channel in channels or (C1,):
            order = Order(channel=channel, language="en", sources=("acme/engine",), public_only=public_only)
            self.orders.put(digest_id, order)
        Posting(
            redis=self.redis,
            digests=self.digests,
            runs=RunStore(self.redis, LIFE),
            orders=self.orders,
            ledger=Ledger(self.redis, LIFE),
            open_platform=lambda name: self.platform,
            clock=self.time.clock,
            holder="job",
            topics=Topics(self.redis, LIFE),
            told=self.told,
        ).deliver(digest_id)

    def tell(self, digest_id: str, ledger: Ledger | None = None, holder: str = "job") -> None:
        Reverting(
            digests=self.digests,
            orders=self.orders,
            ledger=ledger or Ledger(self.redis, LIFE),
            told=self.told,
            open_platform=lambda name: self.platform,
            sees=lambda channel, sources: self.sees,
            clock=self.time.clock,
            holder=holder,
        ).tell(digest_id)

    def tell_until_told(self, digest_id: str, *deaths: tuple[int, bool]) -> None:
        """As a job that is run again whenever it died or could not finish."""
        for number in range(20):
            last, is_written = deaths[number] if number < len(deaths) else (0, False)
            try:
                self.tell(digest_id, Rows(self.redis, last, is_written), f"job-{number % 2}")
            except (Died, TransientError):
                self.time.pause(61)
            else:
                return
        raise AssertionError("it was never told")

    @property
    def lines(self) -> list[str]:
        return [text for text in self.platform.texts if REVERTED in text]

    def jobs(self) -> list[str]:
        waiting = Queue(queues.WARM, connection=self.redis, serializer=JSONSerializer).jobs
        return [f"{job.func_name} {job.args[0]}" for job in waiting]


@pytest.fixture
def town(redis: Redis, time: Time) -> Town:
    return Town(redis, time)


def test_a_revert_is_told_once_in_the_thread_of_the_digest_and_marked_in_it(town: Town) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel, news("fix: a spoke")))
    (parent, *rest) = town.platform.texts
    assert town.jobs() == []
    town.deliver("d2", made_of(reverting(wheel)))
    assert town.jobs() == [f"{TELL_REVERTS} d2"]
    for _ in range(3):
        town.tell("d2")
    assert len(town.lines) == 1
    line = next(one for one in town.platform.posted if REVERTED in one.text)
    assert line.thread == "1", "the thread of the first digest"
    (marked_text,) = [text for text in town.platform.texts if f"Reverted by {reverting().sha[:7]}" in text]
    assert town.platform.texts.index(marked_text) < len([parent, *rest]), "at its entry"
    marked = town.digests.get("d1")
    assert marked is not None
    assert marked.repositories[0].entry(wheel.sha).reverted_by == (reverting().sha,)  # type: ignore[union-attr]


def test_each_channel_is_told_by_whichever_digest_comes_first_and_by_no_other(town: Town) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel), C1, C2)
    town.deliver("d2", made_of(reverting(wheel)), C1)
    town.deliver("d3", made_of(reverting(wheel)), C2)
    for digest_id in ("d2", "d3", "d2"):
        town.tell(digest_id)
    assert len(town.lines) == 2
    assert len({one.thread for one in town.platform.posted if REVERTED in one.text}) == 2


def test_what_the_same_digest_reverts_is_said_in_it_and_not_below_it(town: Town) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel, reverting(wheel)))
    town.tell("d1")
    assert town.lines == []


def test_what_was_never_told_needs_no_line(town: Town) -> None:
    town.deliver("d2", made_of(reverting(news())))
    town.tell("d2")
    assert town.lines == []


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("last", range(1, 5))
@pytest.mark.parametrize("trouble", [None, "lost answer", "dropped", "late", "throttled", "die before", "die after"])
def test_it_is_told_once_whatever_dies_and_whatever_the_platform_answers(
    town: Town, trouble: Trouble | None, last: int, is_written: bool
) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel))
    town.deliver("d2", made_of(reverting(wheel)))
    if trouble:
        town.platform.troubles = {town.platform.calls + 1: trouble}
    town.tell_until_told("d2", (last, is_written), (last, not is_written))
    assert len(town.lines) == 1


class Deaf(MemoryPlatform):
    """Edits nothing."""

    def edit(self, receipt: Receipt, part: Part) -> None:
        raise AssertionError("it is not to be asked")


def test_what_can_no_longer_be_changed_has_the_line_alone(town: Town, time: Time, monkeypatch) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel))
    town.deliver("d2", made_of(reverting(wheel)))
    can = town.platform.capabilities.model_copy(update={"editable_for": timedelta(days=14)})
    monkeypatch.setattr(MemoryPlatform, "capabilities", can)
    monkeypatch.setattr(town.platform, "edit", Deaf.edit.__get__(town.platform))
    time.pause(15 * 86_400)
    town.tell("d2")
    assert len(town.lines) == 1


def test_a_digest_that_somebody_deleted_is_not_posted_again_and_others_are_told(town: Town) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel), C1, C2)
    gone = town.platform.posted[0]
    town.platform.posted.remove(gone)
    town.deliver("d2", made_of(reverting(wheel)))
    town.tell("d2")
    assert len(town.lines) == 2, "Slack goes on with a thread whose first message is gone"
    assert gone.text not in [one.text for one in town.platform.posted if one.id == gone.id]


@pytest.mark.parametrize(("old_public", "sees", "lines"), [(True, True, 0), (False, True, 1), (False, False, 0)])
def test_what_only_a_private_repository_holds_is_told_only_where_it_may_be_seen(
    town: Town, old_public: bool, sees: bool, lines: int
) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel), C1, public_only=old_public)
    town.deliver("d2", made_of(reverting(wheel)), C2, public_only=False)
    town.sees = sees
    town.tell("d2")
    assert len(town.lines) == lines


def test_what_a_workspace_was_told_is_forgotten_with_it(town: Town, redis: Redis) -> None:
    wheel = news()
    town.deliver("d1", made_of(wheel), C1, C2.model_copy(update={"workspace": "T2"}))
    assert len(town.told.of("github:acme/engine", wheel.sha)) == 2
    forget_workspace(redis, "memory", "T1")
    (left,) = town.told.of("github:acme/engine", wheel.sha)
    assert left.channel.workspace == "T2"


def test_where_a_commit_was_told_is_kept_once_and_for_as_long_as_its_digest(redis: Redis) -> None:
    store = ToldStore(redis, LIFE)
    told = Told(digest_id="d1", delivery="d1/memory:T1:C1", channel=C1)
    for _ in range(2):
        store.put("github:a/b", ["1" * 40, "2" * 40], told)
    assert store.of("github:a/b", "1" * 40) == [told]
    assert store.of("github:a/c", "1" * 40) == []
    (one, two) = redis.keys("cd:1:told:*")
    assert 0 < redis.ttl(one) <= redis.ttl(two) + 1 <= LIFE.total_seconds() + 1
