"""How the fake Feishu reaches a bot on Feishu's own SDK: the long connection, and callbacks over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.model import RawRequest
from lark_oapi.core.token import TokenManager
from lark_oapi.event.dispatcher_handler import EventDispatcherHandler
from lark_oapi.ws.exception import ClientException

from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_bot import Bot, Connection
from tests.fakes.feishu_people import VERIFICATION_TOKEN
from tests.fakes.feishu_samples import button, card, plain, text
from tests.fakes.feishu_sdk import Sender, client_of
from tests.fakes.feishu_tenant import APP_SECRET
from tests.processes import wait_until


@pytest.fixture
def feishu(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFeishu]:
    monkeypatch.setattr(TokenManager, "cache", LocalCache())
    with FakeFeishu() as server:
        yield server


@pytest.fixture
def sender(feishu: FakeFeishu) -> Sender:
    return Sender(client_of(feishu))


# --- our side: the long connection --------------------------------------------------------------------------------


@pytest.fixture
def bot() -> Bot:
    return Bot()


@contextmanager
def connecting(feishu: FakeFeishu, bot: Bot) -> Iterator[Connection]:
    connection = Connection(feishu, bot)
    feishu.socket.wait_connected()
    try:
        yield connection
    finally:
        feishu.socket.resume()
        connection.stop()


@pytest.fixture
def connected(feishu: FakeFeishu, bot: Bot) -> Iterator[Connection]:
    with connecting(feishu, bot) as connection:
        yield connection


def test_messages_and_presses_come_over_the_long_connection(
    feishu: FakeFeishu, bot: Bot, sender: Sender, connected: object
) -> None:
    feishu.socket.send(feishu.people.mention("/digest help")).wait()
    feishu.socket.send(feishu.people.direct("help")).wait()
    assert bot.words == ["@_user_1 /digest help", "help"]
    assert [one.event.message.chat_type for one in bot.heard] == ["group", "p2p"]
    assert bot.heard[0].event.message.mentions[0].id.open_id == "ou_bot"
    sender.create(card(button({"kind": "details", "value": "7"})), "interactive")
    pressed = feishu.socket.send(feishu.people.press(feishu.seen()[-1], "details")).wait()
    assert pressed == {"toast": {"type": "info", "content": "好"}}
    assert (bot.heard[2].event.action.value, bot.heard[2].event.context.open_chat_id) == (
        {"kind": "details", "value": "7"},
        "oc_1",
    )


def test_menus_offer_what_can_be_chosen_and_nothing_else(feishu: FakeFeishu, sender: Sender) -> None:
    options = [{"text": plain("abc"), "value": "abc"}]
    behaviors = [{"type": "callback", "value": {"kind": "commit"}}]
    sender.create(card({"tag": "select_static", "options": options, "behaviors": behaviors}), "interactive")
    (message,) = feishu.seen()
    assert feishu.people.press(message, "commit", option="abc")["event"]["action"]["option"] == "abc"
    with pytest.raises(ValueError, match="def"):
        feishu.people.press(message, "commit", option="def")
    with pytest.raises(KeyError):
        feishu.people.press(message, "nothing")


def test_what_happens_to_the_bot_and_its_messages_is_told(feishu: FakeFeishu, sender: Sender) -> None:
    people, room = feishu.people, feishu.tenant.chats["oc_1"]
    message = feishu.tenant.post("oc_1", "ou_1", "text", text("x"))
    events = [people.removed(room), people.added(room), people.recalled(message), people.menu("help")]
    assert [event["header"]["event_type"] for event in events] == [
        "im.chat.member.bot.deleted_v1",
        "im.chat.member.bot.added_v1",
        "im.message.recalled_v1",
        "application.bot.menu_v6",
    ]
    assert (room.member, feishu.seen()) == (True, [])


def test_an_event_in_several_frames_is_heard_as_one(feishu: FakeFeishu, bot: Bot, connected: object) -> None:
    feishu.socket.send(feishu.people.mention("长" * 20_000), parts=4).wait()
    assert len(bot.words[0]) == 20_009


def test_an_event_that_comes_twice_is_heard_twice_with_the_same_ids(
    feishu: FakeFeishu, bot: Bot, connected: object
) -> None:
    event = feishu.people.mention("once?")
    for _ in range(2):
        feishu.socket.send(event).wait()
    first, second = bot.heard
    assert (first.header.event_id, first.event.message.message_id) == (
        second.header.event_id,
        second.event.message.message_id,
    )


def test_an_unknown_event_and_a_handler_that_fails_are_not_acknowledged(
    feishu: FakeFeishu, bot: Bot, sender: Sender, connected: object
) -> None:
    sender.create(card(button({"kind": "fail"})), "interactive")
    for event in (feishu.people.event("im.unknown_v1", {}), feishu.people.press(feishu.seen()[0], "fail")):
        with pytest.raises(ValueError, match="500"):
            feishu.socket.send(event).wait()


def test_the_client_comes_back_however_the_connection_ends(feishu: FakeFeishu, bot: Bot, connected: object) -> None:
    for number, end in enumerate((feishu.socket.drop, feishu.socket.reset, feishu.socket.disconnect), 2):
        end()
        feishu.socket.wait_connected(opened=number)
        feishu.socket.send(feishu.people.mention(str(number))).wait()
    assert len(bot.heard) == 3


def test_what_a_reset_swallowed_is_delivered_again(feishu: FakeFeishu, bot: Bot, connected: object) -> None:
    for number in range(60):
        feishu.socket.send(feishu.people.mention(str(number)))
        if number == 30:
            feishu.socket.reset()
    feishu.socket.wait_connected(opened=2)
    while feishu.socket.again():
        feishu.socket.wait_quiet()
    assert len({one.header.event_id for one in bot.heard}) == 60


def test_a_handler_that_takes_its_time_holds_up_everything_behind_it(
    feishu: FakeFeishu, bot: Bot, sender: Sender, connected: object
) -> None:
    sender.create(card(button({"kind": "slow"})), "interactive")
    slow = feishu.socket.send(feishu.people.press(feishu.seen()[0], "slow"))
    behind = feishu.socket.send(feishu.people.mention("behind"))
    with pytest.raises(TimeoutError):
        behind.wait(0.2)
    bot.released.set()
    slow.wait()
    behind.wait()


def test_the_client_pings_as_often_as_it_is_told_and_never_misses_the_pongs(feishu: FakeFeishu, bot: Bot) -> None:
    feishu.socket.config["PingInterval"] = 0.02
    with connecting(feishu, bot):
        feishu.socket.wait_pinged(1)
        feishu.socket.deaf = True
        feishu.socket.wait_pinged(20)
        with pytest.raises(TimeoutError):
            feishu.socket.send(feishu.people.mention("anybody?")).wait(0.2)
    assert (feishu.socket.opened, bot.heard) == (1, [])


def test_on_a_half_open_connection_nothing_arrives_and_nothing_is_refused(
    feishu: FakeFeishu, bot: Bot, connected: object
) -> None:
    feishu.socket.stall()
    lost = feishu.socket.send(feishu.people.mention("anybody?"))
    with pytest.raises(TimeoutError):
        lost.wait(0.1)
    assert (len(feishu.socket.connections), bot.heard) == (1, [])
    feishu.socket.resume()
    assert feishu.socket.again() == [lost]
    lost.wait()
    assert bot.words == ["@_user_1 anybody?"]


def test_a_wrong_secret_and_too_many_connections_end_the_client(feishu: FakeFeishu, bot: Bot) -> None:
    wrong = Connection(feishu, bot, "wrong")
    wrong.join()
    feishu.socket.refusing = (1000040350, "the number of connections exceeded the limit")
    many = Connection(feishu, bot)
    many.join()
    assert [type(one.error) for one in (wrong, many)] == [ClientException] * 2
    assert feishu.socket.opened == 0


def test_a_refusal_on_the_way_back_leaves_the_client_running_and_deaf(feishu: FakeFeishu, bot: Bot) -> None:
    feishu.socket.config["ReconnectInterval"] = 0.05
    with connecting(feishu, bot) as connection:
        feishu.tenant.secret = "changed"
        feishu.socket.drop()
        wait_until(lambda: len(feishu.asked("endpoint")) == 2)
        feishu.tenant.secret = APP_SECRET
        with pytest.raises(TimeoutError):
            feishu.socket.wait_connected(opened=2, seconds=0.5)
        assert connection.error is None


# --- our side: HTTP -----------------------------------------------------------------------------------------------


@pytest.fixture
def listening(bot: Bot) -> Iterator[str]:
    """The address of the bot over HTTP."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = RawRequest()
            request.uri, request.body = self.path, self.rfile.read(int(self.headers["content-length"]))
            request.headers = {name.title(): value for name, value in self.headers.items()}
            reply = bot.handler.do(request)
            self.send_response(reply.status_code)
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feishu/events"
    server.shutdown()
    server.server_close()


