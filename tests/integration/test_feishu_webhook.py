"""Groups that cannot have an app: `up` with the address of a custom bot and nothing else, from file to digest."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatbot.transfer import read_subscriptions
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_http import throttled
from tests.processes import ROOT, wait_until
from tests.repositories import RepositoryBuilder

SUBJECT = "drop the old login <at id=all></at>"
DAY = timedelta(days=1)
LISTENING = re.compile(r"listening on (http://\S+)")


def subscription(source: str, marker: datetime) -> str:
    """A file with one subscription, which is due: all before the marker was told."""
    place = {"platform": "feishu_webhook", "workspace": "-", "channel": "team"}
    made = marker.isoformat()
    wish = {
        "place": place,
        "by": {"id": ""},
        "created_at": made,
        "sources": [source],
        "cadence": {"rhythm": "daily", "clock": "09:00", "timezone": "Asia/Shanghai"},
        "language": "zh",
    }
    one = {"id": "0a1b2c3d4e5f", "number": 1, "marker": made, "wish": wish}
    return json.dumps({"version": 1, "exported_at": made, "subscriptions": [one]})


@contextmanager
def everything(folder: Path, settings: Mapping[str, str]) -> Iterator[Path]:
    """`up`, until the context ends; its log."""
    log = folder / "up.log"
    with log.open("wb") as stream:
        process = subprocess.Popen([sys.executable, "-m", "chatbot", "up"], env=dict(settings), stderr=stream)
        try:
            wait_until(lambda: LISTENING.search(log.read_text()) or process.poll() is not None, 30)
            yield log
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(35) == 0, log.read_text()


def test_a_subscription_of_a_file_is_posted_to_the_group_when_it_is_due_and_once(tmp_path: Path) -> None:
    builder = RepositoryBuilder(tmp_path / "engine")
    now = datetime.now(UTC)
    builder.commit(f"feat!: {SUBJECT}", {"login.py": "def login(user):\n    return user\n"}, at=now - 2 * DAY)
    file = tmp_path / "subscriptions.json"
    file.write_text(subscription(str(builder.path), now - 3 * DAY))
    with FakeFeishu() as feishu:
        feishu.enforce()
        feishu.trouble(throttled(11232), on="webhook")
        wanted = {"DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), "WEB_PORT": "0", "WORKER_PROCESSES": "1"}
        settings = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **wanted}
        settings["FEISHU_WEBHOOKS"] = f"team={feishu.hook(secret='s1')}#s1"
        command = [sys.executable, "-m", "chatbot", "subscriptions", "import", str(file)]
        with everything(tmp_path, settings) as log:
            subprocess.run(command, env=settings, check=True, capture_output=True)
            wait_until(lambda: any("drop the old login" in one.shown for one in feishu.seen()), 40)
            found = LISTENING.search(log.read_text())
            assert found
            with urllib.request.urlopen(f"{found[1]}/health", timeout=5) as answer:  # noqa: S310
                assert json.load(answer)["well"]
        posts = [one for one in feishu.seen() if "drop the old login" in one.shown]
        assert len(posts) == 1
        assert not any(one.mentions for one in feishu.seen())
        assert feishu.asked("webhook")[0].status == 200
        assert "Traceback" not in log.read_text()
        assert "s1" not in log.read_text()


@pytest.mark.parametrize("page", ["feishu.md", "feishu.zh-CN.md"])
def test_the_subscription_in_the_documents_is_one_that_can_be_imported(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8").partition("```json\n")[2].partition("```")[0]
    (one,) = read_subscriptions(text, page).subscriptions
    assert one.wish.place.key == "feishu_webhook:-:team"
