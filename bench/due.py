"""`python -m bench.due [--commits N]`: from the moment a digest is due to its first message in the channel.

`worker` and `schedule` run as in the product, beside a fake GitHub, model and Slack on this machine. The commits of the
day were fetched and judged ahead; the last few come after that. It begins by waiting for a full minute.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.github import RIGHT_TOKEN, FakeGitHub
from tests.fakes.model import RIGHT_KEY, FakeModel
from tests.fakes.slack import SIGNING_SECRET, FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from tests.processes import ROOT, wait_until
from tests.repositories import RepositoryBuilder
from tests.servers import redis_server
from workers import queues
from workers.cadence import Cadence
from workers.connection import connect
from workers.store import keys
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Place, Subscriber, Wish

SOURCE = "acme/engine"
GOAL = 5.0
LATE = 3
"""Commits that come after the others were fetched ahead."""
LEAD = timedelta(seconds=35)
"""What fetching ahead may take: where less is left of the minute, it is due a minute later."""


def main() -> None:
    """Runs the measurement."""
    words = argparse.ArgumentParser(prog="python -m bench.due", description=__doc__)
    words.add_argument("--commits", type=int, default=100)
    given = words.parse_args()
    due = (datetime.now(UTC) + LEAD).replace(second=0, microsecond=0) + timedelta(minutes=1)
    with (
        tempfile.TemporaryDirectory() as folder,
        redis_server() as url,
        connect(url) as redis,
        FakeSlack(Workspace(began=int(time.time()))) as slack,
        FakeModel() as model,
    ):
        built = RepositoryBuilder(Path(folder) / "engine")
        _commit(built, given.commits - LATE, due - timedelta(hours=23), timedelta(minutes=10))
        with FakeGitHub({SOURCE: built.path}) as github:
            SubscriptionStore(redis).add(_wish(due), datetime.now(UTC))
            with _product(_settings(url, slack, model, github)):
                wait_until(lambda: len(redis.keys(f"{keys.PREFIX}:analysis:*")) == given.commits - LATE, 90)
                wait_until(lambda: not queues.waiting(redis, queues.WARM))
                if datetime.now(UTC) >= due:
                    raise RuntimeError("it took too long to fetch ahead")
                _commit(built, LATE, due - timedelta(minutes=2), timedelta(seconds=1))
                wait_until(slack.seen, 120)
                took = (datetime.now(UTC) - due).total_seconds()
    print(f"a window of {given.commits} commits, all but {LATE} of them judged ahead: its digest stood in the channel")
    print(f"{took:.2f} s after it was due (goal: under {GOAL:.0f} s)")


def _commit(built: RepositoryBuilder, count: int, since: datetime, apart: timedelta) -> None:
    for number in range(count):
        name = f"wheel_{since:%H%M}_{number}"
        content = f"def turn_{name}(speed):\n    return speed * {number}\n"
        built.commit(f"Turn {name}", {f"{name}.py": content}, at=since + number * apart)


def _wish(due: datetime) -> Wish:
    return Wish(
        place=Place(platform="slack", workspace="T1", channel="C1"),
        by=Subscriber(id="U1"),
        created_at=datetime.now(UTC),
        sources=(SOURCE,),
        cadence=Cadence(rhythm="daily", clock=f"{due:%H:%M}", timezone="UTC"),
    )


def _settings(url: str, slack: FakeSlack, model: FakeModel, github: FakeGitHub) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "REDIS_URL": url,
        "GITHUB_TOKEN": RIGHT_TOKEN,
        "GITHUB_API_URL": github.url,
        "OPENAI_API_KEY": RIGHT_KEY,
        "OPENAI_BASE_URL": model.url,
        "OPENAI_MODEL": "small",
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }


@contextmanager
def _product(settings: Mapping[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "chatbot"]
    parts = [subprocess.Popen([*command, part], env=settings, cwd=ROOT) for part in ("worker", "schedule")]
    try:
        yield
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(30)


if __name__ == "__main__":
    main()
