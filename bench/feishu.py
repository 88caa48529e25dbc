"""`python -m bench.feishu`: the memory of each process of `up`, without Feishu and with it, side by side in one run.

Two installations run at once on this machine, both beside a fake Slack, one of them beside a fake Feishu as well. Each
makes a digest in a chat before it is measured, so that whatever sending imports has been imported. PSS counts memory
that processes share once among them: its sum is what the machine pays. The yardstick is Feishu's SDK imported whole.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from tests.fakes.slack import APP_TOKEN, FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN
from tests.processes import ROOT, children_of, wait_until
from tests.repositories import RepositoryBuilder

SUBJECT = "drop the old login"
WORKERS = 2
WHOLE = "import requests, urllib3\n{read}\nbefore = pss()\nimport lark_oapi\nprint(pss() - before)"
READ = """
from pathlib import Path
def pss():
    lines = Path('/proc/self/smaps_rollup').read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith('Pss:')) / 1024
"""


@dataclass(frozen=True)
class Memory:
    """MiB of a process: all that it sees, and its share of what it sees with others."""

    rss: float
    pss: float


def main() -> None:
    """Runs the measurement."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        source = _source(place / "engine")
        slack, other = stack.enter_context(FakeSlack()), stack.enter_context(FakeSlack())
        feishu = stack.enter_context(FakeFeishu())
        without = stack.enter_context(_running(place / "without", _slack(slack)))
        with_it = stack.enter_context(_running(place / "with", {**_slack(other), **_feishu(feishu)}))
        _order(source, slack, other, feishu)
        _tell(memory_of(without), memory_of(with_it))


def _tell(without: Mapping[str, Memory], with_it: Mapping[str, Memory]) -> None:
    print(f"{'MiB':<28}{'RSS without':>12}{'with':>8}{'PSS without':>14}{'with':>8}{'more':>8}")
    for name, mine in with_it.items():
        other = without.get(name, Memory(0, 0))
        print(f"{name:<28}{other.rss:>12.1f}{mine.rss:>8.1f}{other.pss:>14.1f}{mine.pss:>8.1f}", end="")
        print(f"{mine.pss - other.pss:>+8.1f}")
    sums = [sum(one.pss for one in found.values()) for found in (without, with_it)]
    yardstick = subprocess.run([sys.executable, "-c", WHOLE.format(read=READ)], check=True, capture_output=True)
    more, whole = sums[1] - sums[0], float(yardstick.stdout)
    print(f"\nall processes together (PSS): {sums[0]:.0f} MiB without Feishu, {sums[1]:.0f} with it: {more:+.0f} MiB")
    print(f"Feishu's SDK imported whole, in one process: {whole:.0f} MiB; Feishu costs {more / whole:.2f} of it")


# --- two installations ----------------------------------------------------------------------------------------------


def _source(path: Path) -> str:
    builder = RepositoryBuilder(path)
    builder.commit(f"feat!: {SUBJECT}", {"login.py": "def login(user):\n    return user\n"})
    return str(builder.path)


def _slack(slack: FakeSlack) -> dict[str, str]:
    return {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}


def _feishu(feishu: FakeFeishu) -> dict[str, str]:
    return {"FEISHU_DOMAIN": feishu.url, "FEISHU_APP_ID": APP_ID, "FEISHU_APP_SECRET": APP_SECRET}


@contextmanager
def _running(folder: Path, keys: Mapping[str, str]) -> Iterator[int]:
    """The pid of `up`, until the context ends."""
    folder.mkdir()
    wanted = {"DATA_DIR": str(folder), "WEB_PORT": "0", "WORKER_PROCESSES": str(WORKERS), "PYTHONPATH": str(ROOT)}
    allowed = {"ALLOWED_REPOSITORIES": f"{folder.parent}/**@slack,{folder.parent}/**@feishu"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **wanted, **allowed, **keys}
    log = (folder / "up.log").open("wb")
    with log, subprocess.Popen([sys.executable, "-m", "chatbot", "up"], env=environment, stderr=log) as process:
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def _order(source: str, slack: FakeSlack, other: FakeSlack, feishu: FakeFeishu) -> None:
    """A digest in both, by Slack; and one by Feishu where it is."""
    for one in (slack, other):
        one.socket.wait_connected(seconds=60)
        one.socket.send(*one.people.command(source)).wait()
    feishu.socket.wait_connected(seconds=60)
    feishu.socket.send(feishu.people.mention(source)).wait()
    wait_until(lambda: all(any(SUBJECT in one.shown for one in chat.seen()) for chat in (slack, other, feishu)), 60)


# --- what they take -------------------------------------------------------------------------------------------------


def memory_of(up: int) -> dict[str, Memory]:
    """The processes of an installation by what they do; forked workers are numbered as they were started."""
    found = {"up": _memory(up)}
    for part in children_of(up):
        name = Path(f"/proc/{part}/cmdline").read_bytes().rstrip(b"\0").rpartition(b"\0")[2].decode()
        found[name] = _memory(part)
        for number, forked in enumerate(children_of(part), 1):
            found[f"{name}, process {number}"] = _memory(forked)
    return found


def _memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    read = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("Rss:", "Pss:"))}
    return Memory(read["Rss"], read["Pss"])


if __name__ == "__main__":
    main()
