"""Messages go out once, are found again, and what Slack answers is told apart: done, refused, not done, unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fakeredis import FakeStrictRedis

from chatbot.delivery.delivering import Clock, Delivering
from chatbot.delivery.ledger import Ledger
from chatbot.messaging import Channel, MessageRefusedError, Part, Person, Receipt, UnknownOutcomeError
from chatbot.platforms.slack import paces
from chatbot.platforms.slack.facts import PLATFORM
from chatbot.platforms.slack.rooms import Rooms, open_rooms
from chatbot.platforms.slack.sender import SlackPlatform
from chatbot.views.chat import chat_view
from chatbot.views.view import Chart, Paragraph, Series, Text, View
from tests.fakes import slack_workspace as fake
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_http import Trouble, dropped, failing, limited, refused
from tests.samples_chat import HISTORY, hostile, many
from workers.errors import DigestError, TransientError
from workers.model import Tier
from workers.settings import Settings
from workers.words import load_words

C1 = Channel(platform=PLATFORM, workspace="T1", id="C1")
ADA = Person(id="U1", name="Ada")
LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def platform(rooms: Rooms) -> SlackPlatform:
    return rooms.platform


def view(text: str) -> View:
    return View("en", text, text, (Paragraph((Text(text),)),))


def part(platform: SlackPlatform, text: str) -> Part:
    return platform.render(view(text), "key", C1)[0]


def charted() -> View:
    series = (Series(Tier.HIGH, "high", (1, 2)),)
    return View("en", "t", "t", (Paragraph((Text("before"),)), Chart("Days", ("01", "02"), series, "most on 02")))


# --- sent and found -----------------------------------------------------------------------------------------------


def test_a_message_is_sent_and_found_by_its_key(slack: FakeSlack, platform: SlackPlatform) -> None:
    platform.send(C1, part(platform, "other"), "other")
    sent = platform.send(C1, part(platform, "hello"), "key.2")
    assert [(one.shown, one.unfurl) for one in slack.seen()] == [("other", False), ("hello", False)]
    assert platform.find(C1, "key.2", LONG_AGO) == sent
    assert platform.find(C1, "key", LONG_AGO) is None
    assert platform.find(C1, "key.2", datetime.now(UTC) + timedelta(hours=1)) is None


def test_a_message_of_a_thread_is_found_there_behind_hundreds(slack: FakeSlack, platform: SlackPlatform) -> None:
    parent = platform.send(C1, part(platform, "parent"), "key")
    sent = platform.send(C1, part(platform, "below"), "key.1", parent)
    for number in range(250):
        slack.workspace.post("C1", f"chat {number}", thread_ts=parent.id)
    last = platform.send(C1, part(platform, "last"), "key.2", sent)
    assert platform.find(C1, "key.1", LONG_AGO, parent) == sent
    assert platform.find(C1, "key.2", LONG_AGO, parent) == last == Receipt(channel=C1, id=last.id, thread=parent.id)
    assert platform.find(C1, "key.1", LONG_AGO) is None


def test_a_message_is_changed_in_its_place(slack: FakeSlack, platform: SlackPlatform) -> None:
    sent = platform.send(C1, part(platform, "progress"), "key")
    platform.edit(sent, part(platform, "digest"))
    assert [one.shown for one in slack.seen()] == ["digest"]
    assert platform.find(C1, "key", LONG_AGO) == sent


def test_an_answer_in_a_thread_that_is_gone_is_taken_back(slack: FakeSlack, platform: SlackPlatform) -> None:
    parent = platform.send(C1, part(platform, "parent"), "key")
    slack.workspace.remove("C1", parent.id)
    with pytest.raises(MessageRefusedError) as raised:
        platform.send(C1, part(platform, "below"), "key.1", parent)
    assert raised.value.code == "gone"
    assert slack.seen() == []


@pytest.mark.parametrize("digest", [hostile, many])
def test_every_part_of_a_hard_day_is_taken(
    slack: FakeSlack, platform: SlackPlatform, digest: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "IN_A_CHANNEL", (1_000, timedelta(seconds=1)))
    parts = platform.render(
        chat_view(digest("zh"), load_words("chatbot.views", "zh"), digest_id="d", history=HISTORY),  # type: ignore[arg-type]
        "key",
        C1,
    )
    first = platform.send(C1, parts[0], "key")
    for number, one in enumerate(parts[1:], start=1):
        platform.send(C1, one, f"key.{number}", first if one.in_thread else None)
    assert len(slack.seen()) == 1
    assert len(slack.thread(first.id)) == len(parts) - 1


# --- progress that becomes a digest -------------------------------------------------------------------------------


def delivering(platform: SlackPlatform, redis: FakeStrictRedis, patience: float = 120) -> Delivering:
    clock = Clock(lambda: datetime.now(UTC), lambda seconds: None)
    return Delivering(Ledger(redis, timedelta(days=1)), platform, clock, "job", patience)


def test_progress_whose_answer_was_lost_becomes_the_digest(
    slack: FakeSlack, platform: SlackPlatform, redis: FakeStrictRedis
) -> None:
    slack.trouble(dropped(after=True))
    with pytest.raises(UnknownOutcomeError):
        delivering(platform, redis, patience=0).announce("digest", C1, view("1 of 3"))
    assert delivering(platform, redis).deliver("digest", C1, lambda: view("digest")).is_done
    assert [(one.shown, one.edits) for one in slack.seen()] == [("digest", 1)]


@pytest.mark.parametrize("refusal", [None, "cant_update_message", "edit_window_closed"])
def test_a_digest_whose_progress_is_deleted_or_cannot_be_edited_is_posted_anew_once(
    slack: FakeSlack, platform: SlackPlatform, redis: FakeStrictRedis, refusal: str | None
) -> None:
    delivering(platform, redis).announce("digest", C1, view("1 of 3"))
    if refusal is None:
        slack.workspace.remove("C1", slack.seen()[0].ts)
    else:
        slack.trouble(refused(refusal), on="chat.update")
    slack.trouble(dropped(after=True))
    for _ in range(2):
        assert delivering(platform, redis).deliver("digest", C1, lambda: view("digest")).is_done
    assert [one.shown for one in slack.seen()] == (["digest"] if refusal is None else ["1 of 3", "digest"])


# --- the pace -----------------------------------------------------------------------------------------------------


def paced_rooms(settings: Settings, redis: FakeStrictRedis, pauses: list[float]) -> SlackPlatform:
    """The way out of one more process."""
    found = open_rooms(settings, redis).platform
    found._paces._pause = pauses.append
    return found


def test_processes_share_the_pace_of_a_channel(slack: FakeSlack, settings: Settings, redis: FakeStrictRedis) -> None:
    pauses: list[float] = []
    ours, theirs = (paced_rooms(settings, redis, pauses) for _ in range(2))
    for number, one in enumerate((ours, theirs, ours)):
        one.send(C1, part(one, str(number)), f"key.{number}")
    assert pauses == []
    with pytest.raises(TransientError, match="platform_busy") as raised:
        theirs.send(C1, part(ours, "4"), "key.4")
    assert 2 < (raised.value.retry_after or 0) <= 3.3
    slack.workspace.channels["C2"] = fake.Channel("C2")
    theirs.send(C1.model_copy(update={"id": "C2"}), part(ours, "elsewhere"), "key.5")
    assert len(slack.asked("chat.postMessage")) == 4


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.history"])
def test_what_slack_says_of_waiting_to_one_process_all_obey(
    slack: FakeSlack, settings: Settings, redis: FakeStrictRedis, method: str
) -> None:
    ours, theirs = (paced_rooms(settings, redis, []) for _ in range(2))
    sent = ours.send(C1, part(ours, "x"), "key")
    slack.trouble(limited(retry_after=30), on=method, times=None)
    asked = len(slack.asked(method))
    for one in (ours, theirs, ours):
        with pytest.raises(TransientError, match="platform_busy") as raised:
            match method:
                case "chat.postMessage":
                    one.send(C1, part(one, "y"), "key.1")
                case "chat.update":
                    one.edit(sent, part(one, "y"))
                case _:
                    one.find(C1, "key", LONG_AGO)
        assert 29 < (raised.value.retry_after or 0) <= 30
    assert len(slack.asked(method)) == asked + 1


# --- charts -------------------------------------------------------------------------------------------------------


def test_a_workspace_that_refuses_a_chart_is_told_it_in_words_from_then_on(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.workspace.refused.add("data_visualization")
    (drawn,) = platform.render(charted(), "key", C1)
    platform.send(C1, drawn, "key")
    (message,) = slack.seen()
    assert "before" in message.shown
    assert "most on 02" in message.shown
    assert [call.status for call in slack.asked("chat.postMessage")] == [200, 200]
    (told,) = platform.render(charted(), "key", C1)
    platform.edit(Receipt(channel=C1, id=message.ts), told)
    assert len(slack.asked("chat.update")) == 1


def test_a_workspace_that_takes_charts_is_shown_them(slack: FakeSlack, platform: SlackPlatform) -> None:
    (drawn,) = platform.render(charted(), "key", C1)
    platform.send(C1, drawn, "key")
    assert [block["type"] for block in slack.seen()[0].blocks] == ["rich_text", "data_visualization"]


# --- said to one person -------------------------------------------------------------------------------------------


def test_what_one_person_is_told_nobody_else_sees(slack: FakeSlack, platform: SlackPlatform) -> None:
    parent = platform.send(C1, part(platform, "parent"), "key")
    platform.tell(C1, ADA, part(platform, "for you"), parent)
    assert [one.shown for one in slack.seen()] == ["parent"]
    assert [(one.shown, one.thread_ts) for one in slack.private()] == [("for you", parent.id)]


def test_where_we_may_not_write_the_address_of_the_command_is_used(
    slack: FakeSlack, rooms: Rooms, platform: SlackPlatform
) -> None:
    slack.workspace.channels["C1"].member = False
    rooms.replies.keep(C1, ADA, slack.people.command("x")[1]["response_url"])
    platform.tell(C1, ADA, part(platform, "invite me"))
    assert [one.shown for one in slack.private()] == ["invite me"]


def test_without_one_the_person_is_written_to_directly_with_the_channels_name(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.workspace.channels["C1"].archived = True
    platform.tell(C1, ADA, part(platform, "it is archived"))
    (message,) = slack.seen("DU1")
    assert message.blocks[0]["elements"][0]["elements"] == [{"type": "channel", "channel_id": "C1"}]
    assert message.shown.endswith("it is archived")


def test_in_a_direct_talk_one_person_is_told_like_everybody(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.workspace.direct("U1")
    platform.tell(C1.model_copy(update={"id": "DU1", "is_direct": True}), ADA, part(platform, "hello"))
    assert [one.shown for one in slack.seen("DU1")] == ["hello"]


# --- what Slack answers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("not_in_channel", "not_in_channel"),
        ("channel_not_found", "not_in_channel"),
        ("is_archived", "archived"),
        ("token_revoked", "token_revoked"),
        ("account_inactive", "token_revoked"),
        ("restricted_action", "no_rights"),
        ("something_new", "no_rights"),
        ("msg_blocks_too_long", "too_large"),
        ("message_not_found", "gone"),
    ],
)
def test_a_refusal_is_said_in_our_words(slack: FakeSlack, platform: SlackPlatform, error: str, code: str) -> None:
    slack.trouble(refused(error))
    with pytest.raises(MessageRefusedError) as raised:
        platform.send(C1, part(platform, "x"), "key")
    assert raised.value.code == code


def test_a_missing_scope_is_named(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.workspace.scopes = "commands"
    with pytest.raises(MessageRefusedError) as raised:
        platform.send(C1, part(platform, "x"), "key")
    assert raised.value.details["scope"] == "chat:write"


@pytest.mark.parametrize(
    "trouble", [dropped(), dropped(after=True), failing(500, after=True), failing(503), refused("fatal_error")]
)
def test_what_may_have_arrived_is_unknown_and_sent_once(
    slack: FakeSlack, platform: SlackPlatform, trouble: Trouble
) -> None:
    slack.trouble(trouble)
    with pytest.raises(UnknownOutcomeError):
        platform.send(C1, part(platform, "x"), "key")
    assert len(slack.asked("chat.postMessage")) == 1
    assert (platform.find(C1, "key", LONG_AGO) is not None) == bool(slack.seen())


def test_a_short_wait_is_waited_for_and_a_long_one_told(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.trouble(limited(retry_after=0))
    platform.send(C1, part(platform, "x"), "key")
    slack.trouble(limited(retry_after=30))
    with pytest.raises(TransientError) as raised:
        platform.send(C1, part(platform, "y"), "key")
    assert raised.value.retry_after == 30
    assert [one.shown for one in slack.seen()] == ["x"]


def test_a_server_that_is_not_there_was_sent_nothing(redis: FakeStrictRedis) -> None:
    settings = Settings(slack_bot_token=fake.BOT_TOKEN, slack_api_url="http://127.0.0.1:9/api/")
    platform = open_rooms(settings, redis).platform
    with pytest.raises(TransientError) as raised:
        platform.send(C1, part(platform, "x"), "key")
    assert not isinstance(raised.value, UnknownOutcomeError)


def test_without_keys_there_is_no_platform(redis: FakeStrictRedis) -> None:
    for given, code in (({}, "no_platform"), ({"slack_client_id": "1", "slack_client_secret": "2"}, "no_secret_key")):
        with pytest.raises(DigestError) as raised:
            open_rooms(Settings(**given), redis)
        assert raised.value.code == code
