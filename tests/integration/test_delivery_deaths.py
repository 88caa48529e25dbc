"""A digest that somebody asked for arrives whatever of the workers that would bring it is dead."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from tests.fakes.slack_http import held
from tests.integration.slack_bot import Bot, running_bot
from tests.processes import children_of, is_running, wait_until
from tests.repositories import RepositoryBuilder
from workers import queues
from workers.store import keys

SUBJECT = "drop the old login"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("git")


@pytest.fixture(scope="module")
def source(folder: Path) -> str:
    builder = RepositoryBuilder(folder / "engine")
    builder.commit(f"feat!: {SUBJECT}", {"src/login.py": "def login(user):\n    return user\n"})
    return str(builder.path)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Bot]:
    with running_bot(tmp_path_factory.mktemp("bot"), folder) as running:
        wait_until(lambda: all(workers_of(running, queue) for queue in (queues.CHAT, queues.DIGESTS, queues.POSTS)))
        yield running


def workers_of(bot: Bot, queue: str) -> list[int]:
    """The running workers of a queue."""
    found = Worker.all(queue=Queue(queue, connection=bot.redis), serializer=JSONSerializer)
    return [one.pid for one in found if one.pid and is_running(one.pid)]


def kill(pids: list[int]) -> None:
    """Workers and the jobs that they are at, as a machine without memory would."""
    for pid in pids:
        for one in (*children_of(pid), pid):
            os.kill(one, signal.SIGKILL)


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """Processes that are there and do nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def order(bot: Bot, source: str, channel: str) -> None:
    bot.room(channel)
    bot.slack.socket.send(*bot.slack.people.command(f"{source} lang=en", channel=channel)).wait()


def test_it_arrives_though_what_showed_its_progress_is_killed(bot: Bot, source: str) -> None:
    with frozen(workers_of(bot, queues.DIGESTS)):
        order(bot, source, "C60")
        (progress,) = bot.posted("C60")
        kill(workers_of(bot, queues.CHAT))
    assert bot.digest("C60", SUBJECT, 40) == progress
    wait_until(lambda: len(workers_of(bot, queues.CHAT)) == 2)


def test_it_arrives_though_nobody_works_on_what_follows_a_digest(bot: Bot, source: str) -> None:
    with frozen(workers_of(bot, queues.POSTS)):
        order(bot, source, "C61")
        digest = bot.digest("C61", SUBJECT)
    wait_until(lambda: Queue(queues.POSTS, connection=bot.redis).count == 0)
    assert bot.posted("C61") == [digest]


def test_it_arrives_though_nobody_works_in_chats(bot: Bot, source: str) -> None:
    with frozen(workers_of(bot, queues.CHAT)):
        order(bot, source, "C62")
        digest = bot.digest("C62", SUBJECT)
    wait_until(lambda: Queue(queues.CHAT, connection=bot.redis).count == 0)
    assert bot.posted("C62") == [digest]


def test_it_arrives_once_though_the_process_that_posts_it_is_killed_in_the_middle(bot: Bot, source: str) -> None:
    """Its message is taken by Slack, its answer never comes: whoever is next finds it in the channel."""
    never = threading.Event()
    with frozen(workers_of(bot, queues.CHAT)):
        bot.slack.trouble(held(never), channel="C63")
        order(bot, source, "C63")
        digest = bot.digest("C63", SUBJECT)
        kill(workers_of(bot, queues.POSTS))
        wait_until(lambda: finished(bot, "C63"), 40)
    never.set()
    wait_until(lambda: posts(bot, "C63"))
    assert (posts(bot, "C63"), bot.posted("C63")) == (1, [digest])


def posts(bot: Bot, channel: str) -> int:
    """How often Slack was asked to post there."""
    return sum(call.text("channel") == channel for call in bot.slack.asked("chat.postMessage"))


def finished(bot: Bot, channel: str) -> bool:
    """Whether the ledger says that nothing is left to be sent there."""
    found = bot.redis.keys(f"{keys.delivery('')}*{channel}")
    return any(bot.redis.hexists(key, "finished") for key in found)
