"""What people wait for is never behind digests: every process of `commit-digest worker` has one queue."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from redis import Redis

from chatbot.work import queues_of
from tests.integration import sample_jobs
from tests.processes import line_of, program, wait_until
from tests.servers import redis_server
from workers import queues
from workers.connection import connect

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the supervisor's children die with it on Linux alone")

WORK = """
    import sys
    from chatbot.work import queues_of
    from tests.integration import sample_jobs
    from workers.serve import Supervisor
    print("began", flush=True)
    Supervisor(sys.argv[1], queues_of(1), 1, grace=0).run()
"""
OF_DIGESTS = (queues.DIGESTS, queues.SCHEDULED, queues.POSTS, queues.WARM)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as url, connect(url) as client:
        client.set("url", url)
        yield client


def told(redis: Redis) -> list[str]:
    return [text.decode() for text in redis.lrange("told", 0, -1)]


def test_a_press_is_answered_while_every_queue_of_digests_is_long_and_busy(redis: Redis) -> None:
    for queue in OF_DIGESTS:
        for number in range(50):
            queues.enqueue(redis, queue, sample_jobs.hold, [queue], f"{queue}-{number}")
    with program(WORK, redis.get("url").decode()) as worker:
        line_of(worker)
        wait_until(lambda: len(told(redis)) >= len(OF_DIGESTS), 30)
        queues.enqueue(redis, queues.CHAT, sample_jobs.tell, ["pressed"], "press")
        queues.enqueue(redis, queues.QUESTIONS, sample_jobs.tell, ["asked"], "question")
        wait_until(lambda: {"pressed", "asked"} <= set(told(redis)), 10)
        assert not any(text.endswith("ended") for text in told(redis))
        worker.kill()


def test_a_digest_that_was_asked_for_does_not_wait_for_those_that_are_due() -> None:
    places = queues_of(3)
    assert {places.count(name) for name in (queues.SCHEDULED, queues.POSTS, queues.WARM)} == {1}
    assert (places.count(queues.DIGESTS), set(places) == {*OF_DIGESTS, queues.CHAT, queues.QUESTIONS}) == (3, True)
