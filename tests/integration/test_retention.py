"""Retention: after everything that is done with an installation, every key has the life that is written down for it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from chatbot.app import QUEUES, new_conversation
from chatbot.delivery.posting import channel_of
from chatbot.messaging import Message, Person
from chatbot.schedule import FOLLOW_UPS
from tests.fakes.platform import MemoryPlatform
from tests.repositories import RepositoryBuilder
from tests.servers import redis_server
from tests.subscriptions import NOW, wish
from workers.connection import connect
from workers.scheduling import Scheduler
from workers.settings import Settings
from workers.store import keys
from workers.store.feedback import FeedbackStore
from workers.store.leaving import forget, kept_of
from workers.store.notes import Notes
from workers.store.runs import RunStore
from workers.store.schedules import Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.store.usage import DayUsage, UsageStore
from workers.subscription import Paused, Subscriber

DUE = NOW.replace(hour=9, minute=0)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

KEPT_BY_RQ = (
    r"rq:queues|rq:queue:[a-z]+|rq:workers|rq:workers:[a-z]+",
    r"rq:(?:finished|failed|wip|deferred|scheduled|canceled|ready):[a-z]+",
)
"""What RQ keeps for ever: names of queues and of workers, and the registries of jobs, whose entries have lives."""


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as url, connect(url) as client:
        yield client


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> MemoryPlatform:
    one = MemoryPlatform(lambda: datetime.now(UTC))
    module = ModuleType("chatbot.platforms.memory")
    module.open_platform = lambda settings, redis: one  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return one


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    built = RepositoryBuilder(tmp_path / "engine")
    built.commit("Add a wheel", {"wheel.py": "def turn():\n    return 1\n"})
    return str(tmp_path / "engine")


def work(redis: Redis) -> None:
    """Does all jobs, and those that they enqueue: digests before what waits for them."""
    waiting = [Queue(name, connection=redis, serializer=JSONSerializer) for name in sorted(QUEUES, reverse=True)]
    while any(queue.count for queue in waiting):
        SimpleWorker(waiting, connection=redis, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")


def live(redis: Redis, source: str) -> None:
    """A month of an installation in short: digests that are due, late, empty, asked for and failing, and all else."""
    store, schedule = SubscriptionStore(redis), Schedule(redis)
    scheduler = Scheduler(redis, schedule, RunStore(redis, DAY), FOLLOW_UPS, HOUR)
    store.add(wish(source=source), NOW)
    store.add(wish("C2", source="/nowhere"), NOW)
    paused, _ = store.add(wish("C3", source=source), NOW)
    store.pause(paused.id, Paused(at=NOW, by=Subscriber(id="U1")))
    gone, _ = store.add(wish("C4", source=source), NOW)
    for now in (NOW, DUE, DUE + HOUR, DUE + DAY):
        scheduler.turn(now)
        work(redis)
    store.remove(gone)
    talk(redis, source)
    FeedbackStore(redis, DAY).put("name", "a" * 40, "memory:T1:U1", helped=True)
    Notes(redis).put("general", HOUR, "memory", "T1", "chat", "C1")
    UsageStore(redis).add(DayUsage(day=NOW.date(), model="small", calls=1, cost=0.1))


def talk(redis: Redis, source: str) -> None:
    """What a person writes in a channel, and what is done for it."""
    settings = Settings(allowed_repositories=f"{source}@memory")
    conversation = new_conversation(settings, redis)
    channel = channel_of(wish().place)
    said = (
        f"/digest {source} 2026-02-21",
        "/digest settings lang=zh",
        "/digest list",
        "/digest status",
        "/digest run 1",
    )
    for number, text in enumerate(said):
        ada = Person(id="U1", name="Ada", language="en")
        answer = conversation.hear(
            Message(ids=(str(number),), channel=channel, person=ada, text=text, way="command"), DUE + DAY
        )
        assert answer is None or "Reference" not in str(answer)
        work(redis)


def lives() -> dict[str, str]:
    """Patterns of our keys with the lives that are written down for them."""
    lines = re.findall(r"^    (cd:1:\S+) +(\w+) +(\S+(?: \S+)*?)(?=  |$)", keys.__doc__ or "", re.MULTILINE)
    assert len(lines) > 40
    named = [(re.sub(r"<(?:name|channel)>", ".+", name), kind, life) for name, kind, life in lines]
    return {re.sub(r"<\w+>", "[^:]+", name) + _SHELF * (kind == "shelf"): life for name, kind, life in named}


_SHELF = "(?::order(?::[^:]+)?)?"


def life_of(key: str) -> str:
    found = [life for pattern, life in lives().items() if re.fullmatch(pattern, key)]
    assert found, f"{key} is written down nowhere"
    return found[-1]


def test_every_key_dies_but_those_that_are_meant_to_stay(redis, platform, source) -> None:
    live(redis, source)
    assert platform.texts, "something was posted"
    kinds = set()
    for key in sorted(found.decode() for found in redis.scan_iter()):
        ttl = redis.ttl(key)
        if key.startswith("rq:"):
            is_kept = any(re.fullmatch(pattern, key) for pattern in KEPT_BY_RQ)
        else:
            kinds.add(key.split(":")[2])
            is_kept = life_of(key) == "for ever"
        assert (ttl == -1) == is_kept, f"{key} lives {ttl} seconds"
    assert {
        "commit",
        "analysis",
        "run",
        "digest",
        "delivery",
        "orders",
        "seen",
        "told",
        "channel",
        "subscription",
    } <= kinds


def test_what_is_kept_of_a_workspace_can_all_be_deleted(redis, platform, source) -> None:
    live(redis, source)
    forget(redis, kept_of(redis, "memory", "T1"))
    left = {key.decode() for key in redis.scan_iter(f"{keys.PREFIX}:*")}
    kinds = {key.split(":")[2] for key in left}
    of_no_place = {"commit", "analysis", "claim-history", "fence", "seen", "usage", "counts", "history", "run", "pace"}
    assert kinds <= of_no_place | {"highlights", "response"}
    assert all(key.split(":")[3].startswith("warm-") for key in left if key.split(":")[2] == "run")
