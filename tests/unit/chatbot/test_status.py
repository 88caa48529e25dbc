"""How things are is read from Redis."""

from datetime import UTC, datetime, timedelta

import fakeredis

from chatbot.commands.status import Overview
from chatbot.render.plain import plain_text
from chatbot.views.answers import QueueState, status_view
from workers import queues
from workers.store.answers import AnswerCounts, Answers
from workers.store.usage import DayUsage, UsageStore
from workers.words import load_words


def test_queues_are_told_with_the_age_of_their_oldest_job_and_a_week_of_usage(redis: fakeredis.FakeStrictRedis):
    usage = UsageStore(redis)
    for name in ("one", "two"):
        queues.enqueue(redis, "digests", "workers.jobs.collect", [name, None], name)
    now = datetime.now(UTC) + timedelta(minutes=3)
    for days in (0, 6, 7):
        usage.add(DayUsage(day=now.date() - timedelta(days=days), model="m", calls=1))
    status = Overview(redis, ["digests", "chat"], usage).status(now)
    digests, chat = status.queues
    assert (digests.name, digests.waiting) == ("digests", 2)
    assert digests.oldest is not None
    assert timedelta(minutes=3) <= digests.oldest < timedelta(minutes=4)
    assert chat == QueueState("chat", 0, None)
    assert status.workers == 0
    assert [day.calls for day in status.usage] == [1, 1]


def test_what_answers_of_a_week_cost_is_told(redis: fakeredis.FakeStrictRedis):
    now = datetime.now(UTC)
    for days in (0, 6, 7):
        spent = Answers(count=2, input_tokens=100, output_tokens=10, cost=0.5)
        AnswerCounts(redis).add(now.date() - timedelta(days=days), spent)
    status = Overview(redis, ["digests"], UsageStore(redis)).status(now)
    assert (status.answers.count, status.answers.cost) == (4, 1.0)
    assert "0.25" in plain_text(status_view(status, [], load_words("chatbot.views", "en")))


def test_a_job_that_is_gone_has_no_age(redis: fakeredis.FakeStrictRedis):
    queues.enqueue(redis, "digests", "workers.jobs.collect", ["one", None], "one")
    redis.delete("rq:job:one")
    [digests] = Overview(redis, ["digests"], UsageStore(redis)).status(datetime.now(UTC)).queues
    assert (digests.waiting, digests.oldest) == (1, None)
