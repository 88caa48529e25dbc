"""The App Home: shown when somebody opens it, and again after each press in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chatbot.answering import Answering
from chatbot.conversation import Conversation
from chatbot.messaging import Answer, Channel, Person, Press
from chatbot.platforms.slack.calls import Json, ask
from chatbot.platforms.slack.facts import PLATFORM, Facts
from chatbot.platforms.slack.workspaces import Workspaces
from chatbot.render.blocks import slack_messages
from chatbot.subscriptions import Subscriptions, known_to
from chatbot.views.home import TURN, Room, home_view
from workers.errors import WordsError
from workers.model import Language, Value
from workers.words import load_words

BLOCKS_MOST = 100
CHANNELS_MOST = 1000
"""Channels of one person that are looked through."""


class Pressed(Value):
    """What somebody pressed in their home: as a Press, with the page (its number as text) that they pressed it on."""

    kind: str
    value: str
    trigger: str
    page: str = ""


@dataclass(frozen=True)
class Home:
    """Shows people the subscriptions of the channels that they, and our bot, are in."""

    workspaces: Workspaces
    facts: Facts
    subscriptions: Subscriptions
    conversation: Conversation
    answering: Answering
    language: Language

    def show(self, team: str, user: str, page: int = 0, said: str = "") -> None:
        """Publishes a page (from 0) of a person's home as it is now. `said`: what became of what they pressed."""
        person = self.facts.person(team, user)
        words = load_words("chatbot.views", person.language or self.language)
        rooms = [room for channel, name in self._channels(team, person) if (room := self._room(person, channel, name))]
        view = home_view(rooms, words, page, said)
        blocks = [block for message in slack_messages(view) for block in message["blocks"]]
        published = {"type": "home", "blocks": blocks[:BLOCKS_MOST], "private_metadata": str(page)}
        ask(self.workspaces.client(team).views_publish, user_id=user, view=published)

    def press(self, team: str, user: str, pressed: Pressed, now: datetime) -> None:
        """Does what somebody pressed, in the channel that it is about, if that is one of theirs; shows the home again.

        What is done is told in that channel, as if it had been written there; what is not done, in the home alone.
        """
        if pressed.kind == TURN:
            self.show(team, user, page_of(pressed.value))
            return
        person = self.facts.person(team, user)
        wanted = pressed.value.partition(":")[2]
        channel = next((one for one, _ in self._channels(team, person) if one.key == wanted), None)
        answer: Answer | None = None
        if channel is None:
            answer = self.conversation.refuse(WordsError("press_expired"))
        else:
            place, ids = self.facts.channel(team, channel.id), (f"trigger:{pressed.trigger}",)
            press = Press(ids=ids, channel=place, person=person, kind=pressed.kind, value=pressed.value)
            answer = self.conversation.hear(press, now)
            if answer is not None and not answer.is_private:
                self.answering.give(press, answer, now)
        self.show(team, user, page_of(pressed.page), answer.view.summary if answer else "")

    def _room(self, person: Person, channel: Channel, name: str | None) -> Room | None:
        found = known_to(person, self.subscriptions.of(channel))
        return Room(name, found) if found else None

    def _channels(self, team: str, person: Person) -> Iterator[tuple[Channel, str | None]]:
        """The talk with us, then the channels that the person and our bot are in, with their names."""
        client = self.workspaces.client(team)
        direct = ask(client.conversations_open, users=person.id)["channel"]["id"]
        yield Channel(platform=PLATFORM, workspace=team, id=direct, is_direct=True), None
        asked: Json = {"user": person.id, "types": "public_channel,private_channel", "exclude_archived": True}
        cursor, seen = None, 0
        while cursor != "" and seen < CHANNELS_MOST:
            answer = ask(client.users_conversations, **asked, limit=200, cursor=cursor)
            for one in answer.get("channels", []):
                yield Channel(platform=PLATFORM, workspace=team, id=one["id"]), str(one.get("name", ""))
            seen += len(answer.get("channels", []))
            cursor = answer.get("response_metadata", {}).get("next_cursor") or ""


def page_of(text: str) -> int:
    """The number of a page; the first for what is none: it comes back from outside."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
