"""What conversation and delivery know of a platform holds for any of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from chatbot.messaging import (
    KEY_MOST,
    REFUSALS,
    Capabilities,
    Channel,
    MessageRefusedError,
    Part,
    Person,
    Platform,
    Receipt,
    Stream,
    UnknownOutcomeError,
    key_of_part,
)
from chatbot.render.plain import plain_text
from chatbot.views.answers import refused_view, said_view
from chatbot.views.view import View
from tests.unit.chatbot.rooms import CHANNEL, PERSON, message, press
from workers.errors import RefusedError, TransientError
from workers.words import LANGUAGES, load_words

WORDS = load_words("chatbot.views", "en")
NOW = datetime(2026, 2, 21, tzinfo=UTC)


class Board:
    """A platform in memory that takes plain text. `breaks`: the next message arrives, and the answer does not."""

    name = "board"
    capabilities = Capabilities(private=False)

    def __init__(self) -> None:
        self.posted: dict[str, tuple[Receipt, Part, Receipt | None]] = {}
        self.breaks = False

    def render(self, view: View, key: str, channel: Channel) -> tuple[Part, ...]:
        return (Part(payload={"text": plain_text(view)}),)

    def send(self, channel: Channel, part: Part, key: str, under: Receipt | None = None) -> Receipt:
        receipt = Receipt(channel=channel, id=str(len(self.posted)))
        self.posted[key] = (receipt, part, under)
        if self.breaks:
            self.breaks = False
            raise UnknownOutcomeError
        return receipt

    def edit(self, receipt: Receipt, part: Part) -> None:
        key = next((key for key, (known, _, _) in self.posted.items() if known == receipt), None)
        if key is None:
            raise MessageRefusedError("gone")
        self.posted[key] = (receipt, part, self.posted[key][2])

    def tell(self, channel: Channel, person: Person, part: Part, under: Receipt | None = None) -> None:
        self.send(channel, part, f"to-{person.id}", under)

    def is_shared(self, channel: Channel) -> bool:
        return channel.is_shared

    def stream(self, channel: Channel, person: Person, text: str, key: str, under: Receipt) -> Stream | None:
        return None

    def address(self, receipt: Receipt) -> str | None:
        return None

    def find(self, channel: Channel, key: str, since: datetime, under: Receipt | None = None) -> Receipt | None:
        found = self.posted.get(key)
        return found[0] if found and found[0].channel == channel else None


def test_after_an_unknown_outcome_a_message_is_looked_up_by_its_key():
    board = Board()
    platform: Platform = board
    [part] = platform.render(said_view("answer.thanks", WORDS), "k", CHANNEL)
    board.breaks = True
    with pytest.raises(UnknownOutcomeError):
        platform.send(CHANNEL, part, "k")
    found = platform.find(CHANNEL, "k", NOW)
    assert found is not None
    platform.edit(found, part)
    assert platform.find(CHANNEL, "other", NOW) is None
    assert platform.find(CHANNEL.model_copy(update={"id": "C2"}), "k", NOW) is None


def test_an_unknown_outcome_may_pass_and_a_refusal_does_not():
    assert isinstance(UnknownOutcomeError(), TransientError)
    assert isinstance(MessageRefusedError("gone"), RefusedError)


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_told_with_a_remedy(code, language):
    words = load_words("chatbot.views", language)
    text = plain_text(refused_view(MessageRefusedError(code), words, "7f3a"))
    assert not text.startswith(words("failure.internal"))
    assert "7f3a" in text


def test_the_parts_of_a_view_have_keys_of_their_own_that_every_platform_takes():
    assert [key_of_part("d1", number) for number in range(3)] == ["d1", "d1.1", "d1.2"]
    with pytest.raises(ValueError, match="key"):
        key_of_part("x" * KEY_MOST, 1)


def test_a_channel_is_named_by_platform_workspace_and_id():
    assert CHANNEL.key == "slack:T1:C1"
    assert Channel(platform="slack", workspace="T:1", id="C/1").key == "slack:T%3A1:C%2F1"


def test_what_comes_in_travels_in_jobs_as_json():
    pressed = press("details", "x", on=Receipt(channel=CHANNEL, id="1"))
    assert type(pressed).model_validate_json(pressed.model_dump_json()) == pressed


def test_half_a_character_of_a_hostile_text_is_marked_and_not_carried_on():
    assert message("a\ud800b").text == "a?b"
    assert press("details", "\udfff").value == "?"
    assert Person(id="U1", name="\ud800").name == "?"


def test_what_came_in_is_not_changed():
    with pytest.raises(ValidationError):
        message("x").text = "y"
    assert message("x").person == PERSON
