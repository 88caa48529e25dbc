"""From a subscription that is due to its messages: a real server, real jobs, a real repository."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from chatbot.schedule import FOLLOW_UPS
from tests.fakes.platform import MemoryPlatform
from tests.repositories import RepositoryBuilder
from tests.servers import redis_server
from tests.subscriptions import NOW, wish
from workers import queues
from workers.connection import connect
from workers.scheduling import Scheduler
from workers.store import keys
from workers.store.runs import RunStore
from workers.store.schedules import FIRST_PAUSE, Schedule
from workers.store.subscriptions import SubscriptionStore

DUE = NOW.replace(hour=9, minute=0)
HOUR = timedelta(hours=1)
QUEUES = (queues.POSTS, queues.SCHEDULED, queues.WARM)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as url, connect(url) as client:
        yield client


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> MemoryPlatform:
    """The platform `memory`, opened as any other is."""
    one = MemoryPlatform(lambda: datetime.now(UTC))
    module = ModuleType("chatbot.platforms.memory")
    module.open_platform = lambda settings, redis: one  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return one


@pytest.fixture
def source(tmp_path: Path) -> str:
    built = RepositoryBuilder(tmp_path / "engine")
    built.commit("Add a wheel", {"wheel.py": "def turn():\n    return 1\n"})
    built.commit("Turn it twice", {"wheel.py": "def turn():\n    return 2\n"})
    return str(tmp_path / "engine")


def work(redis: Redis) -> None:
    """Does all jobs, and those that they enqueue, until none is left."""
    waiting = [Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES]
    while any(queue.count for queue in waiting):
        SimpleWorker(waiting, connection=redis, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")


def _analyses(redis: Redis) -> dict[bytes, object]:
    return {key: redis.get(key) for key in redis.keys(f"{keys.PREFIX}:analysis:*")}


@pytest.fixture
def scheduler(redis: Redis) -> Scheduler:
    return Scheduler(redis, Schedule(redis), RunStore(redis, timedelta(days=1)), FOLLOW_UPS, HOUR)


def test_a_digest_that_is_due_stands_in_its_channel_once(redis, platform, source, scheduler) -> None:
    store = SubscriptionStore(redis)
    added, _ = store.add(wish(source=source), NOW)
    scheduler.turn(DUE)
    work(redis)
    texts = list(platform.texts)
    assert texts, "it was posted"
    for minutes in range(1, 4):
        scheduler.turn(DUE + timedelta(minutes=minutes))
        work(redis)
    assert platform.texts == texts
    found = store.get(added.id)
    assert (found.marker, found.next_look, found.failing) == (DUE, DUE + timedelta(days=1), None)


def test_what_was_fetched_ahead_is_not_judged_again(redis, platform, source, scheduler) -> None:
    SubscriptionStore(redis).add(wish(source=source), NOW)
    scheduler.turn(NOW)
    work(redis)
    judged = _analyses(redis)
    assert (len(judged), platform.posted) == (2, [])
    scheduler.turn(DUE)
    work(redis)
    assert platform.posted != []
    assert _analyses(redis) == judged


def test_what_was_pushed_after_its_window_is_in_the_next_digest_and_said(redis, platform, source, scheduler) -> None:
    store = SubscriptionStore(redis)
    added, _ = store.add(wish(source=source), NOW)
    scheduler.turn(DUE)
    work(redis)
    before = len(platform.texts)
    RepositoryBuilder(Path(source)).commit(
        "Oil the wheel", {"oil.py": "x\n"}, at=DUE - HOUR, parents=["refs/heads/main"]
    )
    scheduler.turn(DUE + timedelta(days=1))
    work(redis)
    said = "\n".join(platform.texts[before:])
    assert ("oil.py" in said, "wheel.py" in said) == (True, False)
    assert "One of these commits is older" in said
    before = len(platform.texts)
    scheduler.turn(DUE + timedelta(days=2))
    work(redis)
    assert "No commits" in "\n".join(platform.texts[before:])
    assert store.get(added.id).marker == DUE + timedelta(days=2)


def test_a_repository_that_is_gone_for_two_days_is_told_once_and_caught_up(redis, platform, source, scheduler) -> None:
    store = SubscriptionStore(redis)
    added, _ = store.add(wish(source=source), NOW)
    away = Path(source).rename(f"{source}-away")
    now = DUE
    while now < DUE + timedelta(days=2):
        scheduler.turn(now)
        work(redis)
        now += timedelta(minutes=30)
    (complaint,) = platform.texts
    assert "2026-02-20 09:00" in complaint
    away.rename(source)
    scheduler.turn(now + FIRST_PAUSE * 100)
    work(redis)
    assert "covers all of it" in platform.texts[1]
    found = store.get(added.id)
    assert (found.marker, found.failing) == (DUE + timedelta(days=2), None)
