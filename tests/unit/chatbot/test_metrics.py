"""Metrics: what all processes do, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import fakeredis
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from rq import SimpleWorker
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from chatbot.app import QUEUES
from chatbot.commands.status import Overview
from chatbot.metrics import Scrape, metrics_route
from tests.subscriptions import NOW, wish
from workers import __version__, queues
from workers.cadence import due_window
from workers.errors import RefusedError
from workers.store.schedules import Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.store.usage import DayUsage, UsageStore
from workers.subscription import Paused, Running
from workers.worker import Worker

Found = dict[tuple[str, ...], float]


@dataclass
class Window:
    """A platform's way in that is well or not."""

    name: str
    well: bool
    routes: Sequence[BaseRoute] = ()

    def open(self) -> None: ...

    def close(self) -> None: ...

    def is_well(self) -> bool:
        return self.well


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client


def client_of(redis: Redis, token: str | None = None) -> TestClient:
    doors = [Window("slack", True), Window("feishu", False)]
    scrape = Scrape(redis, doors, Overview(redis, QUEUES, UsageStore(redis)), now=lambda: NOW)
    return TestClient(Starlette(routes=[metrics_route(scrape, token)]))


def scraped(redis: Redis) -> Found:
    """Every number by its name without our prefix, and the values of its labels, by the names of these."""
    answer = client_of(redis).get("/metrics")
    assert answer.status_code == 200
    found: Found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found[
                (sample.name.removeprefix("commit_digest_"), *(value for _, value in sorted(sample.labels.items())))
            ] = sample.value
    return found


def test_an_installation_where_nothing_happened_yet_has_numbers_too(redis) -> None:
    found = scraped(redis)
    assert found[("info", __version__)] == 1
    assert found[("redis_up",)] == 1
    assert (found[("platform_up", "slack")], found[("platform_up", "feishu")]) == (1, 0)
    assert (found[("deliveries_total",)], found[("schedule_late_seconds",)]) == (0, 0)
    assert {found[("queue_jobs", name)] for name in QUEUES} == {0}


def test_what_waits_runs_and_has_failed_is_told_by_queue(redis) -> None:
    queues.enqueue(redis, queues.POSTS, "workers.nothing", [], "first")
    queues.enqueue(redis, queues.POSTS, "workers.nothing", [], "second")
    found = scraped(redis)
    assert (found[("queue_jobs", "posts")], found[("queue_jobs", "chat")]) == (2, 0)
    assert found[("workers", "posts")] == 0


def test_what_workers_have_done_outlives_them(redis) -> None:
    queues.enqueue(redis, queues.POSTS, "time.sleep", [0], "fine")
    queues.enqueue(redis, queues.POSTS, "workers.nothing", [], "broken")
    queues.enqueue(redis, "private:1", "time.sleep", [0], "private")
    for name in (queues.POSTS, "private:1"):
        Here(redis, name).work(burst=True, logging_level="CRITICAL")
    found = scraped(redis)
    assert (found[("jobs_total", "finished", "posts")], found[("jobs_total", "failed", "posts")]) == (1, 3), "attempts"
    assert 0 <= found[("job_seconds_total", "posts")] < 10
    assert found[("jobs_failed", "posts")] == 1
    assert not any("private:1" in name for name in found)


class Here(Worker):
    """Our worker, doing its jobs in this process."""

    execute_job = SimpleWorker.execute_job

    def dequeue_job_and_maintain_ttl(self, timeout: int | None, max_idle_time: int | None = None):
        return self._next_job()


def test_subscriptions_are_told_by_how_they_stand(redis) -> None:
    store, schedule = SubscriptionStore(redis), Schedule(redis)
    one, *_ = (store.add(wish(channel), NOW)[0] for channel in ("C1", "C2", "C3", "C4"))
    store.pause(store.all()[3].id, Paused(at=NOW))
    due = one.next_look
    several = schedule.claim(due, 2)
    for number, claimed in enumerate(several):
        window = due_window(claimed.subscription.wish.cadence, claimed.subscription.marker, due)
        running = Running(run_id=f"run{number}", window=window, begun_at=due)
        schedule.begin(claimed, running, lambda *_: None, due)
    first, second = (store.get(claimed.subscription.id) for claimed in several)
    schedule.fail(first, "run0", RefusedError("repository_not_found"), due)
    found = scraped(redis)
    standing = {state: found[("subscriptions", state)] for state in ("waiting", "running", "failing", "paused")}
    assert standing == {"waiting": 1, "running": 1, "failing": 1, "paused": 1}
    assert found[("subscription_failures_total", "repository_not_found")] == 1
    schedule.complete(second, "run1", "empty", due)
    assert scraped(redis)[("subscription_runs_total", "empty")] == 1


def test_a_due_time_that_no_scheduler_turns_to_shows(redis) -> None:
    SubscriptionStore(redis).add(wish(), NOW - timedelta(days=1))
    assert scraped(redis)[("schedule_late_seconds",)] == timedelta(hours=23, minutes=30).total_seconds()


def test_models_are_told_with_tokens_and_cost_of_all_days(redis) -> None:
    usage = UsageStore(redis)
    for days in (0, 200):
        day = NOW.date() - timedelta(days=days)
        usage.add(DayUsage(day=day, model="small:8b", calls=2, input_tokens=30, output_tokens=4, cost=0.5))
    usage.add(DayUsage(day=NOW.date(), model="free", calls=1))
    found = scraped(redis)
    assert (found[("model_calls_total", "small:8b")], found[("model_cost_total", "small:8b")]) == (4, 1.0)
    assert found[("model_tokens_total", "input", "small:8b")] == 60
    assert found[("model_tokens_total", "output", "small:8b")] == 8
    assert ("model_cost_total", "free") not in found


def test_without_redis_that_is_what_is_told() -> None:
    gone = Redis(host="127.0.0.1", port=1, retry=None)
    found = scraped(gone)
    assert (found[("redis_up",)], found[("platform_up", "slack")]) == (0, 1)
    assert not any(name[0].startswith("queue") for name in found)


@pytest.mark.parametrize(
    ("given", "status"), [({}, 401), ({"Authorization": "Bearer no"}, 401), ({"Authorization": "Bearer yes"}, 200)]
)
def test_where_a_token_is_set_it_has_to_be_shown(redis, given: dict[str, str], status: int) -> None:
    assert client_of(redis, "yes").get("/metrics", headers=given).status_code == status
