"""Usage by day and model: added up, kept for a while, read over a span of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from redis import Redis

from workers.store import keys
from workers.store.usage import LIFE, DayUsage, UsageStore

DAY = date(2026, 2, 21)


@pytest.fixture
def store(redis: Redis) -> UsageStore:
    return UsageStore(redis)


def used(model: str = "small", day: date = DAY, cost: float | None = None) -> DayUsage:
    return DayUsage(day=day, model=model, calls=1, input_tokens=100, output_tokens=10, cost=cost)


def test_calls_of_a_day_and_a_model_are_added_up(store: UsageStore) -> None:
    for cost in (0.5, 0.25):
        store.add(used(cost=cost))
    assert store.between(DAY, DAY) == (
        DayUsage(day=DAY, model="small", calls=2, input_tokens=200, output_tokens=20, cost=0.75),
    )


def test_without_prices_there_is_no_cost(store: UsageStore) -> None:
    store.add(used())
    assert store.between(DAY, DAY)[0].cost is None


def test_a_span_holds_its_days_in_order_and_each_model_apart(store: UsageStore) -> None:
    days = [DAY + timedelta(days=number) for number in range(4)]
    for day in reversed(days):
        for model in ("qwen3:8b", "a:calls"):
            store.add(used(model, day))
    found = store.between(days[1], days[2])
    assert [(one.day, one.model) for one in found] == [
        (day, model) for day in days[1:3] for model in ("a:calls", "qwen3:8b")
    ]


def test_days_without_calls_are_no_days(store: UsageStore) -> None:
    assert store.between(DAY - timedelta(days=30), DAY) == ()
    assert store.between(DAY, DAY - timedelta(days=1)) == ()


def test_a_day_lives_on_for_a_hundred_days_after_its_last_call(store: UsageStore, redis: Redis) -> None:
    store.add(used())
    assert redis.ttl(keys.usage(DAY)) == pytest.approx(LIFE.total_seconds(), abs=5)
