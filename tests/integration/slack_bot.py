"""The whole bot beside a fake Slack: `serve` and `worker` as processes of their own, on a real Redis."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from tests.fakes.slack import APP_TOKEN, SIGNING_SECRET, FakeSlack
from tests.fakes.slack_doors import HttpDoor
from tests.fakes.slack_workspace import BOT_TOKEN, Channel, Message, Workspace
from tests.processes import ROOT, first_with, wait_until
from tests.servers import redis_server
from workers.connection import connect

LISTENING = re.compile(r"listening on (http://\S+)")


@dataclass
class Bot:
    """What tests speak with. `door` is its address over HTTP; over the socket the fake reaches it by itself."""

    slack: FakeSlack
    redis: Redis
    url: str
    log: Path
    serve: subprocess.Popen[bytes]

    @property
    def door(self) -> HttpDoor:
        return HttpDoor(f"{self.url}/slack/events", SIGNING_SECRET)

    def room(self, name: str) -> Channel:
        """A channel of the first workspace that no other test has."""
        return self.slack.workspace.channels.setdefault(name, Channel(name))

    def posted(self, channel: str, count: int = 1, seconds: float = 15) -> list[Message]:
        """What the bot posted in a channel, once it is so much."""
        wait_until(lambda: len(self._by_bot(channel)) >= count, seconds)
        return self._by_bot(channel)

    def digest(self, channel: str, text: str, seconds: float = 15) -> Message:
        """The bot's message in a channel that has a text, once it is there."""
        return first_with(text, lambda: self._by_bot(channel), lambda one: one.shown, seconds)

    def replies(self, message: Message, count: int = 1, seconds: float = 15) -> list[Message]:
        """What stands in a thread, once it is so much."""
        wait_until(lambda: len(self.slack.thread(message.ts, message.channel)) >= count, seconds)
        return self.slack.thread(message.ts, message.channel)

    def told(self, channel: str, count: int = 1, user: str = "U1", seconds: float = 15) -> list[Message]:
        """What the bot said to one person alone in a channel, once it is so much."""
        wait_until(lambda: len(self.slack.private(user, channel)) >= count, seconds)
        return self.slack.private(user, channel)

    def logged(self) -> str:
        return self.log.read_text("utf-8")

    def _by_bot(self, channel: str) -> list[Message]:
        return [one for one in self.slack.seen(channel) if one.user == self.slack.workspace.bot]


@contextmanager
def running_bot(folder: Path, repositories: Path, **environment: str) -> Iterator[Bot]:
    """The bot, until the context ends. Repositories in that folder may be read from everywhere."""
    with redis_server() as redis_url, FakeSlack(Workspace(began=int(time.time()))) as slack:
        settings = {
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder / "data"),
            "PYTHONPATH": str(ROOT),
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "ALLOWED_REPOSITORIES": f"{repositories}/**@slack",
            "WORKER_PROCESSES": "1",
            "WEB_PORT": "0",
            "GITHUB_API_URL": "http://127.0.0.1:9",
            "PUBLIC_URL": "https://bot.test",
            "SECRET_KEY": "a long random text",
            "PATH": os.environ["PATH"],
            **environment,
        }
        settings = {name: value for name, value in settings.items() if value}
        log = folder / "bot.log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "chatbot"]
            parts = [subprocess.Popen([*command, part], env=settings, stderr=stream) for part in ("worker", "serve")]
            try:
                wait_until(lambda: LISTENING.search(log.read_text("utf-8")) or parts[1].poll() is not None, 20)
                found = LISTENING.search(log.read_text("utf-8"))
                assert found, log.read_text("utf-8")
                if "SLACK_APP_TOKEN" in settings:
                    slack.socket.wait_connected()
                with connect(redis_url) as redis:
                    yield Bot(slack, redis, found[1], log, parts[1])
            finally:
                for part in parts:
                    part.terminate()
                for part in parts:
                    assert part.wait(20) == 0, log.read_text("utf-8")
