"""Where a command was given: what its handler needs to know of the place, the person and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chatbot.messaging import Channel, Person, Receipt
from workers.model import Language
from workers.words import Words, load_words


@dataclass(frozen=True, slots=True)
class Scene:
    """Who, where and when. `under`: the first message of the thread, None outside of threads.

    `language` and `timezone` are what holds here: the channel's, else the person's, else the installation's.
    `granted` are the private repositories that an administrator let this channel read. `now` is aware.
    """

    channel: Channel
    person: Person
    now: datetime
    language: Language
    timezone: str
    granted: tuple[str, ...] = ()
    under: Receipt | None = None

    @property
    def words(self) -> Words:
        """The catalogue of what people are told, in the language that holds here."""
        return load_words("chatbot.views", self.language)
