"""The long connection comes back from everything, hears in threads, and never stays deaf without anybody noticing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from redis import Redis

from chatbot.answering import Answering
from chatbot.conversation import Conversation
from chatbot.platforms.feishu import connection
from chatbot.platforms.feishu.callbacks import Event
from chatbot.platforms.feishu.connection import LongConnection
from chatbot.platforms.feishu.events import Hearing
from chatbot.platforms.feishu.rooms import Rooms
from chatbot.platforms.feishu.sender import FeishuPlatform
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from tests.fakes.slack_http import dropped, failing, held
from tests.processes import wait_until
from tests.unit.chatbot.platforms.feishu.conftest import Unpaced
from tests.unit.chatbot.rooms import NOW, NotingDesk
from workers.errors import RefusedError, TransientError

Answers = Callable[[Event], dict]


BURST = 200


class Ears:
    """Hears as Hearing does, and notes what. `answers` is what it says to an event."""

    def __init__(self, answers: Answers = lambda event: {}) -> None:
        self.heard: list[str] = []
        self._answers = answers

    def hear(self, event: Event) -> dict:
        self.heard.append(event.id)
        return self._answers(event)


@contextmanager
def connected(
    feishu: FakeFeishu, ears: Ears | Hearing, ping: float = 15, quiet: float = 40
) -> Iterator[LongConnection]:
    feishu.socket.config["PingInterval"] = 120
    found = LongConnection((APP_ID, APP_SECRET), feishu.url, ears, ping, quiet)  # type: ignore[arg-type]
    found.open()
    feishu.socket.wait_connected()
    try:
        yield found
    finally:
        feishu.socket.resume()
        found.close()
        assert not found._thread.is_alive()


def test_events_are_acknowledged_with_what_was_said_to_them(feishu: FakeFeishu) -> None:
    with connected(feishu, Ears(lambda event: {"toast": {"content": "好"}})) as found:
        assert feishu.socket.send(feishu.people.event("unknown", {})).wait() == {"toast": {"content": "好"}}
        assert feishu.socket.send(feishu.people.mention("x" * 5_000), parts=3).wait()
        assert found.is_connected()
    assert not found.is_connected()


def test_an_event_that_cannot_be_heard_now_is_left_to_come_again(feishu: FakeFeishu) -> None:
    failing_once = iter([TransientError("redis_unreachable")])

    def answers(event: Event) -> dict:
        for error in failing_once:
            raise error
        return {}

    with connected(feishu, Ears(answers)):
        with pytest.raises(ValueError, match="500"):
            feishu.socket.send(feishu.people.mention("help")).wait()
        (again,) = feishu.socket.again()
        assert again.wait() == {}


def test_an_event_that_takes_long_holds_up_neither_others_nor_pings(feishu: FakeFeishu) -> None:
    released = threading.Event()

    def answers(event: Event) -> dict:
        if event.kind == "slow":
            released.wait(10)
        return {}

    with connected(feishu, Ears(answers), ping=0.05):
        slow = feishu.socket.send(feishu.people.event("slow", {}))
        assert feishu.socket.send(feishu.people.event("quick", {})).wait() == {}
        feishu.socket.wait_pinged(feishu.socket.pings + 3)
        assert not slow.acked.is_set()
        released.set()
        assert slow.wait() == {}


@pytest.mark.parametrize("way", ["deaf", "stalled"])
def test_a_connection_from_which_nothing_comes_is_opened_again(feishu: FakeFeishu, way: str) -> None:
    with connected(feishu, Ears(), ping=0.1, quiet=0.4) as found:
        if way == "deaf":
            feishu.socket.deaf = True
        else:
            feishu.socket.stall()
        feishu.socket.wait_connected(opened=2)
        feishu.socket.resume()
        assert feishu.socket.send(feishu.people.mention("help")).wait() == {}
        wait_until(found.is_connected)


def test_as_it_is_set_a_deaf_connection_is_noticed_and_open_again_within_a_minute() -> None:
    noticed = connection.QUIET_SECONDS + connection.LOOK_SECONDS
    assert noticed + connection.NONCE_SECONDS + connection.CONNECT_SECONDS < 60
    assert connection.PING_SECONDS * 2 < connection.QUIET_SECONDS


def test_refusals_and_breaks_on_the_way_back_are_tried_again(
    feishu: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    feishu.socket.config["ReconnectInterval"] = 0.05
    with connected(feishu, Ears()) as found:
        feishu.tenant.secret = "changed"
        calls = len(feishu.asked("endpoint"))
        feishu.socket.drop()
        wait_until(lambda: len(feishu.asked("endpoint")) > calls + 1)
        assert not found.is_connected()
        feishu.tenant.secret = APP_SECRET
        feishu.socket.wait_connected(opened=2)
        for trouble in (failing(), dropped()):
            feishu.trouble(trouble, on="endpoint")
        feishu.socket.disconnect()
        feishu.socket.wait_connected(opened=3)


def test_an_endpoint_that_hangs_is_not_waited_for_for_ever(feishu: FakeFeishu, monkeypatch: pytest.MonkeyPatch) -> None:
    post = connection.sdk.requests.post
    assert post.keywords == {"timeout": connection.TIMEOUT_SECONDS}
    monkeypatch.setitem(post.keywords, "timeout", 0.2)
    feishu.socket.config["ReconnectInterval"] = 0.05
    late = threading.Event()
    with connected(feishu, Ears()):
        feishu.trouble(held(late), on="endpoint")
        feishu.socket.drop()
        feishu.socket.wait_connected(opened=2)
        late.set()


@pytest.mark.parametrize("fault", ["reset", "drop", "disconnect"])
def test_a_burst_of_mentions_over_a_connection_that_breaks_is_heard_whole_and_once(
    feishu: FakeFeishu, conversation: Conversation, rooms: Rooms, redis: Redis, desk: NotingDesk, fault: str
) -> None:
    feishu.socket.config["ReconnectInterval"] = 0.05
    platform = FeishuPlatform(rooms.platform._calls, rooms.facts, Unpaced(redis), rooms.platform._entities)
    hearing = Hearing(conversation, Answering(platform, redis), rooms.facts, "en", lambda: NOW)
    with connected(feishu, hearing):
        for number in range(BURST):
            feishu.socket.send(feishu.people.mention(f"acme/api{number}"))
            if number % 80 == 40:
                opened = feishu.socket.opened
                getattr(feishu.socket, fault)()
                feishu.socket.wait_connected(opened=opened + 1)
        while feishu.socket.again():
            with suppress(TimeoutError):
                feishu.socket.wait_quiet(1)
    assert sorted(request.sources for request, _ in desk.orders) == sorted(
        (f"acme/api{number}",) for number in range(BURST)
    )


def test_a_wrong_secret_is_refused_at_the_start(feishu: FakeFeishu) -> None:
    found = LongConnection((APP_ID, "wrong"), feishu.url, Ears())  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="feishu_refused"):
        found.open()
    assert not found._thread.is_alive()
    found.close()


@pytest.mark.parametrize("trouble", [failing(), dropped()])
def test_a_feishu_that_does_not_answer_may_pass_by_itself(feishu: FakeFeishu, trouble: object) -> None:
    feishu.trouble(trouble, on="endpoint")  # type: ignore[arg-type]
    with pytest.raises(TransientError, match="platform_unreachable"):
        LongConnection((APP_ID, APP_SECRET), feishu.url, Ears()).open()  # type: ignore[arg-type]
