"""Orders are kept before their run begins; what is wanted is made by jobs that are named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer

from chatbot.messaging import Channel, Press
from chatbot.orders import JobDesk, Jobs, Order, OrderStore
from chatbot.presses import CommitPress, PagePress
from tests.unit.chatbot.rooms import CHANNEL, PERSON, press
from workers.request import DigestRequest, Query
from workers.store import keys
from workers.store.runs import RunStore

DAY = timedelta(days=1)
JOBS = Jobs(deliver="chat.deliver", watch="chat.watch", details="chat.details", page="chat.page", chat="chat")
OTHER = CHANNEL.model_copy(update={"id": "C0"})


def order(channel: Channel = CHANNEL) -> Order:
    return Order(channel=channel, language="zh", sources=("a/b",), public_only=True, person=PERSON)


@pytest.fixture
def orders(redis: Redis) -> OrderStore:
    return OrderStore(redis, DAY)


@pytest.fixture
def desk(redis: Redis, orders: OrderStore) -> JobDesk:
    return JobDesk(redis, RunStore(redis, DAY), orders, JOBS)


def job(redis: Redis, job_id: str) -> Job:
    return Job.fetch(job_id, connection=redis, serializer=JSONSerializer)


def test_an_order_is_found_by_its_channel(orders: OrderStore, redis: Redis):
    orders.put("d1", order())
    orders.put("d1", order(OTHER))
    assert orders.get("d1", CHANNEL) == order()
    assert orders.all("d1") == [order(OTHER), order()]
    assert orders.get("d2", CHANNEL) is None
    assert orders.get("d1", CHANNEL.model_copy(update={"workspace": "T2"})) is None
    assert 86_000 < redis.ttl(keys.orders("d1")) <= 86_400


def test_an_order_of_another_version_counts_as_none(orders: OrderStore, redis: Redis):
    redis.hset(keys.orders("d1"), CHANNEL.key, b"not ours")
    orders.put("d1", order(OTHER))
    assert orders.get("d1", CHANNEL) is None
    assert orders.all("d1") == [order(OTHER)]


def test_a_digest_begins_with_its_order_a_run_and_somebody_to_watch_it(desk: JobDesk, redis: Redis):
    request = DigestRequest(
        asked_at=datetime(2026, 2, 21, tzinfo=UTC), sources=("a/b",), query=Query(timezone="UTC"), language="zh"
    )
    run = desk.order(request, order())
    assert desk.ordered(run, CHANNEL) == order()
    assert RunStore(redis, DAY).request(run) == request
    collect, watch = job(redis, f"{run}-collect"), job(redis, f"{run}-watch")
    assert (collect.origin, collect.func_name, list(collect.args)) == (
        "digests",
        "workers.jobs.collect",
        [run, "chat.deliver"],
    )
    assert (watch.origin, watch.func_name, list(watch.args)) == ("chat", "chat.watch", [run])
    assert desk.order(request, order()) != run


def test_a_press_is_answered_by_a_job_that_is_told_where_it_was(desk: JobDesk, redis: Redis):
    pressed = press("details", "x")
    wanted = CommitPress(digest_id="d1", repository=0, sha="0123456789abcdef")
    desk.details(pressed, wanted)
    [job_id] = redis.lrange("rq:queue:chat", 0, -1)
    found = job(redis, job_id.decode())
    assert found.func_name == "chat.details"
    *arguments, told = found.args
    assert arguments == ["d1", "0", "0123456789abcdef"]
    assert Press.model_validate_json(told) == pressed


def test_a_page_is_answered_by_a_job(desk: JobDesk, redis: Redis):
    desk.page(press("menu", "x"), PagePress(digest_id="d1", page=2))
    [job_id] = redis.lrange("rq:queue:chat", 0, -1)
    found = job(redis, job_id.decode())
    assert (found.func_name, list(found.args)[:2]) == ("chat.page", ["d1", "2"])
    assert json.loads(found.args[2])["kind"] == "menu"
