"""Several processes post in one channel as fast as the platform takes it, and are not told once to slow down."""

from __future__ import annotations

import time
from contextlib import ExitStack

from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from tests.processes import line_of, program
from tests.servers import redis_server

PROCESSES, EACH = 3, 3
POSTER = """
    import os, sys, time
    from chatbot.delivery.opening import open_platform
    from chatbot.messaging import Channel
    from chatbot.views.view import Paragraph, Text, View
    from workers.connection import connect
    from workers.errors import TransientError
    from workers.settings import Settings

    name, redis_url, channel, each, *settings = sys.argv[1:]
    redis = connect(redis_url).__enter__()
    platform = open_platform(name, Settings(**dict(zip(settings[::2], settings[1::2]))), redis)
    place = Channel(platform=name, workspace="T1", id=channel)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(each)):
        view = View("en", "t", "t", (Paragraph((Text(f"{sys.argv[0]} {number}"),)),))
        part = platform.render(view, "k", place)[0]
        while True:
            try:
                platform.send(place, part, f"{os.getpid()}-{number}")
                break
            except TransientError as error:
                time.sleep(error.retry_after)
    print("done", flush=True)
"""


def post(*arguments: object) -> float:
    """Has the processes post at the same moment; seconds until all have."""
    with redis_server() as redis_url, ExitStack() as stack:
        name, channel, *settings = arguments
        given = (POSTER, name, redis_url, channel, EACH, *settings)
        posters = [stack.enter_context(program(*given)) for _ in range(PROCESSES)]
        assert [line_of(one) for one in posters] == ["ready"] * PROCESSES
        begun = time.monotonic()
        for one in posters:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        assert [line_of(one) for one in posters] == ["done"] * PROCESSES
        return time.monotonic() - begun


def test_slack_is_spared() -> None:
    with FakeSlack(Workspace(began=int(time.time()))) as slack:
        slack.limit("chat.postMessage", 3, 3.0, each=True)
        seconds = post("slack", "C1", "slack_bot_token", BOT_TOKEN, "slack_api_url", slack.api_url)
        statuses = [call.status for call in slack.asked("chat.postMessage")]
    assert statuses == [200] * PROCESSES * EACH
    assert seconds >= 6


def test_feishu_is_spared() -> None:
    with FakeFeishu() as feishu:
        feishu.enforce()
        settings = ("feishu_app_id", APP_ID, "feishu_app_secret", APP_SECRET, "feishu_domain", feishu.url)
        seconds = post("feishu", "oc_1", *settings)
        statuses = [call.status for call in feishu.asked("message.create")]
    assert statuses == [200] * PROCESSES * EACH
    assert seconds >= 1
