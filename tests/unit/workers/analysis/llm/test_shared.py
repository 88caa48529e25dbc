"""What processes share by Redis: slots, what a server understands, and what was used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import fakeredis
import pytest
from redis import Redis

from tests.fakes.model import FakeModel
from tests.fakes.model_protocol import Said
from tests.unit.workers.analysis.llm.questions import QUESTION, Asker
from workers.store.responses import ResponseMemory
from workers.store.slots import RedisSlots
from workers.store.usage import DayUsage, UsageStore

DAY = date(2026, 2, 21)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client


@pytest.fixture
def process(redis: Redis, model: FakeModel) -> Asker:
    """Asks as a worker process does."""
    asker = Asker(model, memory=ResponseMemory(redis, timedelta(days=1)))
    asker.slots = RedisSlots(redis, asker.endpoint().name, 4)
    asker.record = lambda name, usage: UsageStore(redis).add(DayUsage(day=DAY, model=name, **usage.model_dump()))
    return asker


def test_processes_share_what_a_server_understands(process: Asker, model: FakeModel, redis: Redis) -> None:
    model.refuses = {"json_schema": 400, "json_object": 400}
    process.ask()
    model.calm()
    Asker(model, memory=ResponseMemory(redis, timedelta(days=1))).ask()
    assert [asked.rung for asked in model.requests] == ["text"]


def test_many_questions_keep_to_the_shared_slots_and_are_accounted_for(
    process: Asker, model: FakeModel, redis: Redis
) -> None:
    process.changes = {"input_price": 1_000_000.0}
    model.latency = 0.01
    model.script = lambda _: Said('{"verdict": "x"}', prompt_tokens=10, completion_tokens=2)
    process.ask_all([QUESTION] * 20)
    assert model.most_at_once == 4
    (used,) = UsageStore(redis).between(DAY, DAY)
    assert used == DayUsage(day=DAY, model="small", calls=20, input_tokens=200, output_tokens=40, cost=200.0)
