"""`status` and `help`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from redis import Redis
from rq import Queue, Worker
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from chatbot.commands.command import HelpCommand, PlainCommand
from chatbot.commands.scene import Scene
from chatbot.commands.table import Table
from chatbot.messaging import Answer
from chatbot.subscriptions import Subscriptions, known_to
from chatbot.views.answers import QueueState, Status, status_view
from chatbot.views.help import help_view
from workers.store.answers import AnswerCounts
from workers.store.faults import translated
from workers.store.usage import UsageStore

WEEK = timedelta(days=7)


class Overview:
    """How the installation is: queues by name, workers, what models were used for and what was answered in a week."""

    def __init__(self, redis: Redis, queues: Sequence[str], usage: UsageStore) -> None:
        self._redis = redis
        self._queues = queues
        self._usage = usage

    @translated()
    def status(self, now: datetime) -> Status:
        """As it is now (aware); a few round trips to Redis, and nothing else is asked."""
        today = now.astimezone(UTC).date()
        first = today - WEEK + timedelta(days=1)
        return Status(
            queues=tuple(self._queue(name, now) for name in self._queues),
            workers=int(Worker.count(connection=self._redis)),
            usage=self._usage.between(first, today),
            answers=AnswerCounts(self._redis).between(first, today),
        )

    def _queue(self, name: str, now: datetime) -> QueueState:
        queue = Queue(name, connection=self._redis, serializer=JSONSerializer)
        first = next(iter(queue.get_job_ids(0, 1)), None)
        return QueueState(name, queue.count, self._age(first, now) if first else None)

    def _age(self, job_id: str, now: datetime) -> timedelta | None:
        """How long a job has been waiting; None where it is gone by now."""
        try:
            job = Job.fetch(job_id, connection=self._redis, serializer=JSONSerializer)
        except NoSuchJobError:
            return None
        return max(now - job.enqueued_at.replace(tzinfo=UTC), timedelta()) if job.enqueued_at else None


def status_commands(status: Callable[[datetime], Status], subscriptions: Subscriptions | None = None) -> Table:
    """What `status` does; with the channel's subscriptions, where there are any to be had."""

    def show(command: PlainCommand, scene: Scene) -> Answer:
        del command
        own = known_to(scene.person, subscriptions.of(scene.channel)) if subscriptions is not None else ()
        return Answer(status_view(status(scene.now), own, scene.words))

    return {"status": show}


def help_commands() -> Table:
    """What `help` does."""

    def show(command: HelpCommand, scene: Scene) -> Answer:
        return Answer(help_view(command.topic, scene.words))

    return {"help": show}
