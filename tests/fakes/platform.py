"""A chat platform in memory, as unreliable as a test wants: it may take a message and lose its answer, or be late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from chatbot.messaging import (
    Capabilities,
    Channel,
    MessageRefusedError,
    Part,
    Person,
    Receipt,
    Refusal,
    Stream,
    UnknownOutcomeError,
    key_of_part,
)
from chatbot.views.view import Block, Paragraph, Section, Text, View
from workers.errors import TransientError

Trouble = Literal["lost answer", "dropped", "late", "throttled", "die before", "die after"]
"""What may become of one call to send; each happens once."""
TROUBLES: tuple[Trouble, ...] = ("lost answer", "dropped", "late", "throttled", "die before", "die after")

DELAY = timedelta(seconds=25)
"""How long a late message stays out of sight."""


class Died(BaseException):
    """The process that was delivering is dead."""


@dataclass
class Posted:
    """One message of a channel."""

    key: str
    text: str
    id: str
    thread: str | None
    seen_from: datetime


@dataclass
class MemoryPlatform:
    """Every paragraph of a view is one message, those of its sections as well; all but the first in its thread.

    `troubles` by the number of the call to send; `refusals` by what a message says; `knows_keys`: a second message
    with a key is taken for the first. `now` is the clock of the platform.
    """

    now: Callable[[], datetime]
    troubles: dict[int, Trouble] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    knows_keys: bool = False
    posted: list[Posted] = field(default_factory=list)
    calls: int = 0
    rendered: int = 0
    told: list[str] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    finds: Callable[[], None] = lambda: None

    name = "memory"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(same_key_for=timedelta(hours=1) if self.knows_keys else None)

    @property
    def texts(self) -> list[str]:
        """What stands in the channel, in order."""
        return [message.text for message in self.posted]

    def render(self, view: View, key: str, channel: Channel) -> tuple[Part, ...]:
        self.rendered += 1
        texts = list(_texts(view.blocks)) or [view.title]
        return tuple(Part(payload={"text": text}, in_thread=number > 0) for number, text in enumerate(texts))

    def send(self, channel: Channel, part: Part, key: str, under: Receipt | None = None) -> Receipt:
        self.calls += 1
        trouble, text = self.troubles.pop(self.calls, None), str(part.payload["text"])
        if text in self.refusals:
            raise MessageRefusedError(self.refusals[text])
        if trouble == "throttled":
            raise TransientError("rate_limited", retry_after=3.0)
        if trouble == "dropped":
            raise UnknownOutcomeError
        if trouble == "die before":
            raise Died
        message = self._known(key) or self._post(key, text, under, DELAY if trouble == "late" else timedelta())
        if trouble == "die after":
            raise Died
        if trouble in ("lost answer", "late"):
            raise UnknownOutcomeError
        return Receipt(channel=channel, id=message.id, thread=message.thread)

    def edit(self, receipt: Receipt, part: Part) -> None:
        message = next((one for one in self.posted if one.id == receipt.id), None)
        if message is None:
            raise MessageRefusedError("gone")
        message.text = str(part.payload["text"])

    def tell(self, channel: Channel, person: Person, part: Part, under: Receipt | None = None) -> None:
        self.told.append(str(part.payload["text"]))

    def is_shared(self, channel: Channel) -> bool:
        return channel.id in self.shared

    def stream(self, channel: Channel, person: Person, text: str, key: str, under: Receipt) -> Stream | None:
        return None

    def address(self, receipt: Receipt) -> str | None:
        return f"https://chat.test/{receipt.id}"

    def find(self, channel: Channel, key: str, since: datetime, under: Receipt | None = None) -> Receipt | None:
        self.finds()
        for message in self.posted:
            if message.key == key and since <= message.seen_from <= self.now():
                return Receipt(channel=channel, id=message.id, thread=message.thread)
        return None

    def _known(self, key: str) -> Posted | None:
        return next((one for one in self.posted if self.knows_keys and one.key == key), None)

    def _post(self, key: str, text: str, under: Receipt | None, delay: timedelta) -> Posted:
        number = str(len(self.posted) + 1)
        message = Posted(key, text, number, under.thread if under else number, self.now() + delay)
        self.posted.append(message)
        return message


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield "".join(getattr(run, "text", "") for run in block.runs)
        elif isinstance(block, Section):
            yield from _texts(block.blocks)


def paragraphs(*texts: str) -> View:
    """A view that MemoryPlatform makes so many messages of."""
    return View("en", texts[0], texts[0], tuple(Paragraph((Text(text),)) for text in texts))


def keys_of(key: str, count: int) -> list[str]:
    """The keys of so many messages of one view."""
    return [key_of_part(key, number) for number in range(count)]
