"""What people do in Feishu reaches the conversation once, and is answered in time, over both ways in."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from redis import Redis

from chatbot.answering import Answering
from chatbot.conversation import Conversation
from chatbot.messaging import MessageRefusedError
from chatbot.platforms.feishu.callbacks import event_of
from chatbot.platforms.feishu.events import Hearing
from chatbot.platforms.feishu.native import register_command
from chatbot.platforms.feishu.rooms import Rooms
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_http import throttled
from tests.fakes.feishu_tenant import Message, Person
from tests.unit.chatbot.platforms.feishu.pressing import GROUP, VALUE, Json, card
from tests.unit.chatbot.rooms import NOW, NotingDesk, NotingQuestions
from workers.errors import TransientError
from workers.settings import Settings
from workers.store import keys
from workers.store.notes import Notes


def hear(hearing: Hearing, payload: Json) -> Json:
    return hearing.hear(event_of(json.loads(json.dumps(payload))))


def chosen(feishu: FakeFeishu, message: Message) -> Json:
    payload = feishu.people.press(message, "details")
    action = {"value": {"kind": "details"}, "tag": "select_static", "option": VALUE}
    return {**payload, "event": {**payload["event"], "action": action}}


# --- what people write --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["/digest acme/api today", "acme/api today", "/Digest https://github.com/acme/api"])
def test_a_mention_orders_a_digest_and_is_answered_in_the_group(
    feishu: FakeFeishu, hearing: Hearing, desk: NotingDesk, text: str
) -> None:
    assert hear(hearing, feishu.people.mention(text)) == {}
    ((_, order),) = desk.orders
    assert (order.channel, order.sources, order.under) == (GROUP, ("acme/api",), None)
    said, answer = feishu.seen()
    assert (said.sender, "acme/api" in answer.shown) == ("ou_1", True)


def test_the_same_message_is_heard_once_whatever_the_event_is_called(
    feishu: FakeFeishu, hearing: Hearing, desk: NotingDesk
) -> None:
    payload = feishu.people.mention("acme/api")
    again = {**payload, "header": {**payload["header"], "event_id": "another"}}
    for one in (payload, payload, again):
        hear(hearing, one)
    assert len(desk.orders) == 1
    assert len(feishu.seen()) == 2


def test_what_was_heard_is_remembered_for_longer_than_feishu_tells_it_again(
    feishu: FakeFeishu, hearing: Hearing, redis: Redis
) -> None:
    hear(hearing, feishu.people.mention("acme/api"))
    lives = [redis.ttl(key) for key in redis.keys(f"{keys.PREFIX}:seen:*")]
    assert len(lives) == 2
    assert min(lives) >= 12 * 3_600


def test_words_to_the_bot_alone_are_answered_there(feishu: FakeFeishu, hearing: Hearing, desk: NotingDesk) -> None:
    hear(hearing, feishu.people.direct("acme/api"))
    ((_, order),) = desk.orders
    assert order.channel.is_direct
    assert len(feishu.direct()) == 2


def test_a_native_command_comes_as_ordinary_words(feishu: FakeFeishu, hearing: Hearing, desk: NotingDesk) -> None:
    hear(hearing, feishu.people.say("/digest acme/api"))
    hear(hearing, feishu.people.say("acme/api is slow today"))
    hear(hearing, feishu.people.say("/digestive acme/api"))
    assert len(desk.orders) == 1


def test_words_in_a_thread_are_a_question_about_it(
    feishu: FakeFeishu, hearing: Hearing, rooms: Rooms, conversation: Conversation
) -> None:
    digest = card(rooms)
    card(rooms, digest)
    root = feishu.tenant.find(digest.id)
    hear(hearing, feishu.people.say("why was that done?", under=root))
    questions = conversation.questions
    assert isinstance(questions, NotingQuestions)
    (asked,) = questions.asked
    assert asked == "why was that done?"
    bo = [{"key": "@_user_1", "id": {"open_id": "ou_2"}, "name": "Bo"}]
    hear(hearing, feishu.people.say("@_user_1 can you have a look?", under=root, mentions=bo))
    assert len(questions.asked) == 1
    hear(hearing, feishu.people.mention("help", under=root))
    assert "/digest" in feishu.thread(digest.id)[-1].shown


def test_rich_text_is_read_and_other_people_keep_their_names(
    feishu: FakeFeishu, hearing: Hearing, desk: NotingDesk
) -> None:
    line = [
        {"tag": "at", "user_id": "@_user_1", "user_name": "摘要"},
        {"tag": "text", "text": " "},
        {"tag": "a", "href": "https://github.com/acme/api", "text": "https://github.com/acme/api"},
    ]
    posted = feishu.tenant.post("oc_1", "ou_1", "post", {"title": "", "content": [line]})
    mentions = [{"key": "@_user_1", "id": {"open_id": "ou_bot"}, "name": "摘要"}]
    hear(hearing, feishu.people.said(posted, mentions))
    assert len(desk.orders) == 1
    both = [*mentions, {"key": "@_user_11", "id": {"open_id": "ou_2"}, "name": "Bo"}]
    hear(hearing, feishu.people.say("@_user_1 subscrbe @_user_11", mentions=both))
    assert "subscribe" in feishu.seen()[-1].shown


def test_an_entry_of_the_menu_is_a_command(feishu: FakeFeishu, hearing: Hearing) -> None:
    hear(hearing, feishu.people.menu("help"))
    (answer,) = feishu.direct()
    assert "/digest owner/repo" in answer.shown


def test_people_of_other_tenants_and_groups_with_them_are_known_for_it(
    feishu: FakeFeishu, hearing: Hearing, desk: NotingDesk
) -> None:
    feishu.tenant.people["ou_2"] = Person("ou_2", tenant="t2")
    feishu.chat("oc_2", external=True)
    hear(hearing, feishu.people.mention("acme/api", user="ou_2"))
    hear(hearing, feishu.people.mention("acme/api", chat="oc_2"))
    (guest, _), (shared, order) = desk.orders
    assert (guest.public_only, shared.public_only, order.channel.is_shared) == (True, True, True)


# --- what people press --------------------------------------------------------------------------------------------


def test_a_press_is_left_to_a_job_and_answered_with_a_toast_in_both_languages(
    feishu: FakeFeishu, hearing: Hearing, rooms: Rooms, desk: NotingDesk
) -> None:
    digest = card(rooms)
    desk.keep("d1", GROUP)
    (message,) = feishu.seen()
    toast = hear(hearing, feishu.people.press(message, "details"))["toast"]
    assert toast["i18n"]["zh_cn"] == "正在处理。"
    hear(hearing, chosen(feishu, message))
    assert [one.digest_id for one in desk.answered] == ["d1", "d1"]
    assert digest.id == message.id


def test_feedback_is_thanked_for_in_the_toast_and_not_in_the_group(
    feishu: FakeFeishu, hearing: Hearing, rooms: Rooms, desk: NotingDesk
) -> None:
    card(rooms)
    desk.keep("d1", GROUP)
    (message,) = feishu.seen()
    toast = hear(hearing, feishu.people.press(message, f"up:{VALUE}"))["toast"]
    assert "Thank" in toast["content"]
    assert feishu.seen() == [message]


def test_a_press_in_a_thread_knows_the_thread(
    feishu: FakeFeishu, hearing: Hearing, rooms: Rooms, desk: NotingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = card(rooms)
    card(rooms, digest)
    desk.keep("d1", GROUP)
    presses: list[Any] = []
    monkeypatch.setattr(desk, "details", lambda press, wanted: presses.append(press))
    (below,) = feishu.thread(digest.id)
    for message in (below, feishu.seen()[0]):
        hear(hearing, feishu.people.press(message, "details"))
    assert [(one.on.id, one.under and one.under.id) for one in presses] == [(below.id, digest.id), (digest.id, None)]


def test_a_press_on_what_is_forgotten_says_so_in_the_toast(feishu: FakeFeishu, hearing: Hearing, rooms: Rooms) -> None:
    card(rooms)
    toast = hear(hearing, feishu.people.press(feishu.seen()[0], "details"))["toast"]
    assert "no longer kept" in toast["content"]


def test_a_press_that_takes_long_is_answered_before_it_is_done(
    feishu: FakeFeishu,
    conversation: Conversation,
    rooms: Rooms,
    desk: NotingDesk,
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card(rooms)
    desk.keep("d1", GROUP)
    released, done = threading.Event(), threading.Event()

    def slow(press: object, wanted: object) -> None:
        released.wait(10)
        done.set()

    monkeypatch.setattr(desk, "details", slow)
    hearing = Hearing(conversation, Answering(rooms.platform, redis), rooms.facts, "zh", lambda: NOW, 0.05)
    toast = hear(hearing, feishu.people.press(feishu.seen()[0], "details"))["toast"]
    assert (toast["content"], done.is_set()) == ("正在处理。", False)
    released.set()
    hearing.close()
    assert done.is_set()


# --- what makes no sense ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["a text", {"kind": 1}, {}, None, ["details"], {"kind": "details", "value": {}}])
def test_a_press_with_a_strange_value_is_answered_with_nothing(
    feishu: FakeFeishu, hearing: Hearing, rooms: Rooms, value: object
) -> None:
    card(rooms)
    assert hear(hearing, feishu.people.press(feishu.seen()[0], "details", value=value)) == {}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("im.message.receive_v1", {}),
        ("im.message.receive_v1", {"message": {"content": "no json"}, "sender": {}}),
        ("im.message.receive_v1", {"message": None, "sender": 1}),
        ("card.action.trigger", {"action": "x"}),
        ("application.bot.menu_v6", {"operator": {}}),
        ("im.chat.member.bot.added_v1", {"chat_id": "oc_1"}),
        ("something.new_v9", {}),
    ],
)
def test_events_that_are_unknown_or_broken_are_taken_and_ignored(
    feishu: FakeFeishu, hearing: Hearing, kind: str, body: Json
) -> None:
    assert hear(hearing, feishu.people.event(kind, body)) == {}
    assert feishu.seen() == []


def test_a_handler_that_fails_is_logged_with_a_reference_that_who_pressed_is_told(
    feishu: FakeFeishu,
    hearing: Hearing,
    rooms: Rooms,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    card(rooms)

    def fail(*given: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(Conversation, "hear", fail)
    toast = hear(hearing, feishu.people.press(feishu.seen()[0], "details"))["toast"]
    reference = toast["content"].rpartition("Reference: ")[2].strip(" .")
    assert f"reference {reference}" in caplog.text
    assert hear(hearing, feishu.people.mention("help")) == {}


def test_who_presses_while_the_store_is_away_is_told_so(
    feishu: FakeFeishu, hearing: Hearing, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    card(rooms)

    def fail(*given: object) -> str:
        raise TransientError("redis_unreachable")

    monkeypatch.setattr(Notes, "get", fail)
    toast = hear(hearing, feishu.people.press(feishu.seen()[0], "details"))["toast"]
    assert ("Redis" in toast["content"], toast["type"]) == (True, "error")


def test_a_bot_that_cannot_be_asked_who_it_is_hears_the_mention_once_it_can(
    feishu: FakeFeishu, hearing: Hearing, desk: NotingDesk
) -> None:
    feishu.trouble(throttled(99991400), on="bot.info")
    mention = feishu.people.mention("acme/api")
    with pytest.raises(TransientError):
        hear(hearing, mention)
    hear(hearing, mention)
    assert len(desk.orders) == 1


def test_the_native_command_is_registered_once_in_both_languages(feishu: FakeFeishu, settings: Settings) -> None:
    register_command(settings)
    (first,) = map(dict, feishu.tenant.commands)
    register_command(settings.model_copy(update={"chat_language": "zh"}))
    (known,) = feishu.tenant.commands
    assert (first["command"], known["command"], known["command_id"]) == ("digest", "digest", first["command_id"])
    assert known["description"]["default_value"] == known["description"]["i18n"]["zh_cn"]
    assert first["description"]["default_value"] == first["description"]["i18n"]["en_us"]


def test_a_permission_that_registering_lacks_is_named(feishu: FakeFeishu, settings: Settings) -> None:
    feishu.tenant.scopes.remove("application:app_slash_command:write")
    with pytest.raises(MessageRefusedError) as refused:
        register_command(settings)
    assert refused.value.details["scope"] == "application:app_slash_command:write"
