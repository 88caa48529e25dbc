"""Callbacks over HTTP: only Feishu's own, fresh and new ones are read, and no refusal tells what was in them."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chatbot.platforms.feishu.callbacks import (
    AGE_MOST,
    BODY_MOST,
    CallbackError,
    Challenge,
    Event,
    Keys,
    event_of,
    read,
)
from tests.fakes.feishu_doors import HttpDoor, encrypt
from tests.fakes.feishu_people import VERIFICATION_TOKEN, People
from tests.fakes.feishu_tenant import Tenant

NOW = datetime(2026, 2, 21, 9, tzinfo=UTC)
KEY = "encrypt-key"
KEYS = Keys(KEY, VERIFICATION_TOKEN)
DOOR = HttpDoor("", KEY, VERIFICATION_TOKEN)

Read = Callable[..., Any]


class Memory:
    """What `first` was asked for."""

    def __init__(self) -> None:
        self.lives: dict[str, timedelta] = {}

    def first(self, name: str, life: timedelta) -> bool:
        is_new = name not in self.lives
        self.lives[name] = life
        return is_new


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def reading(memory: Memory) -> Read:
    def reading(body: bytes, keys: Keys = KEYS, **forged: str) -> Challenge | Event:
        headers = DOOR.signed(body, **{"timestamp": str(int(NOW.timestamp())), **forged})
        lower = {name.lower(): value for name, value in headers.items()}
        return read(body, lower, keys, NOW, memory.first)

    return reading


def mention() -> dict[str, Any]:
    return People(Tenant()).mention("help")


def sealed(text: str | bytes, key: str = KEY) -> bytes:
    return json.dumps({"encrypt": encrypt(key, text if isinstance(text, str) else text.decode())}).encode()


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(CallbackError) as raised:
        call()
    return raised.value.reason


def test_what_feishu_sends_is_read(reading: Read) -> None:
    said = mention()
    event = reading(sealed(json.dumps(said)))
    assert (event.id, event.kind) == (said["header"]["event_id"], "im.message.receive_v1")
    assert (event.tenant, event.app, event.body) == ("t1", "cli_right", said["event"])


def test_an_event_of_an_unknown_kind_is_read_like_any_other(reading: Read) -> None:
    assert reading(sealed(json.dumps(People(Tenant()).event("im.unknown_v9", {})))).kind == "im.unknown_v9"


def test_a_challenge_is_answered_though_it_is_not_signed() -> None:
    asked = sealed(json.dumps({"challenge": "abc", "token": VERIFICATION_TOKEN, "type": "url_verification"}))
    assert read(asked, {}, KEYS, NOW, Memory().first) == Challenge("abc")
    assert refused(lambda: read(asked, {}, Keys(KEY, "other"), NOW, Memory().first)) == "wrong_token"


def test_what_is_signed_with_another_key_or_not_at_all_is_forged(reading: Read, memory: Memory) -> None:
    body = sealed(json.dumps(mention()))
    assert refused(lambda: reading(body, key="other")) == "forged"
    assert refused(lambda: reading(body, signature="0" * 64)) == "forged"
    assert refused(lambda: reading(body, signature="é\udcff")) == "forged"
    assert refused(lambda: read(body, {}, KEYS, NOW, memory.first)) == "unsigned"
    assert memory.lives == {}


def test_a_body_that_was_changed_after_signing_is_forged(memory: Memory) -> None:
    body = sealed(json.dumps(mention()))
    headers = {name.lower(): value for name, value in DOOR.signed(body, timestamp=str(int(NOW.timestamp()))).items()}
    assert refused(lambda: read(body + b" ", headers, KEYS, NOW, memory.first)) == "forged"
    assert refused(lambda: read(body, {**headers, "x-lark-request-nonce": "0"}, KEYS, NOW, memory.first)) == "forged"


@pytest.mark.parametrize(("seconds", "fine"), [(-600, True), (-601, False), (600, True), (601, False)])
def test_a_timestamp_is_fresh_for_ten_minutes_either_way(reading: Read, seconds: int, fine: bool) -> None:
    stamp = str(int(NOW.timestamp()) + seconds)
    body = sealed(json.dumps(mention()))
    if fine:
        assert reading(body, timestamp=stamp).kind == "im.message.receive_v1"
    else:
        assert refused(lambda: reading(body, timestamp=stamp)) == "stale"


@pytest.mark.parametrize("stamp", ["soon", "-1", "1e9", "12.5", " 1771718400", "١٧٧", "9" * 13, "9" * 5_000])
def test_a_timestamp_that_is_no_number_is_malformed(reading: Read, stamp: str) -> None:
    assert refused(lambda: reading(sealed(json.dumps(mention())), timestamp=stamp)) == "malformed"


def test_the_same_request_is_read_once_for_as_long_as_it_would_be_fresh(reading: Read, memory: Memory) -> None:
    body = sealed(json.dumps(mention()))
    reading(body, nonce="n1")
    assert refused(lambda: reading(body, nonce="n1")) == "replayed"
    assert reading(body, nonce="n2").kind == "im.message.receive_v1"
    assert set(memory.lives.values()) == {2 * AGE_MOST}


def test_a_wrong_token_is_refused_though_the_signature_is_right(reading: Read) -> None:
    said = mention()
    said["header"]["token"] = "other"
    assert refused(lambda: reading(sealed(json.dumps(said)))) == "wrong_token"
    assert reading(sealed(json.dumps(said)), Keys(KEY)).kind == "im.message.receive_v1"
    for token in (None, "", 5, "\ud800", [VERIFICATION_TOKEN]):
        said["header"]["token"] = token
        assert refused(lambda: reading(sealed(json.dumps(said)))) == "wrong_token"


def test_without_a_key_nothing_is_believed(reading: Read) -> None:
    assert refused(lambda: reading(json.dumps(mention()).encode(), Keys("", VERIFICATION_TOKEN))) == "no_key"


def test_a_body_in_plain_text_is_malformed_where_there_is_a_key(reading: Read) -> None:
    assert refused(lambda: reading(json.dumps(mention()).encode())) == "malformed"


def test_letters_that_are_not_base64_are_not_passed_over(reading: Read) -> None:
    text = encrypt(KEY, json.dumps(mention()))
    assert refused(lambda: reading(json.dumps({"encrypt": f"{text[:8]}!{text[8:]}"}).encode())) == "malformed"


def in_blocks(size: int) -> bytes:
    return json.dumps({"encrypt": base64.b64encode(b"\0" * size).decode()}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"\xff\xfe",
        b"[" * 200_000,
        b"{}",
        b'{"encrypt": 5}',
        b'{"encrypt": ""}',
        b'{"encrypt": "***"}',
        b'{"encrypt": "\\ud800"}',
        pytest.param(in_blocks(5), id="in_blocks(5)"),
        pytest.param(in_blocks(16), id="in_blocks(16)"),
        pytest.param(in_blocks(33), id="in_blocks(33)"),
        pytest.param(in_blocks(64), id="in_blocks(64)"),
        pytest.param(sealed("not json"), id="sealed('not json')"),
        pytest.param(sealed("[1]"), id="sealed('[1]')"),
        pytest.param(sealed("[" * 200_000), id="sealed('[' * 200_000)"),
        pytest.param(sealed("{}"), id="sealed('{}')"),
        pytest.param(sealed(json.dumps({"token": VERIFICATION_TOKEN, "type": "url_verification"})), id="no challenge"),
        pytest.param(sealed(json.dumps({"header": {"token": VERIFICATION_TOKEN}, "event": {}})), id="no id"),
        pytest.param(
            sealed(json.dumps({"header": {"token": VERIFICATION_TOKEN, "event_id": 5}, "event": {}})), id="id 5"
        ),
        pytest.param(sealed(json.dumps({"header": {"token": VERIFICATION_TOKEN}})), id="no event"),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_feishu_would_not_send_is_refused_even_when_it_is_signed(reading: Read, body: bytes) -> None:
    assert refused(lambda: reading(body)) in ("malformed", "wrong_token")


def test_what_is_encrypted_with_another_key_is_malformed(reading: Read) -> None:
    assert refused(lambda: reading(sealed(json.dumps(mention()), key="other"))) in ("malformed", "wrong_token")


def test_a_huge_body_is_refused_before_it_is_looked_at(reading: Read) -> None:
    assert refused(lambda: read(b"x" * (BODY_MOST + 1), {}, KEYS, NOW, Memory().first)) == "too_large"
    assert reading(sealed(json.dumps(People(Tenant()).mention("字" * 50_000)))).kind == "im.message.receive_v1"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(sealed(json.dumps({**mention(), "header": "a secret word"})), id="sealed header"),
        pytest.param(sealed("a secret word"), id="sealed words"),
        b"a secret word",
        b'{"encrypt": "a secret word"}',
        '{"encrypt": "é a secret word"}'.encode(),
    ],
)
def test_a_refusal_holds_nothing_of_the_request_or_the_keys(reading: Read, body: bytes) -> None:
    with pytest.raises(CallbackError) as raised:
        reading(body)
    error = raised.value
    assert str(error) == error.reason
    assert "direct cause" not in (trace := "".join(traceback.format_exception(error)))
    assert "During handling" not in trace
    assert KEY not in repr(KEYS)


def test_a_memory_that_cannot_be_asked_is_no_refusal(reading: Read) -> None:
    def broken(name: str, life: timedelta) -> bool:
        raise ConnectionError(name)

    body = sealed(json.dumps(mention()))
    headers = {name.lower(): value for name, value in DOOR.signed(body, timestamp=str(int(NOW.timestamp()))).items()}
    with pytest.raises(ConnectionError):
        read(body, headers, KEYS, NOW, broken)


def test_the_long_connection_gives_the_same_events() -> None:
    said = mention()
    assert event_of(said).body == said["event"]
    wrongs = (None, [], "x", {}, {**said, "header": {}}, {**said, "header": 5}, {**said, "event": None})
    for wrong in wrongs:
        assert refused(lambda wrong=wrong: event_of(wrong)) == "malformed"  # type: ignore[misc]