def test_encrypted_and_signed_callbacks_are_understood(
    feishu: FakeFeishu, bot: Bot, sender: Sender, listening: str
) -> None:
    door = feishu.http(listening)
    assert json.loads(door.challenge().body) == {"challenge": "ajls384kdjx98XX"}
    assert door.send(feishu.people.mention("help")).status == 200
    sender.create(card(button({"kind": "details"})), "interactive")
    pressed = door.send(feishu.people.press(feishu.seen()[-1], "details"))
    assert json.loads(pressed.body)["toast"]["content"] == "好"
    assert len(bot.heard) == 2


def test_forged_callbacks_are_refused_and_old_ones_are_not_by_the_sdk(
    feishu: FakeFeishu, bot: Bot, listening: str
) -> None:
    door, event = feishu.http(listening), feishu.people.mention("help")
    assert [door.send(event, key="other").status, door.send(event, signature="00").status] == [500, 500]
    assert door.challenge(token="other").status == 500
    assert bot.heard == []
    assert door.send(event, timestamp="1400000000").status == 200


def test_an_app_without_a_key_gets_plain_callbacks(feishu: FakeFeishu, bot: Bot, listening: str) -> None:
    bot.handler = EventDispatcherHandler.builder("", VERIFICATION_TOKEN).build()
    assert feishu.http(listening, encrypt_key="").challenge().status == 200
