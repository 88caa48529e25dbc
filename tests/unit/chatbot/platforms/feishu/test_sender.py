"""Cards go out once, are found again, and what Feishu answers is told apart: done, refused, not done, unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fakeredis import FakeStrictRedis

from chatbot.delivery.delivering import Clock, Delivering
from chatbot.delivery.ledger import Ledger
from chatbot.messaging import Channel, MessageRefusedError, Part, Person, UnknownOutcomeError
from chatbot.platforms.feishu import open_platform
from chatbot.platforms.feishu.calls import SAID_MOST
from chatbot.platforms.feishu.facts import PLATFORM
from chatbot.platforms.feishu.health import look
from chatbot.platforms.feishu.rooms import Rooms, open_rooms
from chatbot.platforms.feishu.sender import FeishuPlatform
from chatbot.views.chat import chat_view
from chatbot.views.failure import failure_text
from chatbot.views.view import Action, Actions, Paragraph, Text, View
from tests.fakes import feishu_tenant as fake
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_http import refused, throttled
from tests.fakes.slack_http import Trouble, dropped, failing
from tests.samples_chat import HISTORY, hostile, many
from tests.unit.chatbot.platforms.feishu.conftest import Unpaced
from workers.errors import DigestError, RefusedError, TransientError, WordsError
from workers.model import Digest
from workers.settings import Settings
from workers.words import load_words

GROUP = Channel(platform=PLATFORM, workspace="t1", id="oc_1")
ADA = Person(id="ou_1")
LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


def view(text: str, *actions: Action) -> View:
    return View("en", text, text, (Paragraph((Text(text),)), Actions(actions)))


def part(platform: FeishuPlatform, text: str, *actions: Action) -> Part:
    return platform.render(view(text, *actions), "key", GROUP)[0]


# --- sent and found -----------------------------------------------------------------------------------------------


def test_a_message_is_sent_once_with_its_key_and_found_by_it(feishu: FakeFeishu, platform: FeishuPlatform) -> None:
    platform.send(GROUP, part(platform, "other"), "other")
    sent = platform.send(GROUP, part(platform, "hello"), "key.2")
    assert platform.send(GROUP, part(platform, "hello"), "key.2") == sent
    assert [one.shown for one in feishu.seen()] == ["other", "hello"]
    assert platform.find(GROUP, "key.2", LONG_AGO) == sent
    assert platform.find(GROUP, "key", LONG_AGO) is None
    assert platform.find(GROUP, "key.2", datetime.now(UTC) + timedelta(hours=1)) is None


def test_a_withdrawn_message_is_not_found(feishu: FakeFeishu, platform: FeishuPlatform) -> None:
    sent = platform.send(GROUP, part(platform, "hello"), "key")
    feishu.seen()[0].deleted = True
    assert platform.find(GROUP, "key", LONG_AGO) is None
    with pytest.raises(MessageRefusedError, match="gone"):
        platform.edit(sent, part(platform, "more"))


def test_a_message_is_found_behind_more_than_one_page(feishu: FakeFeishu, platform: FeishuPlatform) -> None:
    sent = platform.send(GROUP, part(platform, "hello"), "key")
    for number in range(60):
        feishu.tenant.post("oc_1", "ou_1", "text", {"text": str(number)})
    assert platform.find(GROUP, "key", LONG_AGO) == sent


def test_a_reply_stands_in_its_thread_and_is_found_there(feishu: FakeFeishu, platform: FeishuPlatform) -> None:
    first = platform.send(GROUP, part(platform, "digest"), "key")
    reply = platform.send(GROUP, part(platform, "details"), "key.1", first)
    (below,) = feishu.thread(first.id)
    assert (below.id, below.shown, reply.thread) == (reply.id, "details", below.thread)
    assert platform.find(GROUP, "key.1", LONG_AGO, first) == reply
    assert platform.find(GROUP, "key.2", LONG_AGO, first) is None


def test_a_group_without_threads_has_plain_replies_and_is_asked_once(
    feishu: FakeFeishu, platform: FeishuPlatform
) -> None:
    feishu.chat("oc_2", threads=False)
    group = GROUP.model_copy(update={"id": "oc_2"})
    first = platform.send(group, part(platform, "digest"), "key")
    replies = [platform.send(group, part(platform, text), f"key.{text}", first) for text in "ab"]
    assert [(one.shown, one.parent) for one in feishu.seen("oc_2")] == [
        ("digest", None),
        ("a", first.id),
        ("b", first.id),
    ]
    assert len(feishu.asked("message.reply")) == 3
    assert platform.find(group, "key.b", LONG_AGO, first) == replies[1]


def test_progress_becomes_the_digest_in_the_same_message(
    feishu: FakeFeishu, platform: FeishuPlatform, redis: FakeStrictRedis
) -> None:
    clock = Clock(lambda: datetime.now(UTC), lambda seconds: None)
    delivering = Delivering(Ledger(redis, timedelta(days=1)), platform, clock, "job")
    for text in ("1 of 3", "2 of 3"):
        delivering.announce("digest", GROUP, view(text))
    feishu.trouble(throttled(230020), on="message.patch")
    feishu.trouble(dropped(after=True), on="message.patch")
    assert delivering.deliver("digest", GROUP, lambda: view("digest")).is_done
    assert [(one.shown, one.edits) for one in feishu.seen()] == [("digest", 3)]


@pytest.mark.parametrize("later", [timedelta(), timedelta(hours=2)])
def test_progress_whose_answer_was_lost_becomes_the_digest(
    feishu: FakeFeishu, platform: FeishuPlatform, redis: FakeStrictRedis, later: timedelta
) -> None:
    """Within the hour Feishu takes the digest for its progress: then the progress stands, and is to be changed."""
    feishu.trouble(dropped(after=True))
    ledger, begun = Ledger(redis, timedelta(days=1)), datetime.now(UTC)
    watcher = Delivering(ledger, platform, Clock(lambda: begun, lambda seconds: None), "watch", patience=0)
    with pytest.raises(UnknownOutcomeError):
        watcher.announce("digest", GROUP, view("1 of 3"))
    poster = Delivering(ledger, platform, Clock(lambda: begun + later, lambda seconds: None), "job")
    assert poster.deliver("digest", GROUP, lambda: view("digest")).is_done
    assert [(one.shown, one.edits) for one in feishu.seen()] == [("digest", 1)]


@pytest.mark.parametrize("refusal", [None, 230031, 230072, 230011])
def test_a_digest_whose_progress_is_deleted_or_cannot_be_edited_is_posted_anew_once(
    feishu: FakeFeishu, platform: FeishuPlatform, redis: FakeStrictRedis, refusal: int | None
) -> None:
    clock = Clock(lambda: datetime.now(UTC), lambda seconds: None)
    delivering = Delivering(Ledger(redis, timedelta(days=1)), platform, clock, "job")
    delivering.announce("digest", GROUP, view("1 of 3"))
    if refusal is None:
        feishu.seen()[0].deleted = True
    else:
        feishu.trouble(refused(refusal), on="message.patch")
    feishu.trouble(dropped(after=True))
    for _ in range(2):
        assert delivering.deliver("digest", GROUP, lambda: view("digest")).is_done
    assert [one.shown for one in feishu.seen()] == (["digest"] if refusal is None else ["1 of 3", "digest"])


def test_a_message_whose_answer_was_lost_stands_once_within_the_hour_and_after_it(
    feishu: FakeFeishu, platform: FeishuPlatform, redis: FakeStrictRedis
) -> None:
    feishu.trouble(dropped(after=True))
    later = iter([timedelta(), timedelta()])

    def now() -> datetime:
        return datetime.now(UTC) + next(later, timedelta(hours=2))

    delivering = Delivering(Ledger(redis, timedelta(days=1)), platform, Clock(now, lambda seconds: None), "job")
    assert delivering.deliver("digest", GROUP, lambda: view("digest")).is_done
    assert [one.shown for one in feishu.seen()] == ["digest"]
    assert len(feishu.asked("message.list")) == 1


@pytest.mark.parametrize("digest", [hostile(), many()], ids=["hostile", "many"])
def test_a_digest_goes_out_whole_and_mentions_nobody(
    feishu: FakeFeishu, rooms: Rooms, redis: FakeStrictRedis, digest: Digest
) -> None:
    platform = FeishuPlatform(rooms.platform._calls, rooms.facts, Unpaced(redis), rooms.platform._entities)
    shown = chat_view(digest, load_words("chatbot.views", "zh"), history=HISTORY, digest_id="d1")
    first, *others = platform.render(shown, "key", GROUP)
    stands = platform.send(GROUP, first, "key")
    for number, other in enumerate(others, start=1):
        platform.send(GROUP, other, f"key.{number}", stands)
    posted = [*feishu.seen(), *feishu.thread(stands.id)]
    assert len(posted) == 1 + len(others)
    assert not any(one.mentions for one in posted)


# --- told privately -----------------------------------------------------------------------------------------------


def test_what_one_person_need_know_is_told_directly_but_buttons_stay_in_their_group(
    feishu: FakeFeishu, platform: FeishuPlatform
) -> None:
    first = platform.send(GROUP, part(platform, "digest"), "key")
    platform.tell(GROUP, ADA, part(platform, "refused"), first)
    platform.tell(GROUP, ADA, part(platform, "menu", Action("details", "Details", value="v")), first)
    assert [one.shown for one in feishu.direct()] == ["refused"]
    assert [one.shown.splitlines()[0] for one in feishu.thread(first.id)] == ["menu"]


def test_where_the_group_refuses_even_that_is_told_directly(feishu: FakeFeishu, platform: FeishuPlatform) -> None:
    feishu.tenant.chats["oc_1"].member = False
    platform.tell(GROUP, ADA, part(platform, "paused", Action("resume", "Resume", value="v")))
    assert [one.shown.splitlines()[0] for one in feishu.direct()] == ["paused"]


# --- what goes wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "code"),
    [({"member": False}, "not_in_channel"), ({"dissolved": True}, "gone"), ({"muted": True}, "no_rights")],
)
def test_the_state_of_a_group_is_told_in_words(
    feishu: FakeFeishu, platform: FeishuPlatform, state: dict[str, bool], code: str
) -> None:
    feishu.chat("oc_2", **state)
    with pytest.raises(MessageRefusedError) as raised:
        platform.send(GROUP.model_copy(update={"id": "oc_2"}), part(platform, "x"), "key")
    assert raised.value.code == code
    words = failure_text(code, raised.value.details, load_words("chatbot.views", "zh"))
    assert "我们这边" not in words


def test_a_missing_permission_is_named(feishu: FakeFeishu, platform: FeishuPlatform) -> None:
    feishu.tenant.scopes.clear()
    with pytest.raises(MessageRefusedError) as raised:
        platform.send(GROUP, part(platform, "x"), "key")
    assert raised.value.details["scope"] == "im:message:send_as_bot"
    feishu.tenant.scopes |= fake.SCOPES - {"im:message.group_msg"}
    with pytest.raises(MessageRefusedError) as raised:
        platform.find(GROUP, "key", LONG_AGO)
    assert raised.value.details["scope"] == "im:message.group_msg"


def test_without_the_permission_to_look_the_key_alone_keeps_a_message_from_coming_twice(
    feishu: FakeFeishu, platform: FeishuPlatform
) -> None:
    feishu.tenant.scopes.discard("im:message.group_msg")
    feishu.trouble(dropped(after=True))
    with pytest.raises(UnknownOutcomeError):
        platform.send(GROUP, part(platform, "x"), "key")
    assert platform.find(GROUP, "key", datetime.now(UTC) - timedelta(minutes=5)) is None
    platform.send(GROUP, part(platform, "x"), "key")
    assert [one.shown for one in feishu.seen()] == ["x"]


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (230011, "gone"),
        (230025, "too_large"),
        (230099, "too_large"),
        (99991662, "token_revoked"),
        (230013, "no_rights"),
    ],
)
def test_feishus_codes_are_refusals_of_ours(
    feishu: FakeFeishu, platform: FeishuPlatform, code: int, refusal: str
) -> None:
    feishu.trouble(refused(code))
    with pytest.raises(MessageRefusedError, match=refusal):
        platform.send(GROUP, part(platform, "x"), "key")


def test_why_a_card_is_refused_is_in_the_error_in_one_harmless_line(
    feishu: FakeFeishu, platform: FeishuPlatform
) -> None:
    whole = part(platform, "x")
    unknown = {**whole.payload["card"], "body": {"elements": [{"tag": "blink"}]}}
    with pytest.raises(MessageRefusedError, match="too_large") as raised:
        platform.send(GROUP, whole.model_copy(update={"payload": {"card": unknown}}), "key")
    said = str(raised.value.details["said"])
    assert said.startswith("Failed to create card content, ext=ErrCode: 200621; ErrMsg: ")
    assert "not support tag: blink" in said
    feishu.trouble(refused(230099, "a\n\x1b[31mb" + "c" * 5_000))
    with pytest.raises(MessageRefusedError) as raised:
        platform.send(GROUP, whole, "key")
    said = str(raised.value.details["said"])
    assert said.startswith("a ␛[31mbccc")
    assert len(said) == SAID_MOST


def test_a_wrong_secret_is_told_in_words_and_posts_nothing(feishu: FakeFeishu, settings: Settings) -> None:
    wrong = settings.model_copy(update={"feishu_app_secret": None})
    with pytest.raises(RefusedError, match="no_platform"):
        open_platform(wrong, FakeStrictRedis(version=7))
    feishu.tenant.secret = "another"
    platform = open_platform(settings, FakeStrictRedis(version=7))
    with pytest.raises(RefusedError, match="feishu_refused") as raised:
        platform.send(GROUP, part(platform, "x"), "key")
    assert "FEISHU_APP_SECRET" in failure_text(raised.value.code, {}, load_words("chatbot.views", "en"))


def test_a_domain_that_is_no_origin_is_a_setting_that_is_wrong(settings: Settings) -> None:
    wrong = settings.model_copy(update={"feishu_domain": "http://open.example.com"})
    with pytest.raises(WordsError, match="FEISHU_DOMAIN"):
        open_platform(wrong, FakeStrictRedis(version=7))


def test_a_token_that_was_taken_back_is_fetched_anew(feishu: FakeFeishu, platform: FeishuPlatform) -> None:
    platform.send(GROUP, part(platform, "one"), "key")
    feishu.tenant.tokens.clear()
    platform.send(GROUP, part(platform, "two"), "key.1")
    assert [one.shown for one in feishu.seen()] == ["one", "two"]


@pytest.mark.parametrize("code", [230020, 99991400, 11232])
def test_throttling_says_how_long_to_wait_and_posts_nothing(
    feishu: FakeFeishu, platform: FeishuPlatform, code: int
) -> None:
    feishu.trouble(throttled(code, reset=7), times=2)
    with pytest.raises(TransientError) as raised:
        platform.send(GROUP, part(platform, "x"), "key")
    assert (raised.value.code, raised.value.retry_after) == ("platform_busy", 7 if code == 99991400 else 1)
    assert feishu.seen() == []
    if code != 99991400:
        assert len(feishu.asked("message.create")) == 2, "a second is waited for, once"


@pytest.mark.parametrize("trouble", [dropped(), dropped(after=True), failing(), failing(503, after=True)])
def test_a_connection_that_broke_leaves_the_outcome_unknown_and_the_key_makes_it_one(
    feishu: FakeFeishu, platform: FeishuPlatform, trouble: Trouble
) -> None:
    feishu.trouble(trouble)
    with pytest.raises(UnknownOutcomeError):
        platform.send(GROUP, part(platform, "x"), "key")
    platform.send(GROUP, part(platform, "x"), "key")
    assert [one.shown for one in feishu.seen()] == ["x"]


@pytest.mark.parametrize("trouble", [dropped(), failing()])
def test_a_token_that_cannot_be_fetched_has_posted_nothing(
    feishu: FakeFeishu, platform: FeishuPlatform, trouble: Trouble
) -> None:
    feishu.trouble(trouble, on="token")
    with pytest.raises(TransientError, match="platform_unreachable"):
        platform.send(GROUP, part(platform, "x"), "key")


def test_a_server_that_is_not_there_took_nothing(
    feishu: FakeFeishu, platform: FeishuPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.send(GROUP, part(platform, "one"), "key")
    monkeypatch.setattr(platform._calls.client.im.v1.message.config, "domain", "http://127.0.0.1:9")
    with pytest.raises(DigestError, match="platform_unreachable"):
        platform.send(GROUP, part(platform, "two"), "key.1")


# --- the pace -----------------------------------------------------------------------------------------------------


def test_two_processes_share_the_pace_of_a_group(
    feishu: FakeFeishu, settings: Settings, redis: FakeStrictRedis
) -> None:
    pauses: list[float] = []
    platforms = [open_rooms(settings, redis).platform for _ in range(2)]
    for platform in platforms:
        platform._paces._pause = pauses.append
    for number in range(6):
        platforms[number % 2].send(GROUP, part(platforms[0], str(number)), f"key.{number}")
    assert len(pauses) == 1
    assert 0 < pauses[0] <= 1.1


@pytest.mark.parametrize(("code", "elsewhere"), [(230020, True), (99991400, False)])
def test_what_feishu_says_of_waiting_to_one_process_all_obey(
    feishu: FakeFeishu, settings: Settings, redis: FakeStrictRedis, code: int, elsewhere: bool
) -> None:
    feishu.chat("oc_2")
    platforms = [open_rooms(settings, redis).platform for _ in range(2)]
    pauses: list[float] = []
    for platform in platforms:
        platform._paces._pause = pauses.append
    feishu.trouble(throttled(code, reset=9), chat="oc_1", times=2)
    with pytest.raises(TransientError, match="platform_busy"):
        platforms[0].send(GROUP, part(platforms[0], "x"), "key")
    asked = len(feishu.asked("message.create"))
    try:
        platforms[1].send(GROUP.model_copy(update={"id": "oc_2"}), part(platforms[1], "y"), "key.1")
    except TransientError as error:
        assert (error.code, 8 < (error.retry_after or 0) <= 9) == ("platform_busy", True)
    assert (len(feishu.asked("message.create")) > asked) is elsewhere
    assert len(feishu.seen("oc_2")) == elsewhere
    assert all(0 < pause <= 1 for pause in pauses)


# --- the doctor ---------------------------------------------------------------------------------------------------


def test_the_doctor_names_the_bot(settings: Settings) -> None:
    health, text = look(settings, load_words("chatbot", "en"))
    assert (health.value, "摘要" in text) == ("ok", True)
