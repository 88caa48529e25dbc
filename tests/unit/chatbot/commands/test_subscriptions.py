"""Who may know of a channel's subscriptions, and who is told what becomes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot.commands.access import Access
from chatbot.commands.grammar import parse
from chatbot.commands.scene import Scene
from chatbot.commands.subscriptions import subscription_commands
from chatbot.commands.table import run_command
from chatbot.messaging import Answer, Channel, Person
from chatbot.render.plain import plain_text
from tests.unit.chatbot.rooms import CHANNEL, NOW, PERSON, ListedSubscriptions
from workers.errors import WordsError

GUEST = PERSON.model_copy(update={"is_outsider": True})
SHARED = CHANNEL.model_copy(update={"is_shared": True})
SCENE = Scene(channel=CHANNEL, person=PERSON, now=NOW, language="en", timezone="UTC", granted=(), under=None)


@pytest.fixture
def subscriptions() -> ListedSubscriptions:
    """One of a private repository, and one of a public one."""
    kept = ListedSubscriptions()
    for repository, public in (("acme/secret", False), ("acme/engine", True)):
        kept.add(CHANNEL, PERSON, parse(f"subscribe {repository} 09:00 UTC lang=en"), public, NOW)
    return kept


def said(subscriptions: ListedSubscriptions, text: str, scene: Scene) -> Answer:
    return run_command(subscription_commands(subscriptions, Access((), ())), parse(text), scene)


def by(person: Person, channel: Channel = CHANNEL) -> Scene:
    return replace(SCENE, person=person, channel=channel)


def test_a_guest_is_shown_what_is_public_and_a_member_all(subscriptions: ListedSubscriptions) -> None:
    guest, member = (plain_text(said(subscriptions, "list", by(person)).view) for person in (GUEST, PERSON))
    assert ("acme/secret" in guest, "acme/engine" in guest) == (False, True)
    assert "acme/secret" in member


@pytest.mark.parametrize("command", ["show", "pause", "resume", "run", "unsubscribe"])
def test_what_a_guest_may_not_know_of_is_not_there_for_them(subscriptions: ListedSubscriptions, command: str) -> None:
    with pytest.raises(WordsError) as secret:
        said(subscriptions, f"{command} 1", by(GUEST))
    with pytest.raises(WordsError) as unknown:
        said(subscriptions, f"{command} 7", by(GUEST))
    assert secret.value.code == unknown.value.code == "no_subscription"
    assert secret.value.details["near"] == unknown.value.details["near"] == "2"
    assert len(subscriptions.of(CHANNEL)) == 2


def test_what_becomes_of_a_private_one_is_not_told_to_a_channel_that_others_read(
    subscriptions: ListedSubscriptions,
) -> None:
    told = [said(subscriptions, f"pause {number}", by(PERSON)) for number in (1, 2)]
    assert [answer.is_private for answer in told] == [False, False]
    kept = subscriptions._kept
    kept[SHARED.key] = dict(kept[CHANNEL.key])
    told = [said(subscriptions, f"pause {number}", by(PERSON, SHARED)) for number in (1, 2)]
    assert [answer.is_private for answer in told] == [True, False]
