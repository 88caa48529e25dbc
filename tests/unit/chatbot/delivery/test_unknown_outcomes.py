"""What may have arrived is looked up with the real clients of Slack and Feishu, and stands once, its parts in order."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.token import TokenManager
from redis import Redis

from chatbot.delivery.delivering import SETTLING, Clock, Delivering
from chatbot.delivery.ledger import Ledger
from chatbot.messaging import Channel, Platform
from chatbot.platforms.feishu import paces as feishu_paces
from chatbot.platforms.feishu import rooms as feishu_rooms
from chatbot.platforms.slack import paces as slack_paces
from chatbot.platforms.slack import rooms as slack_rooms
from chatbot.views.view import Paragraph, Text, View
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET
from tests.fakes.github_http import Reply
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_http import Trouble, dropped, failing
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from workers.settings import Settings

FAST = (1_000, timedelta(seconds=1))
PARAGRAPHS = 70
NUMBER = re.compile(r"\b(\d+): x")


class Jumping:
    """The clock, that jumps where somebody waits."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pause(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Place:
    """A platform beside its fake. `trouble(what, on)` lets it befall the next call that sends, or that looks."""

    platform: Platform
    channel: Channel
    trouble: Callable[[Trouble, str], None]
    shown: Callable[[], list[str]]
    """What stands in the channel: the first message, then its thread."""


@pytest.fixture
def slack(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(slack_paces, "IN_A_CHANNEL", FAST)
    with FakeSlack(Workspace(began=int(time.time()))) as fake:
        settings = Settings(slack_bot_token=BOT_TOKEN, slack_api_url=fake.api_url)

        def shown() -> list[str]:
            return [one.shown for first in fake.seen() for one in (first, *fake.thread(first.ts))]

        def trouble(what: Trouble, on: str) -> None:
            methods = {"send": ["chat.postMessage"], "look": ["conversations.history", "conversations.replies"]}
            for method in methods[on]:
                fake.trouble(what, on=method)

        channel = Channel(platform="slack", workspace="T1", id="C1")
        yield Place(slack_rooms.open_rooms(settings, redis).platform, channel, trouble, shown)


@pytest.fixture
def feishu(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(feishu_paces, "AT_A_PLACE", FAST)
    monkeypatch.setattr(TokenManager, "cache", LocalCache())
    with FakeFeishu() as fake:
        settings = Settings(feishu_app_id=APP_ID, feishu_app_secret=APP_SECRET, feishu_domain=fake.url)

        def shown() -> list[str]:
            return [one.shown for first in fake.seen() for one in (first, *fake.thread(first.id))]

        def trouble(what: Trouble, on: str) -> None:
            for operation in {"send": ["message.create", "message.reply"], "look": ["message.list"]}[on]:
                fake.trouble(what, on=operation)

        channel = Channel(platform="feishu", workspace="t1", id="oc_1")
        yield Place(feishu_rooms.open_rooms(settings, redis).platform, channel, trouble, shown)


@pytest.fixture(params=["slack", "feishu"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


def long() -> View:
    """A view that is several messages on each platform."""
    blocks = tuple(Paragraph((Text(f"{number}: {'x' * 900}"),)) for number in range(PARAGRAPHS))
    return View("en", "long", "long", blocks)


def numbers(place: Place) -> list[int]:
    """The paragraphs as they stand, one message after the other."""
    return [int(number) for text in place.shown() for number in NUMBER.findall(text)]


def deliver(place: Place, redis: Redis, clock: Jumping, most: int = 5) -> int:
    """As a job that is run until it has done; how often the view was made."""
    made = []

    def make() -> View:
        made.append(1)
        return long()

    for _ in range(most):
        delivering = Delivering(
            Ledger(redis, timedelta(days=1)), place.platform, Clock(clock.now, clock.pause), "job", patience=60
        )
        if delivering.deliver("digest", place.channel, make).is_done:
            return len(made)
    raise AssertionError("it was never done")


@pytest.mark.parametrize(
    "trouble",
    [dropped(), dropped(after=True), failing(), failing(after=True), failing(503, after=True)],
    ids=["drop before", "drop after", "500 before", "500 after", "503 after"],
)
def test_each_part_stands_once_and_in_its_order_whatever_became_of_an_answer(
    place: Place, redis: Redis, trouble: Trouble
) -> None:
    """The trouble befalls the first message, and the first of its thread."""
    place.trouble(trouble, "send")
    assert deliver(place, redis, Jumping()) == 1, "what is sent again is not made again"
    assert len(place.shown()) > 2
    assert numbers(place) == list(range(PARAGRAPHS))


def test_a_message_that_slacks_history_shows_late_is_waited_for(slack: Place, redis: Redis) -> None:
    hidden = Trouble(lambda reply: Reply.ok({"ok": True, "messages": []}))
    for _ in range(3):
        slack.trouble(hidden, "look")
    slack.trouble(dropped(after=True), "send")
    clock = Jumping()
    deliver(slack, redis, clock)
    assert numbers(slack) == list(range(PARAGRAPHS))
    assert clock.ahead < SETTLING


def test_what_slack_never_took_is_sent_again_only_once_it_must_have_appeared(slack: Place, redis: Redis) -> None:
    slack.trouble(dropped(), "send")
    clock = Jumping()
    deliver(slack, redis, clock)
    assert numbers(slack) == list(range(PARAGRAPHS))
    assert clock.ahead > SETTLING - timedelta(seconds=1)


@pytest.mark.parametrize("trouble", [dropped(), dropped(after=True)], ids=["before", "after"])
def test_after_the_hour_of_its_key_feishus_history_decides(feishu: Place, redis: Redis, trouble: Trouble) -> None:
    class Late(Jumping):
        """Whoever waits comes back two hours later."""

        def pause(self, seconds: float) -> None:
            super().pause(seconds + 7_200)

    feishu.trouble(trouble, "send")
    deliver(feishu, redis, Late())
    assert numbers(feishu) == list(range(PARAGRAPHS))


def test_looking_that_fails_is_no_finding_nothing(slack: Place, redis: Redis) -> None:
    slack.trouble(failing(), "look")
    slack.trouble(dropped(after=True), "send")
    deliver(slack, redis, Jumping())
    assert numbers(slack) == list(range(PARAGRAPHS))
