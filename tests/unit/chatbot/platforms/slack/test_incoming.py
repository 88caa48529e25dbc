"""Slack's payloads as messages and presses: words as a person saw them, places, and who is an outsider."""

from __future__ import annotations

import pytest

from chatbot.messaging import Channel, Message, Person
from chatbot.platforms.slack.facts import Facts
from chatbot.platforms.slack.incoming import command_message, event_message, plain, press_of
from chatbot.platforms.slack.rooms import Rooms
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_http import Trouble, dropped, failing, limited, refused
from tests.fakes.slack_workspace import Channel as Room
from tests.fakes.slack_workspace import Person as Somebody
from workers.errors import TransientError

BOT = "UBOTT1"


class Known:
    """Everybody and everything is ours."""

    def person(self, team: str, user: str, name: str = "") -> Person:
        return Person(id=user, name=name)

    def channel(self, team: str, channel: str, shared: bool = False) -> Channel:
        return Channel(platform="slack", workspace=team, id=channel, is_shared=shared)


def heard(payload: tuple[str, dict]) -> Message | None:
    return event_message(payload[1], BOT, Known())


def test_links_mentions_and_escapes_are_read_as_a_person_saw_them() -> None:
    text = "<https://github.com/acme/api|github.com/acme/api> <#C1|general> &lt;b&gt; &amp;amp; <https://a.test/?a=1&amp;b>"
    assert plain(text) == "https://github.com/acme/api #general <b> &amp; https://a.test/?a=1&b"


def test_a_command_is_known_by_its_trigger(slack: FakeSlack) -> None:
    _, body = slack.people.command("acme/api")
    message = command_message(body, Known())
    assert (message.text, message.way, message.person.id) == ("acme/api", "command", "U1")
    assert message.ids == (f"trigger:{body['trigger_id']}",)


def test_both_events_of_a_mention_say_the_same_under_a_common_name(slack: FakeSlack) -> None:
    one, other = (heard(payload) for payload in slack.people.mention("acme/api <@U2>"))
    assert one is not None
    assert other is not None
    assert one.text == other.text == "acme/api @U2"
    assert one.way == other.way == "mention"
    assert len(set(one.ids) & set(other.ids)) == 1


def test_a_thread_is_named_by_its_first_message(slack: FakeSlack) -> None:
    parent = slack.workspace.post("C1", "hello")
    (mention, _) = slack.people.mention("help", thread_ts=parent.ts)
    message = heard(mention)
    assert message is not None
    assert message.under is not None
    assert message.under.id == parent.ts
    plain_reply = slack.people.event(
        {"type": "message", "channel": "C1", "user": "U1", "ts": "9.9", "thread_ts": parent.ts, "text": "why?"}
    )
    reply = heard(plain_reply)
    assert reply is not None
    assert reply.way == "reply"


def test_a_reply_to_somebody_else_is_not_for_us(slack: FakeSlack) -> None:
    parent = slack.workspace.post("C1", "hello")
    said = {"type": "message", "channel": "C1", "user": "U1", "ts": "9.9", "thread_ts": parent.ts}
    assert heard(slack.people.event({**said, "text": "<@U2> can you have a look?"})) is None


def test_a_press_knows_its_message_and_thread(slack: FakeSlack, rooms: Rooms) -> None:
    button = {"type": "button", "action_id": "details.1", "value": "v", "text": {"type": "plain_text", "text": "D"}}
    client = rooms.workspaces.client("T1")
    client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "actions", "elements": [button]}])
    (message,) = slack.seen()
    press = press_of(slack.people.press(message, "details")[1], Known())
    assert press is not None
    assert (press.kind, press.value) == ("details", "v")
    assert press.on is not None
    assert (press.on.id, press.under) == (message.ts, None)
    message.thread_ts = message.ts  # as Slack tells it once there are replies
    again = press_of(slack.people.press(message, "details")[1], Known())
    assert again is not None
    assert again.under is None


def test_a_link_that_is_followed_sends_nothing(slack: FakeSlack, rooms: Rooms) -> None:
    link = {
        "type": "button",
        "action_id": "github.1",
        "url": "https://a.test",
        "text": {"type": "plain_text", "text": "G"},
    }
    client = rooms.workspaces.client("T1")
    client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "actions", "elements": [link]}])
    assert press_of(slack.people.press(slack.seen()[0], "github")[1], Known()) is None


# --- who may see what ---------------------------------------------------------------------------------------------


def test_people_are_asked_about_once_in_a_while(slack: FakeSlack, rooms: Rooms) -> None:
    facts: Facts = rooms.facts
    for _ in range(2):
        assert facts.person("T1", "U1") == Person(id="U1", name="wenqi", language="zh")
        assert not facts.channel("T1", "C1").is_shared
    assert len(slack.asked("users.info")) == len(slack.asked("conversations.info")) == 1


def test_guests_strangers_and_shared_channels_are_recognised(slack: FakeSlack, rooms: Rooms) -> None:
    slack.workspace.people |= {"U2": Somebody("U2", restricted=True), "U3": Somebody("U3", team="T9")}
    slack.workspace.channels["C2"] = Room("C2", shared=True)
    assert rooms.facts.person("T1", "U2").is_outsider
    assert rooms.facts.person("T1", "U3").is_outsider
    assert rooms.facts.channel("T1", "C2").is_shared
    assert rooms.facts.channel("T1", "C1", shared=True).is_shared
    assert rooms.facts.channel("T1", "DU1").is_direct


def test_what_slack_may_not_tell_us_is_closed_and_asked_again(slack: FakeSlack, rooms: Rooms) -> None:
    slack.trouble(refused("missing_scope", needed="users:read"), on="users.info")
    slack.trouble(refused("channel_not_found"), on="conversations.info")
    assert rooms.facts.person("T1", "U1").is_outsider
    assert rooms.facts.channel("T1", "C1").is_shared
    assert not rooms.facts.person("T1", "U1").is_outsider
    assert not rooms.facts.channel("T1", "C1").is_shared


@pytest.mark.parametrize("trouble", [failing(), dropped(), limited()])
def test_nobody_is_taken_for_a_guest_because_slack_is_out_of_reach(
    slack: FakeSlack, rooms: Rooms, trouble: Trouble
) -> None:
    for method in ("users.info", "conversations.info"):
        slack.trouble(trouble, on=method)
    for ask in (lambda: rooms.facts.person("T1", "U1"), lambda: rooms.facts.channel("T1", "C1")):
        with pytest.raises(TransientError, match="platform_unreachable"):
            ask()
    assert not rooms.facts.person("T1", "U1").is_outsider
