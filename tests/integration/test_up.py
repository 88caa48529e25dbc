"""`serve` and `up` as processes: they live and end as a whole, and say in words what is in the way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.slack import APP_TOKEN, FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN
from tests.processes import ROOT, children_of, is_running, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PARTS = 3


def environment(folder: Path, **given: str) -> dict[str, str]:
    wanted = {"DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), "WEB_PORT": "0", "WORKER_PROCESSES": "1"}
    return {"PATH": os.environ["PATH"], "HOME": str(folder), **wanted, **given}


def keys_of(slack: FakeSlack) -> dict[str, str]:
    return {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}


@contextmanager
def everything(folder: Path, slack: FakeSlack) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """`up`, once Slack is connected; and its log."""
    log = folder / "up.log"
    with log.open("wb") as stream:
        command = [sys.executable, "-m", "chatbot", "up"]
        process = subprocess.Popen(command, env=environment(folder, **keys_of(slack)), stderr=stream)
        try:
            slack.socket.wait_connected(seconds=20)
            wait_until(lambda: len(children_of(process.pid)) >= PARTS)
            yield process, log
        finally:
            process.kill()
            process.wait()


def family(pid: int) -> list[int]:
    """All processes below one."""
    return [one for child in children_of(pid) for one in (child, *family(child))]


def test_everything_runs_from_one_command_and_ends_with_it(tmp_path: Path) -> None:
    with FakeSlack() as slack, everything(tmp_path, slack) as (process, log):
        wait_until(lambda: len(family(process.pid)) >= PARTS + 4)
        answer = slack.socket.send(*slack.people.command("status lang=en")).wait()
        assert answer["blocks"]
        all_of_it = family(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(25) == 0
        wait_until(lambda: not any(map(is_running, all_of_it)))
    assert "Traceback" not in log.read_text()


def test_a_part_that_dies_comes_back_and_all_die_with_the_whole(tmp_path: Path) -> None:
    with FakeSlack() as slack, everything(tmp_path, slack) as (process, _):
        (serve,) = [one for one in children_of(process.pid) if b"serve" in Path(f"/proc/{one}/cmdline").read_bytes()]
        os.kill(serve, signal.SIGKILL)
        slack.socket.wait_connected(seconds=20, opened=2)
        all_of_it = family(process.pid)
        process.kill()
        process.wait()
        wait_until(lambda: not any(map(is_running, all_of_it)), 20)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "connections:write"),
        ({"WEB_HOST": "203.0.113.9"}, "WEB_HOST"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "cannot be reached"),
    ],
)
def test_what_is_in_the_way_is_said_and_ends_it(tmp_path: Path, given: dict[str, str], words: str) -> None:
    with FakeSlack() as slack:
        keys = {**keys_of(slack), **given} if given else {}
        command = [sys.executable, "-m", "chatbot", "serve"]
        ended = subprocess.run(
            command, env=environment(tmp_path, **keys), capture_output=True, text=True, timeout=30, check=False
        )
    assert ended.returncode == 3
    assert words in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr
    assert not re.search("xapp|xoxb-right", ended.stderr.splitlines()[-1].replace("xapp-...", ""))
