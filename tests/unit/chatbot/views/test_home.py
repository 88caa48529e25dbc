"""The home: subscriptions of a person's channels with what can be done, within what a platform has room for."""

from __future__ import annotations

import pytest

from chatbot.commands.command import Schedule, SubscribeCommand
from chatbot.render.blocks import slack_messages
from chatbot.subscriptions import Subscription
from chatbot.views.home import MOST_SHOWN, Room, home_view
from chatbot.views.view import Actions, View, walk
from tests.fakes.slack_blocks import check_view
from tests.fakes.slack_workspace import Message
from tests.unit.chatbot.rooms import CHANNEL, NOW
from workers.model import Language
from workers.words import load_words


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


def test_more_than_there_is_room_for_are_counted() -> None:
    many = [Room(f"room-{number}", [subscription(1), subscription(2)]) for number in range(MOST_SHOWN)]
    text, blocks = shown(home_view(many, load_words("chatbot.views", "en")))
    assert f"{MOST_SHOWN} more" in text
    assert len(blocks) <= 100


def test_without_any_it_says_how_to_begin_one() -> None:
    text, _ = shown(home_view([], load_words("chatbot.views", "en")))
    assert "/digest subscribe" in text
