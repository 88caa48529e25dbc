"""The App Home: shown when somebody opens it, and again after each press in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chatbot.answering import Answering
from chatbot.conversation import Conversation
from chatbot.messaging import Channel, Person, Press
from chatbot.platforms.slack.calls import Json, ask
from chatbot.platforms.slack.facts import PLATFORM, Facts
from chatbot.platforms.slack.workspaces import Workspaces
from chatbot.render.blocks import slack_messages
from chatbot.subscriptions import Subscriptions
from chatbot.views.home import Room, home_view
from workers.model import Language
from workers.words import load_words

BLOCKS_MOST = 100
CHANNELS_MOST = 1000
"""Channels of one person that are looked through."""


@dataclass(frozen=True)
class Home:
    """Shows people the subscriptions of the channels that they, and our bot, are in."""

    workspaces: Workspaces
    facts: Facts
    subscriptions: Subscriptions
    conversation: Conversation
    answering: Answering
    language: Language

    def show(self, team: str, user: str) -> None:
        """Publishes a person's home as it is now."""
        person = self.facts.person(team, user)
        words = load_words("chatbot.views", person.language or self.language)
        rooms = [room for channel, name in self._channels(team, person) if (room := self._room(channel, name))]
        blocks = [block for message in slack_messages(home_view(rooms, words)) for block in message["blocks"]]
        view = {"type": "home", "blocks": blocks[:BLOCKS_MOST]}
        ask(self.workspaces.client(team).views_publish, user_id=user, view=view)

    def press(self, team: str, user: str, kind: str, value: str, trigger: str, now: datetime) -> None:
        """Does what somebody pressed, in the channel that it is about, if that is one of theirs; shows the home again.

        What is done is told in that channel, as if it had been written there.
        """
        person = self.facts.person(team, user)
        wanted = value.partition(":")[2]
        channel = next((one for one, _ in self._channels(team, person) if one.key == wanted), None)
        if channel is not None:
            place = self.facts.channel(team, channel.id)
            press = Press(ids=(f"trigger:{trigger}",), channel=place, person=person, kind=kind, value=value)
            answer = self.conversation.hear(press, now)
            if answer is not None:
                self.answering.give(press, answer, now)
        self.show(team, user)

    def _room(self, channel: Channel, name: str | None) -> Room | None:
        found = self.subscriptions.of(channel)
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
