"""Links to reports: each opens one digest, for its time, and nothing else opens one."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from chatbot.links import REPORTS_PATH, TOKEN_MOST, Links, Opened, links_of
from workers.settings import Settings

NOW = datetime(2026, 2, 21, 8, 30, tzinfo=UTC)
LIFE = timedelta(days=90)
DIGEST = "0123456789abcdef"
LINKS = Links("https://bot.test/", "a long random text", LIFE)


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


TOKEN = token_of(LINKS.link(DIGEST, "zh", NOW))


def test_a_link_opens_its_digest_in_its_language() -> None:
    assert LINKS.link(DIGEST, "zh", NOW).startswith(f"https://bot.test{REPORTS_PATH}/")
    assert LINKS.open(TOKEN, NOW) == Opened(DIGEST, "zh", is_expired=False)


def test_a_link_is_good_for_its_life_and_not_a_second_longer() -> None:
    ends = NOW + LIFE
    last, after = (LINKS.open(TOKEN, moment) for moment in (ends - timedelta(seconds=1), ends))
    assert (last, after) == (Opened(DIGEST, "zh", is_expired=False), Opened(DIGEST, "zh", is_expired=True))


def test_a_link_tells_nothing_of_what_it_opens() -> None:
    readable = base64.urlsafe_b64decode(TOKEN + "=" * (-len(TOKEN) % 4))
    assert DIGEST.encode() not in readable
    assert token_of(LINKS.link(DIGEST, "zh", NOW)) != TOKEN


def test_another_key_opens_nothing() -> None:
    assert Links("https://bot.test", "another long text", LIFE).open(TOKEN, NOW) is None


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("AZaz09-_=/%"))
def test_a_link_with_another_character_opens_nothing_else(place: int, character: str) -> None:
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    assert LINKS.open(changed, NOW) in (None, LINKS.open(TOKEN, NOW))  # the last character has bits that say nothing


@given(st.text(max_size=200))
def test_what_we_did_not_make_opens_nothing(text: str) -> None:
    assert LINKS.open(text, NOW) is None


@pytest.mark.parametrize("token", [TOKEN[:-1], TOKEN[1:], TOKEN + "A", TOKEN * 8, "A" * (TOKEN_MOST + 1), "ü" * 20, ""])
def test_a_link_that_was_cut_or_lengthened_opens_nothing(token: str) -> None:
    assert LINKS.open(token, NOW) is None


def test_a_token_under_the_same_key_for_another_purpose_opens_nothing() -> None:
    other = Fernet(base64.urlsafe_b64encode(b"0" * 32)).encrypt(f"zh:{DIGEST}".encode()).decode()
    assert LINKS.open(other, NOW) is None
    wrong = LINKS._cipher.encrypt_at_time(f"fr:{DIGEST}".encode(), int(NOW.timestamp())).decode()
    assert LINKS.open(wrong, NOW) is None


@pytest.mark.parametrize("given", [{}, {"public_url": "https://bot.test"}, {"secret_key": "k"}])
def test_without_an_address_or_a_key_there_are_no_links(given: dict[str, str]) -> None:
    assert links_of(Settings(**given)) is None  # type: ignore[arg-type]
    both = Settings(public_url="https://bot.test/digest/", secret_key="k")  # type: ignore[arg-type]
    links = links_of(both)
    assert links is not None
    assert links.link(DIGEST, "en", NOW).startswith("https://bot.test/digest/reports/")
