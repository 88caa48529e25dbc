"""The fake Feishu through Feishu's own SDK: it understands it as it understands the real one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from lark_oapi.api.contact.v3 import GetUserRequest
from lark_oapi.api.im.v1 import (
    GetChatMembersRequest,
    GetChatRequest,
    ListChatRequest,
)
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.exception import ObtainAccessTokenException
from lark_oapi.core.token import TokenManager

from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_http import refused, throttled
from tests.fakes.feishu_samples import DIV, Json, button, card, markdown, table, text
from tests.fakes.feishu_sdk import Sender, client_of, raw
from tests.fakes.feishu_tenant import APP_ID, Person
from tests.fakes.slack_http import dropped, failing, held


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_771_718_400.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feishu(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFeishu]:
    """The SDK keeps tokens for the whole process: every test begins with none."""
    monkeypatch.setattr(TokenManager, "cache", LocalCache())
    with FakeFeishu(clock) as server:
        yield server


@pytest.fixture
def sender(feishu: FakeFeishu) -> Sender:
    return Sender(client_of(feishu))


# --- tokens -------------------------------------------------------------------------------------------------------


def test_a_token_is_fetched_once_and_used_for_all(feishu: FakeFeishu, sender: Sender) -> None:
    assert sender.create(text("one")).success()
    assert sender.create(text("two")).success()
    assert len(feishu.asked("token")) == 1


def test_a_wrong_secret_and_a_stopped_app_get_no_token(feishu: FakeFeishu) -> None:
    with pytest.raises(ObtainAccessTokenException) as raised:
        Sender(client_of(feishu, "wrong")).create(text("x"))
    assert raised.value.code == 10014
    feishu.tenant.active = False
    with pytest.raises(ObtainAccessTokenException) as raised:
        Sender(client_of(feishu)).create(text("x"))
    assert raised.value.code == 10003


def test_the_sdk_keeps_a_token_that_is_refused_until_its_cache_is_emptied(feishu: FakeFeishu, sender: Sender) -> None:
    sender.create(text("one"))
    feishu.tenant.tokens.clear()
    assert [sender.create(text("two")).code for _ in range(2)] == [99991663] * 2
    TokenManager.cache = LocalCache()
    assert sender.create(text("two")).success()


# --- messages -----------------------------------------------------------------------------------------------------


def test_a_card_is_posted_changed_and_read_as_a_person_sees_it(feishu: FakeFeishu, sender: Sender) -> None:
    posted = sender.create(card(DIV, table(), button({"kind": "details"})), "interactive")
    assert sender.patch(posted.data.message_id, card(markdown("**完成**"), title="日报 2")).success()
    (message,) = feishu.seen()
    assert (message.shown, message.edits) == ("日报 2\n**完成**", 1)
    assert (posted.data.msg_type, posted.data.chat_id) == ("interactive", "oc_1")


def test_reading_a_card_gives_its_texts_or_when_asked_what_was_sent(sender: Sender) -> None:
    message = sender.create(card(DIV), "interactive").data.message_id
    (item,) = sender.get(message).data.items
    assert ("schema" in json.loads(item.body.content), item.sender.id) == (False, APP_ID)
    (item,) = sender.get(message, cards="user_card_content").data.items
    assert json.loads(item.body.content) == card(DIV)


def test_the_same_uuid_posts_once_within_the_hour(feishu: FakeFeishu, sender: Sender, clock: Clock) -> None:
    first = sender.create(text("one"), uuid="k1").data.message_id
    clock.now += 3_599
    again = sender.create(text("other words"), uuid="k1")
    assert (again.data.message_id, [one.shown for one in feishu.seen()]) == (first, ["one"])
    clock.now += 2
    assert sender.create(text("later"), uuid="k1").data.message_id != first
    assert sender.create(text("x"), uuid="k" * 51).code == 230001


def test_replies_stand_in_a_thread_and_share_the_memory_of_uuids(feishu: FakeFeishu, sender: Sender) -> None:
    root = sender.create(text("root")).data.message_id
    reply = sender.reply(root, text("below"), uuid="k1")
    assert sender.reply(root, text("below"), uuid="k1").data.message_id == reply.data.message_id
    sender.reply(reply.data.message_id, text("further below"), in_thread=False)
    assert [one.shown for one in feishu.thread(root)] == ["below", "further below"]
    assert [one.shown for one in feishu.seen()] == ["root"]
    assert (reply.data.root_id, reply.data.thread_id[:4]) == (root, "omt_")


def test_a_reply_outside_of_a_thread_stands_in_the_chat(feishu: FakeFeishu, sender: Sender) -> None:
    root = sender.create(text("root")).data.message_id
    reply = sender.reply(root, text("quoting"), in_thread=False)
    assert [one.shown for one in feishu.seen()] == ["root", "quoting"]
    assert (reply.data.thread_id, reply.data.parent_id) == (None, root)


def test_a_chat_without_threads_refuses_them_and_takes_plain_replies(feishu: FakeFeishu, sender: Sender) -> None:
    feishu.chat("oc_2", threads=False)
    root = sender.create(text("root"), to="oc_2").data.message_id
    assert sender.reply(root, text("x")).code == 230071
    assert sender.reply(root, text("x"), in_thread=False).success()


def test_a_person_is_written_to_directly(feishu: FakeFeishu, sender: Sender) -> None:
    assert sender.create(text("for you"), to="ou_1").success()
    assert ([one.shown for one in feishu.direct()], feishu.seen()) == (["for you"], [])
    feishu.tenant.people["ou_2"] = Person("ou_2", available=False)
    assert (sender.create(text("x"), to="ou_2").code, sender.create(text("x"), to="ou_9").code) == (230013, 230001)


def test_a_withdrawn_message_is_gone_for_all_that_would_touch_it(feishu: FakeFeishu, sender: Sender) -> None:
    message = sender.create(card(DIV), "interactive").data.message_id
    assert sender.delete(message).success()
    assert (sender.patch(message, card(DIV)).code, sender.reply(message, text("x")).code) == (230011, 230011)
    assert feishu.seen() == []
    assert sender.get(message).data.items[0].deleted


def test_texts_are_edited_twenty_times_and_cards_for_fourteen_days(sender: Sender, clock: Clock) -> None:
    words = sender.create(text("0")).data.message_id
    assert [sender.update(words, text(str(n))).code for n in range(21)] == [0] * 20 + [230072]
    shown = sender.create(card(DIV), "interactive").data.message_id
    assert (sender.patch(words, card(DIV)).code, sender.update(shown, text("x")).code) == (230054, 230054)
    clock.now += 14 * 24 * 3_600 + 1
    assert sender.patch(shown, card(DIV)).code == 230031


def test_others_messages_and_missing_ones_are_not_changed(feishu: FakeFeishu, sender: Sender) -> None:
    theirs = feishu.tenant.post("oc_1", "ou_1", "text", text("hello"))
    assert (sender.update(theirs.id, text("x")).code, sender.update("om_no", text("x")).code) == (230027, 230001)


def test_messages_are_listed_in_pages_without_what_stands_in_threads(sender: Sender, clock: Clock) -> None:
    ids = [sender.create(text(str(number))).data.message_id for number in range(3)]
    thread = sender.reply(ids[0], text("below")).data.thread_id
    first = sender.list(size=2).data
    rest = sender.list(size=2, page=first.page_token).data
    assert [one.message_id for one in [*first.items, *rest.items]] == ids
    assert (first.has_more, rest.has_more) == (True, False)
    assert [one.message_id for one in sender.list(sort_type="ByCreateTimeDesc").data.items] == ids[::-1]
    assert len(sender.list(thread).data.items) == 2
    assert sender.list(start_time=str(int(clock.now) + 1)).data.items == []


def test_chats_people_and_the_bot_tell_who_they_are(feishu: FakeFeishu, sender: Sender) -> None:
    chats = sender.client.im.v1.chat
    assert chats.get(GetChatRequest.builder().chat_id("oc_1").build()).data.chat_mode == "group"
    assert [one.chat_id for one in chats.list(ListChatRequest.builder().build()).data.items] == ["oc_1"]
    members = sender.client.im.v1.chat_members.get(GetChatMembersRequest.builder().chat_id("oc_1").build())
    assert [one.member_id for one in members.data.items] == ["ou_1"]
    user = sender.client.contact.v3.user.get(GetUserRequest.builder().user_id("ou_1").build())
    assert user.data.user.name == "文琪"
    assert raw(sender, "GET", "/open-apis/bot/v3/info")["bot"]["open_id"] == "ou_bot"
    feishu.tenant.chats["oc_1"].member = False
    assert chats.get(GetChatRequest.builder().chat_id("oc_1").build()).code == 232011


def test_native_slash_commands_are_registered_without_their_slash(feishu: FakeFeishu, sender: Sender) -> None:
    path, about = "/open-apis/application/v7/app_slash_commands", {"default_value": "提交摘要"}
    assert raw(sender, "POST", path, {"command": "digest", "description": about})["code"] == 0
    assert raw(sender, "POST", path, {"command": "/digest", "description": about})["code"] == 230001
    assert raw(sender, "POST", path, {"command": "digest", "description": about})["code"] != 0
    (known,) = raw(sender, "GET", path)["data"]["items"]
    assert known["command"] == "digest"
    assert raw(sender, "PATCH", f"{path}/{known['command_id']}", {"description": {"default_value": "x"}})["code"] == 0
    assert [one["description"]["default_value"] for one in feishu.tenant.commands] == ["x"]


def test_each_state_of_a_chat_is_refused_in_feishus_words(feishu: FakeFeishu, sender: Sender) -> None:
    feishu.chat("oc_2", member=False)
    feishu.chat("oc_3", dissolved=True)
    feishu.chat("oc_4", muted=True)
    wanted = {"oc_2": 230002, "oc_3": 232009, "oc_4": 230018, "oc_9": 230001}
    assert {chat: sender.create(text("x"), to=chat).code for chat in wanted} == wanted
    feishu.tenant.scopes.discard("im:message.group_msg")
    words = feishu.tenant.post("oc_1", "ou_1", "text", text("x"))
    assert (sender.list().code, sender.get(words.id).code) == (230027, 230027)
    feishu.tenant.scopes.clear()
    refusal = sender.create(text("x"))
    assert (refusal.code, "im:message:send_as_bot" in refusal.msg, refusal.raw.status_code) == (99991672, True, 400)
    feishu.tenant.active = False
    assert sender.create(text("x")).code == 99991662


# --- limits -------------------------------------------------------------------------------------------------------


def test_bodies_over_the_limit_of_their_kind_are_refused(sender: Sender) -> None:
    assert sender.create(text("x" * 150_000)).success()
    assert sender.create(text("x" * 154_000)).code == 230025
    assert sender.create(card(*[markdown("字" * 1_000)] * 9), "interactive").success()
    assert sender.create(card(*[markdown("字" * 1_000)] * 11), "interactive").code == 230025
    posted = sender.create(card(DIV), "interactive").data.message_id
    assert sender.patch(posted, card(*[markdown("字" * 1_000)] * 11)).code == 230025


def test_content_is_json_text_of_a_known_kind(sender: Sender) -> None:
    assert [sender.create("no json").code, sender.create("[1]").code, sender.create({"words": "x"}).code] == [
        230001
    ] * 3
    assert sender.create(text("x"), "carrier_pigeon").code == 230001
    assert sender.create({"zh_cn": {"title": "t", "content": [[{"tag": "text", "text": "x"}]]}}, "post").success()


# --- rates and troubles -------------------------------------------------------------------------------------------


def test_rates_count_per_group_per_message_and_per_app(feishu: FakeFeishu, sender: Sender, clock: Clock) -> None:
    feishu.chat("oc_2")
    feishu.enforce()
    shown = sender.create(card(DIV), "interactive").data.message_id
    assert [sender.create(text("x")).code for _ in range(5)] == [0] * 4 + [230020]
    assert sender.create(text("x"), to="oc_2").success()
    assert [sender.patch(shown, card(DIV)).code for _ in range(6)] == [0] * 5 + [230020]
    clock.now += 1
    assert sender.create(text("x")).success()
    feishu.limit("app", calls=1, seconds=60)
    _, refusal = (sender.create(text("x"), to="oc_2") for _ in range(2))
    assert (refusal.code, refusal.raw.status_code) == (99991400, 429)
    assert int(refusal.raw.headers["x-ogw-ratelimit-reset"]) > 0


@pytest.mark.parametrize(("code", "status"), [(230020, 400), (99991400, 429), (11232, 200)])
def test_each_way_of_throttling_has_its_own_code_and_status(
    feishu: FakeFeishu, sender: Sender, code: int, status: int
) -> None:
    feishu.trouble(throttled(code, reset=7))
    refusal = sender.create(text("x"))
    assert (refusal.code, refusal.raw.status_code) == (code, status)
    assert sender.create(text("x")).success()


@pytest.mark.parametrize(("trouble", "posted"), [(dropped(), 0), (dropped(after=True), 1)])
def test_a_dropped_connection_is_an_error_whether_it_was_posted_or_not(
    feishu: FakeFeishu, sender: Sender, trouble: Any, posted: int
) -> None:
    feishu.trouble(trouble)
    with pytest.raises(requests.ConnectionError):
        sender.create(text("x"))
    assert len(feishu.seen()) == posted


@pytest.mark.parametrize(("trouble", "posted"), [(failing(), 0), (failing(503, after=True), 1)])
def test_a_server_error_without_json_is_a_value_error_of_the_sdk(
    feishu: FakeFeishu, sender: Sender, trouble: Any, posted: int
) -> None:
    feishu.trouble(trouble)
    with pytest.raises(ValueError, match="Expecting value"):
        sender.create(text("x"))
    assert len(feishu.seen()) == posted


def test_what_was_posted_unheard_is_not_posted_again_with_the_same_uuid(feishu: FakeFeishu) -> None:
    late = threading.Event()
    feishu.trouble(held(late))
    impatient = Sender(client_of(feishu, timeout=0.2))
    with pytest.raises(requests.Timeout):
        impatient.create(text("once"), uuid="k1")
    late.set()
    assert impatient.create(text("once"), uuid="k1").success()
    assert len(feishu.seen()) == 1


def test_troubles_befall_the_operation_and_chat_they_are_meant_for(feishu: FakeFeishu, sender: Sender) -> None:
    feishu.chat("oc_2")
    feishu.trouble(refused(230049, "sending"), chat="oc_2", times=None)
    assert (sender.create(text("x")).code, sender.create(text("x"), to="oc_2").code) == (0, 230049)
    feishu.calm()
    assert sender.create(text("x"), to="oc_2").success()


# --- custom bots --------------------------------------------------------------------------------------------------


def hook(url: str, secret: str = "", stamp: float = 0, **body: Any) -> Any:
    if secret:
        key = f"{int(stamp)}\n{secret}".encode()
        sign = base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()
        body |= {"timestamp": str(int(stamp)), "sign": sign}
    return requests.post(url, json=body, timeout=5).json()["code"]


def test_a_custom_bot_takes_what_is_signed_within_the_hour(feishu: FakeFeishu, clock: Clock) -> None:
    url = feishu.hook(secret="s1")
    words: Json = {"msg_type": "text", "content": text("hello")}
    assert hook(url, "s1", clock.now, **words) == 0
    assert [hook(url, "s2", clock.now, **words), hook(url, "s1", clock.now - 3_601, **words), hook(url, **words)] == [
        19021
    ] * 3
    assert [one.shown for one in feishu.seen()] == ["hello"]
    assert hook(f"{feishu.url}/open-apis/bot/v2/hook/nothing", **words) == 19001


def test_a_custom_bot_takes_cards_without_callbacks_and_within_its_limits(feishu: FakeFeishu) -> None:
    url = feishu.hook()
    link = button({}, behaviors=[{"type": "open_url", "default_url": "https://a.b"}])
    assert hook(url, msg_type="interactive", card=card(DIV, link)) == 0
    assert hook(url, msg_type="interactive", card=card(button({}))) == 11246
    assert hook(url, msg_type="interactive", card=card({"tag": "note"})) == 11246
    assert hook(url, msg_type="text", content=text("x" * 20_480)) == 9499
    assert hook(feishu.hook("h2", keyword="digest"), msg_type="text", content=text("x")) == 19024
    assert hook(feishu.hook("h3", lets_in=False), msg_type="text", content=text("x")) == 19022
    feishu.limit("hook", calls=1, seconds=60)
    assert [hook(url, msg_type="text", content=text("x")) for _ in range(2)] == [0, 11232]
