"""The home: subscriptions of a person's channels with what can be done, within what a platform has room for."""

from __future__ import annotations

import pytest

from chatbot.commands.command import Schedule, SubscribeCommand
from chatbot.render.blocks import slack_messages
from chatbot.subscriptions import Subscription
from chatbot.views.home import PAGE, TURN, Room, home_view
from chatbot.views.view import Actions, View, walk
from tests.fakes.slack_blocks import check_view
from tests.fakes.slack_workspace import Message
from tests.unit.chatbot.rooms import CHANNEL, NOW
from workers.model import Language
from workers.subscription import Reason
from workers.words import load_words

REASON = Reason(code="not_in_channel")


def subscription(number: int, **given: object) -> Subscription:
    schedule = Schedule(rhythm="daily", clock="09:00", timezone="UTC")
    command = SubscribeCommand(repository="acme/<!channel>" + "x" * 80, schedule=schedule)
    fields = {"channel": CHANNEL, "number": number, "command": command, "by": "<@U1> *Ada*", "next_run": NOW}
    return Subscription.model_validate({**fields, "last_run": NOW, "last_outcome": "delivered", **given})


def shown(view: View) -> tuple[str, list[dict]]:
    blocks = [block for message in slack_messages(view) for block in message["blocks"]]
    check_view({"type": "home", "blocks": blocks})
    return Message("0", "", "", "", blocks).shown, blocks


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_subscription_has_its_runs_and_its_buttons(language: Language) -> None:
    words = load_words("chatbot.views", language)
    rooms = [Room("general", [subscription(1), subscription(2, is_paused=True)]), Room(None, [subscription(1)])]
    text, _ = shown(home_view(rooms, words))
    assert "#general" in text
    assert text.count("2026-02-21 08:30 (UTC)") >= 5
    kinds = [
        [action.kind for action in block.actions]
        for block in walk(home_view(rooms, words).blocks)
        if isinstance(block, Actions)
    ]
    assert kinds == [["pause", "run", "unsubscribe"], ["resume", "run", "unsubscribe"], ["pause", "run", "unsubscribe"]]


def turns(view: View) -> list[str]:
    pressed = (action for block in walk(view.blocks) if isinstance(block, Actions) for action in block.actions)
    return [action.value for action in pressed if action.kind == TURN]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_more_than_there_is_room_for_stand_on_further_pages(language: Language) -> None:
    many = [Room(f"room-{number}", [subscription(1, reason=REASON), subscription(2)]) for number in range(PAGE + 1)]
    pages = [home_view(many, load_words("chatbot.views", language), page, "Done. " * 20) for page in range(3)]
    assert [turns(page) for page in pages] == [["1"], ["0", "2"], ["1"]]
    texts = [shown(page) for page in pages]
    assert all(len(blocks) <= 100 for _, blocks in texts)
    for number in range(PAGE + 1):
        assert any(f"#room-{number}" in text for text, _ in texts)
    assert sum(text.count("<!channel>") // 2 for text, _ in texts) >= 2 * len(many)


@pytest.mark.parametrize("page", [-1, 99])
def test_a_page_that_is_not_there_any_more_is_the_nearest(page: int) -> None:
    words = load_words("chatbot.views", "en")
    rooms = [Room("general", [subscription(number) for number in range(1, PAGE + 2)])]
    assert home_view(rooms, words, page) == home_view(rooms, words, 0 if page < 0 else 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_subscription_that_fails_says_why(language: Language) -> None:
    words = load_words("chatbot.views", language)
    failing = subscription(1, last_outcome="failed", reason=REASON)
    text, _ = shown(home_view([Room("general", [failing])], words))
    assert words("outcome.failed") in text
    assert words("failure.not_in_channel") in text


def test_what_became_of_a_press_stands_first() -> None:
    view = home_view([Room("general", [subscription(1)])], load_words("chatbot.views", "en"), said="It is paused.")
    text, _ = shown(view)
    assert text.index("It is paused.") < text.index("#general")


def test_without_any_it_says_how_to_begin_one() -> None:
    text, _ = shown(home_view([], load_words("chatbot.views", "en")))
    assert "/digest subscribe" in text
