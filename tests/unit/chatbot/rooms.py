"""Stand-ins that keep what they are told: a desk, subscriptions, questions, feedback; and people who write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from chatbot.commands.command import SubscribeCommand
from chatbot.commands.scene import Scene
from chatbot.messaging import Answer, Channel, Message, Person, Press, Receipt, Way
from chatbot.orders import Order
from chatbot.presses import CommitPress, FeedbackPress, PagePress
from chatbot.subscriptions import Subscription, no_subscription
from workers.request import DigestRequest

NOW = datetime(2026, 2, 21, 8, 30, tzinfo=UTC)
CHANNEL = Channel(platform="slack", workspace="T1", id="C1")
PERSON = Person(id="U1", name="Ada")
THREAD = Receipt(channel=CHANNEL, id="171.1", thread="171.1")

_event = count(1)


def message(text: str, way: Way = "command", **given: object) -> Message:
    """What a person writes; another event every time."""
    return Message.model_validate(
        {"ids": (f"Ev{next(_event)}",), "channel": CHANNEL, "person": PERSON, "way": way, "text": text, **given}
    )


def press(kind: str, value: str, **given: object) -> Press:
    """What a person presses; another event every time."""
    return Press.model_validate(
        {"ids": (f"Ev{next(_event)}",), "channel": CHANNEL, "person": PERSON, "kind": kind, "value": value, **given}
    )


class NotingDesk:
    """A Desk that notes what it is asked for. `error` is raised by everything, where it is given."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.orders: list[tuple[DigestRequest, Order]] = []
        self.kept: dict[tuple[str, str], Order] = {}
        self.answered: list[CommitPress | PagePress] = []

    def order(self, request: DigestRequest, order: Order) -> str:
        if self.error:
            raise self.error
        self.orders.append((request, order))
        return f"run{len(self.orders)}"

    def ordered(self, digest_id: str, channel: Channel) -> Order | None:
        return self.kept.get((digest_id, channel.key))

    def keep(self, digest_id: str, channel: Channel, public_only: bool = True) -> None:
        """As if a digest of acme/api had been ordered there."""
        order = Order(channel=channel, language="en", sources=("acme/api",), public_only=public_only)
        self.kept[digest_id, channel.key] = order

    def details(self, press: Press, wanted: CommitPress) -> None:
        self.answered.append(wanted)

    def page(self, press: Press, wanted: PagePress) -> None:
        self.answered.append(wanted)


class ListedSubscriptions:
    """Subscriptions in memory, which never run by themselves."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[int, Subscription]] = {}
        self.public_only: list[bool] = []
        self.started: list[int] = []

    def add(
        self, channel: Channel, person: Person, command: SubscribeCommand, public_only: bool, now: datetime
    ) -> Subscription:
        kept = self._kept.setdefault(channel.key, {})
        number = max(kept, default=0) + 1
        due = now + timedelta(days=1)
        given = {"channel": channel, "number": number, "command": command, "by": person.name, "next_run": due}
        kept[number] = Subscription.model_validate({**given, "is_public": public_only})
        self.public_only.append(public_only)
        return kept[number]

    def of(self, channel: Channel) -> Sequence[Subscription]:
        return list(self._kept.get(channel.key, {}).values())

    def get(self, channel: Channel, number: int) -> Subscription:
        kept = self._kept.get(channel.key, {})
        if number not in kept:
            raise no_subscription(number, list(kept.values()))
        return kept[number]

    def pause(self, channel: Channel, number: int, person: Person, now: datetime) -> Subscription:
        return self._change(channel, number, is_paused=True, next_run=None)

    def resume(self, channel: Channel, number: int, now: datetime) -> Subscription:
        return self._change(channel, number, is_paused=False, next_run=now + timedelta(days=1))

    def remove(self, channel: Channel, number: int) -> Subscription:
        gone = self.get(channel, number)
        del self._kept[channel.key][number]
        return gone

    def run(self, channel: Channel, number: int, person: Person, now: datetime) -> Subscription:
        found = self.get(channel, number)
        self.started.append(number)
        return found

    def _change(self, channel: Channel, number: int, **update: object) -> Subscription:
        changed = self.get(channel, number).model_copy(update=update)
        self._kept[channel.key][number] = changed
        return changed


class NotingQuestions:
    """Questions that are noted and not answered."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def knows(self, message: Message) -> bool:
        return message.under is not None

    def ask(self, message: Message, scene: Scene) -> Answer | None:
        self.asked.append(message.text)
        return None


class NotingFeedback:
    """Feedback that is noted."""

    def __init__(self) -> None:
        self.kept: list[FeedbackPress] = []

    def put(self, feedback: FeedbackPress, scene: Scene) -> None:
        self.kept.append(feedback)
