"""`/metrics` for Prometheus: what all processes of the installation do, read from Redis at the time of asking."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis
from rq import Queue, Worker
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chatbot.commands.status import Overview
from chatbot.doors import Door
from workers import __version__
from workers.errors import DigestError
from workers.store.counts import Counts
from workers.store.faults import translated
from workers.store.schedules import Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.store.usage import UsageStore

PREFIX = "commit_digest_"
PATH = "/metrics"


def metrics_route(scrape: Scrape, token: str | None) -> Route:
    """The address of the metrics. Who has not the token is answered with 401; None: everybody who gets here may ask."""
    registry = CollectorRegistry()
    registry.register(scrape)

    async def show(request: Request) -> Response:
        if token is not None and not _shows(request, token):
            return PlainTextResponse("", 401, {"WWW-Authenticate": "Bearer"})
        return Response(await run_in_threadpool(generate_latest, registry), media_type=CONTENT_TYPE_LATEST)

    return Route(PATH, show, methods=["GET"])


@dataclass(frozen=True, eq=False)
class Scrape(Collector):
    """Everything that is measured. `now` tells the time (aware)."""

    redis: Redis
    doors: Sequence[Door]
    overview: Overview
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def describe(self) -> Iterator[Metric]:
        """Nothing: what there is shows when it is asked for."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Each metric. Where Redis does not answer, that and the platforms."""
        yield _gauge("info", "What runs here.", ["version"], {(__version__,): 1})
        wells = {(door.name,): float(door.is_well()) for door in self.doors}
        yield _gauge("platform_up", "Whether a platform is heard.", ["platform"], wells)
        try:
            with translated():
                found = list(self._of_redis())
        except DigestError:
            found = []
        yield _gauge("redis_up", "Whether Redis answers.", [], {(): float(bool(found))})
        yield from found

    def _of_redis(self) -> Iterator[Metric]:
        now = self.now()
        yield from self._queues(now)
        yield from self._subscriptions(now)
        yield from _counted(Counts(self.redis).all())
        yield from _models(UsageStore(self.redis).total())

    def _queues(self, now: datetime) -> Iterator[Metric]:
        queues = self.overview.status(now).queues
        waiting = {(queue.name,): float(queue.waiting) for queue in queues}
        oldest = {(queue.name,): queue.oldest.total_seconds() if queue.oldest else 0.0 for queue in queues}
        yield _gauge("queue_jobs", "Jobs that wait in a queue.", ["queue"], waiting)
        yield _gauge("queue_oldest_seconds", "How long the first of them has waited.", ["queue"], oldest)
        several = [Queue(queue.name, connection=self.redis, serializer=JSONSerializer) for queue in queues]
        running = {(one.name,): self._length(StartedJobRegistry(queue=one).key) for one in several}
        failed = {(one.name,): self._length(FailedJobRegistry(queue=one).key) for one in several}
        workers = {(one.name,): float(Worker.count(queue=one)) for one in several}
        yield _gauge("jobs_running", "Jobs that a worker has begun.", ["queue"], running)
        yield _gauge("jobs_failed", "Jobs that failed within the last two days.", ["queue"], failed)
        yield _gauge("workers", "Worker processes of a queue.", ["queue"], workers)

    def _subscriptions(self, now: datetime) -> Iterator[Metric]:
        tally = {(state,): float(number) for state, number in SubscriptionStore(self.redis).tally().items()}
        yield _gauge("subscriptions", "Subscriptions by how they stand.", ["state"], tally)
        first = Schedule(self.redis).next_look(with_warm_up=False)
        late = max((now - first).total_seconds(), 0.0) if first else 0.0
        yield _gauge("schedule_late_seconds", "How long the longest due waits for a scheduler.", [], {(): late})

    def _length(self, key: str) -> float:
        return float(self.redis.zcard(key))


Labels = TypeVar("Labels", bound=tuple[str, ...])
"""The values of the labels, in their order."""

_COUNTED: Mapping[str, tuple[str, str, list[str]]] = {
    "jobs": ("jobs", "Attempts at jobs that have ended.", ["queue", "outcome"]),
    "job_seconds": ("job_seconds", "How long jobs took.", ["queue"]),
    "completed": ("subscription_runs", "Runs of subscriptions that were completed.", ["outcome"]),
    "failed": ("subscription_failures", "Attempts of subscriptions that failed.", ["code"]),
    "delivered": ("deliveries", "Digests and details that stand in their channels as a whole.", []),
}


def _counted(counts: Mapping[tuple[str, ...], float]) -> Iterator[Metric]:
    for kind, (name, meaning, labels) in _COUNTED.items():
        found = {key[1:]: value for key, value in counts.items() if key[0] == kind and len(key) == len(labels) + 1}
        never: dict[tuple[str, ...], float] = {} if labels else {(): 0.0}
        yield _counter(name, meaning, labels, found or never)


def _models(usage: Mapping[str, Mapping[str, float]]) -> Iterator[Metric]:
    calls = {(model,): used.get("calls", 0.0) for model, used in usage.items()}
    tokens = {
        (model, way): used.get(f"{way}_tokens", 0.0) for model, used in usage.items() for way in ("input", "output")
    }
    costs = {(model,): used["cost"] for model, used in usage.items() if "cost" in used}
    yield _counter("model_calls", "Calls to models.", ["model"], calls)
    yield _counter("model_tokens", "Tokens that models read and wrote.", ["model", "direction"], tokens)
    yield _counter("model_cost", "What calls cost, in the currency of the prices that are set.", ["model"], costs)


def _gauge(name: str, meaning: str, labels: Sequence[str], values: Mapping[Labels, float]) -> Metric:
    return _filled(GaugeMetricFamily(PREFIX + name, meaning, labels=labels), values)


def _counter(name: str, meaning: str, labels: Sequence[str], values: Mapping[Labels, float]) -> Metric:
    return _filled(CounterMetricFamily(PREFIX + name, meaning, labels=labels), values)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[Labels, float]) -> Metric:
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


def _shows(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode())
