"""The whole bot beside a fake Feishu: `serve` and `worker` as processes of their own, on a real Redis."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET, Message
from tests.processes import ROOT, first_with, wait_until
from tests.servers import redis_server
from workers.connection import connect

LISTENING = re.compile(r"listening on (http://\S+)")


@dataclass
class Bot:
    """What tests speak with: the fake reaches it over its long connection."""

    feishu: FakeFeishu
    redis: Redis
    url: str
    log: Path

    def digest(self, chat: str, text: str, seconds: float = 20) -> Message:
        """The bot's message in a chat that has a text, once it is there."""
        return first_with(text, lambda: self.posted(chat), lambda one: one.shown, seconds)

    def posted(self, chat: str) -> list[Message]:
        """What the bot posted in a chat itself."""
        return [one for one in self.feishu.seen(chat) if one.sender == APP_ID]

    def replies(self, message: Message, count: int = 1, seconds: float = 20) -> list[Message]:
        """What stands in a thread, once it is so much."""
        wait_until(lambda: len(self.feishu.thread(message.id)) >= count, seconds)
        return self.feishu.thread(message.id)


@contextmanager
def running_bot(folder: Path, repositories: Path, **environment: str) -> Iterator[Bot]:
    """The bot, until the context ends. Repositories in that folder may be read from everywhere."""
    with redis_server() as redis_url, FakeFeishu() as feishu:
        settings = {
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder / "data"),
            "PYTHONPATH": str(ROOT),
            "FEISHU_DOMAIN": feishu.url,
            "FEISHU_APP_ID": APP_ID,
            "FEISHU_APP_SECRET": APP_SECRET,
            "ALLOWED_REPOSITORIES": f"{repositories}/**@feishu",
            "WORKER_PROCESSES": "1",
            "WEB_PORT": "0",
            "GITHUB_API_URL": "http://127.0.0.1:9",
            "PATH": os.environ["PATH"],
            **environment,
        }
        log = folder / "bot.log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "chatbot"]
            parts = [
                subprocess.Popen([*command, part], env=settings, stdout=stream, stderr=stream)
                for part in ("worker", "serve")
            ]
            try:
                wait_until(lambda: LISTENING.search(log.read_text("utf-8")) or parts[1].poll() is not None, 40)
                found = LISTENING.search(log.read_text("utf-8"))
                assert found, log.read_text("utf-8")
                feishu.socket.wait_connected()
                with connect(redis_url) as redis:
                    yield Bot(feishu, redis, found[1], log)
            finally:
                for part in parts:
                    part.terminate()
                for part in parts:
                    assert part.wait(20) == 0, log.read_text("utf-8")
