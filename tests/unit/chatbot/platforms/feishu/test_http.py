"""Callbacks over HTTP: checked, heard, answered in time, and refused where they are not Feishu's."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fakeredis import FakeStrictRedis
from starlette.testclient import TestClient

from chatbot.conversation import Conversation
from chatbot.doors import House
from chatbot.platforms.feishu.door import open_door
from chatbot.platforms.feishu.rooms import Rooms
from chatbot.web import web_app
from tests.fakes.feishu import ENCRYPT_KEY, FakeFeishu
from tests.fakes.feishu_doors import HttpDoor
from tests.fakes.feishu_people import VERIFICATION_TOKEN
from tests.processes import wait_until
from tests.unit.chatbot.platforms.feishu.pressing import Json, card
from tests.unit.chatbot.rooms import NotingDesk
from workers.errors import TransientError
from workers.settings import Settings
from workers.store.seen import Seen


@pytest.fixture
def web(settings: Settings, redis: FakeStrictRedis, conversation: Conversation) -> Iterator[TestClient]:
    keys = {"feishu_encrypt_key": ENCRYPT_KEY, "feishu_verification_token": VERIFICATION_TOKEN}
    given = Settings(**{**settings.model_dump(exclude_none=True), **keys})
    door = open_door(House(given, redis, conversation))
    door.open()
    assert door.is_well()
    yield TestClient(web_app(redis, [door]), "https://bot.test", raise_server_exceptions=False)
    door.close()


def test_callbacks_over_http_are_checked_heard_and_refused_the_second_time(
    feishu: FakeFeishu, web: TestClient, desk: NotingDesk
) -> None:
    door = HttpDoor("", ENCRYPT_KEY, VERIFICATION_TOKEN)
    body = door.sealed(feishu.people.mention("acme/api"), ENCRYPT_KEY)
    headers = door.signed(body)
    answers = [web.post("/feishu/events", content=body, headers=headers) for _ in range(2)]
    assert [(one.status_code, one.text) for one in answers] == [(200, "{}"), (401, "")]
    stale = web.post("/feishu/events", content=body, headers=door.signed(body, timestamp="1400000000"))
    forged = web.post("/feishu/events", content=body, headers=door.signed(body, signature="0" * 64))
    assert (stale.status_code, forged.status_code) == (401, 401)
    assert len(desk.orders) == 1


def test_the_question_of_the_console_is_answered(web: TestClient) -> None:
    door = HttpDoor("", ENCRYPT_KEY, VERIFICATION_TOKEN)
    asked = {"challenge": "c-1", "token": VERIFICATION_TOKEN, "type": "url_verification"}
    assert web.post("/feishu/events", content=door.sealed(asked, ENCRYPT_KEY)).json() == {"challenge": "c-1"}


def test_a_press_over_http_is_answered_with_a_toast_even_if_the_store_hangs_and_refused_the_second_time(
    feishu: FakeFeishu, web: TestClient, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    card(rooms)
    door, released, right = HttpDoor("", ENCRYPT_KEY, VERIFICATION_TOKEN), threading.Event(), Seen.first
    monkeypatch.setattr(Seen, "first", lambda *given: released.wait(10) and right(*given))
    body = door.sealed(feishu.people.press(feishu.seen()[0], "details"), ENCRYPT_KEY)
    headers = door.signed(body)
    begun = time.monotonic()
    answer = web.post("/feishu/events", content=body, headers=headers)
    assert time.monotonic() - begun < 3
    assert (answer.status_code, "being done" in answer.json()["toast"]["content"]) == (200, True)
    released.set()
    wait_until(lambda: web.post("/feishu/events", content=body, headers=headers).status_code == 401)


@pytest.mark.parametrize("value", ["a text", ["details"], {"kind": "nobody knows", "value": "x"}])
def test_over_http_too_a_strange_press_an_unknown_event_and_a_failing_handler_are_answered(
    feishu: FakeFeishu, web: TestClient, rooms: Rooms, monkeypatch: pytest.MonkeyPatch, value: object
) -> None:
    card(rooms)

    def fail(*given: object) -> None:
        raise RuntimeError("broken")

    def status(event: Json) -> int:
        door = HttpDoor("", ENCRYPT_KEY, VERIFICATION_TOKEN)
        body = door.sealed(event, ENCRYPT_KEY)
        return web.post("/feishu/events", content=body, headers=door.signed(body)).status_code

    people, message = feishu.people, feishu.seen()[0]
    assert status(people.press(message, "details", value=value)) == 200
    assert status(people.event("something.new_v9", {"a": "text"})) == 200
    monkeypatch.setattr(Conversation, "hear", fail)
    assert [status(people.mention("help")), status(people.press(message, "details"))] == [200, 200]


def test_without_the_store_a_callback_is_to_come_again(
    feishu: FakeFeishu, web: TestClient, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Seen, name: str, life: timedelta) -> bool:
        raise TransientError("redis_unreachable")

    monkeypatch.setattr(Seen, "first", fail)
    door = HttpDoor("", ENCRYPT_KEY, VERIFICATION_TOKEN)
    body = door.sealed(feishu.people.mention("help"), ENCRYPT_KEY)
    assert web.post("/feishu/events", content=body, headers=door.signed(body)).status_code == 503
