"""The App Home: what a person's channels subscribed to, for those who may know of it, acted on and shown again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fakeredis import FakeStrictRedis

from chatbot.answering import Answering
from chatbot.app import new_conversation, new_subscriptions
from chatbot.commands.command import Schedule, SubscribeCommand
from chatbot.messaging import Channel, Person
from chatbot.platforms.slack.home import Home, Pressed, page_of
from chatbot.platforms.slack.rooms import Rooms
from chatbot.presses import number_value
from chatbot.views.home import PAGE
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import Channel as Room
from tests.fakes.slack_workspace import Message
from tests.fakes.slack_workspace import Person as Member
from workers.settings import Settings

NOW = datetime(2026, 2, 21, 8, 30, tzinfo=UTC)
ADA = Person(id="U2", name="Ada")


class Desk:
    """A home, its workspace, and what stands in it."""

    def __init__(self, slack: FakeSlack, rooms: Rooms, settings: Settings, redis: FakeStrictRedis) -> None:
        self.slack, self._presses = slack, 0
        self.subscriptions = new_subscriptions(settings, redis)
        self.home = Home(
            workspaces=rooms.workspaces,
            facts=rooms.facts,
            subscriptions=self.subscriptions,
            conversation=new_conversation(settings, redis),
            answering=Answering(rooms.platform, redis),
            language="en",
        )
        slack.workspace.people["U2"] = Member("U2", language="en-US")

    def subscribe(self, repository: str, channel: str = "C1", public: bool = True) -> None:
        schedule = Schedule(rhythm="daily", clock="09:00", timezone="UTC")
        command = SubscribeCommand(repository=repository, schedule=schedule)
        self.subscriptions.add(self.place(channel), ADA, command, public, NOW)

    def place(self, channel: str) -> Channel:
        return Channel(platform="slack", workspace="T1", id=channel)

    def shown(self, user: str = "U2") -> str:
        home = self.slack.workspace.people[user].home or {}
        return Message("0", "", "", "", home.get("blocks", [])).shown

    def page(self, user: str = "U2") -> str:
        return str((self.slack.workspace.people[user].home or {}).get("private_metadata", ""))

    def press(self, kind: str, number: int, channel: str = "C1", user: str = "U2", page: str = "") -> None:
        self._presses += 1
        value = number_value(number, self.place(channel).key)
        self.home.press("T1", user, Pressed(kind=kind, value=value, trigger=f"t{self._presses}", page=page), NOW)


@pytest.fixture
def desk(slack: FakeSlack, rooms: Rooms, settings: Settings, redis: FakeStrictRedis) -> Desk:
    return Desk(slack, rooms, settings, redis)


def test_without_subscriptions_it_says_how_to_begin_one(desk: Desk) -> None:
    desk.home.show("T1", "U2")
    assert "/digest subscribe" in desk.shown()


def test_a_press_is_carried_out_told_in_its_channel_and_shown(desk: Desk) -> None:
    desk.subscribe("acme/engine")
    desk.press("pause", 1)
    assert "Subscription 1 (acme/engine) is paused." in desk.shown()
    assert "is paused" in desk.slack.seen("C1")[-1].shown
    desk.press("resume", 1)
    assert "paused" not in desk.shown()
    desk.press("unsubscribe", 1)
    assert "None of your channels" in desk.shown()


def test_what_cannot_be_done_is_said_in_the_home_and_nowhere_else(desk: Desk) -> None:
    desk.subscribe("acme/engine")
    desk.press("pause", 7)
    assert "no subscription 7" in desk.shown()
    assert desk.slack.seen("C1") == []
    assert desk.slack.private("U2", "C1") == []


def test_a_press_about_a_channel_that_one_is_not_in_does_nothing_and_says_so(desk: Desk) -> None:
    desk.slack.workspace.channels["C2"] = Room("C2", absent={"U2"})
    desk.subscribe("acme/engine", "C2")
    desk.press("unsubscribe", 1, "C2")
    assert len(desk.subscriptions.of(desk.place("C2"))) == 1
    assert "acme/engine" not in desk.shown()
    assert "This button belongs" in desk.shown()


def test_a_guest_sees_and_moves_nothing_private(desk: Desk) -> None:
    desk.slack.workspace.people["U5"] = Member("U5", restricted=True, language="en-US")
    desk.subscribe("acme/secret", public=False)
    desk.subscribe("acme/engine")
    desk.home.show("T1", "U5")
    assert "acme/secret" not in desk.shown("U5")
    assert "acme/engine" in desk.shown("U5")
    desk.press("unsubscribe", 1, user="U5")
    assert "acme/secret" not in desk.shown("U5")
    assert len(desk.subscriptions.of(desk.place("C1"))) == 2
    desk.home.show("T1", "U2")
    assert "acme/secret" in desk.shown()


def test_pages_are_turned_and_kept_after_a_press(desk: Desk) -> None:
    for number in range(PAGE + 3):
        desk.subscribe(f"acme/engine-{number}")
    desk.home.show("T1", "U2")
    assert "engine-17" not in desk.shown()
    desk.home.press("T1", "U2", Pressed(kind="home", value="1", trigger="x"), NOW)
    assert "engine-17" in desk.shown()
    assert "engine-0" not in desk.shown()
    desk.press("pause", PAGE + 2, page=desk.page())
    assert "engine-17" in desk.shown()


@pytest.mark.parametrize(("text", "page"), [("3", 3), ("", 0), ("-1", 0), ("x", 0), ("99999", 0), ("²", 0)])
def test_the_number_of_a_page_comes_from_outside(text: str, page: int) -> None:
    assert page_of(text) == page
