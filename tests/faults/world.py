"""One world: Redis behind a wire, workers, schedulers and web as processes of their own, and what is outside."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from tests.fakes.github import RIGHT_TOKEN
from tests.fakes.model import RIGHT_KEY
from tests.fakes.slack import APP_TOKEN, SIGNING_SECRET
from tests.fakes.slack_workspace import BOT_TOKEN
from tests.faults.clock import WorldClock
from tests.faults.nursery import CLOCK, PLACE, Nursery
from tests.faults.outside import CHANNELS, Feishu, GitHub, Model, Posts, Reached, Slack
from tests.faults.steps import Part
from tests.faults.wire import Wire
from tests.processes import children_of, is_running, wait_until
from tests.repositories import RepositoryBuilder
from workers import queues
from workers.cadence import Cadence, last_time
from workers.connection import connect
from workers.embedded import _ask, server_binaries
from workers.store import keys
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Place, Subscriber, Subscription, Wish

DUE = datetime(2026, 2, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS_OF_COMMITS, COMMITS_OF_A_DAY = 7, 22
"""So many commits that a digest has several messages."""
SOURCE = "acme/engine"
QUEUES = (queues.SCHEDULED, queues.WARM, queues.POSTS, queues.CHAT, queues.DIGESTS, queues.QUESTIONS)
NURSED = {
    "OPENAI_API_KEY": RIGHT_KEY,
    "SLACK_BOT_TOKEN": BOT_TOKEN,
    "SLACK_APP_TOKEN": APP_TOKEN,
    "FEISHU_APP_ID": APP_ID,
    "FEISHU_APP_SECRET": APP_SECRET,
}
"""Settings that say which platforms are used."""


def subject_of(day: int, number: int) -> str:
    """The first line of a commit."""
    return f"Turn wheel {number} on day {day}"


def build_repository(path: Path) -> Path:
    """A repository with some commits in each window."""
    built = RepositoryBuilder(path)
    for day in range(DAYS_OF_COMMITS):
        for number in range(COMMITS_OF_A_DAY):
            at = DUE - DAY + day * DAY + timedelta(hours=1 + number)
            name = f"wheel_{day}_{number}"
            content = f"def turn_{name}(speed):\n    return speed * {number + 2}\n"
            built.commit(subject_of(day, number), {f"{name}.py": content}, at=at)
    return path


@dataclass
class Command:
    """A command that is kept running, as a service manager does."""

    name: str
    argv: tuple[str, ...]
    place: int = 0
    pid: int = 0


class World:
    """Enter `running`. `log` is what all commands wrote."""

    def __init__(self, folder: Path, nursery: Nursery, reached: Reached) -> None:
        self.clock = WorldClock(folder / "clock")
        self.clock.set(DUE + timedelta(seconds=1))
        self.posts = Posts(reached)
        self.slack, self.feishu = Slack(self.posts, self.clock), Feishu(self.posts, self.clock)
        self.model = Model(reached)
        self.log = folder / "log"
        self._folder = folder
        self._nursery = nursery
        self._redis_process: subprocess.Popen[bytes] | None = None
        self._is_ending = False
        self._lock = threading.Lock()
        self._settings: Mapping[str, str] = {}
        workers = [Command(f"worker-{number}", ("worker", "--processes", "1")) for number in range(2)]
        schedulers = [Command(f"scheduler-{number}", ("schedule",), place=number + 1) for number in range(2)]
        self.commands = {one.name: one for one in (*workers, *schedulers, Command("web", ("serve",)))}

    @contextmanager
    def running(self, github: GitHub, wire: Wire, is_warm: bool) -> Iterator[None]:
        """All of it, until the context ends."""
        with ExitStack() as stack:
            self.start_redis()
            stack.callback(self._end)
            for one in (self.slack, self.feishu, self.model, wire):
                stack.enter_context(one)
            self._settings = self._environment(github, is_warm)
            self.redis = stack.enter_context(connect(f"unix://{self._folder / 'redis.sock'}"))
            self.subscriptions = self._subscribe()
            stack.callback(self._stop_commands)
            threading.Thread(target=self._keep, daemon=True).start()
            yield

    # --- its parts ------------------------------------------------------------------------------------------------

    def part_of(self, pid: int) -> Part:
        """What a process is."""
        if any(one.pid == pid for one in self.commands.values() if one.place):
            return "scheduler"
        parent = _parent(pid)
        workers = [one.pid for one in self._workers()]
        if parent in workers:
            return "worker"
        return "horse" if parent and _parent(parent) in workers else "other"

    def horses(self) -> list[int]:
        """Processes of jobs that run now."""
        return [horse for worker in self.workers() for horse in _children(worker)]

    def workers(self) -> list[int]:
        """The workers of all commands."""
        return [worker for one in self._workers() for worker in _children(one.pid)]

    def start_redis(self) -> None:
        """A server with what was written so far."""
        socket = self._folder / "redis.sock"
        command = [server_binaries()[-1], "--port", "0", "--unixsocket", str(socket), "--dir", str(self._folder)]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]
        self._redis_process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        wait_until(lambda: _ask(socket) == b"+PONG", 20)

    def kill_redis(self) -> None:
        assert self._redis_process is not None
        self._redis_process.kill()
        self._redis_process.wait()

    def pause_redis(self, seconds: float) -> None:
        """Redis does nothing for so long; returns at once."""
        assert self._redis_process is not None
        process = self._redis_process
        process.send_signal(signal.SIGSTOP)
        threading.Timer(seconds, lambda: process.send_signal(signal.SIGCONT)).start()

    def _workers(self) -> list[Command]:
        return [one for one in self.commands.values() if one.argv[0] == "worker" and one.pid]

    def _keep(self) -> None:
        while not self._is_ending:
            with self._lock:
                for one in self.commands.values():
                    if not self._is_ending and not (one.pid and is_running(one.pid)):
                        environment = {**self._settings, PLACE: str(one.place)}
                        one.pid = self._nursery.start(one.argv, environment, self.log)
            time.sleep(0.1)

    def _stop_commands(self) -> None:
        with self._lock:
            self._is_ending = True
        for one in self.commands.values():
            kill(one.pid)
        wait_until(lambda: not any(one.pid and is_running(one.pid) for one in self.commands.values()))

    def _end(self) -> None:
        assert self._redis_process is not None
        self._redis_process.send_signal(signal.SIGCONT)
        self.kill_redis()

    def _environment(self, github: GitHub, is_warm: bool) -> dict[str, str]:
        return {
            **NURSED,
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            CLOCK: str(self._folder / "clock"),
            "REDIS_URL": f"unix://{self._folder / 'wire.sock'}",
            "DATA_DIR": str(self._folder / "data"),
            "GITHUB_TOKEN": RIGHT_TOKEN,
            "GITHUB_API_URL": github.url,
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "FEISHU_DOMAIN": self.feishu.url,
            "OPENAI_BASE_URL": self.model.url,
            "OPENAI_MODEL": "small",
            "OPENAI_TIMEOUT": "2",
            "OPENAI_BUDGET": "5",
            "CLAIM_LIFE": "3",
            "WARM_EVERY": "3600" if is_warm else "0",
            "WEB_PORT": "0",
        }

    # --- what is due ----------------------------------------------------------------------------------------------

    def _subscribe(self) -> list[Subscription]:
        store = SubscriptionStore(self.redis)
        places = [Place(platform="slack", workspace="T1", channel=name) for name in CHANNELS]
        places.append(Place(platform="feishu", workspace="t1", channel="oc_1"))
        before = DUE - timedelta(minutes=1)
        cadence = Cadence(rhythm="daily", clock="09:00", timezone="UTC")
        return [
            store.add(
                Wish(place=one, by=Subscriber(id="U1"), created_at=before, sources=(SOURCE,), cadence=cadence), before
            )[0]
            for one in places
        ]

    def what_is_left(self) -> list[str]:
        """What is not done yet of all that is due; empty when nothing is."""
        try:
            return [*self._untold(), *self._unfinished_jobs(), *self._claims()]
        except (RedisError, OSError) as error:
            return [f"Redis does not answer: {error}"]

    def _untold(self) -> Iterator[str]:
        for one in SubscriptionStore(self.redis).all():
            due = last_time(one.wish.cadence, self.clock.now())
            if one.marker != due or one.running or one.failing or one.paused:
                yield f"{one.wish.place.key} has been told until {one.marker:%d %H:%M}: {one.running} {one.failing}"

    def _unfinished_jobs(self) -> Iterator[str]:
        for name in QUEUES:
            queue = Queue(name, connection=self.redis, serializer=JSONSerializer)
            registries = (queue.started_job_registry, queue.deferred_job_registry, queue.scheduled_job_registry)
            found = [*queue.get_job_ids(), *(job for one in registries for job in one.get_job_ids(cleanup=False))]
            found += [job.decode() for job in self.redis.lrange(queue.intermediate_queue.key, 0, -1)]
            yield from (f"{job} is in {name}" for job in found)

    def _claims(self) -> Iterator[str]:
        yield from (f"{key.decode()} is left" for key in self.redis.keys(f"{keys.PREFIX}:claim:*"))


def kill(pid: int) -> None:
    """By signal 9; a process that is gone already is no news."""
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    try:
        return children_of(pid)
    except (FileNotFoundError, ProcessLookupError):
        return []


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
