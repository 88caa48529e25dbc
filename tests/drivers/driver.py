"""A driver plays people in a platform's fake against the whole bot, and tells what they see there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from redis import Redis

from tests.fakes.slack_http import Trouble
from tests.processes import first_with, wait_until

Closed = Literal["absent", "silenced"]
"""Why the bot cannot write in a room: it is no member, it may not speak there."""
Sending = Literal["post", "reply", "edit"]

SUBJECT = "drop the old login"
"""Of the commit that every digest of a test has."""

ME, OTHER, ALONE, GUEST = "me", "other", "alone", "guest"
"""People: three of the platform's own, of whom one writes to the bot alone; and one who is of no right there."""


@dataclass(frozen=True)
class Posted:
    """A message of the bot's as it stood when it was looked at. `message` is the fake's own."""

    text: str
    is_edited: bool
    is_mentioning: bool
    menu: tuple[str, ...]
    message: Any


class Driver(Protocol):
    """One platform's people. A room is a group or channel; everybody reads English."""

    name: str
    redis: Redis
    url: str
    log: Path
    closed: Mapping[Closed, str]
    """What somebody is told of a room where the bot cannot write."""

    def room(self, closed: Closed | None = None, is_shared: bool = False) -> str:
        """A room that no other test has."""
        ...

    def write(self, text: str, room: str, person: str = ME, times: int = 1) -> None:
        """Somebody gives the bot a command there; `times`: so often the platform tells it."""
        ...

    def write_directly(self, text: str, person: str = ME) -> str:
        """Somebody writes to the bot alone; the room of that talk."""
        ...

    def ask(self, text: str, posted: Posted, person: str = ME) -> None:
        """Somebody mentions the bot in the thread of a message, with these words."""
        ...

    def press(self, posted: Posted, control: str, value: str | None = None, person: str = ME) -> None:
        """Somebody presses the first control of that name, or chooses `value` of a menu."""
        ...

    def vote(self, posted: Posted, vote: Literal["up", "down"]) -> None:
        """Somebody says whether an analysis helped."""
        ...

    def posted(self, room: str) -> Sequence[Posted]:
        """What the bot has posted in a room itself, for all to see, oldest first."""
        ...

    def thread(self, posted: Posted) -> Sequence[Posted]:
        """What stands in the thread of a message."""
        ...

    def told(self, room: str, person: str = ME) -> Sequence[Posted]:
        """What the bot has said of a room to one person alone, wherever that person reads it, and answered at once."""
        ...

    def trouble(self, trouble: Trouble, on: Sending, room: str | None = None) -> None:
        """Lets it befall the next call of that kind."""
        ...

    def throttle(self, on: Sending, room: str) -> None:
        """The next call of that kind is one too many: it is to wait a second."""
        ...

    def enforce(self) -> AbstractContextManager[None]:
        """The platform's own rates hold."""
        ...

    def without_permission(self) -> AbstractContextManager[str]:
        """The app may not post; the name of what it lacks."""
        ...

    def revoked(self) -> AbstractContextManager[None]:
        """The app is not let in."""
        ...

    def drop(self) -> None:
        """The connection that events come over breaks; returns once there is another."""
        ...


def read(driver: Driver, room: str, person: str = ME) -> str:
    """All that a person can read of the bot in a room, threads left out."""
    return "\n".join(one.text for one in (*driver.posted(room), *driver.told(room, person)))


def wait_for(driver: Driver, room: str, *words: str, person: str = ME, seconds: float = 20) -> None:
    """Until the person can read all these words."""
    wait_until(lambda: all(word in read(driver, room, person) for word in words), seconds)


def digest_of(driver: Driver, room: str, text: str, seconds: float = 30) -> Posted:
    """The message of a room that has a text, once it is there."""
    return first_with(text, lambda: driver.posted(room), lambda one: one.text, seconds)


def replies_to(driver: Driver, posted: Posted, count: int = 1, seconds: float = 30) -> Sequence[Posted]:
    """What stands in a thread, once it is so much."""
    wait_until(lambda: len(driver.thread(posted)) >= count, seconds)
    return driver.thread(posted)


def ordered(driver: Driver, source: str, room: str) -> Posted:
    """The digest of a command in a room."""
    driver.write(f"{source} lang=en", room)
    return digest_of(driver, room, SUBJECT)


def menu_of(driver: Driver, digest: Posted) -> Posted:
    """The message of a digest that has its menu of all commits: its first, or one in its thread."""

    def found() -> Posted | None:
        return next((one for one in (digest, *driver.thread(digest)) if one.menu), None)

    return wait_until(found, 30)


def count(driver: Driver, room: str, text: str) -> int:
    """How many messages of a room have a text."""
    return sum(text in one.text for one in driver.posted(room))
