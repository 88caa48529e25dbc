"""`python -m bench.questions.at_once [--threads N] [--latency S]`: a question in each of N threads at the same moment.

The whole bot runs beside a fake Slack and a fake model that takes its time over every reply. Told: how long each waits
for the first sign that somebody is at it and for the whole answer, beside one question alone in the same run; and the
memory of all workers, pages that processes share counted once.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.asking import reply, statement
from tests.fakes.model import RIGHT_KEY, FakeModel, plausible
from tests.fakes.model_protocol import Asked
from tests.fakes.slack_workspace import Channel, Message, Person
from tests.integration.slack_bot import Bot, running_bot
from tests.processes import parent_of, wait_until
from tests.repositories import RepositoryBuilder
from workers.store import keys

SUBJECT = "drop the old login"
SAID = "returns None for nobody"
DONE = "checked against"
TRUE = statement(f"`login` now {SAID}.", "src/login.py", "return user or None")
LOOK = 0.02


@dataclass
class Waited:
    """Seconds from the question to the first sign in its thread, and to the whole answer."""

    sign: float = 0.0
    whole: float = 0.0


def main() -> None:
    """Prints what one waits, what many wait, and the memory."""
    words = argparse.ArgumentParser(prog="python -m bench.questions.at_once", description=__doc__)
    words.add_argument("--threads", type=int, default=30)
    words.add_argument("--latency", type=float, default=1.0, help="seconds that the model takes over each reply")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as place, FakeModel(_said, latency=0.0) as model:
        builder = RepositoryBuilder(Path(place) / "git" / "engine")
        builder.commit(f"feat!: {SUBJECT}", {"src/login.py": "def login(user):\n    return user\n"})
        builder.commit("fix: a crash", {"src/login.py": "def login(user):\n    return user or None\n"})
        environment = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": RIGHT_KEY, "OPENAI_MODEL": "small"}
        with running_bot(Path(place), Path(place) / "git", **environment) as bot:
            bot.slack.socket.wait_connected(seconds=30)
            digests = [_digest(bot, str(builder.path), number) for number in range(given.threads + 1)]
            model.latency = given.latency
            _forget_paces(bot)
            _tell("one alone", _ask(bot, digests[:1]), bot)
            _tell(f"{given.threads} at once", _ask(bot, digests[1:]), bot)


def _said(request: Asked) -> str:
    return reply(TRUE) if request.tools else plausible(request)


def _digest(bot: Bot, source: str, number: int) -> Message:
    """A digest in a channel of its own."""
    workspace, name = bot.slack.workspace, f"C{100 + number}"
    workspace.channels[name] = Channel(name)
    workspace.people[f"U{100 + number}"] = Person(f"U{100 + number}", language="en-US")
    bot.slack.socket.send(*bot.slack.people.command(f"{source} lang=en", f"U{100 + number}", name)).wait()
    return bot.digest(name, SUBJECT, 60)


def _forget_paces(bot: Bot) -> None:
    """What posting the digests took of Slack's rates is given back."""
    for key in bot.redis.scan_iter(f"{keys.pace('')}*"):
        bot.redis.delete(key)


def _ask(bot: Bot, digests: list[Message]) -> tuple[list[Waited], float]:
    """Asks in every thread at once; how long each waited, and the most memory meanwhile."""
    before = {one.ts: len(bot.slack.thread(one.ts, one.channel)) for one in digests}
    waited = {one.ts: Waited() for one in digests}
    begun = time.monotonic()
    for one in digests:
        asker = threading.Thread(target=_mention, args=(bot, one), daemon=True)
        asker.start()
    peak = 0.0

    def all_answered() -> bool:
        nonlocal peak
        for one in digests:
            said = bot.slack.thread(one.ts, one.channel)[before[one.ts] :]
            found, now = waited[one.ts], time.monotonic() - begun
            if not found.sign and any(message.user == bot.slack.workspace.bot for message in said):
                found.sign = now
            if not found.whole and any(DONE in message.shown for message in said):
                found.whole = now
        peak = max(peak, _memory(bot))
        time.sleep(LOOK)
        return all(found.whole for found in waited.values())

    wait_until(all_answered, 300)
    return list(waited.values()), peak


def _mention(bot: Bot, digest: Message) -> None:
    words = "what does login return now?"
    person = digest.channel.replace("C", "U")
    for event in bot.slack.people.mention(words, person, digest.channel, digest.ts):
        bot.slack.socket.send(*event).wait()


def _memory(bot: Bot) -> float:
    """MiB of all processes of the bot's workers, shared pages once."""
    workers = [pid for pid in _pids() if _is_worker(pid)]
    return sum(_pss(pid) for pid in workers if _is_below(pid, parent_of(bot.serve.pid)))


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _is_worker(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().endswith(b"chatbot\0worker\0")
    return False


def _is_below(pid: int, ancestor: int) -> bool:
    with suppress(OSError):
        while pid > 1:
            if pid == ancestor:
                return True
            pid = parent_of(pid)
    return False


def _pss(pid: int) -> float:
    with suppress(OSError):
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("Pss:")), 0.0)
    return 0.0


def _tell(name: str, took: tuple[list[Waited], float], bot: Bot) -> None:
    del bot
    waited, peak = took
    signs, wholes = [one.sign for one in waited], [one.whole for one in waited]
    sys.stdout.write(
        f"{name}: first sign {statistics.median(signs):.2f} s, the last {max(signs):.2f} s; whole answer "
        f"{statistics.median(wholes):.2f} s, the last {max(wholes):.2f} s; workers {peak:.0f} MiB\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
