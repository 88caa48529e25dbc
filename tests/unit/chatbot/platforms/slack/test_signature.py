"""Only what Slack signed lately, and for once, is heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chatbot.platforms.slack.signature import BODY_MOST, SignatureError, check
from tests.fakes.slack_doors import HttpDoor

SECRET, BODY = "secret", b"command=%2Fdigest"
NOW = datetime(2026, 2, 21, 8, tzinfo=UTC)


def signed(body: bytes = BODY, at: datetime = NOW, **forged: str) -> dict[str, str]:
    given = {"timestamp": str(int(at.timestamp())), **forged}
    return {name.lower(): value for name, value in HttpDoor("", SECRET).signed(body, **given).items()}


def first(name: str, life: timedelta) -> bool:
    return True


def reason(body: bytes, headers: dict[str, str]) -> str:
    with pytest.raises(SignatureError) as raised:
        check(body, headers, SECRET, NOW, first)
    return raised.value.reason


def test_what_slack_signed_within_five_minutes_is_heard() -> None:
    for minutes in (-5, 0, 5):
        assert check(BODY, signed(at=NOW + timedelta(minutes=minutes)), SECRET, NOW, first)


def test_a_request_is_remembered_for_longer_than_it_is_fresh() -> None:
    lives: dict[str, timedelta] = {}

    def note(name: str, life: timedelta) -> bool:
        return lives.setdefault(name, life) is life

    check(BODY, signed(), SECRET, NOW, note)
    with pytest.raises(SignatureError, match="replayed"):
        check(BODY, signed(), SECRET, NOW, note)
    assert min(lives.values()) >= timedelta(minutes=10)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, "unsigned"),
        (signed(secret="other"), "forged"),
        (signed(signature="v0=ä"), "forged"),
        (signed(body=b"other"), "forged"),
        (signed(at=NOW - timedelta(minutes=6)), "stale"),
        (signed(at=NOW + timedelta(minutes=6)), "stale"),
        (signed(timestamp="soon"), "malformed"),
        (signed(timestamp="-5"), "malformed"),
        (signed(timestamp="²"), "malformed"),
        (signed(timestamp="9" * 400), "malformed"),
    ],
)
def test_anything_else_is_refused_and_it_is_known_why(headers: dict[str, str], wanted: str) -> None:
    assert reason(BODY, headers) == wanted


def test_a_body_without_end_is_not_even_looked_at() -> None:
    body = b"x" * (BODY_MOST + 1)
    assert reason(body, signed(body)) == "too_large"
